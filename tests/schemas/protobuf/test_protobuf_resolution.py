"""What names mean: in the schema itself, in files it refers to, and in those that everybody knows."""

from collections.abc import Iterator
from types import ModuleType

import pytest
from confluent_kafka.schema_registry.confluent import meta_pb2
from confluent_kafka.schema_registry.confluent.type import decimal_pb2
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto

from accord.schemas import InvalidSchema, Reference, Schema, SchemaType, Subject, Version
from accord.schemas.protobuf.descriptors.known_files import known_files
from accord.schemas.protobuf.resolution import uses_in
from accord.schemas.protobuf.schema import ProtobufSchema, parse_protobuf
from accord.schemas.protobuf.text.printer import file_text

HEAD = 'syntax = "proto3"; package a.b;'


def parsed(text: str, **files: str) -> ProtobufSchema:
    """A schema in the package a.b; ``geo=...`` is the file geo.proto."""
    referenced = {
        f"{name}.proto": Schema(f'syntax = "proto3"; {file}', SchemaType.PROTOBUF)
        for name, file in files.items()
    }
    return parse_protobuf(Schema(f"{HEAD} {text}", SchemaType.PROTOBUF), referenced)


def meant(schema: ProtobufSchema) -> list[str]:
    """The full names of the types that are used, in the order of the text."""
    return [schema.definitions.full_name(use.type.name, use.scope) for use in uses_in(schema.file)]


@pytest.mark.parametrize(
    ("used", "full"),
    [
        ("In", "a.b.E.In"),
        ("E.In", "a.b.E.In"),
        ("b.E.In", "a.b.E.In"),
        (".a.b.E.In", "a.b.E.In"),
        ("E.In.K", "a.b.E.In.K"),
        ("Other", "a.b.Other"),
        ("c.Far", "a.c.Far"),
        ("google.protobuf.Timestamp", "google.protobuf.Timestamp"),
        (".google.type.Money", "google.type.Money"),
        ("confluent.type.Decimal", "confluent.type.Decimal"),
        ("Part", "a.b.E.Part"),
    ],
)
def test_a_name_is_looked_up_from_the_inside_out(used: str, full: str) -> None:
    text = f"message E {{ {used} x = 1; message In {{ enum K {{ A = 0; }} }} group Part = 2 {{}} }} message Other {{}}"
    assert meant(parsed(text, far="package a.c; message Far {}")) == [full]


def test_the_inner_of_two_types_of_one_name_is_meant() -> None:
    text = "message In {} message E { message In {} In x = 1; .a.b.In y = 2; } message F { In x = 1; }"
    assert meant(parsed(text)) == ["a.b.E.In", "a.b.In", "a.b.In"]


def test_every_place_of_a_type_is_looked_up() -> None:
    text = (
        "message E { map<string, A> m = 1; oneof o { A x = 2; group H = 9 { A h = 1; } } group G = 3 { A g = 1; } "
        "extend E { A z = 100; } message In { A y = 1; } } message A {} extend A { A e = 4; } "
        "service S { rpc R (stream A) returns (E); }"
    )
    names = ["A", "A", "A", "A", "E", "A", "A", "A", "A", "A", "E"]
    assert meant(parsed(text)) == [f"a.b.{name}" for name in names]


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("message E { Wat x = 1; }", "column 45", "Wat"),
        ("message E { .E x = 1; }", "column 45", ".E"),
        ("message E { E.E x = 1; }", "column 45", "E.E"),
        ("extend Wat { int32 x = 1; }", "column 40", "Wat"),
        ("message E {} service S { rpc R (E) returns (Wat); }", "column 77", "Wat"),
        ("import 'missing.proto'; message E { p.Wat x = 1; }", "column 69", "p.Wat"),
    ],
)
def test_a_type_that_nobody_defines_is_refused_at_its_place(text: str, place: str, name: str) -> None:
    with pytest.raises(InvalidSchema, match=f"^line 1, {place}: nobody defines the type `{name}`"):
        parsed(text)


