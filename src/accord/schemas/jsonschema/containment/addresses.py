"""Schemas with addresses in place of references, so that a validator finds what the library finds."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.containment.library import METASCHEMAS, Library, Subschema
from accord.schemas.jsonschema.containment.reading import read

_SAFE: Final = "/~!$&'()*+,;=:@"
_IDENTIFIERS: Final = ("$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$schema")


def addressed_texts(library: Library) -> Mapping[str, JsonValue] | None:
    """All texts by their URIs, with addresses for references; None where parts of one are of another draft."""
    texts = {root.text.uri: _addressed(root) for root in library.roots}
    return None if any(text is None for text in texts.values()) else texts


def address(schema: Subschema) -> str:
    """Where ``schema`` is among these texts."""
    return f"{schema.text.uri}#{quote(schema.place, safe=_SAFE)}"


def _addressed(root: Subschema) -> JsonValue:
    copied = replace(root, text=replace(root.text, parts={}), value=_copied(root.value))
    waiting = [copied]
    while waiting:
        one = waiting.pop()
        if one.draft is not root.draft:
            return None
        if isinstance(one.value, dict):
            waiting += one.children()
            _address_references(one, one.value)
    if isinstance(copied.value, dict):
        copied.value["$schema"] = METASCHEMAS[root.draft]
    return copied.value


def _address_references(schema: Subschema, value: dict[str, Any]) -> None:
    targets = read(schema).all_of
    for keyword in ("$ref", "$dynamicRef"):
        if keyword in targets:
            value[keyword] = address(targets[keyword])
    if "$recursiveRef" in targets and "$ref" not in value:
        del value["$recursiveRef"]
        value["$ref"] = address(targets["$recursiveRef"])
    for keyword in _IDENTIFIERS:
        if isinstance(value.get(keyword), str | bool):
            del value[keyword]


def _copied(value: JsonValue) -> JsonValue:
    if isinstance(value, dict):
        return {name: _copied(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_copied(inner) for inner in value]
    return value
