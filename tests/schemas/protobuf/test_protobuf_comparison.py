"""What one schema makes of another, where no recording says so."""

from collections.abc import Mapping

import pytest

from accord.schemas import InvalidSchema, Schema
from accord.schemas.protobuf.comparison import walk
from accord.schemas.protobuf.comparison.difference import DifferenceType
from accord.schemas.protobuf.comparison.verdict import differences
from accord.schemas.protobuf.rules import RULE_OF
from accord.schemas.protobuf.schema import ProtobufSchema, parse_protobuf


def parsed(text: str, **files: str) -> ProtobufSchema:
    """A schema in proto3, unless it says otherwise, of the package ``p``; ``a=...`` is the file a.proto of package a."""
    referenced = {
        f"{name}.proto": Schema(f'syntax = "proto3"; package {name}; {file}') for name, file in files.items()
    }
    imports = "".join(f'import "{path}";' for path in referenced)
    head = "" if text.startswith(("syntax", "edition")) else 'syntax = "proto3"; package p;'
    return parse_protobuf(Schema(f"{head}{imports}{text}"), referenced)


def found(reader: ProtobufSchema, writer: ProtobufSchema) -> list[str]:
    """The differences as words: the type and the path."""
    return [f"{one.reported_type} {one.path}" for one in differences(reader, writer)]


@pytest.mark.parametrize(
    ("writer", "reader"),
    [
        ("", "message A {}"),
        ("message A {} message B {}", "message B {} message A {}"),
        ("enum E {X = 0;}", ""),
        ("", "enum E {X = 0;}"),
        ("enum E {X = 0; Y = 1;}", "enum E {Z = 0; W = 2;}"),
        ("message A {}", "message A {int32 x = 1;}"),
        ("message A {int32 x = 1;}", "message A {}"),
        ("message A {int32 x = 1;}", "message A {int64 y = 1;}"),
        ("message A {optional string x = 1;}", "message A {repeated bytes x = 1;}"),
        ("message A {optional A x = 1;}", "message A {repeated A x = 1;}"),
        ("message A {int32 x = 1;}", "message A {repeated int32 x = 1;}"),
        ("message A {}", "message A {oneof o {int32 x = 1;}}"),
        ("message A {oneof o {int32 x = 1;}}", "message A {}"),
        ("message A {oneof o {int32 x = 1;}}", "message A {oneof o {int32 x = 1; int32 y = 2;}}"),
        ("message A {oneof o {int32 x = 1;}}", "message A {string x = 1;}"),
        ("message A {oneof o {int32 x = 1;}}", "message A {oneof p {string x = 1;}}"),
        ("message A {int32 x = 1;}", "message A {oneof o {int32 x = 1;}}"),
        ("message A {map<int32, sint32> x = 1;}", "message A {map<bool, sint64> x = 1; map<bool, A> y = 2;}"),
        (
            "message A {}",
            "message A {extensions 5;} extend A {int32 x = 5;} service S {rpc R (A) returns (A);}",
        ),
    ],
)
def test_these_changes_pass(writer: str, reader: str) -> None:
    assert found(parsed(reader), parsed(writer)) == []


