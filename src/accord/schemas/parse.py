"""From a schema as somebody wrote it to one that is known to be valid."""

from collections.abc import Mapping

from accord.schemas.formats import format_of
from accord.schemas.model import ParsedSchema, Schema


def parse(
    schema: Schema, *, referenced: Mapping[str, Schema] | None = None, strict: bool = True
) -> ParsedSchema:
    """Check ``schema`` and return it parsed.

    ``referenced`` holds, by reference name, every schema that this one needs, directly or through others, in an
    order in which each follows what it needs itself. With ``strict=False``, for schemas that were stored without
    checks, names and defaults are taken as they are. Raises InvalidSchema, which names the place.
    """
    return format_of(schema.type).parse(schema, referenced or {}, strict=strict)
