"""Names: that each stands for one thing in its scope, in JSON too, and which words are names."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.checks.lone import fields_of, lone, messages_of, name_of, words_for
from accord.schemas.protobuf.comparison.difference import Declaration, ProtobufDifference
from accord.schemas.protobuf.descriptors.field_values import entry_name
from accord.schemas.protobuf.model import Enum, Extend, Field, Group, MapType, Message, Word, option_in
from accord.schemas.protobuf.resolution import Defined, all_groups, scope_of, types_in, within
from accord.schemas.protobuf.schema import ProtobufSchema

_LEGACY: Final = "deprecated_legacy_json_field_conflicts"
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class _Named(NamedTuple):
    """A name and what it is the name of."""

    name: str
    node: Declaration | None


def of_names(schema: ProtobufSchema) -> Iterator[ProtobufDifference]:
    """One for each name that is declared twice, or is none."""
    scope = scope_of(schema.file)
    yield from _of_scope(schema, scope, [*_in_file(schema)])
    for name, message in messages_of(schema):
        yield from _of_scope(schema, name, [*_in_message(message)])
        yield from _of_json(schema, name, message)
    for name, node in types_in(schema.file):
        if isinstance(node, Group):
            yield from _of_scope(schema, name, [_Named(field.name, field) for field in node.fields])
    for service in schema.file.services:
        methods = [_Named(rpc.name, service) for rpc in service.rpcs]
        yield from _of_scope(schema, within(scope, service.name), methods)


def _in_file(schema: ProtobufSchema) -> Iterator[_Named]:
    file = schema.file
    yield from (_Named(message.name, message) for message in file.messages)
    yield from (_Named(service.name, service) for service in file.services)
    yield from _of_enums_and_extensions(file.enums, file.extends)


def _in_message(message: Message) -> Iterator[_Named]:
    for field in fields_of(message):
        yield _Named(name_of(field), field)
        if isinstance(field, Field) and isinstance(field.type, MapType):
            yield _Named(entry_name(field.name), field)
    yield from (_Named(group.name, group) for group in all_groups(message) if group.name != group.field_name)
    yield from (_Named(oneof.name, oneof) for oneof in message.oneofs)
    yield from (_Named(inner.name, inner) for inner in message.messages)
    yield from _of_enums_and_extensions(message.enums, message.extends)


def _of_enums_and_extensions(enums: tuple[Enum, ...], extends: tuple[Extend, ...]) -> Iterator[_Named]:
    """Constants stand beside their enum, and extensions beside the message that they are declared in."""
    for enum in enums:
        yield _Named(enum.name, enum)
        yield from (_Named(constant.name, constant) for constant in enum.constants)
    for extend in extends:
        yield from (_Named(field.name, field) for field in extend.fields)


def _of_scope(schema: ProtobufSchema, scope: str, named: list[_Named]) -> Iterator[ProtobufDifference]:
    seen: set[str] = set()
    told: set[str] = set()
    for one in named:
        if _NAME.fullmatch(one.name) is None:
            problem = "a name is made of letters, digits and underscores, and does not begin with a digit"
            facts = {"where": words_for(schema, scope, one.name), "problem": problem}
            yield lone(rules.DECLARATION_NOT_ALLOWED, within(scope, one.name), facts, one.node)
        if one.name in seen and one.name not in told:
            told.add(one.name)
            facts = {"what": "the name", "name": f"`{one.name}`", "owner": words_for(schema, scope)}
            yield lone(rules.NAME_DUPLICATED, within(scope, one.name), facts, one.node)
        seen.add(one.name)


def _of_json(schema: ProtobufSchema, name: str, message: Message) -> Iterator[ProtobufDifference]:
    """Of fields with one name in JSON."""
    if option_in(message.options, _LEGACY) == Word("true"):
        return
    seen: dict[str, str] = {}
    for slot in schema.slots.of(Defined(name, message, "")).values():
        other = seen.setdefault(slot.json_name, slot.name)
        if other != slot.name and not slot.is_extension:
            facts = {
                "what": "the JSON name",
                "name": f"`{slot.json_name}`, of `{other}` and of `{slot.name}`,",
                "owner": words_for(schema, name),
            }
            yield lone(rules.NAME_DUPLICATED, slot.place, facts, slot.node)
