import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.errors import ConfigurationError
from accord.streams.durations import Duration, in_words, milliseconds


@pytest.mark.parametrize(
    ("given_as", "length_ms", "words"),
    [
        ("250ms", 250, "250ms"),
        ("5s", 5_000, "5s"),
        ("60s", 60_000, "1m"),
        (90, 90_000, "90s"),
        (0.5, 500, "500ms"),
        ("24h", 86_400_000, "1d"),
        (" 7d ", 604_800_000, "7d"),
    ],
)
def test_a_length_of_time_is_understood_and_written_in_one_way(
    given_as: Duration, length_ms: int, words: str
) -> None:
    assert milliseconds(given_as) == length_ms
    assert in_words(length_ms) == words


@given(st.integers(1, 10**12))
def test_what_is_written_is_understood_as_what_it_was(length_ms: int) -> None:
    assert milliseconds(in_words(length_ms)) == length_ms


@pytest.mark.parametrize(
    "wrong", ["", "5", "5 s", "-5s", "1.5h", "0s", "5w", 0, -1, 0.0001, float("nan"), float("inf")]
)
def test_what_is_no_length_of_time_is_refused(wrong: Duration) -> None:
    with pytest.raises(ConfigurationError, match="is no length of time"):
        milliseconds(wrong)
