"""The text that is stored, plain and normalized."""

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from accord.schemas import InvalidSchema, Schema, SchemaType, fingerprint, guid_of
from accord.schemas.protobuf.schema import ProtobufSchema, parse_protobuf

RECORDING = Path(__file__).parents[4] / "shared" / "conformance"
recorded = pytest.mark.skipif(not RECORDING.is_dir(), reason="no recording in ../shared/conformance")

EDITIONS_TAKEN: Final = {
    "canonical.jsonl": {451},
    "compat-protobuf.jsonl.gz": {2140, 2146, 2152, 2155, 2158, 2161, 2164, 2167, 2170, 2176},
}
"""The recorded schemas that are taken here and refused there: the original's parser does not know editions."""

REFERENCED: Final = {
    "other.proto": 'syntax = "proto3"; package org.other; message Other { message In {} enum K { A = 0; } }'
}


def parsed(text: str, files: Mapping[str, str] | None = None) -> ProtobufSchema:
    referenced = {path: Schema(file, SchemaType.PROTOBUF) for path, file in (files or {}).items()}
    return parse_protobuf(Schema(text, SchemaType.PROTOBUF), referenced)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('syntax="proto3";message E{}', 'syntax = "proto3";\n\nmessage E {}\n'),
        ("message E {}", "\nmessage E {}\n"),
        ('edition = "2023"; package p;', 'edition = "2023";\npackage p;\n'),
        (
            'import weak "w"; import public "b"; import "a"; import "a"; import \'c\\d"\';',
            '\nimport "a";\nimport "a";\nimport "cd\\"";\nimport public "b";\n',
        ),
        (
            'edition = "2024"; import option "o"; import "a"; export enum K { A = 0; reserved B, 4 to max; }',
            (
                'edition = "2024";\n\nimport "a";\nimport option "o";\n\n'
                "export enum K {\n  reserved B, 4 to max;\n  A = 0;\n}\n"
            ),
        ),
        (
            "enum K { option allow_alias = true; A = 0; B = 0 [deprecated = true]; reserved 5 to 5, 'X'; }",
            (
                '\nenum K {\n  reserved 5 to 5, "X";\n  option allow_alias = true;\n  A = 0;\n'
                "  B = 0 [deprecated = true];\n}\n"
            ),
        ),
        ("enum K {} service S {}", "\nenum K {}\n\nservice S {}\n"),
        (
            "service S { rpc G (E) returns (stream E) {} ; option deprecated = true; } message E {}",
            (
                "\nmessage E {}\n\nservice S {\n  option deprecated = true;\n\n"
                "  rpc G (E) returns (stream E);\n}\n"
            ),
        ),
        (
            (
                "message E { message In { message Deep {} optional int32 b = 1; } enum K { A = 0; } "
                "extensions 9, 10 to max [verification = UNVERIFIED]; extend E { optional int32 x = 9; } "
                "oneof o { option (p) = 1; int32 c = 2; group G = 3 { required int32 d = 1; } } "
                "optional group H = 4 {} required int32 e = 5; option deprecated = true; reserved 8; }"
            ),
            (
                "\nmessage E {\n  reserved 8;\n\n  option deprecated = true;\n\n  required int32 e = 5;\n\n"
                "  oneof o {\n    option (p) = 1;\n  \n    int32 c = 2;\n  \n    group G = 3 {\n"
                "      required int32 d = 1;\n    }\n  }\n\n  optional group H = 4 {}\n\n"
                "  extensions 9, 10 to max [verification = UNVERIFIED];\n\n"
                "  extend E {\n    optional int32 x = 9;\n  }\n\n"
                "  message In {\n    optional int32 b = 1;\n  \n    message Deep {}\n  }\n"
                "  enum K {\n    A = 0;\n  }\n}\n"
            ),
        ),
        (
            'message E { optional int32 a = 1 [default = 5, json_name = "A", default = "7", deprecated = true]; }',
            (
                "\nmessage E {\n  optional int32 a = 1 [\n    deprecated = true,\n    default = 7,\n"
                '    json_name = "A"\n  ];\n}\n'
            ),
        ),
        (
            "message E { optional string a = 1 [default = word, (o) = {}, (o) = {b: 1 c: [2] b: [3, 4] d {}}]; }",
            (
                "\nmessage E {\n  optional string a = 1 [\n    (o) = {\n    },\n    (o) = {\n      b: [\n"
                "        1,\n        3,\n        4\n      ],\n      c: [\n        2\n      ],\n      d: {\n      }\n"
                '    },\n    default = "word"\n  ];\n}\n'
            ),
        ),
        (
            "option (a) = [1]; option (b).c = ['x']; option (d) = [{e: [2]}, 3]; option (f) = [];",
            (
                '\noption (a) = [1];\noption (b).c = ["x"];\noption (d) = [\n  {\n    e: [\n      2\n    ]\n  },\n'
                "  3\n];\noption (f) = [\n];\n"
            ),
        ),
        (
            r"""option a = "\a\b\f\n\r\t\v\\\'\"\?é\x01"; option b = '\xff\x41é';""",
            '\noption a = "\\a\\b\\f\\n\\r\\t\\v\\\\\\\'\\"?é\x01";\noption b = "\\377A\\303\\251";\n',
        ),
        (
            "message E {} reserved 5; extend E { reserved 4; optional group G = 1 {} }",
            "\nmessage E {}\n\nextend E {}\n",
        ),
    ],
)
def test_the_canonical_text_has_one_spelling_and_order(text: str, expected: str) -> None:
    canonical = parsed(text).canonical
    assert canonical == expected
    assert parsed(canonical).canonical == canonical


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('syntax = "proto2"; package p;', "package p;\n"),
        ('syntax = "proto2";', 'syntax = "proto2";\n'),
        (
            'message E { required int32 a = 1 [packed = true, json_name = "x", default = 07, (a) = 1]; }',
            (
                "\nmessage E {\n  required int32 a = 1 [\n    (a) = 1,\n    default = 7,\n"
                '    json_name = "x",\n    packed = true\n  ];\n}\n'
            ),
        ),
        (
            'import "b"; import public "d"; import "a"; import "b"; import public "c";',
            '\nimport "a";\nimport "b";\nimport public "c";\nimport public "d";\n',
        ),
        (
            "option b = 0x10; option (z) = 010; option a = 1.50; option c.d = -0x1; message E {}",
            ("\noption a = 1.5;\noption b = 16;\noption c.d = -1;\noption (z) = 8;\n\nmessage E {}\n"),
        ),
        (
            "message E { oneof none {} oneof b { int32 x = 3; int32 y = 1; } oneof a { int32 z = 2; } }",
            (
                "\nmessage E {\n  oneof b {\n    int32 y = 1;\n    int32 x = 3;\n  }\n"
                "  oneof a {\n    int32 z = 2;\n  }\n}\n"
            ),
        ),
        (
            'import "other.proto"; message B { required org.other.Other.In a = 1; } message A { optional B b = 1; }',
            (
                '\nimport "other.proto";\n\nmessage B {\n  required .org.other.Other.In a = 1;\n}\n'
                "message A {\n  optional .B b = 1;\n}\n"
            ),
        ),
        (
            (
                "package org; message E { extensions 5, 3 to 4; repeated group G = 9 { required E e = 2; required G g = 1; } } "
                "extend E { optional int32 b = 5; } extend .org.E { optional int32 a = 3; } "
            ),
            (
                "package org;\n\nmessage E {\n  repeated group G = 9 {\n    required .org.E.G g = 1;\n"
                "    required .org.E e = 2;\n  }\n\n  extensions 3 to 4;\n  extensions 5;\n}\n\n"
                "extend .org.E {\n  optional int32 a = 3;\n  optional int32 b = 5;\n}\n"
            ),
        ),
        (
            "service S { rpc B (E) returns (E); rpc A (E) returns (E); } message E {} enum K { B = 1; C = 0; A = 0; }",
            (
                "\nmessage E {}\nenum K {\n  A = 0;\n  C = 0;\n  B = 1;\n}\n\n"
                "service S {\n  rpc B (.E) returns (.E);\n  rpc A (.E) returns (.E);\n}\n"
            ),
        ),
    ],
)
def test_the_normal_form_sorts_what_has_no_order_and_names_in_full(text: str, expected: str) -> None:
    normalized = parsed(text, REFERENCED).normalized
    assert normalized == expected
    again = parsed(normalized, REFERENCED)
    assert again.normalized == normalized


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("0x1F", "31"),
        ("-017", "-15"),
        ("1.50", "1.5"),
        ("10.0", "10"),
        ("5.", "5"),
        ("25e-1", "2.5"),
        ("1.5e+3", "1500"),
        ("0.12345", "0.12345"),
        ("1e10", "1e10"),
        ("1e999999999", "1e999999999"),
        ("-inf", "-inf"),
        ("1_000", "1_000"),
        (".5", ".5"),
    ],
)
def test_numbers_are_normally_decimal_as_far_as_they_stay_what_they_are(written: str, expected: str) -> None:
    text = "message E {{ optional double a = 1 [default = {0}]; }}"
    assert parsed(text.format(written)).normalized == parsed(text.format(expected)).canonical


