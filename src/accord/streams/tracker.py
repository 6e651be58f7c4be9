"""Which offsets may be committed: those of the finished prefix of each partition, in this assignment of it. Pure.

What one fetch brings for a partition is a chunk, with one flag a record. Whoever finishes a record sets its flag and tells
nobody: the flags are counted when somebody asks. The offset to commit is the one after the last record before which
nothing is unfinished. A partition that comes back after it was gone is another assignment, with other chunks; flags in
chunks of before are looked at by nobody.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from accord.kafka import Message, TopicPartition

OPEN: Final = 0
DONE: Final = 1
"""The record was handled."""
AWAY: Final = 2
"""The record is safe elsewhere (in a dead letter, in a retry topic), or was passed over on purpose."""


@dataclass(slots=True, eq=False)
class Progress:
    """One assignment of a partition."""

    partition: TopicPartition
    chunks: deque["Chunk"] = field(default_factory=deque)
    passed: int = 0
    """How many records of the first chunk belong to the finished prefix."""
    window: int = 0
    """How many records there are from the first unfinished one on."""
    pending: int = 0
    """How many records wait to be safe elsewhere."""
    done: int = 0
    """Records handled, in the chunks that are gone."""
    last_offset: int = -1
    next_offset: int | None = None
    stored: int | None = None

    def advance(self) -> None:
        """Move the finished prefix as far as it goes."""
        while self.chunks:
            chunk = self.chunks[0]
            stop = chunk.finished.find(OPEN, self.passed)
            if stop == self.passed:
                return
            end = len(chunk.messages) if stop < 0 else stop
            self.next_offset = chunk.messages[end - 1].offset() + 1
            self.window -= end - self.passed
            self.passed = end
            if stop >= 0:
                return
            self.done += chunk.finished.count(DONE)
            self.chunks.popleft()
            self.passed = 0

    def count_done(self) -> int:
        """Records handled so far."""
        return self.done + sum(chunk.finished.count(DONE) for chunk in self.chunks)


class Chunk:
    """Some records of one assignment, in order, and a flag for each."""

    __slots__ = ("finished", "messages", "progress")

    def __init__(self, progress: Progress, messages: Sequence[Message]) -> None:
        self.progress = progress
        self.messages = messages
        self.finished = bytearray(len(messages))


class Tracker:
    """The books of all partitions that are ours."""

    def __init__(self) -> None:
        self._progress: dict[TopicPartition, Progress] = {}
        self._active: dict[TopicPartition, Progress] = {}
        """Those with records that are not finished: of many partitions, few have any at a time."""
        self._moved: dict[TopicPartition, Progress] = {}
        self._done_before: dict[str, int] = {}

    @property
    def unfinished(self) -> int:
        """How many records lie behind the first unfinished one of their partition, itself included."""
        return sum(progress.window for progress in self._active.values())

    def window(self, partition: TopicPartition) -> int:
        """The same of one partition."""
        progress = self._progress.get(partition)
        return progress.window if progress else 0

    @property
    def waiting(self) -> list[TopicPartition]:
        """The partitions of which records wait to be safe elsewhere."""
        return [partition for partition, progress in self._active.items() if progress.pending]

    def pending(self, partition: TopicPartition) -> int:
        """How many records wait to be safe elsewhere."""
        progress = self._progress.get(partition)
        return progress.pending if progress else 0

    def done(self, topic: str | None = None) -> int:
        """How many records were handled, of all topics or of one."""
        before = sum(self._done_before.values()) if topic is None else self._done_before.get(topic, 0)
        ours = (one for one in self._progress.values() if topic is None or one.partition.topic == topic)
        return before + sum(progress.count_done() for progress in ours)

    def assign(self, partition: TopicPartition) -> None:
        """The partition is ours from now on, and if it was before, that is over."""
        self.revoke(partition)
        self._progress[partition] = Progress(partition)

    def revoke(self, partition: TopicPartition) -> None:
        """The partition is ours no more."""
        progress = self._progress.pop(partition, None)
        self._active.pop(partition, None)
        self._moved.pop(partition, None)
        if progress is not None:
            topic = partition.topic
            self._done_before[topic] = self._done_before.get(topic, 0) + progress.count_done()

    def goes_back(self, partition: TopicPartition, offset: int) -> bool:
        """Whether a record at this offset was begun before, or one after it: the position was set back."""
        progress = self._progress.get(partition)
        return progress is not None and offset <= progress.last_offset

    def begin(self, partition: TopicPartition, messages: Sequence[Message]) -> Chunk | None:
        """Enter records, in the order of their partition; None if the partition is not ours."""
        progress = self._progress.get(partition)
        if progress is None:
            return None
        chunk = Chunk(progress, messages)
        progress.chunks.append(chunk)
        progress.window += len(messages)
        progress.last_offset = messages[-1].offset()
        self._active[partition] = progress
        return chunk

    def is_current(self, chunk: Chunk) -> bool:
        """Whether the chunk's partition is still ours, in the same assignment."""
        progress = chunk.progress
        return self._progress.get(progress.partition) is progress

    def advance(self, partitions: Iterable[TopicPartition] | None = None) -> None:
        """Look at the flags."""
        wanted = self._active if partitions is None else self._active.keys() & set(partitions)
        for partition in list(wanted):
            progress = self._active[partition]
            before = progress.next_offset
            progress.advance()
            if progress.next_offset != before:
                self._moved[partition] = progress
            if not progress.chunks:
                del self._active[partition]

    def next_offset(self, partition: TopicPartition) -> int | None:
        """The offset to commit, or None if nothing is finished in this assignment."""
        self.advance([partition])
        progress = self._progress.get(partition)
        return progress.next_offset if progress else None

    def storable(self) -> dict[TopicPartition, int]:
        """The offsets to commit that have moved since this was last asked."""
        self.advance()
        moved = {
            partition: progress.next_offset
            for partition, progress in self._moved.items()
            if progress.next_offset is not None
        }
        self._moved.clear()
        return moved
