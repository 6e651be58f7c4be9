"""Which types of two Avro schemas meet when one reads what the other wrote."""

from collections.abc import Iterator

from accord.schemas.avro.compatibility import Pair, converts, is_other_name
from accord.schemas.avro.model import (
    Array,
    Definition,
    Field,
    Fixed,
    Map,
    NamedType,
    Primitive,
    Record,
    Type,
    Union,
)
from accord.schemas.avro.schema import AvroSchema


def meeting(reader: AvroSchema, writer: AvroSchema) -> Iterator[Pair]:
    """Every pair of types that meet, unions taken apart, each pair of definitions once, in the reader's order.

    What cannot be read does not meet. Equal primitives, and equal unions of them, are left out.
    """
    seen: set[tuple[int, int]] = set()
    known: dict[int, _Branches] = {}
    waiting = [(reader.root, writer.root)]
    while waiting:
        mine, theirs = waiting.pop()
        if mine == theirs and _is_primitive(mine):
            continue
        ours, other = reader.resolve(mine), writer.resolve(theirs)
        if isinstance(other, Union):
            waiting.extend((mine, branch) for branch in reversed(other.branches))
        elif isinstance(ours, Union):
            if id(ours) not in known:
                known[id(ours)] = _Branches(ours, reader)
            branch = known[id(ours)].that_reads(other)
            waiting.extend([] if branch is None else [(branch, theirs)])
        elif (id(ours), id(other)) not in seen and _reads(ours, other):
            seen.add((id(ours), id(other)))
            yield Pair(ours, other, mine, theirs, mine, theirs)
            waiting.extend(reversed(_inside(ours, other)))


def counterpart(field: Field, written: dict[str, Field]) -> Field | None:
    """The field among ``written``, by name, whose values ``field`` takes."""
    return next((written[name] for name in (field.name, *field.aliases) if name in written), None)


class _Branches:
    """The branches of a reader's union, to be found by what was written."""

    def __init__(self, union: Union, reader: AvroSchema) -> None:
        self._unnamed: list[tuple[Type, Definition]] = []
        self._by_name: dict[str, tuple[Type, Definition]] = {}
        self._by_alias: dict[str, tuple[Type, Definition]] = {}
        self._by_short_name: dict[str, list[tuple[Type, Definition]]] = {}
        for branch in union.branches:
            ours = reader.resolve(branch)
            if not isinstance(ours, NamedType):
                self._unnamed.append((branch, ours))
                continue
            self._by_name.setdefault(ours.name.full, (branch, ours))
            self._by_short_name.setdefault(ours.name.short, []).append((branch, ours))
            for alias in ours.aliases:
                self._by_alias.setdefault(alias.full, (branch, ours))

    def that_reads(self, other: Definition) -> Type | None:
        """The branch of the same full name, else alias, else short name; else of the same kind, else converted to."""
        return next((branch for branch, ours in self._suited(other) if _reads(ours, other)), None)

    def _suited(self, other: Definition) -> Iterator[tuple[Type, Definition]]:
        if not isinstance(other, NamedType):
            yield from sorted(self._unnamed, key=lambda pair: pair[1].kind is not other.kind)
            return
        for found in (self._by_name, self._by_alias):
            if other.name.full in found:
                yield found[other.name.full]
        yield from self._by_short_name.get(other.name.short, ())


def _is_primitive(node: Type) -> bool:
    if isinstance(node, Union):
        return all(isinstance(branch, Primitive) for branch in node.branches)
    return isinstance(node, Primitive)


def _reads(reader: Definition, writer: Definition) -> bool:
    """Whether it does as far as the types themselves go, without what is inside."""
    if isinstance(reader, Fixed) and isinstance(writer, Fixed) and reader.size != writer.size:
        return False
    return converts(reader, writer) and not is_other_name(reader, writer)


def _inside(reader: Definition, writer: Definition) -> list[tuple[Type, Type]]:
    if isinstance(reader, Record) and isinstance(writer, Record):
        written = {field.name: field for field in writer.fields}
        found = ((mine, counterpart(mine, written)) for mine in reader.fields)
        return [(mine.type, theirs.type) for mine, theirs in found if theirs is not None]
    if isinstance(reader, Array) and isinstance(writer, Array):
        return [(reader.items, writer.items)]
    if isinstance(reader, Map) and isinstance(writer, Map):
        return [(reader.values, writer.values)]
    return []
