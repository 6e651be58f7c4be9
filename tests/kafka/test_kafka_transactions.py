"""What the brokers' answers to a transaction mean, one by one."""

import threading
import time
from collections.abc import Collection, Iterator
from contextlib import suppress

import pytest

from accord.errors import AccordError
from accord.kafka import (
    BrokersUnavailable,
    ClientFailed,
    DeliveryFailed,
    Fenced,
    KafkaConsumer,
    KafkaRefused,
    KafkaSettings,
    KafkaTransactions,
    OutcomeUnknown,
    OutgoingRecord,
    RecordTooLarge,
    TopicPartition,
    TransactionFailed,
    TransactionRefused,
)
from accord.testing import MockBroker, MockBrokerUnavailable

pytestmark = pytest.mark.soak

HERE = TopicPartition("orders", 0)
TIMEOUT_S = 2.0


class Listener:
    def on_assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Nothing to do, here and below."""

    on_revoked = on_lost = on_assigned


@pytest.fixture(scope="module")
def broker() -> Iterator[MockBroker]:
    try:
        broker = MockBroker()
    except MockBrokerUnavailable as error:
        pytest.skip(error.message)
    with broker:
        broker.create_topic("orders")
        broker.create_topic("invoices")
        broker.write(OutgoingRecord("orders", b"k", b"v"))
        yield broker


@pytest.fixture(scope="module")
def member(broker: MockBroker) -> Iterator[object]:
    """Who commits."""
    consumer = KafkaConsumer(broker.kafka, group="billing", in_transactions=True)
    assert consumer.membership() is None
    consumer.subscribe(["orders"], Listener())
    while not consumer.consume(1, 0.1):
        pass
    yield consumer.membership()
    consumer.close()


@pytest.fixture
def transactions(broker: MockBroker) -> Iterator[KafkaTransactions]:
    yield KafkaTransactions(broker.kafka, transactional_id="billing-1", timeout_s=TIMEOUT_S)
    for request in (
        "InitProducerId",
        "AddPartitionsToTxn",
        "AddOffsetsToTxn",
        "TxnOffsetCommit",
        "EndTxn",
        "Produce",
    ):
        broker.stop_failing(request)


def test_offsets_and_records_are_committed(transactions: KafkaTransactions, member: object) -> None:
    transactions.start()
    for offset in range(3):
        transactions.begin()
        transactions.produce(OutgoingRecord("invoices", b"k", b"v"), lambda _: None, within_s=1)
        transactions.commit({HERE: offset}, member)


@pytest.mark.parametrize(
    "case",
    [
        ("AddPartitionsToTxn", "TOPIC_AUTHORIZATION_FAILED", TransactionRefused),
        ("AddOffsetsToTxn", "GROUP_AUTHORIZATION_FAILED", TransactionRefused),
        ("TxnOffsetCommit", "ILLEGAL_GENERATION", TransactionFailed),
        ("TxnOffsetCommit", "UNKNOWN_MEMBER_ID", TransactionFailed),
        ("Produce", "MSG_SIZE_TOO_LARGE", TransactionFailed),
    ],
)
def test_what_cannot_be_committed_is_aborted_and_the_next_one_can_be(
    broker: MockBroker,
    transactions: KafkaTransactions,
    member: object,
    case: tuple[str, str, type[AccordError]],
) -> None:
    request_name, error, told = case
    failures: list[DeliveryFailed] = []
    transactions.start()
    transactions.begin()
    broker.fail(request_name, error)
    transactions.produce(OutgoingRecord("invoices", b"k", b"v"), failures.append, within_s=1)
    with pytest.raises(told) as raised:
        transactions.commit({HERE: 1}, member)
    assert type(raised.value) is told
    transactions.abort()
    assert [type(failure) for failure in failures] == ([RecordTooLarge] if request_name == "Produce" else [])

    transactions.begin()
    transactions.commit({HERE: 1}, member)


@pytest.mark.parametrize(
    "case",
    [
        ("AddPartitionsToTxn", "PRODUCER_FENCED", Fenced),
        ("EndTxn", "PRODUCER_FENCED", Fenced),
        ("EndTxn", "INVALID_PRODUCER_EPOCH", Fenced),
        ("EndTxn", "INVALID_TXN_STATE", ClientFailed),
    ],
)
def test_who_is_out_hears_it_whatever_comes_next(
    broker: MockBroker,
    transactions: KafkaTransactions,
    member: object,
    case: tuple[str, str, type[AccordError]],
) -> None:
    request_name, error, told = case
    transactions.start()
    transactions.begin()
    broker.fail(request_name, error)
    record = OutgoingRecord("invoices", b"k", b"v")
    transactions.produce(record, lambda _: None, within_s=1)
    with pytest.raises(told):
        transactions.commit({HERE: 1}, member)
    for again in (transactions.abort, transactions.begin):
        with pytest.raises(told) as raised:
            again()
        assert "same transactional id" in raised.value.hint or "of its own" in raised.value.hint
    with pytest.raises(told):
        transactions.produce(record, lambda _: None, within_s=1)


def test_an_id_that_is_not_allowed_is_told_with_the_permissions_it_takes(
    broker: MockBroker, transactions: KafkaTransactions
) -> None:
    broker.fail("InitProducerId", "TRANSACTIONAL_ID_AUTHORIZATION_FAILED")
    with pytest.raises(KafkaRefused) as told:
        transactions.start()
    assert told.value.code == "TRANSACTIONAL_ID_AUTHORIZATION_FAILED"
    assert "DESCRIBE and WRITE on the transactional id" in told.value.hint


def test_what_passes_is_waited_for(
    broker: MockBroker, transactions: KafkaTransactions, member: object
) -> None:
    transactions.start()
    transactions.begin()
    broker.fail("EndTxn", "COORDINATOR_NOT_AVAILABLE", times=2)
    transactions.commit({HERE: 1}, member)


def test_a_commit_that_nobody_answers_is_never_told_as_done(
    broker: MockBroker, transactions: KafkaTransactions, member: object
) -> None:
    transactions.start()
    transactions.begin()
    broker.fail("EndTxn", "COORDINATOR_NOT_AVAILABLE", times=1000)
    with pytest.raises(OutcomeUnknown):
        transactions.commit({HERE: 1}, member)


def test_offsets_that_nobody_takes_in_time_are_aborted(
    broker: MockBroker, transactions: KafkaTransactions, member: object
) -> None:
    transactions.start()
    transactions.begin()
    broker.fail("AddOffsetsToTxn", "COORDINATOR_NOT_AVAILABLE", times=1000)
    with pytest.raises(TransactionFailed):
        transactions.commit({HERE: 1}, member)
    broker.stop_failing("AddOffsetsToTxn")
    transactions.abort()
    transactions.begin()
    transactions.commit({HERE: 1}, member)


def test_brokers_that_are_away_are_told_at_the_start() -> None:
    nowhere = KafkaSettings("127.0.0.1:1")
    transactions = KafkaTransactions(nowhere, transactional_id="billing-1", timeout_s=1.0)
    with pytest.raises(BrokersUnavailable, match="took longer than 1 s"):
        transactions.start()


@pytest.mark.parametrize("away", [1, 2, 3])
@pytest.mark.parametrize("returns", [False, True])
def test_whichever_broker_goes_a_commit_comes_back(
    monkeypatch: pytest.MonkeyPatch, away: int, *, returns: bool
) -> None:
    """One coordinates the group: the client's call alone has no end then, whatever its timeout.

    The mock finds coordinators by name, and these two have different ones.
    """
    monkeypatch.setattr("accord.kafka.transactions.SLICE_S", 1.0)
    with MockBroker(brokers=3) as brokers:
        brokers.create_topic("orders", partitions=1)
        brokers.write(OutgoingRecord("orders", b"k", b"v"))
        consumer = KafkaConsumer(brokers.kafka, group="g", in_transactions=True)
        consumer.subscribe(["orders"], Listener())
        while not consumer.consume(1, 0.1):
            pass
        member = consumer.membership()
        transactions = KafkaTransactions(brokers.kafka, transactional_id="x", timeout_s=TIMEOUT_S)
        transactions.start()
        # Now the client knows the coordinators.
        transactions.begin()
        transactions.commit({HERE: 1}, member)

        transactions.begin()
        brokers.down(away)
        back = threading.Timer(0.5, brokers.up, [away])
        if returns:
            back.start()
        began = time.monotonic()
        with suppress(TransactionFailed, ClientFailed, OutcomeUnknown):
            transactions.commit({HERE: 2}, member)
        assert time.monotonic() - began < 3 * (TIMEOUT_S + 1.0)
        brokers.up(away)
        back.cancel()
        consumer.close()
