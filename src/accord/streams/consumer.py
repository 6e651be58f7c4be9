"""Consuming events: each one handled to the end, tried again, or put aside with its bytes; none is lost.

A thread of its own fetches; decoding and handling happen in the thread that runs the loop.
"""

import logging
import random
import threading
import time
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Final, Generic, Self

from accord.client import Registry
from accord.errors import ConfigurationError
from accord.kafka import KafkaConsumer, KafkaProducer, KafkaSettings, Start, TopicNotFound, message_of
from accord.streams.burial import Burial
from accord.streams.contract import Contract
from accord.streams.dead_letters import Author, History, dead_letters
from accord.streams.errors import DeadLetterFailed, RecordNotSettled, TooManyDeadLetters
from accord.streams.faults import BadRecord, Fault, PutAside, Stop, TryAgain, Verdict, handler_verdict
from accord.streams.flow import Flow
from accord.streams.lanes import Work
from accord.streams.polling import Polling
from accord.streams.reading import Reader, Reading
from accord.streams.record import Record
from accord.streams.retry import Retry
from accord.streams.sender import Sender
from accord.streams.stats import ConsumerStats
from accord.streams.typevars import E
from accord.streams.writers import RegistryWait, WriterSchemas

logger = logging.getLogger(__name__)

CONNECT_S: Final = 10.0
LETTER_TIMEOUT_S: Final = 60.0


