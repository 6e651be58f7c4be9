"""The fields of the messages of a Protobuf schema by dotted name."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias

from accord.schemas.field import SchemaField, fields_within
from accord.schemas.protobuf.model import Enum, Field, Group, Label, MapType, Message, Text
from accord.schemas.protobuf.resolution import TypeNode, all_groups, scope_of, within
from accord.schemas.protobuf.schema import ProtobufSchema

_Within: TypeAlias = tuple[Sequence[tuple[str, TypeNode]], str, tuple[str, ...]]
"""Messages by full name, what the names of their fields begin with, and the messages around them."""


def fields_of(schema: ProtobufSchema) -> Mapping[str, SchemaField]:
    """See ``accord.schemas.fields``; they are the fields of the outermost messages, each name once."""
    scope = scope_of(schema.file)
    start: _Within = ([(within(scope, one.name), one) for one in schema.file.messages], "", ())
    return fields_within(start, lambda inside: _fields_in(schema, inside))


def _fields_in(schema: ProtobufSchema, inside: _Within) -> Iterator[tuple[SchemaField, _Within]]:
    messages, prefix, around = inside
    for full, node in messages:
        if full in around or isinstance(node, Enum):
            continue
        for field in _own_fields(node):
            name = f"{prefix}{field.field_name if isinstance(field, Group) else field.name}"
            held = list(_held(schema, field, full))
            yield _told(schema, field, name, full), (held, f"{name}.", (*around, full))


def _held(schema: ProtobufSchema, field: Field | Group, scope: str) -> Iterator[tuple[str, TypeNode]]:
    """The message that a field holds, or the values of a map."""
    if isinstance(field, Group):
        yield within(scope, field.name), field
        return
    used = field.type.value if isinstance(field.type, MapType) else field.type
    defined = schema.definitions.type(used.name, scope)
    if defined is not None:
        yield defined.name, defined.node


def _own_fields(node: Message | Group) -> Iterator[Field | Group]:
    if isinstance(node, Message):
        yield from node.all_fields
        yield from all_groups(node)
    else:
        yield from node.fields


def _told(schema: ProtobufSchema, field: Field | Group, name: str, scope: str) -> SchemaField:
    own_name = field.field_name if isinstance(field, Group) else field.name
    default = None if isinstance(field, Group) else field.option("default")
    return SchemaField(
        name,
        _words(schema, field, scope),
        within(scope, own_name) if _is_own(schema, scope) else "",
        optional=field.label is not Label.REQUIRED,
        default=None if default is None else default.value if isinstance(default, Text) else str(default),
        number=field.tag,
    )


def _is_own(schema: ProtobufSchema, scope: str) -> bool:
    defined = schema.definitions.types.get(scope)
    return defined is not None and not defined.path


def _words(schema: ProtobufSchema, field: Field | Group, scope: str) -> str:
    """The type in short: `repeated shop.Item`, `map<string, int64>`."""
    if isinstance(field, Group):
        kind = f"group {field.name}"
    elif isinstance(field.type, MapType):
        kind = f"map<{field.type.key}, {schema.definitions.full_name(field.type.value.name, scope)}>"
    else:
        kind = schema.definitions.full_name(field.type.name, scope)
    return f"{field.label} {kind}" if field.label is not None else kind
