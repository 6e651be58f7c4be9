"""A test file for one service: it decodes every registered version of what the service reads, and every stated example.

What it needs is kept beside it, so that it runs without a registry.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from accord.client import NotFound, Registry
from accord.contracts.generate import rules
from accord.contracts.generate.files import Made, MadeFile, in_one_line
from accord.contracts.generate.python.dialects import docstring
from accord.contracts.generate.reading import KeptSchema, Reading, Writer, samples_of
from accord.contracts.known import KnownReader
from accord.contracts.model import Project
from accord.contracts.readers import known_readers
from accord.errors import ConfigurationError
from accord.findings import Finding
from accord.schemas import InvalidSchema, Schema, Subject, fingerprint, guid_of

LOOKED_AT: Final = ("test_*_reads.py", "*_reads/*.json")


def command_for(service: str) -> str:
    """The command that makes the tests of a service."""
    return f"generate tests --service {service}"


@dataclass(frozen=True, slots=True)
class Models:
    """The classes that the service reads into, as ``module:Class`` by subject."""

    by_subject: Mapping[Subject, str] = field(default_factory=dict)

    def imports(self) -> Iterator[str]:
        """The lines that import them."""
        for subject, path in sorted(self.by_subject.items()):
            module, _, name = path.partition(":")
            if not name.isidentifier() or not all(part.isidentifier() for part in module.split(".")):
                raise ConfigurationError(
                    f"'{path}' names no class of a module ({subject})",
                    hint="write --model SUBJECT=package.module:Class",
                )
            yield f"from {module} import {name}"

    def entries(self) -> Iterator[str]:
        """The members of the dict that has them."""
        for subject, path in sorted(self.by_subject.items()):
            yield f"    {json.dumps(subject)}: {path.partition(':')[2]},"


def consumer_tests(
    project: Project, service: str, *, registry: Registry | None, models: Models | None = None
) -> Made:
    """The test file of ``service`` and what it needs. Without a registry, only the project's own files are tried.

    Raises ConfigurationError if nobody knows what the service reads, and RegistryError.
    """
    readers = [one for one in known_readers(project, registry) if one.service == service]
    if not readers:
        raise ConfigurationError(
            f"nothing is known of what '{service}' reads",
            hint=f"say it in consumers/{service}.yaml, or under `consumers` in the contract's kafka block",
        )
    findings: list[Finding] = []
    found = [reading for one in readers if (reading := _reading(one, project, registry, findings))]
    found.sort(key=lambda reading: reading.subject)
    mark = f"Made by `accord {in_one_line(command_for(service))}`"
    stem = "".join(one if one.isalnum() and one.isascii() else "_" for one in service)
    kept = [
        MadeFile(f"{stem}_reads/{_file_name(reading.subject)}.json", _kept(reading, mark))
        for reading in found
    ]
    test = MadeFile(f"test_{stem}_reads.py", _test(found, mark, service, stem, models or Models()))
    notes = () if registry else ("no registry is named: only the files of the project are tried",)
    return Made((test, *kept), tuple(findings), notes)


def _reading(
    known: KnownReader, project: Project, registry: Registry | None, findings: list[Finding]
) -> Reading | None:
    writers = list(_registered(known.subject, registry))
    file = project.schemas.get(known.subject)
    if file is not None:
        schema = KeptSchema(file.schema, file.referenced)
        # The newest: examples are of what the project would write.
        writers.append(Writer(f"as in {file.source.path}", schema, samples_of(file.parsed)))
    if not writers:
        findings.append(
            rules.NOTHING_WRITTEN.finding(None, {"service": known.service}, subject=known.subject)
        )
        return None
    own = known.schema
    reader = KeptSchema(own, known.referenced) if own is not None else writers[-1].schema
    stated, needed = _examples(project, known)
    return Reading(
        known.service, known.subject, known.fields, reader, own is not None or known.fields is None,
        tuple(writers), tuple(stated), tuple(needed),
    )  # fmt: skip


def _registered(subject: Subject, registry: Registry | None) -> Iterator[Writer]:
    """Every version that is registered, the oldest first; what cannot be parsed any more is told by its test."""
    if registry is None:
        return
    try:
        numbers = registry.versions(subject)
    except NotFound:
        return
    for number in numbers:
        schema = registry.version(subject, number).schema
        referenced = registry.referenced_by(schema, subject=subject) if schema.references else {}
        kept = KeptSchema(Schema(schema.text, schema.type), referenced)
        try:
            samples = samples_of(kept.parsed())
        except InvalidSchema:
            samples = ()
        yield Writer(f"version {number}", kept, samples)


def _examples(project: Project, known: KnownReader) -> tuple[Sequence[object], Sequence[object]]:
    stated: list[object] = []
    needed: list[object] = []
    for contract in project.contracts:
        for event in contract.events:
            if event.schema.subject == known.subject:
                stated += [dict(example) for example in event.examples]
                told = (reader for reader in contract.readers if reader.service == known.service)
                needed += [dict(example) for reader in told for example in reader.examples]
    for claim in project.claims:
        if claim.subject == known.subject and claim.reader.service == known.service:
            needed += [dict(example) for example in claim.reader.examples if dict(example) not in needed]
    return stated, needed


def _kept(reading: Reading, mark: str) -> str:
    told = {
        "x-accord-made": f"{mark}: run it again instead of changing this.",
        "x-accord-fingerprint": _guid([reading]),
    }
    return json.dumps({**told, **reading.to_json()}, indent=2, ensure_ascii=False) + "\n"


def _guid(found: Iterable[Reading]) -> str:
    return guid_of(fingerprint(Schema(json.dumps([reading.to_json() for reading in found]))))


def _test(found: Sequence[Reading], mark: str, service: str, stem: str, models: Models) -> str:
    names = [
        f"    {json.dumps(case.name, ensure_ascii=False)}," for reading in found for case in reading.cases()
    ]
    has_models = bool(models.by_subject)
    own = [f"\n{line}" if number == 0 else line for number, line in enumerate(models.imports())]
    lines = [
        f"# {mark}: run it again instead of changing this.",
        f"# Fingerprint: {_guid(found)}",
        "# fmt: off",
        *docstring(
            f"Whether {service} can read every version of what it reads, and every example that is stated."
        ),
        "",
        "from pathlib import Path",
        "",
        "import pytest",
        "from accord.contracts.generate.reading import readings",
        *own,
        "",
        f'READINGS = readings(Path(__file__).with_name("{stem}_reads"))',
        *(["MODELS: dict[str, type] = {", *models.entries(), "}"] if has_models else []),
        "",
        "",
        '@pytest.mark.parametrize("name", [',
        *names,
        "])",
        f"def test_{stem}_reads(name: str) -> None:",
        f"    {'case = ' if has_models else ''}READINGS.case(name){'' if has_models else '.check()'}",
        *(["    case.check(MODELS.get(case.reading.subject))"] if has_models else []),
    ]
    return "\n".join(lines) + "\n"


def _file_name(subject: Subject) -> str:
    return "".join(one if one.isalnum() or one in "._-" else "_" for one in subject)
