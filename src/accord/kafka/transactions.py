"""A producer whose records, and the offsets of what they were made from, become visible together or not at all."""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, Protocol

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka import Message as ClientMessage
from confluent_kafka import TopicPartition as ClientPartition

from accord.errors import AccordError
from accord.kafka.errors import (
    NOT_ALLOWED,
    TOO_LARGE,
    BrokersUnavailable,
    ClientFailed,
    DeliveryFailed,
    Fenced,
    KafkaRefused,
    OutcomeUnknown,
    QueueFull,
    TransactionFailed,
    TransactionRefused,
    delivery_failure,
    is_fatal,
    kafka_error,
    translated,
)
from accord.kafka.metadata import missing_topics
from accord.kafka.ports import RebalanceListener
from accord.kafka.producer import PARTITIONER
from accord.kafka.record import Message, OutgoingRecord, TopicPartition
from accord.kafka.settings import KafkaSettings, Property

PERMISSIONS: Final = "the principal needs DESCRIBE and WRITE on the transactional id, WRITE on the topics that it writes, READ on the group"
START_AGAIN: Final = (
    "start again with the same transactional id: that settles it, and goes on where the offsets say"
)

OnFailure = Callable[[DeliveryFailed], None]

FIXED: Final[dict[str, Property]] = {
    "acks": "all",
    "enable.idempotence": True,
    "partitioner": PARTITIONER,
    "delivery.report.only.error": True,
}
# A call into the client answers no Ctrl-C; so long is waited at once.
SLICE_S: Final = 5.0
AGAIN_AFTER_S: Final = 0.1
ROOM_EVERY_S: Final = 0.05
ASK_EVERY_S: Final = 1.0
# What is written is acknowledged sooner, or brokers are away.
ARRIVED_WITHIN_S: Final = 5.0

FENCED: Final = frozenset(
    {
        KafkaError._FENCED,  # noqa: SLF001 -- the client's public name for the code starts so
        KafkaError.PRODUCER_FENCED,
        KafkaError.INVALID_PRODUCER_EPOCH,
    }
)
REFUSALS: Final = NOT_ALLOWED | {KafkaError.TRANSACTIONAL_ID_AUTHORIZATION_FAILED}
GIVEN_UP: Final = frozenset({KafkaError._PURGE_QUEUE, KafkaError._PURGE_INFLIGHT})  # noqa: SLF001


class RecordTransactions(Protocol):
    """Transactions, one after the other. One thread owns it; callbacks run within its calls."""

    def start(self) -> None:
        """Take over the transactional id: whoever had it writes nothing more, and what it left open is aborted.

        Raises BrokersUnavailable, KafkaRefused, ClientFailed.
        """

    def begin(self) -> None:
        """Begin a transaction; all that is produced until its end belongs to it. Raises ClientFailed."""

    def produce(self, record: OutgoingRecord, on_failure: OnFailure, *, within_s: float) -> None:
        """Enqueue the record, waiting for room at most so long; ``on_failure`` is called if it cannot be written.

        Raises QueueFull, RecordTooLarge, TransactionFailed, ClientFailed.
        """

    def commit(self, offsets: Mapping[TopicPartition, int], member: object) -> None:
        """Write everything, commit the member's next offsets with it, and return when that is certain.

        Raises TransactionFailed: abort it then. Raises Fenced if it has no effect, OutcomeUnknown, ClientFailed.
        """

    def abort(self) -> None:
        """Undo the transaction. Raises Fenced, ClientFailed, BrokersUnavailable: it is undone by the brokers in time."""

    def missing_topics(self, topics: Collection[str], timeout_s: float) -> Collection[str]:
        """Those that do not exist and that the brokers do not create on their own."""


class TransactionConsumer(Protocol):
    """A member of a consumer group that leaves its offsets to a producer's transactions. One thread owns it."""

    def subscribe(self, topics: Sequence[str], listener: RebalanceListener) -> None:
        """Join the group for these topics."""

    def consume(self, max_records: int, timeout_s: float) -> Sequence[Message]:
        """Up to so many records, waiting for them at most so long; also serves rebalances. Raises AccordError."""

    def membership(self) -> object | None:
        """Who this member is now, for a transaction that carries offsets; None while it is no member."""

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch no more from these."""

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch from these again."""

    def close(self) -> None:
        """Leave the group."""


