"""What became of one Protobuf schema in another, as far as the registry minds: the walk over the two, written once.

The names of things and their paths are those of the checker that Confluent's registry runs: what stood in the writer's
schema is sought in the reader's, messages by name and fields by number. What a type is called counts without its
package, and where the names agree and another file defines the message, what is in it counts as well. Where a field
comes into a oneof or out of one, its type is not looked at. Enums, services, extensions and options do not count.
"""

from collections.abc import Generator, Iterator
from typing import Final, NamedTuple, TypeAlias

from accord.schemas.errors import InvalidSchema
from accord.schemas.protobuf.comparison.difference import DifferenceType
from accord.schemas.protobuf.comparison.shapes import FieldShape, MessageShape, OneOfShape, Shapes, TypeShape
from accord.schemas.protobuf.model import Label

MAX_PAIRS: Final = 200_000
"""How many pairs of messages are compared at most: a few seconds' work. Only files that are out to make it hard have more."""

Scope: TypeAlias = Shapes | MessageShape
Item: TypeAlias = Scope | OneOfShape | FieldShape


class Side(NamedTuple):
    """What one of two schemas has: the item that differs, the message and the oneof it is in; None where none is."""

    item: Item | None = None
    message: MessageShape | None = None
    oneof: OneOfShape | None = None


class Change(NamedTuple):
    """One thing that is not as it was."""

    type: DifferenceType
    path: str
    reader: Side
    writer: Side


def changes(reader: Shapes, writer: Shapes) -> Iterator[Change]:
    """Everything that the registry does not let pass.

    What holds messages of its own kind leads back into itself, and messages into each other as deep as anybody likes:
    hence a stack of our own, and one comparison for each pair. A pair inside itself is taken for compatible.
    Raises InvalidSchema if there are more than MAX_PAIRS.
    """
    walk = _Walk(reader, writer)
    known: dict[tuple[int, int], bool] = {}
    stack = [_Comparison(walk.files())]
    while stack:
        running = stack[-1]
        step = running.next_step()
        if step is None:
            stack.pop()
            if stack and running.pair is not None:
                known[running.pair.key] = running.is_incompatible
                stack[-1].hear(running.pair, is_incompatible=running.is_incompatible)
        elif isinstance(step, Change):
            running.is_incompatible = True
            yield step
        elif step.key in known:
            running.hear(step, is_incompatible=known[step.key])
        elif len(known) == MAX_PAIRS:
            raise InvalidSchema(
                f"the two schemas cannot be compared: over {MAX_PAIRS} pairs of their messages would have to be",
                hint="give messages of one name to fewer files",
            )
        else:
            known[step.key] = False
            stack.append(_Comparison(walk.messages(step), step))


class _Pair(NamedTuple):
    """Two messages to compare; ``is_part`` is whether what they stand in is incompatible if they are."""

    reader: MessageShape
    writer: MessageShape
    path: str
    is_part: bool = True

    @property
    def key(self) -> tuple[int, int]:
        """The same whenever the two meet."""
        return id(self.reader), id(self.writer)


_Steps: TypeAlias = Generator[Change | _Pair, bool | None, None]
"""Whoever yields a pair is sent whether it is incompatible."""


class _Comparison:
    """A comparison that has begun."""

    def __init__(self, steps: _Steps, pair: _Pair | None = None) -> None:
        self.pair = pair
        self.is_incompatible = False
        self._steps = steps
        self._answer: bool | None = None

    def next_step(self) -> Change | _Pair | None:
        """What comes next, None at the end."""
        answer, self._answer = self._answer, None
        try:
            return self._steps.send(answer)
        except StopIteration:
            return None

    def hear(self, pair: _Pair, *, is_incompatible: bool) -> None:
        """Take note of what came out about ``pair``, which this comparison asked for."""
        self._answer = is_incompatible
        self.is_incompatible |= is_incompatible and pair.is_part


