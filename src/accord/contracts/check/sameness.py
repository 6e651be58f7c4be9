"""Whether two schemas say the same or are called the same, also where one of them comes from files and the other from a registry."""

from collections.abc import Mapping
from typing import Final

from accord.schemas import InvalidSchema, ParsedSchema, Schema, SchemaType, parse
from accord.schemas.comparison import is_same
from accord.schemas.formats import format_of

_UNTITLED: Final = "object"


def says_the_same(one: ParsedSchema, other: ParsedSchema) -> bool:
    """Whether both say the same in the same words, and so does what they refer to, however it is laid out."""
    if one is other or is_same(one, other):
        return True
    if one.type is not other.type or one.canonical != other.canonical:
        return False
    # A registry stores what is referred to in a spelling of its own.
    return bool(one.referenced) and _canonical(one.referenced) == _canonical(other.referenced)


def title_of(schema: ParsedSchema) -> str | None:
    """What a schema is called in its own text: its outermost type, or a title; None where it has no name."""
    entities = format_of(schema.type).entities(schema)
    name = next((one.entity_path for one in entities if one.entity_type == "sr_record"), None)
    return None if schema.type is SchemaType.JSON and name == _UNTITLED else name


def _canonical(referenced: Mapping[str, Schema]) -> Mapping[str, str]:
    known: dict[str, Schema] = {}
    texts: dict[str, str] = {}
    for name, schema in referenced.items():
        try:
            texts[name] = parse(schema, referenced=known, strict=False).canonical
        except InvalidSchema:
            texts[name] = schema.text
        known[name] = schema
    return texts
