"""Whether one Avro schema reads what another wrote: the walk over the pair, written once.

Order, paths and their peculiarities are those of the checker that Confluent's registry runs: what is known of a pair
of types is remembered with the path where it was first met, and branches of a union are tried as if they stood alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Final, NamedTuple, TypeAlias

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

# A tuple is looked through several times as fast as a union of types.
_NAMED: Final = (Record, Enum, Fixed)
# Types that refer to each other in rings of different lengths pair up in ever new ways; honest schemas do not.
_MAX_DEPTH: Final = 200
# About a second's work, and what unions of 300 branches on both sides need.
_MAX_PAIRS: Final = 100_000

_MOST_REASONS: Final = 20


class Pair(NamedTuple):
    """Two types to compare, each as it is used and as it is defined.

    ``reader_slot`` and ``writer_slot`` are the types of the field, items or values that they stand in: around a branch
    of a union these are the whole unions.
    """

    reader: Definition
    writer: Definition
    reader_use: Type
    writer_use: Type
    reader_slot: Type
    writer_slot: Type


@dataclass(frozen=True, slots=True)
class AvroDifference(Difference):
    """A difference with what it lies between.

    ``reader_field`` is set where the rule is about a field that the writer lacks, ``fields`` where it is about one of
    the reader and one of the writer; the records are then the pair. ``inner`` says why the branch of a union that
    looks like the one written does not read it. ``steps`` tells how long the whole comparison was.
    """

    pair: Pair = field(kw_only=True)
    reader_field: Field | None = field(default=None, kw_only=True)
    fields: tuple[Field, Field] | None = field(default=None, kw_only=True)
    inner: "tuple[AvroDifference, ...]" = field(default=(), kw_only=True)
    steps: int = field(default=1, kw_only=True)


# The lists of others stand in a list as they are: copied, they would double with each level of types.
_Told: TypeAlias = "AvroDifference | list[_Told]"


def differences(reader: AvroSchema, writer: AvroSchema) -> tuple[AvroDifference, ...]:
    """Why ``reader`` cannot take everything that ``writer`` writes; empty if it can."""
    walk = _Walk(reader.types, writer.types)
    try:
        found = walk.compare(reader.root, writer.root, "")
    except _AmbiguousField as error:
        return (error.difference,)
    # What lies in a type comes up wherever the type is used.
    told = {(one.rule.id, one.path, one.additional_info): one for one in _flat(found)}
    return tuple(replace(one, steps=walk.steps) for one in told.values())


class _AmbiguousField(Exception):
    """No record can be read at all; this ends the walk."""

    def __init__(self, difference: AvroDifference) -> None:
        super().__init__()
        self.difference = difference


class _Walk:
    """Compares pairs of types, each pair once; ``steps`` are the pairs and fields that it went through."""

    def __init__(self, reader_types: Mapping[str, NamedType], writer_types: Mapping[str, NamedType]) -> None:
        self._reader_types = reader_types
        self._writer_types = writer_types
        self._known: dict[tuple[int, int], list[_Told]] = {}
        # Branches that are known not to fit without a look inside: as which pair they were met first.
        self._passed: dict[tuple[int, int], tuple[Type, Type, Pair]] = {}
        self._fields_by_name: dict[int, Mapping[str, Field]] = {}
        self._depth = 0
        self.steps = 0

    def compare(self, reader: Type, writer: Type, path: str, slot: Pair | None = None) -> list[_Told]:
        """What stands against reading ``writer`` as ``reader``; ``slot`` is the pair whose branches they are."""
        mine = self._reader_types[reader.name] if isinstance(reader, Ref) else reader
        theirs = self._writer_types[writer.name] if isinstance(writer, Ref) else writer
        if isinstance(mine, Primitive) and isinstance(theirs, Primitive) and converts(mine, theirs):
            return []
        key = id(mine), id(theirs)
        known = self._known.get(key)
        if known is not None:
            return known
        if key in self._passed:
            (reader, writer, slot), path = self._passed.pop(key), ""
        self._count()
        self.steps += 1
        # Until shown otherwise a pair inside itself is readable: that is what ends recursion.
        self._known[key] = []
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise InvalidSchema(
                f"the two schemas cannot be compared: their types lead into each other over {_MAX_DEPTH} levels deep",
                hint="let fewer types refer to each other",
            )
        outer = (slot.reader_slot, slot.writer_slot) if slot else (reader, writer)
        found = [one for one in self._differences(Pair(mine, theirs, reader, writer, *outer), path) if one]
        self._depth -= 1
        self._known[key] = found
        return found

    def _count(self) -> None:
        if len(self._known) + len(self._passed) >= _MAX_PAIRS:
            raise InvalidSchema(
                f"the two schemas cannot be compared: over {_MAX_PAIRS} pairs of their types would have to be",
                hint="make the unions smaller: each branch of one is compared with each of the other",
            )

    def _differences(self, pair: Pair, path: str) -> Iterator[_Told]:
        reader, writer = pair.reader, pair.writer
        if isinstance(writer, Union):
            yield from self._written_union(pair, writer, path)
        elif isinstance(reader, Union):
            yield from self._any_branch(pair, reader, path)
        elif isinstance(reader, Record) and isinstance(writer, Record):
            yield from _names(pair, reader, writer, path)
            yield from self._fields(pair, reader, writer, path)
        elif isinstance(reader, Enum) and isinstance(writer, Enum):
            yield from _names(pair, reader, writer, path)
            yield from _symbols(pair, reader, writer, path)
        elif isinstance(reader, Fixed) and isinstance(writer, Fixed):
            yield from _names(pair, reader, writer, path)
            yield from _sizes(pair, reader, writer, path)
        elif isinstance(reader, Array) and isinstance(writer, Array):
            yield self.compare(reader.items, writer.items, f"{path}/items")
        elif isinstance(reader, Map) and isinstance(writer, Map):
            yield self.compare(reader.values, writer.values, f"{path}/values")
        elif not converts(reader, writer):
            yield _type_changed(pair, path)

    def _written_union(self, pair: Pair, writer: Union, path: str) -> Iterator[_Told]:
        for index, branch in enumerate(writer.branches):
            if not isinstance(pair.reader, Union):
                yield self.compare(pair.reader_use, branch, f"{path}/{index}", pair)
            elif self.compare(pair.reader_use, branch, "", pair):
                theirs = self._writer_types[branch.name] if isinstance(branch, Ref) else branch
                branches = Pair(
                    pair.reader, theirs, pair.reader_use, branch, pair.reader_slot, pair.writer_slot
                )
                yield self._union_lacks(branches, pair.reader, f"{path}/{index}")

    def _any_branch(self, pair: Pair, reader: Union, path: str) -> Iterator[AvroDifference]:
        for branch in reader.branches:
            if not self._is_passed_over(branch, pair) and not self.compare(branch, pair.writer_use, "", pair):
                return
        yield self._union_lacks(pair, reader, path)

    def _is_passed_over(self, branch: Type, pair: Pair) -> bool:
        """Whether a branch does not read what was written, as is plain without a look at what else refers to it."""
        mine, theirs = self._reader_types[branch.name] if isinstance(branch, Ref) else branch, pair.writer
        if mine.kind is not theirs.kind:
            hopeless = (mine.kind, theirs.kind) not in _PROMOTIONS
        else:
            hopeless = is_other_name(mine, theirs) and self._have_nothing_in_common(mine, theirs)
        key = id(mine), id(theirs)
        if hopeless and key not in self._known and key not in self._passed:
            self._count()
            self.steps += 1
            self._passed[key] = branch, pair.writer_use, pair
        return hopeless

    def _have_nothing_in_common(self, mine: Definition, theirs: Definition) -> bool:
        """Whether to compare what is inside of both would lead to no other types."""
        if not isinstance(mine, Record) or not isinstance(theirs, Record):
            return True
        if any(field.aliases for field in mine.fields):
            return False
        written = self._by_name(theirs)
        return all(
            isinstance(field.type, Primitive) and isinstance(written[field.name].type, Primitive)
            for field in mine.fields
            if field.name in written
        )

    def _by_name(self, record: Record) -> Mapping[str, Field]:
        known = self._fields_by_name.get(id(record))
        if known is None:
            known = self._fields_by_name[id(record)] = {field.name: field for field in record.fields}
        return known

    def _union_lacks(self, pair: Pair, reader: Union, path: str) -> AvroDifference:
        info = f"reader union lacking writer type: {pair.writer.kind.upper()}"
        return AvroDifference(
            rules.UNION_BRANCH_MISSING,
            path or "/",
            pair.reader_use.place,
            pair.writer_use.place,
            {"writer_type": _words(pair.writer)},
            info,
            pair=pair,
            inner=tuple(islice(_flat(list(self._of_the_same_kind(pair, reader))), _MOST_REASONS)),
        )

    def _of_the_same_kind(self, pair: Pair, reader: Union) -> Iterator[_Told]:
        for branch in reader.branches:
            mine = self._reader_types[branch.name] if isinstance(branch, Ref) else branch
            if mine.kind is pair.writer.kind and not is_other_name(mine, pair.writer):
                yield self.compare(branch, pair.writer_use, "", pair)

    def _fields(self, pair: Pair, reader: Record, writer: Record, path: str) -> Iterator[_Told]:
        written = self._by_name(writer)
        self.steps += len(reader.fields)
        for index, mine in enumerate(reader.fields):
            theirs = _by_alias(pair, mine, written) if mine.aliases else written.get(mine.name)
            if theirs is None:
                if not mine.has_default:
                    yield self._absent(pair, mine, f"{path}/fields/{index}")
                continue
            ours, other = mine.type, theirs.type
            if _are_same_primitives(ours, other):
                continue
            yield self.compare(ours, other, f"{path}/fields/{index}/type")

    def _absent(self, pair: Pair, mine: Field, path: str) -> AvroDifference:
        kind = self._reader_types[mine.type.name] if isinstance(mine.type, Ref) else mine.type
        if not isinstance(kind, Enum) or kind.default is None:
            return _about_field(rules.FIELD_WITHOUT_DEFAULT, pair, mine, path, info=mine.name)
        # The original takes the enum's default for the field's, and then compares the enum with the record.
        return _about_field(
            rules.FIELD_WITHOUT_DEFAULT,
            pair,
            mine,
            f"{path}/type",
            info="reader type: ENUM not compatible with writer type: RECORD",
            error_type=rules.TYPE_CHANGED.error_types[0],
        )


def _flat(found: list[_Told]) -> Iterator[AvroDifference]:
    """All differences in order; a list that is met again brings nothing new."""
    met: set[int] = set()
    waiting: list[_Told] = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, AvroDifference):
            yield one
        elif id(one) not in met:
            met.add(id(one))
            waiting.extend(reversed(one))


def _are_same_primitives(ours: Type, other: Type) -> bool:
    """Whether both are a primitive of one kind, or unions of the same kinds in the same order."""
    if isinstance(ours, Primitive):
        return isinstance(other, Primitive) and ours.kind is other.kind
    if not isinstance(ours, Union) or not isinstance(other, Union):
        return False
    if len(ours.branches) != len(other.branches):
        return False
    for mine, theirs in zip(ours.branches, other.branches, strict=True):
        if (
            not isinstance(mine, Primitive)
            or not isinstance(theirs, Primitive)
            or mine.kind is not theirs.kind
        ):
            return False
    return True


def converts(reader: Definition, writer: Definition) -> bool:
    """Whether both are of one kind, or Avro turns the one into the other."""
    return reader.kind is writer.kind or (reader.kind, writer.kind) in _PROMOTIONS


def _by_alias(pair: Pair, mine: Field, written: Mapping[str, Field]) -> Field | None:
    matches = [written[name] for name in (mine.name, *mine.aliases) if name in written]
    if len(matches) > 1:
        names = " and ".join(f"`{match.name}`" for match in matches)
        raise _AmbiguousField(
            _about_field(rules.FIELD_MATCHES_SEVERAL, pair, mine, mine.place or "", info=names, matches=names)
        )
    return matches[0] if matches else None


def _about_field(
    rule: Rule, pair: Pair, mine: Field, path: str, *, info: str, error_type: str = "", **facts: str
) -> AvroDifference:
    record = pair.reader.name.short if isinstance(pair.reader, Record) else ""
    return AvroDifference(
        rule,
        path,
        mine.place,
        pair.writer.place,
        {"field": mine.name, "record": record, **facts},
        info,
        error_type,
        pair=pair,
        reader_field=mine,
    )


def _names(pair: Pair, reader: NamedType, writer: NamedType, path: str) -> Iterator[AvroDifference]:
    if is_other_name(reader, writer):
        yield AvroDifference(
            rules.NAME_CHANGED,
            f"{path}/name",
            name_place(pair.reader_use),
            name_place(pair.writer_use),
            {"kind": reader.kind.value, "reader_name": reader.name.full, "writer_name": writer.name.full},
            f"expected: {writer.name.full}",
            pair=pair,
        )


def is_other_name(reader: Definition, writer: Definition) -> bool:
    """Whether both have names, and the reader's stands for another type than the writer's."""
    if not isinstance(reader, _NAMED) or not isinstance(writer, _NAMED):
        return False
    return reader.name.short != writer.name.short and writer.name not in reader.aliases


def name_place(use: Type) -> str | None:
    """Where the name of a type stands that is used, or defined, at ``use``."""
    return use.place if isinstance(use, Ref) else _inside(use, "name")


def _inside(node: Definition, member: str) -> str | None:
    return None if node.place is None else f"{node.place}/{member}"


def _symbols(pair: Pair, reader: Enum, writer: Enum, path: str) -> Iterator[AvroDifference]:
    unknown = sorted(set(writer.symbols).difference(reader.symbols))
    if not unknown or reader.default is not None:
        return
    listed = ", ".join(unknown)
    yield AvroDifference(
        rules.ENUM_SYMBOLS_MISSING,
        f"{path}/symbols",
        _inside(reader, "symbols"),
        _inside(writer, "symbols"),
        {"enum": reader.name.short, "symbols": listed},
        f"[{listed}]",
        pair=pair,
    )


def _sizes(pair: Pair, reader: Fixed, writer: Fixed, path: str) -> Iterator[AvroDifference]:
    if reader.size == writer.size:
        return
    yield AvroDifference(
        rules.FIXED_SIZE_CHANGED,
        f"{path}/size",
        _inside(reader, "size"),
        _inside(writer, "size"),
        {"fixed": reader.name.short, "reader_size": str(reader.size), "writer_size": str(writer.size)},
        f"expected: {writer.size}, found: {reader.size}",
        pair=pair,
    )


def _type_changed(pair: Pair, path: str) -> AvroDifference:
    reader, writer = pair.reader.kind.upper(), pair.writer.kind.upper()
    return AvroDifference(
        rules.TYPE_CHANGED,
        path or "/",
        pair.reader_use.place,
        pair.writer_use.place,
        {"reader_type": _words(pair.reader), "writer_type": _words(pair.writer)},
        f"reader type: {reader} not compatible with writer type: {writer}",
        pair=pair,
    )


def _words(node: Definition) -> str:
    return f"{node.kind} {node.name.short}" if isinstance(node, NamedType) else node.kind.value
