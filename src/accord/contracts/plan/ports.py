"""The world that plans are made for: a cluster and a registry. Either may be missing where nothing is wanted of it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from accord.client import Registry
from accord.errors import ConfigurationError
from accord.kafka import Acl, TopicSpec


@dataclass(frozen=True, slots=True)
class ObservedTopic:
    """A topic as it is: the brokers that have each partition, and what is set on it itself."""

    name: str
    replicas: tuple[tuple[int, ...], ...]
    overrides: Mapping[str, str]

    @property
    def partitions(self) -> int:
        """How many it has."""
        return len(self.replicas)


class Cluster(Protocol):
    """What plans see of a Kafka cluster, and do to it. Every method raises AccordError.

    What changes something may be done twice: the second time it changes nothing.
    """

    @property
    def address(self) -> str:
        """The bootstrap servers, for commands that people are to run."""

    def identity(self) -> str:
        """The cluster's own id."""

    def brokers(self) -> Sequence[int]:
        """The ids of the brokers that run."""

    def topic_names(self) -> Collection[str]:
        """Every topic that there is."""

    def topics(self, names: Collection[str]) -> Sequence[ObservedTopic]:
        """These topics, all of which there are, by name."""

    def acls(self) -> Sequence[Acl] | None:
        """Every ACL, in order; None without an authorizer."""

    def reason_against_topic(self, topic: TopicSpec) -> str:
        """Why the brokers would not make it; "" if they would."""

    def reason_against_settings(
        self, topic: str, changed: Mapping[str, str], removed: Collection[str]
    ) -> str:
        """Why the brokers would not change these settings; "" if they would."""

    def create_topic(self, topic: TopicSpec) -> None:
        """Make it, and return when it can be used."""

    def add_partitions(self, topic: str, total: int) -> None:
        """Give it so many."""

    def change_settings(self, topic: str, changed: Mapping[str, str], removed: Collection[str]) -> None:
        """Set some, and take others back."""

    def delete_topic(self, topic: str) -> None:
        """Remove it and all its records."""

    def allow(self, acls: Collection[Acl]) -> None:
        """Make these ACLs."""

    def revoke(self, acls: Collection[Acl]) -> None:
        """Remove these ACLs."""


@dataclass(frozen=True, slots=True)
class World:
    """Where a project is applied to."""

    kafka: Cluster | None
    registry: Registry | None

    @property
    def cluster(self) -> Cluster:
        """The cluster. Raises ConfigurationError if none is named."""
        if self.kafka is None:
            raise ConfigurationError(
                "the project has topics, and no Kafka cluster is named",
                hint="give --kafka HOST:PORT, or an environment that names one",
            )
        return self.kafka

    @property
    def schemas(self) -> Registry:
        """The registry. Raises ConfigurationError if none is named."""
        if self.registry is None:
            raise ConfigurationError(
                "the project has schemas, and no registry is named",
                hint="give --registry URL, or an environment that names one",
            )
        return self.registry
