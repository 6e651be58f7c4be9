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
        self._lock = threading.RLock()
        self._arrived = threading.Condition(self._lock)
        """Who takes waits here."""
        self._left = threading.Condition(self._lock)
        """Who fetches, or lets partitions go, waits here."""
        self._waits_for_room = 0
        self._releasing = 0
        self._tracker = Tracker()
        self._lanes = Lanes()
        self._outside: Counter[TopicPartition] = Counter()
        self._out = 0
        self._failure: BaseException | None = None
        self._paused: frozenset[TopicPartition] = frozenset()
        self._held: frozenset[TopicPartition] = frozenset()
        """Paused because they are blocked; what waits in them takes nobody's room."""
        self._full_since: float | None = None
        self._stuck = False
        self._bad_in_a_row = 0
        self._counts = _Counts()

    # The polling thread's side.

    def assign(self, partitions: Iterable[TopicPartition]) -> None:
        """Partitions come."""
        with self._lock:
            for partition in partitions:
                self._lanes.open(partition, self._tracker.assign(partition))

    def release(
        self, partitions: Collection[TopicPartition], *, within_s: float
    ) -> dict[TopicPartition, int]:
        """Partitions are about to go: hand out no more of them, wait a while for what is out, answer what to commit."""
        deadline = self._clock() + within_s
        with self._lock:
            for partition in partitions:
                self._lanes.close(partition)
            self._releasing += 1
            while any(self._outside[partition] for partition in partitions):
                if (left_s := deadline - self._clock()) <= 0:
                    break
                self._left.wait(left_s)
            self._releasing -= 1
            offsets = {place: self._tracker.next_offset(place) for place in partitions}
            return {place: offset for place, offset in offsets.items() if offset is not None}

    def forget(self, partitions: Iterable[TopicPartition]) -> None:
        """Partitions are gone; whatever comes back from them is of no account."""
        with self._lock:
            for partition in partitions:
                self._lanes.close(partition)
                self._tracker.revoke(partition)
                self._out -= self._outside.pop(partition, 0)
            self._paused &= frozenset(self._lanes.partitions)
            self._held &= self._paused

    def put(self, records: Iterable[RawRecord]) -> None:
        """Records were fetched; those of partitions that have gone in the meantime are dropped."""
        with self._lock:
            for raw in records:
                self._put(raw)
            self._arrived.notify_all()

    def room(self, *, wait_s: float) -> int:
        """How many records may be fetched; waits a little while there is room for less than a good batch."""
        deadline = self._clock() + wait_s
        with self._lock:
            self._waits_for_room = max(1, self._capacity // 4)
            while (room := self._room()) < self._waits_for_room:
                if (left_s := deadline - self._clock()) <= 0:
                    break
                self._left.wait(left_s)
            self._waits_for_room = 0
            return max(0, room)

    def storable(self) -> dict[TopicPartition, int]:
        """The offsets that have moved since this was last asked."""
        with self._lock:
            return self._tracker.storable()

    def pauses(self) -> tuple[set[TopicPartition], set[TopicPartition]]:
        """The partitions to pause and those to resume, which from now on count as such."""
        with self._lock:
            now = self._clock()
            still_blocked = self._lanes.blocked(beyond=now) & self._held
            self._held = frozenset(self._lanes.blocked(beyond=now + SIT_OUT_S) | still_blocked)
            wanted = set(self._lanes.partitions) if self._is_stuck(now) else set(self._held)
            to_pause, to_resume = wanted - self._paused, set(self._paused - wanted)
            self._paused = frozenset(wanted)
            return to_pause, to_resume

    @property
    def partitions(self) -> list[TopicPartition]:
        """The partitions that are ours."""
        with self._lock:
            return list(self._lanes.partitions)

    # The handling threads' side.

    def take(self, *, stopping: Callable[[], bool]) -> Work | None:
        """The next record to handle; waits for one. None when it is time to stop. Raises what made the consumer fail."""
        with self._lock:
            while True:
                if self._failure is not None:
                    raise self._failure
                if stopping():
                    return None
                now = self._clock()
                work = self._lanes.take(now)
                if work is not None:
                    self._outside[work.ticket.partition] += 1
                    self._out += 1
                    return work
                due = self._lanes.next_change()
                self._arrived.wait(LOOK_EVERY_S if due is None else min(LOOK_EVERY_S, max(0.0, due - now)))

    def done(self, work: Work) -> None:
        """The record is handled."""
        with self._lock:
            self._lanes.settle(work)
            self._arrived.notify()
            if self._finish(work):
                self._counts.done += 1
            self._bad_in_a_row = 0

    def again(self, work: Work, *, after_s: float, for_registry: bool = False) -> None:
        """The record will be handled once more, after a while; its partition waits with it."""
        with self._lock:
            if for_registry:
                self._counts.registry_waits += 1
            else:
                self._counts.retried += 1
            self._return(work, until=self._clock() + after_s)

    def give_back(self, work: Work) -> None:
        """Nothing was done about the record; it is the next of its partition again."""
        with self._lock:
            self._return(work)

    def put_aside(self, work: Work) -> int:
        """The record is on its way to the dead letters, and its partition goes on; answers how many went so in a row."""
        with self._lock:
            self._lanes.settle(work)
            self._arrived.notify()
            self._bad_in_a_row += 1
            return self._bad_in_a_row

    def buried(self, work: Work, code: str) -> None:
        """The brokers have the record's dead letter."""
        with self._lock:
            if self._finish(work):
                self._counts.dead_lettered[code] += 1

    def abandon(self, work: Work) -> None:
        """The record stays unfinished: nothing after it in its partition is ever committed by us."""
        with self._lock:
            self._come_back(work)

    def fail(self, error: BaseException) -> None:
        """Nothing goes on any more; whoever takes gets this error. The first one counts."""
        with self._lock:
            self._failure = self._failure or error
            self._arrived.notify_all()

    @property
    def failed(self) -> bool:
        """Whether nothing goes on any more."""
        return self._failure is not None

    def stats(self) -> ConsumerStats:
        """What was counted so far."""
        with self._lock:
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
            self._out -= self._outside.pop(partition, 0)
            self._lanes.open(partition, self._tracker.assign(partition))
        ticket = self._tracker.begin(partition, raw.offset)
        if ticket is not None:
            self._lanes.add(Work(raw, ticket))
            self._counts.consumed += 1

    def _return(self, work: Work, *, until: float = 0.0) -> None:
        self._come_back(work)
        self._lanes.put_back(work, until=until)
        self._arrived.notify()

    def _finish(self, work: Work) -> bool:
        self._come_back(work)
        return self._tracker.finish(work.ticket)

    def _come_back(self, work: Work) -> None:
        """The record is out no more, if anybody still counts on it."""
        if self._tracker.is_current(work.ticket):
            self._outside[work.ticket.partition] -= 1
            self._out -= 1
        if self._releasing or (self._waits_for_room and self._room() >= self._waits_for_room):
            self._left.notify_all()

    def _room(self) -> int:
        return self._capacity - self._lanes.waiting(without=self._held) - self._out

    def _is_stuck(self, now: float) -> bool:
        """Whether there has been no room for a while, and since then not much either."""
        room = self._room()
        if self._stuck:
            self._stuck = room * 2 < self._capacity
        elif room > 0:
            self._full_since = None
        elif self._full_since is None:
            self._full_since = now
        else:
            self._stuck = now - self._full_since >= SIT_OUT_S
        return self._stuck
