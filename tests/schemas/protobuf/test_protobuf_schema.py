"""What a parsed schema tells: its messages by index, its places, its tags, its other forms."""

import base64

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto

from accord.schemas import (
    InvalidSchema,
    Schema,
    SchemaEntity,
    SchemaTags,
    SchemaType,
    parse,
    tags_in,
    with_tags,
)
from accord.schemas.formats import format_of
from accord.schemas.protobuf.schema import ProtobufSchema, parse_protobuf

TEXT = """\
// What is sold.
syntax = "proto3";
package shop;

message Order {
  int64 id = 1; // not an index
  message Item {
    string sku = 1;
    message Price { int64 cents = 2; }
  }
  map<string, Item> items = 2;
  oneof pay {
    string card = 3;
    Item.Price cash = 4;
  }
  message Note {}
  enum State { OPEN = 0; }
}
message Empty {}
enum Kind {
  PLAIN = 0;
}
service Shop { rpc Buy (Order) returns (Empty); }
extend Order { int32 more = 100; }
"""


def parsed(text: str) -> ProtobufSchema:
    return parse_protobuf(Schema(text, SchemaType.PROTOBUF), {})


def test_messages_have_indexes_by_their_order_in_the_text() -> None:
    schema = parsed(TEXT)
    indexes = {name: schema.indexes_of(name) for name in schema.message_names()}
    assert indexes == {
        "shop.Order": (0,),
        "shop.Order.Item": (0, 0),
        "shop.Order.Item.Price": (0, 0, 0),
        "shop.Order.Note": (0, 1),
        "shop.Empty": (1,),
    }
    assert [schema.message_at(path) for path in indexes.values()] == list(indexes)
    canonical = parsed(schema.canonical)
    assert {name: canonical.indexes_of(name) for name in canonical.message_names()} == indexes


def test_of_two_messages_with_one_name_each_is_where_it_is() -> None:
    schema = parsed("message E { message In {} message In { message Deep {} } }")
    assert (schema.message_at((0, 0)), schema.message_at((0, 1))) == ("E.In", "E.In")
    assert (schema.indexes_of("E.In"), schema.indexes_of("E.In.Deep")) == ((0, 0), (0, 1, 0))


@pytest.mark.parametrize("name", ["shop.Nobody", "Order", "shop.Order.ItemsEntry", "shop.Kind"])
def test_what_is_no_message_has_no_index(name: str) -> None:
    with pytest.raises(KeyError):
        parsed(TEXT).indexes_of(name)


@pytest.mark.parametrize("indexes", [(), (2,), (0, 2), (1, 0), (-1,)])
def test_no_message_is_where_none_is(indexes: tuple[int, ...]) -> None:
    with pytest.raises(KeyError):
        parsed(TEXT).message_at(indexes)


@pytest.mark.parametrize(
    ("place", "line", "column", "fragment"),
    [
        ("shop.Order.id", 6, 3, "int64 id = 1;"),
        ("#/Order/1", 6, 3, "int64 id = 1;"),
        ("shop.Order.Item.sku", 8, 5, "string sku = 1;"),
        ("#/Order/Item/1", 8, 5, "string sku = 1;"),
        ("#/Order/Item/Price", 9, 5, "message Price { int64 cents = 2; }"),
        ("shop.Order.card", 13, 5, "string card = 3;"),
        ("#/Order/pay/3", 13, 5, "string card = 3;"),
        ("#/Order/4", 14, 5, "Item.Price cash = 4;"),
        ("shop.Order.State.OPEN", 17, 16, "OPEN = 0;"),
        ("#/Kind", 20, 1, "enum Kind {\n  PLAIN = 0;\n}"),
        ("shop.Shop.Buy", 23, 16, "rpc Buy (Order) returns (Empty);"),
        ("shop.more", 24, 16, "int32 more = 100;"),
        ("shop.Order.Item.gone", 7, 3, ""),
        ("shop.Gone.field", 1, 1, ""),
        ("", 1, 1, ""),
        ("#/", 1, 1, ""),
    ],
)
def test_places_are_found_in_the_text_as_it_was_sent(
    place: str, line: int, column: int, fragment: str
) -> None:
    assert parsed(TEXT).position(place) == (line, column)
    assert parsed(TEXT).fragment(place) == fragment


