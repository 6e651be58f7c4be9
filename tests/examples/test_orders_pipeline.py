"""The example repository, from its first commit to a roll-back, on a real cluster: what a team would type, in its order."""

import json
import os
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


@dataclass(frozen=True, slots=True)
class Team:
    """A checkout of the example, with a cluster and a registry of its own."""

    folder: Path
    registry: accord.Registry
    kafka: KafkaSettings

    def git(self, *words: str) -> None:
        """Run git as somebody without settings of their own."""
        who = ("-c", "user.name=team-orders", "-c", "user.email=team-orders@example.com")
        subprocess.run(["git", *who, *words], cwd=self.folder, check=True, capture_output=True)

    def commit(self, message: str) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--message", message)

    def accord(self, *words: str, exits: int = 0) -> str:
        """Run a command as a shell would; answers what it printed."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("GITHUB_", "CI"))}
        done = subprocess.run(
            [sys.executable, "-m", "accord.cli", *words],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            env={**clean, "COLUMNS": "200"},
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == exits, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def change(self, name: str) -> None:
        """Put one of the example's changes in place, on a branch."""
        self.git("switch", "--create", name, "main")
        shutil.copy(
            self.folder / "changes" / name / "OrderCreated.avsc", self.folder / "contracts" / "schemas"
        )
        self.commit(name)

    def merge(self, name: str) -> None:
        """Bring the branch to main."""
        self.git("switch", "main")
        self.git("merge", "--ff-only", name)


@pytest.fixture
def team(kafka_cluster: Cluster, tmp_path: Path) -> Iterator[Team]:
    folder = tmp_path / "orders"
    shutil.copytree(EXAMPLE, folder)
    kafka = KafkaSettings(kafka_cluster.bootstrap_servers)
    with serve() as server, accord.Registry(server.url) as registry:
        (folder / "accord.toml").write_text(
            f"""\
[project]
paths = ["contracts", "consumers"]

[environments.dev]
registry = "{server.url}"
kafka = "{kafka_cluster.bootstrap_servers}"
"""
        )
        yield Team(folder, registry, kafka)
    there = {topic.name for topic in admin.describe_topics(kafka)}
    if ours := sorted(there & {TOPIC, f"{TOPIC}-dlq"}):
        admin.delete_topics(kafka, ours)


def test_from_the_first_commit_to_a_roll_back(
    team: Team, sarif_errors: Callable[[object], list[str]]
) -> None:
    team.git("init", "--initial-branch", "main")
    team.commit("Version 1")
    first_version_is_applied(team)
    an_optional_field_is_rolled_out(team)
    a_rename_is_refused(team, sarif_errors)
    the_rollout_is_rolled_back(team)


def first_version_is_applied(team: Team) -> None:
    team.accord("lint")
    team.accord("format", "--check")
    team.accord("test")
    plan = team.accord("plan", "--output", "plan.json")
    assert f"{TOPIC}  12 partitions, 3 replicas" in plan
    assert team.registry.subjects() == []

    team.accord("apply", "plan.json")

    described = {topic.name: topic for topic in admin.describe_topics(team.kafka, [TOPIC, f"{TOPIC}-dlq"])}
    assert len(described[TOPIC].partitions) == 12
    assert {len(partition.replicas) for partition in described[TOPIC].partitions} == {3}
    assert team.registry.versions(SUBJECT) == [1]
    team.accord("plan", "--detailed-exitcode")
    team.accord("drift")
    team.accord("readers", "publish")
    team.accord("record-deployment", "--service", "billing", "--version", "1.0.0", "--to", "dev")
    team.accord("record-deployment", "--service", "order-service", "--version", "1.0.0", "--to", "dev")


def an_optional_field_is_rolled_out(team: Team) -> None:
    team.change("2-discount-code")
    team.accord("check", "--against", "git:main")
    assert "discount_code" in team.accord("diff", "--against", "git:main")
    team.accord("can-i-deploy", "--service", "order-service", "--version", "1.1.0", "--to", "dev")
    team.merge("2-discount-code")

    runbook = team.accord("rollout", SUBJECT, "--env", "dev", "--dry-run")
    assert "billing" in runbook
    assert team.registry.versions(SUBJECT) == [1]

    waiting = team.accord("rollout", SUBJECT, "--env", "dev", "--yes", exits=1)
    assert "billing" in waiting
    assert team.registry.versions(SUBJECT) == [1, 2]
    team.accord("record-deployment", "--service", "billing", "--version", "1.1.0", "--to", "dev")
    team.accord("rollout", SUBJECT, "--env", "dev", "--yes", exits=1)
    team.accord("record-deployment", "--service", "order-service", "--version", "1.1.0", "--to", "dev")
    team.accord("rollout", SUBJECT, "--env", "dev", "--yes")
    team.accord("plan", "--detailed-exitcode")


def a_rename_is_refused(team: Team, sarif_errors: Callable[[object], list[str]]) -> None:
    team.change("3-rename")
    told = team.accord("check", "--against", "git:main", exits=1)
    assert "AVRO_FIELD_WITHOUT_DEFAULT" in told
    assert "billing (total_amount)" in told

    team.accord("check", "--against", "git:main", "--format", "sarif", "--output", "accord.sarif", exits=1)
    sarif = json.loads((team.folder / "accord.sarif").read_text())
    assert sarif_errors(sarif) == []
    results = sarif["runs"][0]["results"]
    assert "AVRO_FIELD_WITHOUT_DEFAULT" in {result["ruleId"] for result in results}

    before = team.registry.versions(SUBJECT)
    team.accord("plan", exits=1)
    team.accord("apply", "--yes", exits=1)
    assert team.registry.versions(SUBJECT) == before
    team.git("switch", "main")


def the_rollout_is_rolled_back(team: Team) -> None:
    waiting = team.accord("rollout", SUBJECT, "--env", "dev", "--roll-back", "--yes", exits=1)
    assert "billing" in waiting
    assert "1.0.0" in waiting
    team.accord("record-deployment", "--service", "order-service", "--version", "1.0.0", "--to", "dev")
    team.accord("record-deployment", "--service", "billing", "--version", "1.0.0", "--to", "dev")
    team.accord("rollout", SUBJECT, "--env", "dev", "--roll-back", "--yes")
    assert team.registry.versions(SUBJECT) == [1]
    assert team.registry.versions(SUBJECT, deleted=True) == [1, 2]
