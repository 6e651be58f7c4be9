"""One contract test: a consumer, a schema, and an example of either side."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from accord.codecs import InvalidData, InvalidEvent, ModelDoesNotFit
from accord.contracts.known import KnownReader
from accord.contracts.model import Project, SchemaFile
from accord.contracts.narrowing import parsed_with
from accord.contracts.rules import ContractRule
from accord.contracts.testing import rules
from accord.contracts.testing.fields import fields_needed, is_written, same_field
from accord.contracts.testing.sides import Consumer, Example, Provider, consumers_of, providers_in
from accord.contracts.testing.writing import Spelled, completed, respelled, values_at, written_in_part
from accord.findings import Affected, Finding, Location, Severity, Side
from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    InvalidSchema,
    ParsedSchema,
    Subject,
    Version,
    check_compatibility,
)
from accord.schemas.fields import fields_of

Json = Any

_CANNOT: Final = (InvalidData, InvalidEvent, InvalidSchema, ModelDoesNotFit)


@dataclass(frozen=True)
class Pair:
    """A provider and one of its consumers."""

    provider: Provider
    consumer: Consumer

    @property
    def schema(self) -> ParsedSchema:
        """What is written."""
        return self.provider.file.parsed

    @cached_property
    def reader(self) -> ParsedSchema:
        """What the consumer reads with: its own schema or the registered one, without the fields that it does not need."""
        names = self.consumer.reader.fields
        if names is None or self.consumer.reader.schema is not None:
            return self.base
        return parsed_with(self.base, names)

    @property
    def base(self) -> ParsedSchema:
        """The schema that the consumer's is made of: its own, or else the registered one, or else the provider's."""
        return self.schema if self.consumer.schema is None else self.consumer.schema

    @cached_property
    def reading(self) -> Spelled:
        """Records of the provider as the consumer reads them. Raises InvalidData."""
        return Spelled(self.schema, self.reader)

    def finding(
        self, rule: ContractRule, facts: Mapping[str, object], *, at: Location | None = None, name: str = ""
    ) -> Finding:
        """The rule, broken between the two; ``name`` is the field that it is about."""
        told = {"consumer": self.consumer, "provider": self.provider, "field": name, **facts}
        found = rule.finding(
            at or self.place(name),
            told,
            path=name,
            subject=self.provider.subject,
            contract=self.provider.contract,
        )
        return replace(
            found,
            reader=Side(str(self.consumer), ""),
            writer=Side(str(self.provider), ""),
            # What is shown is the line of one side: in the consumer's own file that is the one that reads.
            candidate_reads=found.at is not None and found.at == self.consumer.at,
            affected=(Affected(self.consumer.service, (name,) if name else ()),),
        )

    def place(self, name: str) -> Location | None:
        """Where a field is in the provider's schema, or of one that is no file here where the consumer says what it needs."""
        there = fields_of(self.schema).get(name)
        return self.locate(there.place if there is not None else "")

    def locate(self, place: str) -> Location | None:
        """The same for a place in the schema, as findings name them."""
        return self.consumer.at if self.provider.is_registered else self.provider.file.locate(place)


@dataclass(frozen=True)
class Case:
    """What is tried: an ``example`` of the provider or of the consumer, or without one the schema as a whole.

    Without a consumer it is whether the provider's example is a record of its own schema.
    """

    provider: Provider
    pair: Pair | None = None
    example: Example | None = None
    is_of_consumer: bool = field(default=False)

    @property
    def id(self) -> str:
        """What to call it, as in ``billing-orders.created-example 1``."""
        who = self.pair.consumer.service if self.pair is not None else "producer"
        what = "schema" if self.example is None else str(self.example)
        whose = "its " if self.is_of_consumer else ""
        return f"{who}-{self.provider.contract or self.provider.subject}-{whose}{what}"

    def run(self) -> tuple[Finding, ...]:
        """What is wrong; nothing if it holds."""
        if self.pair is None:
            return tuple(self._own())
        if self.example is None:
            return tuple(_schema(self.pair))
        if self.is_of_consumer:
            return tuple(_consumers(self.pair, self.example))
        return tuple(_providers(self.pair, self.example))

    def _own(self) -> Iterator[Finding]:
        assert self.example is not None  # noqa: S101 -- a case without a consumer has one
        provider, rule = self.provider, rules.EXAMPLE_DOES_NOT_FIT
        try:
            completed(provider.file.parsed, self.example.value)
        except _CANNOT as error:
            facts = {"example": self.example, "provider": provider, "told": error.message}
            yield rule.finding(
                provider.file.locate(""), facts, subject=provider.subject, contract=provider.contract
            )


