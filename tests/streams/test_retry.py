from typing import Any

import pytest

import accord
from accord.errors import ConfigurationError
from accord.streams.errors import Retryable
from accord.streams.faults import FaultCode, PutAside, TryAgain, Verdict, handler_verdict


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


def verdict(error: Exception, retry: accord.Retry) -> Verdict:
    return handler_verdict(error, attempts=9, waits=0, retry=retry, dice=lambda: 0.0)


def test_a_handler_may_say_that_a_record_has_to_wait_however_long_it_takes() -> None:
    assert isinstance(verdict(Retryable("the customer is not there yet"), accord.Retry(1)), TryAgain)


def test_errors_that_are_named_mean_what_they_are_named_for() -> None:
    retry = accord.Retry(1, permanent=(KeyError,), retryable=(OSError,))
    permanent = verdict(KeyError("no"), retry)
    assert isinstance(permanent, PutAside)
    assert permanent.fault.code == FaultCode.HANDLER_SAID_PERMANENT
    waits = verdict(ConnectionResetError("gone"), retry)
    assert isinstance(waits, TryAgain)
    assert waits.unlimited
    other = verdict(ValueError("no"), retry)
    assert isinstance(other, PutAside)
    assert other.fault.code == FaultCode.HANDLER_FAILED