@pytest.mark.parametrize(
    ("imports", "hint"),
    [
        ("", "define it, or import the file that does"),
        ("import 'google/protobuf/any.proto';", "define it, or import the file that does"),
        (
            "import 'a.proto'; import 'google/protobuf/any.proto'; import 'b.proto';",
            ": `a.proto` and `b.proto`",
        ),
    ],
)
def test_imports_that_no_reference_is_named_after_are_told_where_a_type_is_missing(
    imports: str, hint: str
) -> None:
    with pytest.raises(InvalidSchema) as refusal:
        parsed(f"{imports} message E {{ Wat x = 1; }}")
    assert hint in refusal.value.hint


def test_the_values_of_a_map_may_be_of_a_type_that_nobody_defines() -> None:
    schema = parsed("message E { map<int32, Wat> x = 1; }")
    assert "map<int32, Wat> x = 1;" in schema.normalized
    assert schema.files.pool is None
    assert schema.formatted("serialized")


def test_files_that_are_referred_to_are_known_whatever_they_are_called_and_through_others() -> None:
    schema = parsed(
        "import 'whatever.proto'; message E { g.Near n = 1; g.Far f = 2; }",
        middle="package g; import public 'inner.proto'; message Near { Far far = 1; }",
        inner="package g; message Far {}",
    )
    assert meant(schema) == ["g.Near", "g.Far"]
    assert schema.definitions.types["g.Far"].path == "inner.proto"


def test_an_own_type_comes_before_one_of_another_file() -> None:
    schema = parsed("message E { T t = 1; } message T {}", other="package a.b; message T {}")
    assert schema.definitions.types["a.b.T"].path == ""


def test_a_file_that_is_referred_to_comes_before_the_known_one() -> None:
    text = "package google.type; message Money { int64 cents = 1; }"
    schema = parsed("message E { google.type.Money m = 1; }", money=text)
    assert schema.definitions.types["google.type.Money"].path == "money.proto"


def test_imports_that_lead_nowhere_are_no_matter_while_they_are_unused() -> None:
    assert parsed("import 'missing.proto'; message E {}").canonical


def test_files_may_need_each_other_in_a_long_chain_and_in_a_ring() -> None:
    chain = {
        f"f{number}": f"import 'f{(number + 1) % 2_000}.proto'; message M{number} {{ M{(number + 1) % 2_000} m = 1; }}"
        for number in range(2_000)
    }
    schema = parsed("import 'f0.proto'; message E { M0 m = 1; }", **chain)
    assert len(schema.files.descriptors) == 2_003
    assert schema.files.descriptor.dependency == ["f0.proto"]


def test_a_broken_referenced_schema_is_named() -> None:
    with pytest.raises(
        InvalidSchema, match=r"the referenced schema .geo\.proto. is not valid: line 1, column 28"
    ):
        parsed("", geo="message {}")


def test_references_are_kept_as_given() -> None:
    reference = Reference("geo.proto", Subject("geo"), Version(3))
    referenced = {"geo.proto": Schema("message G {}", SchemaType.PROTOBUF)}
    schema = parse_protobuf(Schema("message E {}", SchemaType.PROTOBUF, (reference,)), referenced)
    assert schema.references == (reference,)
    assert schema.type is SchemaType.PROTOBUF


def test_every_known_file_is_a_valid_schema_and_prints_as_itself() -> None:
    for path, file in known_files().items():
        text = file_text(file)
        assert parse_protobuf(Schema(text, SchemaType.PROTOBUF), {}).canonical == text, path


@pytest.mark.parametrize(
    ("path", "module"),
    [("confluent/meta.proto", meta_pb2), ("confluent/type/decimal.proto", decimal_pb2)],
)
def test_the_files_of_confluent_are_those_that_its_client_brings(path: str, module: ModuleType) -> None:
    theirs = FileDescriptorProto()
    module.DESCRIPTOR.CopyToProto(theirs)
    ours = parse_protobuf(Schema(file_text(known_files()[path]), SchemaType.PROTOBUF), {}).files.descriptor
    for proto in (ours, theirs):
        # Where the generated code goes says nothing about what is in the messages.
        proto.ClearField("options")
        proto.ClearField("name")
        for field in _fields_of(proto):
            field.ClearField("json_name")
    assert ours == theirs


def _fields_of(proto: FileDescriptorProto) -> Iterator[FieldDescriptorProto]:
    for message in proto.message_type:
        yield from message.field
        for nested in message.nested_type:
            yield from nested.field
    yield from proto.extension