@pytest.mark.parametrize(
    ("writer", "reader", "expected"),
    [
        ("message A {}", "", "MESSAGE_REMOVED #/A"),
        ("message A {message B {}}", "message A {}", "MESSAGE_REMOVED #/A/B"),
        ("message A {}", "syntax = 'proto3'; package q; message A {}", "PACKAGE_CHANGED #/"),
        (
            "message A {message B {int32 x = 1;} message B {string x = 1;} B b = 1;}",
            "message A {message B {string x = 1;} message B {int32 x = 1;} B b = 1;}",
            "FIELD_SCALAR_KIND_CHANGED #/A/B/1",
        ),
        (
            "message A {optional int32 x = 1;}",
            "message A {repeated uint64 x = 1;}",
            "FIELD_NUMERIC_LABEL_CHANGED #/A/1",
        ),
        ("message A {A x = 1;}", "message A {map<int32, A> x = 1;}", "FIELD_KIND_CHANGED #/A/1"),
        (
            "message A {enum E {X = 0;} E x = 1;}",
            "message A {E x = 1;} message E {}",
            "FIELD_KIND_CHANGED #/A/1",
        ),
        (
            "message A {map<int32, sint32> x = 1;}",
            "message A {map<string, fixed32> x = 1;}",
            "FIELD_SCALAR_KIND_CHANGED #/A/1, FIELD_SCALAR_KIND_CHANGED #/A/1",
        ),
        (
            "message A {message B {} B x = 1;}",
            "message A {message B {} .p.B x = 1;} message B {}",
            "FIELD_NAMED_TYPE_CHANGED #/A/1",
        ),
        (
            "syntax = 'proto2'; package p; message A {required int32 x = 1; oneof o {int32 y = 2;}}",
            "syntax = 'proto2'; package p; message A {required int32 y = 2; required int32 z = 3;}",
            "REQUIRED_FIELD_REMOVED #/A/1, REQUIRED_FIELD_ADDED #/A/2, REQUIRED_FIELD_ADDED #/A/3",
        ),
        (
            "message A {oneof o {int32 x = 1; int32 y = 2;}}",
            "message A {oneof o {int32 x = 1;} int32 y = 2;}",
            "ONEOF_FIELD_REMOVED #/A/o/2",
        ),
        (
            "message A {oneof o {int32 x = 1;} int32 y = 2;}",
            "message A {oneof n {int32 x = 1; int32 y = 2; int32 z = 3;}}",
            "FIELD_MOVED_TO_EXISTING_ONEOF #/A/n",
        ),
        (
            "message A {oneof o {int32 x = 1;} int32 y = 2; int32 z = 3;}",
            "message A {oneof o {int32 x = 1; int32 y = 2; string z = 3;}}",
            "MULTIPLE_FIELDS_MOVED_TO_ONEOF #/A/o",
        ),
        (
            "message A {int32 x = 1; int32 y = 2;}",
            "message A {oneof o {int32 x = 1;} oneof p {int32 y = 2; string z = 1;}}",
            "",
        ),
        (
            "message A {int32 x = 1;}",
            "syntax = 'proto2'; package p; message A {oneof o {int32 x = 1;} required string z = 1;}",
            "REQUIRED_FIELD_ADDED #/A/1",
        ),
    ],
)
def test_every_change_that_does_not_pass_has_a_name_and_a_place(
    writer: str, reader: str, expected: str
) -> None:
    assert ", ".join(found(parsed(reader), parsed(writer))) == expected


def test_every_difference_that_the_registry_does_not_let_pass_has_a_rule() -> None:
    assert set(RULE_OF) >= set(DifferenceType)


ADDRESS = "message Address {int32 city = 1; message Zip {int32 code = 1;} Zip zip = 2;}"
USER = "message User {a.Address home = 1; repeated a.Address others = 2; map<string, a.Address> more = 3;}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": ADDRESS}, {"a": ADDRESS.replace("int32", "int64")}, []),
        (
            {"a": ADDRESS},
            {"a": ADDRESS.replace("int32 city", "string city")},
            [
                "FIELD_SCALAR_KIND_CHANGED #/Address/1",
                *(f"FIELD_NAMED_TYPE_CHANGED #/User/{tag}" for tag in (1, 2, 3)),
            ],
        ),
        (
            {"a": ADDRESS},
            {"a": ADDRESS.replace("int32 code", "string code")},
            [
                "FIELD_SCALAR_KIND_CHANGED #/Address/Zip/1",
                "FIELD_NAMED_TYPE_CHANGED #/Address/2",
                *(f"FIELD_NAMED_TYPE_CHANGED #/User/{tag}" for tag in (1, 2, 3)),
            ],
        ),
        (
            {"a": "message Address {Address inner = 1; int32 city = 2;}"},
            {"a": "message Address {Address inner = 1; string city = 2;}"},
            [
                "FIELD_SCALAR_KIND_CHANGED #/Address/2",
                *(f"FIELD_NAMED_TYPE_CHANGED #/User/{tag}" for tag in (1, 2, 3)),
            ],
        ),
    ],
)
def test_a_message_of_another_file_is_compared_where_fields_use_it(
    old: Mapping[str, str], new: Mapping[str, str], expected: list[str]
) -> None:
    assert found(parsed(USER, **new), parsed(USER, **old)) == expected


