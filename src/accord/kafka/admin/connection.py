"""How an operator's question reaches the brokers, and how their answer comes back."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any, Final

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from accord.kafka.errors import kafka_error, translated
from accord.kafka.settings import KafkaSettings

TIMEOUT_S: Final = 30.0


@contextmanager
def connected(kafka: KafkaSettings, doing: str) -> Iterator[AdminClient]:
    """A client for operators; what it raises comes out as AccordError, ``doing`` completing "… failed"."""
    with translating(kafka, doing):
        yield AdminClient(kafka.client_config())


@contextmanager
def translating(kafka: KafkaSettings, doing: str) -> Iterator[None]:
    """Turn what the client library raises into AccordError."""
    try:
        yield
    except KafkaException as error:
        raise translated(
            kafka_error(error), doing=doing, bootstrap_servers=kafka.bootstrap_servers
        ) from error


def answers(futures: Mapping[Any, "Future[Any]"]) -> list[Any]:
    """All answers; the first failure is raised."""
    return [future.result() for future in futures.values()]
