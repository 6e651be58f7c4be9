"""From a schema as somebody wrote it to one that is known to be valid."""

from collections.abc import Mapping

from accord.schemas.avro.schema import parse_avro
from accord.schemas.errors import UnsupportedSchemaType
from accord.schemas.model import ParsedSchema, Schema, SchemaType


def parse(schema: Schema, *, referenced: Mapping[str, Schema] | None = None) -> ParsedSchema:
    """Check ``schema`` and return it parsed.

    ``referenced`` holds, by reference name, every schema that this one needs, directly or through others, in an
    order in which each follows what it needs itself. Raises InvalidSchema, which names the place.
    """
    if schema.type is not SchemaType.AVRO:
        raise UnsupportedSchemaType(
            f"schemas of type {schema.type} are not supported yet", hint="use schema type AVRO"
        )
    return parse_avro(schema, referenced or {})
