"""Tags inside of a JSON Schema's text."""

import json
from typing import Literal

import pytest

from accord.schemas import (
    InvalidSchema,
    ParsedSchema,
    Schema,
    SchemaEntity,
    SchemaTags,
    SchemaType,
    inherited_tags,
    parse,
    tags_in,
    with_tags,
)

ORDER = {
    "title": "Order",
    "type": "object",
    "confluent:tags": ["WHOLE"],
    "properties": {
        "id": {"type": "string", "confluent:tags": ["KEY"]},
        "buyer": {
            "type": "object",
            "confluent:tags": ["PII"],
            "properties": {"name": {"type": "string", "confluent:tags": ["PII", "NAME"]}},
        },
        "lines": {"items": {"title": "Line", "properties": {"sku": {"confluent:tags": ["SKU", 5]}}}},
        "pay": {"oneOf": [{"type": "null"}, {"properties": {"card": {"confluent:tags": ["CARD"]}}}]},
        "any": True,
    },
    "$defs": {"Address": {"confluent:tags": ["PLACE"], "properties": {"city": {}}}},
}


def record(path: str, *tags: str) -> SchemaTags:
    return _tags(path, "sr_record", tags)


def field(path: str, *tags: str) -> SchemaTags:
    return _tags(path, "sr_field", tags)


def _tags(path: str, kind: Literal["sr_record", "sr_field"], tags: tuple[str, ...]) -> SchemaTags:
    return SchemaTags(SchemaEntity(path, kind), tags)


def order() -> ParsedSchema:
    return parse(Schema(json.dumps(ORDER), SchemaType.JSON))


def test_tags_are_found_on_objects_and_properties_wherever_they_are() -> None:
    assert tags_in(order()) == (
        record("Order", "WHOLE"),
        field("Order.id", "KEY"),
        field("Order.buyer", "PII"),
        field("Order.buyer.object.name", "PII", "NAME"),
        field("Order.lines.Line.sku", "SKU"),
        field("Order.pay.object.card", "CARD"),
        record("Address", "PLACE"),
    )
    assert tags_in(order(), find={"NAME"}) == (field("Order.buyer.object.name", "PII", "NAME"),)


def test_tags_are_added_and_removed_where_they_are_and_nothing_else_changes() -> None:
    text = with_tags(
        order(),
        add=[
            field("Order.id", "PII", "KEY"),
            field("Address.city", "PII"),
            record("Order.lines.Line", "LINE"),
        ],
        remove=[record("Order", "WHOLE"), field("Order.buyer.object.name", "NAME", "OTHER")],
    )
    expected = json.loads(json.dumps(ORDER))
    del expected["confluent:tags"]
    expected["properties"]["id"]["confluent:tags"] = ["KEY", "PII"]
    expected["properties"]["buyer"]["properties"]["name"]["confluent:tags"] = ["PII"]
    expected["properties"]["lines"]["items"]["confluent:tags"] = ["LINE"]
    expected["$defs"]["Address"]["properties"]["city"]["confluent:tags"] = ["PII"]
    assert json.loads(text) == expected
    assert with_tags(order()) == order().canonical


def test_an_object_without_a_title_is_called_object() -> None:
    untitled = parse(Schema('{"properties": {"a": {}}}', SchemaType.JSON))
    assert json.loads(with_tags(untitled, add=[record("object", "X"), field("object.a", "Y")])) == {
        "properties": {"a": {"confluent:tags": ["Y"]}},
        "confluent:tags": ["X"],
    }


def test_tags_on_what_is_not_there_are_refused_by_name() -> None:
    with pytest.raises(InvalidSchema, match=r"does not define the field 'Order.ids'") as refused:
        with_tags(order(), add=[field("Order.ids", "X")])
    assert refused.value.hint == "did you mean 'Order.id'?"


def test_a_new_version_inherits_the_tags_of_what_it_keeps() -> None:
    new = parse(Schema('{"title": "Order", "properties": {"id": {}, "buyer": {}}}', SchemaType.JSON))
    assert inherited_tags(new, order()) == (
        record("Order", "WHOLE"),
        field("Order.id", "KEY"),
        field("Order.buyer", "PII"),
    )
