"""Records of retry topics, handed out when they are due and not before. Pure; time is handed in."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from accord.kafka import Message, record_of
from accord.streams.reading import Reading
from accord.streams.retry_topics import RetryTopics

# Each lane waits for one record; what is left over are those of partitions that have gone.
MOST_SEEN: Final = 10_000

Read = Callable[[Message], Reading]


class NotDue(Exception):
    """The record is not to be handled yet."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"due in {after_s:.2f} s")
        self.after_s = after_s


@dataclass(slots=True)
class Schedule:
    """Remembers when a record was seen first: whatever its headers say, it waits no longer than its topic's delay."""

    _seen_ms: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def when_due(self, read: Read, way: RetryTopics, now: Callable[[], float]) -> Read:
        """``read``, which raises NotDue for records whose time has not come; ``now`` gives seconds since 1970."""

        def read_when_due(message: Message) -> Reading:
            place = (message.topic(), message.partition(), message.offset())
            now_s = now()
            seen_ms = self._seen_ms.get(place) or math.ceil(now_s * 1000)
            due_s = way.due_ms(record_of(message), seen_ms) / 1000
            if now_s < due_s:
                self._remember(place, seen_ms)
                raise NotDue(due_s - now_s)
            self._seen_ms.pop(place, None)
            return read(message)

        return read_when_due

    def _remember(self, place: tuple[str, int, int], seen_ms: int) -> None:
        if len(self._seen_ms) >= MOST_SEEN and place not in self._seen_ms:
            self._seen_ms.clear()
        self._seen_ms[place] = seen_ms
