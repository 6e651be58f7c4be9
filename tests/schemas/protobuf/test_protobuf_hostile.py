"""Schemas that are made to take long or to break something: each is read or refused, in a moment."""

import base64

import pytest
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    InvalidSchema,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)
from accord.schemas.protobuf.schema import ProtobufSchema

P3 = 'syntax = "proto3"; '
OPTIONS = 'import "google/protobuf/descriptor.proto"; '


def parsed(text: str, **referenced: str) -> ProtobufSchema:
    others = {name: Schema(other, SchemaType.PROTOBUF) for name, other in referenced.items()}
    schema = parse(Schema(text, SchemaType.PROTOBUF), referenced=others)
    assert isinstance(schema, ProtobufSchema)
    return schema


def tell_all_of(schema: ProtobufSchema) -> None:
    told = [schema.canonical, schema.normalized, *map(schema.formatted, ("serialized", "ignore_extensions"))]
    other = parsed(P3 + "message Other { int32 a = 1; }")
    for earlier in (schema, other):
        report = check_compatibility(
            schema, [Earlier(Version(1), earlier)], level=CompatibilityLevel.FULL_TRANSITIVE
        )
        told += [*report.messages, *(finding.message for finding in report.findings)]
    assert all(map(str.encode, told))


def described(proto: FileDescriptorProto, *further: bytes) -> str:
    return base64.b64encode(b"".join([proto.SerializePartialToString(), *further])).decode()


def field(**facts: object) -> FileDescriptorProto:
    proto = FieldDescriptorProto(name="a", number=1, **facts)  # type: ignore[arg-type] # as the test says
    return FileDescriptorProto(name="x", message_type=[DescriptorProto(name="M", field=[proto])])


def nested(depth: int) -> str:
    """A descriptor of so many messages, each inside of the other; the library does not write as many as it is sent."""
    name = b"\x0a\x01M"
    message = name
    for _ in range(depth):
        message = name + _field_of(3, message)
    return base64.b64encode(_field_of(4, message)).decode()


def _field_of(number: int, data: bytes) -> bytes:
    return bytes([number << 3 | 2, *_varint(len(data))]) + data


def _varint(number: int) -> list[int]:
    return [number] if number < 0x80 else [number & 0x7F | 0x80, *_varint(number >> 7)]


def same_group_twice() -> FileDescriptorProto:
    proto = FileDescriptorProto(name="x")
    message = proto.message_type.add(name="M")
    message.nested_type.add(name="G").field.add(name="a", number=1, type=FieldDescriptorProto.TYPE_INT32)
    for number in (1, 2):
        kind = FieldDescriptorProto.TYPE_GROUP
        message.field.add(name=f"g{number}", number=number, type=kind, label=1, type_name="G")
    return proto


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (P3 + "message A {" * 10_000, "the messages nest too deep"),
        ("message M {" + "optional group G = 1 {" * 5_000, "a group holds only fields"),
        ("message M { optional group G = 1 { group H = 2 { } } }", "a group holds only fields"),
        (P3 + "option (x) = " + "{ a " * 10_000, "the value of this option nests too deep"),
        (P3 + "option (x) = " + "[" * 10_000, "the value of this option nests too deep"),
        (P3 + f"message M {{ int32 a = {2**64}; }}", "does not fit into 32 bits"),
        (P3 + f"message M {{ int32 a = {'9' * 5_000}; }}", "does not fit into 32 bits"),
        (P3 + f"enum E {{ A = 0x{'f' * 5_000}; }}", "does not fit into 32 bits"),
        (P3 + f"package {'a.' * 501}b; message M {{ }}", "is too long"),
        (P3 + f"message {'M' * 1001} {{ }}", "is too long"),
        (P3 + f"message {'M' * 600} {{ message {'N' * 401} {{ }} }}", "is too long"),
        (P3 + f"message M {{ {'a.' * 40_000}b x = 1; }}", "nobody defines the type"),
        (f'edition = "{"9" * 50_000}"; message M {{ }}', "is unknown"),
        ("/* " * 10_000, "never ends"),
        (P3 + "message M\x00 { }", "has no meaning here"),
        (P3 + 'option java_package = "\ud800"; message M { }', "half a character"),
        (nested(90), "the messages nest too deep"),
        (nested(5_000), "does not begin a declaration"),
        (described(same_group_twice()), "two groups of `M` in the descriptor are the same message"),
        (described(FileDescriptorProto(name="x"), b"\x22\x03\x0a\x01\xff"), "does not begin a declaration"),
        (described(FileDescriptorProto(name="x"), b"\x1a\x02\xff\xfe"), "does not begin a declaration"),
        (
            described(field(type=FieldDescriptorProto.TYPE_BYTES, default_value="\\")),
            "the default of the field `a` in the descriptor does not stand for bytes",
        ),
        (described(field(type=FieldDescriptorProto.TYPE_MESSAGE)), "nobody defines the type"),
    ],
)
def test_what_is_made_to_break_the_parser_is_refused_with_a_word(text: str, problem: str) -> None:
    with pytest.raises(InvalidSchema) as refusal:
        parsed(text)
    assert problem in refusal.value.message
    assert len(refusal.value.message) + len(refusal.value.hint) < 1_000
    assert refusal.value.hint


