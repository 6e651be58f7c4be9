"""Topics as they are on a cluster, those that exist for the sake of others put to them."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from accord.kafka import KafkaSettings, admin

DEAD_LETTERS: Final = ("-dlq", ".dlq", "_dlq", "-DLQ", ".DLQ", "-dlt", ".dlt", "-dead-letter", ".dead-letter")
"""What follows the name of a topic in the usual names of its dead letter topic."""
PASSED_ON: Final = frozenset(("min.insync.replicas", "max.message.bytes"))
"""What a plan gives to dead letter and retry topics as their topic has it."""
RETENTION: Final = "retention.ms"

_RETRY: Final = re.compile(r"(?P<group>.+)\.retry\.(?P<delay>[0-9]+(?:ms|s|m|h|d))")


@dataclass(frozen=True, slots=True)
class FoundTopic:
    """A topic: what is set on it itself, and the groups that have read it.

    ``dead_letters`` is its dead letter topic, and ``delays`` those of its retry topics by group.
    """

    name: str
    partitions: int
    replicas: int
    config: Mapping[str, str] = field(default_factory=dict)
    groups: tuple[str, ...] = ()
    dead_letters: "FoundTopic | None" = None
    delays: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def look_at_topics(kafka: KafkaSettings) -> tuple[FoundTopic, ...]:
    """All topics of a cluster but Kafka's own and those that begin with an underscore. Raises KafkaError."""
    described = [one for one in admin.describe_topics(kafka) if not one.name.startswith("_")]
    config = admin.topic_overrides(kafka, [one.name for one in described])
    groups: dict[str, set[str]] = {}
    for group in admin.consumer_groups(kafka):
        for place in admin.committed_offsets(kafka, group):
            groups.setdefault(place.topic, set()).add(group)
    return tuple(
        FoundTopic(
            one.name,
            len(one.partitions),
            max((len(item.replicas) for item in one.partitions), default=1),
            config[one.name],
            tuple(sorted(groups.get(one.name, ()))),
        )
        for one in described
    )


def put_together(topics: Iterable[FoundTopic]) -> tuple[FoundTopic, ...]:
    """The topics without those that can be told as dead letter and retry topics of others.

    One that is set up in a way that a contract cannot say of such a topic stays a topic of its own.
    """
    by_name = {topic.name: topic for topic in topics}
    taken: set[str] = set()
    found = []
    for topic in by_name.values():
        letters = _dead_letters(topic, by_name)
        delays = _delays(topic, by_name)
        taken |= {letters.name} if letters else set()
        taken |= {f"{topic.name}.{group}.retry.{delay}" for group, of in delays.items() for delay in of}
        found.append(replace(topic, dead_letters=letters, delays=delays))
    return tuple(topic for topic in found if topic.name not in taken)


def _dead_letters(topic: FoundTopic, by_name: Mapping[str, FoundTopic]) -> FoundTopic | None:
    names = [topic.name + ending for ending in DEAD_LETTERS]
    there = [by_name[name] for name in names if name in by_name]
    return next((one for one in there if _goes_with(one, topic, free=(RETENTION,))), None)


def _delays(topic: FoundTopic, by_name: Mapping[str, FoundTopic]) -> dict[str, tuple[str, ...]]:
    delays: dict[str, tuple[str, ...]] = {}
    for name, other in sorted(by_name.items()):
        found = (
            _RETRY.fullmatch(name.removeprefix(f"{topic.name}."))
            if name.startswith(f"{topic.name}.")
            else None
        )
        if found and other.partitions == topic.partitions and _goes_with(other, topic, free=(RETENTION,)):
            delays[found["group"]] = (*delays.get(found["group"], ()), found["delay"])
    return delays


def _goes_with(other: FoundTopic, topic: FoundTopic, *, free: Collection[str]) -> bool:
    """Whether ``other`` is set up as a plan would set it up beside ``topic``, whatever the ``free`` settings are."""
    passed_on = {name: value for name, value in topic.config.items() if name in PASSED_ON}
    own = {name: value for name, value in other.config.items() if name not in free}
    kept = other.config.get(RETENTION, "1")
    return own == passed_on and other.replicas == topic.replicas and kept.isdecimal() and int(kept) > 0
