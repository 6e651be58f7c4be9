"""Which offsets may be committed: those of the finished prefix of each partition, in this assignment of it. Pure.

A record is begun when it is fetched and finished when it is done, or dead-lettered and acknowledged. The offset to
commit is the one after the last record before which nothing is unfinished. A partition that comes back after it was
gone is another assignment: what was begun before does not count any more.
"""

from collections import deque
from dataclasses import dataclass, field

from accord.kafka import TopicPartition


@dataclass(slots=True, eq=False)
class Ticket:
    """A record in the books."""

    partition: TopicPartition
    epoch: int
    offset: int
    finished: bool = False


@dataclass(slots=True)
class _Progress:
    epoch: int
    begun: deque[Ticket] = field(default_factory=deque)
    last_offset: int = -1
    next_offset: int | None = None
    stored: int | None = None


class Tracker:
    """The books of all partitions that are ours."""

    def __init__(self) -> None:
        self._epoch = 0
        self._progress: dict[TopicPartition, _Progress] = {}
        self.stale = 0
        """Records that were finished after their partition had gone."""

    @property
    def unfinished(self) -> int:
        """How many records are begun and do not count as finished yet."""
        return sum(len(progress.begun) for progress in self._progress.values())

    def assign(self, partition: TopicPartition) -> int:
        """The partition is ours from now on, and if it was before, that is over; answers the epoch of the assignment."""
        self._epoch += 1
        self._progress[partition] = _Progress(self._epoch)
        return self._epoch

    def revoke(self, partition: TopicPartition) -> None:
        """The partition is ours no more."""
        self._progress.pop(partition, None)

    def goes_back(self, partition: TopicPartition, offset: int) -> bool:
        """Whether a record at this offset was begun before, or one after it: the position was set back."""
        progress = self._progress.get(partition)
        return progress is not None and offset <= progress.last_offset

    def begin(self, partition: TopicPartition, offset: int) -> Ticket | None:
        """Enter a record, in the order of its partition; None if the partition is not ours."""
        progress = self._progress.get(partition)
        if progress is None:
            return None
        ticket = Ticket(partition, progress.epoch, offset)
        progress.begun.append(ticket)
        progress.last_offset = offset
        return ticket

    def is_current(self, ticket: Ticket) -> bool:
        """Whether the record's partition is still ours, in the same assignment."""
        progress = self._progress.get(ticket.partition)
        return progress is not None and progress.epoch == ticket.epoch

    def finish(self, ticket: Ticket) -> bool:
        """Count the record as finished; False, and nothing else, if its assignment is over."""
        progress = self._progress.get(ticket.partition)
        if progress is None or progress.epoch != ticket.epoch:
            self.stale += 1
            return False
        ticket.finished = True
        begun = progress.begun
        while begun and begun[0].finished:
            progress.next_offset = begun.popleft().offset + 1
        return True

    def next_offset(self, partition: TopicPartition) -> int | None:
        """The offset to commit, or None if nothing is finished in this assignment."""
        progress = self._progress.get(partition)
        return progress.next_offset if progress else None

    def storable(self) -> dict[TopicPartition, int]:
        """The offsets to commit that have moved since this was last asked."""
        moved = {}
        for partition, progress in self._progress.items():
            if progress.next_offset is not None and progress.next_offset != progress.stored:
                moved[partition] = progress.stored = progress.next_offset
        return moved
