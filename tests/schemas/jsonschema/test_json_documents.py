import json
from typing import Any

import pytest

from accord.schemas import Schema, SchemaType, json_documents, parse

LATER = "https://json-schema.org/draft/2020-12/schema"


def text(**keywords: Any) -> Schema:
    return Schema(json.dumps(keywords), SchemaType.JSON)


def test_references_become_addresses_of_texts_that_are_at_hand() -> None:
    name = text(type="string")
    customer = text(properties={"name": {"$ref": "my name"}})
    order = text(properties={"by": {"$ref": "customer.json"}, "self": {"$ref": "#"}})
    found = json_documents(parse(order, referenced={"my name": name, "customer.json": customer}))
    order_text = found.texts[found.root]
    address = order_text["properties"]["by"]["$ref"]
    assert order_text["properties"]["self"]["$ref"] == f"{found.root}#"
    inner = found.texts[address.rstrip("#")]["properties"]["name"]["$ref"]
    assert found.texts[inner.rstrip("#")]["type"] == "string"


@pytest.mark.parametrize(
    ("declared", "draft"),
    [
        (LATER, LATER),
        ("http://json-schema.org/draft-04/schema#", "http://json-schema.org/draft-04/schema#"),
        ("https://example.com/dialect", "http://json-schema.org/draft-07/schema#"),
        (None, "http://json-schema.org/draft-07/schema#"),
    ],
)
def test_the_draft_is_the_one_that_the_registry_reads_it_as(declared: str | None, draft: str) -> None:
    schema = text(**({"$schema": declared} if declared else {}))
    assert json_documents(parse(schema)).metaschema == draft


def test_a_text_with_parts_of_several_drafts_stays_as_it_is() -> None:
    part = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "id": "http://example.com/part",
        "type": "string",
    }
    schema = text(
        **{
            "$schema": LATER,
            "$defs": {"part": {**part, "$id": "http://example.com/part"}},
            "$ref": "#/$defs/part",
        }
    )
    found = json_documents(parse(schema))
    assert found.texts[found.root]["$ref"] == "#/$defs/part"


def test_a_schema_of_another_type_has_no_such_texts() -> None:
    with pytest.raises(TypeError):
        json_documents(parse(Schema('"string"')))
