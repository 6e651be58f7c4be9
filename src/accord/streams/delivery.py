"""What becomes of a record that was sent."""

import logging
import threading
from collections.abc import Callable, Generator
from copy import copy
from typing import Any, Final, Protocol

import msgspec

from accord.kafka import Delivered, DeliveryFailed, Report, delivered

logger = logging.getLogger(__name__)

# One for all: it is taken where somebody waits, and held for a few instructions.
_WAITING: Final = threading.Lock()


class Destination(Protocol):
    """Where records go."""

    @property
    def topic(self) -> str:
        """The topic's name."""

    def failure(self, error: Any, /) -> DeliveryFailed:  # noqa: ANN401 -- the client's own
        """What an error means that the client gave for a record."""


class Delivery(msgspec.Struct, gc=False, eq=False):
    """A record on its way, which ends with Delivered or DeliveryFailed; nobody can cancel it.

    ``delivery.result(timeout)`` waits in a thread, ``await delivery`` in asyncio. A failure is logged all the same.
    """

    # There is one for each record, and thousands at a time. The garbage collector does not look at this kind, nor at a
    # bound method for each: that would cost more than all the rest of a delivery.
    _destination: Destination
    _outcome: Delivered | DeliveryFailed | Report | None = None
    _waiting: list[Callable[["Delivery"], object]] | None = None

    def __call__(self, error: Any, report: Report) -> None:  # noqa: ANN401 -- the client's own
        """Take what the client tells when the record has arrived or failed."""
        if error is None:
            # A copy that nobody needs any more.
            report.set_value(None)
            self._outcome = report
        else:
            self._outcome = self._destination.failure(error)
        if self._waiting is not None:
            self._wake()

    def __repr__(self) -> str:
        return f"<Delivery to {self._destination.topic}: {'ended' if self.done() else 'on its way'}>"

    def done(self) -> bool:
        """Whether it has ended."""
        return self._outcome is not None

    def result(self, timeout: float | None = None) -> Delivered:
        """Wait until the brokers have the record. Raises DeliveryFailed, or TimeoutError after ``timeout`` seconds."""
        if self._outcome is None:
            ended = threading.Event()
            self.add_done_callback(lambda _: ended.set())
            if not ended.wait(timeout):
                raise TimeoutError(f"the record for '{self._destination.topic}' is still on its way")
        outcome = self._outcome
        if isinstance(outcome, DeliveryFailed):
            # What is raised knows who called, who may know this: a circle that the garbage collector would not see.
            raise copy(outcome)
        if isinstance(outcome, Delivered):
            return outcome
        # Most deliveries are never looked at: what they say is put together here.
        assert outcome is not None  # noqa: S101 -- it has ended
        self._outcome = found = delivered(self._destination.topic, outcome)
        return found

    def add_done_callback(self, call: Callable[["Delivery"], object]) -> None:
        """Call it with this delivery once that has ended, or now if it has.

        It runs on the thread that serves all deliveries, and must not wait for anything.
        """
        with _WAITING:
            if self._waiting is None:
                self._waiting = [call]
            else:
                self._waiting.append(call)
        # It may have ended just before somebody waited for it.
        if self._outcome is not None:
            self._wake()

    def __await__(self) -> Generator[object, None, Delivered]:
        if self._outcome is None:
            import asyncio  # noqa: PLC0415 -- only those who await pay for it

            loop = asyncio.get_running_loop()
            ended = loop.create_future()

            def end() -> None:
                if not ended.done():
                    ended.set_result(None)

            def wake(_: Delivery) -> None:
                # A loop that is closed has nobody who waits.
                if not loop.is_closed():
                    loop.call_soon_threadsafe(end)

            self.add_done_callback(wake)
            yield from ended
        return self.result(0)

    def _wake(self) -> None:
        with _WAITING:
            waiting, self._waiting = self._waiting, None
        for call in waiting or ():
            try:
                call(self)
            except Exception:
                logger.exception("what waited for a delivery failed")


class Losses:
    """Counts the records that were not delivered, and tells of them: not everybody looks at each delivery."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._untold: dict[tuple[str, str], tuple[int, DeliveryFailed]] = {}

    def note(self, topic: str, failure: DeliveryFailed) -> None:
        """Count one."""
        with self._lock:
            count, _ = self._untold.get((topic, failure.code), (0, failure))
            self._untold[topic, failure.code] = (count + 1, failure)

    def tell(self) -> None:
        """Log what was counted since the last time: a line for each topic and reason, however many records."""
        if not self._untold:
            return
        with self._lock:
            untold, self._untold = self._untold, {}
        for (topic, code), (count, failure) in untold.items():
            logger.warning(
                "delivery failed: %s", failure.message, extra={"topic": topic, "code": code, "records": count}
            )
