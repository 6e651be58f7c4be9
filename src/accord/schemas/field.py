"""One field of the records of a schema, as every format tells it; and the way to find all of them."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

Node = TypeVar("Node")

MOST_FIELDS: Final = 10_000
"""Types that are used over and over within each other have more dotted names than anybody could look at."""


@dataclass(frozen=True, slots=True)
class SchemaField:
    """A field: its dotted ``name``, its ``type`` in short words, and where it stands, as findings name places.

    ``place`` is "" where a referenced schema defines it. Fields within are fields of their own: the type of a record is
    told by its name. ``optional`` says that records need not have a value there; ``default`` is JSON, None without one.
    ``number`` is the field's in Protobuf.
    """

    name: str
    type: str
    place: str
    optional: bool = False
    default: str | None = None
    doc: str = ""
    aliases: tuple[str, ...] = ()
    number: int | None = None

    @property
    def own_name(self) -> str:
        """The last step of its name."""
        return self.name.rpartition(".")[2]


def fields_within(
    start: Node, inner: Callable[[Node], Iterable[tuple[SchemaField, Node]]]
) -> Mapping[str, SchemaField]:
    """Every field by its dotted name, in the order of the text; of two with one name the outer counts, and the first.

    ``inner`` gives the fields of a node, each with the node that is within it. Where there are more than ``MOST_FIELDS``,
    the innermost are left out.
    """
    found: dict[str, tuple[tuple[int, ...], SchemaField]] = {}
    waiting: deque[tuple[Node, tuple[int, ...]]] = deque([(start, ())])
    left = MOST_FIELDS
    while waiting and left:
        node, order = waiting.popleft()
        for index, (field, within) in enumerate(inner(node)):
            found.setdefault(field.name, ((*order, index), field))
            waiting.append((within, (*order, index)))
            left -= 1
            if not left:
                break
    return {name: field for name, (_, field) in sorted(found.items(), key=lambda entry: entry[1][0])}
