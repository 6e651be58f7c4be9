"""The Avro codec: both directions, compiled once."""

from collections.abc import Mapping
from typing import Any

from accord.codecs.avro.binding import PLAIN, bind
from accord.codecs.avro.decoding import compile_decoder
from accord.codecs.avro.encoding import compile_encoder
from accord.codecs.avro.types import load
from accord.codecs.codec import Codec, plain_codec
from accord.schemas import Schema


def avro_codec(
    writer: Schema, *, model: type | None, reader: Schema | None, referenced: Mapping[str, Schema]
) -> Codec[Any]:
    """Encode with the writer's schema; decode what it wrote, as the reader's schema if there is one.

    Raises InvalidSchema, ModelDoesNotFit, or InvalidData if the reader cannot read what the writer writes.
    """
    written = load(writer, referenced)
    read = load(reader) if reader is not None else written
    binding = bind(model, read) if model else PLAIN
    return plain_codec(
        compile_encoder(written, binding if reader is None else PLAIN),
        compile_decoder(written, read, binding),
    )
