"""Where in a file a finding about its schema is."""

import pytest
from tests.contracts.check.order_files import MemoryTree

from accord.contracts.check.places import place_of
from accord.contracts.loading import load

AVRO = """{
  "type": "record", "name": "Order",
  "fields": [
    {"name": "id", "type": "string"}, {"name": "tags", "type": {"type": "array", "items": "string"}},
    {
      "name": "total",
      "type": "long"
    }
  ]
}"""
JSON = """{
  "type": "object",
  "properties": {
    "id": {"type": "string"},
    "total amount": {
      "type": "integer"
    }
  }
}"""
PROTO = """syntax = "proto3";
message Order {
  string id = 1; // which
  int64 total = 2;
}"""


@pytest.mark.parametrize(
    ("file", "text", "place", "meant"),
    [
        ("a.avsc", AVRO, "/fields/0", '{"name": "id", "type": "string"}'),
        ("a.avsc", AVRO, "/fields/0/type", '"string"'),
        ("a.avsc", AVRO, "/fields/1/type", '{"type": "array", "items": "string"}'),
        ("a.avsc", AVRO, "/fields/2", '"total"'),
        ("a.avsc", AVRO, "/fields/2/type", '"long"'),
        ("a.avsc", AVRO, "", '"Order"'),
        ("a.avsc", AVRO, "/fields", "["),
        ("a.json", JSON, "/properties/id", '{"type": "string"}'),
        ("a.json", JSON, "/properties/total amount", '"total amount"'),
        ("a.json", JSON, "", "{"),
        ("a.proto", PROTO, "Order.total", "int64 total = 2;"),
        ("a.proto", PROTO, "Order.gone", "message Order {"),
    ],
)
def test_a_place_is_as_wide_as_what_stands_there(file: str, text: str, place: str, meant: str) -> None:
    [schema] = load(MemoryTree({file: text})).schemas.values()
    at = place_of(schema, place)
    assert at.excerpt[at.column - 1 : at.column - 1 + at.width] == meant
    assert at.excerpt == text.splitlines()[at.line - 1]
