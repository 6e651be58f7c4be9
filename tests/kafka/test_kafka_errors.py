"""Every error of the client becomes one that says what to do."""

import pytest
from confluent_kafka import KafkaError

from accord.errors import AccordError, ConfigurationError, UnavailableError
from accord.kafka import (
    BrokersUnavailable,
    ClientFailed,
    DeliveryFailed,
    GroupInUse,
    KafkaRefused,
    NotAllowed,
    RecordTooLarge,
    TopicNotFound,
)
from accord.kafka.errors import delivery_failure, translated

TRANSLATIONS: list[tuple[int, type[AccordError]]] = [
    (KafkaError._ALL_BROKERS_DOWN, BrokersUnavailable),
    (KafkaError._TRANSPORT, BrokersUnavailable),
    (KafkaError._RESOLVE, BrokersUnavailable),
    (KafkaError.SASL_AUTHENTICATION_FAILED, NotAllowed),
    (KafkaError.TOPIC_AUTHORIZATION_FAILED, NotAllowed),
    (KafkaError.UNKNOWN_TOPIC_OR_PART, TopicNotFound),
    (KafkaError.NON_EMPTY_GROUP, GroupInUse),
    (KafkaError.INVALID_CONFIG, ConfigurationError),
    (KafkaError.TOPIC_ALREADY_EXISTS, KafkaRefused),
]


@pytest.mark.parametrize(("code", "kind"), TRANSLATIONS)
def test_an_error_is_translated(code: int, kind: type[AccordError]) -> None:
    error = translated(KafkaError(code, "the reason"), doing="creating topic 'x'", bootstrap_servers="b:9092")
    assert type(error) is kind
    assert error.message.startswith("creating topic 'x' failed")
    assert "the reason" in error.message
    assert error.hint or kind is KafkaRefused


def test_an_address_that_does_not_answer_is_named() -> None:
    error = translated(KafkaError(KafkaError._TRANSPORT), doing="connecting", bootstrap_servers="b:9092")
    assert "b:9092" in error.message
    assert isinstance(error, UnavailableError)
    assert error.exit_code == 3


def test_a_client_that_was_fenced_is_of_no_further_use() -> None:
    fatal = KafkaError(KafkaError._FENCED, "fenced", True)  # noqa: FBT003 -- the client's signature
    assert isinstance(translated(fatal, doing="consuming", bootstrap_servers="b:9092"), ClientFailed)


HOPELESS: list[tuple[int, type[DeliveryFailed]]] = [
    (KafkaError.MSG_SIZE_TOO_LARGE, RecordTooLarge),
    (KafkaError.TOPIC_AUTHORIZATION_FAILED, DeliveryFailed),
    (KafkaError.UNKNOWN_TOPIC_OR_PART, DeliveryFailed),
    (KafkaError._PURGE_QUEUE, DeliveryFailed),
]


@pytest.mark.parametrize(("code", "kind"), HOPELESS)
def test_a_delivery_that_cannot_succeed_says_so(code: int, kind: type[DeliveryFailed]) -> None:
    error = delivery_failure(KafkaError(code), topic="orders")
    assert type(error) is kind
    assert not error.retryable
    assert "'orders'" in error.message


@pytest.mark.parametrize("code", [KafkaError._MSG_TIMED_OUT, KafkaError._TRANSPORT])
def test_a_delivery_that_was_not_answered_may_be_tried_again(code: int) -> None:
    assert delivery_failure(KafkaError(code), topic="orders").retryable


def test_a_delivery_that_timed_out_says_what_the_last_trouble_was() -> None:
    error = delivery_failure(
        KafkaError(KafkaError._MSG_TIMED_OUT), topic="orders", last_trouble="connection refused"
    )
    assert error.message.endswith("last trouble: connection refused")
