"""What lint looks for in a JSON Schema."""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final

from accord.contracts.lint import schema_rules as rules
from accord.contracts.lint import words
from accord.contracts.lint.problem import Problem
from accord.contracts.lint.style import Style
from accord.contracts.lint.telling import FEW, counted, told
from accord.findings import Fix
from accord.schemas import CompatibilityLevel
from accord.schemas.json_source import JsonSource
from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.pointers import child
from accord.schemas.tags import TAGS_PROPERTY

_INNER: Final = ("items", "additionalItems", "additionalProperties", "contains", "if", "then", "else", "not")
_LISTS: Final = ("allOf", "anyOf", "oneOf", "prefixItems")
_MAPS: Final = ("properties", "patternProperties", "$defs", "definitions")
_PARTS: Final = frozenset(("allOf", "anyOf", "oneOf", "if", "then", "else", "not"))
_BOUNDS: Final = ("additionalProperties", "unevaluatedProperties")


def problems_in(schema: JsonSchema, style: Style, level: CompatibilityLevel) -> Iterator[Problem]:
    """Everything about the text itself."""
    root = schema.document
    if not isinstance(root, dict):
        return
    types = _types(root)
    if types and "object" not in types:
        yield Problem(rules.TOP_NOT_RECORD, "/type", {"what": f"of the type {' or '.join(types)}"})
    if not root.get("description"):
        name = root.get("title") or schema.schema.type
        yield Problem(rules.DOC_MISSING, "", {"name": name, "what": "its `description`"})
    title = root.get("title")
    if isinstance(title, str) and not style.record.fullmatch(title.replace(" ", "")):
        yield Problem(rules.RECORD_NAME, "/title", {"name": title, "pattern": style.record_names})
    for place, node, is_part in _objects(root, "", is_part=False):
        yield from _object(schema, place, node, style)
        if not is_part:
            yield from _content_model(schema.source, place, node, level)


def _objects(node: JsonValue, place: str, *, is_part: bool) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Every schema with properties, its place, and whether it says only a part of what holds there."""
    if not isinstance(node, dict):
        return
    if isinstance(node.get("properties"), dict):
        yield place, node, is_part or any(key in node for key in (*_PARTS, "$ref"))
    for key in _INNER:
        yield from _objects(node.get(key), child(place, key), is_part=key in _PARTS)
    for key in _LISTS:
        members = node.get(key)
        for index, member in enumerate(members if isinstance(members, list) else ()):
            yield from _objects(member, child(child(place, key), index), is_part=key in _PARTS)
    for key in _MAPS:
        members = node.get(key)
        for name, member in members.items() if isinstance(members, dict) else ():
            yield from _objects(member, child(child(place, key), name), is_part=False)


def _object(schema: JsonSchema, place: str, node: dict[str, Any], style: Style) -> Iterator[Problem]:
    properties = node["properties"]
    required = node.get("required")
    silent = [
        name
        for name, inner in properties.items()
        if isinstance(inner, dict) and not inner.get("description") and "$ref" not in inner
    ]
    if silent:
        facts = {
            "name": _name(node, place),
            "count": counted(len(silent), "field"),
        }
        yield Problem(rules.FIELD_DOC_MISSING, place, {**facts, "fields": told(silent)})
    if isinstance(required, list) and len(properties) >= FEW and set(properties) <= set(required):
        facts = {"name": _name(node, place), "count": counted(len(properties), "field")}
        yield Problem(rules.FIELDS_STAY_FOR_EVER, child(place, "required"), facts)
    for name, inner in properties.items():
        at = child(child(place, "properties"), name)
        if not style.field.fullmatch(name):
            yield Problem(rules.FIELD_NAME, at, {"name": name, "pattern": style.field_names}, at)
        if isinstance(inner, dict):
            is_required = isinstance(required, list) and name in required
            yield from _property(schema, at, name, inner, is_required=is_required)


def _name(node: dict[str, Any], place: str) -> str:
    return str(node.get("title") or place.rpartition("/")[2] or "the object")


def _property(
    schema: JsonSchema, at: str, name: str, node: dict[str, Any], *, is_required: bool
) -> Iterator[Problem]:
    types = _types(node)
    doc = node.get("description")
    if is_required and "null" not in types and isinstance(doc, str) and words.sounds_optional(doc):
        yield Problem(rules.REQUIRED_LOOKS_OPTIONAL, at, {"name": name}, at)
    is_text = "string" in types
    if is_text and words.is_personal(name) and not node.get(TAGS_PROPERTY) and not _is_tagged(schema, name):
        yield Problem(rules.PERSONAL_UNTAGGED, at, {"name": name}, at)
    if any(key in node for key in ("format", "pattern", "enum", "const", "$ref")):
        return
    plain = " or ".join(one for one in types if one != "null")
    facts = {"name": name, "type": plain}
    if is_text and words.is_uuid(name):
        yield Problem(rules.UUID_UNTYPED, at, facts, at, (partial(_formatted, schema.source, at, "uuid"),))
    elif is_text and words.is_date(name):
        yield Problem(rules.DATE_UNTYPED, at, facts, at, (partial(_formatted, schema.source, at, "date"),))
    elif words.is_moment(name) and (is_text or {"integer", "number"} & set(types)):
        remedies = (partial(_formatted, schema.source, at, "date-time"),) if is_text else ()
        yield Problem(rules.MOMENT_UNTYPED, at, facts, at, remedies)
    elif words.is_money(name) and "number" in types and "multipleOf" not in node:
        yield Problem(rules.MONEY_AS_FLOAT, at, facts, at)


def _is_tagged(schema: JsonSchema, name: str) -> bool:
    metadata = schema.schema.metadata
    tagged = metadata.tags if metadata is not None and metadata.tags else {}
    return any(path.rpartition(".")[2] == name for path in tagged)


def _types(node: dict[str, Any]) -> list[str]:
    types = node.get("type")
    listed = types if isinstance(types, list) else [types]
    return [one for one in listed if isinstance(one, str)]


def _content_model(
    source: JsonSource, place: str, node: dict[str, Any], level: CompatibilityLevel
) -> Iterator[Problem]:
    """Where one side must read the other, an object can grow only if it is closed, or only if it is open."""
    name = (
        f"`{node['title']}`" if node.get("title") else (f"the object at {place}" if place else "the object")
    )
    facts = {"name": name, "level": level.value}
    is_open = all(node.get(key, True) is True or node.get(key) == {} for key in _BOUNDS)
    is_closed = any(node.get(key) is False for key in _BOUNDS)
    if level.new_reads_old and not level.old_reads_new and is_open:
        yield Problem(rules.CONTENT_MODEL_OPEN, place, facts, "", (partial(_closed, source, place),))
    elif level.old_reads_new and not level.new_reads_old and is_closed:
        yield Problem(rules.CONTENT_MODEL_CLOSED, place, facts)


def _closed(source: JsonSource, place: str) -> Fix | None:
    changed = source.with_member(place, "additionalProperties", value=False)
    return Fix("take only the properties that are named", "", '"additionalProperties": false', changed.text)


def _formatted(source: JsonSource, place: str, format: str) -> Fix | None:
    changed = source.with_member(place, "format", format)
    return Fix(
        f"say that it is of the format {format}",
        source.fragment(place),
        changed.fragment(place),
        changed.text,
    )
