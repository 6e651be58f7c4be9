"""Checks against many versions: what they have in common is looked at once, and told as if it were not."""

import pytest

from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
)
from accord.schemas.protobuf import rules
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.comparison.verdict import differences
from accord.schemas.protobuf.evolution.memory import Memory, digest
from accord.schemas.protobuf.evolution.pair_warnings import pair_warnings
from accord.schemas.protobuf.schema import ProtobufSchema, parse_protobuf

P3 = 'syntax = "proto3"; '
TIME = 'import "google/protobuf/timestamp.proto"; '


def parsed(text: str, **referenced: str) -> ProtobufSchema:
    others = {name: Schema(other, SchemaType.PROTOBUF) for name, other in referenced.items()}
    return parse_protobuf(Schema(text, SchemaType.PROTOBUF), others)


def difference() -> ProtobufDifference:
    return ProtobufDifference(rules.PACKAGE_CHANGED, "", "", "")


def test_what_two_versions_have_in_common_is_the_very_same_warning() -> None:
    new = parsed(P3 + "message M { string colour = 1; int32 other = 2; }")
    told = [
        next(one for one in pair_warnings(new, parsed(P3 + text)) if one.rule is rules.NUMBER_REUSED)
        for text in (
            "message M { string price = 1; int32 other = 2; }",
            "message N { } message M { string price = 1; }",
        )
    ]
    assert told[0] is told[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("message M { string price = 1; }", "message M { bytes price = 1; }"),
        ("message M { string price = 1; }", "message M { string cost = 1; }"),
        ("message M { string price = 1; }", "message M { optional string price = 1; }"),
        ("message M { string price = 1; }", "message M { string price = 1; string colour = 2; }"),
        (
            "enum E { A = 0; B = 1; } message M { }",
            "enum E { A = 0; B = 2; } message M { }",
        ),
        ("message M { string price = 1; } ", "package p; message M { string price = 1; }"),
    ],
)
def test_versions_that_differ_are_told_apart(one: str, other: str) -> None:
    new = parsed(P3 + "enum E { A = 0; } message M { string colour = 1; }")
    alone = {id(warning) for warning in pair_warnings(new, parsed(P3 + one))}
    assert alone
    assert not alone & {id(warning) for warning in pair_warnings(new, parsed(P3 + other))}


def test_a_memory_that_is_full_starts_afresh_and_tells_the_same() -> None:
    memory = Memory[str](most=2)
    first = memory.of("a", lambda: [difference()])
    assert memory.of("a", lambda: [difference()]) is first
    memory.of("b", list)
    memory.of("c", list)
    again = memory.of("a", lambda: [difference()])
    assert again == first
    assert again[0] is not first[0]


def test_a_digest_is_one_object_for_the_same_facts_however_long_they_are() -> None:
    assert digest("a", 1) is digest("a", 1)
    assert digest("a" * 1_000) is digest("a" * 1_000)
    assert len(digest("a" * 1_000)) < 100
    assert (
        len({digest("a", "b"), digest("ab"), digest("a, b"), digest("a" * 1_000), digest("a" * 1_001)}) == 5
    )


def test_two_schemas_are_compared_once_until_another_is() -> None:
    new, old = parsed(P3 + "message M { int32 a = 1; }"), parsed(P3 + "message M { string a = 1; }")
    found = differences(new, old)
    assert differences(new, old) is found
    assert differences(old, new) is not found
    assert differences(new, old) is found
    assert differences(new, parsed(P3 + "message M { }")) == ()
    assert differences(old, parsed(P3 + "message M { }")) == ()
    assert differences(new, old) == found


def test_messages_of_one_content_may_still_hold_others_that_changed() -> None:
    def schema(kind: str) -> ProtobufSchema:
        return parsed(P3 + 'import "a"; message X { A a = 1; }', a=P3 + f"message A {{ {kind} b = 1; }}")

    assert [one.path for one in differences(schema("int32"), schema("string"))] == ["#/A/1", "#/X/1"]


@pytest.mark.parametrize("text", ["message Order { message Line { KIND a = 1; } Line line = 1; }"])
def test_a_nested_message_that_changed_is_found_inside_of_one_that_did_not(text: str) -> None:
    new, old = (parsed(P3 + text.replace("KIND", kind)) for kind in ("int32", "string"))
    assert [one.path for one in differences(new, old)] == ["#/Order/Line/1"]


def test_known_messages_are_looked_at_where_a_schema_defines_them_itself() -> None:
    def schema(kind: str) -> ProtobufSchema:
        known = P3 + f"package google.protobuf; message Timestamp {{ {kind} seconds = 1; }}"
        text = P3 + TIME + "message M { google.protobuf.Timestamp at = 1; }"
        return parsed(text, **{"google/protobuf/timestamp.proto": known})

    plain = parsed(P3 + TIME + "message M { google.protobuf.Timestamp at = 1; }")
    assert plain.definitions.settled
    assert not schema("string").definitions.settled
    assert [one.path for one in differences(plain, schema("string"))] == ["#/Timestamp/1", "#/M/1"]
    assert [one.path for one in differences(schema("string"), schema("int64"))] == ["#/Timestamp/1", "#/M/1"]
    assert differences(plain, schema("int64")) == ()


def test_what_recurs_is_told_of_the_newest_version_alone() -> None:
    texts = [f"message M {{ string price = 1; int32 n{number} = {number}; }}" for number in range(2, 7)]
    earlier = [Earlier(Version(number), parsed(P3 + text)) for number, text in enumerate(texts, 1)]
    new = parsed(P3 + "message M { string colour = 1; }")
    report = check_compatibility(new, earlier, level=CompatibilityLevel.FULL_TRANSITIVE)
    told = [(one.rule, one.version) for one in report.findings]
    assert [version for rule, version in told if rule == rules.NUMBER_REUSED.id] == [5]
    gone = [version for rule, version in told if rule == rules.REMOVED_FIELD_NOT_RESERVED.id]
    assert gone == [5, 4, 3, 2, 1]
