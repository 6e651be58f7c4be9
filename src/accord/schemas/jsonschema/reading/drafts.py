"""The drafts of JSON Schema, and what tells them apart when a schema is read."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from accord.schemas.json_text import JsonValue


class Draft(StrEnum):
    """A draft, by the name it has in ``$schema``."""

    DRAFT_4 = "draft-04"
    DRAFT_6 = "draft-06"
    DRAFT_7 = "draft-07"
    DRAFT_2019_09 = "2019-09"
    DRAFT_2020_12 = "2020-12"

    @property
    def is_later(self) -> bool:
        """Whether it is read as 2020-12: the registry makes no difference between that draft and 2019-09."""
        return self in {Draft.DRAFT_2019_09, Draft.DRAFT_2020_12}

    @property
    def id_keyword(self) -> str:
        """The keyword that gives a schema its URI."""
        return "id" if self is Draft.DRAFT_4 else "$id"

    @property
    def has_boolean_schemas(self) -> bool:
        """Whether true and false are schemas."""
        return self is not Draft.DRAFT_4

    @property
    def has_conditions(self) -> bool:
        """Whether it knows ``if``, ``then`` and ``else``."""
        return self not in {Draft.DRAFT_4, Draft.DRAFT_6}

    @property
    def array_keywords(self) -> frozenset[str]:
        """The keywords that are about arrays."""
        if self.is_later:
            return _LATER_ARRAY
        return _ARRAY if self is Draft.DRAFT_4 else _ARRAY | {"contains"}

    @property
    def object_keywords(self) -> frozenset[str]:
        """The keywords that are about objects."""
        if self.is_later:
            return _LATER_OBJECT
        return _OBJECT if self is Draft.DRAFT_4 else _OBJECT | {"propertyNames"}


STRING_KEYWORDS: Final = frozenset({"minLength", "maxLength", "pattern", "format"})
"""The keywords that are about strings, in every draft."""

NUMBER_KEYWORDS: Final = frozenset(
    {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
)
"""The keywords that are about numbers, in every draft."""

CONDITION_KEYWORDS: Final = frozenset({"if", "then", "else"})
"""The keywords of a condition."""

_ARRAY: Final = frozenset({"items", "additionalItems", "minItems", "maxItems", "uniqueItems"})
_OBJECT: Final = frozenset(
    {
        "properties", "required", "minProperties", "maxProperties", "dependencies", "patternProperties",
        "additionalProperties",
    }
)  # fmt: skip
_LATER_ARRAY: Final = frozenset(
    {"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "unevaluatedItems"}
)
_LATER_OBJECT: Final = frozenset(
    {
        "properties", "required", "minProperties", "maxProperties", "dependentRequired", "dependentSchemas",
        "patternProperties", "additionalProperties", "propertyNames", "unevaluatedProperties",
    }
)  # fmt: skip

_SITE: Final = "json-schema.org/"
_PATHS: Final[Mapping[str, Draft]] = {
    "schema": Draft.DRAFT_4,
    "draft-04/schema": Draft.DRAFT_4,
    "draft-06/schema": Draft.DRAFT_6,
    "draft-07/schema": Draft.DRAFT_7,
    "draft/2019-09/schema": Draft.DRAFT_2019_09,
    "draft/2020-12/schema": Draft.DRAFT_2020_12,
}


def draft_of(document: JsonValue, *, otherwise: Draft = Draft.DRAFT_7) -> Draft:
    """The draft that the schema ``document`` says it is written in; one that says nothing known is ``otherwise``."""
    url = document.get("$schema") if isinstance(document, dict) else None
    if not isinstance(url, str):
        return otherwise
    scheme, _, rest = url.rstrip("#").partition("://")
    if scheme not in {"http", "https"} or not rest.startswith(_SITE):
        return otherwise
    return _PATHS.get(rest.removeprefix(_SITE), otherwise)


def draft_words(draft: Draft) -> str:
    """The draft in words: "draft 7", "draft 2020-12"."""
    return f"draft {draft.value.removeprefix('draft-0')}"
