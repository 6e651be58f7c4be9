"""From a schema to the codec of its format."""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar, assert_never, overload

from accord.codecs.codec import Codec
from accord.codecs.errors import DataFault, InvalidData
from accord.schemas import ParsedSchema, Schema, SchemaType

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

    Values are instances of ``model`` (a dataclass, a msgspec Struct, a pydantic model or, for Protobuf, a generated
    message class), or dicts without one. With a ``reader`` schema, decoding gives what that schema makes of the record,
    and ``model`` belongs to it; encoding then takes dicts. ``referenced`` holds, by reference name, the schemas that
    ``schema`` refers to, each after what it needs itself; a parsed schema, of the reader too, brings its own.

    Avro: a dict is written as the first branch of a union whose fields take its values; of records with the same fields
    and types only a ``model`` tells which. JSON: records are validated on both sides, and formats when they are written;
    without a model values are what Python's ``json`` makes of them, and Decimals may be written.

    Raises InvalidSchema, ModelDoesNotFit, or InvalidData if the reader cannot read anything that is written.
    """
    kind = schema.type
    if reader is not None and reader.type is not kind:
        raise InvalidData(
            f"records of schema type {kind} cannot be read as {reader.type}",
            fault=DataFault.NOT_READABLE_AS_CONTRACT,
            hint="read them with a schema of the type that they were written with",
        )
    return _codec_of(kind)(schema, model=model, reader=reader, referenced=referenced or {})


def derive_schema(model: type, *, namespace: str | None = None, type: SchemaType = SchemaType.AVRO) -> Schema:
    """The schema of ``model``, named after it, in ``namespace``.

    A Protobuf schema follows from generated message classes alone, and has their names. Raises ModelDoesNotFit with what
    in the class has no form in schemas of that ``type``.
    """
    if type is SchemaType.AVRO:
        from accord.codecs.avro import derive_schema as derive_avro  # noqa: PLC0415 -- see below

        return derive_avro(model, namespace=namespace)
    if type is SchemaType.JSON:
        from accord.codecs.jsonschema import derive_schema as derive_json  # noqa: PLC0415 -- see below

        return derive_json(model, namespace=namespace)
    if type is SchemaType.PROTOBUF:
        from accord.codecs.protobuf.derivation import derive_schema as derive_protobuf  # noqa: PLC0415 -- see below

        return derive_protobuf(model)
    assert_never(type)


class _MakesCodecs(Protocol):
    def __call__(
        self,
        schema: Schema | ParsedSchema,
        /,
        *,
        model: type[Any] | None,
        reader: Schema | ParsedSchema | None,
        referenced: Mapping[str, Schema],
    ) -> Codec[Any]: ...


def _codec_of(kind: SchemaType) -> _MakesCodecs:
    """What makes codecs of that type, loaded when it is needed first: the libraries behind some take long to load."""
    if kind is SchemaType.AVRO:
        return _avro_codec
    if kind is SchemaType.JSON:
        from accord.codecs.jsonschema import json_codec  # noqa: PLC0415 -- see above

        return json_codec
    if kind is SchemaType.PROTOBUF:
        from accord.codecs.protobuf import protobuf_codec  # noqa: PLC0415 -- see above

        return protobuf_codec
    assert_never(kind)


def _avro_codec(
    writer: Schema | ParsedSchema,
    *,
    model: type[Any] | None,
    reader: Schema | ParsedSchema | None,
    referenced: Mapping[str, Schema],
) -> Codec[Any]:
    from accord.codecs.avro import avro_codec  # noqa: PLC0415 -- see above

    read_as = resolved(reader) if reader is not None else None
    return avro_codec(resolved(writer), model=model, reader=read_as, referenced=referenced)


def resolved(schema: Schema | ParsedSchema) -> Schema:
    """A schema that needs no others, if it was parsed with them."""
    if isinstance(schema, Schema):
        return schema
    return Schema(schema.formatted("resolved"), schema.type)
