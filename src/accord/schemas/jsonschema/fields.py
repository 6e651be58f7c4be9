"""The properties of a JSON Schema by dotted name."""

from collections.abc import Iterator, Mapping
from typing import Final

from accord.schemas.field import SchemaField
from accord.schemas.json_text import JsonValue, written
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.pointers import child, tokens

_LISTS: Final = ("items", "prefixItems", "additionalItems", "contains")
_COMBINED: Final = ("allOf", "anyOf", "oneOf")
_BRANCHES: Final = ("if", "then", "else")
_SAID_ELSEWHERE: Final = frozenset(
    {"description", "default", "title", "examples", "$comment", "properties", "required", "$defs", "definitions"}
)  # fmt: skip


def fields_of(schema: JsonSchema) -> Mapping[str, SchemaField]:
    """See ``accord.schemas.fields``; what other documents define is not entered."""
    found: dict[str, SchemaField] = {}
    for field in _Walk(schema.document).fields(schema.document, "", "", ()):
        found.setdefault(field.name, field)
    return found


def target(document: JsonValue, reference: object) -> tuple[str, JsonValue] | None:
    """Where a reference within the document leads, and what stands there; None where it leads elsewhere."""
    if not isinstance(reference, str) or not (reference == "#" or reference.startswith("#/")):
        return None
    pointer, node = reference[1:], document
    for token in tokens(pointer):
        if isinstance(node, dict) and token in node:
            node = node[token]
        elif isinstance(node, list) and token.isdecimal() and int(token) < len(node):
            node = node[int(token)]
        else:
            return None
    return pointer, node


class _Walk:
    def __init__(self, document: JsonValue) -> None:
        self._document = document

    def fields(
        self, node: JsonValue, place: str, prefix: str, around: tuple[str, ...]
    ) -> Iterator[SchemaField]:
        """Those of what stands at ``place``, within which the walk came through the places ``around``."""
        if not isinstance(node, dict) or place in around:
            return
        around = (*around, place)
        properties = node.get("properties")
        required = node.get("required")
        for name, inner in properties.items() if isinstance(properties, dict) else ():
            at, full = child(child(place, "properties"), name), f"{prefix}{name}"
            yield self._told(inner, at, full, is_required=isinstance(required, list) and name in required)
            yield from self.fields(inner, at, f"{full}.", around)
        found = target(self._document, node.get("$ref"))
        if found is not None:
            yield from self.fields(found[1], found[0], prefix, around)
        for keyword in (*_LISTS, *_BRANCHES, *_COMBINED):
            inner, at = node.get(keyword), child(place, keyword)
            if isinstance(inner, list):
                for index, one in enumerate(inner):
                    yield from self.fields(one, child(at, index), prefix, around)
            else:
                yield from self.fields(inner, at, prefix, around)

    def _told(self, node: JsonValue, place: str, name: str, *, is_required: bool) -> SchemaField:
        said = node if isinstance(node, dict) else {}
        doc = said.get("description")
        return SchemaField(
            name,
            self._words(node, place, ()),
            place,
            optional=not is_required,
            default=written(said["default"]) if "default" in said else None,
            doc=doc if isinstance(doc, str) else "",
        )

    def _words(self, node: JsonValue, place: str, around: tuple[str, ...]) -> str:
        """The type in short: `string (date-time)`, `array of object`, and the limits as they stand."""
        if not isinstance(node, dict):
            return "anything" if node is True else "nothing"
        found = target(self._document, node.get("$ref"))
        if found is not None and found[0] not in around:
            return self._words(found[1], found[0], (*around, place))
        kind = node.get("type")
        words = " | ".join(map(str, kind)) if isinstance(kind, list) else str(kind or "")
        rest = {key: value for key, value in node.items() if key not in _SAID_ELSEWHERE and key != "type"}
        if words == "array" and isinstance(rest.get("items"), dict):
            words = f"array of {self._words(rest.pop('items'), child(place, 'items'), around)}"
        limits = ", ".join(f"{key}: {written(value)}" for key, value in sorted(rest.items()))
        return f"{words or 'anything'} ({limits})" if limits else words or "anything"
