"""Tags in the text of a JSON Schema: the property ``confluent:tags`` of a schema that describes an object or a property.

An object is called by its title, or "object" without one; inside a property its name follows that of the property. So the
property ``city`` of the property ``home`` of an untitled schema is ``object.home.object.city``. What stands under
``definitions`` is called by its title or its key there. A property that is an object itself has one list of tags, which
is the property's.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Final, TypeAlias

from accord.schemas.json_text import JsonValue, written
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.tags import TAGS_PROPERTY, SchemaEntity

Tags: TypeAlias = tuple[str, ...]

_DEFINITIONS: Final = ("definitions", "$defs")
_INNER: Final = (
    "items", "prefixItems", "additionalItems", "additionalProperties", "allOf", "anyOf", "oneOf", "then", "else",
)  # fmt: skip


def entities_of(schema: JsonSchema) -> Mapping[SchemaEntity, Tags]:
    """The objects and properties that the text defines, in its order, and their tags."""
    return {entity: _tags_of(value) for entity, value in _tagged(schema.document).items()}


def tagged_text(schema: JsonSchema, tags: Mapping[SchemaEntity, Tags]) -> str:
    """The canonical text with other tags on the entities that ``tags`` names."""
    document = deepcopy(schema.document)
    for entity, value in _tagged(document).items():
        given = tags.get(entity)
        if given:
            value[TAGS_PROPERTY] = [*given]
        elif given is not None:
            value.pop(TAGS_PROPERTY, None)
    return written(document)


def _tagged(document: JsonValue) -> dict[SchemaEntity, dict[str, JsonValue]]:
    """By entity the schema that has its tags; of two with the same name the first."""
    found: dict[SchemaEntity, dict[str, JsonValue]] = {}
    for entity, value in _entities_in(document, "", "object"):
        found.setdefault(entity, value)
    return found


_Found: TypeAlias = tuple[SchemaEntity, dict[str, JsonValue]]


def _entities_in(value: JsonValue, around: str, name: str, *, is_field: bool = False) -> Iterator[_Found]:
    """Those of a schema that is inside ``around``, and is called ``name`` if it describes an object without a title."""
    if isinstance(value, list):
        for item in value:
            yield from _entities_in(item, around, name)
    if not isinstance(value, dict):
        return
    if isinstance(value.get("properties"), dict):
        yield from _object(value, f"{around}.{_name(value, name)}".removeprefix("."), is_field=is_field)
    for keyword in _INNER:
        yield from _entities_in(value.get(keyword), around, name)
    for keyword in _DEFINITIONS:
        defined = value.get(keyword)
        for key, inner in defined.items() if isinstance(defined, dict) else ():
            yield from _entities_in(inner, around, key)


def _object(value: dict[str, JsonValue], record: str, *, is_field: bool) -> Iterator[_Found]:
    if not is_field:
        yield SchemaEntity(record, "sr_record"), value
    for key, inner in value["properties"].items():
        if isinstance(inner, dict):
            field = f"{record}.{key}"
            yield SchemaEntity(field, "sr_field"), inner
            yield from _entities_in(inner, field, "object", is_field=True)


def _name(value: dict[str, JsonValue], otherwise: str) -> str:
    title = value.get("title")
    return title if isinstance(title, str) and title else otherwise


def _tags_of(value: dict[str, JsonValue]) -> Tags:
    given = value.get(TAGS_PROPERTY)
    return tuple(tag for tag in given if isinstance(tag, str)) if isinstance(given, list) else ()
