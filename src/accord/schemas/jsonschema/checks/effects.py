"""Keywords that do nothing where they stand."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.library import Subschema, is_since
from accord.schemas.jsonschema.reading.drafts import Draft, draft_words


class Idle(NamedTuple):
    """A keyword of ``schema`` that does nothing, and why."""

    schema: Subschema
    keyword: str
    reason: str


def idle_keywords(schema: Subschema) -> Iterator[Idle]:
    """Those of one schema object, in the order of its text."""
    value = schema.value
    if not isinstance(value, dict):
        return
    hidden = "$ref" in value and not schema.draft.is_later
    for keyword in value:
        if hidden and keyword in _ASKING - {"$ref"}:
            yield Idle(schema, keyword, f"in {draft_words(schema.draft)} nothing beside a `$ref` counts")
        elif not hidden:
            reason = _unknown(keyword, schema.draft) or _lacking(keyword, value) or _unfit(keyword, value)
            if reason:
                yield Idle(schema, keyword, reason)


def _unknown(keyword: str, draft: Draft) -> str:
    first, last = _SINCE.get(keyword), _UNTIL.get(keyword)
    if first is not None and not is_since(draft, first):
        return f"{draft_words(draft)} does not know it; it came with {draft_words(first)}"
    if last is None or is_since(last, draft):
        return ""
    still = "; some validators heed it all the same" if keyword == "dependencies" else ""
    return f"{draft_words(draft)} does not know it any more; {draft_words(last)} was the last that did{still}"


def _lacking(keyword: str, value: Mapping[str, JsonValue]) -> str:
    """Why a keyword does nothing without another one."""
    if keyword in {"then", "else"} and "if" not in value:
        return "there is no `if` beside it"
    if keyword == "if" and "then" not in value and "else" not in value:
        return "there is neither a `then` nor an `else` beside it"
    if keyword in {"minContains", "maxContains"} and "contains" not in value:
        return "there is no `contains` beside it"
    if keyword == "additionalItems" and not isinstance(value.get("items"), list):
        return "it says what comes after a list of `items`, and there is no such list beside it"
    return ""


def _unfit(keyword: str, value: Mapping[str, JsonValue]) -> str:
    """Why a keyword does nothing for values of the types that there can be."""
    kind = _ABOUT.get(keyword)
    declared = value.get("type")
    types = {declared} if isinstance(declared, str) else declared
    if kind is None or not isinstance(types, list | set) or not types:
        return ""
    met = {"number" if one == "integer" else one for one in types if isinstance(one, str)}
    return "" if kind in met else f"it is about {_PLURALS[kind]}, and there can be none of them here"


_LATER: Final = (
    "dependentRequired", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties", "minContains", "maxContains",
    "$anchor",
)  # fmt: skip
_SINCE: Final[Mapping[str, Draft]] = {
    **dict.fromkeys(("const", "contains", "propertyNames"), Draft.DRAFT_6),
    **dict.fromkeys(("if", "then", "else"), Draft.DRAFT_7),
    **dict.fromkeys(_LATER, Draft.DRAFT_2019_09),
    **dict.fromkeys(("$recursiveRef", "$recursiveAnchor"), Draft.DRAFT_2019_09),
    **dict.fromkeys(("prefixItems", "$dynamicRef", "$dynamicAnchor"), Draft.DRAFT_2020_12),
}
_UNTIL: Final[Mapping[str, Draft]] = {
    "dependencies": Draft.DRAFT_7,
    "additionalItems": Draft.DRAFT_2019_09,
    "$recursiveRef": Draft.DRAFT_2019_09,
    "$recursiveAnchor": Draft.DRAFT_2019_09,
}
_ABOUT: Final[Mapping[str, str]] = {
    **dict.fromkeys(("minLength", "maxLength", "pattern"), "string"),
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"), "number"),
    **dict.fromkeys(("items", "prefixItems", "additionalItems", "contains", "uniqueItems"), "array"),
    **dict.fromkeys(("minItems", "maxItems", "unevaluatedItems"), "array"),
    **dict.fromkeys(("properties", "patternProperties", "additionalProperties", "required"), "object"),
    **dict.fromkeys(("propertyNames", "minProperties", "maxProperties", "dependencies"), "object"),
    **dict.fromkeys(("dependentRequired", "dependentSchemas", "unevaluatedProperties"), "object"),
}
_PLURALS: Final = {"string": "strings", "number": "numbers", "array": "arrays", "object": "objects"}
_ASKING: Final = frozenset(
    {
        *_ABOUT, *_SINCE, "type", "enum", "const", "allOf", "anyOf", "oneOf", "not", "$ref",
    }
)  # fmt: skip
