"""A Kafka producer with a thread of its own that serves delivery callbacks, and backpressure with a deadline."""

import atexit
import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from accord.kafka import OnDelivery, OutgoingRecord, QueueFull, RecordProducer

logger = logging.getLogger(__name__)

POLL_S: Final = 0.1
# Whoever waits for room is woken; this is for the one who began to wait just after that.
LOOK_AGAIN_S: Final = 0.05
GIVE_UP_S: Final = 1.0
# Whoever ends a program waits for it.
AT_EXIT_S: Final = 10.0


class Sender:
    """Sends records from any thread; callbacks run on the sender's own thread, and must not wait for anything.

    ``after_round`` is called after each round of callbacks, on the thread that served them.
    """

    def __init__(
        self, client: RecordProducer, *, name: str, after_round: Callable[[], None] = lambda: None
    ) -> None:
        self._client = client
        self._after_round = after_round
        self._room = threading.Condition()
        self._waiting_for_room = 0
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()
        atexit.register(self._exit)

    @property
    def client(self) -> RecordProducer:
        """The producer itself."""
        return self._client

    def send(self, record: OutgoingRecord, on_delivery: OnDelivery, *, within_s: float) -> None:
        """Enqueue the record, waiting for room at most so long. Raises QueueFull, RecordTooLarge, ClientFailed."""
        try:
            self._client.produce(record, on_delivery)
        except QueueFull as full:
            self.retry(lambda: self._client.produce(record, on_delivery), full, within_s=within_s)

    def retry(self, enqueue: Callable[[], None], full: QueueFull, *, within_s: float) -> None:
        """Try again whenever there may be room, for at most so long, what found the queue full. Raises QueueFull."""
        if threading.current_thread() is self._thread:
            # It makes the room, and cannot wait for any.
            raise full
        deadline = time.monotonic() + within_s
        while (left_s := deadline - time.monotonic()) > 0:
            with self._room:
                self._waiting_for_room += 1
                try:
                    self._room.wait(min(left_s, LOOK_AGAIN_S))
                finally:
                    self._waiting_for_room -= 1
            try:
                enqueue()
            except QueueFull as still_full:
                full = still_full
            else:
                return
        raise full

    def flush(self, timeout_s: float) -> int:
        """Wait until everything is delivered or failed, at most so long; answers how many records are left."""
        left = self._client.flush(timeout_s)
        self._round_ends()
        return left

    def give_up(self) -> None:
        """Let everything fail that is not delivered; the callbacks say so."""
        self._client.purge()
        self.flush(GIVE_UP_S)

    def close(self, timeout_s: float) -> int:
        """Flush, give up what cannot be delivered in time, and end the thread; answers how many were given up."""
        atexit.unregister(self._exit)
        left = self._client.flush(timeout_s)
        if left:
            logger.error("records given up at close", extra={"records": left})
            self.give_up()
        self._closing = True
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout_s + GIVE_UP_S)
        self._round_ends()
        return left

    def _exit(self) -> None:
        """The program ends, and nobody has closed this: what it sent is not to be lost with it."""
        # In a forked process the thread is gone, and the records are the parent's.
        if self._thread.is_alive():
            logger.warning("a producer was not closed before the program ended; it is closed now")
            self.close(AT_EXIT_S)

    def _serve(self) -> None:
        while not self._closing:
            try:
                self._client.poll(POLL_S)
                self._round_ends()
            except Exception:
                # Without this thread nobody would learn anything of any record.
                logger.exception("a delivery callback failed")

    def _round_ends(self) -> None:
        if self._waiting_for_room:
            with self._room:
                self._room.notify_all()
        self._after_round()
