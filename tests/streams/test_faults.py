import pytest

from accord.client import NotFound, RegistryUnavailable
from accord.codecs import DataFault, InvalidData
from accord.errors import ConfigurationError, UnavailableError
from accord.kafka import BrokersUnavailable, ClientFailed
from accord.streams import Backoff, Permanent, Retry, SchemaNotRegistered
from accord.streams.faults import Fault, PutAside, Stage, Stop, TryAgain, Verdict, data_fault, handler_verdict

RETRY = Retry(tries=3, backoff=Backoff(first_s=1, longest_s=5))


def verdict(error: Exception, attempts: int = 1, waits: int = 0) -> Verdict:
    return handler_verdict(error, attempts=attempts, waits=waits, retry=RETRY, dice=lambda: 0.0)


def test_a_failing_handler_is_tried_again_with_growing_waits_and_then_no_more() -> None:
    error = ValueError("no")
    assert verdict(error, 1) == TryAgain(1)
    assert verdict(error, 2) == TryAgain(2)
    assert verdict(error, 3) == PutAside(Fault(Stage.HANDLER, "HANDLER_FAILED", error))


def test_permanent_means_at_once() -> None:
    error = Permanent("no such customer")
    assert verdict(error) == PutAside(Fault(Stage.HANDLER, "HANDLER_SAID_PERMANENT", error))


@pytest.mark.parametrize(
    "error", [RegistryUnavailable("down"), BrokersUnavailable("down"), UnavailableError("down")]
)
def test_what_is_away_for_a_while_never_makes_a_dead_letter(error: Exception) -> None:
    assert verdict(error, attempts=99) == TryAgain(5, unlimited=True)
    assert verdict(error, attempts=1, waits=1) == TryAgain(2, unlimited=True)


@pytest.mark.parametrize(
    "error", [ConfigurationError("wrong"), SchemaNotRegistered("forgotten"), ClientFailed("fenced")]
)
def test_a_deployment_that_cannot_work_stops(error: Exception) -> None:
    assert verdict(error) == Stop(error)


def test_what_the_registry_says_to_a_handler_is_a_failure_like_any_other() -> None:
    assert verdict(NotFound("no such subject")) == TryAgain(1)


def test_a_fault_of_the_bytes_keeps_its_code_and_the_schema_id() -> None:
    error = InvalidData("cut", fault=DataFault.TRUNCATED)
    assert data_fault(error, schema_id=7) == Fault(Stage.VALUE, "TRUNCATED", error, 7)


@pytest.mark.parametrize(
    ("failures", "dice", "wait_s"), [(1, 0.0, 1), (1, 1.0, 0.5), (3, 0.0, 4), (9, 0.0, 5), (5000, 0.5, 3.75)]
)
def test_waits_double_up_to_a_limit_and_are_shortened_at_random(
    failures: int, dice: float, wait_s: float
) -> None:
    assert RETRY.backoff.wait_s(failures, lambda: dice) == wait_s


def test_no_try_at_all_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="0 times"):
        Retry(tries=0)