def test_another_file_may_define_a_message_as_long_as_name_and_content_stay() -> None:
    content = "message Address {int32 city = 1;}"
    old = parsed("message User {a.Address home = 1;}", a=content)
    elsewhere = parsed("message User {b.Address home = 1;}", b=content)
    assert found(elsewhere, old) == found(old, elsewhere) == []
    here = parsed(f"message User {{Address home = 1;}} {content}")
    assert found(here, old) == []
    assert found(old, here) == ["MESSAGE_REMOVED #/Address"]
    other = parsed("message User {b.Place home = 1;}", b="message Place {int32 city = 1;}")
    assert found(other, old) == ["FIELD_NAMED_TYPE_CHANGED #/User/1"]


def test_a_map_of_values_that_nobody_defines_goes_by_their_name() -> None:
    lost = parsed("message User {map<string, Address> homes = 1;}")
    there = parsed("message User {map<string, a.Address> homes = 1;}", a="message Address {}")
    other = parsed("message User {map<string, Place> homes = 1;}")
    assert found(lost, lost) == found(there, lost) == found(lost, there) == []
    assert found(other, lost) == ["FIELD_NAMED_TYPE_CHANGED #/User/1"]


@pytest.mark.soak
def test_messages_may_lead_into_each_other_as_deep_as_they_like() -> None:
    def chain(last: str) -> str:
        links = (f"message L{index} {{L{index + 1} next = 1; L0 first = 2;}}" for index in range(1500))
        return f"{''.join(links)} message L1500 {{{last} value = 1;}}"

    user = "message User {a.L0 chain = 1;}"
    old, new = parsed(user, a=chain("int32")), parsed(user, a=chain("string"))
    assert found(old, old) == []
    assert len(found(new, old)) == 1502


def test_files_that_pair_up_in_ever_new_ways_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walk, "MAX_PAIRS", 35)

    def ring(size: int) -> ProtobufSchema:
        files = {f"f{index}": f"message A {{f{(index + 1) % size}.A next = 1;}}" for index in range(size)}
        return parsed("message User {f0.A ring = 1;}", **files)

    assert found(ring(6), ring(6)) == []
    with pytest.raises(InvalidSchema, match="35 pairs"):
        found(ring(6), ring(7))


EDITION = 'edition = "2023"; package p;'


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("message A {optional int32 x = 1;}", "message A {int32 x = 1;}"),
        ("message A {repeated int32 x = 1;}", "message A {repeated int32 x = 1;}"),
        ("message A {int32 x = 1;}", "message A {int32 x = 1 [features.field_presence = IMPLICIT];}"),
        (
            "message A {optional int32 x = 1; string y = 2; A z = 3; oneof o {bool w = 4;}}",
            "message A {int32 x = 1; string y = 2 [features = {field_presence: IMPLICIT}]; A z = 3; oneof o {bool w = 4;}}",
        ),
    ],
)
def test_an_edition_that_means_the_same_is_the_same(one: str, other: str) -> None:
    proto3, edition = parsed(one), parsed(f"{EDITION}{other}")
    assert found(proto3, edition) == found(edition, proto3) == []


def test_a_group_is_what_editions_have_in_its_place() -> None:
    group = parsed('syntax = "proto2"; package p; message A {repeated group G = 1 {optional int32 x = 1;}}')
    edition, other, prefixed = (
        parsed(f"{EDITION} message A {{message G {{{type_} x = 1;}} repeated G g = 1 {options};}}")
        for type_, options in (
            ("int32", "[features.message_encoding = DELIMITED]"),
            ("string", "[features.message_encoding = DELIMITED]"),
            ("int32", ""),
        )
    )
    assert found(edition, group) == found(group, edition) == []
    assert found(other, group) == found(group, other) == ["FIELD_SCALAR_KIND_CHANGED #/A/G/1"]
    assert found(prefixed, group) == found(group, prefixed) == ["FIELD_KIND_CHANGED #/A/1"]


