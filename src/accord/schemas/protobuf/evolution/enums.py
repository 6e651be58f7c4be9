"""An enum as readers know it: which numbers it names, and what becomes of others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from accord.schemas.protobuf.evolution.holders import Holder, Member
from accord.schemas.protobuf.evolution.memory import digest
from accord.schemas.protobuf.model import Enum
from accord.schemas.protobuf.resolution import within


@dataclass(frozen=True)
class EnumOutline:
    """The enum of the full ``name``, ``local`` without the package of the schema.

    A reader sets aside numbers that are none of its own if it ``is_closed``; ``is_own`` is whether the schema's own
    text defines it.
    """

    node: Enum
    name: str
    local: str
    is_own: bool
    is_closed: bool

    @property
    def place(self) -> str | None:
        """The full name, None where another file defines it."""
        return self.name if self.is_own else None

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The numbers of the constants."""
        return frozenset(constant.tag for constant in self.node.constants)

    @cached_property
    def names(self) -> Mapping[int, list[str]]:
        """The names that each number has."""
        names: dict[int, list[str]] = {}
        for constant in self.node.constants:
            names.setdefault(constant.tag, []).append(constant.name)
        return names

    @cached_property
    def content(self) -> str:
        """What the warnings depend on, as short as a digest."""
        constants = [(constant.tag, constant.name) for constant in self.node.constants]
        return digest(self.name, self.local, self.is_own, self.is_closed, constants)

    @cached_property
    def holder(self) -> Holder:
        """What it reserves and has."""
        return Holder(
            self.place,
            f"`{self.local}`",
            self.node.reserved,
            numbers=self.numbers,
            names=frozenset(constant.name for constant in self.node.constants),
            members=self._members,
        )

    def _members(self) -> Iterator[Member]:
        for one in self.node.constants:
            where = f"`{one.name}` of `{self.local}`"
            yield Member(one.tag, one.name, within(self.name, one.name), where, one)
