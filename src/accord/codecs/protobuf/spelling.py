"""Protobuf values <-> JSON, as Protobuf's own JSON has it: bytes in base64, moments in ISO 8601, durations in seconds.

Fields are named as in the .proto file, fields that are not set are null or their default, and 64-bit numbers are numbers:
JSON has no limit for these, whatever some of its readers have.
"""

import base64
import math
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from google.protobuf.json_format import ParseDict, ParseError
from google.protobuf.message_factory import GetMessageClass

from accord.codecs.codec import Codec
from accord.codecs.errors import InvalidEvent
from accord.codecs.protobuf.file import ProtobufFile
from accord.schemas import ParsedSchema, Schema

_SECOND: Final = timedelta(seconds=1)
_MICROSECOND: Final = timedelta(microseconds=1)


def spell(value: Any) -> Any:  # noqa: ANN401 -- what a codec without a model reads
    """The value as JSON."""
    match value:
        case dict():
            return {name: spell(item) for name, item in value.items()}
        case list():
            return [spell(item) for item in value]
        case bytes():
            return base64.b64encode(value).decode()
        case float() if not math.isfinite(value):
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        case timedelta():
            sign = "-" if value < timedelta() else ""
            seconds, rest = divmod(abs(value), _SECOND)
            return f"{sign}{seconds}.{rest // _MICROSECOND:06}s" if rest else f"{sign}{seconds}s"
        case _:
            return value


def message_reader(
    schema: Schema | ParsedSchema, codec: Codec[Any], referenced: Mapping[str, Schema]
) -> Callable[[Any], Any]:
    """What reads the JSON of the first message of ``schema`` into a value that ``codec`` writes. Raises InvalidEvent."""
    file = ProtobufFile.of(schema, referenced)
    class_ = GetMessageClass(file.message(file.name_for(None)))

    def read(spelled: Any) -> Any:  # noqa: ANN401
        if not isinstance(spelled, dict):
            raise InvalidEvent(f"{spelled!r} is no message: an object with its fields")
        try:
            message = ParseDict(spelled, class_())
        except ParseError as error:
            raise InvalidEvent(str(error)) from error
        return codec.decode(message.SerializeToString())

    return read
