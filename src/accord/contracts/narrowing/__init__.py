"""A schema with the fields alone that somebody reads: what is left is what a change can hurt.

narrow = narrowed(parsed, ("order_id", "lines.sku"))
narrow.schema                                     # reads and writes these fields; another one no more
narrow.unknown                                    # the fields that the schema does not have
"""

from collections.abc import Collection, Mapping

from accord.contracts.narrowing.avro import narrowed_avro
from accord.contracts.narrowing.jsonschema import narrowed_json
from accord.contracts.narrowing.paths import Narrowed, Paths
from accord.schemas import ParsedSchema, Schema, SchemaType, parse

__all__ = ["Narrowed", "narrowed", "parsed_with"]


def narrowed(
    schema: ParsedSchema, fields: Collection[str], *, referenced: Mapping[str, Schema] | None = None
) -> Narrowed:
    """``schema`` with these ``fields`` alone, by their dotted names; a name keeps all that is inside its field.

    A dotted name leads through arrays, maps, unions and optional values as if they were not there. A narrowed JSON Schema
    takes whatever else an object holds. ``referenced`` is what a Protobuf schema refers to, by reference name: fields of
    imported messages are known by it. They are kept whole, as those of JSON Schemas that others define.
    """
    paths = Paths.of(fields)
    match schema.type:
        case SchemaType.AVRO:
            return narrowed_avro(schema, paths)
        case SchemaType.JSON:
            return narrowed_json(schema, paths)
        case SchemaType.PROTOBUF:
            # Its library takes longer to load than all the others.
            from accord.contracts.narrowing.protobuf import narrowed_protobuf  # noqa: PLC0415

            return narrowed_protobuf(schema, paths, referenced or {})


def parsed_with(schema: ParsedSchema, fields: Collection[str]) -> ParsedSchema:
    """``schema`` with these fields alone, ready to be used; names that it does not have are passed over."""
    narrow = narrowed(schema, fields, referenced=schema.referenced).schema
    # A narrowed Avro schema has in itself what it refers to.
    referenced = {} if schema.type is SchemaType.AVRO else schema.referenced
    return parse(narrow, referenced=referenced, strict=False)