OPTIONS: Final = """
    syntax = "proto2"; package o; import "google/protobuf/descriptor.proto";
    message Rules { optional Text text = 1; repeated Text texts = 2; optional int32 most = 3; repeated int32 all = 4;
                    map<string, Text> named = 5; extensions 100 to 200; }
    message Text { optional int32 least = 1; optional int32 most = 2; }
    extend Rules { optional Text added = 100; }
    extend google.protobuf.FieldOptions { optional Rules rules = 50001; repeated Rules many = 50002; optional int32 n = 50003; }
"""


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("(rules).text.least = 1, (.o.rules).text.most = 2", "(o.rules) = {text: {least: 1, most: 2}}"),
        ("(o.rules) = {text {most: 2} text {least: 1}}", "(o.rules) = {text: {least: 1, most: 2}}"),
        ("(rules).most = 1, (rules).most = 0x2", "(o.rules) = {most: 2}"),
        ("(rules).all = 1, (rules).all = 2", "(o.rules) = {all: [1, 2]}"),
        (
            "(rules).texts = {least: 1}, (rules).texts = {most: 2}",
            "(o.rules) = {texts: [{least: 1}, {most: 2}]}",
        ),
        (
            '(rules).named = {key: "a"}, (rules).named = {key: "b"}',
            '(o.rules) = {named: [{key: "a"}, {key: "b"}]}',
        ),
        ("(rules) = {[added] {most: 1} most: 2}", "(o.rules) = {[o.added]: {most: 1}, most: 2}"),
        ("(rules).(o.added).most = 1", "(o.rules) = {[o.added]: {most: 1}}"),
        ("(many).most = 1, (many).most = 2", "(o.many) = {most: 1}, (o.many) = {most: 2}"),
        ("(n) = 1, (n) = 2, deprecated = true", "deprecated = true, (o.n) = 2"),
        ("(un.known).b = 1, (.un.known).a = 2", "(.un.known).a = 2, (un.known).b = 1"),
        ("(unknown).d = 1, (unknown).c = 0x2", "(unknown).d = 1, (unknown).c = 2"),
        ("(rules) = {all: [7], texts: []}", "(o.rules) = {all: 7}"),
    ],
)
def test_what_is_said_of_one_message_option_comes_together(written: str, expected: str) -> None:
    def normalized(options: str) -> str:
        text = f'syntax = "proto3"; package o; import "o.proto"; message E {{ int32 a = 1 [{options}]; }}'
        return parsed(text, {"o.proto": OPTIONS}).normalized

    assert normalized(written) == normalized(expected)
    # The expected form is printed as it stands but for the layout.
    assert "".join(normalized(written).partition("[")[2].split()) == "".join(f"{expected}];}}".split())


