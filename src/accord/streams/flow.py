"""The records between the polling thread, whoever handles them, and what takes a while; one lock, once for many records.

The polling thread assigns, revokes, puts records in and fetches the offsets to store. Whoever handles takes a run of
records, sets the flag of each that is finished, and gives the run back. Nobody waits for anything here but with a limit.
"""

import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from accord.kafka import Message, TopicPartition
from accord.streams.lanes import NOTHING, Lanes, Run
from accord.streams.stats import ConsumerStats
from accord.streams.tracker import AWAY, DONE, Chunk, Tracker

logger = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 0.2
# Who waits for a record in hand looks at its flag: setting one wakes nobody.
LOOK_OFTEN_S: Final = 0.005
# Pausing a partition throws away what the client has fetched ahead, so a short wait is sat out.
SIT_OUT_S: Final = 1.0


@dataclass(slots=True)
class _Counts:
    consumed: int = 0
    moved: int = 0
    retried: int = 0
    registry_waits: int = 0
    skipped: int = 0
    stale: int = 0
    dead_lettered: Counter[str] = field(default_factory=Counter)


class Flow:
    """``capacity`` bounds how many records wait before no more are fetched; a partition has so many ``lanes``."""

    def __init__(self, *, capacity: int, lanes: int = 1, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = capacity
        self._clock = clock
        self._lock = threading.RLock()
        self._arrived = threading.Condition(self._lock)
        """Who takes waits here."""
        self._left = threading.Condition(self._lock)
        """Who fetches, or lets partitions go, waits here."""
        self._listeners: tuple[Callable[[], None], ...] = ()
        self._waits_for_room = 0
        self._tracker = Tracker()
        self._lanes = Lanes(lanes)
        self._failure: BaseException | None = None
        self._paused: frozenset[TopicPartition] = frozenset()
        self._held: frozenset[TopicPartition] = frozenset()
        """Paused because they do not move; what waits in them takes nobody's room."""
        self._full_since: float | None = None
        self._stuck = False
        self._slow: frozenset[TopicPartition] = frozenset()
        """Held because a record in hand keeps all that waits behind it, and there is nothing else to do."""
        self._counts = _Counts()
        self.stopping = False
        """Whether no more records are handed out. Set it with ``stop``."""

    def need_room_for(self, records: int) -> None:
        """Let so many be out at a time, and as many wait."""
        self._capacity = max(self._capacity, 2 * records)

    def stop(self) -> None:
        """Hand out no more. A signal handler may call it while its thread holds any lock."""
        self.stopping = True
        for listener in self._listeners:
            listener()

    # The polling thread's side.

    def assign(self, partitions: Iterable[TopicPartition]) -> None:
        """Partitions come."""
        with self._lock:
            for partition in partitions:
                self._tracker.assign(partition)
                self._lanes.open(partition)

    def release(
        self, partitions: Collection[TopicPartition], *, within_s: float
    ) -> dict[TopicPartition, int]:
        """Partitions are about to go: hand out no more of them, wait a while for what is out, answer what to commit."""
        deadline = self._clock() + within_s
        with self._lock:
            out = [run for partition in partitions for run in self._lanes.close(partition)]
            while self._is_busy(partitions, out):
                if (left_s := deadline - self._clock()) <= 0:
                    break
                self._left.wait(min(left_s, LOOK_OFTEN_S))
            offsets = {place: self._tracker.next_offset(place) for place in partitions}
            for run in out:
                run.late = run.hand if run.in_hand else NOTHING
            return {place: offset for place, offset in offsets.items() if offset is not None}

    def forget(self, partitions: Iterable[TopicPartition]) -> None:
        """Partitions are gone; whatever comes back from them is of no account."""
        with self._lock:
            for partition in partitions:
                self._drop(partition)
            self._paused &= frozenset(self._lanes.partitions)
            self._held &= self._paused
            self._slow &= self._paused

    def put(self, messages: Sequence[Message]) -> None:
        """Records were fetched; those of partitions that have gone in the meantime are dropped."""
        with self._lock:
            for partition, part in _by_partition(messages):
                self._put(partition, part)
            self._wake(everybody=True)

    def room(self, *, wait_s: float) -> int:
        """How many records may be fetched; waits a little while there is room for less than a good batch."""
        deadline = self._clock() + wait_s
        with self._lock:
            self._waits_for_room = max(1, self._capacity // 2)
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
            self._tracker.advance()
            self._slow = frozenset(self._hoarding())
            self._held = self._slow.union(self._immovable(now))
            wanted = set(self._lanes.partitions) if self._is_stuck(now) else set(self._held)
            to_pause, to_resume = wanted - self._paused, set(self._paused - wanted)
            self._paused = frozenset(wanted)
            return to_pause, to_resume

    @property
    def partitions(self) -> list[TopicPartition]:
        """The partitions that are ours."""
        with self._lock:
            return list(self._lanes.partitions)

    def out(self) -> list[Run]:
        """The runs that somebody has."""
        with self._lock:
            return list(self._lanes.out())

    # The side of whoever handles.

    def take(self, *, within_s: float | None = None, after: Sequence[Run] = ()) -> Run | None:
        """The next run; waits for one. None when it is time to stop, or there was none ``within_s`` seconds.

        Whoever is through with runs and keeps them may have those ``after`` them too. Raises what made the consumer fail.
        """
        deadline = math.inf if within_s is None else self._clock() + within_s
        with self._lock:
            while (run := self.take_now(after=after)) is None:
                if self.stopping or (left_s := deadline - self._clock()) <= 0:
                    return None
                due_in_s = self.due_in_s()
                self._arrived.wait(min(LOOK_EVERY_S, left_s, LOOK_EVERY_S if due_in_s is None else due_in_s))
            return run

    def take_now(self, *, after: Sequence[Run] = ()) -> Run | None:
        """The next run, if there is one now; none when it is time to stop. Raises what made the consumer fail."""
        with self._lock:
            if self._failure is not None:
                raise self._failure
            if self.stopping:
                return None
            following = (following for kept in after if (following := self._lanes.more(kept)) is not None)
            run = next(following, None) or self._lanes.take(self._clock())
            if run is not None:
                run.thread = threading.get_ident()
                self._tell_of_room()
            return run

    def due_in_s(self) -> float | None:
        """In how many seconds a lane that is blocked now may go on, if one is."""
        with self._lock:
            due = self._lanes.next_change()
            return None if due is None else max(0.0, due - self._clock())

    def listen(self, callback: Callable[[], None]) -> None:
        """Have ``callback`` called, from any thread, when there may be a run to take, or an end; it must not wait."""
        with self._lock:
            self._listeners = (*self._listeners, callback)

    def give_back(self, run: Run) -> None:
        """Whoever had the run is done with it, or with a part; the rest comes next in its lane."""
        self._return(run)

    def again(self, run: Run, *, after_s: float, for_registry: bool = False) -> None:
        """The record in hand will be handled once more, after a while; its lane waits with it."""
        with self._lock:
            if for_registry:
                self._counts.registry_waits += 1
            else:
                self._counts.retried += 1
            self._return(run, until=self._clock() + after_s)

    def skip(self, run: Run, index: int) -> None:
        """The record is passed over on purpose."""
        with self._lock:
            run.finished[index] = AWAY
            self._counts.skipped += 1

    def pend(self, run: Run, index: int) -> bool:
        """The record goes elsewhere, and those behind it go on; it is not finished before it is safe there.

        False if its partition has gone: it is for somebody else to deal with.
        """
        with self._lock:
            run.aside = index
            is_ours = self._tracker.is_current(run.chunk)
            if is_ours:
                run.chunk.progress.pending += 1
            return is_ours

    def hold(self, run: Run, *, for_s: float) -> None:
        """The record in hand is not due yet; its lane waits with it."""
        with self._lock:
            self._return(run, until=self._clock() + for_s)

    def safe(self, chunk: Chunk, index: int, *, code: str = "", moved: bool = False) -> None:
        """The record is safe: as a dead letter with that error ``code``, or ``moved``; otherwise it counts as done."""
        with self._lock:
            chunk.progress.pending -= 1
            if not self._tracker.is_current(chunk):
                self._counts.stale += 1
                return
            chunk.finished[index] = AWAY if code or moved else DONE
            self._counts.moved += moved
            if code:
                self._counts.dead_lettered[code] += 1
            self._left.notify_all()

    def abandon(self, chunk: Chunk, error: BaseException) -> None:
        """A record cannot be made safe: nothing after it in its partition is ever committed by us, and nothing goes on."""
        with self._lock:
            chunk.progress.pending -= 1
            self.fail(error)

    def fail(self, error: BaseException) -> None:
        """Nothing goes on any more; whoever takes gets this error. The first one counts."""
        with self._lock:
            self._failure = self._failure or error
            for run in self._lanes.out():
                run.halted = True
            self._left.notify_all()
            self._wake(everybody=True)

    @property
    def failed(self) -> bool:
        """Whether nothing goes on any more."""
        return self._failure is not None

    @property
    def failure(self) -> BaseException | None:
        """Why nothing goes on any more."""
        return self._failure

    def done_of(self, topic: str) -> int:
        """How many of a topic's records were handled so far."""
        with self._lock:
            return self._tracker.done(topic)

    def stats(self) -> ConsumerStats:
        """What was counted so far."""
        with self._lock:
            counts = self._counts
            self._tracker.advance()
            return ConsumerStats(
                consumed=counts.consumed,
                done=self._tracker.done(),
                dead_lettered=dict(counts.dead_lettered),
                moved=counts.moved,
                retried=counts.retried,
                registry_waits=counts.registry_waits,
                skipped=counts.skipped,
                stale=counts.stale,
                in_flight=self._tracker.unfinished,
                paused=len(self._paused),
            )

    def _put(self, partition: TopicPartition, messages: Sequence[Message]) -> None:
        if self._tracker.goes_back(partition, messages[0].offset()):
            # The position was set back (offsets were reset, the log was truncated): what we hold will come again.
            logger.warning(
                "the partition goes back",
                extra={"partition": str(partition), "offset": messages[0].offset()},
            )
            self._drop(partition)
            self.assign([partition])
        chunk = self._tracker.begin(partition, messages)
        if chunk is not None:
            self._lanes.add(chunk)
            self._counts.consumed += len(messages)

    def _drop(self, partition: TopicPartition) -> None:
        for run in self._lanes.close(partition):
            run.late = run.hand if run.in_hand else NOTHING
        self._tracker.revoke(partition)

    def _return(self, run: Run, *, until: float = 0.0) -> None:
        with self._lock:
            if run.was_late:
                self._counts.stale += 1
            self._lanes.put_back(run, until=until)
            if run.lane.closed:
                self._left.notify_all()
            self._tell_of_room()
            self._wake()

    def _tell_of_room(self) -> None:
        if self._waits_for_room and self._room() >= self._waits_for_room:
            self._left.notify_all()

    def _wake(self, *, everybody: bool = False) -> None:
        if everybody:
            self._arrived.notify_all()
        else:
            self._arrived.notify()
        for listener in self._listeners:
            listener()

    def _is_busy(self, partitions: Iterable[TopicPartition], out: Iterable[Run]) -> bool:
        return any(run.in_hand and not run.given_up for run in out) or any(
            self._tracker.pending(partition) for partition in partitions
        )

    def _room(self) -> int:
        self._tracker.advance()
        held = sum(map(self._tracker.window, self._held))
        return self._capacity - self._tracker.unfinished + held

    def _immovable(self, now: float) -> Iterable[TopicPartition]:
        """The partitions of which no more should be fetched, because they do not move for a while."""
        long = self._lanes.blocked(beyond=now + SIT_OUT_S)
        still = self._lanes.blocked(beyond=now) & self._held
        for partition in long | still:
            # With other lanes there is more to do, up to a limit.
            if self._lanes.each == 1 or self._tracker.window(partition) * 2 >= self._capacity:
                yield partition
        for partition in self._tracker.waiting:
            if self._tracker.window(partition) * 2 >= self._capacity:
                yield partition

    def _hoarding(self) -> Iterable[TopicPartition]:
        """Partitions that have most of the room, while whoever could handle records of others has none."""
        is_starving = self._stuck and self._lanes.is_idle
        for partition in self._lanes.partitions if is_starving else self._slow:
            if self._tracker.window(partition) * 2 >= self._capacity:
                yield partition

    def _is_stuck(self, now: float) -> bool:
        """Whether there has been no room for a while, and since then not much either."""
        room = self._room()
        if self._stuck:
            self._stuck = room * 2 < self._capacity
            if not self._stuck:
                self._full_since = None
        elif room > 0:
            self._full_since = None
        elif self._full_since is None:
            self._full_since = now
        else:
            self._stuck = now - self._full_since >= SIT_OUT_S
        return self._stuck


def _by_partition(messages: Sequence[Message]) -> Iterable[tuple[TopicPartition, Sequence[Message]]]:
    """The messages of each partition, in order."""
    if not messages:
        return
    # Mostly they are all of one partition, and to see that takes a fifth of the time of telling them apart.
    topics = [message.topic() for message in messages]
    numbers = [message.partition() for message in messages]
    if numbers.count(numbers[0]) == topics.count(topics[0]) == len(messages):
        yield TopicPartition(topics[0], numbers[0]), messages
        return
    parts: dict[tuple[str, int], list[Message]] = {}
    for topic, number, message in zip(topics, numbers, messages, strict=True):
        parts.setdefault((topic, number), []).append(message)
    for place, part in parts.items():
        yield TopicPartition(*place), part
