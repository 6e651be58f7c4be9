"""The two sides of a contract test, each with the examples that it states."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from accord.contracts.known import KnownReader
from accord.contracts.model import DeclaredReader, Event, Project, SchemaFile
from accord.findings import Location
from accord.schemas import InvalidSchema, ParsedSchema, Schema, Subject, parse


@dataclass(frozen=True, slots=True)
class Example:
    """A value as JSON that one side states; ``number`` counts from 1 among its others."""

    number: int
    value: Mapping[str, object]

    def __str__(self) -> str:
        return f"example {self.number}"


@dataclass(frozen=True, slots=True)
class Provider:
    """A subject as somebody writes it: the project, or else whoever registered it, with a version's words for a file.

    ``contract`` is the id of its contract, "" in a bare folder.
    """

    file: SchemaFile
    contract: str = ""
    examples: tuple[Example, ...] = ()
    is_registered: bool = False

    @property
    def subject(self) -> Subject:
        """Where it is registered."""
        return self.file.subject

    def __str__(self) -> str:
        return self.file.source.path


@dataclass(frozen=True, slots=True)
class Consumer:
    """A service that reads a subject. ``schema`` is the one that it reads with, None where nobody knows.

    ``at`` is where it states its examples.
    """

    reader: KnownReader
    schema: ParsedSchema | None = field(default=None, repr=False)
    examples: tuple[Example, ...] = ()
    at: Location | None = None

    @property
    def service(self) -> str:
        """Its name."""
        return self.reader.service

    def __str__(self) -> str:
        return f"{self.service} {self.reader.version}".rstrip()


def providers_in(project: Project) -> Iterator[Provider]:
    """Every subject whose records the project describes: of contracts, and of bare schema files."""
    of_contracts: dict[Subject, tuple[str, Event]] = {}
    for contract in project.contracts:
        of_contracts |= {event.schema.subject: (contract.id, event) for event in contract.events}
    keys = {contract.key.schema.subject for contract in project.contracts if contract.key.schema is not None}
    for subject, file in project.schemas.items():
        if subject in of_contracts:
            contract_id, event = of_contracts[subject]
            yield Provider(event.schema, contract_id, _numbered(event.examples))
        elif subject not in keys:
            yield Provider(file)


def consumers_of(
    subject: Subject, project: Project, readers: Iterable[KnownReader], latest: ParsedSchema | None
) -> Iterator[Consumer]:
    """Who reads the subject, with the examples that it states here or has published.

    One whose own schema nobody knows reads with ``latest``, the newest version that is registered.
    """
    stated: dict[str, tuple[DeclaredReader, ...]] = {}
    for declared in _declared(project, subject):
        stated[declared.service] = (*stated.get(declared.service, ()), declared)
    for reader in readers:
        if reader.subject == subject:
            told = stated.get(reader.service, ())
            examples = [*reader.examples, *(example for one in told for example in one.examples)]
            at = next((one.at for one in told if one.at is not None), None)
            yield Consumer(reader, _own(reader) or latest, _numbered(_different(examples)), at)


def _declared(project: Project, subject: Subject) -> Iterator[DeclaredReader]:
    for claim in project.claims:
        if claim.subject == subject:
            yield claim.reader
    for contract in project.contracts:
        if any(event.schema.subject == subject for event in contract.events):
            yield from contract.readers


def _own(reader: KnownReader) -> ParsedSchema | None:
    schema: Schema | None = reader.schema
    if schema is None:
        return None
    try:
        return parse(schema, referenced=reader.referenced, strict=False)
    except InvalidSchema:
        return None


def _different(examples: Iterable[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The examples, one that stands in a claim and in the contract only once."""
    found: list[Mapping[str, object]] = []
    for example in examples:
        if example not in found:
            found.append(example)
    return found


def _numbered(examples: Iterable[Mapping[str, object]]) -> tuple[Example, ...]:
    return tuple(Example(number, example) for number, example in enumerate(examples, 1))