def test_the_oneof_itself_has_a_place() -> None:
    assert parsed(TEXT).position("#/Order/pay") == parsed(TEXT).position("shop.Order.pay") == (12, 3)


def test_a_descriptor_has_one_place_and_fragments_of_the_text_that_stands_for_it() -> None:
    encoded = parsed(TEXT).formatted("serialized")
    assert parsed(encoded).position("shop.Order.id") == (1, 1)
    assert parsed(encoded).fragment("shop.Order.id") == "int64 id = 1;"


def test_groups_are_found_as_messages_and_as_fields() -> None:
    text = "message E {\n  repeated group Part = 1 {\n    required int32 x = 7;\n  }\n}\n"
    assert (
        parsed(text).position("E.Part")
        == parsed(text).position("E.part")
        == parsed(text).position("#/E/1")
        == (2, 3)
    )
    assert parsed(text).position("E.Part.x") == parsed(text).position("#/E/Part/7") == (3, 5)


def test_the_serialized_form_is_a_descriptor_in_base64() -> None:
    proto = FileDescriptorProto.FromString(base64.b64decode(parsed(TEXT).formatted("serialized")))
    assert (proto.package, [one.name for one in proto.message_type]) == ("shop", ["Order", "Empty"])


def test_unknown_forms_are_the_canonical_text() -> None:
    schema = parsed(TEXT)
    assert {schema.formatted(name) for name in ("", "default", "resolved", "what")} == {schema.canonical}


def test_extensions_other_than_those_of_confluent_may_be_left_out() -> None:
    text = """
        syntax = "proto2"; import "confluent/meta.proto"; option (confluent.file_meta).doc = "d"; option java_package = "j";
        message E {
          option (confluent.message_meta).doc = "d"; extensions 100 to 200;
          required int32 a = 1 [(confluent.field_meta) = {doc: "d"}, deprecated = true];
          oneof o { option (x) = 1; int32 b = 2 [(x) = 1]; group H = 3 { required int32 h = 1 [(x) = 1]; } }
          repeated group G = 4 { required int32 c = 1 [(x).y = 1]; }
          message In { extend E { optional int32 d = 100; } } enum K { option (x) = 1; A = 0 [(x) = 1]; }
        }
        extend E { optional int32 e = 101; }
        service S { option (x) = 1; rpc R (E) returns (E) { option (x) = 1; option deprecated = true; } }
    """
    plain = """
        syntax = "proto2"; import "confluent/meta.proto"; option (confluent.file_meta).doc = "d"; option java_package = "j";
        message E {
          option (confluent.message_meta).doc = "d";
          required int32 a = 1 [(confluent.field_meta) = {doc: "d"}, deprecated = true]; oneof o { int32 b = 2; group H = 3 { required int32 h = 1; } }
          repeated group G = 4 { required int32 c = 1; } message In {} enum K { A = 0; }
        }
        service S { rpc R (E) returns (E) { option deprecated = true; } }
    """
    assert parsed(text).formatted("ignore_extensions") == parsed(plain).canonical


TAGGED = """
    syntax = "proto3"; package p; import "confluent/meta.proto";
    message E {
      option (confluent.message_meta).tags = "A"; option (confluent.message_meta).tags = "B";
      oneof o { string b = 2 [(confluent.field_meta) = {doc: "d", tags: ["PII", "C"]}]; }
      int32 a = 1 [(.confluent.field_meta).doc = "no tags", deprecated = true];
      message In { int32 c = 1 [(confluent.field_meta) = {tags: "X" tags: "Y"}]; }
    }
"""


def record(path: str, *tags: str) -> SchemaTags:
    return SchemaTags(SchemaEntity(path, "sr_record"), tags)


def field(path: str, *tags: str) -> SchemaTags:
    return SchemaTags(SchemaEntity(path, "sr_field"), tags)


def test_tags_are_those_of_the_options_that_hold_them() -> None:
    schema = parse(Schema(TAGGED, SchemaType.PROTOBUF))
    assert [*format_of(SchemaType.PROTOBUF).entities(schema)] == [
        one.schema_entity
        for one in (record("p.E"), field("p.E.b"), field("p.E.a"), record("p.E.In"), field("p.E.In.c"))
    ]
    assert tags_in(schema) == (
        record("p.E", "A", "B"),
        field("p.E.b", "PII", "C"),
        field("p.E.In.c", "X", "Y"),
    )
    assert tags_in(schema, find=("PII",)) == (field("p.E.b", "PII", "C"),)