class _Walk:
    """The steps of every comparison."""

    def __init__(self, reader: Shapes, writer: Shapes) -> None:
        self._reader = reader
        self._writer = writer

    def files(self) -> _Steps:
        """Compare the two schemas."""
        if self._reader.package != self._writer.package:
            yield Change(DifferenceType.PACKAGE_CHANGED, "#/", Side(self._reader), Side(self._writer))
        yield from _types("#", self._reader, self._writer)

    def messages(self, pair: _Pair) -> _Steps:
        """Compare two messages."""
        yield from _moves_into_oneofs(pair)
        for name, theirs in pair.writer.oneofs.items():
            if name in pair.reader.oneofs:
                yield from self._oneof(f"{pair.path}/{name}", pair, pair.reader.oneofs[name], theirs)
        yield from self._plain_fields(pair)
        yield from _types(pair.path, pair.reader, pair.writer)

    def _oneof(self, path: str, pair: _Pair, mine: OneOfShape, theirs: OneOfShape) -> _Steps:
        for tag, written in theirs.fields.items():
            field = mine.fields.get(tag)
            if field is not None and field.look and field.look == written.look:
                continue
            sides = Side(field, pair.reader, mine), Side(written, pair.writer, theirs)
            if field is None:
                yield Change(DifferenceType.ONEOF_FIELD_REMOVED, f"{path}/{tag}", *sides)
            else:
                yield from self._field(f"{path}/{tag}", field, written, *sides)

    def _plain_fields(self, pair: _Pair) -> _Steps:
        mine, theirs, in_oneofs = pair.reader.plain, pair.writer.plain, pair.reader.in_oneofs
        looks = pair.reader.looks
        # Most fields are what they were or are gone, and nothing is to be said of them.
        for tag, written in [(tag, one) for tag, one in theirs.items() if one.look not in looks]:
            field = mine.get(tag)
            if tag in in_oneofs or (field is None and written.label is not Label.REQUIRED):
                continue
            path, sides = f"{pair.path}/{tag}", (Side(field, pair.reader), Side(written, pair.writer))
            if field is None:
                yield Change(DifferenceType.REQUIRED_FIELD_REMOVED, path, *sides)
            else:
                yield from self._field(path, field, written, *sides)
        for field in pair.reader.required:
            tag = field.node.tag
            if tag not in theirs or tag in in_oneofs:
                sides = Side(field, pair.reader), Side(None, pair.writer)
                yield Change(DifferenceType.REQUIRED_FIELD_ADDED, f"{pair.path}/{tag}", *sides)

    def _field(self, path: str, mine: FieldShape, theirs: FieldShape, reader: Side, writer: Side) -> _Steps:
        is_same = True
        for type_, other in _types_met(mine.type, theirs.type):
            change = yield from self._type(type_, other)
            if change is not None:
                is_same = False
                yield Change(change, path, reader, writer)
        # Without a label on one side, anything goes.
        is_relabelled = mine.label is not theirs.label and mine.label and theirs.label
        if is_same and is_relabelled and mine.type.family.is_numeric:
            yield Change(DifferenceType.FIELD_NUMERIC_LABEL_CHANGED, path, reader, writer)

    def _type(
        self, mine: TypeShape, theirs: TypeShape
    ) -> Generator[_Pair, bool | None, DifferenceType | None]:
        if mine.kind is not theirs.kind:
            return DifferenceType.FIELD_KIND_CHANGED
        if mine.family is not theirs.family:
            return DifferenceType.FIELD_SCALAR_KIND_CHANGED
        if mine.local != theirs.local:
            return DifferenceType.FIELD_NAMED_TYPE_CHANGED
        # Messages that both texts define are compared where they stand.
        if mine.is_elsewhere or theirs.is_elsewhere:
            reader, writer = self._reader.message(mine.name), self._writer.message(theirs.name)
            if reader is None or writer is None or _is_same(reader, writer):
                return None
            path = f"#/{mine.local.replace('.', '/')}"
            if (yield _Pair(reader, writer, path, is_part=False)):
                return DifferenceType.FIELD_NAMED_TYPE_CHANGED
        return None


def _moves_into_oneofs(pair: _Pair) -> Iterator[Change]:
    """Fields that may have been set together with others and, once in a oneof with them, no longer can be."""
    plain = set(pair.writer.plain)
    for name, oneof in pair.reader.oneofs.items():
        moved = plain & oneof.fields.keys()
        plain -= moved
        if len(moved) > 1:
            found = DifferenceType.MULTIPLE_FIELDS_MOVED_TO_ONEOF
        elif moved and any(tag in pair.writer.in_oneofs for tag in oneof.fields.keys() - moved):
            found = DifferenceType.FIELD_MOVED_TO_EXISTING_ONEOF
        else:
            continue
        yield Change(found, f"{pair.path}/{name}", Side(oneof, pair.reader, oneof), Side(None, pair.writer))


def _types(path: str, reader: Scope, writer: Scope) -> _Steps:
    """The messages that stand in two files or in two messages."""
    for name, written in writer.messages.items():
        message = reader.messages.get(name)
        if message is None:
            sides = _side(reader, None), _side(writer, written)
            yield Change(DifferenceType.MESSAGE_REMOVED, f"{path}/{name}", *sides)
        elif not _is_same(message, written):
            yield _Pair(message, written, f"{path}/{name}")


def _is_same(reader: MessageShape, writer: MessageShape) -> bool:
    return bool(reader.content) and reader.content == writer.content


def _side(scope: Scope, item: Item | None) -> Side:
    return Side(item, scope if isinstance(scope, MessageShape) else None)


def _types_met(mine: TypeShape, theirs: TypeShape) -> Iterator[tuple[TypeShape, TypeShape]]:
    """The types to compare: of two maps those of their keys and of their values."""
    if mine.key and theirs.key and mine.value and theirs.value:
        yield mine.key, theirs.key
        yield mine.value, theirs.value
    else:
        yield mine, theirs
