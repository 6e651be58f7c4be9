"""Kafka's own command line tools: which program each name stands for, and where it takes the cluster's address."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass

from accord.cluster.errors import UnknownTool

BROKERS = "--bootstrap-server"
CONTROLLERS = "--bootstrap-controller"


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: its Java class, whether it talks to a cluster, and whether the address belongs to its subcommand."""

    main: str
    connects: bool = True
    by_subcommand: bool = False

    def pointed_at(self, servers: str, arguments: Sequence[str]) -> list[str]:
        """The arguments with the cluster's address, if the tool takes one and none is given."""
        named = any(argument.partition("=")[0] in (BROKERS, CONTROLLERS) for argument in arguments)
        if named or not self.connects:
            return list(arguments)
        return [*arguments, BROKERS, servers] if self.by_subcommand else [BROKERS, servers, *arguments]


TOOLS = {
    "kafka-acls": Tool("org.apache.kafka.tools.AclCommand"),
    "kafka-broker-api-versions": Tool("org.apache.kafka.tools.BrokerApiVersionsCommand"),
    "kafka-client-metrics": Tool("org.apache.kafka.tools.ClientMetricsCommand"),
    "kafka-cluster": Tool("org.apache.kafka.tools.ClusterTool", by_subcommand=True),
    "kafka-configs": Tool("kafka.admin.ConfigCommand"),
    "kafka-console-consumer": Tool("org.apache.kafka.tools.consumer.ConsoleConsumer"),
    "kafka-console-producer": Tool("org.apache.kafka.tools.ConsoleProducer"),
    "kafka-consumer-groups": Tool("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand"),
    "kafka-consumer-perf-test": Tool("org.apache.kafka.tools.ConsumerPerformance"),
    "kafka-delete-records": Tool("org.apache.kafka.tools.DeleteRecordsCommand"),
    "kafka-dump-log": Tool("kafka.tools.DumpLogSegments", connects=False),
    "kafka-features": Tool("org.apache.kafka.tools.FeatureCommand"),
    "kafka-get-offsets": Tool("org.apache.kafka.tools.GetOffsetShell"),
    "kafka-groups": Tool("org.apache.kafka.tools.GroupsCommand"),
    "kafka-leader-election": Tool("org.apache.kafka.tools.LeaderElectionCommand"),
    "kafka-log-dirs": Tool("org.apache.kafka.tools.LogDirsCommand"),
    "kafka-metadata-quorum": Tool("org.apache.kafka.tools.MetadataQuorumCommand"),
    "kafka-producer-perf-test": Tool("org.apache.kafka.tools.ProducerPerformance"),
    "kafka-reassign-partitions": Tool("org.apache.kafka.tools.reassign.ReassignPartitionsCommand"),
    "kafka-storage": Tool("kafka.tools.StorageTool", connects=False),
    "kafka-topics": Tool("org.apache.kafka.tools.TopicCommand"),
    "kafka-transactions": Tool("org.apache.kafka.tools.TransactionsCommand"),
}


def find(name: str) -> Tool:
    """The tool of this name, with or without ``.sh``. Raises UnknownTool."""
    tool = TOOLS.get(name.removesuffix(".sh"))
    if tool:
        return tool
    near = difflib.get_close_matches(name, TOOLS, n=1)
    raise UnknownTool(
        f"Kafka has no tool '{name}'" + (f" (did you mean '{near[0]}'?)" if near else ""),
        hint="the tools: " + ", ".join(TOOLS),
    )
