"""A place in the text of a schema, and what is expected to stand there."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from accord.schemas.errors import InvalidSchema
from accord.schemas.json_text import JsonValue, quote
from accord.schemas.jsonschema.model import Number
from accord.schemas.jsonschema.reading.drafts import Draft
from accord.schemas.jsonschema.reading.patterns import why_malformed
from accord.schemas.jsonschema.reading.uris import resolved, without_fragment
from accord.schemas.pointers import child

# What the registry keeps a count in, and the greatest number that Java counts with.
_GREATEST_INTEGER: Final = 2**31 - 1
_GREATEST_LONG: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Spot:
    """A value in the text, or in that of the referenced schema ``document``.

    ``base`` is the URI against which references at that place are resolved.
    """

    value: JsonValue
    draft: Draft
    document: str = ""
    pointer: str = ""
    base: str = ""

    def __contains__(self, key: str) -> bool:
        return key in self.value

    @property
    def place(self) -> str | None:
        """The pointer where it is one into the text itself."""
        return None if self.document else self.pointer

    def at(self, key: str | int) -> "Spot":
        """The member or item ``key``."""
        value = self.value[key]
        base = based(value, self.draft, self.base)
        return Spot(value, self.draft, self.document, child(self.pointer, key), base)

    def items(self) -> "Iterator[Spot]":
        """The items of a list."""
        return (self.at(index) for index in range(len(self.value)))

    def refusal(self, complaint: str, *, hint: str) -> InvalidSchema:
        """The error that says what is wrong here."""
        if self.document:
            return InvalidSchema(
                f"the referenced schema {self.document!r} is not valid: {complaint}", hint=hint
            )
        return InvalidSchema(complaint, path=self.pointer, hint=hint)

    def unfit(self, key: str, expected: str) -> InvalidSchema:
        """The error for a member that is not what the keyword asks for."""
        return self.at(key).refusal(
            f"`{key}` is {quote(self.value[key])}, and must be {expected}", hint=f"make it {expected}"
        )

    # Members by keyword. Each gives None where the keyword is absent, and raises InvalidSchema for another type.

    def string(self, key: str) -> str | None:
        """A string."""
        if key not in self.value:
            return None
        value = self.value[key]
        if isinstance(value, str):
            return value
        raise self.unfit(key, "a string")

    def boolean(self, key: str) -> bool | None:
        """True or false."""
        if key not in self.value:
            return None
        value = self.value[key]
        if isinstance(value, bool):
            return value
        raise self.unfit(key, "true or false")

    def number(self, key: str) -> Number | None:
        """A number."""
        if key not in self.value:
            return None
        value = self.value[key]
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return value
        raise self.unfit(key, "a number")

    def integer(self, key: str) -> int | None:
        """An integer; in later drafts what the registry makes of it, which leaves out what it has no room for."""
        value = self.number(key)
        if value is None:
            return None
        greatest = _GREATEST_LONG if self.draft.is_later else _GREATEST_INTEGER
        if not -greatest <= value <= greatest:
            raise self.unfit(key, f"an integer of at most {greatest}")
        if self.draft.is_later:
            return _lowest_32_bits(int(value))
        if isinstance(value, int):
            return value
        raise self.unfit(key, "an integer")

    def pattern(self, key: str) -> str | None:
        """A regular expression."""
        value = self.string(key)
        if value is not None:
            self.at(key).check_pattern(value)
        return value

    def check_pattern(self, pattern: str) -> None:
        """Raise InvalidSchema where ``pattern`` is no regular expression."""
        problem = why_malformed(pattern)
        if problem:
            raise self.refusal(
                f"{quote(pattern)} is no regular expression: {problem}",
                hint="correct the pattern; write a special character that stands for itself with a backslash",
            )

    def list(self, key: str) -> "Spot | None":
        """A list."""
        if key not in self.value:
            return None
        if isinstance(self.value[key], list):
            return self.at(key)
        raise self.unfit(key, "a list")

    def names(self, key: str) -> "tuple[str, ...] | None":
        """A list of strings."""
        given = self.list(key)
        if given is None:
            return None
        for item in given.items():
            if not isinstance(item.value, str):
                raise item.refusal(
                    f"an item of `{key}` is {quote(item.value)}, and must be a string",
                    hint="make it a string",
                )
        return tuple(given.value)

    def mapping(self, key: str) -> "Spot | None":
        """An object whose keys are names."""
        if key not in self.value:
            return None
        if isinstance(self.value[key], dict):
            return self.at(key)
        raise self.unfit(key, "an object")


def _lowest_32_bits(number: int) -> int:
    return (number + 2**31) % 2**32 - 2**31


def based(value: JsonValue, draft: Draft, base: str) -> str:
    """The base URI inside ``value``, which stands where it is ``base``."""
    if isinstance(value, dict):
        own = value.get(draft.id_keyword)
        if isinstance(own, str) and own:
            return without_fragment(resolved(base, own))
    return base
