"""What an operator does to topics, settings, groups and ACLs.

Every call connects, waits for the answer, and raises AccordError.
"""

from accord.kafka.admin.acls import (
    Acl,
    AclOperation,
    Permission,
    ResourceKind,
    create_acls,
    delete_acls,
    describe_acls,
)
from accord.kafka.admin.configs import alter_topic_config, topic_config, topic_overrides
from accord.kafka.admin.connection import TIMEOUT_S
from accord.kafka.admin.groups import consumer_groups
from accord.kafka.admin.offsets import OffsetRange, committed_offsets, list_offsets, reset_group_to_start
from accord.kafka.admin.topics import (
    BROKERS_CHOICE,
    PartitionDescription,
    TopicDescription,
    TopicSpec,
    add_partitions,
    brokers,
    cluster_id,
    create_compacted_topic,
    create_topics,
    delete_topics,
    describe_topics,
    reason_against,
)

__all__ = [
    "BROKERS_CHOICE",
    "TIMEOUT_S",
    "Acl",
    "AclOperation",
    "OffsetRange",
    "PartitionDescription",
    "Permission",
    "ResourceKind",
    "TopicDescription",
    "TopicSpec",
    "add_partitions",
    "alter_topic_config",
    "brokers",
    "cluster_id",
    "committed_offsets",
    "consumer_groups",
    "create_acls",
    "create_compacted_topic",
    "create_topics",
    "delete_acls",
    "delete_topics",
    "describe_acls",
    "describe_topics",
    "list_offsets",
    "reason_against",
    "reset_group_to_start",
    "topic_config",
    "topic_overrides",
]
