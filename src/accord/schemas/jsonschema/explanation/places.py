"""Where something stands in a JSON Schema, in words that a developer would use: "`street` of `home`"."""

from collections.abc import Sequence
from typing import Final

WHOLE: Final = "the document"

_NAMED: Final = {
    "properties": "`{name}`",
    "patternProperties": "a property that matches `{name}`",
    "definitions": "the definition `{name}`",
    "$defs": "the definition `{name}`",
    "dependentSchemas": "what `{name}` asks",
    "dependencies": "what `{name}` asks",
}
_FREE: Final = frozenset({"definitions", "$defs"})
_NUMBERED: Final = {
    "items": "item {number}",
    "prefixItems": "item {number}",
    "oneOf": "branch {number}",
    "anyOf": "branch {number}",
    "allOf": "part {number}",
}
_PLAIN: Final = {
    "items": "an item",
    "additionalItems": "a further item",
    "unevaluatedItems": "a further item",
    "additionalProperties": "another property",
    "unevaluatedProperties": "another property",
    "propertyNames": "a property name",
    "contains": "the `contains`",
    "not": "the `not`",
    "if": "the `if`",
    "then": "the `then`",
    "else": "the `else`",
}


def path_words(steps: Sequence[str]) -> str:
    """What the schema at the end of ``steps``, or the schema that the keyword there belongs to, is about."""
    around, at = WHOLE, 0
    while at < len(steps):
        step, following = steps[at], steps[at + 1] if at + 1 < len(steps) else None
        if step in _NAMED and following is not None:
            part, at = _NAMED[step].format(name=following), at + 2
            around = part if step in _FREE else _of(part, around)
        elif step in _NUMBERED and following is not None and following.isdecimal():
            around, at = _of(_NUMBERED[step].format(number=int(following) + 1), around, always=True), at + 2
        elif step in _PLAIN:
            around, at = _of(_PLAIN[step], around, always=True), at + 1
        else:
            break
    return around


def property_words(name: str, steps: Sequence[str]) -> str:
    """The property of that name of what the steps lead to."""
    return _of(f"`{name}`", path_words(steps))


def _of(part: str, whole: str, *, always: bool = False) -> str:
    return part if whole == WHOLE and not always else f"{part} of {whole}"
