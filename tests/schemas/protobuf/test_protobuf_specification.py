"""What the registry takes in one Protobuf schema: warned of exactly where protoc refuses it."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accord.findings import Finding, Severity
from accord.schemas import CompatibilityLevel, InvalidSchema, Schema, SchemaType, check_compatibility, parse

RECORDED = Path(__file__).parents[4] / "shared" / "conformance" / "compat-protobuf.jsonl.gz"

OPTION_OF_FIELDS = (
    'import "google/protobuf/descriptor.proto"; '
    "extend google.protobuf.FieldOptions { string note = 50001; repeated string notes = 50002; } "
)
ANY = 'import "google/protobuf/any.proto"; '
NUMBER, TAKEN = "NUMBER_NOT_ALLOWED", "NUMBER_DUPLICATED"
NAME, RESERVED, ZERO = "NAME_DUPLICATED", "RESERVED_IN_USE", "ENUM_WITHOUT_ZERO"
OPTION, MISSING, OTHER = "OPTION_UNKNOWN", "IMPORT_NOT_FOUND", "DECLARATION_NOT_ALLOWED"


def proto2(text: str) -> str:
    return f'syntax = "proto2"; package s; {text}'


def proto3(text: str) -> str:
    return f'syntax = "proto3"; package s; {text}'


def edition(text: str) -> str:
    return f'edition = "2023"; package s; {text}'


def findings(text: str) -> list[Finding]:
    report = check_compatibility(
        parse(Schema(text, SchemaType.PROTOBUF)), [], level=CompatibilityLevel.BACKWARD
    )
    assert report.compatible
    return list(report.findings)


def warned(text: str) -> list[str]:
    found = [one for one in findings(text) if one.severity is Severity.WARNING]
    return [one.rule.removeprefix("PROTOBUF_") for one in found]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (proto3("message M { map<int32, Nowhere> m = 1; }"), [OTHER]),
        # Numbers.
        (proto3("message M { int32 a = 0; }"), [NUMBER]),
        (proto3("message M { int32 a = -1; }"), [NUMBER]),
        (proto3("message M { int32 a = 536870912; }"), [NUMBER]),
        (proto3("message M { int32 a = 19000; int32 b = 19999; }"), [NUMBER, NUMBER]),
        (proto2("message M { optional group G = 0 { optional int32 a = 19500; } }"), [NUMBER, NUMBER]),
        (proto3("message M { int32 a = 1; oneof o { int32 b = 1; } }"), [TAKEN]),
        (proto3("enum E { A = 0; B = 0; }"), [TAKEN]),
        (proto2("message M { extensions 1 to 5; optional int32 a = 3; }"), [OTHER]),
        # Names.
        (proto3("message M { int32 a = 1; string a = 2; }"), [NAME]),
        (proto3("message M { int32 a_b = 1; int32 aB = 2; }"), [NAME]),
        (proto3('message M { int32 a = 1 [json_name = "b"]; int32 b = 2; }'), [NAME]),
        (proto3("enum E { A = 0; } enum F { A = 0; }"), [NAME]),
        (proto3("enum E { E_A = 0; A = 1; }"), [NAME]),
        (proto3("enum E { FOO = 0; foo = 1; }"), [NAME]),
        (proto3("message M { oneof o { int32 a = 1; } int32 o = 2; }"), [NAME]),
        (proto3("message M { map<string, int32> v = 1; message VEntry { } }"), [NAME]),
        (proto3("service S { rpc A (M) returns (M); rpc A (M) returns (M); } message M { }"), [NAME]),
        (proto3("message 9E { }"), [OTHER]),
        (proto3("message M { string a-b = 1; }"), [OTHER]),
        # What is reserved.
        (proto3('message M { reserved "a"; int32 a = 1; }'), [RESERVED]),
        (proto3("message M { reserved 1 to max; int32 a = 1; }"), [RESERVED]),
        (proto3("enum E { reserved 1; A = 0; B = 1; }"), [RESERVED]),
        (proto3('message M { reserved "a", "a"; }'), [OTHER]),
        (proto3("message M { reserved 1 to 5, 3; }"), [OTHER]),
        (proto3("message M { reserved 5 to 1; }"), [OTHER]),
        (proto3("message M { reserved 0; }"), [OTHER]),
        (proto3("enum E { reserved 1 to 5, 3; A = 0; }"), [OTHER]),
        # Enums.
        (proto3("enum E { }"), [ZERO]),
        (proto2("enum E { }"), [ZERO]),
        (proto3("enum E { A = 1; }"), [ZERO]),
        (edition("enum E { A = 1; }"), [ZERO]),
        (proto3("enum E { option allow_alias = true; A = 0; }"), [OTHER]),
        (
            f'syntax = "proto3"; {ANY}message M {{ google.protobuf.FieldDescriptorProto.Type t = 1; }}',
            [OTHER, OTHER],
        ),
        # Options.
        (proto3("option wat = 1;"), [OPTION]),
        (proto3("message M { int32 a = 1 [wat = true]; }"), [OPTION]),
        (proto3("message M { int32 a = 1 [(wat) = true]; }"), [OPTION]),
        (proto3("option optimize_for = SPEEDY;"), [OTHER]),
        (proto3('option java_multiple_files = "true";'), [OTHER]),
        (proto3("option optimize_for = SPEED; option optimize_for = SPEED;"), [OTHER]),
        (proto3(OPTION_OF_FIELDS + "message M { int32 a = 1 [(note) = 5]; }"), [OTHER]),
        (proto3("message M { int32 a = 1 [packed = true]; }"), [OTHER]),
        (proto3("message M { int32 a = 1 [jstype = JS_STRING]; }"), [OTHER]),
        (proto3("message M { int32 a = 1 [lazy = true]; }"), [OTHER]),
        (proto3('message M { int32 a = 1 [json_name = "[a]"]; }'), [OTHER]),
        # Defaults.
        (proto3("message M { int32 a = 1 [default = 1]; }"), [OTHER]),
        (proto2("message M { repeated int32 a = 1 [default = 1]; }"), [OTHER]),
        (proto2("message M { optional string a = 1 [default = x]; }"), [OTHER]),
        (proto2("message M { optional uint32 a = 1 [default = -1]; }"), [OTHER]),
        (proto2("enum E { A = 0; } message M { optional E a = 1 [default = B]; }"), [OTHER]),
        (edition("message M { int32 a = 1 [features.field_presence = IMPLICIT, default = 5]; }"), [OTHER]),
        # Imports.
        (proto3('import "missing.proto"; message M { }'), [MISSING]),
        (proto3("message M { google.protobuf.Any a = 1; }"), [OTHER]),
        (proto3(f"{ANY}{ANY}message M {{ google.protobuf.Any a = 1; }}"), [OTHER]),
        # Syntax.
        (proto3("message M { group G = 1 { } }"), [OTHER]),
        (proto2("message M { optional group g = 1 { } }"), [OTHER]),
        (proto3("message M { oneof o { } }"), [OTHER]),
        (proto3("message M { oneof o { map<string, int32> v = 1; } }"), [OTHER]),
        (proto3("message M { extensions 100 to 199; }"), [OTHER]),
        (proto3("package t; message M { }"), [OTHER]),
        (proto2("message M { } extend M { optional int32 a = 50; }"), [OTHER]),
        (proto2("message M { extensions 1 to 9; } extend M { required int32 a = 5; }"), [OTHER]),
        (proto2("enum E { A = 0; } extend E { optional int32 a = 50; }"), [OTHER]),
    ],
)
def test_what_protoc_refuses_is_warned_of_and_taken(
    text: str, told: list[str], protoc_takes: Callable[[str], bool]
) -> None:
    assert warned(text) == told
    assert not protoc_takes(text)


@pytest.mark.parametrize(
    "text",
    [
        proto3("message M { int32 a = 1; optional M m = 2; repeated string s = 3; map<string, M> x = 4; }"),
        proto3("message M { int32 a = 1; int32 A = 2; }"),
        proto3("message M { enum E { A = 0; } enum F { B = 0; } int32 b = 1; }"),
        proto3('message M { reserved 2, 4 to 9, 20 to max; reserved "a", "b"; int32 c = 1; }'),
        proto3("enum E { option allow_alias = true; A = 0; B = 0; reserved -5 to -1; }"),
        proto2("enum E { A = 1; } message M { optional E e = 1 [default = A]; }"),
        proto2('message M { optional string a = 1 [default = "x"]; optional double b = 2 [default = inf]; }'),
        proto2("message M { extensions 100 to max; } extend M { optional int32 a = 101; }"),
        proto2("message M { optional group G = 1 { optional int32 a = 1; } optional int32 b = 2; }"),
        proto3(OPTION_OF_FIELDS + 'message M { int32 a = 1 [(note) = "x"]; }'),
        proto3(OPTION_OF_FIELDS + 'message M { int32 a = 1 [(notes) = "x", (notes) = "y"]; }'),
        proto3(f"{ANY}message M {{ google.protobuf.Any a = 1; }}"),
        proto3('import weak "google/protobuf/any.proto"; message M { google.protobuf.Any a = 1; }'),
        proto3('import public "google/protobuf/any.proto"; message M { }'),
        proto3("message M { message M { } M m = 1; .s.M n = 2; s.M.M o = 3; }"),
        edition("message M { int32 a = 1; enum E { option features.enum_type = CLOSED; A = 1; } }"),
        edition("message M { M m = 1 [features.message_encoding = DELIMITED]; reserved b; }"),
        "message M { optional int32 a = 1; }",
    ],
)
def test_what_protoc_takes_is_not_warned_of(text: str, protoc_takes: Callable[[str], bool]) -> None:
    assert warned(text) == []
    assert protoc_takes(text)


def test_an_import_that_nothing_uses_is_told_for_information() -> None:
    (remark,) = findings(proto3(f"{ANY}message M {{ }}"))
    assert (remark.rule, remark.severity) == ("PROTOBUF_IMPORT_UNUSED", Severity.INFO)
    assert "`google/protobuf/any.proto`" in remark.message


@pytest.mark.parametrize(
    ("text", "path", "fragment", "said"),
    [
        (
            proto3("message M { message N { int32 a = 0; } }"),
            "s.M.N.a",
            "int32 a = 0;",
            "`a` of `M.N` has the number 0: the lowest is 1",
        ),
        (
            proto3("message M { int32 a = 1; oneof o { int32 b = 1; } }"),
            "s.M.b",
            "int32 b = 1;",
            "`a` and `b` of `M` have the same number 1",
        ),
        (
            proto3("enum E { A = 1; }"),
            "s.E",
            "enum E { A = 1; }",
            "`E` begins with 1, and the first constant has to be 0",
        ),
        (proto3("option wat = 1;"), "", "", "nothing defines the option `wat` of the file"),
        (
            proto3("message M { int32 a = 1 [(wat) = true]; }"),
            "s.M.a",
            "int32 a = 1 [(wat) = true];",
            "nothing defines the option `(wat)` of `a` of `M`",
        ),
    ],
)
def test_a_warning_names_the_place_in_the_text(text: str, path: str, fragment: str, said: str) -> None:
    (warning,) = findings(text)
    assert (warning.here.path, warning.here.fragment, warning.message) == (path, fragment, said)


def test_a_recorded_schema_is_warned_of_exactly_where_protoc_refuses_it(
    protoc_takes: Callable[[str], bool],
) -> None:
    if not RECORDED.exists():
        pytest.skip("no recording beside this repository")
    judged = 0
    for text in recorded_texts():
        try:
            told = warned(text)
        except InvalidSchema:
            continue
        judged += 1
        assert protoc_takes(text) == (not told), (text, told)
    assert judged > 50


def recorded_texts() -> Iterator[str]:
    """Every sixth text that needs no other file than protoc has."""
    with gzip.open(RECORDED, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts = dict.fromkeys(row[side] for row in rows if not row["references"] for side in ("old", "new"))
    known = [text for text in texts if "google/type" not in text and "confluent/" not in text]
    yield from known[::6]
