from typing import Any

import pytest

import accord
from accord.errors import ConfigurationError


def test_delays_of_retry_topics_are_written_in_one_way() -> None:
    assert accord.Retry(topics=("5s", 60, "600s")).topics == ("5s", "1m", "10m")
    assert accord.Retry(topics=["1s"]) == accord.Retry(topics=(1,))


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        ({"tries": 0}, "cannot be tried 0 times"),
        ({"topics": "5s"}, "is one word"),
        ({"topics": ("5s", "soon")}, "'soon' is no length of time"),
        ({"topics": ("60s", "1m")}, "a wait is there twice in 1m, 1m"),
        ({"permanent": ValueError}, "permanent=<class 'ValueError'> is no tuple"),
        ({"retryable": (KeyboardInterrupt,)}, "no tuple of classes of exceptions"),
    ],
)
def test_choices_that_make_no_sense_are_refused_at_once(choices: dict[str, Any], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        accord.Retry(**choices)


def test_waits_double_up_to_a_limit_and_are_never_longer() -> None:
    backoff = accord.Backoff(first_s=0.5, longest_s=3.0)
    assert [backoff.wait_s(failures, lambda: 0.0) for failures in (1, 2, 3, 4, 10_000)] == [0.5, 1, 2, 3, 3]
    assert backoff.wait_s(1, lambda: 1.0) == 0.25
