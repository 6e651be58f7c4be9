"""The fields that records of a schema have, by dotted name."""

from collections.abc import Mapping

from accord.schemas.field import SchemaField
from accord.schemas.formats import format_of
from accord.schemas.model import ParsedSchema

__all__ = ["SchemaField", "fields_at", "fields_of"]


def fields_of(schema: ParsedSchema) -> Mapping[str, SchemaField]:
    """Every field by its dotted name, ``customer.city``, in the order of the text.

    Lists, maps and unions add no step to a name. A type within itself is entered once.
    """
    return format_of(schema.type).fields(schema)


def fields_at(schema: ParsedSchema, place: str) -> tuple[str, ...]:
    """The dotted names of the field that ``place``, as a finding names it, lies in; none for the whole schema.

    A field of a type that is used in several places has several names.
    """
    around = [field for field in fields_of(schema).values() if field.place and _lies_in(place, field.place)]
    longest = max((len(field.place) for field in around), default=0)
    return tuple(field.name for field in around if len(field.place) == longest)


def _lies_in(place: str, around: str) -> bool:
    return place == around or place.startswith((f"{around}/", f"{around}."))
