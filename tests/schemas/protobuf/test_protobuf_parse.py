from collections.abc import Callable

import pytest

from accord.schemas import InvalidSchema
from accord.schemas.protobuf.model import (
    Aggregate,
    Import,
    ImportKind,
    Label,
    MapType,
    NamedType,
    Number,
    Option,
    Range,
    Text,
    Values,
    Visibility,
    Word,
)
from accord.schemas.protobuf.text.parse import parse_file
from accord.schemas.protobuf.text.tokens import position

PROTO3 = 'syntax = "proto3";\n'


def message(body: str, syntax: str = "proto3") -> str:
    return f'syntax = "{syntax}";\nmessage E {{ {body} }}\n'


def edition(body: str, year: int = 2023) -> str:
    return f'edition = "{year}";\nmessage E {{ {body} }}\n'


def option_of(text: str) -> Option:
    """The only option of a field on which ``text`` stands in brackets."""
    (field,) = parse_file(message(f"int32 a = 1 [{text}];")).messages[0].fields
    (option,) = field.options
    return option


@pytest.mark.parametrize(
    ("text", "place", "complaint"),
    [
        ("", "line 1, column 1", "the schema declares nothing"),
        ("// only a comment\n", "line 2, column 1", "the schema declares nothing"),
        ("not a schema", "line 1, column 1", "`not` does not begin a declaration"),
        ('"string"', "line 1, column 1", 'a declaration is expected here, not `"string"`'),
        ('syntax = "proto4";', "line 1, column 10", 'the syntax "proto4" is unknown'),
        ('edition = "1999";', "line 1, column 11", 'the edition "1999" is unknown'),
        ('import "a";\nsyntax = "proto3";', "line 2, column 1", "must be declared before anything else"),
        (f"{PROTO3}{PROTO3}", "line 2, column 1", "must be declared before anything else"),
        (f'{PROTO3}import weakly "a";', "line 2, column 8", "`weakly` is no kind of import"),
        (f'{PROTO3}import option "a";', "line 2, column 8", "`option` is no kind of import"),
        ("message {", "line 1, column 9", "the name of the message is expected here, not `{`"),
        ("message E {", "line 1, column 12", "not the end of the text"),
        ("message E {} enum E {}", "line 1, column 19", "there is already a message or enum named `E`"),
        ("service S {} service S {}", "line 1, column 22", "there is already a service named `S`"),
        (message("int32 a;"), "line 2, column 20", "`=` is expected here, not `;`"),
        (message("int32 a = b;"), "line 2, column 23", "the number of the field is expected here, not `b`"),
        (message("int32 a = 2147483648;"), "line 2, column 23", "does not fit into 32 bits"),
        (message("int32 1a = 1;"), "line 2, column 19", "begins with a digit"),
        (message("string é = 1;"), "line 2, column 20", "the character 'é' has no meaning here"),
        (message("required int32 a = 1;"), "line 2, column 13", "proto3 has no required fields"),
        (message("int32 a = 1;", "proto2"), "line 2, column 13", "a field of proto2 needs one"),
        (message("repeated map<string, int32> m = 1;"), "line 2, column 13", "a map has no label"),
        (message("map<float, int32> m = 1;"), "line 2, column 17", "a map has no keys of type `float`"),
        (message("map<K, int32> m = 1;"), "line 2, column 17", "a map has no keys of type `K`"),
        (message("oneof o { repeated int32 a = 1; }"), "line 2, column 38", "`=` is expected here, not `a`"),
        (message("oneof o { ; }"), "line 2, column 23", "a field of the oneof is expected here"),
        (message("extensions 1 to;"), "line 2, column 28", "a number or `max` is expected here"),
        (message("reserved a;"), "line 2, column 22", "a number is expected here, not `a`"),
        (message("group G = 1 { message In {} }"), "line 2, column 38", "`=` is expected here, not `{`"),
        (message("group G = 1 { group H = 2 {} }"), "line 2, column 27", "a group holds only fields"),
        (f"{PROTO3}enum K {{ 1A = 0; }}", "line 2, column 10", "begins with a digit"),
        (f"{PROTO3}service S {{ message E {{}} }}", "line 2, column 13", "`message` does not begin a method"),
        (f"{PROTO3}service S {{ rpc G (E) gives (E); }}", "line 2, column 23", "`returns` is expected here"),
        (message("int32 a = 1 [(x = 1];"), "line 2, column 29", "`)` is expected here, not `=`"),
        (message("int32 a = 1 [(x)y = 1];"), "line 2, column 29", "`=` is expected here, not `y`"),
        (
            message("int32 a = 1 [x(y) = 1];"),
            "line 2, column 27",
            "a dot is expected before this parenthesis",
        ),
        (message("int32 a = 1 [x..y = 1];"), "line 2, column 26", "is not the name of an option"),
        (message("int32 a = 1 [(x) = {a 1}];"), "line 2, column 35", "`:` is expected here, not `1`"),
        (message("int32 a = 1 [(x) = {a: [1 2]}];"), "line 2, column 39", "`,` or `]` is expected here"),
        ("/* never closed\nmessage E {}", "line 1, column 1", "the comment that begins here never ends"),
        ('import "never closed;\n', "line 1, column 8", "the string that begins here never ends"),
        (r'option x = "ab\xg";', "line 1, column 15", r"no digit follows `\x`"),
        ('option x = "\ud800";', "line 1, column 13", "half a character stands here"),
        (edition("optional int32 a = 1;"), "line 2, column 13", "editions have no label `optional`"),
        (edition("required int32 a = 1;"), "line 2, column 13", "editions have no label `required`"),
        (edition("group G = 1 {}"), "line 2, column 19", "editions have no groups"),
        (edition('reserved "a";'), "line 2, column 22", "editions reserve names without quotes"),
        (edition("export message In {}"), "line 2, column 28", "`=` is expected here, not `In`"),
        (
            edition("", 2024).replace("message", "export service"),
            "line 2, column 8",
            "`message` or `enum` is expected here",
        ),
        ('edition = "2024"; import weak "a";', "line 1, column 26", "`weak` is no kind of import"),
        (
            message(r'optional bytes a = 1 [default = "\xff"];', "proto2"),
            "line 2, column 34",
            "it is stored without quotes",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(text: str, place: str, complaint: str) -> None:
    with pytest.raises(InvalidSchema) as refused:
        parse_file(text)
    assert refused.value.message.startswith(f"{place}: ")
    assert complaint in refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        message("int32 a = 0; int32 b = -1; int32 c = 536870912; int32 d = 19000;"),
        message("int32 a = 1; string a = 1;"),
        message('reserved 1; reserved "a"; int32 a = 1;'),
        message("int32 message = 1; string string = 2; bool repeated = 3; bool option = 4;"),
        message("group G = 1 { int32 a = 1; }"),
        message("oneof o { map<string, int32> m = 1; } oneof p {}"),
        message("message In {} message In {} In i = 1;"),
        f"{PROTO3}message 9E {{}}",
        f"{PROTO3}message int32 {{ int32 int32 = 1; }};",
        f"{PROTO3}enum K {{}} enum L {{ X = 5; Y = 5; }}",
        f"{PROTO3}option what = 1; import 'missing.proto'; reserved 5;",
        f"{PROTO3}message E {{}} extend E {{ reserved 4; option x = 1; ; repeated int32 a = 1; group G = 2 {{}} }}",
        f"{PROTO3}message E {{ int32 a = 1; /* one */ int32 b = 2; /* two */ }}",
    ],
)
def test_what_breaks_a_rule_of_the_language_and_not_its_grammar_is_read(text: str) -> None:
    assert parse_file(text).syntax == "proto3"


def test_the_last_package_counts() -> None:
    assert parse_file("package a; package b.c;").package == "b.c"


def test_zeros_before_a_number_say_nothing_and_hexadecimal_is_read() -> None:
    fields = parse_file(message("int32 a = 012; int32 b = 0x1F; int32 c = -0x2;")).messages[0].fields
    assert [field.tag for field in fields] == [12, 31, -2]


def test_imports_are_of_four_kinds() -> None:
    text = 'edition = "2024"; import "a"; import public "b"; import option "c";'
    kinds = [Import("a"), Import("b", ImportKind.PUBLIC), Import("c", ImportKind.OPTION)]
    assert [*parse_file(text).imports] == kinds
    assert parse_file('import weak "d";').paths(ImportKind.WEAK) == ("d",)


def test_messages_and_enums_of_2024_say_who_may_use_them() -> None:
    body = "local enum K { A = 0; } export message In {} local local = 1; message Plain {}"
    file = parse_file(edition(body, 2024).replace("message E", "export message E"))
    (outer,) = file.messages
    assert outer.visibility is Visibility.EXPORT
    assert [one.visibility for one in outer.messages] == [Visibility.EXPORT, Visibility.DEFAULT]
    assert [one.visibility for one in outer.enums] == [Visibility.LOCAL]
    assert [field.type for field in outer.fields] == [NamedType("local")]


def test_fields_of_every_form_are_told_apart() -> None:
    body = (
        "required int32 a = 1; optional .p.E b = 2; repeated E.In c = 3; map<string, E> d = 4; "
        "oneof o { option x = 1; string e = 5; group F = 6 { required int32 x = 1; } } repeated group G = 7 {}"
    )
    (outer,) = parse_file(message(body, "proto2")).messages
    assert [(field.label, str(field.type)) for field in outer.fields] == [
        (Label.REQUIRED, "int32"),
        (Label.OPTIONAL, ".p.E"),
        (Label.REPEATED, "E.In"),
        (None, "map<string, E>"),
    ]
    assert outer.fields[3].type == MapType(NamedType("string"), NamedType("E"))
    (oneof,) = outer.oneofs
    assert ([field.name for field in oneof.fields], [group.field_name for group in oneof.groups]) == (
        ["e"],
        ["f"],
    )
    assert [(group.label, group.tag) for group in outer.groups] == [(Label.REPEATED, 7)]


def test_max_ends_a_range_at_the_greatest_number_there_is() -> None:
    file = parse_file(
        message("reserved 9 to max; extensions 5 to 8, 9 to max;") + "enum K { reserved 5 to max; }"
    )
    assert file.messages[0].reserved[0].ranges == (Range(9, 2**29 - 1),)
    assert file.messages[0].extensions[0].ranges == (Range(5, 8), Range(9, 2**29 - 1))
    assert file.enums[0].reserved[0].ranges == (Range(5, 2**31 - 1),)


@pytest.mark.parametrize(
    ("written", "name", "value"),
    [
        ("deprecated = true", "deprecated", Word("true")),
        ("(my.option) = -0x1F", "(my.option)", Number("-0x1F")),
        ("(.my.option).a.b = 1.5e+3", "(.my.option).a.b", Number("1.5e+3")),
        ("features.(pb.go).level = X", "features.(pb.go).level", Word("X")),
        ("(a).(b).(c).d = .5", "(a).(b).(c).d", Word(".5")),
        ("(a) = 'x' \"y\"", "(a)", Text("xy", b"xy")),
        ("(a) = [1, 'b', {}]", "(a)", Values((Number("1"), Text("b", b"b"), Aggregate(())))),
        (
            "(a) = {b: 1 c { d: 2; }, [e.f]: <g: 3>, b: 4}",
            "(a)",
            Aggregate(
                (
                    ("b", Number("1")),
                    ("c", Aggregate((("d", Number("2")),))),
                    ("[e.f]", Aggregate((("g", Number("3")),))),
                    ("b", Number("4")),
                )
            ),
        ),
    ],
)
def test_options_have_names_of_parts_and_values_of_any_kind(written: str, name: str, value: object) -> None:
    option = option_of(written)
    assert (option.name, option.value) == (name, value)


@pytest.mark.parametrize(
    ("written", "value", "data"),
    [
        (r"\a\b\f\n\r\t\v\\\'\"\?\q", "\a\b\f\n\r\t\v\\'\"?q", b"\a\b\f\n\r\t\v\\'\"?q"),
        (r"\x41\X4a\101\7", "AJA\7", b"AJA\7"),
        (r"\xff\377", "ÿÿ", b"\xff\xff"),
        (r"\u00e9\U0001F600", "é😀", "é😀".encode()),
        (r"\ud800\U00110000", "\ufffd\ufffd", "\ufffd\ufffd".encode()),
        ("é\n", "é\n", "é\n".encode()),
    ],
)
def test_strings_are_characters_and_bytes(written: str, value: str, data: bytes) -> None:
    assert option_of(f'(a) = "{written}"').value == Text(value, data)


def test_declarations_know_where_they_stand() -> None:
    text = 'syntax = "proto3";\nmessage E {\n  map<string, E> m = 0x2 [deprecated = true];\n}\n'
    (outer,) = parse_file(text).messages
    (field,) = outer.fields

    def at(span: object) -> str:
        return text[getattr(span, "start", 0) : getattr(span, "end", 0)]

    assert at(outer.span) == text.partition("\n")[2].rstrip()
    assert (at(outer.name_span), at(field.name_span), at(field.tag_span)) == ("E", "m", "0x2")
    assert (at(field.span), at(field.type.span), at(field.options[0].span)) == (
        "map<string, E> m = 0x2 [deprecated = true];",
        "map<string, E>",
        "deprecated = true",
    )
    assert position(text, field.span.start) == (3, 3)


def nested_messages(levels: int) -> str:
    return PROTO3 + "message E {" * levels + "}" * levels


def nested_values(levels: int) -> str:
    return f"{PROTO3}option (a) = {'{a: ' * (levels - 1)}1{'}' * (levels - 1)};"


@pytest.mark.parametrize(
    ("nested", "complaint"),
    [
        (nested_messages, "the messages nest too deep"),
        (nested_values, "the value of this option nests too deep"),
    ],
)
def test_endless_nesting_is_an_invalid_schema(nested: Callable[[int], str], complaint: str) -> None:
    parse_file(nested(32))
    for levels in (33, 10_000):
        with pytest.raises(InvalidSchema, match=complaint):
            parse_file(nested(levels))


def test_names_of_options_are_of_so_many_parts() -> None:
    parse_file(f"{PROTO3}option a{'.b' * 31} = 1;")
    for parts in ("a" + ".b" * 32, "(a)" + ".(b)" * 32):
        with pytest.raises(InvalidSchema, match="the value of this option nests too deep"):
            parse_file(f"{PROTO3}option {parts} = 1;")


def test_a_number_of_many_digits_fits_into_nothing() -> None:
    with pytest.raises(InvalidSchema, match="does not fit into 32 bits"):
        parse_file(message(f"int32 a = {'0' * 5_000}1;"))


def test_a_thousand_messages_of_many_fields_are_no_burden() -> None:
    fields = " ".join(f"int32 f{number} = {number};" for number in range(1, 20))
    file = parse_file(PROTO3 + " ".join(f"message M{number} {{ {fields} }}" for number in range(1000)))
    assert len(file.messages) == 1000


@pytest.mark.parametrize(
    "text",
    [
        'option a = "' + "a" * 200_000,
        "option a = '" + r"\'" * 200_000,
        "/*" * 200_000,
        "/" * 200_000,
        " /* */" * 50_000 + "?",
        "message " + "1" * 200_000 + "e",
        "option a" + ".b" * 100_000 + " = 1",
        "option a = {" + "b: 1 " * 50_000,
        "message E { reserved 1" + ", 1" * 50_000,
    ],
    ids=lambda text: text[:16],
)
def test_long_texts_that_are_no_schema_are_refused_in_a_moment(text: str) -> None:
    with pytest.raises(InvalidSchema):
        parse_file(text)
