"""What was fetched and belongs to no committed transaction yet, in the order in which it came. Pure.

Nothing is fetched anew after an aborted transaction: its records come back here, and are taken again. A batch that keeps
failing is taken in halves, until the record that is to blame is alone.
"""

from collections import deque
from collections.abc import Collection, Container, Iterable, Sequence
from dataclasses import dataclass

from accord.kafka import Message, TopicPartition
from accord.streams.faults import Fault


@dataclass(slots=True, eq=False)
class Held:
    """A record and what became of it so far; ``fault`` once it is to be put aside, with its letter's ``form``."""

    message: Message
    partition: TopicPartition
    attempts: int = 0
    first_failed_at: float | None = None
    fault: Fault | None = None
    form: int = 0

    def failed(self, *, now: float) -> None:
        """It was in a batch that failed."""
        self.attempts += 1
        self.first_failed_at = self.first_failed_at or now


class Backlog:
    """Records of partitions that are ours."""

    def __init__(self) -> None:
        self._held: deque[Held] = deque()
        self._sizes: deque[int] = deque()
        self.divided = False
        """Whether what is here comes from a batch that was taken apart."""

    def __len__(self) -> int:
        return len(self._held)

    def add(self, messages: Iterable[Message], *, of: Container[TopicPartition]) -> None:
        """Records were fetched; those of other partitions are none of ours."""
        for message in messages:
            place = TopicPartition(message.topic(), message.partition())
            if place in of:
                self._held.append(Held(message, place))

    def drop(self, partitions: Collection[TopicPartition]) -> None:
        """These partitions are gone; whoever has them fetches their records."""
        gone = set(partitions)
        self._held = deque(held for held in self._held if held.partition not in gone)
        self._tidy()

    def take(self, limit: int) -> list[Held]:
        """The next batch: at most so many, or those that belong together."""
        size = min(self._sizes.popleft() if self._sizes else limit, len(self._held))
        return [self._held.popleft() for _ in range(size)]

    def put_back(self, batch: Sequence[Held]) -> None:
        """Nothing became of these."""
        self._held.extendleft(reversed(batch))

    def again(self, batch: Sequence[Held]) -> None:
        """These are the next batch once more."""
        self.put_back(batch)
        self._sizes.appendleft(len(batch))

    def divide(self, batch: Sequence[Held]) -> None:
        """These are the next two batches."""
        self.put_back(batch)
        first = len(batch) // 2
        self._sizes.extendleft((len(batch) - first, first))
        self.divided = True

    def settle(self) -> None:
        """What was taken last is committed."""
        self._tidy()

    def _tidy(self) -> None:
        if not self._held:
            self._sizes.clear()
            self.divided = False
