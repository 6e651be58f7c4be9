"""A class that holds events, as data: what codecs walk, and what they generate code from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from accord.codecs.models.hints import Hint

Default = Any
"""What a field starts with: any value, NO_DEFAULT or COMPUTED_DEFAULT."""

Instance = Any
"""An instance of such a class."""

NO_DEFAULT: Final = object()
COMPUTED_DEFAULT: Final = object()


@dataclass(frozen=True, slots=True)
class ModelField:
    """One field, called ``name`` in schemas and data.

    ``attribute`` is where an instance keeps it, ``keyword`` what the class takes it by (any string, not always an
    identifier). ``type`` is a resolved type hint, ``default`` a value, NO_DEFAULT or COMPUTED_DEFAULT.
    """

    name: str
    type: Hint
    default: Default
    attribute: str
    keyword: str


@dataclass(frozen=True, slots=True)
class Model:
    """How instances of a class are read and made.

    ``positional`` are the keywords of the fields that the class also takes by position, in that order, which may not be
    the order of ``fields``; the others it takes by keyword only. Making an instance may raise anything that the class
    does: ``refusal_of`` puts it into words.
    """

    type: type
    kind: Literal["dataclass", "struct", "pydantic"]
    fields: tuple[ModelField, ...]
    positional: tuple[str, ...]

    def build(self, values: Mapping[str, object]) -> Instance:
        """An instance with these ``values``, by field name; fields that are missing start with their defaults."""
        return self.type(**{item.keyword: values[item.name] for item in self.fields if item.name in values})

    def values(self, instance: object) -> dict[str, Any]:
        """What the fields of ``instance`` hold, by field name."""
        return {item.name: getattr(instance, item.attribute) for item in self.fields}
