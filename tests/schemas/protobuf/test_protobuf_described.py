"""What clients register that send descriptors: the text that is made of one, and that it means what they do."""

import base64
from collections.abc import Mapping

import pytest
from confluent_kafka.schema_registry.common.protobuf import _create_index_array as index_array
from confluent_kafka.schema_registry.common.protobuf import _init_pool as fill
from confluent_kafka.schema_registry.common.protobuf import _schema_to_str as encoded
from confluent_kafka.schema_registry.common.protobuf import _str_to_proto as decoded
from google.protobuf.descriptor import FileDescriptor
from google.protobuf.descriptor_pb2 import FieldOptions, FileDescriptorProto, FileOptions
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.text_format import Parse

from accord.schemas import CompatibilityPolicy, Schema, SchemaType
from accord.schemas.formats import format_of
from accord.schemas.protobuf.schema import ProtobufSchema, parse_protobuf

WITH_MAPS = """\
syntax = "proto3";
package p;

message E {
  repeated .p.E.MEntry m = 1;
  repeated .p.E.HomeMapEntry home_map = 2;

  message MEntry {
    option map_entry = true;
~
    string key = 1;
    .p.E.In value = 2;
  }
  message In {
    int32 a = 1;
  }
  message HomeMapEntry {
    option map_entry = true;
~
    int32 key = 1;
    int64 value = 2;
  }
  message Last {}
}
""".replace("~", "  ")
AS_PROTOC_HAS_IT = """
name: "e.proto" package: "p" syntax: "proto3"
message_type {
  name: "E"
  field { name: "m" number: 1 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".p.E.MEntry" }
  field { name: "home_map" number: 2 label: LABEL_REPEATED type: TYPE_MESSAGE type_name: ".p.E.HomeMapEntry" }
  nested_type {
    name: "MEntry" options { map_entry: true }
    field { name: "key" number: 1 label: LABEL_OPTIONAL type: TYPE_STRING }
    field { name: "value" number: 2 label: LABEL_OPTIONAL type: TYPE_MESSAGE type_name: ".p.E.In" }
  }
  nested_type { name: "In" field { name: "a" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 } }
  nested_type {
    name: "HomeMapEntry" options { map_entry: true }
    field { name: "key" number: 1 label: LABEL_OPTIONAL type: TYPE_INT32 }
    field { name: "value" number: 2 label: LABEL_OPTIONAL type: TYPE_INT64 }
  }
  nested_type { name: "Last" }
}
"""
THE_SAME_WRITTEN = """
syntax = "proto3"; package p;
message E {
  map<string, In> m = 1; message In { int32 a = 1; } map<int32, int64> home_map = 2; message Last {}
}
"""


def parsed(text: str, files: Mapping[str, str] | None = None) -> ProtobufSchema:
    referenced = {path: Schema(file, SchemaType.PROTOBUF) for path, file in (files or {}).items()}
    return parse_protobuf(Schema(text, SchemaType.PROTOBUF), referenced)


def described(proto: FileDescriptorProto) -> ProtobufSchema:
    return parsed(base64.b64encode(proto.SerializeToString()).decode())


def held_by_a_client(proto: FileDescriptorProto) -> FileDescriptor:
    pool = DescriptorPool()
    pool.Add(proto)
    return pool.FindFileByName(proto.name)


def test_the_entries_of_maps_stay_messages_in_the_text() -> None:
    schema = parsed(encoded(held_by_a_client(Parse(AS_PROTOC_HAS_IT, FileDescriptorProto()))))
    assert schema.canonical == WITH_MAPS
    assert parsed(WITH_MAPS).canonical == WITH_MAPS
    assert parsed(WITH_MAPS).normalized == parsed(THE_SAME_WRITTEN).normalized


def test_the_indexes_are_those_that_a_client_writes() -> None:
    sent = held_by_a_client(Parse(AS_PROTOC_HAS_IT, FileDescriptorProto()))
    schema = parsed(encoded(sent))
    for name in ("p.E", "p.E.In", "p.E.Last"):
        assert list(schema.indexes_of(name)) == index_array(sent.pool.FindMessageTypeByName(name))
    assert schema.message_at((0, 1)) == "p.E.In"


@pytest.mark.parametrize("text", [WITH_MAPS, THE_SAME_WRITTEN])
def test_a_client_finds_a_message_by_its_index_in_the_serialized_form(text: str) -> None:
    schema = parsed(text)
    proto = decoded("default", schema.formatted("serialized"))
    for name in ("p.E.In", "p.E.Last"):
        top, inner = schema.indexes_of(name)
        assert f"p.{proto.message_type[top].name}.{proto.message_type[top].nested_type[inner].name}" == name
    entry = held_by_a_client(proto).pool.FindMessageTypeByName("p.E.MEntry")
    assert entry.GetOptions().map_entry


