"""Whether two schemas say the same, also where one of them comes from files and the other from a registry."""

from collections.abc import Mapping

from accord.schemas import InvalidSchema, ParsedSchema, Schema, parse
from accord.schemas.comparison import is_same


def says_the_same(one: ParsedSchema, other: ParsedSchema) -> bool:
    """Whether both say the same in the same words, and so does what they refer to, however it is laid out."""
    if one is other or is_same(one, other):
        return True
    if one.type is not other.type or one.canonical != other.canonical:
        return False
    # A registry stores what is referred to in a spelling of its own.
    return bool(one.referenced) and _canonical(one.referenced) == _canonical(other.referenced)


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
