"""The records between the polling thread, the threads that handle them, and the dead letters; one lock for all of it.

The polling thread assigns, revokes, puts records in and fetches the offsets to store. Handling threads take records and
say what became of them. Nobody waits for anything here but with a limit.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from accord.kafka import RawRecord, TopicPartition
from accord.streams.lanes import Lanes, Work
from accord.streams.stats import ConsumerStats
from accord.streams.tracker import Tracker

logger = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 0.2
# Pausing a partition throws away what the client has fetched ahead, so a short wait is sat out.
SIT_OUT_S: Final = 1.0


@dataclass(slots=True)
class _Counts:
    consumed: int = 0
    done: int = 0
    retried: int = 0
    registry_waits: int = 0
    dead_lettered: Counter[str] = field(default_factory=Counter)


class Flow:
    """``capacity`` bounds how many records wait before no more are fetched."""

    def __init__(self, *, capacity: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = capacity
        self._clock = clock
        self._changed = threading.Condition()
        self._tracker = Tracker()
        self._lanes = Lanes()
        self._outside: Counter[TopicPartition] = Counter()
        self._failure: BaseException | None = None
        self._paused: frozenset[TopicPartition] = frozenset()
        self._full_since: float | None = None
        self._stuck = False
        self._bad_in_a_row = 0
        self._counts = _Counts()

    # The polling thread's side.

    def assign(self, partitions: Iterable[TopicPartition]) -> None:
        """Partitions come."""
        with self._changed:
            for partition in partitions:
                self._lanes.open(partition, self._tracker.assign(partition))

    def release(
        self, partitions: Collection[TopicPartition], *, within_s: float
    ) -> dict[TopicPartition, int]:
        """Partitions are about to go: hand out no more of them, wait a while for what is out, answer what to commit."""
        deadline = self._clock() + within_s
        with self._changed:
            for partition in partitions:
                self._lanes.close(partition)
            while any(self._outside[partition] for partition in partitions):
                if (left_s := deadline - self._clock()) <= 0:
                    break
                self._changed.wait(left_s)
            offsets = {place: self._tracker.next_offset(place) for place in partitions}
            return {place: offset for place, offset in offsets.items() if offset is not None}

    def forget(self, partitions: Iterable[TopicPartition]) -> None:
        """Partitions are gone; whatever comes back from them is of no account."""
        with self._changed:
            for partition in partitions:
                self._lanes.close(partition)
                self._tracker.revoke(partition)
                self._outside.pop(partition, None)
            self._paused = self._paused & frozenset(self._lanes.partitions)
            self._changed.notify_all()

    def put(self, records: Iterable[RawRecord]) -> None:
        """Records were fetched; those of partitions that have gone in the meantime are dropped."""
        with self._changed:
            for raw in records:
                self._put(raw)
            self._changed.notify_all()

    def room(self, *, wait_s: float) -> int:
        """How many records may be fetched; waits a little for room if there is none."""
        with self._changed:
            if self._room() <= 0:
                self._changed.wait(wait_s)
            return max(0, self._room())

    def storable(self) -> dict[TopicPartition, int]:
        """The offsets that have moved since this was last asked."""
        with self._changed:
            return self._tracker.storable()

    def pauses(self) -> tuple[set[TopicPartition], set[TopicPartition]]:
        """The partitions to pause and those to resume, which from now on count as such."""
        with self._changed:
            now = self._clock()
            still_blocked = self._lanes.blocked(beyond=now) & self._paused
            wanted = self._lanes.blocked(beyond=now + SIT_OUT_S) | still_blocked
            if self._is_stuck(now):
                wanted = set(self._lanes.partitions)
            to_pause, to_resume = wanted - self._paused, set(self._paused - wanted)
            self._paused = frozenset(wanted)
            return to_pause, to_resume

    @property
    def partitions(self) -> list[TopicPartition]:
        """The partitions that are ours."""
        with self._changed:
            return list(self._lanes.partitions)

    # The handling threads' side.

    def take(self, *, stopping: Callable[[], bool]) -> Work | None:
        """The next record to handle; waits for one. None when it is time to stop. Raises what made the consumer fail."""
        with self._changed:
            while True:
                if self._failure is not None:
                    raise self._failure
                if stopping():
                    return None
                now = self._clock()
                work = self._lanes.take(now)
                if work is not None:
                    self._outside[work.ticket.partition] += 1
                    return work
                due = self._lanes.next_change()
                self._changed.wait(LOOK_EVERY_S if due is None else min(LOOK_EVERY_S, max(0.0, due - now)))

    def done(self, work: Work) -> None:
        """The record is handled."""
        with self._changed:
            self._lanes.settle(work)
            if self._finish(work):
                self._counts.done += 1
            self._bad_in_a_row = 0

    def again(self, work: Work, *, after_s: float, for_registry: bool = False) -> None:
        """The record will be handled once more, after a while; its partition waits with it."""
        with self._changed:
            if for_registry:
                self._counts.registry_waits += 1
            else:
                self._counts.retried += 1
            self._return(work, until=self._clock() + after_s)

    def give_back(self, work: Work) -> None:
        """Nothing was done about the record; it is the next of its partition again."""
        with self._changed:
            self._return(work)

    def put_aside(self, work: Work) -> int:
        """The record is on its way to the dead letters, and its partition goes on; answers how many went so in a row."""
        with self._changed:
            self._lanes.settle(work)
            self._bad_in_a_row += 1
            self._changed.notify_all()
            return self._bad_in_a_row

    def buried(self, work: Work, code: str) -> None:
        """The brokers have the record's dead letter."""
        with self._changed:
            if self._finish(work):
                self._counts.dead_lettered[code] += 1

    def abandon(self, work: Work) -> None:
        """The record stays unfinished: nothing after it in its partition is ever committed by us."""
        with self._changed:
            if self._tracker.is_current(work.ticket):
                self._outside[work.ticket.partition] -= 1
            self._changed.notify_all()

    def fail(self, error: BaseException) -> None:
        """Nothing goes on any more; whoever takes gets this error. The first one counts."""
        with self._changed:
            self._failure = self._failure or error
            self._changed.notify_all()

    @property
    def failed(self) -> bool:
        """Whether nothing goes on any more."""
        return self._failure is not None

    def stats(self) -> ConsumerStats:
        """What was counted so far."""
        with self._changed:
            counts = self._counts
            return ConsumerStats(
                consumed=counts.consumed,
                done=counts.done,
                dead_lettered=dict(counts.dead_lettered),
                retried=counts.retried,
                registry_waits=counts.registry_waits,
                stale=self._tracker.stale,
                in_flight=self._tracker.unfinished,
                paused=len(self._paused),
            )

    def _put(self, raw: RawRecord) -> None:
        partition = raw.topic_partition
        if self._tracker.goes_back(partition, raw.offset):
            # The position was set back (offsets were reset, the log was truncated): what we hold will come again.
            logger.warning(
                "the partition goes back", extra={"partition": str(partition), "offset": raw.offset}
            )
            self._outside.pop(partition, None)
            self._lanes.open(partition, self._tracker.assign(partition))
        ticket = self._tracker.begin(partition, raw.offset)
        if ticket is not None:
            self._lanes.add(Work(raw, ticket))
            self._counts.consumed += 1

    def _return(self, work: Work, *, until: float = 0.0) -> None:
        if self._tracker.is_current(work.ticket):
            self._outside[work.ticket.partition] -= 1
        self._lanes.put_back(work, until=until)
        self._changed.notify_all()

    def _finish(self, work: Work) -> bool:
        current = self._tracker.finish(work.ticket)
        if current:
            self._outside[work.ticket.partition] -= 1
        self._changed.notify_all()
        return current

    def _room(self) -> int:
        waiting = self._lanes.waiting(without=self._lanes.blocked(beyond=self._clock()))
        return self._capacity - waiting - self._outside.total()

    def _is_stuck(self, now: float) -> bool:
        """Whether there has been no room for a while, and since then not much either."""
        room = self._room()
        if self._stuck:
            self._stuck = room < self._capacity // 2
        elif room > 0:
            self._full_since = None
        elif self._full_since is None:
            self._full_since = now
        else:
            self._stuck = now - self._full_since >= SIT_OUT_S
        return self._stuck
