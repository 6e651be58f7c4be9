import pytest

from accord.cluster import Cluster
from accord.kafka import KafkaSettings
from accord.kafka.groups import group_protocol

NOBODY = KafkaSettings("127.0.0.1:9")


@pytest.mark.parametrize(
    ("chosen", "protocol"),
    [
        ({"group.protocol": "consumer"}, "consumer"),
        ({"group.protocol": "classic"}, "classic"),
        ({"session.timeout.ms": 20_000}, "classic"),
        ({"partition.assignment.strategy": "range"}, "classic"),
    ],
)
def test_a_choice_counts_and_nobody_is_asked(chosen: dict[str, object], protocol: str) -> None:
    assert group_protocol(NOBODY, chosen, timeout_s=0.1) == protocol


@pytest.mark.kafka
def test_brokers_that_have_the_newer_protocol_are_spoken_to_in_it(kafka_cluster: Cluster) -> None:
    kafka = KafkaSettings(kafka_cluster.bootstrap_servers)

    assert group_protocol(kafka, {}, timeout_s=10) == "consumer"
