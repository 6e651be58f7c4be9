import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from accord.cli.settings import java_home, user_cache
from accord.cluster import Cluster, ClusterSpec
from accord.kafka import ClientFailed, KafkaConsumer, KafkaSettings, TopicPartition, TopicSpec, admin
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


@pytest.mark.kafka
def test_brokers_that_offer_the_newer_protocol_and_have_it_switched_off_are_an_error_with_the_way_out(
    tmp_path: Path, free_port_base: Callable[[int], int]
) -> None:
    spec = ClusterSpec(brokers=1, port_base=free_port_base(1))
    cluster = Cluster(tmp_path, cache=user_cache(), spec=spec, java_home=java_home())
    try:
        cluster.up()
        assert cluster.run_tool("kafka-features", ["downgrade", "--feature", "group.version=0"]) == 0
        kafka = KafkaSettings(cluster.bootstrap_servers)
        admin.create_topics(kafka, [TopicSpec("orders", partitions=1, replication=1)])
        consumer = KafkaConsumer(kafka, group="billing")
        consumer.subscribe(["orders"], Indifferent())
        with pytest.raises(ClientFailed, match="not supported") as caught:
            consume_for(consumer, seconds=30)
        consumer.close()
        classic = KafkaConsumer(
            KafkaSettings(cluster.bootstrap_servers, consumer={"group.protocol": "classic"}), group="billing"
        )
        joined = Indifferent()
        classic.subscribe(["orders"], joined)
        consume_for(classic, seconds=30, until=joined.assigned.is_set)
        classic.close()
    finally:
        cluster.down(delete=True)

    assert "group.protocol=classic" in caught.value.hint
    assert joined.assigned.is_set()


class Indifferent:
    """Takes note of an assignment, and of nothing else."""

    def __init__(self) -> None:
        self.assigned = threading.Event()

    def on_assigned(self, partitions: Collection[TopicPartition]) -> None:
        if partitions:
            self.assigned.set()

    def on_revoked(self, partitions: Collection[TopicPartition]) -> None: ...

    def on_lost(self, partitions: Collection[TopicPartition]) -> None: ...


def consume_for(
    consumer: KafkaConsumer, *, seconds: float, until: Callable[[], bool] = lambda: False
) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not until():
        consumer.consume(1, 0.2)
