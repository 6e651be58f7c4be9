"""Which schemas are the same to those who read and write, whatever versions they have where."""

import pytest

from accord.contracts.testing import own_fingerprint
from accord.schemas import Reference, Schema, SchemaType, Subject, Version, parse

AVRO = (
    '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "Money"}]}',
    '{"type": "record", "name": "Money", "fields": [{"name": "cents", "type": "%s"}]}',
    "Money",
    ("int", "string"),
)
JSON = (
    '{"type": "object", "properties": {"total": {"$ref": "money.json"}}}',
    '{"type": "object", "properties": {"cents": {"type": "%s"}}}',
    "money.json",
    ("integer", "string"),
)
PROTOBUF = (
    'syntax = "proto3";\nimport "money.proto";\nmessage Order { Money total = 1; }\n',
    'syntax = "proto3";\nmessage Money { %s cents = 1; }\n',
    "money.proto",
    ("int32", "string"),
)


@pytest.mark.parametrize(
    ("type_", "texts"),
    [(SchemaType.AVRO, AVRO), (SchemaType.JSON, JSON), (SchemaType.PROTOBUF, PROTOBUF)],
    ids=["avro", "json", "protobuf"],
)
def test_what_a_schema_refers_to_counts_and_its_version_does_not(
    type_: SchemaType, texts: tuple[str, str, str, tuple[str, str]]
) -> None:
    text, other, name, (first, second) = texts

    def of(kind: str, version: int) -> str:
        reference = Reference(name, Subject("money-value"), Version(version))
        order = Schema(text, type_, (reference,))
        return own_fingerprint(parse(order, referenced={name: Schema(other % kind, type_)}))

    assert of(first, 1) == of(first, 2)
    assert of(first, 1) != of(second, 1)


def test_an_avro_schema_is_what_it_is_with_its_references_written_out() -> None:
    text, other, name, (first, _) = AVRO
    reference = Reference(name, Subject("money-value"), Version(1))
    parsed = parse(Schema(text, references=(reference,)), referenced={name: Schema(other % first)})

    assert own_fingerprint(parsed) == own_fingerprint(parse(Schema(parsed.formatted("resolved"))))
