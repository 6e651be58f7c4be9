"""Many records at once: typed, in order, and left together.

    for batch in consumer.batches():
        with batch:
            store(batch.values)

A block that is left normally means that all of them are done. Left with an Exception, the batch is handled again, up to the
limit that holds for a record; after that its records are handed out one by one, so that the one that is to blame is put
aside alone. A bad record is put aside before there is a batch, and the batch does without it.
"""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Generic, NamedTuple, Self

from accord.errors import ConfigurationError
from accord.streams.errors import RecordNotSettled
from accord.streams.faults import BadRecord, PutAside, Stop, TryAgain
from accord.streams.flow import Flow
from accord.streams.lanes import NOTHING, Run
from accord.streams.reading import SkippedRecord
from accord.streams.record import Record, no_matter
from accord.streams.schedule import NotDue
from accord.streams.settling import Settling
from accord.streams.tracker import DONE
from accord.streams.typevars import E
from accord.streams.writers import RegistryWait


@dataclass(slots=True)
class Part:
    """What a batch has of one run: ``indexes`` of its records, and after them the ``rest`` of the run."""

    run: Run
    turn: int
    indexes: list[int] = field(default_factory=list)
    rest: Sequence[int] = ()
    wait: RegistryWait | NotDue | None = None
    """What the rest has to wait for."""

    @property
    def is_mine(self) -> bool:
        """Whether the run has not been given back."""
        return self.run.out and self.run.turn == self.turn


class Batch(Generic[E]):
    """Some records to be handled together. How ``with batch:`` is left says what became of all of them."""

    def __init__(self, settling: Settling, parts: Sequence[Part], records: list[Record[E]]) -> None:
        self._settling = settling
        self._parts = parts
        self._failures: dict[int, Exception] = {}
        self.records = records
        """The records, in order within each lane."""
        self.settled = False
        """Whether it has been decided what became of it."""

    @property
    def values(self) -> list[E | None]:
        """The events; None is a tombstone."""
        return [record.value for record in self.records]

    def fail(self, record: Record[E], error: Exception) -> None:
        """Say that one record failed: it alone is handled again or put aside, and the others are done."""
        for position, known in enumerate(self.records):
            if known is record:
                self._failures[position] = error
                return
        raise ConfigurationError(f"{record!r} is not in this batch", hint="fail records of batch.records")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self.settled or not all(part.is_mine for part in self._parts):
            # Whoever lets go of the loop before the batch gives it back.
            return False
        self.settled = True
        if error is None:
            self._end()
            return False
        if not isinstance(error, Exception):
            self.give_back()
            return False
        return self._failed(error)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return self.__exit__(kind, error, trace)

    def give_back(self) -> None:
        """Nothing was done about its records; they come next in their lanes."""
        # The last first: what has followed it in its lane has to do so again.
        for part in reversed(self._parts):
            if part.is_mine:
                _return(self._settling.flow, part, [*part.indexes, *part.rest])

    def _failed(self, error: Exception) -> bool:
        """What follows from an exception; whether it goes no further."""
        attempts = max(part.run.attempts for part in self._parts) + 1
        waits = max(part.run.waits for part in self._parts)
        verdict = self._settling.verdict(error, attempts=attempts, waits=waits)
        match verdict:
            case TryAgain(after_s=after_s, unlimited=unlimited):
                for part in reversed(self._parts):
                    part.run.failed(now=self._settling.now(), counts=not unlimited)
                    self._again(part, part.indexes, after_s=after_s)
            case PutAside() if len(self.records) > 1:
                for part in self._parts:
                    part.run.clear_failures()
                    part.run.singly = part.indexes[-1]
                self.give_back()
            case PutAside():
                [part] = self._parts
                part.run.failed(now=self._settling.now(), counts=True)
                self._settling.move_on(part.run, part.indexes[0], verdict.fault)
                part.run.clear_failures()
                _go_on(self._settling, part)
            case Stop():
                self.give_back()
                return False
        return True

    def _end(self) -> None:
        """All are done, but for those that failed, and those that wait for what they have sent."""
        end = len(self.records)
        stop: Exception | None = None
        for part in reversed(self._parts):
            first = end - len(part.indexes)
            failed = {
                index: self._failures[place]
                for place, index in enumerate(part.indexes, first)
                if place in self._failures
            }
            waiting = {
                index: self.records[place].outgoing
                for place, index in enumerate(part.indexes, first)
                if self.records[place].outgoing and index not in failed
            }
            end = first
            _finish(part, failed.keys() | waiting.keys())
            for index, outgoing in waiting.items():
                self._settling.wait_for(part.run, index, outgoing)
            stop = self._settle(part, failed) or stop
        if stop is not None:
            raise stop

    def _settle(self, part: Part, failed: dict[int, Exception]) -> Exception | None:
        """Deal with what failed, and let the rest of the run go on; answers what ends the consumer."""
        run, settling = part.run, self._settling
        if not failed:
            run.clear_failures()
            _go_on(settling, part)
            return None
        attempts, waits = run.attempts + 1, run.waits
        run.failed(now=settling.now(), counts=True)
        again: list[int] = []
        after_s, stop = 0.0, None
        for index, error in failed.items():
            verdict = settling.verdict(error, attempts=attempts, waits=waits)
            if isinstance(verdict, PutAside):
                settling.move_on(run, index, verdict.fault)
                continue
            again.append(index)
            if isinstance(verdict, TryAgain):
                after_s = max(after_s, verdict.after_s)
            else:
                stop = error
        if again:
            run.singly = max(run.singly, again[-1])
            self._again(part, again, after_s=after_s)
        else:
            run.clear_failures()
            _go_on(settling, part)
        return stop

    def _again(self, part: Part, indexes: Sequence[int], *, after_s: float) -> None:
        part.run.indexes = [*indexes, *part.rest]
        part.run.hand = NOTHING
        self._settling.flow.again(part.run, after_s=after_s)