@pytest.mark.parametrize(
    "text",
    [
        P3 + f"message {'M' * 1000} {{ int32 a = 1; }}",
        P3 + "message A {" * 32 + "}" * 32,
        "message M { optional double a = 1 [default = 1e999999]; optional float b = 2 [default = -1e-99999]; }",
        f"message M {{ optional double a = 1 [default = {'9' * 5_000}]; option (x) = {'7' * 5_000}; }}",
        P3 + f"message M {{ reserved {', '.join(f'{number} to max' for number in range(1, 500))}; }}",
        P3 + "enum E { option allow_alias = true; " + "".join(f"A{n} = 0;" for n in range(500)) + "}",
        # A oneof of its own for each of them, under a name that nothing else has.
        P3 + "message M {" + "optional int32 a = 1;" * 500 + "}",
        P3 + "message M {" + "".join(f"oneof o{n} {{ int32 a{n} = 1; }}" for n in range(300)) + "}",
        P3 + f"package {'a.' * 499}b; message M {{ {'map<string, Unknown> a = 1;' * 200} }}",
        P3 + 'import "default"; import "missing.proto"; message M { M m = 1; }',
        OPTIONS + "message R { required int32 a = 1; } extend google.protobuf.FileOptions { optional R r = 50000; }"
        " option (r) = { }; message M { }",
        described(field(type=FieldDescriptorProto.TYPE_INT32, oneof_index=100_000)),
        described(FileDescriptorProto(name="x", dependency=[f"d{number}" for number in range(2_000)])),
    ],
)  # fmt: skip
def test_what_is_made_to_take_long_is_told_all_the_same(text: str) -> None:
    tell_all_of(parsed(text))


def test_imports_may_form_chains_and_cycles_as_long_as_anybody_likes() -> None:
    chain = {
        f"f{n}": P3
        + f'import public "f{n - 1}"; import public "f{n - 2}"; message M{n} {{ M{abs(n - 1)} m = 1; }}'
        for n in range(150)
    }
    cycle = {
        "a": P3 + 'import public "b"; message A { B b = 1; }',
        "b": P3 + 'import public "a"; message B { A a = 1; }',
    }
    tell_all_of(
        parsed(P3 + 'import "f149"; import "a"; message X { M149 m = 1; A a = 2; }', **chain, **cycle)
    )


def test_messages_that_all_hold_each_other_are_compared_in_a_moment() -> None:
    def mutual(count: int, step: int, kind: str) -> str:
        return P3 + "".join(
            f"message A{m} {{ {kind} z = 999; "
            + "".join(f"A{(n * step + m) % count} x{n} = {n + 1};" for n in range(count))
            + "}"
            for m in range(count)
        )

    new, old = parsed(mutual(10, 3, "int32")), parsed(mutual(10, 7, "string"))
    report = check_compatibility(new, [Earlier(Version(1), old)], level=CompatibilityLevel.FULL)
    assert not report.compatible
    assert len(report.findings) > 100


def test_fields_of_one_number_in_many_oneofs_are_explained_in_a_moment() -> None:
    def oneofs(kind: str) -> ProtobufSchema:
        return parsed(
            P3 + "message M {" + "".join(f"oneof o{n} {{ {kind} a{n} = 1; }}" for n in range(60)) + "}"
        )

    earlier = [Earlier(Version(1), oneofs("string"))]
    report = check_compatibility(oneofs("int32"), earlier, level=CompatibilityLevel.BACKWARD)
    assert {finding.rule for finding in report.findings} >= {"PROTOBUF_FIELD_SCALAR_KIND_CHANGED"}
