"""From a schema to the codec of its format."""

from collections.abc import Mapping
from typing import Any, TypeVar, overload

from accord.codecs.avro import avro_codec
from accord.codecs.codec import Codec
from accord.schemas import ParsedSchema, Schema, SchemaType, UnsupportedSchemaType

V = TypeVar("V")


@overload
def codec_for(
    schema: Schema | ParsedSchema,
    *,
    model: type[V],
    reader: Schema | ParsedSchema | None = None,
    referenced: Mapping[str, Schema] | None = None,
) -> Codec[V]: ...
@overload
def codec_for(
    schema: Schema | ParsedSchema,
    *,
    model: None = None,
    reader: Schema | ParsedSchema | None = None,
    referenced: Mapping[str, Schema] | None = None,
) -> Codec[Any]: ...
def codec_for(
    schema: Schema | ParsedSchema,
    *,
    model: type[Any] | None = None,
    reader: Schema | ParsedSchema | None = None,
    referenced: Mapping[str, Schema] | None = None,
) -> Codec[Any]:
    """The codec of records written with ``schema``, compiled once: keep it.

    Values are instances of ``model`` (a dataclass), or dicts without one. With a ``reader`` schema, decoding gives what
    that schema makes of the record, and ``model`` belongs to it; encoding then takes dicts. ``referenced`` holds, by
    reference name, the schemas that ``schema`` refers to, each after what it needs itself; a parsed schema, of the reader
    too, brings its own. A dict is written as the first branch of a union whose fields take its values: of records with
    the same fields and types only a ``model`` tells which.

    Raises InvalidSchema, ModelDoesNotFit, or InvalidData if the reader cannot read anything that is written.
    """
    written = _text_of(schema)
    if written.type is not SchemaType.AVRO:
        raise UnsupportedSchemaType(
            f"records of schema type {written.type} cannot be read or written here",
            hint="this edition encodes Avro",
        )
    return avro_codec(
        written,
        model=model,
        reader=_text_of(reader) if reader is not None else None,
        referenced=referenced or {},
    )


def _text_of(schema: Schema | ParsedSchema) -> Schema:
    if isinstance(schema, Schema):
        return schema
    return Schema(schema.formatted("resolved"), schema.type)