def cases_of(
    project: Project, readers: Iterable[KnownReader], *, latest: Mapping[Subject, SchemaFile] | None = None
) -> tuple[Case, ...]:
    """Every contract test of the project: of what it writes, and of what its claims read.

    ``latest`` are the newest versions that are registered. Consumers whose own schema nobody knows read with these, and
    what the project reads and has no file of is written with them.
    """
    readers, latest = tuple(readers), latest or {}
    providers = {provider.subject: provider for provider in providers_in(project)}
    for claim in project.claims:
        if claim.subject in latest and claim.subject not in project.schemas:
            registered = Provider(latest[claim.subject], claim.contract, is_registered=True)
            providers.setdefault(claim.subject, registered)
    return tuple(
        case
        for subject, provider in providers.items()
        for case in _of(provider, project, readers, latest[subject].parsed if subject in latest else None)
    )


def _of(
    provider: Provider, project: Project, readers: Iterable[KnownReader], latest: ParsedSchema | None
) -> Iterator[Case]:
    for example in provider.examples:
        yield Case(provider, None, example)
    claiming = {claim.reader.service for claim in project.claims}
    for consumer in consumers_of(provider.subject, project, readers, latest):
        if provider.is_registered and consumer.service not in claiming:
            continue
        pair = Pair(provider, consumer)
        yield Case(provider, pair)
        for example in provider.examples:
            yield Case(provider, pair, example)
        for example in consumer.examples:
            yield Case(provider, pair, example, is_of_consumer=True)


def _schema(pair: Pair) -> Iterator[Finding]:
    for name in fields_needed(pair.consumer, pair.reader):
        if not is_written(name, pair.reader, pair.schema):
            yield pair.finding(rules.FIELD_MISSING, {}, at=pair.consumer.at, name=name)
    if pair.consumer.schema is None:
        return
    # What comes of the narrowing alone is there between the registered schema and its own narrow form as well.
    of_narrowing = {_told_of(one) for one in _objections(pair.reader, pair.base, str(pair.consumer))}
    for objection in _objections(pair.reader, pair.schema, str(pair.consumer)):
        if _told_of(objection) not in of_narrowing:
            found = pair.finding(rules.READER_CANNOT_READ, {"told": objection.message})
            yield replace(
                found,
                at=pair.locate(objection.writer.path),
                reader=replace(objection.reader, name=str(pair.consumer)),
                writer=replace(objection.writer, name=str(pair.provider)),
                why=objection.why,
                detail=objection.detail,
            )


def _objections(reader: ParsedSchema, writer: ParsedSchema, name: str) -> Iterator[Finding]:
    """Why ``reader``, which is called ``name``, cannot take what ``writer`` writes."""
    if reader is writer:
        return
    known = Earlier(Version(1), reader, name)
    report = check_compatibility(writer, [known], level=CompatibilityLevel.FORWARD)
    yield from (one for one in report.objections if one.severity is Severity.ERROR)


def _told_of(objection: Finding) -> tuple[str, str]:
    return objection.rule, objection.reader.path


def _providers(pair: Pair, example: Example) -> Iterator[Finding]:
    try:
        written = completed(pair.schema, example.value)
        record = Spelled(pair.schema).write(written)
    except _CANNOT:
        # The provider's own case tells it, once.
        return
    try:
        read = pair.reading.read(record)
    except _CANNOT as error:
        yield pair.finding(rules.EXAMPLE_NOT_READ, {"example": example, "told": error.message})
        return
    yield from _changed(pair, example, pair.reader, written, read)


def _consumers(pair: Pair, example: Example) -> Iterator[Finding]:
    try:
        narrow, record = written_in_part(pair.schema, example.value)
    except _CANNOT as error:
        yield pair.finding(
            rules.EXAMPLE_NOT_WRITTEN, {"example": example, "told": error.message}, at=pair.consumer.at
        )
        return
    reader = pair.reader if narrow is pair.schema else parsed_with(pair.reader, tuple(example.value))
    try:
        read = Spelled(narrow, reader).read(record)
    except _CANNOT as error:
        yield pair.finding(
            rules.EXAMPLE_NOT_READ,
            {"example": f"its own {example}", "told": error.message},
            at=pair.consumer.at,
        )
        return
    written = respelled(dict(example.value), Spelled(narrow).read(record))
    yield from _changed(pair, example, reader, written, read)


def _changed(
    pair: Pair, example: Example, reader: ParsedSchema, written: Json, read: Json
) -> Iterator[Finding]:
    """Where a needed field arrives as something else. What is told of is the outermost that differs."""
    for name in fields_needed(pair.consumer, reader):
        there = same_field(name, reader, pair.schema)
        before = values_at(written, name if there is None else there.name)
        after = values_at(read, name)
        if before and before != after:
            facts = {"example": example, "read": _told(after), "written": _told(before)}
            yield pair.finding(rules.VALUE_CHANGED, facts, name=name)


def _told(values: list[Any]) -> str:
    if not values:
        return "nothing"
    return ", ".join(repr(value) for value in values[:3]) + (", …" if len(values) > 3 else "")  # noqa: PLR2004 -- enough to see