def test_tags_are_added_and_removed_and_the_rest_of_the_option_stays() -> None:
    schema = parse(Schema(TAGGED, SchemaType.PROTOBUF))
    add = [field("p.E.a", "PII"), record("p.E.In", "NEW")]
    remove = [record("p.E", "A", "B"), field("p.E.b", "PII"), field("p.E.In.c", "X", "Y")]
    text = with_tags(schema, add=add, remove=remove)
    again = parse(Schema(text, SchemaType.PROTOBUF))
    assert tags_in(again) == (
        field("p.E.a", "PII"),
        field("p.E.b", "C"),
        record("p.E.In", "NEW"),
    )
    assert text == (
        'syntax = "proto3";\npackage p;\n\nimport "confluent/meta.proto";\n\nmessage E {\n'
        "  int32 a = 1 [\n    deprecated = true,\n    (confluent.field_meta) = {\n"
        '      doc: "no tags",\n      tags: [\n        "PII"\n      ]\n    }\n  ];\n\n'
        "  oneof o {\n    string b = 2 [(confluent.field_meta) = {\n"
        '      doc: "d",\n      tags: [\n        "C"\n      ]\n    }];\n  }\n\n'
        "  message In {\n    option (confluent.message_meta) = {\n      tags: [\n"
        '        "NEW"\n      ]\n    };\n  \n    int32 c = 1;\n  }\n}\n'
    )


def test_the_first_tag_brings_the_import_of_the_option_that_holds_it() -> None:
    schema = parse(Schema('syntax = "proto3"; message E {}', SchemaType.PROTOBUF))
    text = with_tags(schema, add=[record("E", "PII")])
    assert 'import "confluent/meta.proto";' in text
    assert tags_in(parse(Schema(text, SchemaType.PROTOBUF))) == (record("E", "PII"),)


def test_a_tag_on_nothing_is_refused() -> None:
    schema = parse(Schema(TAGGED, SchemaType.PROTOBUF))
    with pytest.raises(InvalidSchema, match=r"the schema does not define the field 'p\.E\.z'"):
        with_tags(schema, add=[field("p.E.z", "PII")])


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("id", "shop.Order.id"),
        ("card", "shop.Order.card"),
        ("at", "shop.Bill.at"),
        ("sku", None),
        ("Item", None),
    ],
)
def test_the_outermost_fields_are_those_of_every_outer_message(name: str, place: str | None) -> None:
    schema = parsed(f"{TEXT} message Bill {{ int64 id = 1; int64 at = 2; }}")
    found = format_of(SchemaType.PROTOBUF).top_level_field(schema, name)
    assert (found and found[0]) == place


def test_groups_are_fields_by_their_small_name() -> None:
    schema = parsed("message E { repeated group Part = 1 {} }")
    assert format_of(SchemaType.PROTOBUF).top_level_field(schema, "part") == (
        "E.part",
        "repeated group Part = 1 {}",
    )
    assert format_of(SchemaType.PROTOBUF).top_level_field(parsed("enum K {}"), "part") is None


def test_schemas_are_the_same_where_their_words_and_those_of_their_references_are() -> None:
    form = format_of(SchemaType.PROTOBUF)
    geo = {"geo.proto": Schema("message G {}", SchemaType.PROTOBUF)}
    one = parse_protobuf(Schema("message E {}", SchemaType.PROTOBUF), geo)
    other = parse_protobuf(Schema("message  E { } // the same", SchemaType.PROTOBUF), geo)
    assert form.is_same(one, other)
    assert not form.is_same(one, parsed("message E {}"))
    assert not form.is_same(one, parse_protobuf(Schema("message F {}", SchemaType.PROTOBUF), geo))


def test_another_text_keeps_the_references() -> None:
    geo = {"geo.proto": Schema("message G {}", SchemaType.PROTOBUF)}
    schema = parse_protobuf(Schema("message E {}", SchemaType.PROTOBUF), geo)
    revised = format_of(SchemaType.PROTOBUF).revise(schema, "message E { optional G g = 1; }")
    assert revised.canonical == "\nmessage E {\n  optional G g = 1;\n}\n"
