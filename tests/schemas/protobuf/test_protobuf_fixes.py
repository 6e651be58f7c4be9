"""What is offered to be changed about a Protobuf schema: re-checked, and in the author's layout."""

import pytest

from accord.findings import Finding, Severity
from accord.schemas import (
    CompatibilityLevel,
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
from accord.schemas.protobuf.rules import RULE_OF

WITH_ONEOF = "string id = 1; oneof pay { string card = 2; string iban = 3; }"


def proto(*declarations: str, syntax: str = "proto3", package: str = "shop") -> str:
    return "\n".join([f'syntax = "{syntax}";', f"package {package};", *declarations])


def order(body: str, syntax: str = "proto3") -> str:
    return proto(f"message Order {{ {body} }}", syntax=syntax)


def refusals(old: str, new: str, level: str = "BACKWARD") -> list[Finding]:
    earlier = [Earlier(Version(1), parse(Schema(old, SchemaType.PROTOBUF)))]
    report = check_compatibility(
        parse(Schema(new, SchemaType.PROTOBUF)), earlier, level=CompatibilityLevel(level)
    )
    return [finding for finding in report.findings if finding.severity is Severity.ERROR]


def texts_offered(old: str, new: str, level: str = "BACKWARD") -> dict[str, str]:
    """What the body of the message becomes, by the words of each fix of the first finding."""
    first, *_ = refusals(old, new, level)
    return {fix.summary: fix.schema for fix in first.fixes}


@pytest.mark.parametrize(
    ("old", "new", "level", "bodies"),
    [
        # Types and labels, either way.
        (
            "int64 total = 1;",
            "sint64 total = 1;",
            "BACKWARD",
            {
                "keep the type": "int64 total = 1;",
                "give it the number 2, and reserve 1": "reserved 1; sint64 total = 2;",
            },
        ),
        (
            "int64 total = 1; reserved 2 to 4;",
            "string total = 1; reserved 2 to 4;",
            "FORWARD",
            {
                "keep the type": "int64 total = 1; reserved 2 to 4;",
                "give it the number 5, and reserve 1": "reserved 1; string total = 5; reserved 2 to 4;",
            },
        ),
        (
            "map<string, int32> parts = 1;",
            "map<string, string> parts = 1;",
            "BACKWARD",
            {
                "keep the type": "map<string, int32> parts = 1;",
                "give it the number 2, and reserve 1": "reserved 1; map<string, string> parts = 2;",
            },
        ),
        (
            "optional int32 sizes = 1 [deprecated = true];",
            "repeated int32 sizes = 1 [deprecated = true];",
            "BACKWARD",
            {
                "keep the label": "optional int32 sizes = 1 [deprecated = true];",
                "give it the number 2, and reserve 1": "reserved 1; repeated int32 sizes = 2 [deprecated = true];",
            },
        ),
        # Oneofs: what the new schema reads.
        (
            WITH_ONEOF,
            "string id = 1; oneof pay { string card = 2; }",
            "BACKWARD",
            {"keep it in the oneof `pay`": WITH_ONEOF},
        ),
        (
            WITH_ONEOF,
            "string id = 1; oneof pay { string card = 2; } string iban = 3;",
            "BACKWARD",
            {"keep it in the oneof `pay`": WITH_ONEOF},
        ),
        (
            "string id = 1; string card = 2; string iban = 3;",
            WITH_ONEOF,
            "BACKWARD",
            {
                "leave `card` and `iban` outside of the oneof": "string id = 1; string card = 2;\nstring iban = 3;",
                "leave `iban` outside of the oneof": "string id = 1; oneof pay { string card = 2; }\nstring iban = 3;",
            },
        ),
        (
            "optional string id = 1; oneof pay { string card = 2; } string iban = 3;",
            "optional string id = 1; oneof pay { string card = 2; string iban = 3; }",
            "BACKWARD",
            {
                "leave `iban` outside of the oneof": (
                    "optional string id = 1; oneof pay { string card = 2; }\nstring iban = 3;"
                )
            },
        ),
        # Oneofs: what the new schema writes.
        (
            "string id = 1; oneof pay { string card = 2; }",
            WITH_ONEOF,
            "FORWARD",
            {
                "leave it outside of the oneof `pay`": (
                    "string id = 1; oneof pay { string card = 2; }\nstring iban = 3;"
                ),
                "leave it out": "string id = 1; oneof pay { string card = 2; }",
            },
        ),
        (
            WITH_ONEOF,
            "string id = 1; string card = 2; string iban = 3;",
            "FORWARD",
            {
                "keep `card` and `iban` in the oneof `pay`": (
                    "string id = 1; oneof pay {\n  string card = 2;\n  string iban = 3;\n}"
                )
            },
        ),
        (
            WITH_ONEOF,
            "string id = 1; oneof pay { string card = 2; } string iban = 3;",
            "FORWARD",
            {"keep `iban` in the oneof `pay`": WITH_ONEOF},
        ),
    ],
)
def test_fixes_of_proto3(old: str, new: str, level: str, bodies: dict[str, str]) -> None:
    assert texts_offered(order(old), order(new), level) == {
        summary: order(body) for summary, body in bodies.items()
    }


@pytest.mark.parametrize(
    ("old", "new", "level", "bodies"),
    [
        (
            "required string id = 1;",
            "required string id = 1; required string note = 2;",
            "BACKWARD",
            {
                "make it optional": "required string id = 1; optional string note = 2;",
                "leave it out": "required string id = 1;",
            },
        ),
        (
            "required string id = 1; required string note = 2;",
            "required string id = 1;",
            "BACKWARD",
            {"keep the field": "required string id = 1; required string note = 2;"},
        ),
        (
            "required string id = 1; required string note = 2;",
            "required string id = 1;",
            "FORWARD",
            {"keep the field": "required string id = 1; required string note = 2;"},
        ),
        (
            "required string id = 1;",
            "required string id = 1; required string note = 2;",
            "FORWARD",
            {
                "make it optional": "required string id = 1; optional string note = 2;",
                "leave it out": "required string id = 1;",
            },
        ),
        (
            "optional int32 sizes = 1;",
            "required int32 sizes = 1;",
            "BACKWARD",
            {"keep the label": "optional int32 sizes = 1;"},
        ),
        (
            "oneof pay { string card = 2; }",
            "oneof pay { string card = 2; string iban = 3; }",
            "FORWARD",
            {
                "leave it outside of the oneof `pay`": (
                    "oneof pay { string card = 2; }\noptional string iban = 3;"
                ),
                "leave it out": "oneof pay { string card = 2; }",
            },
        ),
    ],
)
def test_fixes_of_proto2(old: str, new: str, level: str, bodies: dict[str, str]) -> None:
    assert texts_offered(order(old, "proto2"), order(new, "proto2"), level) == {
        summary: order(body, "proto2") for summary, body in bodies.items()
    }


A, B = "message A {\n  string a = 1;\n}", "message B {\n  A a = 1;\n}"


@pytest.mark.parametrize(
    ("old", "new", "level", "texts"),
    [
        (proto(A), proto(A, package="bill"), "BACKWARD", {"keep the package": proto(A)}),
        (proto(A), f'syntax = "proto3";\n{A}', "FORWARD", {"keep the package": proto(A)}),
        (f'syntax = "proto3";\n{A}', proto(A), "FORWARD", {"keep the package": f'syntax = "proto3";\n{A}'}),
        (proto(A, B), proto(A), "BACKWARD", {"keep the message": proto(A, "", B, "")}),
        (
            proto("message B { }", A),
            proto(A),
            "BACKWARD",
            {"keep the message": proto("message B { }", "", A)},
        ),
        (
            proto("message A {\n  message X {\n    int32 x = 1;\n  }\n}"),
            proto("message A {\n    // Nothing in here.\n}"),
            "BACKWARD",
            {
                "keep the message": proto(
                    "message A {\n    // Nothing in here.\n    message X {\n      int32 x = 1;\n    }\n}"
                )
            },
        ),
        (
            proto(A, B),
            proto(A.replace("A", "Z"), B.replace("A", "Z")),
            "BACKWARD",
            {
                "if `Z` is its new name, keep the old one": proto(A, B),
                "keep the message": proto(A, "", A.replace("A", "Z"), B.replace("A", "Z")),
            },
        ),
        (
            proto(B.replace("A a", "string a")),
            proto(A, B.replace("A a = 1;", "string a = 1;\n  A more = 2;")),
            "FORWARD",
            {"leave it out": proto(B.replace("A a", "string a"))},
        ),
    ],
)
def test_fixes_of_files_and_messages(old: str, new: str, level: str, texts: dict[str, str]) -> None:
    assert texts_offered(old, new, level) == texts


def test_a_renamed_message_gets_its_old_name_back_wherever_it_is_used() -> None:
    old = proto(
        "message A { message X { int32 x = 1; } X x = 1; }", "message B { .shop.A.X x = 1; A a = 2; }"
    )
    new = old.replace("message A", "message Z").replace("A.X", "Z.X").replace("A a", "Z a")
    assert texts_offered(old, new)["if `Z` is its new name, keep the old one"] == old


def test_comments_and_the_layout_of_the_author_stay() -> None:
    old = order("string id = 1; oneof pay { string card = 2; string iban = 3; }")
    new = """\
// Orders of the shop.
syntax = "proto3";

package shop;

message Order {
\tstring id = 1;  // never changes

\toneof pay {
\t\tstring card = 2;  // of a bank
\t}
}
"""
    (text,) = texts_offered(old, new).values()
    assert text == new.replace("// of a bank\n", "// of a bank\n\t\tstring iban = 3;\n")


def test_a_label_that_is_a_feature_comes_back_with_the_field() -> None:
    required = "int32 a = 1 [features.field_presence = LEGACY_REQUIRED];"
    old, new = (f'edition = "2023";\nmessage Order {{ {body} }}' for body in (required, "int32 a = 1;"))
    (finding,) = refusals(old, new)
    assert (
        "version 1 writes required int32 for `a` of `Order`, and the new schema reads int32"
        in finding.message
    )
    assert texts_offered(old, new)["keep the field as it was"] == old


def test_fields_whose_types_changed_as_they_left_a_oneof_come_back_as_they_were() -> None:
    old = order("oneof pay { int32 a = 1; int32 b = 2; }")
    offered = texts_offered(old, order("int32 a = 1; string b = 2;"), "FORWARD")
    assert list(offered) == ["keep `a` and `b` in the oneof `pay` as they were"]


def test_a_group_is_a_field_and_a_message_to_an_edition() -> None:
    old, new = order("group G = 1 { }"), 'edition = "2023"; package shop; message Order { int32 a = 1; }'
    kind, message = sorted(refusals(old, new), key=lambda finding: finding.rule)
    assert "version 1 writes group `G` for `a` of `Order`, and the new schema reads int32" in kind.message
    assert "version 1 has a message `shop.Order.G`" in message.message


def test_a_fix_shows_what_changes() -> None:
    (finding,) = refusals(order("int64 total = 1;"), order("sint64 total = 1;"))
    assert [(fix.before, fix.after) for fix in finding.fixes] == [
        ("sint64 total = 1;", "int64 total = 1;"),
        ("sint64 total = 1;", "sint64 total = 2;"),
    ]


def test_no_fix_is_offered_that_brings_up_something_else() -> None:
    body = "oneof pay { string card = 1; int32 iban = 2; }"
    (finding,) = refusals(order(body), order(body.replace("int32", "string")))
    assert [fix.summary for fix in finding.fixes] == ["keep the type"]


def test_a_type_that_comes_back_brings_its_import() -> None:
    old = proto('import "google/protobuf/any.proto";', "message A { google.protobuf.Any a = 1; }")
    new = proto('import "google/protobuf/struct.proto";', "message A { google.protobuf.Value a = 1; }")
    text = texts_offered(old, new)["keep the type"]
    assert text == proto(
        'import "google/protobuf/struct.proto";',
        'import "google/protobuf/any.proto";',
        "message A { google.protobuf.Any a = 1; }",
    )


def test_what_stands_in_a_referenced_schema_is_not_changed_from_here() -> None:
    def user(kind: str) -> ParsedSchema:
        reference = Reference("geo.proto", Subject("geo"), Version(1))
        text = proto('import "geo.proto";', "message User { geo.Address home = 1; }")
        geo = f'syntax = "proto3"; package geo; message Address {{ {kind} zip = 1; }}'
        return parse(
            Schema(text, SchemaType.PROTOBUF, (reference,)),
            referenced={"geo.proto": Schema(geo, SchemaType.PROTOBUF)},
        )

    report = check_compatibility(
        user("string"), [Earlier(Version(1), user("int64"))], level=CompatibilityLevel.BACKWARD
    )
    inner, outer = report.findings
    assert (inner.rule, inner.fixes) == ("PROTOBUF_FIELD_SCALAR_KIND_CHANGED", ())
    assert "version 1 writes int64 for `zip` of `geo.Address`" in inner.message
    assert outer.rule == "PROTOBUF_FIELD_NAMED_TYPE_CHANGED"
    assert "reads another `geo.Address`: fields of the one are missing" in outer.message


def test_every_fix_of_an_example_makes_it_compatible() -> None:
    for rule in RULE_OF.values():
        (finding,) = refusals(rule.example.old, rule.example.new)
        assert finding.fixes, rule.id
        for fix in finding.fixes:
            assert refusals(rule.example.old, fix.schema) == [], (rule.id, fix.summary)
