import pytest

from accord.cluster import Cluster

pytestmark = pytest.mark.kafka


def test_the_shared_cluster_serves_with_all_its_brokers(kafka_cluster: Cluster) -> None:
    status = kafka_cluster.status()

    assert status.all_up
    assert [broker.node_id for broker in status.brokers] == [1, 2, 3]
