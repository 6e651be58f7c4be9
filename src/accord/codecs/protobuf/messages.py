"""Messages of the Protobuf library <-> bytes, with this project's errors."""

from collections.abc import Callable
from functools import partial
from typing import Any

from google.protobuf.message import DecodeError, EncodeError, Message

from accord.codecs.codec import Decode
from accord.codecs.errors import DataFault, InvalidData, InvalidEvent
from accord.codecs.protobuf.file import descriptor_of
from accord.codecs.protobuf.matching import holds_maps, needs_fields
from accord.codecs.protobuf.wellknown import DynamicMessage

_DAMAGED_HINT = "the bytes are damaged, or were written with another schema than the one they name"


def serializer(class_: type[Message]) -> Callable[[Any], bytes]:
    """Writes instances of ``class_``, the same ones always to the same bytes. Raises EncodeError."""
    serialize = class_.SerializeToString
    return partial(serialize, deterministic=True) if holds_maps(descriptor_of(class_)) else serialize


def unwritable(message: DynamicMessage, error: EncodeError) -> InvalidEvent:
    """Why the library does not write a message."""
    missing = message.FindInitializationErrors()
    if missing:
        return InvalidEvent("it is required, and not set", path=missing[0])
    return InvalidEvent(str(error))


def parser(class_: type[Message]) -> Decode[Any]:
    """Reads instances of ``class_``; see ``Decode``."""
    parse, name = class_.FromString, descriptor_of(class_).full_name

    def decode(data: bytes, start: int = 0, /) -> Any:  # noqa: ANN401 -- an instance of the class
        try:
            return parse(data[start:])
        except DecodeError as error:
            raise InvalidData(
                f"the bytes are no {name}", fault=DataFault.MALFORMED, hint=_DAMAGED_HINT
            ) from error

    return _complete(decode) if needs_fields(descriptor_of(class_)) else decode


def _complete(parse: Decode[Any]) -> Decode[Any]:
    def decode(data: bytes, start: int = 0, /) -> Any:  # noqa: ANN401 -- an instance of the class
        message = parse(data, start)
        if message.IsInitialized():
            return message
        raise InvalidData(
            "it is required, and not there",
            fault=DataFault.MALFORMED,
            path=message.FindInitializationErrors()[0],
            hint=_DAMAGED_HINT,
        )

    return decode
