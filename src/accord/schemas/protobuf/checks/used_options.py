"""The options of a schema, wherever they stand, and the extensions that they are."""

from collections.abc import Iterator
from typing import NamedTuple

from google.protobuf import descriptor_pb2
from google.protobuf.message import Message as ProtoMessage

from accord.schemas.protobuf.comparison.difference import Declaration
from accord.schemas.protobuf.model import Aggregate, Enum, Field, Message, Option, OptionValue, Values
from accord.schemas.protobuf.resolution import Added, extends_in, scope_of, types_in, within
from accord.schemas.protobuf.schema import ProtobufSchema


class UsedOption(NamedTuple):
    """An option of what is called ``name`` in ``scope``, and the class of the message that it is a field of.

    ``node`` is what it stands in, None for the file.
    """

    option: Option
    scope: str
    name: str
    holder: type[ProtoMessage]
    node: Declaration | None = None


def options_of(schema: ProtobufSchema) -> Iterator[UsedOption]:
    """Every option that the text sets."""
    file, scope = schema.file, scope_of(schema.file)
    yield from (UsedOption(one, scope, "", descriptor_pb2.FileOptions) for one in file.options)
    for full, node in types_in(file):
        if isinstance(node, Message):
            yield from _of_message(full, node)
        elif isinstance(node, Enum):
            yield from _of_enum(full, node)
        else:
            yield from _of_fields(full, node.fields)
    for extend, inside in extends_in(file):
        yield from _of_fields(inside, extend.fields)
    for service in file.services:
        full = within(scope, service.name)
        yield from (
            UsedOption(one, full, "", descriptor_pb2.ServiceOptions, service) for one in service.options
        )
        for rpc in service.rpcs:
            yield from (
                UsedOption(one, full, rpc.name, descriptor_pb2.MethodOptions, service) for one in rpc.options
            )


def extensions_used(schema: ProtobufSchema) -> Iterator[Added]:
    """The extensions that the options of the text are, or hold."""
    for used in options_of(schema):
        names = [part.name for part in used.option.path if part.is_extension]
        for name in (*names, *_extensions_in(used.option.value)):
            found = schema.definitions.extension(name, used.scope)
            if found is not None:
                yield found


def _of_message(full: str, message: Message) -> Iterator[UsedOption]:
    yield from (UsedOption(one, full, "", descriptor_pb2.MessageOptions, message) for one in message.options)
    yield from _of_fields(full, tuple(message.all_fields))
    for oneof in message.oneofs:
        yield from (
            UsedOption(one, full, oneof.name, descriptor_pb2.OneofOptions, oneof) for one in oneof.options
        )
    for extensions in message.extensions:
        options = extensions.options
        yield from (
            UsedOption(one, full, "", descriptor_pb2.ExtensionRangeOptions, message) for one in options
        )


def _of_enum(full: str, enum: Enum) -> Iterator[UsedOption]:
    yield from (UsedOption(one, full, "", descriptor_pb2.EnumOptions, enum) for one in enum.options)
    for constant in enum.constants:
        options = constant.options
        yield from (
            UsedOption(one, full, constant.name, descriptor_pb2.EnumValueOptions, constant) for one in options
        )


def _of_fields(full: str, fields: tuple[Field, ...]) -> Iterator[UsedOption]:
    for field in fields:
        options = field.options
        yield from (UsedOption(one, full, field.name, descriptor_pb2.FieldOptions, field) for one in options)


def _extensions_in(value: OptionValue) -> Iterator[str]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Values):
            waiting += one.items
        elif isinstance(one, Aggregate):
            waiting += [inner for _, inner in one.entries]
            yield from (name[1:-1] for name, _ in one.entries if name.startswith("["))
