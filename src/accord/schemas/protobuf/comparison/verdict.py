"""Whether one Protobuf schema reads what another wrote."""

from collections.abc import Iterator
from weakref import ref

from accord.schemas.protobuf.comparison.difference import Declaration, ProtobufDifference
from accord.schemas.protobuf.comparison.shapes import (
    FieldShape,
    MessageNode,
    MessageShape,
    OneOfShape,
    Shapes,
)
from accord.schemas.protobuf.comparison.walk import Change, Side, changes
from accord.schemas.protobuf.resolution import within
from accord.schemas.protobuf.rules import RULE_OF
from accord.schemas.protobuf.schema import Comparison, ProtobufSchema, latest_comparison
from accord.schemas.sentences import listed


def differences(reader: ProtobufSchema, writer: ProtobufSchema) -> tuple[ProtobufDifference, ...]:
    """Why ``reader`` cannot take everything that ``writer`` writes; empty if it can."""
    known = latest_comparison(reader, writer)
    if known is not None:
        return known.found
    found = tuple(_differences(reader, writer))
    kept: dict[tuple[str, str], bool] = {}
    reader.latest.reading = Comparison(ref(writer), found, kept)
    writer.latest.writing = Comparison(ref(reader), found, kept)
    return found


def _differences(reader: ProtobufSchema, writer: ProtobufSchema) -> Iterator[ProtobufDifference]:
    mine, theirs = reader.shapes, writer.shapes
    if reader.has_edition or writer.has_edition:
        # The registry knows no editions, and so no way of its own to take what they have in place of groups.
        mine, theirs = mine.with_groups, theirs.with_groups
    yield from map(_difference, changes(mine, theirs))


def _difference(change: Change) -> ProtobufDifference:
    reader, writer = change.reader, change.writer
    return ProtobufDifference(
        RULE_OF[change.type],
        change.path,
        _place(reader),
        _place(writer),
        dict(_facts(change)),
        reader=_declaration(reader),
        writer=_declaration(writer),
        reader_message=_message(reader),
        writer_message=_message(writer),
    )


def _facts(change: Change) -> Iterator[tuple[str, str]]:
    reader, writer = change.reader, change.writer
    if isinstance(reader.item, Shapes) and isinstance(writer.item, Shapes):
        yield from (("reader_package", reader.item.package), ("writer_package", writer.item.package))
        return
    message = _named(writer) or _named(reader)
    if message is not None:
        yield "message", message.name
    oneof = writer.oneof or reader.oneof
    if oneof is not None:
        yield "oneof", oneof.node.name
    for side, item in (("writer", writer.item), ("reader", reader.item)):
        if isinstance(item, FieldShape):
            yield "field", item.node.name
            yield "tag", str(item.node.tag)
            yield f"{side}_type", str(item.type)
            yield f"{side}_label", item.label.value if item.label else "singular"
    if isinstance(reader.item, OneOfShape) and writer.message:
        moved = [field.node.name for tag, field in writer.message.plain.items() if tag in reader.item.fields]
        yield "fields", listed([f"`{name}`" for name in moved])


def _declaration(side: Side) -> Declaration | None:
    match side.item:
        case Shapes():
            return side.item.file
        case MessageShape() | OneOfShape() | FieldShape():
            return side.item.node
        case None:
            return None


def _message(side: Side) -> MessageNode | None:
    return None if side.message is None else side.message.node


def _place(side: Side) -> str | None:
    """The full name of the item, or of the message that lacks it; None if another file defines that."""
    message = _named(side)
    if message is None:
        return ""
    if not message.is_own:
        return None
    if isinstance(side.item, OneOfShape | FieldShape):
        return within(message.name, side.item.node.name)
    return message.name


def _named(side: Side) -> MessageShape | None:
    """The message that the side is about, or the one around the item."""
    return side.item if isinstance(side.item, MessageShape) else side.message
