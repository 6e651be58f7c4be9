"""``accord plan``, ``apply`` and ``drift`` on real brokers: one contract, from nothing to drift and back."""

import json
import os
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from accord.cli.main import run
from accord.client import Registry
from accord.cluster import Cluster
from accord.kafka import Acl, KafkaSettings, admin
from accord.kafka.admin import AclOperation, ResourceKind
from accord.testing import LoopbackRegistry
from accord.testing import registry as serve

pytestmark = pytest.mark.kafka

ORDER = '{"type": "record", "name": "OrderCreated", "doc": "An order.", "fields": [%s]}'
ID = '{"name": "id", "type": "string", "doc": "Its id."}'
EMAIL = '{"name": "email", "type": "string", "default": "", "doc": "Where to write to."}'
STEPS = 13
CONTRACT = """\
    apiVersion: v3.2.0
    kind: DataContract
    id: {topic}
    name: Orders created
    version: 1.0.0
    status: active
    team: {{name: team-orders}}
    schema:
      - name: OrderCreated
        physicalName: {topic}
        physicalType: topic
        authoritativeDefinitions:
          - {{type: implementation, url: OrderCreated.avsc}}
    roles:
      - {{role: order-service-{topic}, access: write}}
      - {{role: billing-{topic}, access: read}}
    slaProperties:
      - {{property: retention, value: {days}, unit: d}}
    customProperties:
      - property: kafka
        vendor: accord
        value:
          partitions: {partitions}
          replicas: {replicas}
          config: {{min.insync.replicas: 2}}
          compatibility: BACKWARD
          dlq: {{topic: {topic}-dlq, retention: 14d, partitions: 1}}
          consumers: {{billing-{topic}: {{groups: [{topic}-group], retry: [1m]}}}}
    """
# One process that plans and applies, and is gone without a word right after so many steps.
KILLED = """\
import datetime, os, signal, sys
from pathlib import Path
from accord.client import Registry
from accord.contracts.loading import load
from accord.contracts.plan.applying import apply_plan
from accord.contracts.plan.cluster import KafkaCluster
from accord.contracts.plan.planning import make_plan
from accord.contracts.plan.ports import World
from accord.contracts.plan.saved import saved
from accord.contracts.tree import Folder
from accord.kafka import KafkaSettings

folder, servers, url, steps = sys.argv[1:]
left = int(steps)

def report(step):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

with Registry(url) as registry:
    world = World(KafkaCluster(KafkaSettings(servers)), registry)
    plan = saved(make_plan(load(Folder(Path(folder))), world, today=datetime.date.today()))
    apply_plan(plan, world, report=report)
"""


@pytest.fixture(scope="module")
def served() -> Iterator[LoopbackRegistry]:
    with serve() as registry:
        yield registry


