"""What the syntax of a file, or the type of a field, does not go with."""

from collections.abc import Iterator
from typing import Final

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.difference import ProtobufDifference
from accord.schemas.protobuf.editing import package_spans
from accord.schemas.protobuf.lone import lone, messages_of, words_for
from accord.schemas.protobuf.model import Enum, Field, MapType, Message, Range
from accord.schemas.protobuf.readings import Coding, WireType
from accord.schemas.protobuf.resolution import Defined, all_groups, extends_in, within
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.protobuf.slots import Slot

_TEXTS: Final = frozenset({"string", "bytes"})


def of_syntax(schema: ProtobufSchema) -> Iterator[ProtobufDifference]:
    """One for each declaration that is not allowed where it stands."""
    if len(package_spans(schema.text)) > 1:
        yield _not_allowed("", "the file", "it declares its package more than once")
    for name, message in messages_of(schema):
        yield from _of_message(schema, name, message)
        for slot in schema.slots.of(Defined(name, message, "")).values():
            if slot.is_own and not slot.is_extension:
                yield from _of_field(schema, name, slot)
    for extend, scope in extends_in(schema.file):
        for field in extend.fields:
            problem = _extension_problem(schema, extend.name.name, scope, field)
            if problem:
                where = words_for(schema, scope, field.name)
                yield _not_allowed(within(scope, field.name), where, problem)


def _of_message(schema: ProtobufSchema, name: str, message: Message) -> Iterator[ProtobufDifference]:
    where = words_for(schema, name)
    for oneof in message.oneofs:
        if not oneof.fields and not oneof.groups:
            place = within(name, oneof.name)
            yield _not_allowed(place, words_for(schema, name, oneof.name), "a oneof has at least one field")
    if schema.file.is_proto3:
        for group in all_groups(message):
            yield _not_allowed(
                within(name, group.field_name), words_for(schema, name, group.name), "proto3 has no groups"
            )
        if message.extensions:
            yield _not_allowed(name, where, "messages of proto3 leave no numbers to extensions")
    ranges = [each for one in message.reserved for each in one.ranges]
    ranges += [each for one in message.extensions for each in one.ranges]
    if any(one.first > one.last for one in ranges):
        yield _not_allowed(name, where, "a range of numbers ends before it begins")
    elif any(one.first < 1 for one in ranges):
        yield _not_allowed(name, where, "a range of numbers begins below 1")
    elif _overlap(ranges):
        yield _not_allowed(name, where, "ranges of reserved numbers, or of those left to extensions, overlap")


def _overlap(ranges: list[Range]) -> bool:
    last = 0
    for one in sorted(ranges, key=lambda one: one.first):
        if one.first <= last:
            return True
        last = max(last, one.last)
    return False


def _of_field(schema: ProtobufSchema, name: str, slot: Slot) -> Iterator[ProtobufDifference]:
    problem = _field_problem(schema, slot)
    if problem:
        yield _not_allowed(slot.place, words_for(schema, name, slot.name), problem)


def _field_problem(schema: ProtobufSchema, slot: Slot) -> str:
    if not isinstance(slot.node, Field):
        return ""
    is_proto3, coding = schema.file.is_proto3, slot.coding
    if slot.node.option("default") is not None and is_proto3:
        return "proto3 has no defaults"
    if slot.node.option("default") is not None and (slot.is_repeated or _is_message(coding)):
        return "only a single value has a default"
    if slot.is_map and slot.oneof is not None:
        return "a map cannot stand in a oneof"
    if slot.node.option("packed") is not None and not _is_list_of_numbers(coding):
        return "only lists of numbers are packed"
    if (
        is_proto3
        and slot.type is not None
        and isinstance(slot.type.node, Enum)
        and schema.slots.is_closed(slot.type)
    ):
        return f"proto3 cannot use `{slot.type.name}`, an enum of proto2"
    return ""


def _is_message(coding: Coding | None) -> bool:
    return (
        coding is not None
        and coding.wire_type in (WireType.LENGTH, WireType.GROUP)
        and coding.kind not in _TEXTS
    )


def _is_list_of_numbers(coding: Coding | None) -> bool:
    return coding is not None and coding.is_repeated and coding.can_be_packed


def _extension_problem(schema: ProtobufSchema, extended: str, scope: str, field: Field) -> str:
    found = schema.definitions.type(extended, scope)
    if found is None or not isinstance(found.node, Message):
        return f"it extends `{extended}`, which is no message"
    if schema.file.is_proto3 and not found.name.startswith("google.protobuf."):
        return "proto3 extends nothing but options"
    if not any(field.tag in each for one in found.node.extensions for each in one.ranges):
        return f"`{extended}` does not leave the number {field.tag} to extensions"
    if isinstance(field.type, MapType):
        return "an extension cannot be a map"
    return ""


def _not_allowed(place: str, where: str, problem: str) -> ProtobufDifference:
    return lone(rules.DECLARATION_NOT_ALLOWED, place, {"where": where, "problem": problem})
