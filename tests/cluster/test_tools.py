import pytest

from accord.cluster.errors import UnknownTool
from accord.cluster.tools import TOOLS, find

SERVERS = "127.0.0.1:9092"


@pytest.mark.parametrize(
    ("name", "given", "pointed"),
    [
        ("kafka-topics", ["--list"], ["--bootstrap-server", SERVERS, "--list"]),
        ("kafka-topics.sh", ["--list"], ["--bootstrap-server", SERVERS, "--list"]),
        ("kafka-topics", [], ["--bootstrap-server", SERVERS]),
        (
            "kafka-metadata-quorum",
            ["describe", "--status"],
            ["--bootstrap-server", SERVERS, "describe", "--status"],
        ),
        ("kafka-cluster", ["cluster-id"], ["cluster-id", "--bootstrap-server", SERVERS]),
        (
            "kafka-topics",
            ["--bootstrap-server", "other:1", "--list"],
            ["--bootstrap-server", "other:1", "--list"],
        ),
        ("kafka-topics", ["--bootstrap-server=other:1", "--list"], ["--bootstrap-server=other:1", "--list"]),
        (
            "kafka-metadata-quorum",
            ["--bootstrap-controller", "other:1", "describe"],
            ["--bootstrap-controller", "other:1", "describe"],
        ),
        ("kafka-dump-log", ["--files", "a.log"], ["--files", "a.log"]),
    ],
)
def test_a_tool_is_pointed_at_the_cluster_unless_it_needs_none(
    name: str, given: list[str], pointed: list[str]
) -> None:
    assert find(name).pointed_at(SERVERS, given) == pointed


def test_an_unknown_tool_is_refused_with_the_nearest_name_and_the_list() -> None:
    with pytest.raises(UnknownTool, match="did you mean 'kafka-topics'") as refusal:
        find("kafka-topic")

    assert all(name in refusal.value.hint for name in TOOLS)
