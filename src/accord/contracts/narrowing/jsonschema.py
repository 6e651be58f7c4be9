"""JSON Schema: objects say nothing any more about the properties that nobody asks for, and take them as they are."""

import json
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from accord.contracts.narrowing.paths import Narrowed, Paths
from accord.schemas import ParsedSchema, Schema

Json = Any

_ABOUT_ALL_PROPERTIES: Final = frozenset(
    {
        "additionalProperties",
        "unevaluatedProperties",
        "patternProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
        "dependencies",
        "dependentRequired",
        "dependentSchemas",
        "not",
        "if",
        "then",
        "else",
        "const",
        "enum",
        "default",
    }
)
_BRANCHES: Final = ("allOf", "anyOf", "oneOf")
_ELEMENTS: Final = ("items", "prefixItems", "additionalItems", "contains", "additionalProperties")


def narrowed_json(schema: ParsedSchema, paths: Paths) -> Narrowed:
    """The schema with these properties alone; what other documents define stays whole."""
    document = json.loads(schema.canonical)
    if isinstance(document, dict):
        narrow = _Narrowing(document).narrow(document, paths, ())
        kept = {
            key: document[key] for key in ("$schema", "$id", "id", "$defs", "definitions") if key in document
        }
        document = {**kept, **narrow}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Narrowed(Schema(text, schema.type, schema.references), tuple(paths.unknown()))


class _Narrowing:
    def __init__(self, document: Mapping[str, Json]) -> None:
        self._document = document

    def narrow(self, node: Json, paths: Paths, through: tuple[str, ...]) -> Json:
        """What ``node`` says about these properties. ``through`` are the references that led here."""
        if not isinstance(node, dict):
            return node
        place, target = self._target(node, through)
        if target is None:
            return node
        if target is not node:
            return self.narrow(target, paths, (*through, place))
        narrow = {key: value for key, value in node.items() if key not in _ABOUT_ALL_PROPERTIES}
        if "properties" in node:
            narrow["properties"] = {
                name: self._property(value, paths.below[name])
                for name, value in node["properties"].items()
                if name in paths.below
            }
        if isinstance(node.get("required"), list):
            narrow["required"] = [name for name in node["required"] if name in paths.below]
        for key in _BRANCHES:
            if key in node:
                # Alternatives that differ in what was left out are the same now: one or more of them fits.
                kind = "anyOf" if key == "oneOf" else key
                branches = [self.narrow(branch, paths, through) for branch in node[key]]
                narrow.pop(key, None)
                narrow.setdefault("allOf", [])
                narrow["allOf"] = [*narrow["allOf"], {kind: branches}]
        return narrow

    def _property(self, node: Json, place: Paths) -> Json:
        place.found()
        narrow = self._within(node, place, ()) if place.below else node
        # What is asked for below a property that is wanted whole is only looked for.
        return node if place.is_whole else narrow

    def _within(self, node: Json, place: Paths, through: tuple[str, ...]) -> Json:
        """What a property says about properties of its objects, also of those in its arrays and maps."""
        if not isinstance(node, dict):
            return node
        name, target = self._target(node, through)
        if target is None:
            return node
        if target is not node:
            return self._within(target, place, (*through, name))
        narrow = self.narrow(node, place, through) if "properties" in node else dict(node)
        for key in _ELEMENTS:
            if isinstance(node.get(key), dict) and (
                key != "additionalProperties" or "properties" not in node
            ):
                narrow[key] = self._within(node[key], place, through)
            elif isinstance(node.get(key), list):
                narrow[key] = [self._within(item, place, through) for item in node[key]]
        for key in _BRANCHES:
            if key in node:
                branches = [self._within(branch, place, through) for branch in node[key]]
                narrow.pop(key, None)
                narrow["allOf"] = [*narrow.get("allOf", ()), {"anyOf" if key == "oneOf" else key: branches}]
        return narrow

    def _target(self, node: Mapping[str, Json], through: tuple[str, ...]) -> tuple[str, Json | None]:
        """What a node refers to, itself if to nothing, None if that stands elsewhere or goes in a circle."""
        reference = node.get("$ref")
        if not isinstance(reference, str):
            return "", node
        if not reference.startswith("#") or reference in through:
            return reference, None
        place: Json = self._document
        for step in reference.lstrip("#").split("/")[1:]:
            name = unquote(step).replace("~1", "/").replace("~0", "~")
            if not isinstance(place, dict) or name not in place:
                return reference, None
            place = place[name]
        return reference, place
