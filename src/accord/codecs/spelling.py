"""Values of any format <-> JSON that loses nothing.

spelling = spelling_for(schema, codec)
json.dumps(spelling.spell(codec.decode(body)))
body = codec.encode(spelling.read(json.loads(text)))      # raises InvalidEvent with the field's path

Avro's logical types are text (see ``accord.codecs.avro.spelling``). JSON Schema's values are JSON already. Protobuf's are
spelled as its own JSON is, with fields named as in the .proto file and 64-bit numbers as numbers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accord.codecs.avro.spelling import AvroSpelling
from accord.codecs.codec import Codec
from accord.codecs.selection import resolved
from accord.schemas import ParsedSchema, Schema, SchemaType


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the values of one schema are spelled in JSON.

    ``read`` raises InvalidEvent for what is no spelling of a value; the codec's strictness comes on top of it.
    """

    spell: Callable[[Any], Any]
    read: Callable[[Any], Any]


def spelling_for(
    schema: Schema | ParsedSchema, codec: Codec[Any], *, referenced: Mapping[str, Schema] | None = None
) -> Spelling:
    """How values are spelled that ``codec``, which is one for ``schema`` without a model, reads and writes.

    A parsed schema brings what it refers to.
    """
    if schema.type is SchemaType.AVRO:
        avro = AvroSpelling(resolved(schema), referenced or {})
        return Spelling(avro.spell, avro.read)
    if schema.type is SchemaType.PROTOBUF:
        # Loading Protobuf takes a while, and most have none.
        from accord.codecs.protobuf.spelling import message_reader, spell  # noqa: PLC0415

        return Spelling(spell, message_reader(schema, codec, referenced or {}))
    return Spelling(_as_it_is, _as_it_is)


def _as_it_is(value: Any) -> Any:  # noqa: ANN401 -- whatever JSON holds
    return value
