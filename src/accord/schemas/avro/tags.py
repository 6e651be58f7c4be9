"""Tags in the text of an Avro schema: the property ``confluent:tags`` of a record or a field."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from accord.schemas.avro.canonical import canonical_text
from accord.schemas.avro.model import Array, Field, Map, NamedType, Record, Type, Union
from accord.schemas.avro.schema import AvroSchema
from accord.schemas.avro.tree import nodes_in
from accord.schemas.json_text import JsonValue
from accord.schemas.tags import TAGS_PROPERTY, SchemaEntity

Tags = tuple[str, ...]


def entities_of(schema: AvroSchema) -> Mapping[SchemaEntity, Tags]:
    """The records and fields that the text defines, in its order, and their tags."""
    return dict(_entities_in(schema.root, schema.elsewhere))


def tagged_text(schema: AvroSchema, tags: Mapping[SchemaEntity, Tags]) -> str:
    """The canonical text with other tags on the entities that ``tags`` names."""
    root = _with_tags(schema.root, tags)
    own = {node.name.full: node for node in nodes_in(root) if isinstance(node, NamedType)}
    return canonical_text(root, {**schema.types, **own}, known=schema.elsewhere)


def _entities_in(node: Type, elsewhere: Collection[str]) -> Iterator[tuple[SchemaEntity, Tags]]:
    if isinstance(node, Record) and node.name.full not in elsewhere:
        yield _entity_of(node), _tags_of(node.properties)
        for field in node.fields:
            yield _entity_of(node, field), _tags_of(field.properties)
            yield from _entities_in(field.type, elsewhere)
    elif isinstance(node, Union):
        for branch in node.branches:
            yield from _entities_in(branch, elsewhere)
    elif isinstance(node, Array):
        yield from _entities_in(node.items, elsewhere)
    elif isinstance(node, Map):
        yield from _entities_in(node.values, elsewhere)


def _with_tags(node: Type, tags: Mapping[SchemaEntity, Tags]) -> Type:
    if isinstance(node, Record):
        fields = tuple(
            replace(
                field,
                type=_with_tags(field.type, tags),
                properties=_changed(field.properties, tags.get(_entity_of(node, field))),
            )
            for field in node.fields
        )
        properties = _changed(node.properties, tags.get(_entity_of(node)))
        return replace(node, fields=fields, properties=properties)
    if isinstance(node, Union):
        return replace(node, branches=tuple(_with_tags(branch, tags) for branch in node.branches))
    if isinstance(node, Array):
        return replace(node, items=_with_tags(node.items, tags))
    if isinstance(node, Map):
        return replace(node, values=_with_tags(node.values, tags))
    return node


def _entity_of(record: Record, field: Field | None = None) -> SchemaEntity:
    if field is None:
        return SchemaEntity(record.name.full, "sr_record")
    return SchemaEntity(f"{record.name.full}.{field.name}", "sr_field")


def _tags_of(properties: Mapping[str, JsonValue]) -> Tags:
    given = properties.get(TAGS_PROPERTY)
    return tuple(tag for tag in given if isinstance(tag, str)) if isinstance(given, list) else ()


def _changed(properties: Mapping[str, JsonValue], tags: Tags | None) -> Mapping[str, JsonValue]:
    if tags is None:
        return properties
    if tags:
        return {**properties, TAGS_PROPERTY: list(tags)}
    return {key: value for key, value in properties.items() if key != TAGS_PROPERTY}
