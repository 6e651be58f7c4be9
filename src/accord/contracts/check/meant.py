"""Which fields a finding about two schemas is about."""

import re
from typing import Final

from accord.findings import Finding, Side
from accord.schemas import ParsedSchema
from accord.schemas.fields import fields_at, fields_of

_KEYWORD: Final = "/required"
_REQUIRED: Final = re.compile(r"/required/([^/]+)$")


def fields_meant(
    finding: Finding, reader: ParsedSchema | None, writer: ParsedSchema | None
) -> tuple[str, ...]:
    """The dotted names of the field, as the reader has it, or else as the writer does; none where it is about the whole.

    A field of a type that is used in several places has several names.
    """
    for schema, side in ((reader, finding.reader), (writer, finding.writer)):
        names = () if schema is None else fields_on(finding, side, schema)
        if names:
            return names
    return ()


def fields_on(finding: Finding, side: Side, schema: ParsedSchema) -> tuple[str, ...]:
    """The same for one ``side``, whose schema it is."""
    if not side.path:
        return ()
    required = _REQUIRED.search(finding.path) if side.path.endswith(_KEYWORD) else None
    if required is None:
        return fields_at(schema, side.path)
    # The list of what is required stands beside the properties; only its place in Confluent's words has the name.
    around = fields_at(schema, side.path.removesuffix(_KEYWORD)) or ("",)
    there = fields_of(schema)
    names = (f"{one}.{required[1]}".removeprefix(".") for one in around)
    return tuple(name for name in names if name in there)
