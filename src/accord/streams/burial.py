"""Writes dead letters, and records for retry topics, and says when the brokers have them.

One that cannot be written is the end of the consumer.
"""

import logging
from collections.abc import Callable, Iterator
from typing import Final, Protocol

from accord.errors import AccordError
from accord.kafka import Delivered, DeliveryFailed, OnDelivery, OutgoingRecord, RecordTooLarge
from accord.streams.errors import DeadLetterFailed

logger = logging.getLogger(__name__)

ROOM_WITHIN_S: Final = 30.0


class SendsLetters(Protocol):
    """Writes dead letters, from any thread."""

    def send(self, record: OutgoingRecord, on_delivery: OnDelivery, *, within_s: float) -> None:
        """Enqueue it, waiting for room at most so long. Raises QueueFull, RecordTooLarge, ClientFailed."""


class Burial:
    """One dead letter on its way: tries its forms, the whole one first, until one is not too large.

    ``what`` is what its owner calls it.
    """

    def __init__(
        self,
        sender: SendsLetters,
        letters: Iterator[OutgoingRecord],
        *,
        on_buried: Callable[[], None],
        on_failure: Callable[[DeadLetterFailed], None],
        what: str = "a dead letter",
    ) -> None:
        self._sender = sender
        self._letters = letters
        self._on_buried = on_buried
        self._on_failure = on_failure
        self._what = what

    def begin(self, *, within_s: float = ROOM_WITHIN_S) -> None:
        """Write the letter; waits at most for room in the queue, for so many seconds."""
        self._try_next(within_s=within_s)

    def _try_next(self, *, within_s: float) -> None:
        error: AccordError | None = None
        for letter in self._letters:
            try:
                self._sender.send(letter, self._report, within_s=within_s)
            except RecordTooLarge as too_large:
                error = too_large
                continue
            except AccordError as other:
                error = other
                break
            return
        self._on_failure(self._failed(error))

    def _report(self, outcome: Delivered | DeliveryFailed) -> None:
        if isinstance(outcome, RecordTooLarge):
            logger.warning("%s is too large and is shortened: %s", self._what, outcome.message)
            # This is the thread that makes room in the queue; it cannot wait for any.
            self._try_next(within_s=0)
        elif isinstance(outcome, DeliveryFailed):
            self._on_failure(self._failed(outcome))
        else:
            self._on_buried()

    def _failed(self, error: AccordError | None) -> DeadLetterFailed:
        reason = error.message if error else "no form of it is small enough for the topic"
        failure = DeadLetterFailed(
            f"{self._what} could not be written: {reason}",
            hint=(error.hint if error else "")
            or "mend the topic that it goes to, and start the consumer again",
        )
        failure.__cause__ = error
        return failure
