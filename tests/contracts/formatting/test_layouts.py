import json
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.contracts.formatting import laid_out
from accord.contracts.formatting.json_layout import WIDTH, json_layout
from accord.contracts.model import SourceFile
from accord.schemas import Schema, SchemaType, fingerprint, parse


def laid(path: str, text: str) -> str:
    return laid_out(SourceFile(path, text)).text


def test_json_is_laid_out_with_its_fields_one_by_one() -> None:
    text = '{"type":"record","name":"Order","fields":[{"name":"id","type":"string"},{"name":"note","type":["null","string"],"default":null,"doc":"A note that somebody wrote, in words."}]}'
    assert laid("Order.avsc", text) == dedent(
        """\
        {
          "type": "record",
          "name": "Order",
          "fields": [
            {"name": "id", "type": "string"},
            {
              "name": "note",
              "type": ["null", "string"],
              "default": null,
              "doc": "A note that somebody wrote, in words."
            }
          ]
        }
        """
    )


def test_properties_are_laid_out_one_by_one_however_short() -> None:
    assert laid(
        "a.json", '{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}'
    ) == dedent(
        """\
        {
          "type": "object",
          "properties": {
            "a": {"type": "string"}
          },
          "required": ["a"]
        }
        """
    )


@pytest.mark.parametrize(
    "text",
    [
        '{"a": 1.10, "b": 1E+2, "c": -0.0, "d": 12345678901234567890}',
        '{"a": "\\u00e9\\/", "b": "é", "c": "\\ud83d\\ude00"}',
        '{"b": 1, "a": 2, "b": 3}',
        "[]",
        '"string"',
        "{}",
    ],
)
def test_what_stands_in_json_stays_character_by_character(text: str) -> None:
    told = laid("a.json", text)
    squeezed = "".join(told.split())
    assert squeezed == "".join(text.split())


@pytest.mark.parametrize(
    ("path", "text", "reason"),
    [
        ("a.avsc", '{"type": "string"} // why', "comments"),
        ("a.json", '{"type": ', "no valid JSON"),
        ("a.odcs.yaml", "text: |\n  two  \n  lines\n", "a meaning"),
        ("a.odcs.yaml", "a: [", "cannot be read"),
        ("a.proto", "message {", "cannot be read"),
    ],
)
def test_what_cannot_be_laid_out_without_loss_is_left_alone(path: str, text: str, reason: str) -> None:
    layout = laid_out(SourceFile(path, text))
    assert layout.text == text
    assert not layout.is_other
    assert reason in layout.reason


def test_yaml_keeps_its_comments_and_its_author() -> None:
    text = "\n\n# why  \nid:   orders   # who\n\n\n\nname: 'x'\t\nlist:\n    - {a: 1}\n\n"
    assert laid("a.odcs.yaml", text) == "# why\nid:   orders   # who\n\nname: 'x'\nlist:\n    - {a: 1}\n"


def test_protobuf_loses_white_space_at_the_ends_of_lines() -> None:
    text = 'syntax = "proto3";   \n\n\n\n// An order.\t\nmessage Order {\n\tstring id = 1;  // why \n}'
    told = laid("a.proto", text)
    assert told == 'syntax = "proto3";\n\n// An order.\nmessage Order {\n\tstring id = 1;  // why\n}\n'


def test_line_ends_stay_what_they_are() -> None:
    assert laid("a.json", '{\r\n"a":1}') == '{\r\n  "a": 1\r\n}\r\n'
    assert not laid_out(SourceFile("a.json", '{\r\n  "a": 1\r\n}\r\n')).is_other


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=30,
)


@given(values, st.sampled_from([None, 0, 1, 7]), st.booleans())
def test_a_layout_changes_no_value_and_settles_at_once(
    value: object,
    indent: int | None,
    is_ascii: bool,  # noqa: FBT001 -- hypothesis gives it
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=is_ascii)
    told = json_layout(text)
    assert json.loads(told) == value
    assert json_layout(told) == told
    assert all(len(line) <= WIDTH for line in told.split("\n") if line.count('"') == 0)


names = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True)
types = st.recursive(
    st.sampled_from(["string", "long", "double", ["null", "string"]])
    | st.just({"type": "long", "logicalType": "timestamp-millis"}),
    lambda inner: st.builds(lambda items: {"type": "array", "items": items}, inner),
    max_leaves=3,
)


@given(
    st.dictionaries(names, st.tuples(types, st.text(max_size=9)), max_size=4),
    st.text(),
    st.sampled_from([None, 0, 3]),
)
def test_an_avro_schema_keeps_its_canonical_form_and_its_fingerprint(
    fields: dict[str, tuple[object, str]], doc: str, indent: int | None
) -> None:
    listed = [{"name": name, "type": kind, "doc": text} for name, (kind, text) in fields.items()]
    text = json.dumps({"type": "record", "name": "Order", "doc": doc, "fields": listed}, indent=indent)
    before, after = (Schema(one) for one in (text, laid("Order.avsc", text)))
    assert parse(after).canonical == parse(before).canonical
    assert parse(after).normalized == parse(before).normalized
    assert fingerprint(Schema(parse(after).canonical)) == fingerprint(Schema(parse(before).canonical))


@given(
    st.dictionaries(st.text(min_size=1), st.sampled_from(["string", "integer"]), max_size=6),
    st.integers(0, 10**30),
)
def test_a_json_schema_keeps_its_canonical_form(properties: dict[str, str], minimum: int) -> None:
    text = json.dumps(
        {
            "type": "object",
            "properties": {name: {"type": kind, "minimum": minimum} for name, kind in properties.items()},
        }
    )
    before, after = (Schema(one, SchemaType.JSON) for one in (text, laid("Order.json", text)))
    assert parse(after).canonical == parse(before).canonical


@given(st.lists(st.sampled_from(["  ", "\t", "\n\n\n", "// note  \n", "string a = 1;  \n", "/* b \n\n\n c */", "string s = 2 [default = 'x  '];\n"]), max_size=8, unique=True))  # fmt: skip
def test_a_protobuf_schema_keeps_its_canonical_form(pieces: list[str]) -> None:
    text = f'syntax = "proto2";\nmessage Order {{\n{"".join(pieces).replace("string", "optional string")}\n}}'
    told = laid("Order.proto", text)
    before, after = (parse(Schema(one, SchemaType.PROTOBUF)) for one in (text, told))
    assert after.canonical == before.canonical
    assert laid("Order.proto", told) == told
