"""Minutes of trouble on three real brokers, and afterwards every record is accounted for."""

import random
import sys
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.streams.soak.checker import Judgement, judge
from tests.streams.soak.crew import Post
from tests.streams.soak.events import contracts, nature_of
from tests.streams.soak.history import (
    Commit,
    Disturbance,
    Handled,
    History,
    Input,
    Journal,
    Letter,
    Place,
    entries,
)

import accord
from accord.cluster import Cluster
from accord.kafka import KafkaSettings, TopicSpec, admin, read_topic
from accord.registry.http.server import serve

pytestmark = [pytest.mark.kafka, pytest.mark.soak]

RATE = 150
PARTITIONS = 6
SEED = 20
LOOK_EVERY_S = 0.5
BROKER_AWAY_S = 8.0
FROZEN_S = 9.0
CALM_S = 20.0
SETTLED_WITHIN_S = 120.0
NANOSECONDS = 1_000_000

# What a pipeline says when it stops because it has to; whoever runs it starts it again.
STOPS = ("Fenced", "OutcomeUnknown", "BrokersUnavailable", "BatchTookTooLong", "ClientFailed")


@dataclass
class Soak:
    """A topic, those who write and read it, and what is done to them."""

    cluster: Cluster
    registry: accord.Registry
    folder: Path
    topic: str = field(default_factory=lambda: f"soak-{uuid.uuid4().hex[:8]}")
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))
    done: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.kafka = KafkaSettings(self.cluster.bootstrap_servers)
        self.orders, self.invoices = contracts(self.topic)
        self.journal = Journal(self.folder / "soak.jsonl")
        place = [self.cluster.bootstrap_servers, self.registry.url, self.topic]

        def post(program: str, name: str, *more: str, notes: bool = True) -> Post:
            return Post(program, [*place, *more], self.folder, name, self.journal, notes)

        self.sender = post("sender", "sender", str(SEED), str(RATE))
        self.workers = [
            post("worker", "consumer"),
            post("application", "app-of-threads"),
            post("application", "app-of-tasks"),
        ]
        self.pipelines = [
            post("pipeline", f"{self.topic}-pipeline-{number}", notes=False) for number in range(2)
        ]
        self.guests = [
            post("worker", "guest"),
            post("pipeline", f"{self.topic}-guest", notes=False),
        ]
        self.present: list[Post] = []
        self.frozen: list[tuple[float, Post]] = []
        self.broker_back_at: tuple[float, int] | None = None

    @property
    def crew(self) -> list[Post]:
        """Those who are there all the time."""
        return [*self.workers, *self.pipelines]

    def prepare(self) -> None:
        """Make the topics, and register what is on them."""
        safe = {"min.insync.replicas": "2"}
        topics = [self.topic, self.orders.dead_letter_topic, self.invoices.topic]
        admin.create_topics(self.kafka, [TopicSpec(name, PARTITIONS, 3, safe) for name in topics])
        for contract in (self.orders, self.invoices):
            self.registry.register(contract.subject, contract.schema)

    def begin(self) -> None:
        """Start everybody."""
        for post in [self.sender, *self.crew]:
            post.start()

    def trouble(self, seconds: float) -> None:
        """Do things to them for so long."""
        end = time.monotonic() + seconds
        next_at = time.monotonic() + 5
        while (now := time.monotonic()) < end:
            if now >= next_at:
                self.strike(now, end)
                next_at = now + self.dice.uniform(1.0, 4.0)
            self.mend(now)
            self.look()
            time.sleep(LOOK_EVERY_S)

    def strike(self, now: float, end: float) -> None:
        """One misfortune."""
        busy = {id(post) for _, post in self.frozen}
        victim = self.dice.choice([post for post in self.crew if id(post) not in busy])
        what = self.dice.choices(["kill", "restart", "guest", "freeze", "broker"], weights=[5, 2, 4, 1, 2])[0]
        if what == "kill":
            victim.kill()
            victim.start()
        elif what == "restart":
            victim.end()
            victim.start()
        elif what == "guest":
            self.receive_or_dismiss(self.dice.choice(self.guests))
        elif what == "freeze" and end - now > CALM_S:
            victim.freeze()
            self.frozen.append((now + FROZEN_S, victim))
        elif what == "broker" and self.broker_back_at is None and end - now > CALM_S:
            self.fell_a_broker(now)
        else:
            return
        self.done[what] += 1

    def receive_or_dismiss(self, guest: Post) -> None:
        """One more member comes, or goes again."""
        if guest in self.present:
            self.present.remove(guest)
            guest.end()
        else:
            self.present.append(guest)
            guest.start()

    def fell_a_broker(self, now: float) -> None:
        """One broker goes, in good order or not."""
        broker = self.dice.randrange(1, 4)
        self.note(f"broker {broker} goes")
        if self.dice.random() < 0.5:
            self.cluster.kill_broker(broker)
        else:
            self.cluster.stop_broker(broker)
        self.broker_back_at = now + BROKER_AWAY_S, broker

    def mend(self, now: float) -> None:
        """Bring back who was away long enough, and replace who died."""
        if self.broker_back_at is not None and now >= self.broker_back_at[0]:
            self.start_broker()
        for item in [item for item in self.frozen if now >= item[0]]:
            self.frozen.remove(item)
            item[1].thaw()
        for post in [self.sender, *self.crew, *self.present]:
            post.see()

    def start_broker(self) -> None:
        """The broker that went comes back."""
        assert self.broker_back_at is not None
        broker = self.broker_back_at[1]
        self.cluster.start_broker(broker)
        self.note(f"broker {broker} is back")
        self.broker_back_at = None

    def look(self) -> None:
        """Note what the handlers have committed."""
        try:
            offsets = admin.committed_offsets(self.kafka, f"{self.topic}-handlers", timeout_s=5)
        except accord.AccordError:
            return
        self.journal.note(
            Commit({place.partition: offset for place, offset in offsets.items()}, time.time_ns())
        )

    def settle(self) -> None:
        """Let the sender end, and everybody else finish."""
        for _, post in self.frozen:
            post.thaw()
        if self.broker_back_at is not None:
            self.start_broker()
        self.sender.end()
        ends = {place: offsets.end for place, offsets in admin.list_offsets(self.kafka, self.topic).items()}
        deadline = time.monotonic() + SETTLED_WITHIN_S
        for group in ("handlers", "pipelines"):
            while admin.committed_offsets(self.kafka, f"{self.topic}-{group}") != ends:
                assert time.monotonic() < deadline, f"the {group} did not come to the end of the topic"
                self.mend(time.monotonic())
                time.sleep(LOOK_EVERY_S)
        self.look()

    def end(self) -> None:
        """Nobody is left, and every broker runs."""
        posts = [self.sender, *self.crew, *self.guests]
        for post in posts:
            post.thaw()
            post.ask_to_end()
        for post in posts:
            post.end()
        self.cluster.up()

    def note(self, what: str) -> None:
        self.journal.note(Disturbance(what, time.time_ns()))

    # What became of it.

    def history(self, group: str) -> History:
        """All that is known of one group."""
        history = History(inputs=self.inputs(), letters=self.letters(group))
        for entry in entries(self.folder):
            if isinstance(entry, Place):
                history.acknowledged.append(entry)
            elif isinstance(entry, Disturbance):
                history.disturbances.append(entry)
            elif isinstance(entry, Commit) and group == "handlers":
                history.commits.append(entry)
            elif isinstance(entry, Handled) and group == "handlers":
                history.handled.append(entry)
        if group == "pipelines":
            history.handled = self.billed()
        return history

    def inputs(self) -> list[Input]:
        """What is on the topic."""
        return [
            Input(
                Place(record.partition, record.offset),
                repr(record.key),
                nature_of(record.headers),
                record.value,
            )
            for record in read_topic(self.kafka, self.topic)
        ]

    def letters(self, group: str) -> list[Letter]:
        """What a group has put aside."""
        found = []
        for letter in read_topic(self.kafka, self.orders.dead_letter_topic):
            headers = {name: (value or b"").decode(errors="replace") for name, value in letter.headers}
            if headers["accord-dlq-group"] == f"{self.topic}-{group}":
                place = Place(int(headers["accord-dlq-partition"]), int(headers["accord-dlq-offset"]))
                found.append(Letter(place, letter.timestamp_ms * NANOSECONDS, letter.value))
        return found

    def billed(self) -> list[Handled]:
        """What the pipelines made, as a reader sees it who waits for commits."""
        found = []
        for record in read_topic(self.kafka, self.invoices.topic):
            invoice = self.invoices.codec.decode(record.value or b"", 5)
            found.append(Handled(Place(invoice.partition, invoice.offset), record.offset))
        return found


