"""The consumer behind the port."""

import logging
from collections.abc import Collection, Mapping, Sequence
from typing import Final, cast

from confluent_kafka import Consumer, KafkaError, KafkaException
from confluent_kafka import Message as ClientMessage
from confluent_kafka import TopicPartition as ClientPartition

from accord.errors import AccordError
from accord.kafka.errors import NOT_ALLOWED, is_fatal, kafka_error, translated
from accord.kafka.groups import group_protocol
from accord.kafka.headers import with_readable_headers
from accord.kafka.metadata import cluster_id, missing_topics
from accord.kafka.ports import RebalanceListener
from accord.kafka.record import Message, TopicPartition
from accord.kafka.settings import KafkaSettings, Property
from accord.kafka.start import Beginning, Start

logger = logging.getLogger(__name__)

FIXED: Final[dict[str, Property]] = {"enable.auto.commit": True, "enable.auto.offset.store": False}
IN_TRANSACTIONS: Final[dict[str, Property]] = {
    "enable.auto.commit": False,
    "enable.auto.offset.store": False,
    "isolation.level": "read_committed",
}
DEFAULTS: Final[dict[str, Property]] = {"auto.commit.interval.ms": 1000}

# How the client writes down who is no member (yet, or any more): its mark, and a generation of -1.
NO_GENERATION: Final = b"CGMDv2:" + b"\xff" * 4

STRATEGY: Final = "partition.assignment.strategy"
CLASSIC_GROUPS: Final[dict[str, Property]] = {STRATEGY: "cooperative-sticky"}


