"""Schemas of a known size, as many as are wanted."""

import json
from dataclasses import dataclass
from typing import Final

from accord.schemas import Schema, SchemaType, parse

_BASE = ("order_id", "customer_id", "currency", "channel", "warehouse", "carrier")
_DIGITS = 8

MARK: Final = "0" * _DIGITS
"""Stands for the number in a pattern."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A schema's text with a number in it: for another number another schema, of the same length."""

    schema: Schema

    def numbered(self, number: int) -> Schema:
        """The schema of that number."""
        return Schema(self.schema.text.replace(MARK, _digits(number)), self.schema.type)

    def body(self) -> bytes:
        """What is posted to register it, still with the mark; see ``fill``."""
        return json.dumps({"schemaType": self.schema.type, "schema": self.schema.text}).encode()


def pattern(kind: SchemaType, text: str) -> Pattern:
    """The pattern with that text, as the registry keeps it, so that a log can be written with it."""
    return Pattern(Schema(parse(Schema(text, kind)).canonical, kind))


def fill(template: bytes, number: int) -> bytes:
    """Put the number where the mark is."""
    return template.replace(MARK.encode(), _digits(number).encode())


def orders(size: int) -> Pattern:
    """An Avro record of about ``size`` bytes, its namespace numbered: each is a schema of its own."""
    return _avro(f"com.example.n{MARK}", "note", size)


def revisions(size: int) -> Pattern:
    """An Avro record of about ``size`` bytes with one optional field, whose name is numbered.

    Each reads what every other wrote (BACKWARD), and none is the same as another.
    """
    return _avro("com.example.orders", f"note_{MARK}", size)


def _avro(namespace: str, optional: str, size: int) -> Pattern:
    fields: list[dict[str, object]] = [{"name": name, "type": "string"} for name in _BASE]
    fields.append({"name": "total", "type": "double"})
    fields.append({"name": optional, "type": ["null", "string"], "default": None})
    document = {"type": "record", "name": "Order", "namespace": namespace, "doc": "", "fields": fields}
    document["doc"] = "An order. " * ((size - len(_compact(document))) // 10)
    return pattern(SchemaType.AVRO, _compact(document))


def _compact(document: object) -> str:
    return json.dumps(document, separators=(",", ":"))


def _digits(number: int) -> str:
    return f"{number:0{_DIGITS}d}"
