"""The settings of topics."""

from collections.abc import Collection, Mapping
from typing import Final

from confluent_kafka.admin._config import AlterConfigOpType, ConfigEntry, ConfigResource, ConfigSource
from confluent_kafka.admin._resource import ResourceType

from accord.kafka.admin.connection import TIMEOUT_S, answers, connected
from accord.kafka.settings import KafkaSettings

# Brokers answer for many topics at once, and a request for very many takes long.
BATCH: Final = 100


def topic_config(kafka: KafkaSettings, topic: str, *, timeout_s: float = TIMEOUT_S) -> dict[str, str]:
    """What counts for the topic, such as ``cleanup.policy``. Raises TopicNotFound."""
    with connected(kafka, f"reading the configuration of '{topic}'") as client:
        request = [ConfigResource(ResourceType.TOPIC, topic)]
        [entries] = answers(client.describe_configs(request, request_timeout=timeout_s))
    return {name: entry.value for name, entry in entries.items()}


def topic_overrides(
    kafka: KafkaSettings, topics: Collection[str], *, timeout_s: float = TIMEOUT_S
) -> dict[str, dict[str, str]]:
    """What is set on each of these topics itself, and comes from no default. Raises TopicNotFound."""
    found: dict[str, dict[str, str]] = {}
    names = sorted(topics)
    with connected(kafka, "reading the configuration of topics") as client:
        for start in range(0, len(names), BATCH):
            batch = names[start : start + BATCH]
            request = [ConfigResource(ResourceType.TOPIC, name) for name in batch]
            for resource, answer in client.describe_configs(request, request_timeout=timeout_s).items():
                found[resource.name] = {
                    name: entry.value or ""
                    for name, entry in sorted(answer.result().items())
                    # The client hands a number over where its annotation promises the member.
                    if ConfigSource(entry.source) is ConfigSource.DYNAMIC_TOPIC_CONFIG
                }
    return found


def alter_topic_config(
    kafka: KafkaSettings,
    topic: str,
    *,
    changed: Mapping[str, str],
    removed: Collection[str] = (),
    only_check: bool = False,
    timeout_s: float = TIMEOUT_S,
) -> None:
    """Set some settings of a topic and take others back, and leave the rest.

    With ``only_check`` the brokers say whether they would. Raises ConfigurationError for a setting or a value that they do
    not know, and TopicNotFound.
    """
    entries = [
        ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
        for name, value in changed.items()
    ]
    entries += [
        # A value is demanded although nothing is done with it.
        ConfigEntry(name, "", incremental_operation=AlterConfigOpType.DELETE)
        for name in removed
    ]
    if not entries:
        return
    with connected(kafka, f"changing the configuration of '{topic}'") as client:
        request = [ConfigResource(ResourceType.TOPIC, topic, incremental_configs=entries)]
        answers(
            client.incremental_alter_configs(request, validate_only=only_check, request_timeout=timeout_s)
        )
