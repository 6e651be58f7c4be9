"""Maps as they are meant: a descriptor, and text that was made of one, has a message for the entries of each."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from accord.schemas.protobuf.model import Field, File, MapType, Message, NamedType, Word, option_in
from accord.schemas.protobuf.resolution import TypeNode, candidates, scope_of, types_in, within
from accord.schemas.protobuf.text.parse import MAP_KEYS


def with_maps(file: File) -> File:
    """``file`` with ``map<key, value>`` in place of lists of such messages, which are left out."""
    types = dict(types_in(file))
    if not any(isinstance(node, Message) and map_of(node) for node in types.values()):
        return file
    return replace(file, messages=_messages(file.messages, scope_of(file), types))


def map_of(message: Message) -> MapType | None:
    """The map whose entries ``message`` is for."""
    if option_in(message.options, "map_entry") != Word("true"):
        return None
    types = {(field.name, field.tag): field.type for field in message.fields}
    key, value = types.get(("key", 1)), types.get(("value", 2))
    if not (isinstance(key, NamedType) and isinstance(value, NamedType) and key.name in MAP_KEYS):
        return None
    return MapType(key, value)


def _messages(messages: Iterable[Message], scope: str, types: Mapping[str, TypeNode]) -> tuple[Message, ...]:
    return tuple(_message(one, within(scope, one.name), types) for one in messages if map_of(one) is None)


def _message(message: Message, full: str, types: Mapping[str, TypeNode]) -> Message:
    fields = tuple(_field(field, full, types) for field in message.fields)
    return replace(message, fields=fields, messages=_messages(message.messages, full, types))


def _field(field: Field, scope: str, types: Mapping[str, TypeNode]) -> Field:
    if isinstance(field.type, MapType):
        return field
    node = next((types[name] for name in candidates(field.type.name, scope) if name in types), None)
    found = map_of(node) if isinstance(node, Message) else None
    return field if found is None else replace(field, label=None, type=replace(found, span=field.type.span))
