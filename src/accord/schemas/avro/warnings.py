"""Defaults that the registry lets pass and the Avro specification does not."""

from collections.abc import Iterator, Mapping

from accord.schemas.avro import rules
from accord.schemas.avro.compatibility import AvroDifference, Pair
from accord.schemas.avro.defaults import is_valid_default
from accord.schemas.avro.model import Enum, Field, Fixed, Kind, NamedType, Ref, Type, Union
from accord.schemas.avro.schema import AvroSchema
from accord.schemas.avro.tree import fields_in
from accord.schemas.avro.words import where_in
from accord.schemas.json_text import JsonValue
from accord.schemas.pointers import child

_LAST_BYTE = "\u00ff"


def warnings_of(schema: AvroSchema) -> Iterator[AvroDifference]:
    """One for each default of a field that is not as the specification asks."""
    for field in fields_in(schema.root):
        if not field.has_default or field.place is None:
            continue
        problem = _problem(field.default, field.type, schema.types)
        if problem:
            yield _warning(schema, field, field.place, problem)


def _warning(schema: AvroSchema, field: Field, field_place: str, problem: str) -> AvroDifference:
    place = child(field_place, "default")
    node = schema.resolve(field.type)
    return AvroDifference(
        rules.DEFAULT_UNREADABLE,
        place,
        place,
        None,
        {"where": where_in(schema, field_place), "problem": problem},
        pair=Pair(node, node, field.type, field.type, field.type, field.type),
        reader_field=field,
    )


def _problem(value: JsonValue, type_: Type, types: Mapping[str, NamedType]) -> str:
    if not is_valid_default(value, type_, types):
        return "it does not fit the type"
    node = types[type_.name] if isinstance(type_, Ref) else type_
    if isinstance(node, Enum) and value not in node.symbols:
        return f"`{value}` is not a symbol of the enum `{node.name.short}`"
    if isinstance(node, Fixed) and len(value) != node.size:
        return f"it has {len(value)} bytes, and the fixed `{node.name.short}` has {node.size}"
    if node.kind in {Kind.BYTES, Kind.FIXED} and max(value, default="") > _LAST_BYTE:
        return "it holds characters above \\u00ff, which are no bytes"
    if isinstance(node, Union) and not is_valid_default(value, node.branches[0], types):
        return "it fits another branch of the union than the first"
    return ""
