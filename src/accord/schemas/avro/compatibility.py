"""Whether one Avro schema reads what another wrote: the walk over the pair, written once.

Paths and their peculiarities are those of the checker that Confluent's registry runs: a result is remembered with the
path where the pair of types was first met, and the branches of a union are tried from a fresh root.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from accord.schemas.avro import rules
from accord.schemas.avro.model import (
    Array,
    Definition,
    Enum,
    Field,
    Fixed,
    Kind,
    Map,
    NamedType,
    Primitive,
    Record,
    Ref,
    Type,
    Union,
)
from accord.schemas.avro.schema import AvroSchema
from accord.schemas.errors import InvalidSchema
from accord.schemas.rules import Difference, Rule

_PROMOTIONS: Final = frozenset(
    {
        (Kind.LONG, Kind.INT),
        (Kind.FLOAT, Kind.INT),
        (Kind.FLOAT, Kind.LONG),
        (Kind.DOUBLE, Kind.INT),
        (Kind.DOUBLE, Kind.LONG),
        (Kind.DOUBLE, Kind.FLOAT),
        (Kind.STRING, Kind.BYTES),
        (Kind.BYTES, Kind.STRING),
    }
)
"""(reader, writer) of different kinds that Avro converts."""

# Types that refer to each other in rings of different lengths pair up in ever new ways; no honest schema goes this deep.
_MAX_DEPTH: Final = 250


@dataclass(frozen=True, slots=True)
class AvroDifference(Difference):
    """A difference with the nodes it lies between: of the field rules the field, and the record that lacks it."""

    reader: Type | Field = field(kw_only=True)
    writer: Type | Field = field(kw_only=True)


def differences(reader: AvroSchema, writer: AvroSchema) -> tuple[AvroDifference, ...]:
    """Why ``reader`` cannot take everything that ``writer`` wrote; empty if it can."""
    try:
        found = _Walk(reader.types, writer.types).compare(reader.root, writer.root, "")
    except _Ambiguous as error:
        return (error.difference,)
    return tuple({(one.rule.id, one.path, one.additional_info): one for one in found}.values())


class _Ambiguous(Exception):
    """No reading is possible at all; this ends the walk."""

    def __init__(self, difference: AvroDifference) -> None:
        super().__init__()
        self.difference = difference


class _Walk:
    """Compares pairs of types, each pair once."""

    def __init__(self, reader_types: Mapping[str, NamedType], writer_types: Mapping[str, NamedType]) -> None:
        self._reader_types = reader_types
        self._writer_types = writer_types
        self._known: dict[tuple[int, int], list[AvroDifference]] = {}
        self._depth = 0

    def compare(self, reader: Type, writer: Type, path: str) -> list[AvroDifference]:
        """What stands against reading ``writer`` as ``reader``."""
        mine = self._reader_types[reader.name] if isinstance(reader, Ref) else reader
        theirs = self._writer_types[writer.name] if isinstance(writer, Ref) else writer
        pair = id(mine), id(theirs)
        known = self._known.get(pair)
        if known is not None:
            return known
        # Until shown otherwise a pair inside itself is readable: that is what ends recursion.
        self._known[pair] = []
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise InvalidSchema(
                f"the two schemas cannot be compared: their types lead into each other over {_MAX_DEPTH} levels deep",
                hint="make the types that refer to each other fewer",
            )
        found = list(self._pair(mine, theirs, path))
        self._depth -= 1
        self._known[pair] = found
        return found

    def _pair(self, reader: Definition, writer: Definition, path: str) -> Iterator[AvroDifference]:
        if isinstance(writer, Union):
            yield from self._written_union(reader, writer, path)
        elif isinstance(reader, Union):
            if not self._reads_any(reader, writer):
                yield _union_lacks(reader, writer, path)
        elif isinstance(reader, Record) and isinstance(writer, Record):
            yield from _names(reader, writer, path)
            yield from self._fields(reader, writer, path)
        elif isinstance(reader, Enum) and isinstance(writer, Enum):
            yield from _names(reader, writer, path)
            yield from _symbols(reader, writer, path)
        elif isinstance(reader, Fixed) and isinstance(writer, Fixed):
            yield from _names(reader, writer, path)
            yield from _sizes(reader, writer, path)
        elif isinstance(reader, Array) and isinstance(writer, Array):
            yield from self.compare(reader.items, writer.items, f"{path}/items")
        elif isinstance(reader, Map) and isinstance(writer, Map):
            yield from self.compare(reader.values, writer.values, f"{path}/values")
        elif reader.kind is not writer.kind and (reader.kind, writer.kind) not in _PROMOTIONS:
            yield _type_changed(reader, writer, path)

    def _written_union(self, reader: Definition, writer: Union, path: str) -> Iterator[AvroDifference]:
        for index, branch in enumerate(writer.branches):
            if not isinstance(reader, Union):
                yield from self.compare(reader, branch, f"{path}/{index}")
            elif self.compare(reader, branch, ""):
                written = self._writer_types[branch.name] if isinstance(branch, Ref) else branch
                yield _union_lacks(reader, written, f"{path}/{index}", branch)

    def _reads_any(self, reader: Union, writer: Definition) -> bool:
        return any(not self.compare(branch, writer, "") for branch in reader.branches)

    def _fields(self, reader: Record, writer: Record, path: str) -> Iterator[AvroDifference]:
        written = {theirs.name: theirs for theirs in writer.fields}
        for index, mine in enumerate(reader.fields):
            theirs = written.get(mine.name)
            if mine.aliases:
                theirs = _by_alias(mine, writer, written)
            if theirs is None:
                yield from self._absent(mine, writer, f"{path}/fields/{index}")
                continue
            ours, other = mine.type, theirs.type
            if isinstance(ours, Primitive) and isinstance(other, Primitive) and ours.kind is other.kind:
                continue
            yield from self.compare(ours, other, f"{path}/fields/{index}/type")

    def _absent(self, mine: Field, writer: Record, path: str) -> Iterator[AvroDifference]:
        if mine.has_default:
            return
        missing = _field_difference(rules.FIELD_WITHOUT_DEFAULT, mine, writer, path)
        node = self._reader_types[mine.type.name] if isinstance(mine.type, Ref) else mine.type
        if isinstance(node, Enum) and node.default is not None:
            # The original takes the enum's default for the field's, and then compares the enum with the record.
            yield AvroDifference(
                missing.rule,
                f"{path}/type",
                missing.reader_place,
                missing.writer_place,
                missing.facts,
                f"reader type: {node.kind.upper()} not compatible with writer type: {writer.kind.upper()}",
                rules.TYPE_CHANGED.error_type,
                reader=mine,
                writer=writer,
            )
            return
        yield missing


def _by_alias(mine: Field, writer: Record, written: Mapping[str, Field]) -> Field | None:
    matches = [written[name] for name in (mine.name, *mine.aliases) if name in written]
    if len(matches) > 1:
        names = " and ".join(f"`{match.name}`" for match in matches)
        raise _Ambiguous(
            AvroDifference(
                rules.FIELD_MATCHES_SEVERAL,
                mine.place or "",
                mine.place,
                writer.place,
                {"field": mine.name, "matches": names},
                reader=mine,
                writer=writer,
            )
        )
    return matches[0] if matches else None


def _names(reader: NamedType, writer: NamedType, path: str) -> Iterator[AvroDifference]:
    if reader.name.short == writer.name.short or writer.name in reader.aliases:
        return
    facts = {"reader_name": reader.name.full, "writer_name": writer.name.full}
    info = f"expected: {writer.name.full}"
    yield _difference(rules.NAME_CHANGED, reader, writer, f"{path}/name", facts, info)


def _symbols(reader: Enum, writer: Enum, path: str) -> Iterator[AvroDifference]:
    unknown = sorted(set(writer.symbols).difference(reader.symbols))
    if not unknown or reader.default is not None:
        return
    facts = {"enum": reader.name.short, "symbols": ", ".join(unknown)}
    info = f"[{', '.join(unknown)}]"
    yield _difference(rules.ENUM_SYMBOLS_MISSING, reader, writer, f"{path}/symbols", facts, info)


def _sizes(reader: Fixed, writer: Fixed, path: str) -> Iterator[AvroDifference]:
    if reader.size == writer.size:
        return
    facts = {"fixed": reader.name.short, "reader_size": str(reader.size), "writer_size": str(writer.size)}
    info = f"expected: {writer.size}, found: {reader.size}"
    yield _difference(rules.FIXED_SIZE_CHANGED, reader, writer, f"{path}/size", facts, info)


def _type_changed(reader: Definition, writer: Definition, path: str) -> AvroDifference:
    facts = {"reader_type": _words(reader), "writer_type": _words(writer)}
    info = f"reader type: {reader.kind.upper()} not compatible with writer type: {writer.kind.upper()}"
    return _difference(rules.TYPE_CHANGED, reader, writer, path, facts, info)


def _union_lacks(reader: Union, writer: Definition, path: str, used_as: Type | None = None) -> AvroDifference:
    facts = {"writer_type": _words(writer)}
    info = f"reader union lacking writer type: {writer.kind.upper()}"
    return _difference(rules.UNION_BRANCH_MISSING, reader, used_as or writer, path, facts, info)


def _field_difference(rule: Rule, mine: Field, writer: Record, path: str) -> AvroDifference:
    facts = {"field": mine.name}
    return AvroDifference(rule, path, mine.place, writer.place, facts, mine.name, reader=mine, writer=writer)


def _difference(
    rule: Rule, reader: Type, writer: Type, path: str, facts: Mapping[str, str], info: str
) -> AvroDifference:
    return AvroDifference(
        rule, path or "/", reader.place, writer.place, facts, info, reader=reader, writer=writer
    )


def _words(node: Definition) -> str:
    if isinstance(node, NamedType):
        return f"{node.kind} {node.name.short}"
    return node.kind.value
