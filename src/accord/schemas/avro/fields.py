"""The fields of an Avro schema by dotted name."""

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from accord.schemas.avro.canonical import json_text
from accord.schemas.avro.model import Array, Enum, Field, Fixed, Kind, Map, Primitive, Record, Type, Union
from accord.schemas.avro.schema import AvroSchema
from accord.schemas.field import SchemaField, fields_within

_Within: TypeAlias = tuple[Type, str, tuple[str, ...]]
"""A type, what the names of its fields begin with, and the records around it by their full names."""


def fields_of(schema: AvroSchema) -> Mapping[str, SchemaField]:
    """See ``accord.schemas.fields``."""
    start: _Within = (schema.root, "", ())
    return fields_within(start, lambda within: _fields_in(schema, within))


def _records_in(schema: AvroSchema, node: Type) -> Iterator[Record]:
    """The records that a value of this type is made of, without those within their fields."""
    definition = schema.resolve(node)
    if isinstance(definition, Record):
        yield definition
    elif isinstance(definition, Union):
        for branch in definition.branches:
            yield from _records_in(schema, branch)
    elif isinstance(definition, Array):
        yield from _records_in(schema, definition.items)
    elif isinstance(definition, Map):
        yield from _records_in(schema, definition.values)


def _fields_in(schema: AvroSchema, within: _Within) -> Iterator[tuple[SchemaField, _Within]]:
    node, prefix, around = within
    for record in _records_in(schema, node):
        if record.name.full in around:
            continue
        for field in record.fields:
            name = f"{prefix}{field.name}"
            yield _told(schema, field, name), (field.type, f"{name}.", (*around, record.name.full))


def _told(schema: AvroSchema, field: Field, name: str) -> SchemaField:
    definition = schema.resolve(field.type)
    branches = definition.branches if isinstance(definition, Union) else (definition,)
    is_nullable = any(isinstance(one, Primitive) and one.kind is Kind.NULL for one in branches)
    return SchemaField(
        name,
        _words(schema, field.type),
        field.place or "",
        optional=is_nullable,
        default=json_text(field.default) if field.has_default else None,
        doc=field.doc or "",
        aliases=field.aliases,
    )


def _words(schema: AvroSchema, node: Type) -> str:
    """The type in short: `long (timestamp-millis)`, `null | string`, `enum Status {OPEN, PAID}`."""
    definition = schema.resolve(node)
    if isinstance(definition, Union):
        return " | ".join(_words(schema, branch) for branch in definition.branches)
    if isinstance(definition, Array):
        return f"array of {_words(schema, definition.items)}"
    if isinstance(definition, Map):
        return f"map of {_words(schema, definition.values)}"
    words = str(definition.kind)
    if isinstance(definition, Enum):
        words = f"enum {definition.name.full} {{{', '.join(definition.symbols)}}}"
    elif isinstance(definition, Fixed):
        words = f"fixed {definition.name.full} of {definition.size} bytes"
    elif isinstance(definition, Record):
        words = f"record {definition.name.full}"
    logical = definition.properties.get("logicalType")
    if not isinstance(logical, str):
        return words
    sizes = [definition.properties[key] for key in ("precision", "scale") if key in definition.properties]
    return f"{words} ({logical}{f' {sizes[0]},{sizes[-1] if len(sizes) > 1 else 0}' if sizes else ''})"
