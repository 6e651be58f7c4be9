"""Parsed schemas that are asked for again and again: reading them is most of the work of a check."""

from typing import TypeAlias

from accord.schemas import ParsedSchema, Reference, Schema, SchemaType, parse

Needed: TypeAlias = tuple[tuple[str, Schema], ...]
"""All that a schema refers to, by name, each after what it needs itself."""

_Key: TypeAlias = tuple[str, SchemaType, tuple[Reference, ...], Needed]


class Readings:
    """The schemas that were read lately, up to so many characters of text; they weigh 10 to 50 times that in bytes.

    When there are more, all are forgotten but the last one, however large that is, because it is about to be compared.
    Several registries of one process, each in a thread of its own, may share them.
    """

    def __init__(self, *, most_characters: int) -> None:
        self._most_characters = most_characters
        self._characters = 0
        # Looked into, added to and emptied by any thread, and nothing else, so that it needs no lock.
        self._known: dict[_Key, tuple[ParsedSchema, bool]] = {}

    def read(self, schema: Schema, needed: Needed, *, strict: bool) -> ParsedSchema:
        """``schema``, parsed; with ``strict`` it is held to what new schemas are held to. Raises InvalidSchema."""
        key = schema.text, schema.type, schema.references, needed
        known = self._known.get(key)
        # What was held to more is the same schema.
        if known is not None and (known[1] or not strict):
            return known[0]
        read = parse(
            Schema(schema.text, schema.type, schema.references), referenced=dict(needed), strict=strict
        )
        length = characters_of(schema, needed)
        self._characters += length
        if self._characters > self._most_characters:
            self._known.clear()
            self._characters = length
        self._known[key] = read, strict
        return read


def characters_of(schema: Schema, needed: Needed) -> int:
    """How long ``schema`` is with all that it refers to."""
    return len(schema.text) + sum(len(other.text) for _, other in needed)
