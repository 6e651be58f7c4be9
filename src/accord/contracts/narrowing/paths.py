"""Fields by their dotted names."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Self

from accord.schemas import Schema

# Anybody may have reported a name. One of more steps is not looked for: no schema has it.
_MOST_STEPS: Final = 50


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A schema with some of its fields. ``unknown`` are those that were asked for and that it does not have."""

    schema: Schema
    unknown: tuple[str, ...] = ()


@dataclass(slots=True)
class Paths:
    """Names at one level, each with those that are asked for below; one that is wanted whole has none.

    ``known`` gathers the names in full that a schema turned out to have; those ``beyond`` all schemas are not looked for.
    """

    below: dict[str, "Paths"] = field(default_factory=dict)
    name: str = ""
    is_whole: bool = False
    known: set[str] = field(default_factory=set)
    beyond: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, fields: Iterable[str]) -> Self:
        """The tree of these dotted names."""
        root = cls()
        for name in fields:
            if name.count(".") >= _MOST_STEPS:
                root.beyond.append(name)
                continue
            place: Paths = root
            for part in name.split("."):
                full = f"{place.name}.{part}" if place.name else part
                place = place.below.setdefault(part, cls(name=full, known=root.known))
            place.is_whole = True
        return root

    def found(self) -> None:
        """Say that the schema has this field."""
        self.known.add(self.name)

    def unknown(self) -> Iterator[str]:
        """The names in full that were asked for and not found."""
        yield from self.beyond
        for place in self.below.values():
            if place.is_whole and place.name not in self.known:
                yield place.name
            yield from place.unknown()
