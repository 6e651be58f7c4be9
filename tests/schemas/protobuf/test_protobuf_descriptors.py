"""Descriptors: those of whole files against protoc's, and what there is where protoc would refuse."""

import base64
from collections.abc import Callable, Mapping

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.text_format import Parse

from accord.schemas import InvalidSchema, Schema, SchemaType
from accord.schemas.protobuf.descriptors.field_values import entry_name, json_name
from accord.schemas.protobuf.descriptors.known_files import META_PATH, known_files
from accord.schemas.protobuf.schema import ProtobufSchema, parse_protobuf
from accord.schemas.protobuf.text.printer import file_text

Compile = Callable[..., FileDescriptorProto]
CPP_FEATURES = "google/protobuf/cpp_features.proto"

EVERYTHING_OF_PROTO2 = r"""
syntax = "proto2";
package a.b;
import "google/protobuf/descriptor.proto";
import public "google/protobuf/any.proto";
import weak "google/protobuf/empty.proto";
option java_package = "x";
option optimize_for = CODE_SIZE;
extend google.protobuf.FieldOptions {
  optional string tag = 50001; repeated int32 nums = 50002; optional M mm = 50003; optional bytes raw = 50004;
}
message M {
  optional string a = 1; optional M sub = 2; repeated M many = 3; optional K k = 4;
  extensions 100 to 200; extend M { optional int32 deep = 100; }
}
enum K {
  option allow_alias = true;
  ONE = 1; TWO = 2 [deprecated = true]; DUE = 2;
  reserved 5, 7 to 9, 100 to max; reserved "X";
}
message E {
  option deprecated = true;
  reserved 50, 60 to 70, 1000 to max; reserved "xx", "yy";
  required int32 z = 9 [default = -0x1F];
  optional group Part = 1 { required int32 x = 1; optional string in = 2; }
  oneof o { string b = 2; group Og = 20 { optional int32 q = 1; } int32 c = 3; }
  map<string, E> home_map = 4;
  message In { optional K k = 1 [default = TWO]; enum L { Y = 0; } }
  optional In i = 5 [
    (tag) = "x", (nums) = 1, (nums) = 2, (mm).a = "q", json_name = "III", (raw) = "\xff\000é",
    (mm).sub = {a: "z" many {a: "1"} many: {a: "2"; k: TWO}, [a.b.M.deep]: 4 }
  ];
  optional double d = 6 [default = 1e3];
  optional float f = 7 [default = 0.1];
  optional float g = 8 [default = 1e10];
  optional double h = 10 [default = -inf];
  optional double n = 11 [default = nan];
  optional string s = 12 [default = "a\"b\n\x41\101é"];
  optional bool t = 13 [default = true];
  optional uint64 u = 14 [default = 0xFFFFFFFFFFFFFFFF];
  optional int64 l = 15 [default = -9223372036854775808];
  repeated int32 p = 17 [packed = true, deprecated = true];
  optional int64 j = 16 [jstype = JS_STRING];
  optional float e1 = 18 [default = 123456789];
  optional double e2 = 19 [default = 0.30000000000000004];
  optional double e3 = 21 [default = 1e22];
  optional float e4 = 22 [default = 3.4028235e38];
  optional float e5 = 24 [default = 5.];
  optional float e6 = 25 [default = 1e300];
  optional int32 e7 = 26 [default = 017];
}
service S {
  option deprecated = true;
  rpc Get (E) returns (stream .a.b.M) { option idempotency_level = NO_SIDE_EFFECTS; }
  rpc Put (stream E) returns (E.In);
}
"""
EVERYTHING_OF_PROTO3 = """
syntax = "proto3";
import "google/protobuf/timestamp.proto";
message E {
  optional int32 a = 1; optional string _a = 2; oneof _b { int32 x = 3; } optional int32 b = 4;
  google.protobuf.Timestamp t = 5; map<int64, google.protobuf.Timestamp> m_m = 6;
  repeated int32 un = 7 [packed = false];
  E.In in = 8; message In { In rec = 1; Z z = 2; enum Z { A = 0; } }
  string foo_bar_ = 9; string FooBar2 = 10; int32 __x = 11; map<string, int32> Big__map_2 = 12;
}
"""
EVERYTHING_OF_2023 = """
edition = "2023";
package p;
import "google/protobuf/cpp_features.proto";
option features.field_presence = IMPLICIT;
message E {
  int32 a = 1 [features.field_presence = LEGACY_REQUIRED];
  E e = 2 [features.message_encoding = DELIMITED];
  map<string, string> m = 3 [features.utf8_validation = NONE];
  string s = 4 [features.(pb.cpp).string_type = VIEW, deprecated = true];
  repeated int32 r = 5 [features = {repeated_field_encoding: EXPANDED}];
  enum K { option features.enum_type = CLOSED; A = 1; reserved ZZ; }
  K k = 6 [features.field_presence = EXPLICIT];
  int32 standard = 8 [features.field_presence = EXPLICIT, default = 7];
  oneof o { string q = 7; }
  reserved foo, bar;
  extensions 100 to 110 [verification = UNVERIFIED];
}
"""
EVERYTHING_OF_2024 = """
edition = "2024";
package p;
import option "google/protobuf/cpp_features.proto";
export message A {
  int32 a = 1; local enum L { X = 0; } export message In {}
  string s = 2 [features.(pb.cpp).string_type = VIEW]; L l = 3;
}
local message B { A a = 1; }
"""
OPTIONS_OF_CONFLUENT = """
syntax = "proto3";
package org.accord;
import "confluent/meta.proto";
option (confluent.file_meta).tags = "F";
message E {
  option (confluent.message_meta) = { doc: "d" params { key: "k" value: "v" } params: {key: "l", value: "w"} tags: ["a", "b"]};
  int32 a = 1 [(confluent.field_meta).doc = "d", (confluent.field_meta).tags = "PII"];
}
enum K { option (confluent.enum_meta).doc = "e"; Z = 0 [(confluent.enum_value_meta).doc = "v"]; }
"""
MESSAGE_SETS_AND_DECLARATIONS = """
syntax = "proto2";
package foo.bar;
message Set { option message_set_wire_format = true; extensions 4 to max; }
message N { extend Set { optional N n = 10; } extend M { optional M first = 6; } }
message M {
  extensions 10 to 20;
  extensions 5 to 6 [verification = DECLARATION,
    declaration = {number: 5, full_name: ".foo.bar.x", type: ".foo.bar.M"},
    declaration = {number: 6, full_name: ".foo.bar.N.first", type: ".foo.bar.M"}];
}
extend M { optional M x = 5; }
"""


