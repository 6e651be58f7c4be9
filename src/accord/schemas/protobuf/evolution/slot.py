"""A field as readers know it: its number, how it is coded, and what its type means."""

from dataclasses import dataclass

from accord.schemas.protobuf.evolution.enums import EnumOutline
from accord.schemas.protobuf.evolution.readings import MAP, Coding
from accord.schemas.protobuf.model import Field, Group, Label, OneOf, OptionValue
from accord.schemas.protobuf.resolution import Defined


@dataclass(frozen=True, slots=True)
class Slot:
    """A field under its number: how it is coded, and the message or enum ``type`` that it holds.

    ``label`` is what the field means, whatever the syntax: None where unset is the same as zero. Of a map, ``coding``
    is that of an entry, ``key`` and ``value`` are inside of it, and ``type`` is that of the value. A coding is None for
    a type that nothing defines. ``owner`` is the message, without the package of the schema; ``place`` is the full name
    of the field, and ``is_own`` is whether it stands in the schema's own text. ``content`` is all of this in a string:
    what is told of two slots depends on theirs, and of one content nothing is.
    """

    node: Field | Group
    number: int
    name: str
    json_name: str
    owner: str
    place: str
    is_own: bool
    label: Label | None
    words: str
    coding: Coding | None
    type: Defined | None
    enum: EnumOutline | None
    key: Coding | None
    value: Coding | None
    default: OptionValue | None
    oneof: OneOf | None
    is_extension: bool
    content: str

    @property
    def is_required(self) -> bool:
        """Whether a message is incomplete without it."""
        return self.label is Label.REQUIRED

    @property
    def is_repeated(self) -> bool:
        """Whether it is a list or a map."""
        return self.label is Label.REPEATED

    @property
    def is_map(self) -> bool:
        """Whether it is a map."""
        return self.coding is not None and self.coding.kind == MAP

    @property
    def own_place(self) -> str | None:
        """The full name, None where another file has the field."""
        return self.place if self.is_own else None

    def where(self, part: str = "") -> str:
        """The field in words, ``part`` being one of a map."""
        name = f"the {part} of `{self.name}`" if part else f"`{self.name}`"
        return f"{name}, an extension of `{self.owner}`" if self.is_extension else f"{name} of `{self.owner}`"
