"""The mock broker, as tests of services use it."""

import time

import pytest

from accord import BrokersUnavailable, ConfigurationError
from accord.kafka import KafkaProducer, mock, send_raw
from accord.kafka.errors import RecordTooLarge
from accord.testing import CONNECTION_LOST, MockBroker, MockBrokerUnavailable, OutgoingRecord

RECORD = OutgoingRecord("orders", b"o-1", b"value", (("trace", b"\x00\xff"), ("empty", None)))


@pytest.fixture
def broker(accord_broker: MockBroker) -> MockBroker:
    accord_broker.create_topic("orders", partitions=3)
    return accord_broker


def test_what_is_written_is_there(broker: MockBroker) -> None:
    broker.write(RECORD)

    [record] = broker.records("orders")

    assert (record.key, record.value, record.headers) == (b"o-1", b"value", RECORD.headers)


def test_a_topic_that_nobody_made_is_there_on_first_sight(broker: MockBroker) -> None:
    broker.write(OutgoingRecord("new", None, b"1"))

    assert [record.value for record in broker.records("new")] == [b"1"]


def test_a_topic_can_be_made_once(broker: MockBroker) -> None:
    with pytest.raises(ConfigurationError, match=r"'orders' cannot be made: .*already exists"):
        broker.create_topic("orders")


@pytest.mark.soak
def test_a_request_fails_as_often_as_was_ordered(broker: MockBroker) -> None:
    broker.fail("Produce", "MSG_SIZE_TOO_LARGE", times=2)

    for _ in range(2):
        with pytest.raises(RecordTooLarge):
            send_raw(broker.kafka, [RECORD])
    send_raw(broker.kafka, [RECORD])

    assert len(broker.records("orders")) == 1


def test_faults_that_were_ordered_can_be_taken_back(broker: MockBroker) -> None:
    broker.fail("Produce", "MSG_SIZE_TOO_LARGE", times=1000)
    broker.stop_failing("Produce")

    send_raw(broker.kafka, [RECORD])


def test_a_lost_connection_is_survived_by_what_tries_again(broker: MockBroker) -> None:
    broker.fail("Produce", CONNECTION_LOST)

    send_raw(broker.kafka, [RECORD])

    assert len(broker.records("orders")) == 1


@pytest.mark.parametrize(
    ("request_name", "error", "hint"),
    [
        ("Produce", "MSG_SIZE_TO_LARGE", "MSG_SIZE_TOO_LARGE"),
        ("produce", "MSG_SIZE_TOO_LARGE", "Produce"),
        ("Zzz", "MSG_SIZE_TOO_LARGE", "AddOffsetsToTxn"),
        ("Produce", "NO_ERROR", "ERROR"),
    ],
)
def test_a_name_that_is_none_is_refused_with_the_nearest_one(
    broker: MockBroker, request_name: str, error: str, hint: str
) -> None:
    with pytest.raises(ConfigurationError) as refused:
        broker.fail(request_name, error)

    assert hint in refused.value.hint


def test_answers_take_as_long_as_was_asked_for(broker: MockBroker) -> None:
    broker.write(RECORD)
    broker.answer_after(0.1)
    began = time.monotonic()

    broker.write(RECORD)

    assert time.monotonic() - began >= 0.1


def test_a_topic_can_be_denied(broker: MockBroker) -> None:
    broker.forget_topic("orders")

    producer = KafkaProducer(broker.kafka, delivery_timeout_s=1)

    assert list(producer.missing_topics(["orders"], 5)) == ["orders"]


@pytest.mark.soak
def test_nobody_gets_through_while_it_is_down(broker: MockBroker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mock, "ANSWER_S", 0.05)
    broker.write(RECORD)
    broker.down()

    with pytest.raises(BrokersUnavailable, match="the mock broker took no records"):
        broker.write(RECORD)

    monkeypatch.undo()
    broker.up()
    broker.write(RECORD)
    assert len(broker.records("orders")) == 3


def test_it_can_be_closed_twice() -> None:
    broker = MockBroker(brokers=3)
    assert len(broker.bootstrap_servers.split(",")) == 3

    broker.close()
    broker.close()


def test_a_client_without_its_own_library_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    mock._library.cache_clear()
    monkeypatch.setattr(mock, "_library_files", list)

    with pytest.raises(MockBrokerUnavailable, match="does not ship its library") as refused:
        MockBroker()

    assert "accord_cluster" in refused.value.hint


def test_a_library_that_lacks_a_function_is_refused_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    mock._library.cache_clear()
    monkeypatch.setattr(mock, "_FUNCTIONS", {"rd_kafka_mock_of_tomorrow": (None, ())})

    with pytest.raises(MockBrokerUnavailable, match="has no function rd_kafka_mock_of_tomorrow"):
        MockBroker()

    mock._library.cache_clear()