@pytest.mark.parametrize(
    ("writer", "reader", "expected"),
    [
        (
            "message A {}",
            "message A {int32 x = 1 [features.field_presence = LEGACY_REQUIRED];}",
            ["REQUIRED_FIELD_ADDED #/A/1"],
        ),
        (
            "option features.field_presence = LEGACY_REQUIRED; message A {int32 x = 1;}",
            "message A {}",
            ["REQUIRED_FIELD_REMOVED #/A/1"],
        ),
        (
            "message A {int32 x = 1;}",
            "option features.field_presence = LEGACY_REQUIRED; message A {int32 x = 1;}",
            ["FIELD_NUMERIC_LABEL_CHANGED #/A/1"],
        ),
        (
            "message A {int32 x = 1;}",
            "message A {repeated int32 x = 1;}",
            ["FIELD_NUMERIC_LABEL_CHANGED #/A/1"],
        ),
        (
            "message A {A x = 1;}",
            "message A {A x = 1 [features.message_encoding = DELIMITED];}",
            ["FIELD_KIND_CHANGED #/A/1"],
        ),
        (
            "message A {repeated int32 x = 1;}",
            "message A {repeated int32 x = 1 [features.repeated_field_encoding = EXPANDED];}",
            [],
        ),
    ],
)
def test_the_features_of_an_edition_count_as_what_they_mean(
    writer: str, reader: str, expected: list[str]
) -> None:
    assert found(parsed(EDITION + reader), parsed(EDITION + writer)) == expected


def test_a_difference_says_what_stands_on_both_sides() -> None:
    writer = parsed("message Order {message Line {optional int32 count = 4;}}")
    reader = parsed("message Order {message Line {repeated int32 counts = 4;}}")
    (one,) = differences(reader, writer)
    assert (one.reader_place, one.writer_place) == ("p.Order.Line.counts", "p.Order.Line.count")
    assert one.facts == {
        "message": "p.Order.Line",
        "field": "counts",
        "tag": "4",
        "reader_type": "int32",
        "writer_type": "int32",
        "reader_label": "repeated",
        "writer_label": "optional",
    }
    line = writer.file.messages[0].messages[0]
    assert one.writer is line.fields[0]
    assert one.writer_message is line


def test_what_one_side_lacks_is_missing_from_the_message_around_it() -> None:
    writer = parsed(
        "message Order {int32 a = 1; int32 b = 2; oneof pick {int32 c = 3; int32 d = 4;}} message Gone {}"
    )
    reader = parsed("message Order {oneof other {int32 a = 1; int32 b = 2;} oneof pick {int32 d = 4;}}")
    moved, removed, gone = differences(reader, writer)
    assert (moved.reader_place, moved.writer_place) == ("p.Order.other", "p.Order")
    assert moved.facts == {"message": "p.Order", "oneof": "other", "fields": "`a` and `b`"}
    assert (removed.reader_place, removed.writer_place) == ("p.Order", "p.Order.c")
    assert removed.facts["oneof"] == "pick"
    assert (gone.reader_place, gone.writer_place, gone.facts) == ("", "p.Gone", {"message": "p.Gone"})


def test_what_another_file_defines_has_no_place_in_the_text() -> None:
    user = "message User {a.Address home = 1;}"
    old, new = (parsed(user, a=f"message Address {{{type_} city = 1;}}") for type_ in ("int32", "string"))
    inner, outer = differences(new, old)
    assert (inner.reader_place, inner.writer_place, inner.facts["message"]) == (None, None, "a.Address")
    assert (outer.reader_place, outer.facts["reader_type"]) == ("p.User.home", "a.Address")
