"""The properties of a JSON Schema by dotted name."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from accord.schemas.field import SchemaField, fields_within
from accord.schemas.json_text import JsonValue, written
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.pointers import child, tokens

_LISTS: Final = ("items", "prefixItems", "additionalItems", "contains")
_COMBINED: Final = ("allOf", "anyOf", "oneOf")
_BRANCHES: Final = ("if", "then", "else")
_SAID_ELSEWHERE: Final = frozenset(
    {"description", "default", "title", "examples", "$comment", "properties", "required", "$defs", "definitions"}
)  # fmt: skip


_Within: TypeAlias = tuple[JsonValue, str, str, tuple[str, ...]]
"""A schema and its place, what the names of its properties begin with, and the places of the schemas around it."""


def fields_of(schema: JsonSchema) -> Mapping[str, SchemaField]:
    """See ``accord.schemas.fields``; what other documents define is not entered."""
    walk = _Walk(schema.document)
    start: _Within = (schema.document, "", "", ())
    return fields_within(start, walk.fields)


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

    def fields(self, within: _Within) -> Iterator[tuple[SchemaField, _Within]]:
        """The properties of a schema, and of all that it is combined of."""
        node, place, prefix, around = within
        parts = [(part, at) for part, at in self._parts(node, place) if at not in around]
        around = (*around, *(at for _, at in parts))
        for part, at in parts:
            properties, required = part.get("properties"), part.get("required")
            for name, inner in properties.items() if isinstance(properties, dict) else ():
                full, where = f"{prefix}{name}", child(child(at, "properties"), name)
                is_required = isinstance(required, list) and name in required
                told = self._told(inner, where, full, is_required=is_required)
                yield told, (inner, where, f"{full}.", around)

    def _parts(self, node: JsonValue, place: str) -> Iterator[tuple[dict[str, JsonValue], str]]:
        """The schema and those that speak of the same value, or of its items: each once."""
        waiting, seen = [(node, place)], set[str]()
        while waiting:
            part, at = waiting.pop()
            if not isinstance(part, dict) or at in seen:
                continue
            seen.add(at)
            yield part, at
            found = target(self._document, part.get("$ref"))
            inner = [] if found is None else [(found[1], found[0])]
            for keyword in (*_LISTS, *_BRANCHES, *_COMBINED):
                value, where = part.get(keyword), child(at, keyword)
                if isinstance(value, list):
                    inner += [(one, child(where, index)) for index, one in enumerate(value)]
                else:
                    inner.append((value, where))
            waiting += reversed(inner)

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
