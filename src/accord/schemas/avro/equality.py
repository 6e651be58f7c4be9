"""When two definitions of one name are the same: then the second is no contradiction."""

from collections.abc import Mapping

from accord.schemas.avro.model import Array, Map, NamedType, Record, Ref, Type, Union


def same_type(one: Type, other: Type, types: Mapping[str, NamedType]) -> bool:
    """Whether both say the same, whether written out or used by name. Documentation and aliases do not count."""
    if isinstance(one, Ref) and isinstance(other, Ref):
        return one.name == other.name
    if isinstance(one, Ref):
        return one.name in types and same_type(types[one.name], other, types)
    if isinstance(other, Ref):
        return same_type(other, one, types)
    if one.kind is not other.kind or one.properties != other.properties:
        return False
    if isinstance(one, Record) and isinstance(other, Record):
        return one.name == other.name and _same_fields(one, other, types)
    if isinstance(one, Union) and isinstance(other, Union):
        return len(one.branches) == len(other.branches) and all(
            same_type(mine, yours, types) for mine, yours in zip(one.branches, other.branches, strict=True)
        )
    if isinstance(one, Array) and isinstance(other, Array):
        return same_type(one.items, other.items, types)
    if isinstance(one, Map) and isinstance(other, Map):
        return same_type(one.values, other.values, types)
    return one == other


def _same_fields(one: Record, other: Record, types: Mapping[str, NamedType]) -> bool:
    return len(one.fields) == len(other.fields) and all(
        (mine.name, mine.order) == (yours.name, yours.order)
        and mine.default == yours.default
        and mine.properties == yours.properties
        and same_type(mine.type, yours.type, types)
        for mine, yours in zip(one.fields, other.fields, strict=True)
    )
