"""What the registry calls compatible, and what still comes out otherwise than it went in, or not everywhere."""

from collections.abc import Iterator, Sequence

from accord.schemas.avro import rules
from accord.schemas.avro.compatibility import AvroDifference, Pair, name_place
from accord.schemas.avro.meanings import effect, logical_type, meaning
from accord.schemas.avro.model import Enum, Field, NamedType, Record
from accord.schemas.avro.pairs import counterpart, meeting
from accord.schemas.avro.schema import AvroSchema
from accord.schemas.likeness import are_alike
from accord.schemas.pointers import child
from accord.schemas.rules import Rule
from accord.schemas.sentences import listed


def pair_warnings(reader: AvroSchema, writer: AvroSchema) -> Iterator[AvroDifference]:
    """One for each place where ``reader`` takes what ``writer`` writes for something else, or some readers stop."""
    moved: dict[tuple[str, str], list[Pair]] = {}
    for pair in meeting(reader, writer):
        mine, theirs = pair.reader, pair.writer
        if isinstance(mine, Record) and isinstance(theirs, Record):
            yield from _lost_values(pair, mine, theirs)
        elif isinstance(mine, Enum) and isinstance(theirs, Enum):
            yield from _swallowed_symbols(pair, mine, theirs)
        elif meaning(mine) != meaning(theirs) and (logical_type(mine) or logical_type(theirs)):
            yield _other_meaning(pair)
        if isinstance(mine, NamedType) and isinstance(theirs, NamedType) and _has_moved(mine, theirs):
            moved.setdefault((mine.name.space, theirs.name.space), []).append(pair)
    for (space, other), pairs in moved.items():
        yield _other_namespace(pairs, space, other)


def _other_meaning(pair: Pair) -> AvroDifference:
    both = logical_type(pair.reader) and logical_type(pair.writer)
    return AvroDifference(
        rules.LOGICAL_TYPE_CHANGED if both else rules.LOGICAL_TYPE_ON_ONE_SIDE,
        "",
        pair.reader_use.place,
        pair.writer_use.place,
        {
            "reader_type": meaning(pair.reader),
            "writer_type": meaning(pair.writer),
            "effect": effect(pair.reader, pair.writer),
        },
        pair=pair,
    )


def _swallowed_symbols(pair: Pair, reader: Enum, writer: Enum) -> Iterator[AvroDifference]:
    known = set(reader.symbols)
    unknown = [symbol for symbol in writer.symbols if symbol not in known]
    if not unknown or reader.default is None:
        return
    yield AvroDifference(
        rules.ENUM_SYMBOLS_READ_AS_DEFAULT,
        "",
        _inside(reader, "symbols"),
        _inside(writer, "symbols"),
        {"enum": reader.name.short, "symbols": ", ".join(unknown), "default": reader.default},
        pair=pair,
    )


def _has_moved(reader: NamedType, writer: NamedType) -> bool:
    return reader.name.space != writer.name.space and writer.name not in reader.aliases


def _other_namespace(pairs: Sequence[Pair], space: str, other: str) -> AvroDifference:
    first = pairs[0]
    names = [f"`{pair.reader.name.short}`" for pair in pairs if isinstance(pair.reader, NamedType)]
    return AvroDifference(
        rules.NAMESPACE_CHANGED,
        "",
        name_place(first.reader_use),
        name_place(first.writer_use),
        {"types": listed(names), "reader_space": _space(space), "writer_space": _space(other)},
        pair=first,
    )


def _lost_values(pair: Pair, reader: Record, writer: Record) -> Iterator[AvroDifference]:
    written = {field.name: field for field in writer.fields}
    met = {mine.name: counterpart(mine, written) for mine in reader.fields}
    taken = {theirs.name for theirs in met.values() if theirs is not None}
    fresh = [mine for mine in reader.fields if met[mine.name] is None and mine.has_default]
    left = [theirs for theirs in writer.fields if theirs.name not in taken]
    by_alias = {alias: theirs for theirs in reversed(left) for alias in theirs.aliases}
    for mine in fresh:
        if mine.name in by_alias:
            yield _lost(rules.FIELD_VALUES_LOST, pair, reader, mine, by_alias[mine.name])
    if len(fresh) == len(left) == 1 and fresh[0].name not in by_alias and _is_alike(fresh[0], left[0]):
        yield _lost(rules.FIELD_LOOKS_RENAMED, pair, reader, fresh[0], left[0])


def _lost(rule: Rule, pair: Pair, record: Record, mine: Field, theirs: Field) -> AvroDifference:
    return AvroDifference(
        rule,
        "",
        mine.place,
        theirs.place,
        {"field": mine.name, "other": theirs.name, "record": record.name.short},
        pair=pair,
        fields=(mine, theirs),
    )


def _is_alike(one: Field, other: Field) -> bool:
    return one.type == other.type and are_alike(one.name, other.name)


def _inside(node: Enum, member: str) -> str | None:
    return None if node.place is None else child(node.place, member)


def _space(space: str) -> str:
    return f"namespace `{space}`" if space else "no namespace"
