"""What the registry lets pass between two Protobuf schemas and hurts: what is told, in which direction, and where."""

from collections.abc import Callable

import pytest

from accord.findings import Finding, Severity
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityReport,
    Earlier,
    ParsedSchema,
    Reference,
    Schema,
    SchemaType,
    Subject,
    Version,
    check_compatibility,
    parse,
)

MISREAD, NARROWED, TEXT = "FIELD_MISREAD", "FIELD_NARROWED", "BYTES_READ_AS_TEXT"
ONE, REQUIRED, DEFAULT = "LIST_READ_AS_ONE", "FIELD_BECAME_REQUIRED", "DEFAULT_CHANGED"
REUSED, JSON, MOVED = "NUMBER_REUSED", "JSON_NAME_CHANGED", "FIELD_NUMBER_CHANGED"
LOST, UNNAMED, CONSTANT = "ENUM_NUMBERS_LOST", "ENUM_NUMBERS_UNNAMED", "ENUM_CONSTANT_CHANGED"
PRESENCE, GONE = "PRESENCE_CHANGED", "REMOVED_FIELD_NOT_RESERVED"
BROKEN, DROPPED = "RESERVATION_BROKEN", "RESERVATION_DROPPED"
INDEX, ONEOF = "MESSAGE_INDEX_MOVED", "ONEOF_VALUES_LOST"


def proto3(*declarations: str) -> str:
    return "\n".join(['syntax = "proto3";', "package shop;", *declarations])


def proto2(*declarations: str) -> str:
    return "\n".join(['syntax = "proto2";', "package shop;", *declarations])


def order(*lines: str) -> str:
    return f"message Order {{ {' '.join(lines)} }}"


def status(*constants: str) -> str:
    return f"enum Status {{ {' '.join(constants)} }}"


def parsed(text: str) -> ParsedSchema:
    return parse(Schema(text, SchemaType.PROTOBUF))


def check(old: str, new: str, level: str = "BACKWARD") -> CompatibilityReport:
    earlier = [Earlier(Version(1), parsed(old))]
    return check_compatibility(parsed(new), earlier, level=CompatibilityLevel(level))


def findings(old: str, new: str, level: str = "BACKWARD") -> list[Finding]:
    report = check(old, new, level)
    assert report.compatible
    assert report.messages == ()
    assert all(finding.severity is not Severity.ERROR for finding in report.findings)
    return list(report.findings)