class KafkaTransactions:
    """The transactions of ``transactional_id``.

    ``timeout_s`` bounds how long the brokers let a transaction be open before they abort it themselves, and how long each
    call here waits for them. Raises ConfigurationError on settings that the client does not know.
    """

    def __init__(self, settings: KafkaSettings, *, transactional_id: str, timeout_s: float) -> None:
        self._settings = settings
        self._id = transactional_id
        self._timeout_s = timeout_s
        self._fatal: KafkaError | None = None
        self._broken = False
        self._last_trouble = ""
        fixed = {
            **FIXED,
            "transactional.id": transactional_id,
            "transaction.timeout.ms": int(timeout_s * 1000),
        }
        config = settings.client_config(own=settings.producer, fixed=fixed)
        try:
            self._client = Producer({**config, "error_cb": self._on_trouble})
        except KafkaException as error:
            raise self._translated(kafka_error(error), "making a producer") from error

    def start(self) -> None:
        """Take over the transactional id."""
        self._until_done(self._client.init_transactions, f"taking over the transactional id '{self._id}'")

    def begin(self) -> None:
        """Begin a transaction."""
        self._broken = False
        try:
            self._client.begin_transaction()
        except KafkaException as error:
            raise self._classified(kafka_error(error), "beginning a transaction") from error

    def produce(self, record: OutgoingRecord, on_failure: OnFailure, *, within_s: float) -> None:
        """Enqueue the record."""
        deadline = time.monotonic() + within_s
        while not self._has_room_for(record, on_failure):
            if time.monotonic() >= deadline:
                raise QueueFull(
                    "the producer's queue is full",
                    hint="the brokers are slower than the program; make smaller batches, or raise "
                    "queue.buffering.max.messages",
                )
            self._client.poll(ROOM_EVERY_S)

    def commit(self, offsets: Mapping[TopicPartition, int], member: object) -> None:
        """Write everything, and commit the offsets with it."""
        next_offsets = [
            ClientPartition(place.topic, place.partition, offset) for place, offset in offsets.items()
        ]
        try:
            self._send_offsets(next_offsets, member)
        except KafkaException as error:
            inner = kafka_error(error)
            failed = self._classified(inner, "adding offsets to the transaction")
            # Nothing is committed before its offsets are there: what nobody takes in time can be undone.
            if isinstance(failed, BrokersUnavailable) or (inner.retriable() and self._fatal is None):
                failed = TransactionFailed(failed.message, hint=failed.hint)
            raise failed from error
        try:
            self._until_done(self._client.commit_transaction, "committing the transaction")
        except BrokersUnavailable as error:
            raise OutcomeUnknown(
                f"whether the transaction of '{self._id}' is committed is not known: {error.message}",
                hint=START_AGAIN,
            ) from error

    def abort(self) -> None:
        """Undo the transaction."""
        if self._fatal is not None:
            raise self._classified(self._fatal, "aborting the transaction")
        self._let_arrive()
        self._until_done(self._client.abort_transaction, "aborting the transaction")

    def missing_topics(self, topics: Collection[str], timeout_s: float) -> Collection[str]:
        """Those that do not exist and that the brokers do not create on their own."""
        return missing_topics(self._client, topics, timeout_s, self._settings.bootstrap_servers)

    def _send_offsets(self, next_offsets: list[ClientPartition], member: object) -> None:
        """Add the offsets to the transaction. Raises KafkaException, or ClientFailed if the client never comes back.

        The client asks the group's coordinator where it knew it last. If that broker has left, it waits, whatever its
        timeout says, for some broker's connection to change (https://github.com/confluentinc/librdkafka/issues/5456 and
        5511). So the call has a thread of its own, and while it takes long the brokers are asked for: to hear of them
        anew changes connections.
        """
        ended = threading.Event()
        failures: list[KafkaException] = []

        def send() -> None:
            try:
                # In one go: cut short, it would have to be aborted.
                self._client.send_offsets_to_transaction(next_offsets, member, self._timeout_s)
            except KafkaException as error:
                failures.append(error)
            finally:
                ended.set()

        # Nobody waits for it when the program ends.
        threading.Thread(target=send, name=f"offsets of {self._id}", daemon=True).start()
        deadline = time.monotonic() + self._timeout_s + SLICE_S
        while not ended.wait(ASK_EVERY_S):
            if time.monotonic() >= deadline:
                raise ClientFailed(
                    f"adding offsets to the transaction of '{self._id}' has not come back for "
                    f"{self._timeout_s + SLICE_S:g} s: nothing of it is committed",
                    hint=START_AGAIN,
                )
            with suppress(KafkaException):
                self._client.list_topics(timeout=ASK_EVERY_S)
        if failures:
            raise failures[0]

    def _let_arrive(self) -> None:
        """Wait until what was written is at the brokers, as long as there is hope.

        Right after a commit they may refuse to take partitions into the next transaction yet. One that is aborted at that
        moment is aborted before it has begun, for which the client fails for good: measured, 261 of 300 times where the
        abort came within 10 ms of the first record, and not once of 300 where that record had arrived.
        """
        deadline = time.monotonic() + ARRIVED_WITHIN_S
        try:
            while not self._broken and self._client.flush(AGAIN_AFTER_S) and time.monotonic() < deadline:
                pass
        except KafkaException as error:
            raise self._classified(kafka_error(error), "aborting the transaction") from error

    def _has_room_for(self, record: OutgoingRecord, on_failure: OnFailure) -> bool:
        def report(error: KafkaError | None, _: ClientMessage) -> None:
            # What an abort gives up has not failed.
            if error is not None and error.code() not in GIVEN_UP:
                self._broken = True
                on_failure(delivery_failure(error, topic=record.topic, last_trouble=self._last_trouble))

        try:
            self._client.produce(
                record.topic,
                value=record.value,
                key=record.key,
                headers=list(record.headers) or None,
                on_delivery=report,
                timestamp=record.timestamp_ms or 0,
            )
        except BufferError:
            return False
        except KafkaException as error:
            inner = kafka_error(error)
            if inner.code() in TOO_LARGE:
                raise delivery_failure(inner, topic=record.topic) from error
            raise self._classified(inner, f"writing to '{record.topic}'") from error
        return True

    def _until_done(self, call: Callable[[float], Any], doing: str) -> None:
        """Call again for as long as the client says that this may help and there is time."""
        deadline = time.monotonic() + self._timeout_s
        while True:
            left_s = deadline - time.monotonic()
            try:
                call(max(AGAIN_AFTER_S, min(left_s, SLICE_S)))
            except KafkaException as error:
                inner = kafka_error(error)
                if inner.txn_requires_abort() or is_fatal(inner) or not inner.retriable():
                    raise self._classified(inner, doing) from error
                if left_s <= 0:
                    raise BrokersUnavailable(
                        f"{doing} took longer than {self._timeout_s:g} s: {inner.str()}",
                        hint="check that the brokers run, and that enough of them are in sync",
                    ) from error
                time.sleep(AGAIN_AFTER_S)
            else:
                return

    def _classified(self, error: KafkaError, doing: str) -> AccordError:
        if is_fatal(error) and self._fatal is None:
            self._fatal = self._cause(error)
        fatal = self._fatal
        if fatal is not None and (fatal.code() in FENCED or error.code() in FENCED):
            return Fenced(
                f"{doing} failed: the transactional id '{self._id}' is another client's now, or the transaction was open "
                f"for longer than {self._timeout_s:g} s ({fatal.str()})",
                hint="give every process a transactional id of its own; if this one just took long, make smaller batches",
            )
        if fatal is not None and fatal.code() not in REFUSALS:
            return ClientFailed(f"{doing} failed: {fatal.str()} ({fatal.name()})", hint=START_AGAIN)
        text = f"{doing} failed: {error.str()} ({error.name()})"
        # A client that needs the abort refuses everything else as being in the wrong state.
        if error.txn_requires_abort() or error.code() == KafkaError._STATE:  # noqa: SLF001
            self._broken = True
            if error.code() in REFUSALS:
                return TransactionRefused(text, hint=PERMISSIONS)
            return TransactionFailed(text)
        if error.code() in REFUSALS:
            return KafkaRefused(text, code=error.name(), hint=PERMISSIONS)
        return self._translated(error, doing)

    def _cause(self, error: KafkaError) -> KafkaError:
        """Some calls say no more than that it is over; why it is comes with the next poll."""
        if error.code() == KafkaError._FATAL:  # noqa: SLF001
            try:
                self._client.poll(0)
            except KafkaException as told:
                return kafka_error(told)
        return error

    def _on_trouble(self, error: KafkaError) -> None:
        if is_fatal(error):
            self._fatal = self._fatal or error
        self._last_trouble = error.str()

    def _translated(self, error: KafkaError, doing: str) -> AccordError:
        return translated(error, doing=doing, bootstrap_servers=self._settings.bootstrap_servers)
