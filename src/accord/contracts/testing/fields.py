"""Which fields a consumer needs, and what they are called on the other side."""

from collections.abc import Sequence

from accord.contracts.check.impact import is_there
from accord.contracts.testing.sides import Consumer
from accord.schemas import ParsedSchema, SchemaType
from accord.schemas.fields import SchemaField, fields_of


def fields_needed(consumer: Consumer, reader: ParsedSchema) -> Sequence[str]:
    """The dotted names of what it needs; of one that does not say, all that its schema has and that no default replaces."""
    if consumer.reader.fields is not None:
        return consumer.reader.fields
    return [
        field.name for field in fields_of(reader).values() if field.default is None and not field.optional
    ]


def is_written(name: str, reader: ParsedSchema, writer: ParsedSchema) -> bool:
    """Whether the writer has the reader's field ``name``, also in another JSON Schema that it refers to."""
    return same_field(name, reader, writer) is not None or (
        writer.type is SchemaType.JSON and is_there(name, writer)
    )


def same_field(name: str, reader: ParsedSchema, writer: ParsedSchema) -> SchemaField | None:
    """The field of the writer that the reader's field ``name`` is read from; None if it has none such.

    In Protobuf that is the one with its number, in Avro also one that is an alias of it.
    """
    mine, there = fields_of(reader).get(name), fields_of(writer)
    if mine is not None and mine.number is not None:
        around = name.rpartition(".")[0]
        same = (
            one
            for one in there.values()
            if one.number == mine.number and one.name.rpartition(".")[0] == around
        )
        return next(same, None)
    if name in there or mine is None:
        return there.get(name)
    around = name.removesuffix(mine.own_name)
    return next((there[around + alias] for alias in mine.aliases if around + alias in there), None)
