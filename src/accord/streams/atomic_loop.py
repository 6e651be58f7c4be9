"""One transaction after the other: fetch, hand out, commit; after a failure abort, wait, and hand out again.

Everything happens in the one thread that runs the loop. Partitions come and go only while it fetches, which is when no
transaction is open: nobody else can have a partition whose records are in an open one, and offsets are only taken from
the member that fetched them.
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, Final

from accord.errors import AccordError
from accord.kafka import (
    DeliveryFailed,
    KafkaRefused,
    OutcomeUnknown,
    OutgoingRecord,
    QueueFull,
    RecordTooLarge,
    RecordTransactions,
    TopicPartition,
    TransactionConsumer,
    TransactionFailed,
    TransactionRefused,
    record_of,
)
from accord.streams.atomic_batch import AtomicBatch
from accord.streams.backlog import Backlog, Held
from accord.streams.breaker import BadRecords, Breaker
from accord.streams.dead_letters import Author, History, dead_letters
from accord.streams.errors import BatchTookTooLong, DeadLetterFailed, TooManyDeadLetters
from accord.streams.faults import BadRecord, Fault, PutAside, Stop, TryAgain, Verdict, handler_verdict
from accord.streams.publishing import Publishing
from accord.streams.reading import Reader, SkippedRecord
from accord.streams.record import Record, batched
from accord.streams.retry import Retry
from accord.streams.writers import RegistryWait

logger = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 0.2
ROOM_WITHIN_S: Final = 10.0
AT_ONCE: Final = TryAgain(0.0, unlimited=True)


@dataclass(frozen=True, slots=True)
class Rules:
    """How batches are handled: what is tried how often, and how long a block may take.

    ``subjects`` by topic are told in dead letters; ``letter_topics`` by topic say where those go.
    """

    retry: Retry
    block_s: float
    breaker: Breaker | None
    letter_topics: Mapping[str, str]
    subjects: Mapping[str, str]


@dataclass(slots=True)
class Counts:
    """What happened so far."""

    committed: int = 0
    aborted: int = 0
    records: int = 0
    published: int = 0
    skipped: int = 0
    dead_lettered: Counter[str] = field(default_factory=Counter)


class AtomicLoop:
    """Hands out batches, and settles them. It listens to rebalances itself."""

    def __init__(
        self,
        client: TransactionConsumer,
        transactions: RecordTransactions,
        *,
        reader: Reader,
        publishing: Publishing,
        author: Author,
        rules: Rules,
        clock: Callable[[], float] = time.monotonic,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self._client = client
        self._transactions = transactions
        self._reader = reader
        self._publishing = publishing
        self._author = author
        self._rules = rules
        self._clock = clock
        self._dice = dice
        self._backlog = Backlog()
        self._assigned: set[TopicPartition] = set()
        self._paused: set[TopicPartition] = set()
        self._fresh: set[TopicPartition] = set()
        """Assigned since anything was resumed: a pause may outlive the assignment that it was meant for."""
        self._not_before = 0.0
        self._failures = 0
        self._waits = 0
        self._done: Counter[str] = Counter()
        self._bad: dict[str, BadRecords] = {}
        self._failure: AccordError | None = None
        self.counts = Counts()

    # Rebalances, within the client's `consume` and `close`.

    def on_assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Partitions come."""
        logger.info("partitions assigned", extra={"partitions": [str(place) for place in partitions]})
        self._assigned.update(partitions)
        self._fresh.update(partitions)

    def on_revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Partitions go; what is committed is all that was done."""
        logger.info("partitions revoked", extra={"partitions": [str(place) for place in partitions]})
        self._forget(partitions)

    def on_lost(self, partitions: Collection[TopicPartition]) -> None:
        """Partitions are somebody else's already."""
        logger.warning("partitions lost", extra={"partitions": [str(place) for place in partitions]})
        self._forget(partitions)

    # The loop.

    def next(self, *, max_records: int, wait_s: float) -> AtomicBatch[Any] | None:
        """The next batch, or None if there is none within ``wait_s``. Raises what made the loop fail."""
        if self._failure is not None:
            raise self._failure
        try:
            return self._next(max_records, wait_s)
        except BaseException as failure:
            # What was fetched may be in nobody's hands, and to go on would pass it over.
            if self._failure is None:
                self._failure = failure if isinstance(failure, AccordError) else _interrupted()
            raise

    def _next(self, max_records: int, wait_s: float) -> AtomicBatch[Any] | None:
        if not self._fetch(max_records, wait_s):
            return None
        member = self._client.membership()
        if member is None:
            self._wait(LOOK_EVERY_S)
            return None
        batch = self._batch(max_records, member)
        if batch is None or batch.records:
            return batch
        with batch:
            # Nothing in it that anybody could handle: dead letters and offsets, in a transaction as well.
            pass
        return None

    def begin(self, batch: AtomicBatch[Any]) -> None:
        """The batch's block begins, and its transaction."""
        try:
            self._transactions.begin()
        except AccordError as error:
            self._failure = error
            raise
        batch.deadline = self._clock() + self._rules.block_s

    def send(self, batch: AtomicBatch[Any], record: OutgoingRecord) -> None:
        """Write a record in the batch's transaction."""
        self._require_time(batch)
        self._transactions.produce(record, batch.failures.append, within_s=ROOM_WITHIN_S)

    def leave(self, batch: AtomicBatch[Any], error: BaseException | None) -> bool:
        """The batch's block was left: commit it, or abort it and see what follows."""
        reason = error
        try:
            if error is None:
                reason = self._commit(batch)
            if reason is None:
                return False
            self._transactions.abort()
        except BaseException as failure:
            # Nothing is known to be done any more; the next client with this id goes on where the offsets say.
            self._failure = failure if isinstance(failure, AccordError) else _interrupted()
            raise
        self.counts.aborted += 1
        if not isinstance(reason, Exception):
            self._backlog.put_back(batch.held)
            return False
        verdict = self._verdict(batch, reason)
        if isinstance(verdict, Stop):
            self._backlog.put_back(batch.held)
            self._failure = reason if isinstance(reason, AccordError) else None
            if error is None:
                raise reason
            return False
        self._follow(batch, verdict, reason)
        return True

    def give_back(self, batch: AtomicBatch[Any]) -> None:
        """Nobody entered the batch."""
        self._backlog.put_back(batch.held)

    # Fetching.

    def _fetch(self, max_records: int, wait_s: float) -> bool:
        """Whether there are records to handle now; what is held comes before anything new."""
        if self._backlog:
            self._hold()
            wait_s = min(LOOK_EVERY_S, max(0.0, self._not_before - self._clock()))
            # Paused or not: a record may have been on its way.
            self._consume(1, wait_s)
            self._hold()
        else:
            if held_up := self._paused | self._fresh:
                self._client.resume(held_up)
                self._paused.clear()
                self._fresh.clear()
            self._failures = self._waits = 0
            self._consume(max_records, wait_s)
        return bool(self._backlog) and self._clock() >= self._not_before

    def _consume(self, max_records: int, wait_s: float) -> None:
        messages = self._client.consume(max_records, wait_s)
        # A partition may go in the same call, after the client took records of it in hand: they are somebody else's.
        self._backlog.add(messages, of=self._assigned)

    def _hold(self) -> None:
        """Fetch nothing of what is ours now."""
        if fresh := self._assigned - self._paused:
            self._client.pause(fresh)
            self._paused |= fresh

    def _wait(self, after_s: float) -> None:
        self._not_before = self._clock() + after_s

    def _forget(self, partitions: Collection[TopicPartition]) -> None:
        self._assigned.difference_update(partitions)
        self._paused.difference_update(partitions)
        self._fresh.difference_update(partitions)
        self._backlog.drop(partitions)

    def _batch(self, max_records: int, member: object) -> AtomicBatch[Any] | None:
        held = self._backlog.take(max_records)
        batch: AtomicBatch[Any] = AtomicBatch([], self._publishing, self, member, held)
        for index, item in enumerate(held):
            try:
                record = self._record(item)
            except BadRecord as bad:
                batch.bad[index] = item, bad.fault
            except SkippedRecord:
                batch.skipped += 1
            except RegistryWait as wait:
                self._wait(wait.after_s)
                self._backlog.put_back(held[index:])
                del held[index:]
                break
            else:
                batch.records.append(record)
        return batch if held else None

    def _record(self, item: Held) -> Record[Any]:
        if item.fault is not None:
            raise BadRecord(item.fault)
        reading = self._reader.read(item.message)
        return batched(item.message, reading, attempt=item.attempts + 1)

    # Settling.

    def _commit(self, batch: AtomicBatch[Any]) -> Exception | None:
        """Commit; answers why that cannot be. Raises what leaves no way on."""
        try:
            self._require_time(batch)
            bad = self._weighed(batch)
            for item, fault in batch.bad.values():
                self._write_letter(batch, item, fault)
            self._transactions.commit(batch.offsets, batch.member)
        except TransactionFailed as failed:
            return batch.failures[0] if batch.failures else failed
        except (BatchTookTooLong, TooManyDeadLetters, DeadLetterFailed, KafkaRefused, QueueFull) as error:
            return error
        self._bad |= bad
        self._done.update(batch.good)
        self._failures = self._waits = 0
        self._backlog.settle()
        self._count(batch)
        return None

    def _count(self, batch: AtomicBatch[Any]) -> None:
        counts = self.counts
        counts.committed += 1
        counts.records += len(batch.held) - len(batch.bad) - batch.skipped
        counts.published += batch.sent
        counts.skipped += batch.skipped
        for _, fault in batch.bad.values():
            counts.dead_lettered[str(fault.code)] += 1

    def _require_time(self, batch: AtomicBatch[Any]) -> None:
        if self._clock() > batch.deadline:
            raise BatchTookTooLong(
                f"a batch of {len(batch.held)} records took longer than {self._rules.block_s:g} s",
                hint="make batches smaller (max_records), or let transactions be open for longer "
                "(transaction_timeout_s)",
            )

    def _weighed(self, batch: AtomicBatch[Any]) -> dict[str, BadRecords]:
        """What the breaker will know after this batch, by topic. Raises TooManyDeadLetters."""
        breaker, after, done = self._rules.breaker, dict[str, BadRecords](), Counter(self._done)
        if breaker is None or not batch.bad:
            return after
        for index, item in enumerate(batch.held):
            topic = item.partition.topic
            if index not in batch.bad:
                done[topic] += 1
                continue
            if topic not in after:
                # A copy: the transaction may be aborted yet.
                after[topic] = deepcopy(self._bad.get(topic) or BadRecords(breaker))
            too_many = after[topic].add(done=done[topic])
            if too_many is not None:
                fault = batch.bad[index][1]
                raise TooManyDeadLetters(
                    f"{too_many} of '{topic}', the last with {fault.code}: {fault.error}",
                    hint="look for what they have in common (a deployment, a schema); breaker=None turns this guard off",
                )
        return after

    def _write_letter(self, batch: AtomicBatch[Any], item: Held, fault: Fault) -> None:
        topic = item.partition.topic
        now = time.time()
        history = History(item.attempts, item.first_failed_at or now, now, self._rules.subjects[topic])
        forms = dead_letters(
            record_of(item.message),
            fault,
            history,
            topic=self._rules.letter_topics[topic],
            author=self._author,
        )

        def report(failure: DeliveryFailed) -> None:
            if isinstance(failure, RecordTooLarge):
                item.form += 1
                batch.shortened = True
            else:
                batch.failures.append(failure)

        for form in list(forms)[item.form :]:
            try:
                self._transactions.produce(form, report, within_s=ROOM_WITHIN_S)
            except RecordTooLarge:
                item.form += 1
            else:
                return
        raise DeadLetterFailed(
            "a dead letter could not be written: no form of it is small enough for the topic",
            hint="raise max.message.bytes of the dead-letter topic, and start again",
        )

    # What follows from a failure.

    def _verdict(self, batch: AtomicBatch[Any], reason: Exception) -> Verdict:
        if batch.shortened:
            return AT_ONCE
        if isinstance(reason, TransactionRefused):
            return Stop(reason)
        if isinstance(reason, TransactionFailed | QueueFull) or _may_pass(reason):
            return TryAgain(self._rules.retry.backoff.wait_s(self._waits + 1, self._dice), unlimited=True)
        if isinstance(reason, _STOPPING) or (
            isinstance(reason, DeliveryFailed) and not isinstance(reason, RecordTooLarge)
        ):
            return Stop(reason)
        # One try for each part of a batch that was tried as a whole already.
        alone = len(batch.held) == 1
        retry = self._rules.retry
        if self._backlog.divided and not alone:
            retry = replace(retry, tries=1)
        return handler_verdict(
            reason,
            attempts=self._failures + 1,
            waits=self._waits,
            retry=retry,
            dice=self._dice,
            schema_id=batch.records[0].schema_id if alone and batch.records else None,
        )

    def _follow(self, batch: AtomicBatch[Any], verdict: Verdict, reason: Exception) -> None:
        extra = {"records": len(batch.held), "attempt": self._failures + 1}
        match verdict:
            case TryAgain(after_s=after_s, unlimited=unlimited):
                logger.warning("the batch failed and will be tried again", exc_info=reason, extra=extra)
                self._blame(batch, counts=not unlimited)
                self._backlog.again(batch.held)
                self._wait(after_s)
            case PutAside(fault=fault):
                self._blame(batch, counts=True)
                self._failures = 0
                if len(batch.held) > 1:
                    logger.warning("the batch failed and is taken apart", exc_info=reason, extra=extra)
                    self._backlog.divide(batch.held)
                else:
                    logger.warning("record put aside: %s", fault.error, extra=extra)
                    batch.held[0].fault = fault
                    self._backlog.again(batch.held)

    def _blame(self, batch: AtomicBatch[Any], *, counts: bool) -> None:
        if not counts:
            self._waits += 1
            return
        self._failures += 1
        for item in batch.held:
            item.failed(now=time.time())


_STOPPING: Final = (BatchTookTooLong, TooManyDeadLetters, DeadLetterFailed, KafkaRefused)


def _may_pass(reason: Exception) -> bool:
    return isinstance(reason, DeliveryFailed) and reason.retryable and not isinstance(reason, RecordTooLarge)


def _interrupted() -> OutcomeUnknown:
    return OutcomeUnknown(
        "the loop was interrupted, in the middle of a fetch or at the end of a transaction",
        hint="start again with the same transactional id: that settles it, and goes on where the offsets say",
    )


def _no_matter(_: BaseException | None) -> bool:
    """A record's own block decides nothing here: the batch's does."""
    return False
