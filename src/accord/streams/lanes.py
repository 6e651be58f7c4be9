"""Where fetched records wait: a partition has lanes, and of each lane one run of records is out at a time. Pure.

With one lane a partition's records are handled in their order. With several, records with the same key are. A lane whose
record has to be tried again later is blocked until then, and the others flow on. Time is handed in.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from accord.kafka import Message, TopicPartition
from accord.streams.tracker import OPEN, Chunk

NOTHING: int = -1


class Run:
    """Some records of one lane, in order. Whoever has taken it handles them without asking anybody in between.

    ``hand`` is the index, in the chunk, of the record in hand; ``halted`` says that no other may be handed out.
    """

    __slots__ = (
        "aside",
        "attempts",
        "chunk",
        "finished",
        "first_failed_at",
        "given_up",
        "halted",
        "hand",
        "indexes",
        "lane",
        "late",
        "messages",
        "out",
        "singly",
        "thread",
        "turn",
        "waits",
    )

    def __init__(self, lane: "Lane", chunk: Chunk, indexes: Sequence[int]) -> None:
        self.lane = lane
        self.chunk = chunk
        self.messages: Sequence[Message] = chunk.messages
        self.finished = chunk.finished
        self.indexes = indexes
        self.hand = NOTHING
        self.aside = NOTHING
        """The index of the last record that is on its way elsewhere."""
        self.out = False
        self.halted = False
        self.given_up = False
        """Nobody waits for the record in hand any more."""
        self.late = NOTHING
        """The index of the record that was in hand when the partition went away."""
        self.turn = 0
        """How often it was taken."""
        self.thread = 0
        """Who has it."""
        self.attempts = 0
        """How often the handler has failed on the first record, where that counts."""
        self.waits = 0
        """How often something was away for a while; that does not count."""
        self.first_failed_at: float | None = None
        """Seconds since 1970."""
        self.singly = NOTHING
        """Up to this index, batches are of one record each: together they failed."""

    @property
    def partition(self) -> TopicPartition:
        """Where the records are from."""
        return self.chunk.progress.partition

    @property
    def in_hand(self) -> bool:
        """Whether a record is handed out, and nobody has said what became of it."""
        hand = self.hand
        return hand != NOTHING and self.finished[hand] == OPEN and hand != self.aside

    @property
    def was_late(self) -> bool:
        """Whether a record was settled after its partition had gone."""
        late = self.late
        return late != NOTHING and (self.finished[late] != OPEN or late == self.aside)

    def failed(self, *, now: float, counts: bool) -> None:
        """Note a failed run of the handler at ``now``, in seconds since 1970."""
        self.first_failed_at = self.first_failed_at or now
        if counts:
            self.attempts += 1
        else:
            self.waits += 1

    def clear_failures(self) -> None:
        """The record that failed is out of the way."""
        self.attempts = self.waits = 0
        self.first_failed_at = None

    def keep_rest(self) -> None:
        """Forget the records up to the one in hand, and that one too unless it is still to be handled."""
        if self.hand != NOTHING:
            is_left = self.in_hand
            if not is_left:
                self.clear_failures()
            self.indexes = self.indexes[self.indexes.index(self.hand) + (0 if is_left else 1) :]
            self.hand = NOTHING


@dataclass(slots=True, eq=False)
class Lane:
    """Runs that wait, and those that one taker has: one, or several that follow each other."""

    partition: TopicPartition
    runs: deque[Run] = field(default_factory=deque)
    out: list[Run] = field(default_factory=list)
    queued: bool = False
    closed: bool = False
    blocked_until: float = 0.0


class Lanes:
    """All lanes; each partition has ``each`` of them."""

    def __init__(self, each: int = 1) -> None:
        self._each = each
        self._lanes: dict[TopicPartition, list[Lane]] = {}
        self._ready: deque[Lane] = deque()
        self._blocked: set[Lane] = set()
        self._turn = 0

    @property
    def partitions(self) -> Iterable[TopicPartition]:
        """The partitions that have lanes."""
        return self._lanes.keys()

    @property
    def each(self) -> int:
        """How many lanes a partition has."""
        return self._each

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing that could be taken now."""
        return not any(lane.runs for lane in self._ready)

    def open(self, partition: TopicPartition) -> None:
        """Make lanes for an assignment; those that were there before are dropped with all that waited in them."""
        self.close(partition)
        self._lanes[partition] = [Lane(partition) for _ in range(self._each)]

    def close(self, partition: TopicPartition) -> list[Run]:
        """Drop the lanes and all that waits in them; answers the runs that are out, which are halted."""
        out = []
        for lane in self._lanes.pop(partition, ()):
            lane.closed = True
            lane.runs.clear()
            self._blocked.discard(lane)
            for run in lane.out:
                run.halted = True
                out.append(run)
        return out

    def out(self) -> Iterator[Run]:
        """The runs that are out."""
        return (run for lanes in self._lanes.values() for lane in lanes for run in lane.out)

    def add(self, chunk: Chunk) -> None:
        """Let the chunk's records wait behind the others of their lanes."""
        lanes = self._lanes[chunk.progress.partition]
        if len(lanes) == 1:
            self._append(Run(lanes[0], chunk, range(len(chunk.messages))))
            return
        shares: list[list[int]] = [[] for _ in lanes]
        for index, message in enumerate(chunk.messages):
            key = message.key()
            shares[(message.offset() if key is None else hash(key)) % len(lanes)].append(index)
        for lane, share in zip(lanes, shares, strict=True):
            if share:
                self._append(Run(lane, chunk, share))

    def take(self, now: float) -> Run | None:
        """The next run of the lane whose turn it is; the lane gives no other until this one is back."""
        self._unblock(now)
        while self._ready:
            lane = self._ready.popleft()
            lane.queued = False
            if lane.runs:
                return self._out(lane)
        return None

    def more(self, run: Run) -> Run | None:
        """The run that follows in the same lane, for whoever has this one and is through with it, if there is one."""
        lane = run.lane
        follows = bool(lane.out) and lane.out[-1] is run and bool(lane.runs) and lane not in self._blocked
        return self._out(lane) if follows else None

    def put_back(self, run: Run, *, until: float = 0.0) -> None:
        """What is left of the run is the lane's first again, and nothing passes it before ``until``.

        Of several that follow each other, the last goes back first.
        """
        lane = run.lane
        run.keep_rest()
        run.out = False
        lane.out.remove(run)
        if lane.closed:
            return
        if run.indexes:
            lane.runs.appendleft(run)
        if until:
            lane.blocked_until = until
            self._blocked.add(lane)
        else:
            self._queue(lane)

    def blocked(self, *, beyond: float) -> set[TopicPartition]:
        """The partitions of which a lane stays blocked until after ``beyond``."""
        return {lane.partition for lane in self._blocked if lane.blocked_until > beyond}

    def next_change(self) -> float | None:
        """When the next blocked lane may go on."""
        return min((lane.blocked_until for lane in self._blocked), default=None)

    def _out(self, lane: Lane) -> Run:
        run = lane.runs.popleft()
        lane.out.append(run)
        self._turn += 1
        run.turn = self._turn
        run.out = True
        return run

    def _append(self, run: Run) -> None:
        run.lane.runs.append(run)
        self._queue(run.lane)

    def _queue(self, lane: Lane) -> None:
        if lane.runs and not lane.out and not lane.queued and lane not in self._blocked:
            lane.queued = True
            self._ready.append(lane)

    def _unblock(self, now: float) -> None:
        if not self._blocked:
            return
        for lane in [lane for lane in self._blocked if lane.blocked_until <= now]:
            self._blocked.discard(lane)
            self._queue(lane)