def parsed(text: str, files: Mapping[str, str] | None = None) -> ProtobufSchema:
    referenced = {path: Schema(file, SchemaType.PROTOBUF) for path, file in (files or {}).items()}
    return parse_protobuf(Schema(text, SchemaType.PROTOBUF), referenced)


@pytest.mark.parametrize(
    "text",
    [
        EVERYTHING_OF_PROTO2,
        EVERYTHING_OF_PROTO3,
        EVERYTHING_OF_2023,
        EVERYTHING_OF_2024,
        OPTIONS_OF_CONFLUENT,
        MESSAGE_SETS_AND_DECLARATIONS,
    ],
)
def test_the_descriptor_is_the_one_that_protoc_makes(
    compile_file: Compile, bundled_file: Callable[[str], str], text: str
) -> None:
    files = {CPP_FEATURES: bundled_file(CPP_FEATURES)}
    schema = parsed(text, files)
    meta = {META_PATH: file_text(known_files()[META_PATH])}
    pool = schema.files.pool
    assert pool is not None
    # In this class the custom options are fields: in what order their bytes stand says nothing.
    kind = GetMessageClass(pool.FindMessageTypeByName("google.protobuf.FileDescriptorProto"))
    ours = kind.FromString(schema.files.descriptor.SerializeToString())
    theirs = kind.FromString(compile_file(text, meta).SerializeToString())
    assert ours == theirs


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("what = 1", ""),
        ("deprecated = 7", ""),
        ("deprecated = true, jstype = NOTHING", "deprecated: true"),
        ("(nobody.knows) = 1, deprecated = true", "deprecated: true"),
        ("(confluent.field_meta).wat = 1", ""),
        ("(confluent.field_meta) = {doc: 1}", ""),
        ("ctype = CORD, ctype = STRING_PIECE", "ctype: STRING_PIECE"),
    ],
)
def test_options_that_nobody_defines_or_defines_otherwise_are_left_out(options: str, expected: str) -> None:
    schema = parsed(f'syntax = "proto3"; message E {{ int32 a = 1 [{options}]; }}')
    (field,) = schema.files.descriptor.message_type[0].field
    assert field.options == Parse(expected, type(field.options)())


def test_a_default_of_many_digits_is_left_as_it_is() -> None:
    schema = parsed(f"message E {{ optional double a = 1 [default = {'9' * 5_000}]; }}")
    assert schema.files.descriptor.message_type[0].field[0].default_value == "inf"
    assert parsed(schema.normalized).canonical == schema.canonical == schema.normalized


