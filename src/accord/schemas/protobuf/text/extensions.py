"""A .proto file without what only extensions are about: added fields, the numbers left to them, custom options.

The options that Confluent defines stay, tags among them: every client knows those.
"""

from dataclasses import replace
from typing import Final, TypeVar

from accord.schemas.protobuf.descriptors.option_setter import is_custom
from accord.schemas.protobuf.model import (
    Enum,
    EnumConstant,
    Field,
    File,
    Message,
    OneOf,
    Options,
    Rpc,
    Service,
)

_CONFLUENT: Final = "confluent."
_Optioned = TypeVar("_Optioned", EnumConstant, Field, Rpc)


def without_extensions(file: File) -> File:
    """``file`` without them; the messages stay where they are."""
    return replace(
        file,
        options=_plain(file.options),
        messages=tuple(map(_message, file.messages)),
        enums=tuple(map(_enum, file.enums)),
        extends=(),
        services=tuple(map(_service, file.services)),
    )


def _message(message: Message) -> Message:
    return replace(
        message,
        options=_plain(message.options),
        fields=tuple(map(_stripped, message.fields)),
        oneofs=tuple(map(_oneof, message.oneofs)),
        groups=tuple(replace(one, fields=tuple(map(_stripped, one.fields))) for one in message.groups),
        messages=tuple(map(_message, message.messages)),
        enums=tuple(map(_enum, message.enums)),
        extends=(),
        extensions=(),
    )


def _oneof(oneof: OneOf) -> OneOf:
    fields = tuple(map(_stripped, oneof.fields))
    groups = tuple(replace(one, fields=tuple(map(_stripped, one.fields))) for one in oneof.groups)
    return replace(oneof, options=_plain(oneof.options), fields=fields, groups=groups)


def _enum(enum: Enum) -> Enum:
    return replace(enum, options=_plain(enum.options), constants=tuple(map(_stripped, enum.constants)))


def _service(service: Service) -> Service:
    return replace(service, options=_plain(service.options), rpcs=tuple(map(_stripped, service.rpcs)))


def _stripped(one: _Optioned) -> _Optioned:
    return replace(one, options=_plain(one.options))


def _plain(options: Options) -> Options:
    return tuple(
        option for option in options if not is_custom(option) or option.path[0].name.startswith(_CONFLUENT)
    )