def told(old: str, new: str, level: str = "BACKWARD") -> list[str]:
    return [finding.rule.removeprefix("PROTOBUF_") for finding in findings(old, new, level)]


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        # Numbers, and what they are read as.
        ("int64 v = 1;", "int32 v = 1;", [NARROWED], []),
        ("uint32 v = 1;", "int32 v = 1;", [NARROWED], [NARROWED]),
        ("bool v = 1;", "int32 v = 1;", [], [NARROWED]),
        ("sint64 v = 1;", "sint32 v = 1;", [NARROWED], []),
        ("fixed64 v = 1;", "sfixed64 v = 1;", [NARROWED], [NARROWED]),
        ("int32 v = 1;", "int64 v = 1;", [], [NARROWED]),
        ("int32 v = 1;", "int32 v = 1;", [], []),
        ("map<int64, bool> v = 1;", "map<int32, int32> v = 1;", [NARROWED], [NARROWED]),
        # Texts.
        ("bytes v = 1;", "string v = 1;", [TEXT], []),
        ("map<string, bytes> v = 1;", "map<string, string> v = 1;", [TEXT], []),
        # Lists.
        ("repeated string v = 1;", "string v = 1;", [ONE], []),
        ("repeated int32 v = 1;", "int32 v = 1;", [ONE], []),
        ("repeated int32 v = 1 [packed = false];", "int32 v = 1;", [ONE], []),
        ("repeated int64 v = 1;", "repeated int32 v = 1 [packed = false];", [NARROWED], []),
        ("repeated Order v = 1;", "Order v = 1;", [ONE], []),
        ("repeated string v = 1;", "oneof o { string v = 1; }", [ONE], []),
        # Names.
        ("int32 total = 1;", "int32 total_cents = 1;", [JSON], [JSON]),
        ("int32 phone = 1;", "int32 note = 1;", [REUSED], [REUSED]),
        ('int32 phone = 1 [json_name = "n"];', 'int32 note = 1 [json_name = "n"];', [], []),
        ("int32 total_cents = 1;", "int32 totalCents = 1;", [], []),
        ("int32 total = 1;", 'int32 total = 1 [json_name = "sum"];', [JSON], [JSON]),
        ("int32 a = 1; int32 b = 2;", "int32 b = 1; int32 a = 2;", [REUSED] * 2, [REUSED] * 2),
        (
            "reserved 2; int32 a = 1;",
            "reserved 1; int32 a = 2;",
            [MOVED, BROKEN],
            [BROKEN, MOVED],
        ),
        # Presence.
        ("int32 v = 1;", "optional int32 v = 1;", [PRESENCE], [PRESENCE]),
        ("int32 v = 1;", "oneof o { int32 v = 1; }", [PRESENCE], [PRESENCE]),
        ("Order v = 1;", "optional Order v = 1;", [], []),
        ("optional int32 v = 1;", "oneof o { int32 v = 1; }", [], []),
        # Oneofs.
        (
            "oneof o { int32 a = 1; } oneof p { int32 b = 2; }",
            "oneof q { int32 a = 1; int32 b = 2; }",
            [ONEOF],
            [],
        ),
        (
            "oneof o { int32 a = 1; string b = 2; }",
            "optional int32 a = 1; optional int32 b = 2;",
            [MISREAD],
            None,
        ),
        # History: told whoever reads.
        ("int32 a = 1; int32 b = 2;", "int32 a = 1;", [GONE], [GONE]),
        ("int32 a = 1; int32 b = 2;", 'reserved 2; reserved "b"; int32 a = 1;', [], []),
        ("int32 a = 1; int32 b = 2;", "reserved 2 to 5; int32 a = 1;", [GONE], [GONE]),
        ("reserved 2; int32 a = 1;", "int32 a = 1; int32 b = 2;", [BROKEN], [BROKEN]),
        ('reserved "b"; int32 a = 1;', "int32 a = 1; int32 b = 2;", [BROKEN], [BROKEN]),
        ("reserved 2 to 5; int32 a = 1;", "reserved 2, 4 to 9; int32 a = 1;", [DROPPED], [DROPPED]),
        ("reserved 2 to 5; int32 a = 1;", "reserved 1000 to max; reserved 2 to 9; int32 a = 1;", [], []),
        ("int32 a = 1;", "int32 a = 1; int32 b = 2;", [], []),
    ],
)
def test_fields_of_proto3(old: str, new: str, backward: list[str], forward: list[str] | None) -> None:
    assert told(proto3(order(old)), proto3(order(new))) == backward
    if forward is not None:
        assert told(proto3(order(old)), proto3(order(new)), "FORWARD") == forward


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        ("optional string v = 1;", "required string v = 1;", [REQUIRED], []),
        ("repeated string v = 1;", "required string v = 1;", [ONE, REQUIRED], []),
        ("optional int32 v = 1 [default = 1];", "optional int32 v = 1 [default = 2];", [DEFAULT], [DEFAULT]),
        ("optional int32 v = 1 [default = 0];", "optional int32 v = 1;", [], []),
        ("optional int32 v = 1 [default = 16];", "optional int32 v = 1 [default = 0x10];", [], []),
        ("optional string v = 1 [default = 'a'];", "optional string v = 1;", [DEFAULT], [DEFAULT]),
        ("optional bool v = 1 [default = true];", "optional bool v = 1;", [DEFAULT], [DEFAULT]),
        ("required int32 v = 1;", "required int32 v = 1 [default = 5];", [], []),
        ("optional bytes v = 1;", "optional string v = 1;", [TEXT], []),
        # Groups, which the registry does not compare.
        (
            "optional group Part = 1 { optional int32 v = 1; }",
            "optional group Part = 1 { optional string v = 1; }",
            [MISREAD],
            [MISREAD],
        ),
        (
            "optional group Part = 1 { optional int32 v = 1; }",
            "optional string part = 1;",
            [MISREAD],
            [MISREAD],
        ),
        (
            "optional int32 a = 2;",
            "optional int32 a = 2; required group Part = 1 { optional int32 v = 1; }",
            [REQUIRED],
            [],
        ),
    ],
)
def test_fields_of_proto2(old: str, new: str, backward: list[str], forward: list[str]) -> None:
    assert told(proto2(order(old)), proto2(order(new))) == backward
    assert told(proto2(order(old)), proto2(order(new)), "FORWARD") == forward


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        (status("A = 0;", "B = 1;"), status("A = 0;"), [UNNAMED], []),
        (status("A = 0;"), status("A = 0;", "B = 1;"), [], []),
        (status("A = 0;", "B = 1;"), status("A = 0;", "C = 1;"), [CONSTANT], [CONSTANT]),
        (status("A = 0;"), status("B = 0;"), [CONSTANT], [CONSTANT]),
        (
            status("A = 0;", "B = 1;"),
            status("option allow_alias = true;", "A = 0;", "C = 1;", "B = 1;"),
            [],
            [],
        ),
        (status("A = 0;", "reserved 1;"), status("A = 0;", "B = 1;"), [BROKEN], [BROKEN]),
        (status("A = 0;", 'reserved "B";'), status("A = 0;", "B = 1;"), [BROKEN], [BROKEN]),
        (status("A = 0;", "reserved 1, 5;"), status("A = 0;", "reserved 1;"), [DROPPED], [DROPPED]),
    ],
)
def test_enums_of_proto3(old: str, new: str, backward: list[str], forward: list[str]) -> None:
    older, newer = (proto3(order("Status status = 1;"), text) for text in (old, new))
    assert told(older, newer) == backward
    assert told(older, newer, "FORWARD") == forward