@contextmanager
def told(capsys: pytest.CaptureFixture[str]) -> Iterator[list[str]]:
    """Lines for whoever runs the soak."""
    lines: list[str] = []
    yield lines
    with capsys.disabled():
        sys.stdout.write("\n" + "\n".join(lines) + "\n")


def summary(soak: Soak, histories: dict[str, tuple[History, Judgement]]) -> list[str]:
    """What happened, in a few lines."""
    inputs = histories["handlers"][0].inputs
    natures = Counter(item.nature for item in inputs)
    lines = [
        f"soak: {len(inputs)} records ({', '.join(f'{count} {name}' for name, count in natures.most_common())})",
        "  trouble: " + ", ".join(f"{count} x {name}" for name, count in soak.done.most_common()),
    ]
    for group, (history, judgement) in histories.items():
        lines.append(
            f"  {group}: {len(history.handled)} handled, {len(history.letters)} put aside; again: "
            f"{judgement.handled_again} handled, {judgement.letters_again} put aside; "
            f"{len(judgement.findings)} findings"
        )
    lines += [
        f"  {post.name} stopped by itself: {'; '.join(post.deaths)}" for post in soak.crew if post.deaths
    ]
    return lines


@pytest.mark.timeout(0)
def test_through_kills_freezes_rebalances_and_broken_brokers_every_record_is_accounted_for(
    kafka_cluster: Cluster, tmp_path: Path, capsys: pytest.CaptureFixture[str], soak_minutes: float
) -> None:
    with serve() as server, accord.Registry(server.url) as registry, told(capsys) as lines:
        soak = Soak(kafka_cluster, registry, tmp_path)
        soak.prepare()
        soak.begin()
        try:
            soak.trouble(soak_minutes * 60)
            soak.settle()
        finally:
            soak.end()
        histories = {}
        for group in ("handlers", "pipelines"):
            history = soak.history(group)
            histories[group] = history, judge(history, exactly_once=group == "pipelines")
        lines.extend(summary(soak, histories))

    assert {group: judgement.findings for group, (_, judgement) in histories.items()} == {
        "handlers": (),
        "pipelines": (),
    }
    handlers_died = [death for post in [soak.sender, *soak.workers, soak.guests[0]] for death in post.deaths]
    pipelines_died = [death for post in [*soak.pipelines, soak.guests[1]] for death in post.deaths]
    assert not handlers_died
    assert all(any(stop in death for stop in STOPS) for death in pipelines_died), pipelines_died
    assert {item.nature for item in histories["handlers"][0].inputs} == {
        "good",
        "slow",
        "transient",
        "permanent",
        "poison",
    }
