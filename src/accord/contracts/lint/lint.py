"""Every finding about the files of a project on their own, with fixes that were tried."""

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Final, cast

from accord.contracts.lint import contracts
from accord.contracts.lint.classification import classified_fields
from accord.contracts.lint.contract_rules import READER_WITHOUT_GROUP
from accord.contracts.lint.problem import Problem
from accord.contracts.lint.schema_rules import PERSONAL_UNTAGGED
from accord.contracts.lint.style import Style
from accord.contracts.model import DataContract, Project, SchemaFile
from accord.findings import Finding, Fix, Location
from accord.schemas import CompatibilityLevel, InvalidSchema, ParsedSchema, SchemaType, parse
from accord.schemas.fields import fields_of

if TYPE_CHECKING:
    from accord.schemas.avro.schema import AvroSchema
    from accord.schemas.jsonschema.schema import JsonSchema
    from accord.schemas.protobuf.schema import ProtobufSchema

_MOST_FIXED: Final = 20
"""A schema with more problems than this is not mended one by one."""

_NEAR: Final = 200
"""So many characters from its place the name of something may stand."""

_LARGEST_FIXED: Final = 100_000
"""Trying a fix means to read the whole text again."""


def lint(project: Project, style: Style, *, known_rules: Collection[str]) -> tuple[Finding, ...]:
    """What is questionable in the schemas and contracts of a project, as far as ``style`` wants to know.

    ``known_rules`` are the ids that an allowance may name.
    """
    return tuple(_findings(project, style, known_rules))


def _findings(project: Project, style: Style, known_rules: Collection[str]) -> Iterator[Finding]:
    owners: dict[str, DataContract] = {}
    for contract in project.contracts:
        found = contracts.findings_in(contract, style, project.settings, known_rules)
        yield from (finding for finding in found if style.wants(finding.rule))
        owners.update((event.schema.subject, contract) for event in contract.events)
        if contract.key.schema is not None:
            owners[contract.key.schema.subject] = contract
    for claim in project.claims:
        if style.wants(READER_WITHOUT_GROUP.id) and not claim.reader.groups:
            at = claim.reader.at or claim.source.at(1, 1)
            yield READER_WITHOUT_GROUP.finding(at, {"reader": claim.reader.service}, contract=claim.contract)
    for file in project.schemas.values():
        yield from _SchemaLint(file, owners.get(file.subject), style).findings()


class _SchemaLint:
    """The lint of one schema file."""

    def __init__(self, file: SchemaFile, contract: DataContract | None, style: Style) -> None:
        self._file = file
        self._contract = contract
        self._style = style
        self._left_to_fix = _MOST_FIXED if len(file.source.text) <= _LARGEST_FIXED else 0
        self._found: Counter[tuple[str, str]] = Counter()

    def findings(self) -> Iterator[Finding]:
        """A finding for each problem that is wanted."""
        problems = list(self._problems(self._file.parsed))
        if not problems:
            return
        self._found = Counter(one.key for one in problems)
        names = _names(self._file.parsed)
        classified = frozenset[str]()
        if self._contract is not None and any(one.rule is PERSONAL_UNTAGGED for one in problems):
            classified = classified_fields(self._contract)
        for problem in problems:
            name = names.get(problem.around, "")
            if problem.rule is PERSONAL_UNTAGGED and name in classified:
                continue
            yield problem.rule.finding(
                self._locate(problem),
                problem.facts,
                path=name,
                subject=self._file.subject,
                contract="" if self._contract is None else self._contract.id,
                fixes=tuple(self._fixes(problem)),
            )

    def _problems(self, schema: ParsedSchema) -> Iterator[Problem]:
        return (
            one for one in _problems_of(schema, self._style, self._level) if self._style.wants(one.rule.id)
        )

    @property
    def _level(self) -> CompatibilityLevel:
        if self._contract is None:
            return CompatibilityLevel.BACKWARD
        key = self._contract.key
        is_key = key.schema is not None and key.schema.subject == self._file.subject
        return key.compatibility if is_key else self._contract.compatibility

    def _locate(self, problem: Problem) -> Location:
        line, column = self._file.parsed.position(problem.place)
        excerpt = self._lines[line - 1] if line <= len(self._lines) else ""
        at = Location(self._file.source.path, line, column, excerpt)
        name = str(problem.facts.get("name", ""))
        return _at_name(at, name) or replace(at, width=_width(at))

    @cached_property
    def _lines(self) -> list[str]:
        return self._file.source.text.replace("\r\n", "\n").split("\n")

    def _fixes(self, problem: Problem) -> Iterator[Fix]:
        """The remedies that rid the schema of the problem and bring up no other."""
        for remedy in problem.remedies:
            if self._left_to_fix <= 0:
                return
            self._left_to_fix -= 1
            fix = remedy()
            if fix is not None and self._helps(fix, problem):
                yield fix

    def _helps(self, fix: Fix, problem: Problem) -> bool:
        try:
            schema = replace(self._file.schema, text=fix.schema)
            parsed = parse(schema, referenced=self._file.referenced)
        except InvalidSchema:
            return False
        left = Counter(one.key for one in self._problems(parsed))
        return left <= self._found and left[problem.key] < self._found[problem.key]


def _problems_of(schema: ParsedSchema, style: Style, level: CompatibilityLevel) -> Iterator[Problem]:
    """A format is loaded where a schema of it is met: that of Protobuf takes longer than to look at 500 schemas."""
    if schema.type is SchemaType.AVRO:
        from accord.contracts.lint.avro import problems_in as in_avro  # noqa: PLC0415 -- see above

        return in_avro(cast("AvroSchema", schema), style)
    if schema.type is SchemaType.JSON:
        from accord.contracts.lint.jsonschema import problems_in as in_json  # noqa: PLC0415 -- see above

        return in_json(cast("JsonSchema", schema), style, level)
    from accord.contracts.lint.protobuf import problems_in as in_protobuf  # noqa: PLC0415 -- see above

    return in_protobuf(cast("ProtobufSchema", schema), style)


def _names(schema: ParsedSchema) -> dict[str, str]:
    """The dotted names of fields by their places; of several the first."""
    names: dict[str, str] = {}
    for name, field in fields_of(schema).items():
        names.setdefault(field.place, name)
    names.pop("", None)
    return names


def _at_name(at: Location, name: str) -> Location | None:
    """The place of a name on the line, where it is there: the nearest, as a key stands before what it is of."""
    if not name:
        return None
    pattern = rf'"{re.escape(name)}"|(?<!\w){re.escape(name)}(?!\w)'
    # A schema may stand in one line that is very long.
    matches = re.compile(pattern).finditer(at.excerpt, max(0, at.column - _NEAR), at.column + _NEAR)
    found = (match.span() for match in matches)
    start, end = min(found, key=lambda span: abs(span[0] + 1 - at.column), default=(-1, -1))
    return None if start < 0 else replace(at, column=start + 1, width=end - start)


def _width(at: Location) -> int:
    """How much of the line is meant: the string that begins there, or a word."""
    rest = at.excerpt[at.column - 1 :]
    if rest.startswith('"'):
        return max(rest.find('"', 1) + 1, 1)
    end = next((index for index, one in enumerate(rest) if not (one.isalnum() or one in "_.")), len(rest))
    return max(end, 1)
