"""The Avro codec: both directions, compiled once."""

from collections.abc import Callable, Mapping
from typing import Any

from accord.codecs.avro.binding import PLAIN, bind
from accord.codecs.avro.reading import decoder
from accord.codecs.avro.resolution import Unreadable, resolve
from accord.codecs.avro.types import load
from accord.codecs.avro.writing import encoder
from accord.codecs.codec import Codec, plain_codec
from accord.codecs.errors import DataFault, InvalidData
from accord.schemas import InvalidSchema, Schema


def avro_codec(
    writer: Schema, *, model: type | None, reader: Schema | None, referenced: Mapping[str, Schema]
) -> Codec[Any]:
    """Encode with the writer's schema; decode what it wrote, as the reader's schema if there is one.

    Raises InvalidSchema, ModelDoesNotFit, or InvalidData if the reader cannot read what the writer writes.
    """
    try:
        return _codec(writer, model, reader, referenced)
    except Unreadable as error:
        raise InvalidData(
            f"the writer's schema cannot be read as the reader's: {error}",
            fault=DataFault.NOT_READABLE_AS_CONTRACT,
            hint="the two are incompatible; look at the compatibility level of the subject",
        ) from error
    except RecursionError:
        raise InvalidSchema(
            "the schema is nested too deeply", hint="let records lie less deep within each other"
        ) from None


def _codec(
    writer: Schema, model: type | None, reader: Schema | None, referenced: Mapping[str, Schema]
) -> Codec[Any]:
    written = load(writer, referenced)
    read = load(reader) if reader is not None else written
    binding = bind(model, read) if model else PLAIN
    plan = resolve(written, read, binding)
    if reader is None:
        return plain_codec(encoder(written, binding), decoder(plan))
    return plain_codec(_when_needed(lambda: encoder(written, PLAIN)), decoder(plan))


def _when_needed(make: Callable[[], Callable[[Any], bytes]]) -> Callable[[Any], bytes]:
    """Who reads as another schema hardly ever writes, and making the code takes a while."""
    made: Callable[[Any], bytes] | None = None

    def encode(value: object) -> bytes:
        nonlocal made
        if made is None:
            made = make()
        return made(value)

    return encode
