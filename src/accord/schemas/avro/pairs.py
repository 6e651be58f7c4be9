"""Which types of two Avro schemas meet when one reads what the other wrote."""

from collections.abc import Iterator

from accord.schemas.avro.compatibility import Pair, converts, is_other_name
from accord.schemas.avro.model import Array, Definition, Field, Fixed, Map, Primitive, Record, Type, Union
from accord.schemas.avro.schema import AvroSchema


def meeting(reader: AvroSchema, writer: AvroSchema) -> Iterator[Pair]:
    """Every pair of types that meet, unions taken apart, each pair of definitions once, in the reader's order.

    What cannot be read does not meet. Equal primitives, and equal unions of them, are left out.
    """
    seen: set[tuple[int, int]] = set()
    waiting = [(reader.root, writer.root)]
    while waiting:
        mine, theirs = waiting.pop()
        if mine == theirs and _is_primitive(mine):
            continue
        ours, other = reader.resolve(mine), writer.resolve(theirs)
        if isinstance(other, Union):
            waiting.extend((mine, branch) for branch in reversed(other.branches))
        elif isinstance(ours, Union):
            branch = _branch_for(ours, other, reader)
            waiting.extend([] if branch is None else [(branch, theirs)])
        elif (id(ours), id(other)) not in seen and _reads(ours, other):
            seen.add((id(ours), id(other)))
            yield Pair(ours, other, mine, theirs, mine, theirs)
            waiting.extend(reversed(_inside(ours, other)))


def counterpart(field: Field, written: dict[str, Field]) -> Field | None:
    """The field among ``written``, by name, whose values ``field`` takes."""
    return next((written[name] for name in (field.name, *field.aliases) if name in written), None)


def _is_primitive(node: Type) -> bool:
    if isinstance(node, Union):
        return all(isinstance(branch, Primitive) for branch in node.branches)
    return isinstance(node, Primitive)


def _branch_for(union: Union, other: Definition, reader: AvroSchema) -> Type | None:
    """The branch that reads ``other``: one of its kind and name before one that it is converted to."""
    readable = [
        (branch, ours)
        for branch in union.branches
        for ours in (reader.resolve(branch),)
        if _reads(ours, other)
    ]
    same = (branch for branch, ours in readable if ours.kind is other.kind)
    return next(same, readable[0][0] if readable else None)


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
