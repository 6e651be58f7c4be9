"""What the syntax of a file does not go with."""

from collections.abc import Iterator

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.checks.fields import field_problem
from accord.schemas.protobuf.checks.lone import lone, messages_of, words_for
from accord.schemas.protobuf.checks.reservations import reservation_problem
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.model import Field, Label, MapType, Message, Word, option_in
from accord.schemas.protobuf.resolution import Defined, all_groups, extends_in, within
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.protobuf.text.editing import package_spans


def of_syntax(schema: ProtobufSchema) -> Iterator[ProtobufDifference]:
    """One for each declaration that is not allowed where it stands."""
    if len(package_spans(schema.text)) > 1:
        yield _not_allowed("", "the file", "it declares its package more than once")
    for name, message in messages_of(schema):
        for problem in _of_message(schema, message):
            yield _not_allowed(name, words_for(schema, name), problem)
        yield from _of_parts(schema, name, message)
        for slot in schema.slots.of(Defined(name, message, "")).values():
            problem = "" if slot.is_extension else field_problem(schema, slot)
            if problem:
                yield _not_allowed(slot.place, words_for(schema, name, slot.name), problem)
    for extend, scope in extends_in(schema.file):
        for field in extend.fields:
            problem = _of_extension(schema, extend.name.name, scope, field)
            if problem:
                where = words_for(schema, scope, field.name)
                yield _not_allowed(within(scope, field.name), where, problem)


def _of_message(schema: ProtobufSchema, message: Message) -> Iterator[str]:
    extensions = [each for one in message.extensions for each in one.ranges]
    problem = reservation_problem(message.reserved, extensions)
    if problem:
        yield problem
    reserved = [each for one in message.reserved for each in one.ranges]
    if any(one.first < 1 for one in (*reserved, *extensions)):
        yield "a range of numbers begins below 1"
    if schema.file.is_proto3 and extensions:
        yield "messages of proto3 leave no numbers to extensions"
    is_message_set = option_in(message.options, "message_set_wire_format") == Word("true")
    if is_message_set and (schema.file.is_proto3 or next(message.all_fields, None) is not None):
        yield "a message set is of proto2 and has no fields"


def _of_parts(schema: ProtobufSchema, name: str, message: Message) -> Iterator[ProtobufDifference]:
    for oneof in message.oneofs:
        if not oneof.fields and not oneof.groups:
            place, where = within(name, oneof.name), words_for(schema, name, oneof.name)
            yield _not_allowed(place, where, "a oneof has at least one field")
    for group in all_groups(message):
        place, where = within(name, group.field_name), words_for(schema, name, group.name)
        if schema.file.is_proto3:
            yield _not_allowed(place, where, "proto3 has no groups")
        elif not group.name[:1].isupper():
            yield _not_allowed(place, where, "the name of a group begins with a capital letter")


def _of_extension(schema: ProtobufSchema, extended: str, scope: str, field: Field) -> str:
    found = schema.definitions.type(extended, scope)
    if found is None or not isinstance(found.node, Message):
        return f"it extends `{extended}`, which is no message"
    if schema.file.is_proto3 and not found.name.startswith("google.protobuf."):
        return "proto3 extends nothing but options"
    if not any(field.tag in each for one in found.node.extensions for each in one.ranges):
        return f"`{extended}` does not leave the number {field.tag} to extensions"
    if isinstance(field.type, MapType):
        return "an extension cannot be a map"
    return "an extension cannot be required" if field.label is Label.REQUIRED else ""


def _not_allowed(place: str, where: str, problem: str) -> ProtobufDifference:
    return lone(rules.DECLARATION_NOT_ALLOWED, place, {"where": where, "problem": problem})