@pytest.mark.parametrize(
    ("old", "new", "backward", "forward"),
    [
        (status("A = 0;", "B = 1;"), status("A = 0;"), [LOST], []),
        (status("A = 0;"), status("A = 0;", "B = 1;"), [], [LOST]),
        (status("A = 0;", "B = 1;"), status("B = 1;", "A = 0;"), [DEFAULT], [DEFAULT]),
        (status("A = 0;", "B = 1;"), status("B = 0;", "A = 1;"), [CONSTANT], [CONSTANT]),
    ],
)
def test_enums_of_proto2_are_closed_and_their_first_constant_is_the_default(
    old: str, new: str, backward: list[str], forward: list[str]
) -> None:
    older, newer = (proto2(order("optional Status status = 1;"), text) for text in (old, new))
    assert told(older, newer) == backward
    assert told(older, newer, "FORWARD") == forward


@pytest.mark.parametrize(
    ("syntax", "old", "new", "backward", "forward"),
    [
        (proto3, "int32 status = 1;", "Status status = 1;", [UNNAMED], []),
        (proto3, "int64 status = 1;", "Status status = 1;", [NARROWED, UNNAMED], []),
        (proto3, "bool status = 1;", "Status status = 1;", [], []),
        (proto2, "optional int32 status = 1;", "optional Status status = 1;", [LOST], []),
        (proto2, "optional bool status = 1;", "optional Status status = 1;", [], []),
    ],
)
def test_a_number_that_is_read_as_an_enum(
    syntax: Callable[..., str], old: str, new: str, backward: list[str], forward: list[str]
) -> None:
    enum = status("A = 0;", "B = 1;")
    assert told(syntax(order(old), enum), syntax(order(new), enum)) == backward
    assert told(syntax(order(old), enum), syntax(order(new), enum), "FORWARD") == forward


A, B, C = (f"message {name} {{ string {name.lower()} = 1; }}" for name in "ABC")


@pytest.mark.parametrize(
    ("old", "new", "moved"),
    [
        ((A, B), (B, A), "`A` at 1 instead of 0 (where `B` is) and `B` at 0 instead of 1 (where `A` is)"),
        ((A,), (B, A), "`A` at 1 instead of 0 (where `B` is)"),
        (
            ("message A { message X { } message Y { } }",),
            ("message A { message Y { } message X { } }",),
            "`A.X` at 0/1 instead of 0/0 (where `A.Y` is) and `A.Y` at 0/0 instead of 0/1 (where `A.X` is)",
        ),
    ],
)
def test_a_message_that_moved_is_told_with_its_places(
    old: tuple[str, ...], new: tuple[str, ...], moved: str
) -> None:
    (warning,) = findings(proto3(*old), proto3(*new))
    assert warning.rule == "PROTOBUF_MESSAGE_INDEX_MOVED"
    assert warning.message == f"messages are at other places in the new schema than in version 1: {moved}"


def test_places_are_told_once_at_a_level_that_looks_both_ways() -> None:
    assert told(proto3(A, B), proto3(B, A), "FULL") == [INDEX]
    assert told(proto3(A), proto3(A, B)) == []


