import pytest

from accord.schemas import InvalidSchema
from accord.schemas.json_text import MAX_DEPTH, quote, read_json, read_json_exactly, without_comments, written


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": [1, 2.5, null, true]}', {"a": [1, 2.5, None, True]}),
        (
            '// first\n{"a": 1 /* one */, // last\n"b": "// no comment, /* nor this */"}',
            {"a": 1, "b": "// no comment, /* nor this */"},
        ),
        ('"a \\" // still inside"', 'a " // still inside'),
        ('{"a": 1, "a": 2}', {"a": 2}),
        (" \n\t5 ", 5),
        ('"\\ud83d\\ude00"', "\U0001f600"),
    ],
)
def test_json_is_read_with_comments(text: str, value: object) -> None:
    assert read_json(text) == value


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("'a'", "not JSON"),
        ('{"a": 1,}', "not JSON"),
        ('"int" "long"', "not JSON"),
        ("[01]", "not JSON"),
        ('"a\nb"', "not JSON"),
        ('\ufeff"int"', "not JSON"),
        ("/* never closed", "not JSON"),
        ("[NaN]", "NaN"),
        ("[-Infinity]", "-Infinity"),
        ("[1e400]", "beyond the range of a double"),
        (f"[{'9' * 5000}]", "5000 digits"),
        ('"\\ud800"', "surrogate"),
        ("[" * 100_000, "levels deep"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "levels deep"),
    ],
)
def test_anything_else_is_refused_with_the_reason(text: str, complaint: str) -> None:
    with pytest.raises(InvalidSchema, match=complaint) as refused:
        read_json(text)
    assert refused.value.hint


def test_a_refusal_names_line_and_column() -> None:
    with pytest.raises(InvalidSchema, match="line 2, column 8"):
        read_json('{\n  "a": x\n}')


def test_the_deepest_text_allowed_is_read() -> None:
    assert read_json("[" * MAX_DEPTH + "]" * MAX_DEPTH)


def test_blanking_comments_keeps_every_other_character_in_its_place() -> None:
    text = '{"a": 1, // why\n /* a\nb */ "b": 2}'
    plain = without_comments(text)
    assert len(plain) == len(text)
    assert plain.count("\n") == text.count("\n")
    assert plain.index('"b"') == text.index('"b"')


def test_a_value_is_read_digit_for_digit_and_what_follows_is_left_alone() -> None:
    text = ' {"a": [1e2, 1.50, -0.0, 1E400, 12345678901234567890, 0.00000012]} // tail'
    value, end = read_json_exactly(text)
    assert written(value) == '{"a":[1E+2,1.50,0.0,1E+400,12345678901234567890,1.2E-7]}'
    assert text[end:] == " // tail"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("// first\n{}", "not JSON"),
        ("", "not JSON"),
        ("[1e99999999999]", "out of range"),
        (f"[0.{'9' * 5000}]", "5002 digits"),
        ("[NaN]", "NaN"),
        ("[" * (MAX_DEPTH + 1), "not JSON"),
        ("[" * 100_000, "nested more than"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "nested more than"),
        ('"\\ud800"', "surrogate"),
        ('[0.5, "\\ud800"]', "surrogate"),
    ],
)
def test_what_cannot_be_read_exactly_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(InvalidSchema, match=complaint):
        read_json_exactly(text)


def test_json_is_written_as_java_writes_it() -> None:
    value = {
        "b": ["\u00e9\u2028\x7f\x1f\x00\n/", None, True, 1.5],
        "a": {"z": {}, "\U0001f600": [], "\uffff": 0},
    }
    assert written(value) == (
        '{"b":["\u00e9\u2028\x7f\\u001F\\u0000\\n/",null,true,1.5],"a":{"z":{},"\U0001f600":[],"\uffff":0}}'
    )
    assert written(value["a"], in_order=True) == '{"z":{},"\U0001f600":[],"\uffff":0}'
    assert quote({"a": [1, 2]}) == '{"a": [1, 2]}'
