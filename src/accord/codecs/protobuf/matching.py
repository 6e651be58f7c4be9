"""Whether two messages mean the same bytes: those of a class and its schema, and those of a writer and a reader."""

from collections.abc import Iterator, Mapping
from typing import Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from accord.codecs.errors import DataFault, InvalidData, ModelDoesNotFit
from accord.codecs.protobuf.file import descriptor_of
from accord.codecs.protobuf.scalars import TYPE_NAMES

_VARINT: Final = "a number"
_KINDS: Final[Mapping[int, str]] = {
    FieldDescriptor.TYPE_INT32: _VARINT,
    FieldDescriptor.TYPE_INT64: _VARINT,
    FieldDescriptor.TYPE_UINT32: _VARINT,
    FieldDescriptor.TYPE_UINT64: _VARINT,
    FieldDescriptor.TYPE_BOOL: _VARINT,
    FieldDescriptor.TYPE_ENUM: _VARINT,
    FieldDescriptor.TYPE_SINT32: "a zig-zag number",
    FieldDescriptor.TYPE_SINT64: "a zig-zag number",
    FieldDescriptor.TYPE_FIXED32: "four bytes",
    FieldDescriptor.TYPE_SFIXED32: "four bytes",
    FieldDescriptor.TYPE_FIXED64: "eight bytes",
    FieldDescriptor.TYPE_SFIXED64: "eight bytes",
    FieldDescriptor.TYPE_FLOAT: "a float",
    FieldDescriptor.TYPE_DOUBLE: "a double",
    FieldDescriptor.TYPE_STRING: "text or bytes",
    FieldDescriptor.TYPE_BYTES: "text or bytes",
    FieldDescriptor.TYPE_MESSAGE: "a message",
    FieldDescriptor.TYPE_GROUP: "a group",
}
"""What is read as one another without becoming something else, as long as it fits."""


def check_class(model: type[Message], schema: Descriptor) -> None:
    """See that whatever the generated class writes is in the schema. Raises ModelDoesNotFit with every place."""
    problems = list(_beyond(descriptor_of(model), schema, "", set()))
    if problems:
        raise ModelDoesNotFit(
            f"{model.__qualname__} does not fit its schema",
            problems,
            hint="generate the class from the schema's own text, or register the text that it was generated from",
        )


def check_readable(writer: Descriptor, reader: Descriptor) -> None:
    """See that no field becomes another thing on its way. Raises InvalidData."""
    clashes = list(_clashes(writer, reader, "", set()))
    if clashes:
        path, text = clashes[0]
        raise InvalidData(
            text,
            fault=DataFault.NOT_READABLE_AS_CONTRACT,
            path=path,
            hint="Protobuf goes by numbers: a field with another type needs a number of its own",
        )


def needs_fields(type_: Descriptor) -> bool:
    """Whether the message, or one within it, has fields that proto2 calls required."""
    return any(one.is_required for one in _all_fields(type_))


def holds_maps(type_: Descriptor) -> bool:
    """Whether the message, or one within it, has maps, whose order is free unless it is asked for."""
    return any(_is_map(one) for one in _all_fields(type_))


def _beyond(generated: Descriptor, schema: Descriptor, path: str, seen: set[str]) -> Iterator[str]:
    if generated.full_name in seen:
        return
    seen.add(generated.full_name)
    for mine in generated.fields:
        there = f"{path}.{mine.name}".lstrip(".")
        theirs = schema.fields_by_number.get(mine.number)
        if theirs is None:
            yield f"{there}: the schema has no field {mine.number}"
        elif _told(mine) != _told(theirs):
            yield f"{there}: the class has {_told(mine)}, the schema has {_told(theirs)}"
        elif mine.message_type is not None and theirs.message_type is not None:
            yield from _beyond(mine.message_type, theirs.message_type, there, seen)
    for field in schema.fields:
        if field.is_required and field.number not in generated.fields_by_number:
            yield f"{path}.{field.name}: the class lacks it, and the schema requires it".lstrip(".")


def _told(field: FieldDescriptor) -> str:
    type_ = field.message_type or field.enum_type
    named = type_.full_name if type_ is not None else TYPE_NAMES[field.type]
    return f"{'repeated ' if field.is_repeated else ''}{named} {field.name}"


def _clashes(
    writer: Descriptor, reader: Descriptor, path: str, seen: set[tuple[str, str]]
) -> Iterator[tuple[str, str]]:
    if (writer.full_name, reader.full_name) in seen:
        return
    seen.add((writer.full_name, reader.full_name))
    for written in writer.fields:
        read = reader.fields_by_number.get(written.number)
        if read is None:
            continue
        there = f"{path}.{written.name}".lstrip(".")
        kind, meant = _KINDS[written.type], _KINDS[read.type]
        if kind != meant:
            yield there, f"field {written.number} is written as {kind}, and read as {meant}"
        elif written.is_repeated and not read.is_repeated:
            yield there, f"field {written.number} is written as a list, and read as one value"
        elif written.message_type is not None and read.message_type is not None:
            yield from _clashes(written.message_type, read.message_type, there, seen)


def _all_fields(type_: Descriptor) -> Iterator[FieldDescriptor]:
    waiting, seen = [type_], {type_.full_name}
    while waiting:
        for one in waiting.pop().fields:
            yield one
            inner = one.message_type
            if inner is not None and inner.full_name not in seen:
                seen.add(inner.full_name)
                waiting.append(inner)


def _is_map(field: FieldDescriptor) -> bool:
    return field.message_type is not None and bool(field.message_type.GetOptions().map_entry)
