"""What a comparison finds: one way in which the reader's schema differs from the writer's, at a path."""

from collections.abc import Callable
from typing import Final, NamedTuple, TypeAlias

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.comparison.kinds import Kind
from accord.schemas.jsonschema.model import ABSENT, Node
from accord.schemas.pointers import child

ROOT: Final = "#"
"""The path of the whole schema; a property of it has ``#/properties/name``."""


class Contrast(NamedTuple):
    """A difference at ``path`` between two nodes, None where a side has nothing there.

    The places are JSON pointers to the keyword or schema that it is about, or to what is around it where a side has
    nothing there; None in a referenced schema. ``name`` is the property, item or dependency. The values are what the
    two schemas say under the ``keyword``, ABSENT where they say nothing.
    """

    kind: Kind
    path: str
    writer: Node | None
    reader: Node | None
    writer_place: str | None
    reader_place: str | None
    keyword: str = ""
    name: str = ""
    writer_value: JsonValue = ABSENT
    reader_value: JsonValue = ABSENT


Compare: TypeAlias = Callable[[Node, Node, str], "list[Contrast]"]
"""Compares a writer's node with a reader's at a path; gives what stands against it."""


def about_keyword(
    kind: Kind,
    path: str,
    nodes: tuple[Node, Node],
    keyword: str,
    values: tuple[JsonValue, JsonValue],
) -> Contrast:
    """A contrast at ``path`` of what the writer's and the reader's node say under ``keyword``."""
    writer, reader = nodes
    return Contrast(
        kind,
        path,
        writer,
        reader,
        keyword_place(writer, keyword, values[0]),
        keyword_place(reader, keyword, values[1]),
        keyword,
        writer_value=values[0],
        reader_value=values[1],
    )


def keyword_place(node: Node, keyword: str, value: JsonValue) -> str | None:
    """Where ``node`` has the keyword, or itself where it does not."""
    return node.place if node.place is None or value is ABSENT else child(node.place, keyword)
