from pathlib import Path

import pytest

from accord.cluster.plan import (
    ClusterSpec,
    death_note,
    java_command,
    render_properties,
    server_properties,
)
from accord.errors import ConfigurationError

HOME = Path("/somewhere/.accord/cluster")


def properties(*, brokers: int, node_id: int = 1) -> dict[str, str]:
    spec = ClusterSpec(brokers=brokers)
    return server_properties(spec.nodes(HOME)[node_id - 1], spec)


def test_three_brokers_take_the_six_ports_from_9092() -> None:
    nodes = ClusterSpec().nodes(HOME)

    assert [node.port for node in nodes] == [9092, 9094, 9096]
    assert [node.controller_port for node in nodes] == [9093, 9095, 9097]


@pytest.mark.parametrize("brokers", [1, 3, 5])
def test_no_two_brokers_share_a_port_or_a_folder(brokers: int) -> None:
    nodes = ClusterSpec(brokers=brokers, port_base=20000).nodes(HOME)

    assert len({port for node in nodes for port in (node.port, node.controller_port)}) == 2 * brokers
    assert len({node.folder for node in nodes}) == brokers


def test_clients_are_told_every_broker() -> None:
    spec = ClusterSpec(brokers=3, port_base=20000)

    assert spec.bootstrap_servers == "127.0.0.1:20000,127.0.0.1:20002,127.0.0.1:20004"
    assert spec.bootstrap_servers.split(",") == [f"127.0.0.1:{node.port}" for node in spec.nodes(HOME)]


@pytest.mark.parametrize(
    ("brokers", "port_base", "words"),
    [
        (0, 9092, "1, 3 or 5 brokers, not 0"),
        (2, 9092, "1, 3 or 5 brokers, not 2"),
        (3, 80, "port base 80"),
        (3, 65531, "port base 65531"),
        (5, 70000, "port base 70000"),
    ],
)
def test_a_cluster_that_cannot_be_is_refused(brokers: int, port_base: int, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words) as refusal:
        ClusterSpec(brokers=brokers, port_base=port_base)

    assert refusal.value.hint


def test_the_last_possible_port_base_is_accepted() -> None:
    last = ClusterSpec(brokers=3, port_base=65530).nodes(HOME)[-1]

    assert last.controller_port == 65535


def test_three_brokers_keep_three_copies_and_acknowledge_with_two() -> None:
    settings = properties(brokers=3)

    assert settings["default.replication.factor"] == "3"
    assert settings["min.insync.replicas"] == "2"
    assert settings["offsets.topic.replication.factor"] == "3"
    assert settings["transaction.state.log.replication.factor"] == "3"
    assert settings["transaction.state.log.min.isr"] == "2"


def test_five_brokers_keep_three_copies() -> None:
    assert properties(brokers=5)["default.replication.factor"] == "3"


def test_one_broker_keeps_one_copy() -> None:
    settings = properties(brokers=1)

    assert settings["default.replication.factor"] == "1"
    assert settings["min.insync.replicas"] == "1"
    assert settings["offsets.topic.replication.factor"] == "1"
    assert settings["transaction.state.log.min.isr"] == "1"


def test_every_broker_knows_all_controllers_and_listens_on_loopback_only() -> None:
    settings = properties(brokers=3, node_id=2)

    assert settings["node.id"] == "2"
    assert settings["controller.quorum.voters"] == "1@127.0.0.1:9093,2@127.0.0.1:9095,3@127.0.0.1:9097"
    assert settings["listeners"] == "PLAINTEXT://127.0.0.1:9094,CONTROLLER://127.0.0.1:9095"


def test_access_rules_are_on_and_the_nameless_user_may_do_everything() -> None:
    settings = properties(brokers=1)

    assert settings["authorizer.class.name"].endswith("StandardAuthorizer")
    assert settings["super.users"] == "User:ANONYMOUS"


def test_a_topic_is_never_made_by_a_typo() -> None:
    assert properties(brokers=3)["auto.create.topics.enable"] == "false"


def test_backslashes_survive_the_properties_file() -> None:
    assert render_properties({"log.dirs": r"C:\data", "node.id": "1"}) == "log.dirs=C:\\\\data\nnode.id=1\n"


@pytest.mark.parametrize(("java", "separator"), [("/jre/bin/java", ":"), ("/jre/bin/java.exe", ";")])
def test_the_class_path_is_written_as_the_platform_wants_it(java: str, separator: str) -> None:
    command = java_command(
        Path(java),
        classpath=[Path("a.jar"), Path("b.jar")],
        log_settings=Path("log4j2.properties"),
        main="kafka.Kafka",
        arguments=["server.properties"],
        options=["-Xmx400m"],
    )

    assert command[command.index("-cp") + 1] == f"a.jar{separator}b.jar"
    assert command[-2:] == ["kafka.Kafka", "server.properties"]
    assert command.index("-Xmx400m") < command.index("kafka.Kafka")


def test_a_dead_broker_is_explained_by_its_errors_without_stack_frames() -> None:
    log = """\
2026-01-01T10:00:00,000 INFO  starting (KafkaServer)
2026-01-01T10:00:01,000 ERROR Failed to acquire lock on file .lock in /data (LogManager)
org.apache.kafka.common.KafkaException: A Kafka instance in another process is using this directory.
\tat kafka.log.LogManager.lockLogDirs(LogManager.scala:1)
\t... 8 more
2026-01-01T10:00:02,000 INFO  shutting down (BrokerServer)
"""

    assert death_note(log) == [
        "2026-01-01T10:00:01,000 ERROR Failed to acquire lock on file .lock in /data (LogManager)",
        "org.apache.kafka.common.KafkaException: A Kafka instance in another process is using this directory.",
    ]


def test_a_broker_that_died_without_an_error_is_explained_by_its_last_words() -> None:
    assert death_note("Unrecognized VM option\nError: Could not create the Java Virtual Machine.\n") == [
        "Unrecognized VM option",
        "Error: Could not create the Java Virtual Machine.",
    ]


def test_long_explanations_keep_their_end() -> None:
    log = "".join(f"2026-01-01T10:00:00,000 ERROR number {number} (X)\n" for number in range(100))

    assert death_note(log, lines=2) == [
        "2026-01-01T10:00:00,000 ERROR number 98 (X)",
        "2026-01-01T10:00:00,000 ERROR number 99 (X)",
    ]
