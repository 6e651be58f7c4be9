"""What is declared in a module that is being made: classes with fields, and choices of symbols."""

from dataclasses import dataclass, field
from typing import TypeAlias

from accord.contracts.generate.python.words import Expression, Hint, Name


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field: ``name`` in schema and data, ``attribute`` in Python.

    ``is_fresh`` tells that the default is made anew for each instance.
    """

    name: str
    attribute: str
    hint: Hint
    default: Expression | None = None
    is_fresh: bool = False
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Class:
    """A class of events, or of parts of them. ``tag`` is the member of the data, and its value, that tells it from others."""

    name: str
    doc: str
    attributes: tuple[Attribute, ...]
    tag: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """An enumeration: the members, by name, and what they are in the data."""

    name: str
    doc: str
    members: tuple[str, ...]


Shape: TypeAlias = Class | Choice


@dataclass(frozen=True, slots=True)
class Refusal:
    """What no class of the kind can hold: where in the schema (a JSON pointer), what it is, and why."""

    place: str
    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shapes:
    """What a schema file declares, each after what it needs at once. ``root`` is the class of the whole value."""

    shapes: tuple[Shape, ...] = ()
    root: Hint | None = None
    refusals: tuple[Refusal, ...] = field(default=())

    @property
    def has_class(self) -> bool:
        """Whether the whole value is an instance of a class that is declared here."""
        return any(isinstance(one, Class) and self.root == Name(one.name, "") for one in self.shapes)
