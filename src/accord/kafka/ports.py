"""What the rest of the project asks of a Kafka client."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Protocol

from accord.kafka.errors import DeliveryFailed
from accord.kafka.record import Delivered, Message, OutgoingRecord, TopicPartition

OnDelivery = Callable[[Delivered | DeliveryFailed], None]


class RebalanceListener(Protocol):
    """Told, within ``consume`` and ``close``, which partitions come and go."""

    def on_assigned(self, partitions: Collection[TopicPartition]) -> None:
        """These partitions are ours from now on."""

    def on_revoked(self, partitions: Collection[TopicPartition]) -> None:
        """These partitions go to somebody else when this returns; until then their offsets can be committed."""

    def on_lost(self, partitions: Collection[TopicPartition]) -> None:
        """These partitions are somebody else's already; nothing about them can be committed any more."""


class RecordConsumer(Protocol):
    """A member of a consumer group. One thread owns it."""

    def subscribe(self, topics: Sequence[str], listener: RebalanceListener) -> None:
        """Join the group for these topics."""

    def consume(self, max_records: int, timeout_s: float) -> Sequence[Message]:
        """Up to so many records, waiting for them at most so long; also serves rebalances.

        Raises AccordError if the member can do no more (fenced, not allowed). Passing trouble is logged.
        """

    def store(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Remember the next offset of each partition for the periodic commit; partitions that left us are skipped."""

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Commit these next offsets now, and wait for the answer. Raises AccordError."""

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch no more from these."""

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch from these again."""

    def missing_topics(self, topics: Collection[str], timeout_s: float) -> Collection[str]:
        """Those that do not exist. Raises BrokersUnavailable if nobody answers in time."""

    def cluster_id(self, timeout_s: float) -> str:
        """The cluster's own id. Raises BrokersUnavailable if nobody answers in time."""

    def close(self) -> None:
        """Commit what is stored, and leave the group."""


class RecordProducer(Protocol):
    """Writes records. Any thread may call it; callbacks run in whoever calls ``poll`` or ``flush``."""

    def produce(self, record: OutgoingRecord, on_delivery: OnDelivery) -> None:
        """Enqueue the record; ``on_delivery`` is called exactly once if this returns.

        Raises QueueFull, RecordTooLarge, ClientFailed.
        """

    def poll(self, timeout_s: float) -> None:
        """Serve callbacks, waiting at most so long for the first."""

    def flush(self, timeout_s: float) -> int:
        """Wait until everything is delivered or failed, at most so long; answers how many records are left."""

    def purge(self) -> None:
        """Give up everything that is not delivered; callbacks tell each record's owner."""

    def missing_topics(self, topics: Collection[str], timeout_s: float) -> Collection[str]:
        """Those that do not exist and that the brokers do not create on their own."""
