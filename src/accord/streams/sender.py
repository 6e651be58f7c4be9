"""A Kafka producer with a thread of its own that serves delivery callbacks, and backpressure with a deadline."""

import logging
import threading
import time
from typing import Final

from accord.kafka import OnDelivery, OutgoingRecord, QueueFull, RecordProducer

logger = logging.getLogger(__name__)

POLL_S: Final = 0.1
ROOM_EVERY_S: Final = 0.005


class Sender:
    """Sends records from any thread; callbacks run on the sender's own thread, and must not wait for anything."""

    def __init__(self, client: RecordProducer, *, name: str) -> None:
        self._client = client
        self._closing = False
        self._thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._thread.start()

    @property
    def client(self) -> RecordProducer:
        """The producer itself."""
        return self._client

    def send(self, record: OutgoingRecord, on_delivery: OnDelivery, *, within_s: float) -> None:
        """Enqueue the record, waiting for room at most so long. Raises QueueFull, RecordTooLarge, ClientFailed."""
        deadline = time.monotonic() + within_s
        while True:
            try:
                self._client.produce(record, on_delivery)
            except QueueFull:
                if time.monotonic() >= deadline:
                    raise
            else:
                return
            time.sleep(ROOM_EVERY_S)

    def flush(self, timeout_s: float) -> int:
        """Wait until everything is delivered or failed, at most so long; answers how many records are left."""
        return self._client.flush(timeout_s)

    def close(self, timeout_s: float) -> None:
        """Flush, give up what cannot be delivered in time (its callbacks say so), and end the thread."""
        left = self._client.flush(timeout_s)
        if left:
            logger.error("records given up at close", extra={"records": left})
            self._client.purge()
            self._client.flush(POLL_S)
        self._closing = True
        self._thread.join()

    def _serve(self) -> None:
        while not self._closing:
            self._client.poll(POLL_S)
