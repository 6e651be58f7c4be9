"""A difference that is about one schema alone, and the names that it takes to say so."""

from collections.abc import Iterator, Mapping

from accord.schemas.protobuf.comparison.difference import Declaration, ProtobufDifference
from accord.schemas.protobuf.model import Enum, Field, Group, Message
from accord.schemas.protobuf.resolution import all_groups, types_in
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.rules import Rule


def lone(
    rule: Rule, place: str, facts: Mapping[str, str], node: Declaration | None = None
) -> ProtobufDifference:
    """A difference whose ``place`` is a full name in the one schema, "" for the whole file."""
    return ProtobufDifference(rule, place, place, None, facts, reader=node)


def messages_of(schema: ProtobufSchema) -> Iterator[tuple[str, Message]]:
    """The messages of the text by full name."""
    for name, node in types_in(schema.file):
        if isinstance(node, Message):
            yield name, node


def enums_of(schema: ProtobufSchema) -> Iterator[tuple[str, Enum]]:
    """The enums of the text by full name."""
    for name, node in types_in(schema.file):
        if isinstance(node, Enum):
            yield name, node


def fields_of(message: Message) -> Iterator[Field | Group]:
    """The fields of a message in and outside of oneofs, groups among them, in the order of the text."""
    fields: list[Field | Group] = [*message.all_fields, *all_groups(message)]
    yield from sorted(fields, key=lambda field: field.span.start)


def name_of(field: Field | Group) -> str:
    """The name of the field."""
    return field.field_name if isinstance(field, Group) else field.name


def words_for(schema: ProtobufSchema, scope: str, name: str = "") -> str:
    """What a full name stands for, or ``name`` in it, in words."""
    if scope in ("", schema.file.package):
        return f"`{name}`" if name else "the file"
    owner = f"`{schema.slots.local(scope)}`"
    return f"`{name}` of {owner}" if name else owner
