"""What changes from one version of a schema to the next, in meaning and in text."""

import json
from typing import Any

import pytest

from accord.contracts.diff import SchemaDiff, Side, diff, to_json, to_markdown, to_text
from accord.schemas import CompatibilityLevel, DeployOrder, Earlier, Schema, SchemaType, Version, parse


def avro(*fields: dict[str, Any]) -> str:
    lines = ",\n".join(f"  {json.dumps(field)}" for field in fields)
    return f'{{"type": "record", "name": "Order", "fields": [\n{lines}\n]}}'


def field(name: str, type: Any = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type, **more}


def differing(before: str, after: str, kind: SchemaType = SchemaType.AVRO, **more: Any) -> SchemaDiff:
    old, new = (parse(Schema(text, kind)) for text in (before, after))
    return diff(Side("old", before, old), Side("new", after, new), **more)


def told(found: SchemaDiff) -> list[tuple[str, str, bool, bool]]:
    return [(one.kind, one.field, one.breaks_new_reader, one.breaks_old_reader) for one in found.changes]


ID = field("id")
LINE = {"type": "record", "name": "Line", "fields": [field("sku")]}
BIGGER = {"type": "record", "name": "Line", "fields": [field("sku"), field("count", "int", default=1)]}


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ([ID], [ID, field("note", default="")], [("added", "note", False, False)]),
        ([ID], [ID, field("note")], [("added", "note", True, False)]),
        ([ID, field("note")], [ID], [("removed", "note", False, True)]),
        ([ID, field("note", default="")], [ID], [("removed", "note", False, False)]),
        ([field("a", "int")], [field("a", "long")], [("type", "a", False, True)]),
        ([field("a", "int")], [field("a", "string")], [("type", "a", True, True)]),
        ([field("a")], [field("b", aliases=["a"])], [("renamed", "b", False, True)]),
        ([field("a", doc="x")], [field("a", doc="y")], [("documentation", "a", False, False)]),
        ([field("a", default="x")], [field("a", default="y")], [("default", "a", False, False)]),
        ([ID], [ID, field("line", LINE)], [("added", "line", True, False)]),
        ([field("line", LINE)], [field("line", BIGGER)], [("added", "line.count", False, False)]),
        ([field("line", LINE)], [ID, field("lines", LINE, aliases=["line"])],
         [("added", "id", True, False), ("renamed", "lines", False, True)]),
        ([field("a")], [field("a", ["null", "string"])],
         [("type", "a", False, True), ("optional", "a", False, False)]),
    ],
)  # fmt: skip
def test_what_became_of_the_fields_of_a_record(
    before: list[dict[str, Any]], after: list[dict[str, Any]], changes: list[tuple[str, str, bool, bool]]
) -> None:
    assert told(differing(avro(*before), avro(*after))) == changes


JSON_CASES = [
    ({"id": {"type": "string"}}, ["id"], {"id": {"type": "string"}, "n": {"type": "integer"}}, ["id", "n"],
     [("added", "n", True, False)]),
    ({"id": {"type": "string"}}, [], {"id": {"type": "string"}}, ["id"], [("required", "id", True, False)]),
    ({"id": {"type": "string"}}, [], {"id": {"type": "integer"}}, [], [("type", "id", True, True)]),
]  # fmt: skip


@pytest.mark.parametrize(("old", "old_required", "new", "new_required", "changes"), JSON_CASES)
def test_what_became_of_the_properties_of_a_document(
    old: Any, old_required: list[str], new: Any, new_required: list[str], changes: Any
) -> None:
    def text(properties: Any, required: list[str]) -> str:
        closed = {"type": "object", "properties": properties, "required": required}
        return json.dumps({**closed, "additionalProperties": False})

    found = differing(text(old, old_required), text(new, new_required), SchemaType.JSON)
    assert [(kind, name, new_reader) for kind, name, new_reader, _ in told(found)] == [
        (kind, name, new_reader) for kind, name, new_reader, _ in changes
    ]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("int32 n = 1;", "int64 n = 1;", [("type", "n", False, False)]),
        ("int32 n = 1;", "int32 m = 1;", [("renamed", "m", False, False)]),
        ("int32 n = 1;", "int32 n = 2;", [("number", "n", False, False)]),
        ("int32 n = 1;", "int32 n = 1; string s = 2;", [("added", "s", False, False)]),
    ],
)
def test_what_became_of_the_fields_of_a_message(before: str, after: str, changes: Any) -> None:
    old, new = (f'syntax = "proto3"; message Order {{ {fields} }}' for fields in (before, after))
    assert told(differing(old, new, SchemaType.PROTOBUF)) == changes


def test_every_level_has_its_say() -> None:
    found = differing(avro(ID), avro(ID, field("note")))
    refusing = {level.value for level, reasons in found.verdicts.items() if reasons}
    assert refusing == {"BACKWARD", "BACKWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE"}
    assert len(found.verdicts) == len(CompatibilityLevel)
    assert found.deployment.order is DeployOrder.PRODUCERS_FIRST


def test_older_versions_count_for_transitive_levels() -> None:
    oldest, old = (parse(Schema(text)) for text in (avro(ID), avro(ID, field("note", default=""))))
    found = differing(
        avro(ID, field("note", default="")),
        avro(ID, field("note")),
        earlier=[Earlier(Version(1), oldest), Earlier(Version(2), old)],
    )
    assert not found.verdicts[CompatibilityLevel.BACKWARD]
    assert found.verdicts[CompatibilityLevel.BACKWARD_TRANSITIVE]
    assert "with an older version: field `note`" in to_text(found)
    assert "with an older version: field `note`" in to_markdown(found)


def test_another_name_of_the_whole_is_told_although_no_field_changes() -> None:
    found = differing(avro(ID), avro(ID).replace("Order", "Purchase"))
    assert found.changes == ()
    assert {one.rule for one in found.others} == {"AVRO_NAME_CHANGED"}


def test_another_format_is_told() -> None:
    old, new = Schema(avro(ID)), Schema('{"type": "object"}', SchemaType.JSON)
    found = diff(Side("old", old.text, parse(old)), Side("new", new.text, parse(new)))
    assert {one.rule for one in found.others} == {"SCHEMA_TYPE_CHANGED"}
    assert found.deployment.order is DeployOrder.NO_SAFE_ORDER


def test_the_meaning_stands_before_the_text() -> None:
    text = to_text(differing(avro(ID), avro(ID, field("note"))))
    assert text.index("+ note (string)") < text.index("BACKWARD ") < text.index("--- old")
    assert '+  {"name": "note", "type": "string"}' in text


def test_markdown_lets_no_text_of_a_schema_break_out() -> None:
    page = to_markdown(differing(avro(ID), avro(ID, field("note", default="| <b> ```"))))
    row = next(line for line in page.split("\n") if line.startswith("| + |"))
    assert "\\| &lt;b>" in row
    assert "\n````diff\n" in page


def test_machines_get_all_of_it() -> None:
    document = json.loads(json.dumps(to_json(differing(avro(ID), avro(ID, field("note"))))))
    assert document["changes"][0]["field"] == "note"
    assert document["verdicts"]["BACKWARD"]["compatible"] is False
    assert document["deployment"]["order"] == "PRODUCERS_FIRST"


def test_layout_alone_changes_nothing_that_anybody_would_notice() -> None:
    assert "nothing that records or readers would notice" in to_text(differing(avro(ID), avro(ID) + "\n"))