class KafkaConsumer:
    """A member of ``group`` that commits, once a second, what is stored and nothing else.

    ``start`` says where a group begins that has no committed offset. With ``in_transactions`` it commits nothing by
    itself: a producer's transactions carry the offsets. Raises ConfigurationError on settings that the
    client does not know, and BrokersUnavailable if no broker answers within ``connect_timeout_s``.
    """

    def __init__(
        self,
        settings: KafkaSettings,
        *,
        group: str,
        start: Start = "earliest",
        connect_timeout_s: float = 10.0,
        in_transactions: bool = False,
    ) -> None:
        self._settings = settings
        self._failure: AccordError | None = None
        self._beginning = Beginning(start)
        chosen = {**settings.properties, **settings.consumer}
        protocol = group_protocol(settings, chosen, timeout_s=connect_timeout_s)
        defaults = {
            **DEFAULTS,
            "auto.offset.reset": self._beginning.reset,
            "group.protocol": protocol,
            **(CLASSIC_GROUPS if protocol == "classic" else {}),
        }
        fixed = {**(IN_TRANSACTIONS if in_transactions else FIXED), "group.id": group}
        strategy = str(chosen.get(STRATEGY, CLASSIC_GROUPS[STRATEGY]))
        self._is_cooperative = protocol == "consumer" or "cooperative" in strategy
        config = settings.client_config(defaults, own=settings.consumer, fixed=fixed)
        try:
            self._client = Consumer({**config, "error_cb": self._on_trouble})
        except KafkaException as error:
            raise self._translated(kafka_error(error), "making a consumer") from error

    def subscribe(self, topics: Sequence[str], listener: RebalanceListener) -> None:
        """Join the group for these topics."""
        self._client.subscribe(
            list(topics),
            on_assign=lambda _, partitions: self._on_assigned(partitions, listener),
            on_revoke=lambda _, partitions: listener.on_revoked(_places(partitions)),
            on_lost=lambda _, partitions: listener.on_lost(_places(partitions)),
        )

    def _on_assigned(self, partitions: list[ClientPartition], listener: RebalanceListener) -> None:
        if self._beginning.mark and partitions:
            self._beginning.place(self._client, partitions, servers=self._settings.bootstrap_servers)
            # Otherwise the client does this by itself.
            (self._client.incremental_assign if self._is_cooperative else self._client.assign)(partitions)
        listener.on_assigned(_places(partitions))

    def consume(self, max_records: int, timeout_s: float) -> Sequence[Message]:
        """Up to so many records, waiting for them at most so long; also serves rebalances."""
        try:
            messages = self._client.consume(max_records, timeout_s)
        except KafkaException as error:
            raise self._translated(kafka_error(error), "consuming") from error
        if self._failure is not None:
            raise self._failure
        # An error is always true, and cannot be compared with None.
        if any([message.error() for message in messages]):  # noqa: C419 -- a generator takes twice as long
            messages = [message for message in messages if self._is_record(message)]
        # The client's stub allows None where a record has none.
        return cast("list[Message]", with_readable_headers(messages))

    def store(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Remember the next offset of each partition for the periodic commit."""
        try:
            self._client.store_offsets(offsets=self._marked(offsets))
        except KafkaException as error:
            # The partitions have left us since; whoever has them now starts at the last commit.
            logger.info(
                "offsets not stored: %s", error, extra={"partitions": [str(place) for place in offsets]}
            )

    def commit(self, offsets: Mapping[TopicPartition, int]) -> None:
        """Commit these next offsets now, and wait for the answer."""
        try:
            answers = self._client.commit(offsets=self._marked(offsets), asynchronous=False)
        except KafkaException as error:
            raise self._translated(kafka_error(error), "committing offsets") from error
        for answer in answers or ():
            if answer.error is not None:
                raise self._translated(
                    answer.error, f"committing the offset of {answer.topic}[{answer.partition}]"
                )

    def membership(self) -> object | None:
        """Who this member is now, for a transaction that carries offsets; None while it is no member."""
        identity = bytes(self._client.consumer_group_metadata())
        # Of somebody without a generation brokers check nothing, if the group has no members at that moment.
        return None if identity.startswith(NO_GENERATION) or not self._client.memberid() else identity

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch no more from these."""
        self._client.pause(_partitions(partitions))

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        """Fetch from these again."""
        self._client.resume(_partitions(partitions))

    def missing_topics(self, topics: Collection[str], timeout_s: float) -> Collection[str]:
        """Those that do not exist."""
        return missing_topics(self._client, topics, timeout_s, self._settings.bootstrap_servers)

    def cluster_id(self, timeout_s: float) -> str:
        """The cluster's own id."""
        return cluster_id(self._client, timeout_s, self._settings.bootstrap_servers)

    def close(self) -> None:
        """Commit what is stored, and leave the group."""
        self._client.close()

    def _marked(self, offsets: Mapping[TopicPartition, int]) -> list[ClientPartition]:
        mark = self._beginning.mark
        return [
            ClientPartition(place.topic, place.partition, offset, mark)
            if mark
            else ClientPartition(place.topic, place.partition, offset)
            for place, offset in offsets.items()
        ]

    def _is_record(self, message: ClientMessage) -> bool:
        error = message.error()
        if error is None:
            return True
        if is_fatal(error) or error.code() in NOT_ALLOWED:
            raise self._translated(error, f"consuming from '{message.topic() or 'the group'}'")
        logger.warning(
            "consumer trouble: %s", error.str(), extra={"code": error.name(), "topic": message.topic()}
        )
        return False

    def _on_trouble(self, error: KafkaError) -> None:
        if is_fatal(error) or error.code() in NOT_ALLOWED:
            self._failure = self._translated(error, "consuming")

    def _translated(self, error: KafkaError, doing: str) -> AccordError:
        return translated(error, doing=doing, bootstrap_servers=self._settings.bootstrap_servers)


def _places(partitions: Sequence[ClientPartition]) -> list[TopicPartition]:
    return [TopicPartition(item.topic, item.partition) for item in partitions]


def _partitions(places: Collection[TopicPartition]) -> list[ClientPartition]:
    return [ClientPartition(place.topic, place.partition) for place in places]