@pytest.fixture
def kafka(kafka_cluster: Cluster) -> KafkaSettings:
    return KafkaSettings(kafka_cluster.bootstrap_servers)


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it comes to hold, and holds several times in a row, whichever broker is asked."""
    deadline, times = time.monotonic() + 30, 0
    while times < 3 and time.monotonic() < deadline:
        times = times + 1 if holds() else 0
    return times == 3


class Story:
    """A project in a folder, and the topic that its contract is about."""

    def __init__(self, folder: Path, kafka: KafkaSettings, url: str) -> None:
        self.folder = folder
        self.kafka = kafka
        self.url = url
        self.topic = f"orders-{uuid.uuid4().hex[:8]}"
        self.dead_letters = f"{self.topic}-dlq"
        self.retries = f"{self.topic}.{self.topic}-group.retry.1m"
        self.says()
        self.schema(ID)

    def says(self, *, partitions: int = 3, replicas: int = 3, days: int = 7) -> None:
        """Write the contract."""
        text = dedent(CONTRACT).format(topic=self.topic, partitions=partitions, replicas=replicas, days=days)
        (self.folder / "orders.odcs.yaml").write_text(text, encoding="utf-8")

    def schema(self, fields: str) -> None:
        """Write the schema."""
        (self.folder / "OrderCreated.avsc").write_text(ORDER % fields, encoding="utf-8")

    def run(self, *arguments: str) -> int:
        """A command about this project."""
        where = ["--project", str(self.folder), "--kafka", self.kafka.bootstrap_servers]
        return run([*arguments, *where, "--registry", self.url])

    def settles(self, *arguments: str, exit_code: int = 0) -> bool:
        """Whether the command comes to answer so: brokers hear of a change one after the other."""
        return eventually(lambda: self.run(*arguments) == exit_code)

    def settings(self) -> dict[str, str]:
        """What is set on the topic."""
        return admin.topic_overrides(self.kafka, [self.topic])[self.topic]

    def partitions(self) -> int:
        """How many the topic has."""
        [topic] = admin.describe_topics(self.kafka, [self.topic])
        return len(topic.partitions)

    def acls(self) -> set[tuple[str, str, str]]:
        """What is allowed on what is called after the topic."""
        return {
            (acl.principal.partition("-orders-")[0], acl.operation, acl.name.replace(self.topic, "T"))
            for acl in admin.describe_acls(self.kafka)
            if self.topic in acl.name
        }


@pytest.fixture
def story(tmp_path: Path, kafka: KafkaSettings, served: LoopbackRegistry) -> Iterator[Story]:
    story = Story(tmp_path, kafka, served.url)
    yield story
    known = {topic.name for topic in admin.describe_topics(kafka)}
    mine = sorted(known & {story.topic, story.dead_letters, story.retries})
    if mine:
        admin.delete_topics(kafka, mine)
    admin.delete_acls(kafka, [acl for acl in admin.describe_acls(kafka) if story.topic in acl.name])


def test_one_command_brings_cluster_and_registry_to_what_git_says(story: Story) -> None:
    assert story.run("plan", "--detailed-exitcode") == 5
    assert story.run("apply", "--yes") == 0
    assert story.run("plan", "--detailed-exitcode") == 0
    assert story.run("drift") == 0
    sizes = {
        topic.name: (len(topic.partitions), {len(one.replicas) for one in topic.partitions})
        for topic in admin.describe_topics(story.kafka, [story.topic, story.dead_letters, story.retries])
    }
    assert sizes == {story.topic: (3, {3}), story.dead_letters: (1, {3}), story.retries: (3, {3})}
    assert admin.topic_overrides(story.kafka, [story.topic, story.dead_letters]) == {
        story.topic: {"min.insync.replicas": "2", "retention.ms": "604800000"},
        story.dead_letters: {"min.insync.replicas": "2", "retention.ms": "1209600000"},
    }
    with Registry(story.url) as registry:
        assert registry.versions(f"{story.topic}-value") == [1]
        assert registry.compatibility(f"{story.topic}-value") == "BACKWARD"
        assert registry.compatibility(f"{story.topic}-key") == "NONE"


def test_roles_are_acls_of_the_brokers(story: Story) -> None:
    assert story.run("apply", "--yes") == 0
    own = "transactional ids of the services"
    told = {(who, may, own if name.endswith("-") else name) for who, may, name in story.acls()}
    assert told == {
        ("User:order-service", "WRITE", "T"),
        ("User:order-service", "DESCRIBE", "T"),
        ("User:order-service", "WRITE", own),
        ("User:order-service", "DESCRIBE", own),
        ("User:billing", "READ", "T"),
        ("User:billing", "DESCRIBE", "T"),
        ("User:billing", "READ", "T-group"),
        ("User:billing", "DESCRIBE", "T-group"),
        ("User:billing", "WRITE", "T-dlq"),
        ("User:billing", "DESCRIBE", "T-dlq"),
        ("User:billing", "READ", "T.T-group.retry.1m"),
        ("User:billing", "WRITE", "T.T-group.retry.1m"),
        ("User:billing", "DESCRIBE", "T.T-group.retry.1m"),
        ("User:billing", "WRITE", own),
        ("User:billing", "DESCRIBE", own),
    }


def test_a_second_version_more_partitions_and_another_retention_are_changes(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    assert story.run("apply", "--yes") == 0
    assert story.settles("drift")
    story.says(partitions=5, days=1)
    story.schema(f"{ID}, {EMAIL}")
    capsys.readouterr()
    assert story.run("apply", "--yes") == 0
    told = capsys.readouterr().out
    assert f"~ partitions    {story.topic}  3 → 5" in told
    assert "BACKWARD holds with 1 earlier version" in told
    assert "records go that are older than the new retention" in told
    assert "1 to add, 3 to change, 0 to replace, 0 to delete." in told
    assert eventually(lambda: story.partitions() == 5)
    assert eventually(lambda: story.settings()["retention.ms"] == "86400000")
    with Registry(story.url) as registry:
        assert registry.versions(f"{story.topic}-value") == [1, 2]
    assert story.settles("plan", "--detailed-exitcode")


def test_nothing_is_applied_if_any_part_is_refused(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    assert story.run("apply", "--yes") == 0
    assert story.settles("drift")
    story.says(partitions=5, replicas=2)
    story.schema(f'{ID}, {{"name": "total", "type": "long", "doc": "In cents."}}')
    capsys.readouterr()
    assert story.run("apply", "--yes") == 1
    told = capsys.readouterr().out
    assert "error[AVRO_FIELD_WITHOUT_DEFAULT]" in told
    assert "error[PLAN_REPLICAS_DIFFER]" in told
    assert f"kafka-reassign-partitions.sh --bootstrap-server {story.kafka.bootstrap_servers}" in told
    assert story.partitions() == 3


def test_what_the_brokers_would_not_take_is_refused_before_anything_is_done(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    story.says(replicas=5)
    assert story.run("apply", "--yes") == 1
    assert "error[PLAN_BROKERS_REFUSE]" in capsys.readouterr().out
    assert story.topic not in {topic.name for topic in admin.describe_topics(story.kafka)}
    with Registry(story.url) as registry:
        assert f"{story.topic}-value" not in registry.subjects()


def test_drift_is_found_setting_by_setting_and_mended(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    assert story.run("apply", "--yes") == 0
    spy = Acl("User:spy", AclOperation.READ, ResourceKind.TOPIC, story.topic)
    admin.alter_topic_config(
        story.kafka, story.topic, changed={"retention.ms": "3600000", "segment.bytes": "1048576"}
    )
    admin.create_acls(story.kafka, [spy])

    def rules() -> list[str]:
        capsys.readouterr()
        story.run("drift", "--format", "json")
        return sorted(one["rule"] for one in json.loads(capsys.readouterr().out)["findings"])

    expected = ["DRIFT_ACCESS_NOT_IN_GIT", "DRIFT_SETTING", "DRIFT_SETTING_NOT_IN_GIT"]
    assert eventually(lambda: rules() == expected)
    assert story.run("apply", "--yes", "--allow-delete", "--confirm", story.topic) == 0
    assert story.settles("drift")
    assert eventually(lambda: spy not in admin.describe_acls(story.kafka))


def test_fewer_partitions_delete_the_topic_where_somebody_typed_its_name(story: Story) -> None:
    assert story.run("apply", "--yes") == 0
    assert story.settles("drift")
    story.says(partitions=2)
    assert story.run("apply", "--yes") == 1
    assert story.run("apply", "--yes", "--allow-delete") == 2
    assert story.run("apply", "--yes", "--allow-delete", "--confirm", story.topic) == 0
    assert eventually(lambda: story.partitions() == 2)
    assert story.settles("plan", "--detailed-exitcode")


def test_a_saved_plan_is_not_applied_where_the_cluster_changed(
    story: Story, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = str(tmp_path_factory.mktemp("plans") / "plan.json")
    assert story.run("apply", "--yes") == 0
    assert story.settles("drift")
    story.says(partitions=4)
    assert story.run("plan", "--output", file) == 0
    admin.alter_topic_config(story.kafka, story.topic, changed={"segment.bytes": "1048576"})
    assert eventually(lambda: "segment.bytes" in story.settings())
    assert story.run("apply", file) == 1
    admin.alter_topic_config(story.kafka, story.topic, changed={}, removed=["segment.bytes"])
    assert eventually(lambda: "segment.bytes" not in story.settings())
    assert story.run("apply", file) == 0
    assert eventually(lambda: story.partitions() == 4)


@pytest.mark.parametrize("steps", [2, 3, 5, 8])
def test_killed_half_way_a_second_run_has_the_rest_and_converges(
    story: Story, steps: int, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(story.folder), story.kafka.bootstrap_servers, story.url, str(steps)]
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], check=False, capture_output=True, env=os.environ
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()

    def rest() -> int:
        capsys.readouterr()
        assert story.run("plan", "--format", "json") == 0
        return len(json.loads(capsys.readouterr().out)["steps"])

    assert eventually(lambda: rest() == STEPS - steps)
    assert story.run("apply", "--yes") == 0
    assert story.settles("plan", "--detailed-exitcode")
    assert story.settles("drift")
    assert eventually(lambda: len(story.acls()) == 15)


def test_a_retired_contract_is_taken_away_by_name(story: Story) -> None:
    assert story.run("apply", "--yes") == 0
    file = story.folder / "orders.odcs.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("status: active", "status: retired"), encoding="utf-8"
    )
    assert story.run("apply", "--yes") == 0
    gone = [story.topic, story.dead_letters, story.retries, f"{story.topic}-value"]
    named = [word for name in gone for word in ("--confirm", name)]
    assert story.run("apply", "--yes", "--allow-delete", *named) == 0
    assert story.settles("plan", "--allow-delete", "--detailed-exitcode")
    assert not {topic.name for topic in admin.describe_topics(story.kafka)} & set(gone)
    with Registry(story.url) as registry:
        assert f"{story.topic}-value" not in registry.subjects()
