"""From a schema as somebody wrote it to one that is known to be valid."""

from collections.abc import Mapping

from accord.schemas.model import ParsedSchema, Schema


def parse(schema: Schema, *, referenced: Mapping[str, Schema] | None = None) -> ParsedSchema:
    """Check ``schema`` and return it parsed.

    ``referenced`` holds, by reference name, every schema that this one needs, directly or through others, in an
    order in which each follows what it needs itself. Raises InvalidSchema, which names the place.
    """
    raise NotImplementedError
