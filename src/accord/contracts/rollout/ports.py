"""What a rollout needs of the world: a registry, perhaps topics, and a clock."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol

from accord.client import Registry
from accord.contracts.carried import RECORDS, Carried, carried_schemas
from accord.contracts.plan.retries import group_of
from accord.kafka import KafkaSettings, TopicNotFound, admin


class Topics(Protocol):
    """The port to the cluster. Everything raises BrokersUnavailable and KafkaRefused."""

    def lag(self, group: str, topic: str) -> int:
        """How many records the group has not handled yet; of a group that has committed nothing, all of them."""

    def depth(self, topic: str) -> int:
        """How many records have ever come to the topic, gone ones too; none where there is no such topic."""

    def retries(self, topic: str) -> tuple[str, ...]:
        """The topics where records of it wait to be tried again."""

    def carried(self, topic: str) -> Carried:
        """The schemas that its records carry, as far as somebody has looked."""


@dataclass(frozen=True, slots=True)
class World:
    """Where a rollout takes place. ``topics`` is None where nobody can look at the cluster."""

    registry: Registry
    now_ms: Callable[[], int]
    topics: Topics | None = None


class KafkaTopics:
    """The topics of a cluster; ``scan`` is how many records of one are looked at."""

    def __init__(self, kafka: KafkaSettings, *, scan: int = RECORDS) -> None:
        self._kafka = kafka
        self._scan = scan

    def lag(self, group: str, topic: str) -> int:
        """How many records the group has not handled yet."""
        committed = admin.committed_offsets(self._kafka, group)
        ranges = admin.list_offsets(self._kafka, topic)
        return sum(
            offsets.end - max(committed.get(place, offsets.start), offsets.start)
            for place, offsets in ranges.items()
        )

    def depth(self, topic: str) -> int:
        """How many records have ever come."""
        with suppress(TopicNotFound):
            # Not from their beginning on, which moves as old ones expire: new ones would make up for them.
            return sum(offsets.end for offsets in admin.list_offsets(self._kafka, topic).values())
        return 0

    def retries(self, topic: str) -> tuple[str, ...]:
        """The topics there that are called as such ones, whoever reads."""
        names = (one.name for one in admin.describe_topics(self._kafka))
        return tuple(name for name in sorted(names) if group_of(name, [topic]) is not None)

    def carried(self, topic: str) -> Carried:
        """The schemas that its records carry, of the first so many; none where there is no such topic."""
        with suppress(TopicNotFound):
            return carried_schemas(self._kafka, topic, limit=self._scan)
        return Carried()