@recorded
def test_stored_texts_and_guids_are_those_of_the_registry() -> None:
    cases = [case for case in _lines("canonical.jsonl") if case["type"] == "PROTOBUF"]
    assert len(cases) == 48
    others = [case for case in cases if case["id"] not in EDITIONS_TAKEN["canonical.jsonl"]]
    expected = {
        case["id"]: [_recorded(case[mode]) for mode in ("registered", "normalized")] for case in others
    }
    assert {case["id"]: _stored(case) for case in others} == expected


@recorded
def test_schemas_that_the_registry_refuses_are_refused_and_no_others() -> None:
    pairs = list(_lines("compat-protobuf.jsonl.gz"))
    refused = {pair["id"]: pair["invalid"] for pair in pairs if "invalid" in pair}
    assert len(refused) > 20
    expected = {
        key: side for key, side in refused.items() if key not in EDITIONS_TAKEN["compat-protobuf.jsonl.gz"]
    }
    found = {pair["id"]: _invalid_side(pair) for pair in pairs}
    assert {key: side for key, side in found.items() if side} == expected


@recorded
def test_the_schemas_that_are_taken_here_alone_are_those_with_editions() -> None:
    for name, ids in EDITIONS_TAKEN.items():
        for line in _lines(name):
            if line["id"] in ids:
                texts = [line["schema"]] if "schema" in line else [line["old"], line["new"]]
                assert any(text.startswith("edition") for text in texts)


def _recorded(answer: Mapping[str, Any]) -> tuple[str, str] | None:
    return None if "status" in answer else (answer["schema"], answer["guid"])


def _stored(case: Mapping[str, Any]) -> list[tuple[str, str | None] | None]:
    references = _flat(case.get("references", []))
    try:
        schema = parsed(case["schema"], dict(references))
    except InvalidSchema:
        return [None, None]
    texts = (schema.canonical, schema.normalized)
    # With references the identity covers the names of subjects, which the recording does not hold.
    return [
        (text, None if case.get("references") else guid_of(fingerprint(Schema(text, SchemaType.PROTOBUF))))
        for text in texts
    ]


def _invalid_side(pair: Mapping[str, Any]) -> str | None:
    references = {"old": pair["references"], "new": pair.get("new_references", pair["references"])}
    for side, given in references.items():
        try:
            parsed(pair[side], dict(_flat(given)))
        except InvalidSchema:
            return side
    return None


def _flat(references: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for reference in references:
        yield from _flat(reference.get("references", []))
        yield reference["name"], reference["schema"]


def _lines(name: str) -> Iterator[dict[str, Any]]:
    path = RECORDING / name
    data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    yield from map(json.loads, filter(None, data.decode().split("\n")))