def test_the_library_is_given_the_files_that_are_used_whether_imported_or_not() -> None:
    text = """
        syntax = "proto3"; package p; import "missing.proto"; import "a.proto";
        message E { google.protobuf.Timestamp at = 1; other.T t = 2; a.M m = 3; }
    """
    files = {
        "a.proto": 'syntax = "proto3"; package a; import public "b.proto"; message M { b.N n = 1; }',
        "b.proto": 'syntax = "proto3"; package b; message N {}',
        "else.proto": 'syntax = "proto3"; package other; message T {}',
    }
    schema = parsed(text, files)
    assert [proto.name for proto in schema.files.descriptors] == [
        "b.proto",
        "a.proto",
        "google/protobuf/timestamp.proto",
        "else.proto",
        "google/protobuf/descriptor.proto",
        META_PATH,
        "default",
    ]
    assert schema.files.pool is not None
    message = GetMessageClass(schema.files.pool.FindMessageTypeByName("p.E"))(m={"n": {}}, t={})
    assert message.SerializeToString() == bytes.fromhex("1200 1a02 0a00")
    dependencies = ["a.proto", "google/protobuf/timestamp.proto", "else.proto"]
    assert [*schema.files.descriptor.dependency] == dependencies


@pytest.mark.parametrize(
    "text",
    [
        'syntax = "proto3"; message E { int32 a = 1; int32 b = 1; }',
        'syntax = "proto3"; message E { int32 a = 0; }',
        'syntax = "proto3"; enum K {}',
        'syntax = "proto3"; message 9E {}',
    ],
)
def test_what_the_library_refuses_has_a_descriptor_all_the_same(text: str) -> None:
    schema = parsed(text)
    assert schema.files.pool is None
    again = parsed(schema.formatted("serialized"))
    assert again.canonical == schema.canonical


def test_a_descriptor_is_taken_for_the_text_that_says_the_same() -> None:
    schema = parsed(OPTIONS_OF_CONFLUENT)
    again = parsed(schema.formatted("serialized"))
    assert again.normalized == schema.normalized
    assert again.text == again.canonical
    assert again.schema.text == schema.formatted("serialized")


def test_custom_options_in_a_descriptor_may_be_its_own() -> None:
    text = """
        syntax = "proto3"; package p; import "google/protobuf/descriptor.proto";
        extend google.protobuf.MessageOptions { Note note = 50001; }
        message Note { string by = 1; repeated int32 at = 2; }
        message E { option (note) = {by: "me", at: [1, 2]}; }
    """
    schema = parsed(text)
    assert parsed(schema.formatted("serialized")).normalized == schema.normalized


def test_json_names_in_a_descriptor_are_kept_even_where_they_say_nothing() -> None:
    proto = FileDescriptorProto(name="x", syntax="proto3")
    message = proto.message_type.add(name="E")
    for number, (name, json) in enumerate({"a_b": "aB", "c_d": "c_d", "e_f": None}.items(), 1):
        message.field.add(
            name=name,
            number=number,
            json_name=json,
            type=FieldDescriptorProto.TYPE_INT32,
            label="LABEL_OPTIONAL",
        )
    fields = '  int32 a_b = 1 [json_name = "aB"];\n  int32 c_d = 2 [json_name = "c_d"];\n  int32 e_f = 3;\n'
    assert parsed(encoded(proto)).canonical == f'syntax = "proto3";\n\nmessage E {{\n{fields}}}\n'


@pytest.mark.parametrize(
    "text",
    ["bm90IGEgZGVzY3JpcHRvcg==", "CgtwLTE3OTU1LnBiEgNhY2Mi", "AAAA", "====", "zz", "message E {"],
)
def test_what_is_no_descriptor_is_refused_as_the_text_that_it_is(text: str) -> None:
    with pytest.raises(InvalidSchema, match=r"^line 1, column "):
        parsed(text)


def test_a_descriptor_with_types_that_nobody_defines_is_refused() -> None:
    proto = FileDescriptorProto(name="x", syntax="proto3")
    proto.message_type.add(name="E").field.add(
        name="a", number=1, type=FieldDescriptorProto.TYPE_MESSAGE, type_name=".p.Wat", label="LABEL_OPTIONAL"
    )
    with pytest.raises(InvalidSchema, match=r"nobody defines the type `\.p\.Wat`"):
        parsed(encoded(proto))


def encoded(proto: FileDescriptorProto) -> str:
    return base64.b64encode(proto.SerializeToString()).decode()


@pytest.mark.parametrize(
    ("name", "json", "entry"),
    [
        ("a", "a", "AEntry"),
        ("home_address", "homeAddress", "HomeAddressEntry"),
        ("a__b_", "aB", "ABEntry"),
        ("_x", "X", "XEntry"),
        ("Big2_3c", "Big23c", "Big23cEntry"),
    ],
)
def test_names_in_json_and_of_entries_follow_from_the_name_of_the_field(
    name: str, json: str, entry: str
) -> None:
    assert (json_name(name), entry_name(name)) == (json, entry)
