"""Where a schema is not as its draft asks: the metaschema, and the form of patterns."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import jsonschema_rs

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.library import METASCHEMAS
from accord.schemas.jsonschema.reading.drafts import Draft
from accord.schemas.pointers import child

_KNOWN_PATTERNS: Final = 1024
_REGEX: Final = jsonschema_rs.Draft7Validator({"format": "regex"}, validate_formats=True)


@dataclass(frozen=True, slots=True)
class Violation:
    """Under ``keyword``, at the JSON pointer ``place``, stands a ``value`` that is not what is ``expected``."""

    place: str
    keyword: str
    value: JsonValue
    expected: str


def violations(schema: JsonValue, draft: Draft) -> Iterator[Violation]:
    """One for each place, in the order of their pointers; formats are not looked at."""
    found: dict[str, Violation] = {}
    for error in _validator(draft).iter_errors(schema):
        one = _violation(schema, error.instance_path, error.kind)
        found.setdefault(one.place, one)
    yield from (found[place] for place in sorted(found))


@lru_cache(maxsize=_KNOWN_PATTERNS)
def is_portable(pattern: str) -> bool:
    """Whether the pattern is a regular expression of ECMA-262, as the specification asks."""
    return _REGEX.is_valid(pattern)


@lru_cache(maxsize=len(Draft))
def _validator(draft: Draft) -> jsonschema_rs.Validator:
    uri = METASCHEMAS[draft]
    return jsonschema_rs.validator_for({"$schema": uri, "$ref": uri}, validate_formats=False, offline=True)


def _violation(
    schema: JsonValue, path: Sequence[str | int], kind: jsonschema_rs.ValidationErrorKind
) -> Violation:
    place, value, keyword = "", schema, ""
    for step in _steps(schema, path):
        place, value = child(place, step), value[step]
        if isinstance(step, str) and step in _EXPECTED:
            keyword = step
    if isinstance(kind, jsonschema_rs.ValidationErrorKind.Required):
        # Only draft 4 asks for one keyword beside another: for the limit beside what makes it exclusive.
        keyword = f"exclusive{kind.property.capitalize()}"
        return Violation(child(place, keyword), keyword, value.get(keyword), f"beside a `{kind.property}`")
    if path and path[-1] == keyword:
        return Violation(place, keyword, value, _EXPECTED[keyword])
    return Violation(place, keyword or "$schema", value, _INSIDE.get(keyword, "a schema"))


def _steps(schema: JsonValue, path: Sequence[str | int]) -> Iterator[str | int]:
    """``path`` as there is one: the validator leaves out empty names, and takes the name "0" for the number of an item."""
    value = schema
    for given in path:
        step = str(given) if isinstance(value, dict) else given
        while isinstance(value, dict) and step not in value:
            if "" not in value:
                return
            yield ""
            value = value[""]
            step = str(given) if isinstance(value, dict) else given
        yield step
        value = value[step]


_SCHEMA: Final = "a schema"
_SCHEMAS: Final = "a list of schemas, at least one"
_BY_NAME: Final = "an object of schemas"
_SIZE: Final = "an integer of 0 or more"
_NUMBER: Final = "a number"
_TEXT: Final = "a string"
_NAMES: Final = "a list of names, none twice"
_FLAG: Final = "true or false"
_EXPECTED: Final[Mapping[str, str]] = {
    "type": "the name of a type, or a list of such names, at least one and none twice",
    "enum": "a list of values, at least one and none twice",
    "required": _NAMES,
    "multipleOf": "a number above 0",
    "exclusiveMinimum": "a number (true or false in draft 4)",
    "exclusiveMaximum": "a number (true or false in draft 4)",
    "items": "a schema, or before draft 2020-12 a list of them, at least one",
    "examples": "a list",
    "dependentRequired": "an object of lists of names",
    "$anchor": "a name that begins with a letter or `_`",
    "$dynamicAnchor": "a name that begins with a letter or `_`",
    "$vocabulary": "an object",
    "$recursiveAnchor": _FLAG,
    **dict.fromkeys(("minimum", "maximum"), _NUMBER),
    **dict.fromkeys(
        ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _SIZE
    ),
    **dict.fromkeys(("minContains", "maxContains"), _SIZE),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), _SCHEMAS),
    **dict.fromkeys(("not", "if", "then", "else", "contains", "propertyNames"), _SCHEMA),
    **dict.fromkeys(("additionalProperties", "additionalItems", "contentSchema"), _SCHEMA),
    **dict.fromkeys(("unevaluatedProperties", "unevaluatedItems"), _SCHEMA),
    **dict.fromkeys(
        ("properties", "patternProperties", "definitions", "$defs", "dependentSchemas"), _BY_NAME
    ),
    "dependencies": "an object of lists of names and schemas",
    **dict.fromkeys(("title", "description", "pattern", "format", "$comment", "id"), _TEXT),
    **dict.fromkeys(("$id", "$ref", "$schema", "$dynamicRef", "$recursiveRef"), "a URI"),
    **dict.fromkeys(("contentEncoding", "contentMediaType"), _TEXT),
    **dict.fromkeys(("uniqueItems", "readOnly", "writeOnly", "deprecated"), _FLAG),
}
_INSIDE: Final[Mapping[str, str]] = {
    "required": _TEXT,
    "dependentRequired": "a list of names",
    "dependencies": "a list of names, or a schema",
    "type": "the name of a type",
}
"""What is expected of a part of what stands under a keyword, where that is no schema."""
