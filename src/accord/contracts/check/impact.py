"""Whether a known reader runs into a change: with the schema that it has, and once it is upgraded.

What a reader takes is told by its own schema, where that is known; else by the newest earlier version, narrowed to the
fields that it reads; of a reader whose fields nobody knows, all fields count. This is compared as a schema with what the
candidate writes, so that the answer is about decoding and not about names that look alike.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from accord.contracts.check.meant import fields_meant
from accord.contracts.known import KnownReader
from accord.contracts.loading.fields import has_field
from accord.contracts.narrowing import narrowed
from accord.findings import Finding, Severity
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityPolicy,
    CompatibilityReport,
    Earlier,
    InvalidSchema,
    ParsedSchema,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)
from accord.schemas.fields import fields_of

_NOT_ABOUT_READING: Final = frozenset(
    {
        "AVRO_NAMESPACE_CHANGED",
        "PROTOBUF_JSON_NAME_CHANGED",
        "PROTOBUF_MESSAGE_INDEX_MOVED",
        "PROTOBUF_RESERVATION_BROKEN",
    }
)
"""What is questionable between two schemas although whoever reads gets the value that was written."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that a reader runs into: the rule, the fields that are meant, and what happens.

    ``place`` is where it is in what is written, as findings name places.
    """

    rule: str
    fields: tuple[str, ...]
    how: str
    place: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change means for one reader.

    ``missing`` are fields that it reads and that are there no more. ``as_it_is`` is why it cannot read what the candidate
    writes, ``upgraded`` why, with the candidate narrowed to its fields, it cannot read what was written before.
    """

    reader: KnownReader
    missing: tuple[str, ...] = ()
    as_it_is: tuple[Hit, ...] = ()
    upgraded: tuple[Hit, ...] = ()

    @property
    def reads_new(self) -> bool:
        """Whether it reads, as it is, everything that the candidate writes."""
        return not self.as_it_is

    @property
    def reads_old(self) -> bool:
        """Whether it reads, upgraded, everything that was written before."""
        return not self.upgraded

    @property
    def is_hit(self) -> bool:
        """Whether it runs into anything."""
        return bool(self.missing or self.as_it_is or self.upgraded)


def impact(
    candidate: ParsedSchema,
    earlier: Sequence[Earlier],
    reader: KnownReader,
    *,
    policy: CompatibilityPolicy = CompatibilityPolicy.STRICT,
) -> Impact:
    """What it means for ``reader`` that ``candidate`` follows ``earlier`` (oldest first)."""
    own = own_schema(reader)
    missing = missing_fields(reader, candidate)
    if own is None and not earlier:
        return Impact(reader, missing)
    base = own if own is not None else earlier[-1].schema
    as_it_is = base if own is not None else reading_as(base, reader)
    upgraded = reading_as(candidate, reader)
    return Impact(
        reader,
        missing,
        _without(
            _reading(reader, as_it_is, candidate, policy), lambda: _reading(reader, as_it_is, base, policy)
        ),
        _without(_upgraded(upgraded, earlier, policy), lambda: _reading(reader, upgraded, candidate, policy)),
    )


def own_schema(reader: KnownReader) -> ParsedSchema | None:
    """The schema that the reader itself reads with; None where it is not known, or is none here."""
    if reader.schema is None:
        return None
    try:
        return _read(reader.schema, reader.referenced)
    except InvalidSchema:
        return None


def reading_as(schema: ParsedSchema, reader: KnownReader) -> ParsedSchema:
    """``schema`` as ``reader`` needs it: narrowed to its fields where they are known, and where that leaves a schema."""
    if reader.fields is None:
        return schema
    try:
        narrow = narrowed(schema, reader.fields, referenced=schema.referenced).schema
        return _read(narrow, {} if schema.type is SchemaType.AVRO else schema.referenced)
    except InvalidSchema:
        return schema


def missing_fields(reader: KnownReader, candidate: ParsedSchema) -> tuple[str, ...]:
    """The fields that the reader names and ``candidate`` does not have."""
    return tuple(name for name in reader.fields or () if not is_there(name, candidate))


def is_there(name: str, schema: ParsedSchema) -> bool:
    """Whether the schema has the field of that dotted name, also in another JSON Schema that it refers to."""
    if name in fields_of(schema):
        return True
    return schema.type is SchemaType.JSON and has_field(schema, schema.referenced, name)


def _read(schema: Schema, referenced: Mapping[str, Schema]) -> ParsedSchema:
    return parse(schema, referenced=referenced, strict=False)


def _reading(
    reader: KnownReader, reading: ParsedSchema, candidate: ParsedSchema, policy: CompatibilityPolicy
) -> tuple[Hit, ...]:
    """Why the reader, with the schema ``reading``, cannot take what ``candidate`` writes."""
    if reading is candidate:
        return ()
    known = (Earlier(Version(1), reading, reader.service),)
    return _hits(check_compatibility(candidate, known, level=CompatibilityLevel.FORWARD, policy=policy))


def _upgraded(
    reading: ParsedSchema, earlier: Sequence[Earlier], policy: CompatibilityPolicy
) -> tuple[Hit, ...]:
    """Why a reader with the schema ``reading`` cannot take what was written before."""
    level = CompatibilityLevel.BACKWARD_TRANSITIVE
    return _hits(check_compatibility(reading, tuple(earlier), level=level, policy=policy))


def _hits(report: CompatibilityReport) -> tuple[Hit, ...]:
    """Each thing once."""
    found = filter(_hurts_readers, report.findings_between)
    return tuple(dict.fromkeys(_hit(finding, report) for finding in found))


def _hit(finding: Finding, report: CompatibilityReport) -> Hit:
    earlier = next(one.schema for one in report.earlier if one.version == finding.version)
    pair = (report.candidate, earlier) if finding.candidate_reads else (earlier, report.candidate)
    return Hit(finding.rule, fields_meant(finding, *pair), finding.message, finding.writer.path)


def _hurts_readers(finding: Finding) -> bool:
    """Whether a reader stops there, or takes what was written for something else; both schemas have to do with it."""
    if not finding.there.name or finding.rule in _NOT_ABOUT_READING:
        return False
    return finding.severity is not Severity.INFO


def _without(hits: tuple[Hit, ...], artefacts: Callable[[], Sequence[Hit]]) -> tuple[Hit, ...]:
    """``hits`` but for those that come of the narrowing alone: they are there between a schema and its own narrow form."""
    if not hits:
        return hits
    known = {(hit.rule, hit.fields, hit.place) for hit in artefacts()}
    return tuple(hit for hit in hits if (hit.rule, hit.fields, hit.place) not in known)
