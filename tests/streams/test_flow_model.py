"""Fetches, takers, retries, dead letters and rebalances in any order: what the books may never do."""

from collections import defaultdict
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from accord.kafka import RawRecord, TopicPartition, message_of
from accord.streams.flow import Flow
from accord.streams.lanes import Run
from accord.streams.tracker import DONE, Chunk

PARTITIONS = [TopicPartition("orders", number) for number in range(2)]
Place = tuple[TopicPartition, int]


class Books(RuleBasedStateMachine):
    """One assignment of a partition is told from the next by its epoch; what is finished is remembered by epoch."""

    lanes = 1

    def __init__(self) -> None:
        super().__init__()
        self.now = 100.0
        self.flow = Flow(capacity=50, lanes=self.lanes, clock=lambda: self.now)
        self.epochs: dict[TopicPartition, int] = dict.fromkeys(PARTITIONS, 0)
        self.ours: set[TopicPartition] = set()
        self.next_offset: dict[TopicPartition, int] = dict.fromkeys(PARTITIONS, 0)
        self.fetched: dict[TopicPartition, list[int]] = defaultdict(list)
        self.finished: set[Place] = set()
        self.out: list[Run] = []
        self.on_the_way: list[tuple[Chunk, int]] = []
        self.keys: dict[Place, bytes | None] = {}
        self.settled: set[Place] = set()
        """Handled, or on their way elsewhere."""

    @rule(partition=st.sampled_from(PARTITIONS))
    def assign(self, partition: TopicPartition) -> None:
        if partition in self.ours:
            return
        self.ours.add(partition)
        self.epochs[partition] += 1
        self.fetched[partition].clear()
        self.finished = {place for place in self.finished if place[0] != partition}
        self.settled = {place for place in self.settled if place[0] != partition}
        self.flow.assign([partition])

    @rule(partition=st.sampled_from(PARTITIONS), revoked=st.booleans())
    def lose(self, partition: TopicPartition, revoked: bool) -> None:  # noqa: FBT001 -- Hypothesis hands it over by name
        if revoked:
            for offset in self.flow.release([partition], within_s=0).values():
                self.check(partition, offset)
        self.ours.discard(partition)
        self.flow.forget([partition])

    @precondition(lambda self: self.ours)
    @rule(counts=st.lists(st.integers(1, 4), min_size=1, max_size=3), data=st.data())
    def fetch(self, counts: list[int], data: Any) -> None:
        messages = []
        for count in counts:
            partition = data.draw(st.sampled_from(sorted(self.ours)))
            for _ in range(count):
                # Compaction and transactions leave gaps.
                self.next_offset[partition] += data.draw(st.integers(1, 3))
                offset = self.next_offset[partition]
                key = data.draw(st.sampled_from([None, b"a", b"b", b"c"]))
                messages.append(
                    message_of(RawRecord(partition.topic, partition.partition, offset, key, None))
                )
                self.fetched[partition].append(offset)
                self.keys[partition, offset] = key
        self.flow.put(messages)

    @rule()
    def take(self) -> None:
        run = self.flow.take_now()
        if run is None:
            return
        assert all(other.lane is not run.lane or other.halted for other in self.out)
        assert not run.halted
        self.out.append(run)
        self.hand_out(run, run.indexes[0])

    @precondition(lambda self: self.out)
    @rule(data=st.data(), outcome=st.sampled_from(["done", "done", "done", "aside", "again", "back"]))
    def settle(self, data: Any, outcome: str) -> None:
        run = data.draw(st.sampled_from(self.out))
        if outcome in {"again", "back"}:
            self.out.remove(run)
            if outcome == "again":
                self.flow.again(run, after_s=5)
            else:
                self.flow.give_back(run)
            return
        if outcome == "aside":
            if self.flow.pend(run, run.hand):
                self.on_the_way.append((run.chunk, run.hand))
                self.settled.add((run.partition, run.messages[run.hand].offset()))
        else:
            self.note(run.chunk, run.hand)
            run.finished[run.hand] = DONE
        at = run.indexes.index(run.hand) + 1
        if at == len(run.indexes) or run.halted:
            self.out.remove(run)
            self.flow.give_back(run)
        else:
            self.hand_out(run, run.indexes[at])

    @precondition(lambda self: self.on_the_way)
    @rule(data=st.data())
    def arrive(self, data: Any) -> None:
        chunk, index = self.on_the_way.pop(data.draw(st.integers(0, len(self.on_the_way) - 1)))
        self.note(chunk, index)
        self.flow.safe(chunk, index, code="BAD")

    @rule(seconds=st.integers(1, 10))
    def wait(self, seconds: int) -> None:
        self.now += seconds

    @rule()
    def store(self) -> None:
        for partition, offset in self.flow.storable().items():
            self.check(partition, offset)

    @invariant()
    def pauses_are_of_what_is_ours(self) -> None:
        to_pause, _ = self.flow.pauses()
        assert to_pause <= self.ours

    @invariant()
    def nothing_is_lost_sight_of(self) -> None:
        unfinished = sum(
            (place, offset) not in self.finished for place in self.ours for offset in self.fetched[place]
        )
        assert self.flow.stats().in_flight >= unfinished

    def hand_out(self, run: Run, index: int) -> None:
        run.hand = index
        message = run.messages[index]
        partition, offset = run.partition, message.offset()
        if not self.flow._tracker.is_current(run.chunk) or (self.lanes > 1 and message.key() is None):
            return
        left = [other for other in self.fetched[partition] if (partition, other) not in self.settled]
        if self.lanes > 1:
            left = [other for other in left if self.keys[partition, other] == message.key()]
        assert left[0] == offset, "it is not the next one of its lane"

    def note(self, chunk: Chunk, index: int) -> None:
        """It counts if its assignment is the one of now."""
        partition, offset = chunk.progress.partition, chunk.messages[index].offset()
        if partition in self.ours and self.flow._tracker.is_current(chunk):
            self.finished.add((partition, offset))
            self.settled.add((partition, offset))

    def check(self, partition: TopicPartition, next_offset: int) -> None:
        """Everything before the offset that was fetched in this assignment is finished, and it follows a record."""
        assert partition in self.ours
        before = [offset for offset in self.fetched[partition] if offset < next_offset]
        assert all((partition, offset) in self.finished for offset in before)
        assert before[-1] + 1 == next_offset


class BooksWithLanes(Books):
    lanes = 3


TestBooks = Books.TestCase
TestBooks.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestBooksWithLanes = BooksWithLanes.TestCase
TestBooksWithLanes.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
