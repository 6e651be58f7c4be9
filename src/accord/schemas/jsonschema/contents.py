"""What the parts of a schema say, as digests: equal ones say the same, whichever schemas they are parts of.

Two versions of a schema share most of what they say. Digests let a comparison pass over that, and let what was found
out about a pair of parts be looked up for the next version that has the same two.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final, Generic, TypeAlias, TypeVar

Part = TypeVar("Part", bound=Hashable)

Content: TypeAlias = bytes
"""A digest of what a part of a schema says."""

_SIZE: Final = 16


@dataclass(frozen=True, slots=True)
class Saying(Generic[Part]):
    """What one part says: in words of its ``own``, and by the parts that it names; in each group the order may not count.

    ``name`` tells it from all other parts of the same schema.
    """

    own: str
    name: str
    groups: Sequence[tuple[Sequence[Part], bool]]

    @property
    def named(self) -> Iterator[Part]:
        """All parts that it names."""
        return (part for group, _ in self.groups for part in group)


def contents_of(sayings: Mapping[Part, Saying[Part]]) -> Mapping[Part, Content]:
    """The digests of all parts, which lead to none but each other.

    What a part says includes all that it leads to. Parts that lead to each other in a circle say the same only as those
    of a circle with the same names.
    """
    found: dict[Part, Content] = {}
    for circle in _circles(sayings):
        if len(circle) == 1 and circle[0] not in sayings[circle[0]].named:
            found[circle[0]] = _digest(_written(sayings[circle[0]], found, sayings))
            continue
        members = sorted(circle, key=lambda part: sayings[part].name)
        told = [(sayings[part].name, _written(sayings[part], found, sayings)) for part in members]
        whole = _digest(repr(told)).hex()
        found.update({part: _digest(f"{sayings[part].name} in {whole}") for part in members})
    return found


def _written(
    saying: Saying[Part], found: Mapping[Part, Content], sayings: Mapping[Part, Saying[Part]]
) -> str:
    words = [saying.own]
    for group, ordered in saying.groups:
        parts = [found[part].hex() if part in found else repr(sayings[part].name) for part in group]
        words.append(",".join(parts if ordered else sorted(parts)))
    return repr(words)


def _digest(words: str) -> Content:
    return blake2b(words.encode("utf-8", "surrogatepass"), digest_size=_SIZE).digest()


def _circles(sayings: Mapping[Part, Saying[Part]]) -> Iterator[Sequence[Part]]:
    """All parts, those that lead to each other together, each after all others that it leads to (Tarjan's way)."""
    order: dict[Part, int] = {}
    lowest: dict[Part, int] = {}
    open_parts: dict[Part, None] = {}
    for start in sayings:
        if start in order:
            continue
        walk = [(start, sayings[start].named)]
        order[start] = lowest[start] = len(order)
        open_parts[start] = None
        while walk:
            part, named = walk[-1]
            following = next(named, None)
            if following is None:
                walk.pop()
                if walk:
                    above = walk[-1][0]
                    lowest[above] = min(lowest[above], lowest[part])
                if lowest[part] == order[part]:
                    yield _closed(part, open_parts)
            elif following not in order:
                order[following] = lowest[following] = len(order)
                open_parts[following] = None
                walk.append((following, sayings[following].named))
            elif following in open_parts:
                lowest[part] = min(lowest[part], order[following])


def _closed(first: Part, open_parts: dict[Part, None]) -> Sequence[Part]:
    """Take ``first``, and all that were opened after it, off the open ones."""
    circle = []
    while first in open_parts:
        part, _ = open_parts.popitem()
        circle.append(part)
    return circle
