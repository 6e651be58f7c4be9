"""A real Kafka on this machine: brokers as plain processes, without Docker, an installed Java or Maven."""

from accord.cluster.cluster import Cluster
from accord.cluster.plan import ClusterSpec
from accord.cluster.progress import Progress
from accord.cluster.status import BrokerStatus, ClusterStatus

__all__ = ["BrokerStatus", "Cluster", "ClusterSpec", "ClusterStatus", "Progress"]
