"""Questions that any client can put to the cluster."""

from collections.abc import Collection
from typing import Any, Protocol

from confluent_kafka import KafkaError, KafkaException

from accord.kafka.errors import UNKNOWN_TOPIC, BrokersUnavailable, kafka_error, translated


class Asks(Protocol):
    """A client of any kind."""

    def list_topics(self, topic: str | None = None, timeout: float = -1) -> Any:  # noqa: ANN401 -- the client's own stub
        """What the brokers say of one topic, or of all."""

    def cluster_id(self, timeout: float = -1) -> str:
        """The cluster's id."""


def missing_topics(
    client: Asks, topics: Collection[str], timeout_s: float, bootstrap_servers: str
) -> list[str]:
    """Those topics that do not exist. Raises BrokersUnavailable if nobody answers in time."""
    missing = []
    for topic in topics:
        error = _topic_error(client, topic, timeout_s, bootstrap_servers)
        if error is not None and error.code() in UNKNOWN_TOPIC:
            missing.append(topic)
        elif error is not None and error.code() != KafkaError.LEADER_NOT_AVAILABLE:
            raise translated(error, doing=f"asking for topic '{topic}'", bootstrap_servers=bootstrap_servers)
    return missing


def cluster_id(client: Asks, timeout_s: float, bootstrap_servers: str) -> str:
    """The cluster's id. Raises BrokersUnavailable if nobody answers in time."""
    # Asking for the metadata first tells an address that nobody listens on from a cluster without an id.
    _ask(client, None, timeout_s, bootstrap_servers)
    return client.cluster_id(timeout_s) or ""


def broker_ids(client: Asks, timeout_s: float, bootstrap_servers: str) -> list[int]:
    """The ids of the brokers, at least one. Raises BrokersUnavailable if nobody answers in time."""
    return sorted(_ask(client, None, timeout_s, bootstrap_servers).brokers)


def _topic_error(client: Asks, topic: str, timeout_s: float, bootstrap_servers: str) -> KafkaError | None:
    answer = _ask(client, topic, timeout_s, bootstrap_servers)
    known = answer.topics.get(topic)
    error: KafkaError | None = (
        known.error if known is not None else KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART)
    )
    return error


def _ask(client: Asks, topic: str | None, timeout_s: float, bootstrap_servers: str) -> Any:  # noqa: ANN401
    doing = f"asking for topic '{topic}'" if topic else "connecting"
    try:
        return client.list_topics(topic, timeout_s) if topic else client.list_topics(timeout=timeout_s)
    except KafkaException as error:
        inner = kafka_error(error)
        if inner.code() == KafkaError._TIMED_OUT:  # noqa: SLF001 -- the client's public name
            raise BrokersUnavailable(
                f"no broker at {bootstrap_servers} answered within {timeout_s:g} s",
                hint="check the addresses, and that brokers listen there and are reachable from this machine",
            ) from error
        raise translated(inner, doing=doing, bootstrap_servers=bootstrap_servers) from error
