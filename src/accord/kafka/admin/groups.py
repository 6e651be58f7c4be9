"""Consumer groups as the brokers know them."""

from accord.kafka.admin.connection import TIMEOUT_S, connected
from accord.kafka.settings import KafkaSettings


def consumer_groups(kafka: KafkaSettings, *, timeout_s: float = TIMEOUT_S) -> list[str]:
    """The names of all consumer groups, in order, whether they have members or not."""
    with connected(kafka, "listing consumer groups") as client:
        listed = client.list_consumer_groups(request_timeout=timeout_s).result()
        if listed.errors:
            raise listed.errors[0]
    return sorted(group.group_id for group in listed.valid or ())
