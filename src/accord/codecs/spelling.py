"""Values of any format <-> JSON that loses nothing.

spelling = spelling_for(schema, codec)
json.dumps(spelling.spell(codec.decode(body)))
body = codec.encode(spelling.read(json.loads(text)))      # raises InvalidEvent with the field's path

Avro's logical types are text (see ``accord.codecs.avro.spelling``). JSON Schema's values are JSON already. Protobuf has a
spelling of its own, with the fields named as in the .proto file.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accord.codecs.avro.spelling import AvroSpelling
from accord.codecs.codec import Codec
from accord.codecs.errors import InvalidEvent
from accord.schemas import Schema, SchemaType


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the values of one schema are spelled in JSON.

    ``read`` raises InvalidEvent for what is no spelling of a value; the codec's strictness comes on top of it.
    """

    spell: Callable[[Any], Any]
    read: Callable[[Any], Any]


def spelling_for(
    schema: Schema, codec: Codec[Any], *, referenced: Mapping[str, Schema] | None = None
) -> Spelling:
    """How values are spelled that ``codec``, which is one for ``schema`` without a model, reads and writes."""
    if schema.type is SchemaType.AVRO:
        avro = AvroSpelling(schema, referenced or {})
        return Spelling(avro.spell, avro.read)
    if schema.type is SchemaType.PROTOBUF:
        return _of_messages(codec)
    return Spelling(_as_it_is, _as_it_is)


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 -- whatever JSON holds
    return value


def _of_messages(codec: Codec[Any]) -> Spelling:
    # Loading Protobuf takes a while, and most have none.
    from google.protobuf.json_format import MessageToDict, ParseDict, ParseError  # noqa: PLC0415

    def spell(message: Any) -> Any:  # noqa: ANN401
        return MessageToDict(message, preserving_proto_field_name=True)

    def read(spelled: Any) -> Any:  # noqa: ANN401
        if not isinstance(spelled, dict):
            raise InvalidEvent(f"{spelled!r} is no message: an object with its fields")
        try:
            # No bytes at all are an empty message of the right class.
            return ParseDict(spelled, codec.decode(b""))
        except ParseError as error:
            raise InvalidEvent(str(error)) from error

    return Spelling(spell, read)
