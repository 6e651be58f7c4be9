"""The example repository, from its first commit to a roll-back, on a real cluster: the commands of its own page."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import accord
from accord.cluster import Cluster
from accord.kafka import KafkaSettings, admin
from accord.registry.http.server import serve

pytestmark = pytest.mark.kafka

EXAMPLE = Path(__file__).parents[2] / "examples" / "orders"
TOPIC = "orders.created"
SUBJECT = f"{TOPIC}-value"
GIT = {
    f"GIT_{who}_{what}": value
    for who in ("AUTHOR", "COMMITTER")
    for what, value in (("NAME", "team-orders"), ("EMAIL", "team-orders@example.com"))
}


@dataclass(frozen=True, slots=True)
class Team:
    """A checkout of the example, with a cluster and a registry of its own."""

    folder: Path
    registry: accord.Registry
    kafka: KafkaSettings

    def follow(self, section: str) -> dict[str, str]:
        """Type what a section of the page says; answers what each command told."""
        return {command: self.type(command, exits) for command, exits in commands_of(section)}

    def type(self, command: str, exits: int) -> str:
        """One line, as a shell would take it."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI"))}
        done = subprocess.run(
            ["bash", "-e", "-c", command],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            env={**clean, **GIT, "PATH": f"{Path(sys.executable).parent}:{clean['PATH']}"},
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == exits, f"{command}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr


def commands_of(section: str) -> Iterator[tuple[str, int]]:
    """The commands under a heading of the page, and the exit codes that it says they have."""
    _, _, text = (EXAMPLE / "README.md").read_text().partition(f"\n## {section}\n")
    [block] = re.findall(r"```sh\n(.*?)```", text.partition("\n## ")[0], re.DOTALL)
    for line in block.splitlines():
        command, _, comment = line.partition(" #")
        if command.strip():
            exits = re.match(r" exit code (\d)", comment)
            yield command.strip(), int(exits[1]) if exits else 0


@pytest.fixture
def team(kafka_cluster: Cluster, tmp_path: Path) -> Iterator[Team]:
    folder = tmp_path / "orders"
    shutil.copytree(EXAMPLE, folder)
    kafka = KafkaSettings(kafka_cluster.bootstrap_servers)
    with serve() as server, accord.Registry(server.url) as registry:
        settings = (folder / "accord.toml").read_text()
        settings = settings.replace("http://127.0.0.1:8081", server.url)
        (folder / "accord.toml").write_text(
            settings.replace("127.0.0.1:9092", kafka_cluster.bootstrap_servers)
        )
        team = Team(folder, registry, kafka)
        team.type('git init --initial-branch main && git add --all && git commit --message "Version 1"', 0)
        yield team
    there = {topic.name for topic in admin.describe_topics(kafka)}
    if ours := sorted(there & {TOPIC, f"{TOPIC}-dlq"}):
        admin.delete_topics(kafka, ours)


def test_from_the_first_commit_to_a_roll_back(
    team: Team, sarif_errors: Callable[[object], list[str]]
) -> None:
    told = team.follow("The first version")
    assert f"{TOPIC}  12 partitions, 3 replicas" in told["accord plan --output plan.json"]
    made = {topic.name: topic for topic in admin.describe_topics(team.kafka, [TOPIC, f"{TOPIC}-dlq"])}
    assert len(made[TOPIC].partitions) == 12
    assert {len(partition.replicas) for partition in made[TOPIC].partitions} == {3}
    assert team.registry.versions(SUBJECT) == [1]
    assert team.type("accord plan --detailed-exitcode", 0)

    told = team.follow("An optional field")
    assert "discount_code" in told["accord diff --against git:main"]
    assert "billing 1.0.0 reads it" in told["accord rollout orders.created-value --env dev --dry-run"]
    assert team.registry.versions(SUBJECT) == [1, 2]
    assert team.type("accord plan --detailed-exitcode", 0)

    told = team.follow("A rename")
    assert "AVRO_FIELD_WITHOUT_DEFAULT" in told["accord check --against git:main"]
    assert "billing (total_amount)" in told["accord check --against git:main"]
    sarif = json.loads((team.folder / "accord.sarif").read_text())
    assert sarif_errors(sarif) == []
    assert "AVRO_FIELD_WITHOUT_DEFAULT" in {result["ruleId"] for result in sarif["runs"][0]["results"]}
    assert team.registry.versions(SUBJECT) == [1, 2]

    told = team.follow("Back again")
    assert "order-service" in told["accord rollout orders.created-value --env dev --roll-back --yes"]
    assert team.registry.versions(SUBJECT) == [1]
    assert team.registry.versions(SUBJECT, deleted=True) == [1, 2]
