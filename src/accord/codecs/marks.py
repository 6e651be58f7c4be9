"""What a type hint cannot say by itself about how a field is stored."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AvroType:
    """The Avro type of a field whose class would have another one, or none: a mark in ``typing.Annotated``.

    total: Annotated[Decimal, AvroType("bytes", "decimal", precision=12, scale=2)]
    seen_at: Annotated[datetime, AvroType("long", "timestamp-micros")]
    count: Annotated[int, AvroType("int")]

    ``precision`` and ``scale`` belong to decimals.
    """

    name: str
    logical: str = ""
    precision: int = 0
    scale: int = 0