class Wanted(NamedTuple):
    """The next run, within so many seconds; also one that comes ``after`` those that are held."""

    within_s: float | None
    after: Sequence[Run]


class Batches(Generic[E]):
    """Makes batches of up to ``max_records``; one that has a record waits at most ``wait_s`` for more."""

    def __init__(
        self,
        settling: Settling,
        *,
        max_records: int,
        wait_s: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if max_records < 1:
            raise ConfigurationError(
                f"a batch of {max_records} records is none", hint="max_records=1 or more"
            )
        self._settling = settling
        self._flow = settling.flow
        self._max_records = max_records
        self._wait_s = wait_s
        self._clock = clock
        self._flow.need_room_for(max_records)

    def __iter__(self) -> Iterator[Batch[E]]:
        """The batches, until it is time to stop. Raises what made the consumer fail, and RecordNotSettled."""
        while (batch := self._next()) is not None:
            with _in_hand(batch):
                if batch.records:
                    yield batch

    async def each(self, take: "Callable[[Wanted], Awaitable[Run | None]]") -> AsyncGenerator[Batch[E], None]:
        """The same in asyncio; ``take`` waits for a run as ``Flow.take`` does."""
        while (batch := await self._next_of(take)) is not None:
            with _in_hand(batch):
                if batch.records:
                    yield batch

    def _next(self) -> Batch[E] | None:
        with closing(self._gather()) as gathering:
            wanted = next(gathering)
            try:
                while True:
                    wanted = gathering.send(self._flow.take(within_s=wanted.within_s, after=wanted.after))
            except StopIteration as end:
                batch: Batch[E] | None = end.value
                return batch

    async def _next_of(self, take: "Callable[[Wanted], Awaitable[Run | None]]") -> Batch[E] | None:
        with closing(self._gather()) as gathering:
            wanted = next(gathering)
            try:
                while True:
                    wanted = gathering.send(await take(wanted))
            except StopIteration as end:
                batch: Batch[E] | None = end.value
                return batch

    def _gather(self) -> "Generator[Wanted, Run | None, Batch[E] | None]":
        """A batch, from the runs that are sent in answer to what is wanted; None when it is time to stop."""
        parts: list[Part] = []
        records: list[Record[Any]] = []
        deadline: float | None = None
        try:
            while len(records) < self._max_records:
                through = [part.run for part in parts if not part.rest and part.wait is None]
                run = yield Wanted(None if deadline is None else deadline - self._clock(), through)
                if run is None:
                    break
                alone = bool(run.indexes) and run.indexes[0] <= run.singly
                if alone and records:
                    self._flow.give_back(run)
                    break
                self._read(Part(run, run.turn), parts, records, 1 if alone else self._max_records)
                if alone and records:
                    break
                if records and deadline is None:
                    deadline = self._clock() + self._wait_s
        except BaseException:
            Batch(self._settling, parts, records).give_back()
            raise
        if self._flow.stopping:
            Batch(self._settling, parts, records).give_back()
            return None
        return self._without_halted(parts, records)

    def _read(self, part: Part, parts: list[Part], records: list[Record[Any]], limit: int) -> None:
        """Read records of the part's run into ``records``, up to the limit."""
        run, flow, settling = part.run, self._flow, self._settling
        make = settling.maker(run)
        attempt, end = run.attempts + 1, 0
        parts.append(part)
        for index in run.indexes:
            if len(records) == limit:
                break
            run.hand = index
            if run.halted or flow.stopping or flow.failed:
                break
            try:
                record = make(run.messages[index], None, index, no_matter, attempt)
            except (RegistryWait, NotDue) as wait:
                part.wait = wait
                break
            except (BadRecord, SkippedRecord) as fault:
                if not settling.refuse(run, index, fault):
                    break
            else:
                records.append(record)
                part.indexes.append(index)
            end += 1
        part.rest = run.indexes[end:]
        if part.indexes:
            run.hand = part.indexes[-1]
            return
        parts.pop()
        _go_on(settling, part)

    def _without_halted(self, parts: list[Part], records: list[Record[Any]]) -> Batch[E]:
        """A batch of those whose partitions have not gone in the meantime."""
        if not any(part.run.halted for part in parts):
            return Batch(self._settling, parts, records)
        left: list[Part] = []
        kept: list[Record[Any]] = []
        position = 0
        for part in parts:
            end = position + len(part.indexes)
            if part.run.halted:
                _return(self._flow, part, [*part.indexes, *part.rest])
            else:
                left.append(part)
                kept += records[position:end]
            position = end
        return Batch(self._settling, left, kept)


@contextmanager
def _in_hand(batch: Batch[Any]) -> Iterator[None]:
    """See that somebody says what becomes of the batch. Raises RecordNotSettled."""
    try:
        yield
    finally:
        if not batch.settled:
            batch.give_back()
    if batch.records and not batch.settled:
        raise RecordNotSettled(
            f"nobody said what became of a batch of {len(batch.records)} records",
            hint="handle each batch inside `with batch:`",
        )


def _finish(part: Part, but: AbstractSet[int]) -> None:
    finished, indexes = part.run.finished, part.indexes
    first, end = indexes[0], indexes[-1] + 1
    if not but and end - first == len(indexes):
        finished[first:end] = bytes((DONE,)) * len(indexes)
        return
    for index in indexes:
        if index not in but:
            finished[index] = DONE


def _go_on(settling: Settling, part: Part) -> None:
    """The records that were looked at are dealt with, and the others come next."""
    part.run.indexes = part.rest
    part.run.hand = NOTHING
    if part.wait is None:
        settling.flow.give_back(part.run)
    else:
        settling.refuse(part.run, NOTHING, part.wait)


def _return(flow: Flow, part: Part, indexes: Sequence[int]) -> None:
    part.run.indexes = indexes
    part.run.hand = NOTHING
    flow.give_back(part.run)
