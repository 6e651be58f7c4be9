"""A real cluster behind the port."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from accord.contracts.plan.ports import ObservedTopic
from accord.errors import AccordError, UnavailableError
from accord.kafka import Acl, AuthorizerMissing, KafkaRefused, KafkaSettings, TopicNotFound, TopicSpec, admin

TOPIC_EXISTS: Final = "TOPIC_ALREADY_EXISTS"
# Who has the wrong address wants to know soon; a cluster that runs answers at once.
FIRST_ANSWER_S: Final = 10.0


class KafkaCluster:
    """The cluster that ``settings`` lead to."""

    def __init__(self, settings: KafkaSettings) -> None:
        self._settings = settings
        self.address = settings.bootstrap_servers

    def identity(self) -> str:
        """The cluster's own id."""
        return admin.cluster_id(self._settings, timeout_s=FIRST_ANSWER_S)

    def brokers(self) -> Sequence[int]:
        """The ids of the brokers that run."""
        return admin.brokers(self._settings)

    def topic_names(self) -> Collection[str]:
        """Every topic that there is."""
        return [topic.name for topic in admin.describe_topics(self._settings)]

    def topics(self, names: Collection[str]) -> Sequence[ObservedTopic]:
        """These topics, all of which there are, by name."""
        if not names:
            return []
        overrides = admin.topic_overrides(self._settings, names)
        return [
            ObservedTopic(
                topic.name, tuple(item.replicas for item in topic.partitions), overrides[topic.name]
            )
            for topic in admin.describe_topics(self._settings, names)
        ]

    def acls(self) -> Sequence[Acl] | None:
        """Every ACL, in order; None without an authorizer."""
        try:
            return admin.describe_acls(self._settings)
        except AuthorizerMissing:
            return None

    def reason_against_topic(self, topic: TopicSpec) -> str:
        """Why the brokers would not make it."""
        return admin.reason_against(self._settings, topic)

    def reason_against_settings(
        self, topic: str, changed: Mapping[str, str], removed: Collection[str]
    ) -> str:
        """Why the brokers would not change these settings."""
        try:
            admin.alter_topic_config(self._settings, topic, changed=changed, removed=removed, only_check=True)
        except UnavailableError:
            raise
        except AccordError as error:
            return error.message
        return ""

    def create_topic(self, topic: TopicSpec) -> None:
        """Make it, unless there is one."""
        try:
            admin.create_topics(self._settings, [topic])
        except KafkaRefused as error:
            if error.code != TOPIC_EXISTS:
                raise

    def add_partitions(self, topic: str, total: int) -> None:
        """Give it so many, unless it has them."""
        [description] = admin.describe_topics(self._settings, [topic])
        if len(description.partitions) < total:
            admin.add_partitions(self._settings, topic, total)

    def change_settings(self, topic: str, changed: Mapping[str, str], removed: Collection[str]) -> None:
        """Set some, and take others back."""
        admin.alter_topic_config(self._settings, topic, changed=changed, removed=removed)

    def delete_topic(self, topic: str) -> None:
        """Remove it and all its records."""
        try:
            admin.delete_topics(self._settings, [topic])
        except TopicNotFound:
            return

    def allow(self, acls: Collection[Acl]) -> None:
        """Make these ACLs."""
        admin.create_acls(self._settings, acls)

    def revoke(self, acls: Collection[Acl]) -> None:
        """Remove these ACLs."""
        admin.delete_acls(self._settings, acls)
