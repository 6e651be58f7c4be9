"""What happens to one record: it is read, handed out, and what follows from how it was left.

There is no thread and no loop in it. Whoever has taken a run goes through ``records``; a loop of any kind, a worker of an
application or a test does.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from accord.errors import AccordError
from accord.kafka import Message, OutgoingRecord, RecordTooLarge, record_of
from accord.schemas import SchemaId
from accord.streams.breaker import BadRecords, Breaker
from accord.streams.burial import Burial, SendsLetters
from accord.streams.contract import Contract
from accord.streams.dead_letters import Author, History, dead_letters
from accord.streams.errors import DeadLetterFailed, RecordNotSettled, TooManyDeadLetters
from accord.streams.faults import (
    BadRecord,
    Fault,
    FaultCode,
    PutAside,
    Stage,
    Stop,
    TryAgain,
    Verdict,
    handler_verdict,
    text_of,
)
from accord.streams.flow import Flow
from accord.streams.lanes import Run
from accord.streams.reading import Reader, SkippedRecord
from accord.streams.record import OnLeave, Outgoing, Record
from accord.streams.retry import Retry
from accord.streams.retry_topics import Past, RetryTopics, retry_records
from accord.streams.schedule import NotDue, Schedule
from accord.streams.writers import RegistryWait

logger = logging.getLogger(__name__)

FIRST: Final = 1

MakeRecord = Callable[[Message, Run | None, int, OnLeave, int], Record[Any]]
"""Reads a message and makes the record to hand out. Raises BadRecord, RegistryWait, SkippedRecord, NotDue."""


@dataclass(slots=True)
class Settling:
    """Deals with the records of ``flow``; ``contracts`` by topic, the one whose dead-letter topic counts.

    ``later`` has, by each of their topics, the ways of records through retry topics. ``now`` gives seconds since 1970.
    """

    flow: Flow
    reader: Reader
    contracts: Mapping[str, Contract]
    retry: Retry
    letters: SendsLetters
    author: Author
    breaker: Breaker | None = field(default_factory=Breaker)
    later: Mapping[str, RetryTopics] = field(default_factory=dict)
    dice: Callable[[], float] = random.random
    now: Callable[[], float] = time.time
    _bad: dict[str, BadRecords] = field(default_factory=dict)
    _counting: threading.Lock = field(default_factory=threading.Lock)
    _schedule: Schedule = field(default_factory=Schedule)

    def records(self, run: Run) -> Iterator[Record[Any]]:
        """Hand out a run's records one after the other; the run goes back when this ends, however it ends.

        Raises RecordNotSettled if the next one is asked for before the last was dealt with.
        """
        flow, leave, turn = self.flow, self.leave, run.turn
        make = self.maker(run)
        messages, finished = run.messages, run.finished
        attempt, failed_before = run.attempts + FIRST, run.attempts + run.waits > 0
        record = None
        try:
            for index in run.indexes:
                # In this order: who closes the lane halts the run first, and then looks whether there is one in hand.
                run.hand = index
                if run.halted or flow.stopping:
                    return
                try:
                    record = make(messages[index], run, index, leave, attempt)
                except (BadRecord, RegistryWait, SkippedRecord, NotDue) as fault:
                    if not self.refuse(run, index, fault):
                        return
                    continue
                yield record
                if run.turn != turn or not finished[index]:
                    if not _goes_on(record, run, turn):
                        return
                    failed_before = True
                if failed_before:
                    run.clear_failures()
                    attempt, failed_before = FIRST, False
        finally:
            self._let_go(record, run, turn)

    def _let_go(self, record: Record[Any] | None, run: Run, turn: int) -> None:
        if record is not None:
            record.let_go()
        if run.turn == turn and run.out:
            self.flow.give_back(run)

    def refuse(
        self, run: Run, index: int, fault: "BadRecord | RegistryWait | SkippedRecord | NotDue"
    ) -> bool:
        """The record in hand cannot be handed out; whether the run goes on."""
        match fault:
            case NotDue(after_s=after_s):
                self.flow.hold(run, for_s=after_s)
                return False
            case RegistryWait(after_s=after_s):
                self.flow.again(run, after_s=after_s, for_registry=True)
                return False
            case SkippedRecord():
                self.flow.skip(run, index)
                return True
            case _:
                return self.put_aside(run, index, fault.fault)

    def leave(self, record: Record[Any], run: Run, index: int, error: BaseException | None) -> bool:
        """What follows from how the record's block was left; whether the exception goes no further."""
        if error is None:
            self.wait_for(run, index, record.outgoing)
            return False
        if not isinstance(error, Exception):
            self.flow.give_back(run)
            return False
        verdict = self.verdict(error, attempts=run.attempts + 1, waits=run.waits, schema_id=record.schema_id)
        run.failed(now=self.now(), counts=not (isinstance(verdict, TryAgain) and verdict.unlimited))
        match verdict:
            case TryAgain(after_s=after_s):
                extra = {**_place(run, index), "attempt": run.attempts, "again_in_s": round(after_s, 2)}
                logger.warning("the handler failed and will be tried again", exc_info=error, extra=extra)
                self.flow.again(run, after_s=after_s)
            case PutAside(fault=fault):
                self.move_on(run, index, fault)
            case Stop():
                self.flow.give_back(run)
                return False
        return True

    def verdict(
        self, error: Exception, *, attempts: int, waits: int, schema_id: SchemaId | None = None
    ) -> Verdict:
        """What follows from a handler's failure: its ``attempts``-th, after ``waits`` that do not count."""
        return handler_verdict(
            error, attempts=attempts, waits=waits, retry=self.retry, dice=self.dice, schema_id=schema_id
        )

    def move_on(self, run: Run, index: int, fault: Fault) -> None:
        """The handler is done with the record in hand, in vain: to its next retry topic, or to the dead letters."""
        if not self._move(run, index, fault):
            self.put_aside(run, index, fault)

    def maker(self, run: Run) -> "MakeRecord":
        """What makes the run's records: the reader itself, or for a retry topic what waits until they are due."""
        topic = run.partition.topic
        way = self._way_of_retried(run)
        if way is None:
            return self.reader.of(topic).record
        read = self._schedule.when_due(self.reader.of(way.topic).read, way, self.now)

        def make(message: Message, run: Run | None, index: int, leave: OnLeave, attempt: int) -> Record[Any]:
            key, value, schema_id = read(message)
            tries = attempt + way.past(record_of(message)).attempts
            return Record(message, run, index, leave, key, value, schema_id, tries)

        return make

    def put_aside(self, run: Run, index: int, fault: Fault) -> bool:
        """Write the record in hand to the dead letters; whether the run goes on."""
        if self._is_too_much(run, index, fault):
            return False
        extra = {**_place(run, index), "code": str(fault.code), "stage": fault.stage.value}
        if not self.flow.pend(run, index):
            return False
        logger.warning("record put aside: %s", text_of(fault.error), extra=extra)
        self._burial(run, index, fault, attempts=run.attempts).begin()
        return True

    def _burial(self, run: Run, index: int, fault: Fault, *, attempts: int) -> Burial:
        return Burial(
            self.letters,
            self._letters(run, index, fault, attempts=attempts),
            on_buried=partial(self.flow.safe, run.chunk, index, code=str(fault.code)),
            on_failure=partial(self._give_up, run, index),
        )

    def _move(self, run: Run, index: int, fault: Fault) -> bool:
        """Write the record in hand to the next retry topic, if trying again may help; False if there is none."""
        topic = run.partition.topic
        way = self.later.get(topic)
        if way is None or fault.code != FaultCode.HANDLER_FAILED:
            return False
        hop = way.after(way.hop_of(topic))
        if hop is None:
            return False
        if self._is_too_much(run, index, fault):
            return True
        past, now = way.past(record_of(run.messages[index])), self.now()
        logger.warning(
            "the handler failed and will be tried again from '%s'",
            hop.topic,
            exc_info=fault.error,
            extra=_place(run, index),
        )
        records = retry_records(
            past,
            fault.error,
            hop=hop,
            attempts=past.attempts + run.attempts,
            first_failed_at=past.first_failed_at or run.first_failed_at or now,
            now=now,
        )
        self.flow.pend(run, index)
        self._moving(run, index, fault, records).begin()
        return True

    def _moving(self, run: Run, index: int, fault: Fault, records: Iterable[OutgoingRecord]) -> Burial:
        """A record's way to a retry topic, or to the dead letters if it is too large for that one."""
        code = ""

        def forms() -> Iterator[OutgoingRecord]:
            nonlocal code
            yield from records
            code = str(fault.code)
            yield from letters

        letters = self._letters(run, index, fault, attempts=run.attempts)
        return Burial(
            self.letters,
            forms(),
            on_buried=lambda: self.flow.safe(run.chunk, index, code=code, moved=not code),
            on_failure=partial(self._give_up, run, index),
            what="a record for a retry topic",
        )

    def _letters(self, run: Run, index: int, fault: Fault, *, attempts: int) -> Iterator[OutgoingRecord]:
        raw, topic, now = record_of(run.messages[index]), run.partition.topic, self.now()
        way = self.later.get(topic)
        past = Past(raw) if way is None else way.past(raw)
        contract = self.contracts[topic if way is None else way.topic]
        subject = self.reader.of(contract.topic).subject_of(fault)
        history = History(
            past.attempts + attempts,
            past.first_failed_at or run.first_failed_at or now,
            now,
            subject,
        )
        return dead_letters(past.record, fault, history, topic=contract.dead_letter_topic, author=self.author)

    def _way_of_retried(self, run: Run) -> RetryTopics | None:
        """The way that the run's records have come, if they are from a retry topic."""
        way = self.later.get(run.partition.topic)
        return way if way is not None and way.topic != run.partition.topic else None

    def _is_too_much(self, run: Run, index: int, fault: Fault) -> bool:
        """Whether this was one bad record too many; then nothing goes on."""
        if self.breaker is None or self._way_of_retried(run) is not None:
            # What is in a retry topic was counted when it came there.
            return False
        topic = run.partition.topic
        done = self.flow.done_of(topic)
        with self._counting:
            bad = self._bad.get(topic)
            if bad is None:
                bad = self._bad[topic] = BadRecords(self.breaker)
            too_many = bad.add(done=done)
        if too_many is None:
            return False
        logger.error("the consumer stops: %s", too_many, extra=_place(run, index))
        self.flow.fail(_too_many(too_many, fault))
        return True

    def wait_for(self, run: Run, index: int, outgoing: tuple[Outgoing, ...]) -> None:
        """The record is done when all of them have arrived."""
        if not self.flow.pend(run, index):
            return
        left = len(outgoing)
        counting = threading.Lock()
        failures: list[BaseException] = []

        def ended(one: Outgoing) -> None:
            nonlocal left
            try:
                one.result()
            except BaseException as error:  # noqa: BLE001 -- whatever it is, the record must not count as done
                failures.append(error)
            with counting:
                left -= 1
                is_last = left == 0
            if not is_last:
                return
            fatal = next((error for error in failures if not isinstance(error, RecordTooLarge)), None)
            if fatal is not None:
                self._not_arrived(run, index, fatal)
            elif failures:
                # Handling the record again makes it no smaller: a consumer that stopped would come back to it for ever.
                self._bury_cause(run, index, failures[0])
            else:
                self.flow.safe(run.chunk, index)

        for one in outgoing:
            one.add_done_callback(ended)

    def _not_arrived(self, run: Run, index: int, error: BaseException) -> None:
        logger.error(
            "the consumer stops: what a record waits for did not arrive: %s",
            error,
            extra=_place(run, index),
        )
        if not isinstance(error, Exception):
            # In the loop, a task's end would be taken for the end of whoever runs it.
            reason = f"what a record waits for has ended with {type(error).__name__}"
            error = RecordNotSettled(reason, hint="do not cancel what `record.after` was given")
        self.flow.abandon(run.chunk, error)

    def _bury_cause(self, run: Run, index: int, error: BaseException) -> None:
        """Put the record aside whose handling gave what no topic takes; on a thread that must not wait."""
        fault = Fault(Stage.HANDLER, FaultCode.HANDLER_FAILED, error)
        if self._is_too_much(run, index, fault):
            self.flow.abandon(run.chunk, error)
            return
        logger.warning("record put aside: %s", error, extra=_place(run, index))
        self._burial(run, index, fault, attempts=1).begin(within_s=0)

    def _give_up(self, run: Run, index: int, error: DeadLetterFailed) -> None:
        logger.error("the consumer stops: %s", error.message, extra=_place(run, index))
        self.flow.abandon(run.chunk, error)


def _goes_on(record: Record[Any], run: Run, turn: int) -> bool:
    """Whether the run is still with whoever had this record of it, which is not finished or was taken by others since."""
    if run.turn == turn and not record.settled:
        raise _not_settled(record)
    return run.turn == turn and run.out


def _not_settled(record: Record[Any]) -> AccordError:
    return RecordNotSettled(
        f"nobody said what became of {record!r}", hint="handle each record inside `with record:`"
    )


def _too_many(what: str, fault: Fault) -> TooManyDeadLetters:
    return TooManyDeadLetters(
        f"{what}, the last with {fault.code}: {text_of(fault.error)}",
        hint="look for what they have in common (a deployment, a schema); breaker=None turns this guard off",
    )


def _place(run: Run, index: int) -> dict[str, str | int]:
    partition = run.partition
    return {
        "topic": partition.topic,
        "partition": partition.partition,
        "offset": run.messages[index].offset(),
    }