def test_extensions_are_looked_at_under_their_numbers() -> None:
    old, new = (
        proto2(order("extensions 100 to 199;"), f"extend Order {{ optional {kind} note = 101; }}")
        for kind in ("string", "int32")
    )
    (warning,) = findings(old, new)
    assert warning.rule == "PROTOBUF_FIELD_MISREAD"
    assert "`note`, an extension of `Order`" in warning.message
    assert warning.here.path == "shop.note"


def test_what_is_inside_of_a_message_that_a_field_holds_is_told_where_it_is() -> None:
    old, new = (
        proto3(order("Part part = 1;"), f"message Part {{ {kind} size = 1; }}") for kind in ("int64", "int32")
    )
    (warning,) = findings(old, new)
    assert (warning.here.path, warning.here.fragment) == ("shop.Part.size", "int32 size = 1;")
    assert (warning.there.path, warning.there.fragment) == ("shop.Part.size", "int64 size = 1;")


def test_messages_that_hold_themselves_and_each_other_come_to_an_end() -> None:
    old, new = (
        proto3(order("Part part = 1; Order order = 2;"), f"message Part {{ Order order = 1; {kind} v = 2; }}")
        for kind in ("int64", "int32")
    )
    assert told(old, new) == [NARROWED]


def test_messages_that_pair_up_in_ever_new_ways_are_not_followed_for_ever_and_that_is_said() -> None:
    def ring(length: int, body: str) -> str:
        messages = (f"message M{index} {{ {body.format((index + 1) % length)} }}" for index in range(length))
        return proto3(*messages)

    found = findings(ring(299, "oneof o {{ M{} next = 1; }}"), ring(300, "M{} next = 1;"))
    said = [one for one in found if one.rule == "PROTOBUF_FIELD_MISREAD"]
    assert said
    assert all("so many others that it was not looked into" in one.message for one in said)


def test_what_is_refused_is_not_warned_of_as_well() -> None:
    old, new = proto3(order("int64 v = 1;")), proto3(order("string note = 1;"))
    assert [one.rule for one in check(old, new).findings] == ["PROTOBUF_FIELD_SCALAR_KIND_CHANGED"]


def test_a_message_of_a_referenced_schema_is_looked_at_and_has_no_place_in_the_text() -> None:
    def user(kind: str) -> ParsedSchema:
        reference = Reference("geo.proto", Subject("geo"), Version(1))
        text = proto3('import "geo.proto";', "message User { geo.Address home = 1; }")
        geo = f'syntax = "proto3"; package geo; message Address {{ {kind} zip = 1; }}'
        return parse(
            Schema(text, SchemaType.PROTOBUF, (reference,)),
            referenced={"geo.proto": Schema(geo, SchemaType.PROTOBUF)},
        )

    report = check_compatibility(
        user("int32"), [Earlier(Version(1), user("int64"))], level=CompatibilityLevel.BACKWARD
    )
    (warning,) = report.findings
    assert (warning.rule, warning.here.path) == ("PROTOBUF_FIELD_NARROWED", "")
    assert "`zip` of `geo.Address`" in warning.message


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("map<int64, bool> v = 1;", "map<int32, bool> v = 1;", "the keys of `v` of `Order`"),
        ("map<int32, int64> v = 1;", "map<int32, int32> v = 1;", "the values of `v` of `Order`"),
    ],
)
def test_the_side_of_a_map_is_named(old: str, new: str, part: str) -> None:
    (warning,) = findings(proto3(order(old)), proto3(order(new)))
    assert part in warning.message


def test_many_constants_are_told_shortly() -> None:
    many = [f"C{number} = {number};" for number in range(1, 13)]
    (warning,) = findings(proto2(status("A = 0;", *many)), proto2(status("A = 0;")))
    assert "1 (`C1`), 2 (`C2`), 3 (`C3`), 4 (`C4`) and 8 more" in warning.message


def test_of_a_map_that_changed_in_both_parts_each_is_told() -> None:
    old, new = (proto3(order(f"map<{parts}> v = 1;")) for parts in ("string, int32", "int32, string"))
    first, *_ = check(old, new).findings
    assert first.message.endswith(
        "`v` of `Order`, and the new schema reads map<int32, string>: "
        "of the keys, the value is set aside as unknown, and the field seems not to be set; "
        "of the values, the value is set aside as unknown, and the field seems not to be set"
    )
