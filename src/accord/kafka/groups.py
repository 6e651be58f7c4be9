"""Which of Kafka's two group protocols a consumer speaks.

The one of KIP-848 (``consumer``) wherever brokers have it: its members leave and join without stopping the others. In the
older one (``classic``) a member that leaves in the middle of a rebalance waits for that rebalance, and takes its
partitions with it for as long as the session lasts.
"""

import logging
from collections.abc import Mapping
from typing import Any, Final, Literal

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

# The package offers these names under `confluent_kafka.admin` too, but does not mark them as offered.
from confluent_kafka.admin._config import ConfigResource
from confluent_kafka.admin._resource import ResourceType

from accord.kafka.errors import kafka_error
from accord.kafka.metadata import broker_ids
from accord.kafka.settings import KafkaSettings

logger = logging.getLogger(__name__)

GroupProtocol = Literal["classic", "consumer"]

OFFERED: Final = "group.coordinator.rebalance.protocols"
ANSWER_S: Final = 5.0

# Whoever sets one of these has the older protocol in mind: with the newer one the brokers decide them.
CLASSIC_ONLY: Final = frozenset(
    {"partition.assignment.strategy", "session.timeout.ms", "heartbeat.interval.ms"}
)


def group_protocol(
    settings: KafkaSettings, chosen: Mapping[str, object], *, timeout_s: float
) -> GroupProtocol:
    """What ``chosen`` says, else the newer protocol if the brokers offer it. Raises BrokersUnavailable.

    A client cannot just try: where the newer one is missing, it fails for good or, with some brokers, stays idle and says
    nothing. Brokers that do not tell (too old, or not to everybody) are taken for old ones.
    """
    if "group.protocol" in chosen:
        return "consumer" if str(chosen["group.protocol"]).lower() == "consumer" else "classic"
    if CLASSIC_ONLY & chosen.keys():
        return "classic"
    client = AdminClient(settings.client_config())
    brokers = broker_ids(client, timeout_s, settings.bootstrap_servers)
    asked = ConfigResource(ResourceType.BROKER, str(brokers[0]))
    try:
        # The stub knows no type for the answer.
        answer: Any = client.describe_configs([asked], request_timeout=ANSWER_S)[asked].result()
    except KafkaException as error:
        logger.info("brokers do not say which group protocols they have: %s", kafka_error(error).str())
        return "classic"
    offered = answer[OFFERED].value if OFFERED in answer else ""
    return "consumer" if "consumer" in str(offered).split(",") else "classic"
