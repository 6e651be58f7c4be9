"""Contract tests in a run of pytest: what consumers need, tried on what producers say they write.

def test_every_consumer_gets_what_it_needs(accord_contract_case):       # one test for each consumer, contract and example
    accord_contract_case.check()

harness.given(ORDERS, *examples_of(ORDERS, service="billing"))          # and the real handler on the same examples
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from accord.codecs import InvalidData, InvalidEvent, codec_for
from accord.contracts import project_file
from accord.contracts.model import ProjectSettings
from accord.contracts.readers import known_readers
from accord.contracts.testing import Case, cases_of
from accord.contracts.testing.writing import written_in_part
from accord.contracts.tree import Folder
from accord.errors import AccordError, ConfigurationError
from accord.findings import Finding, Severity, to_text
from accord.streams.contract import Contract
from accord.streams.typevars import E

if TYPE_CHECKING:
    from accord.contracts.model import Project


class ContractBroken(AssertionError):
    """A consumer does not get what it needs; the findings are told in full."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("\n\n".join(to_text(finding, at=finding.at) for finding in findings))
        self.findings = tuple(findings)


class ContractCase(Protocol):
    """What the fixture ``accord_contract_case`` gives: one consumer, one contract, one example or the schema."""

    @property
    def id(self) -> str:
        """What it is called in the report."""

    def check(self) -> None:
        """Raise ContractBroken if it does not hold."""


@dataclass(frozen=True, slots=True)
class _Tried:
    case: Case

    @property
    def id(self) -> str:
        return self.case.id

    def check(self) -> None:
        _raise(self.case.run())


@dataclass(frozen=True, slots=True)
class _Files:
    """What is wrong with the files themselves."""

    findings: tuple[Finding, ...]
    id: str = "the project's files"

    def check(self) -> None:
        _raise(self.findings)


def contract_cases(project: Path | str = ".") -> Sequence[ContractCase]:
    """Every contract test of the project in this folder, offline; one more if something is wrong with its files.

    What its ``accord.toml`` says counts. Raises ConfigurationError where that cannot be used, and without what reads contract
    files: the extra ``cli``.
    """
    loaded = _loaded(project)
    wrong = tuple(one for one in loaded.findings if one.severity is Severity.ERROR)
    cases: list[ContractCase] = [_Tried(case) for case in cases_of(loaded, known_readers(loaded, None))]
    return [_Files(wrong), *cases] if wrong else cases


def examples_of(contract: Contract[E], *, service: str | None = None, project: Path | str = ".") -> list[E]:
    """The examples that the project in this folder states for the contract's subject, as events of its class.

    These are those of its consumers (of one ``service``, if that is said) and then the producer's. What an example leaves
    out is the default of the contract's schema. Raises ConfigurationError where there is none, or where one is no event.
    """
    loaded = _loaded(project)
    stated = list(_stated(loaded, contract.subject, service))
    if not stated:
        raise ConfigurationError(
            f"{Path(project).resolve()} states no example for {contract.subject}",
            hint="state `examples` in consumers/*.yaml or in the contract, or name another folder with project=",
        )
    return [_event(contract, whose, example) for whose, example in stated]


def _loaded(project: Path | str) -> "Project":
    try:
        from accord.contracts.loading import load  # noqa: PLC0415 -- an extra
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"contract files need the Python package that provides '{error.name}', which is not installed",
            hint="pip install 'accord-kafka[cli]'",
        ) from error
    folder = Path(project)
    said = folder / "accord.toml"
    settings = ProjectSettings(**project_file.read(said).project) if said.is_file() else ProjectSettings()
    return load(Folder(folder), settings=settings)


def _stated(project: "Project", subject: str, service: str | None) -> Iterator[tuple[str, Mapping[str, Any]]]:
    claimed = [claim.reader for claim in project.claims if claim.subject == subject]
    told: list[tuple[str, Mapping[str, Any]]] = []
    for contract in project.contracts:
        for event in contract.events:
            if event.schema.subject == subject:
                claimed += contract.readers
                told += [(contract.id, example) for example in event.examples]
    for reader in claimed:
        if service in {None, reader.service}:
            yield from ((reader.service, example) for example in reader.examples)
    yield from told


def _event(contract: Contract[E], whose: str, example: Mapping[str, Any]) -> E:
    try:
        narrow, record = written_in_part(contract.parsed, example)
        # Only the reader gives what an example leaves out.
        codec = codec_for(narrow, reader=contract.parsed, model=contract.model)
        return codec.decode_indexed(record)
    except (InvalidEvent, InvalidData) as error:
        raise _no_event(contract, whose, example, error) from error


def _no_event(
    contract: Contract[Any], whose: str, example: Mapping[str, Any], error: AccordError
) -> ConfigurationError:
    return ConfigurationError(
        f"the example {dict(example)!r} of {whose} is no event of {contract.subject}: {error.message}",
        hint="correct it; it states at least the fields that have no default",
    )


def _raise(findings: Sequence[Finding]) -> None:
    if findings:
        raise ContractBroken(findings)