def test_maps_are_maps_however_they_came() -> None:
    form = format_of(SchemaType.PROTOBUF)
    sent, written = parsed(WITH_MAPS), parsed(THE_SAME_WRITTEN)
    for reader, writer in ((sent, written), (written, sent)):
        assert form.differences(reader, writer, policy=CompatibilityPolicy.STRICT) == ()
        warned = form.pair_warnings(reader, writer, policy=CompatibilityPolicy.STRICT, is_reader_new=True)
        assert [one.rule.id for one in warned] == ["PROTOBUF_MESSAGE_INDEX_MOVED"]
    changed = parsed(WITH_MAPS.replace(".p.E.In value", "string value"))
    found = form.differences(changed, written, policy=CompatibilityPolicy.STRICT)
    assert [(one.rule.id, one.path) for one in found] == [("PROTOBUF_FIELD_KIND_CHANGED", "#/E/1")]
    assert form.warnings(sent) == ()


def test_messages_that_only_look_like_the_entries_of_a_map_are_messages() -> None:
    text = "message E { repeated M m = 1; message M { option map_entry = true; optional string key = 1; } }"
    assert "\n  message M {" in parsed(text).normalized
    assert [*parsed(text).shapes.messages["E"].messages] == ["M"]


def test_the_text_keeps_the_order_of_the_descriptor_and_says_each_thing_on_its_own() -> None:
    proto = FileDescriptorProto(name="x", dependency=["b", "a"], public_dependency=[1], weak_dependency=[0])
    proto.options.optimize_for = FileOptions.CODE_SIZE
    proto.options.java_multiple_files = True
    proto.options.go_package = "g"
    message = proto.message_type.add(name="E", reserved_name=["x", "y"])
    for start, end in ((5, 6), (7, 10), (1000, 2**29)):
        message.reserved_range.add(start=start, end=end)
    message.extension_range.add(start=100, end=200)
    message.extension_range.add(start=300, end=301)
    for name, extendee in (("a", ".E"), ("b", ".F"), ("c", ".E")):
        proto.extension.add(
            name=name, extendee=extendee, number=100, type="TYPE_INT32", label="LABEL_OPTIONAL"
        )
    field = message.field.add(
        name="z", number=1, type="TYPE_INT64", label="LABEL_OPTIONAL", default_value="7"
    )
    field.options.deprecated = True
    field.options.jstype = FieldOptions.JS_STRING
    proto.message_type.add(name="F").extension_range.add(start=100, end=200)
    assert described(proto).canonical == (
        '\nimport "b";\nimport public "a";\n\n'
        'option java_multiple_files = true;\noption optimize_for = CODE_SIZE;\noption go_package = "g";\n\n'
        "message E {\n  reserved 5;\n  reserved 7 to 9;\n  reserved 1000 to max;\n"
        '  reserved "x";\n  reserved "y";\n\n'
        "  optional int64 z = 1 [\n    jstype = JS_STRING,\n    deprecated = true,\n    default = 7\n  ];\n\n"
        "  extensions 100 to 199;\n  extensions 300;\n}\n"
        "message F {\n  extensions 100 to 199;\n}\n\n"
        "extend .E {\n  optional int32 a = 100;\n  optional int32 c = 100;\n}\n"
        "extend .F {\n  optional int32 b = 100;\n}\n"
    )


def test_a_client_builds_its_types_of_serialized_forms_named_by_references() -> None:
    text = """
        syntax = "proto3"; package p; import "missing.proto"; import "addr.proto";
        import "google/protobuf/timestamp.proto";
        message E { other.T t = 1; a.M m = 2; google.protobuf.Timestamp at = 3; deep.D d = 4; }
    """
    files = {
        "deep.proto": 'syntax = "proto3"; package deep; message D { map<string, D> m = 1; }',
        "addr.proto": 'syntax = "proto3"; package a; import public "deep.proto"; message M { deep.D d = 1; }',
        "called-otherwise": 'syntax = "proto3"; package other; import "nowhere.proto"; message T {}',
    }
    pool = DescriptorPool()
    fill(pool)
    for name, file in files.items():
        pool.Add(decoded(name, parsed(file, files).formatted("serialized")))
    pool.Add(decoded("default", parsed(text, files).formatted("serialized")))
    descriptor = pool.FindMessageTypeByName("p.E")
    types = [field.message_type for field in descriptor.fields]
    assert [kind.file.name for kind in types if kind] == [
        "called-otherwise",
        "addr.proto",
        "google/protobuf/timestamp.proto",
        "deep.proto",
    ]


@pytest.mark.parametrize(
    "text",
    [
        WITH_MAPS,
        '\nmessage E {\n  optional .E e_e = 1 [json_name = "eE"];\n  optional .E f_f = 2;\n}\n',
        'syntax = "proto2";\npackage p;\n\nmessage E {\n  repeated group G = 1 {}\n}\n',
    ],
)
def test_a_serialized_form_brings_back_the_text_that_it_was_made_of(text: str) -> None:
    assert parsed(parsed(text).formatted("serialized")).canonical == text


def test_base64_may_be_without_its_padding() -> None:
    whole = base64.b64encode(FileDescriptorProto(name="abc", syntax="proto3").SerializeToString()).decode()
    assert whole.endswith("=")
    assert parsed(whole.rstrip("=")).canonical == 'syntax = "proto3";\n'
