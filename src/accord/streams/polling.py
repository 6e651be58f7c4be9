"""The one thread that owns the consumer: it fetches, stores offsets, pauses, and answers rebalances, for ever.

It never decodes, never handles, and never waits for anybody longer than its budget.
"""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from typing import Final

from accord.errors import AccordError
from accord.kafka import RecordConsumer, TopicPartition
from accord.streams.flow import Flow
from accord.streams.watchdog import Watchdog

logger = logging.getLogger(__name__)

FETCH_S: Final = 0.2
# With more than this, and as much again that waits, the interpreter's garbage collector begins to look through them.
MAX_BATCH: Final = 300


class Polling:
    """Polls ``topics`` into ``flow`` until that stops, on a thread of its own.

    ``budget_s`` bounds how long a partition that is taken away waits for records that are being handled.
    ``before_leaving`` is called, with the rest of the budget's order of magnitude, before the consumer is closed.
    """

    def __init__(
        self,
        client: RecordConsumer,
        flow: Flow,
        *,
        topics: Sequence[str],
        budget_s: float,
        before_leaving: Callable[[], object],
        watchdog: Watchdog | None = None,
    ) -> None:
        self._client = client
        self._flow = flow
        self._topics = topics
        self._budget_s = budget_s
        self._before_leaving = before_leaving
        self._watchdog = watchdog
        self._fresh: list[TopicPartition] = []
        self._thread = threading.Thread(target=self._run, name="accord-consumer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def join(self, timeout_s: float | None = None) -> bool:
        """Wait for the end; whether it has come."""
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def on_assigned(self, partitions: Collection[TopicPartition]) -> None:
        """Partitions come."""
        logger.info("partitions assigned", extra={"partitions": [str(place) for place in partitions]})
        self._flow.assign(partitions)
        self._fresh.extend(partitions)

    def on_revoked(self, partitions: Collection[TopicPartition]) -> None:
        """Partitions go: finish what is out, commit, forget."""
        logger.info("partitions revoked", extra={"partitions": [str(place) for place in partitions]})
        self._commit(partitions)
        self._flow.forget(partitions)

    def on_lost(self, partitions: Collection[TopicPartition]) -> None:
        """Partitions are somebody else's already."""
        logger.warning("partitions lost", extra={"partitions": [str(place) for place in partitions]})
        self._flow.forget(partitions)

    def _run(self) -> None:
        try:
            self._client.subscribe(self._topics, self)
            while not self._flow.stopping and not self._flow.failed:
                self._turn()
        except Exception as error:  # noqa: BLE001 -- whatever it is, the handling threads must hear of it
            self._flow.fail(error)
        try:
            self._leave()
        except Exception as error:
            logger.exception("leaving the group failed")
            self._flow.fail(error)

    def _turn(self) -> None:
        room = self._flow.room(wait_s=FETCH_S)
        # First what is there already: to wait for a number of records is to wait for the last of them.
        records = self._client.consume(min(room, MAX_BATCH), 0.0) if room else ()
        # One record at least, room or not: only a call that may return records serves rebalances.
        records = records or self._client.consume(1, FETCH_S)
        if records:
            self._flow.put(records)
        if self._fresh:
            # A pause may outlive the assignment that it was meant for.
            self._client.resume(self._fresh)
            self._fresh.clear()
        to_pause, to_resume = self._flow.pauses()
        if to_pause:
            self._client.pause(to_pause)
        if to_resume:
            self._client.resume(to_resume)
        offsets = self._flow.storable()
        if offsets:
            self._client.store(offsets)
        if self._watchdog is not None:
            self._watchdog.look()

    def _leave(self) -> None:
        partitions = self._flow.partitions
        self._flow.release(partitions, within_s=self._budget_s)
        self._before_leaving()
        offsets = self._flow.release(partitions, within_s=0)
        if offsets:
            # Stored, for `close` to commit. A commit of our own would wait for an answer here, in the thread that has
            # to answer rebalances: in the middle of one, neither comes before the session has timed out.
            self._client.store(offsets)
        self._flow.forget(partitions)
        self._client.close()

    def _commit(self, partitions: Collection[TopicPartition]) -> None:
        offsets = self._flow.release(partitions, within_s=self._budget_s)
        if not offsets:
            return
        try:
            # Stored as well: the client commits what was stored last when it lets go, and must not go back to less.
            self._client.store(offsets)
            self._client.commit(offsets)
        except AccordError as error:
            # Whoever has the partitions next handles the records since the last commit again.
            logger.warning("offsets not committed: %s", error.message, extra={"hint": error.hint})
