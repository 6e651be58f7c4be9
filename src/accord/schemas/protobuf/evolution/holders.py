"""What a message or an enum reserves, and what it has: the numbers and names that history is about."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from accord.schemas.protobuf.evolution.ranges import Ranges
from accord.schemas.protobuf.model import EnumConstant, Field, Group, Range, Reserved


@dataclass(frozen=True, slots=True)
class Member:
    """A field or a constant, and where it is, as a place and in words."""

    number: int
    name: str
    place: str | None
    where: str
    node: Field | Group | EnumConstant


class Holder:
    """A message or an enum: its ``place``, None in another file, what it is in ``words``, and its declarations.

    ``numbers`` and ``names`` are those of its members, which are told one by one when somebody asks.
    """

    def __init__(
        self,
        place: str | None,
        words: str,
        declared: tuple[Reserved, ...],
        *,
        numbers: frozenset[int],
        names: frozenset[str],
        members: Callable[[], Iterator[Member]],
    ) -> None:
        self.place: Final = place
        self.words: Final = words
        self.declared: Final = declared
        self.numbers: Final = numbers
        self.names: Final = names
        self.members: Final = members

    @cached_property
    def reserved(self) -> Ranges:
        """The numbers that it reserves."""
        return Ranges(each for one in self.declared for each in one.ranges)

    @cached_property
    def written(self) -> frozenset[tuple[int, int]]:
        """The same as they are written."""
        return frozenset((each.first, each.last) for one in self.declared for each in one.ranges)

    @cached_property
    def reserved_names(self) -> frozenset[str]:
        """The names that it reserves."""
        return frozenset(name for one in self.declared for name in one.names)

    @cached_property
    def taken(self) -> Ranges:
        """The numbers that it reserves or has."""
        return Ranges([*self.reserved, *(Range(number, number) for number in self.numbers)])
