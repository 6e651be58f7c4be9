"""Consuming events: each one handled to the end, tried again, or put aside with its bytes; none is lost.

A thread of its own fetches; decoding and handling happen in the thread that runs the loop.
"""

from collections.abc import Iterator
from types import TracebackType
from typing import Self

from accord.streams.batches import Batch, Batches
from accord.streams.member import Member
from accord.streams.record import Record
from accord.streams.typevars import E


class Consumer(Member[E]):
    """A member of ``group`` that reads the topics of ``contracts``.

        with Consumer(kafka, registry, group="billing", contracts=[ORDERS]) as consumer:
            for record in consumer:
                with record:
                    handle(record.value)

    The loop ends after ``stop()``. Offsets are committed only up to records that are done or safely put aside, so after
    a crash some records are handled again and none is missed. Several threads may run the loop at the same time: the
    records of a partition are handled one after the other; with several ``lanes`` a partition, those with the same key.

    Several contracts may share a topic: a record goes to the one whose event it is, and events of which none speaks are
    put aside, or passed over with ``others="skip"``. ``retry`` says how often a failing handler is tried, and whether from
    retry topics, which have to exist like the dead-letter topics; ``start`` where a group begins that has no offsets;
    ``buffer`` how many fetched records may wait; ``breaker`` after how many dead letters the consumer stops (None: never);
    ``max_handler_s`` how long a record may be in hand before the consumer gives up and leaves the group (None: for ever);
    ``stacktraces`` whether dead letters carry one; ``letters_also=("spring", "connect")`` gives them the headers by which tools
    for Spring Kafka and Kafka Connect know them, beside our own. ``budget_s`` bounds how long ``close``, or a partition that is taken
    away, waits for the records in hand: 30 seconds, and no more than a quarter of ``max.poll.interval.ms``, unless said
    otherwise.

    At its start the registry is told, beside everything else, that ``service`` (the group, unless said otherwise) reads
    these contracts, so that a check of a new schema knows whom it hits; with ``report_reader=False`` it is not. A registry
    that takes no such reports is left alone.
    """

    def start(self) -> None:
        """Connect and join the group; the loop does it by itself.

        Raises BrokersUnavailable, KafkaRefused, TopicNotFound if a topic or its dead-letter topic is missing, or
        ContractDisagrees if a contract cannot read what its subject's newest version writes.
        """
        self._start()

    def __iter__(self) -> Iterator[Record[E]]:
        """The records, until ``stop``. Raises what made the consumer fail, and RecordNotSettled."""
        self.start()
        if self._running is None:
            return
        records = self._running.settling.records
        while (run := self._flow.take()) is not None:
            yield from records(run)

    def batches(self, *, max_records: int = 300, wait_s: float = 0.2) -> Iterator[Batch[E]]:
        """The records in batches of up to so many, until ``stop``; one that has a record waits so long for more.

        for batch in consumer.batches():
            with batch:
                store(batch.values)
        """
        self.start()
        if self._running is not None:
            yield from Batches(self._running.settling, max_records=max_records, wait_s=wait_s)

    def close(self) -> None:
        """Stop; wait, within the budget, for the record in hand and for dead letters; commit; leave the group."""
        self._close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
