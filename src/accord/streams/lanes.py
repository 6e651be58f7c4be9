"""Where fetched records wait: one lane a partition, one record out of each at a time, in order. Pure; time is handed in.

A lane whose record has to be tried again later is blocked until then, and the others flow on.
"""

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from accord.kafka import RawRecord, TopicPartition
from accord.streams.tracker import Ticket


@dataclass(slots=True, eq=False)
class Work:
    """A record, and what became of it so far."""

    raw: RawRecord
    ticket: Ticket
    attempts: int = 0
    """Handler runs that failed, and count."""
    waits: int = 0
    """Handler runs that failed because something was away for a while; they do not count."""
    first_failed_at: float | None = None
    """Seconds since 1970."""

    def failed(self, *, now: float, counts: bool) -> None:
        """Note a failed run at ``now``, in seconds since 1970."""
        self.first_failed_at = self.first_failed_at or now
        if counts:
            self.attempts += 1
        else:
            self.waits += 1


@dataclass(slots=True, eq=False)
class _Lane:
    partition: TopicPartition
    epoch: int
    works: deque[Work] = field(default_factory=deque)
    busy: bool = False
    queued: bool = False
    blocked_until: float = 0.0


class Lanes:
    """All lanes."""

    def __init__(self) -> None:
        self._lanes: dict[TopicPartition, _Lane] = {}
        self._ready: deque[_Lane] = deque()
        self._blocked: set[TopicPartition] = set()
        self._waiting = 0

    @property
    def partitions(self) -> Iterable[TopicPartition]:
        """The partitions that have a lane."""
        return self._lanes.keys()

    def open(self, partition: TopicPartition, epoch: int) -> None:
        """Make a lane for an assignment; one that was there before is dropped with all that waited in it."""
        self.close(partition)
        self._lanes[partition] = _Lane(partition, epoch)

    def close(self, partition: TopicPartition) -> None:
        """Drop the lane and all that waits in it."""
        lane = self._lanes.pop(partition, None)
        if lane is not None:
            self._waiting -= len(lane.works)
            lane.works.clear()
            self._blocked.discard(partition)

    def waiting(self, *, without: Collection[TopicPartition] = ()) -> int:
        """How many records wait, in all lanes or all but some."""
        left_out = (self._lanes[name].works for name in without if name in self._lanes)
        return self._waiting - sum(map(len, left_out))

    def add(self, work: Work) -> None:
        """Let the record wait behind the others of its lane."""
        lane = self._lanes[work.ticket.partition]
        lane.works.append(work)
        self._waiting += 1
        self._queue(lane)

    def take(self, now: float) -> Work | None:
        """The next record of the lane whose turn it is; the lane gives no other until this one is settled."""
        self._unblock(now)
        while self._ready:
            lane = self._ready.popleft()
            lane.queued = False
            if lane.works:
                lane.busy = True
                self._waiting -= 1
                return lane.works.popleft()
        return None

    def settle(self, work: Work) -> None:
        """The record is out of the way, and its lane goes on."""
        lane = self._lane_of(work)
        if lane is not None:
            lane.busy = False
            self._queue(lane)

    def put_back(self, work: Work, *, until: float = 0.0) -> None:
        """The record is the lane's first again, and nothing passes it before ``until``."""
        lane = self._lane_of(work)
        if lane is None:
            return
        lane.busy = False
        lane.works.appendleft(work)
        self._waiting += 1
        lane.blocked_until = until
        if until:
            self._blocked.add(lane.partition)
        else:
            self._queue(lane)

    def blocked(self, *, beyond: float) -> set[TopicPartition]:
        """The partitions whose lane stays blocked until after ``beyond``."""
        return {name for name in self._blocked if self._lanes[name].blocked_until > beyond}

    def next_change(self) -> float | None:
        """When the next blocked lane may go on."""
        return min((self._lanes[name].blocked_until for name in self._blocked), default=None)

    def _lane_of(self, work: Work) -> _Lane | None:
        """The lane that gave the record, unless it was dropped since."""
        lane = self._lanes.get(work.ticket.partition)
        return lane if lane is not None and lane.epoch == work.ticket.epoch else None

    def _queue(self, lane: _Lane) -> None:
        if lane.works and not lane.busy and not lane.queued and lane.partition not in self._blocked:
            lane.queued = True
            self._ready.append(lane)

    def _unblock(self, now: float) -> None:
        if not self._blocked:
            return
        for name in [name for name in self._blocked if self._lanes[name].blocked_until <= now]:
            self._blocked.discard(name)
            self._queue(self._lanes[name])
