"""What the Kafka client itself has to say, on the logger ``accord.kafka.client``."""

import logging
import re
import time
from collections.abc import Callable
from typing import Final

REPEAT_AFTER_S: Final = 30.0
MAX_REMEMBERED: Final = 1000

_NUMBER = re.compile(r"\d+")


class OnceInAWhile(logging.Filter):
    """Lets the same line, numbers aside, pass again only after a while.

    An address where nobody answers is news twice a minute, not twice a second.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._last: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is news."""
        line = _NUMBER.sub("#", record.getMessage())
        now = self._clock()
        if now - self._last.get(line, -REPEAT_AFTER_S) < REPEAT_AFTER_S:
            return False
        if len(self._last) >= MAX_REMEMBERED:
            self._last.clear()
        self._last[line] = now
        return True


CLIENT_LOGGER: Final = logging.getLogger("accord.kafka.client")
CLIENT_LOGGER.addFilter(OnceInAWhile())
