import time

import pytest

from accord.schemas.jsonschema.reading.patterns import matches, why_malformed


@pytest.mark.parametrize(
    "pattern",
    [
        "", "^a$", "a|b|", "a{2}", "a{2,}?", "a{2,3}+", "a++", "(?:a|b)*", "(?<n>a)\\k<n>", "(?=a)b", "[a-z&&[^b]]",
        "[]a]", "[^]]", "[a-]", "[-a]", "[+--]", "[\\w-z]", "[a-z0-9_.-]", "[a-c-a]", "\\x41\\u0041\\cA\\07\\1", "\\-\\_\\ ", "(?i)a", "\\p{L}+", "[\\p{Lu}\\]]", "\\Q{*\\E", "a\\{b", "\\[", "]", "}", "^*",
    ],
)  # fmt: skip
def test_regular_expressions_are_taken(pattern: str) -> None:
    assert why_malformed(pattern) == ""


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("[", "a `[` is never closed"),
        ("[]", "a `[` is never closed"),
        ("[a[b]", "a `[` is never closed"),
        ("(a", "a `(` is never closed"),
        ("a)", "a `)` closes nothing"),
        ("*a", "there is nothing in front of `*` to repeat"),
        ("a|+", "there is nothing in front of `+` to repeat"),
        ("a**", "there is nothing in front of `*` to repeat"),
        ("(?{2}a)", "there is nothing in front of `{2}` to repeat"),
        ("a{", "a `{` that stands for itself needs a backslash"),
        ("^{a}$", "a `{` that stands for itself needs a backslash"),
        ("a{3,2}", "`{3,2}` counts downwards"),
        ("a\\", "it ends with a backslash"),
        ("[z-a]", "`z-a` counts downwards"),
        ("[a-z9-0]", "`9-0` counts downwards"),
        ("\\y", "there is no `\\y`"),
        ("[\\i]", "there is no `\\i`"),
        ("\\u{1F600}", "there is no `\\u`"),
        ("\\x4", "there is no `\\x`"),
    ],
)
def test_what_is_no_regular_expression_is_refused(pattern: str, problem: str) -> None:
    assert why_malformed(pattern) == problem


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("^c", "cab", True),
        ("b", "cab", True),
        ("^b", "cab", False),
        ("^\\p{L}+$", "né", True),
        ("", "", True),
        ("a++", "a", False),
        ("^(?!x-)(?=.*[0-9])(?:[a-z0-9]+_?)+$", "a1_" * 80, True),
    ],
)
def test_a_pattern_matches_anywhere_in_a_name(pattern: str, text: str, *, expected: bool) -> None:
    assert matches(pattern, text) is expected


def test_a_pattern_that_would_take_for_ever_gives_up() -> None:
    started = time.process_time()
    assert not matches("^(a+)+(?=b)$", "a" * 200)
    assert not any(matches(r"(a*)*b\1", "a" * 200 + str(number)) for number in range(500))
    assert time.process_time() - started < 2