class Consumer(Generic[E]):
    """A member of ``group`` that reads the topics of ``contracts``.

        with Consumer(kafka, registry, group="billing", contracts=[ORDERS]) as consumer:
            for record in consumer:
                with record:
                    handle(record.value)

    The loop ends after ``stop()``. Offsets are committed only up to records that are done or safely put aside, so after
    a crash some records are handled again and none is missed. Several threads may run the loop at the same time: each
    partition's records are handled one after the other.

    ``retry`` says how often a failing handler is tried; ``start`` where a group begins that has no offsets; ``buffer`` how
    many fetched records may wait; ``max_bad_in_a_row`` after how many dead letters in a row the consumer stops (None:
    never); ``stacktraces`` whether dead letters carry one. ``budget_s`` bounds how long ``close``, or a partition that is
    taken away, waits for the record in hand.
    """

    def __init__(
        self,
        kafka: KafkaSettings | str,
        registry: Registry,
        *,
        group: str,
        contracts: Sequence[Contract[E]],
        retry: Retry = Retry(),  # noqa: B008 -- frozen
        start: Start = "earliest",
        buffer: int = 1000,
        max_bad_in_a_row: int | None = 100,
        stacktraces: bool = False,
        budget_s: float = 30.0,
    ) -> None:
        self._settings = KafkaSettings.of(kafka)
        self._contracts = _by_topic(contracts)
        self._group = group
        self._retry = retry
        self._start_at: Start = start
        self._max_bad_in_a_row = max_bad_in_a_row
        self._stacktraces = stacktraces
        self._budget_s = budget_s
        self._reader = Reader(self._contracts.values(), WriterSchemas(registry))
        self._flow = Flow(capacity=buffer)
        self._stopped = False
        self._starting = threading.Lock()
        self._running: _Running | None = None

    def start(self) -> None:
        """Connect and join the group; the loop does it by itself.

        Raises BrokersUnavailable, KafkaRefused, or TopicNotFound if a topic or its dead-letter topic is missing.
        """
        with self._starting:
            if self._running is None and not self._stopped:
                self._running = self._connect()

    def __iter__(self) -> Iterator[Record[E]]:
        """The records, until ``stop``. Raises what made the consumer fail, and RecordNotSettled."""
        self.start()
        while (work := self._flow.take(stopping=self._is_stopped)) is not None:
            try:
                record = self._record(work)
            except BaseException:
                # Ctrl-C while the registry is asked, for example: nothing was done about the record.
                self._flow.give_back(work)
                raise
            if record is None:
                continue
            try:
                yield record
            finally:
                if not record.settled:
                    self._flow.give_back(work)
            if not record.settled:
                raise RecordNotSettled(
                    f"nobody said what became of {record!r}", hint="handle each record inside `with record:`"
                )

    def stop(self) -> None:
        """Let the loop end after the record in hand. Any thread may call it, and a signal handler."""
        # Nothing but a flag: a signal handler may run while its own thread holds any lock. Who waits, looks often.
        self._stopped = True

    def close(self) -> None:
        """Stop; wait, within the budget, for the record in hand and for dead letters; commit; leave the group."""
        self.stop()
        if self._running is not None and not self._running.polling.join(3 * self._budget_s):
            logger.error("the consumer did not end in time", extra={"group": self._group})

    def stats(self) -> ConsumerStats:
        """What was counted so far."""
        return self._flow.stats()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _is_stopped(self) -> bool:
        return self._stopped

    def _connect(self) -> "_Running":
        client = KafkaConsumer(
            self._settings, group=self._group, start=self._start_at, connect_timeout_s=CONNECT_S
        )
        try:
            cluster_id = client.cluster_id(CONNECT_S)
            _require(client.missing_topics(self._contracts, CONNECT_S), "topic")
            producer = KafkaProducer(self._settings, delivery_timeout_s=LETTER_TIMEOUT_S)
            letters = [contract.dead_letter_topic for contract in self._contracts.values()]
            _require(producer.missing_topics(letters, CONNECT_S), "dead-letter topic")
        except BaseException:
            client.close()
            raise
        sender = Sender(producer, name="accord-dead-letters")
        polling = Polling(
            client,
            self._flow,
            topics=list(self._contracts),
            budget_s=self._budget_s,
            stopping=self._is_stopped,
            before_leaving=lambda: sender.close(self._budget_s),
        )
        polling.start()
        author = Author(cluster_id, self._group, self._settings.client_id, self._stacktraces)
        return _Running(polling, sender, author)

    def _record(self, work: Work) -> Record[E] | None:
        """The record to hand out, or None if it has been dealt with."""
        try:
            reading = self._reader.read(message_of(work.raw))
        except RegistryWait as wait:
            self._flow.again(work, after_s=wait.after_s, for_registry=True)
            return None
        except BadRecord as bad:
            self._put_aside(work, bad.fault)
            return None
        return Record(
            work.raw,
            key=reading.key,
            value=reading.value,
            schema_id=reading.schema_id,
            attempt=work.attempts + 1,
            leave=partial(self._leave, work, reading),
        )

    def _leave(self, work: Work, reading: Reading, error: BaseException | None) -> bool:
        """What follows from how the record's block was left; whether the exception goes no further."""
        if error is None:
            self._flow.done(work)
            return False
        if not isinstance(error, Exception):
            self._flow.give_back(work)
            return False
        verdict = handler_verdict(
            error,
            attempts=work.attempts + 1,
            waits=work.waits,
            retry=self._retry,
            dice=random.random,
            schema_id=reading.schema_id,
        )
        work.failed(now=time.time(), counts=not (isinstance(verdict, TryAgain) and verdict.unlimited))
        return self._follow(work, verdict, error)

    def _follow(self, work: Work, verdict: Verdict, error: Exception) -> bool:
        match verdict:
            case TryAgain(after_s=after_s):
                extra = {**_place(work), "attempt": work.attempts, "again_in_s": round(after_s, 2)}
                logger.warning("the handler failed and will be tried again", exc_info=error, extra=extra)
                self._flow.again(work, after_s=after_s)
            case PutAside(fault=fault):
                self._put_aside(work, fault)
            case Stop():
                self._flow.give_back(work)
                return False
        return True

    def _put_aside(self, work: Work, fault: Fault) -> None:
        running = self._running
        assert running is not None  # noqa: S101 -- there is no work before start
        in_a_row = self._flow.put_aside(work)
        if self._max_bad_in_a_row is not None and in_a_row > self._max_bad_in_a_row:
            return self._give_up(work, _too_many(in_a_row, fault))
        extra = {**_place(work), "code": str(fault.code), "stage": fault.stage.value}
        logger.warning("record put aside: %s", fault.error, extra=extra)
        contract, now = self._contracts[work.raw.topic], time.time()
        history = History(work.attempts, work.first_failed_at or now, now, contract.subject)
        letters = dead_letters(
            work.raw, fault, history, topic=contract.dead_letter_topic, author=running.author
        )
        Burial(
            running.sender,
            letters,
            on_buried=partial(self._flow.buried, work, str(fault.code)),
            on_failure=partial(self._give_up, work),
        ).begin()
        return None

    def _give_up(self, work: Work, error: DeadLetterFailed | TooManyDeadLetters) -> None:
        logger.error("the consumer stops: %s", error.message, extra=_place(work))
        self._flow.abandon(work)
        self._flow.fail(error)


@dataclass(frozen=True, slots=True)
class _Running:
    """What there is between start and close."""

    polling: Polling
    sender: Sender
    author: Author


def _by_topic(contracts: Sequence[Contract[E]]) -> dict[str, Contract[E]]:
    by_topic = {contract.topic: contract for contract in contracts}
    if not contracts or len(by_topic) < len(contracts):
        raise ConfigurationError(
            "a consumer needs contracts, one for each topic" if contracts else "a consumer needs a contract",
            hint="give each topic one contract; different events on one topic are a union in its schema",
        )
    return by_topic


def _require(missing: Collection[str], what: str) -> None:
    for topic in missing:
        raise TopicNotFound(
            f"there is no {what} '{topic}'",
            code="UNKNOWN_TOPIC_OR_PART",
            hint="create it before its consumers start: they must not find out with a record in hand",
        )


def _too_many(in_a_row: int, fault: Fault) -> TooManyDeadLetters:
    return TooManyDeadLetters(
        f"{in_a_row} records in a row are bad, the last with {fault.code}: {fault.error}",
        hint="look for what they have in common (a deployment, a schema); max_bad_in_a_row=None turns this guard off",
    )


def _place(work: Work) -> dict[str, str | int]:
    return {"topic": work.raw.topic, "partition": work.raw.partition, "offset": work.raw.offset}
