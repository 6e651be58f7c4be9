"""The way back: what ran before runs again, consumers first, and the version goes as far as it may."""

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Final

from accord.client import NotFound, RegisteredSchema, RegistryRefused, RolloutReport
from accord.contracts.carried import Carried
from accord.contracts.deployments.running import deployed_at_ms
from accord.contracts.rollout.facts import Facts
from accord.contracts.rollout.forward import Choices, Place
from accord.contracts.rollout.steps import Outcome, step_of

_NOBODY: Final = "nothing was deployed since it began"


def try_consumers_back(facts: Facts, rollout: RolloutReport, name: str) -> Outcome:
    """Done when each reader that was deployed since the beginning is again what it was before."""
    harmless = {one.service for one in facts.readers if one.reads_old}
    outcome = _back(facts, rollout, name, [one.service for one in facts.readers], harmless)
    ahead = [str(one) for one in facts.writers if one.writes_new]
    if outcome.state == "waiting" and ahead:
        mind = f". {', '.join(ahead)} writes version {rollout.version} now: pause it if what ran before does not read that"
        return Outcome(outcome.state, outcome.detail + mind, outcome.waits_for)
    return outcome


def try_producers_back(facts: Facts, rollout: RolloutReport, name: str) -> Outcome:
    """Done when each writer that was deployed since the beginning is again what it was before."""
    # Who does not write it, as one that was taken back before anybody asked for it, has nowhere to go back from.
    outcome = _back(facts, rollout, name, [one.service for one in facts.writers if one.writes_new])
    ahead = [str(one) for one in facts.writers if one.writes_new]
    if outcome.state == "done" and not outcome.waits_for and not ahead and facts.writers:
        return Outcome("done", f"they do not write it: {', '.join(map(str, facts.writers))}")
    if outcome.state == "done" and ahead:
        return Outcome(
            "waiting",
            f"{', '.join(ahead)} writes version {rollout.version}: deploy one that does not, and record it",
            outcome.waits_for,
        )
    return outcome


def try_version_back(place: Place, rollout: RolloutReport, choices: Choices) -> Outcome:
    """Hide the version; delete it for good if that is wanted, and every record was looked at, and none carries it."""
    version, registry, subject = rollout.version, place.world.registry, place.file.subject
    if version is None:
        return Outcome("done", "nothing was registered")
    try:
        registered = registry.version(subject, version, deleted=True)
    except NotFound:
        return Outcome("done", f"version {version} is gone already")
    looked, is_free = _looked(place, registered)
    is_erased = choices.erase and is_free
    try:
        if not registered.deleted:
            registry.delete_version(subject, version)
        if is_erased:
            registry.delete_version(subject, version, permanent=True)
    except RegistryRefused as error:
        return Outcome("refused", error.message)
    if is_erased:
        return Outcome("done", f"version {version} is deleted for good: {looked}")
    more = f"; `--roll-back --erase {subject}` deletes it for good" if is_free else ""
    hidden = f"version {version} is hidden, and whoever has a record of it still reads it"
    return Outcome("done", f"{hidden}: {looked}{more}")


def _back(
    facts: Facts, rollout: RolloutReport, name: str, services: Iterable[str], harmless: Container[str] = ()
) -> Outcome:
    """``harmless`` are services that may stay where nobody knows what ran before."""
    known = step_of(rollout, name)
    targets = dict(known.waits_for) if known is not None else dict(_targets(facts, rollout, services))
    alone = [
        service
        for service in dict.fromkeys(services)
        if service not in targets and _is_new(facts, rollout, service)
    ]
    harmful = [service for service in alone if service not in harmless]
    left = f"{', '.join(harmful)} has no earlier deployment: stop it, if it does harm" if harmful else ""
    ways = {
        service: f"{service} {one.version} -> {target}"
        for service, target in targets.items()
        if (one := facts.running(service)) is not None and one.version != target
    }
    if ways:
        told = f"deploy what ran before, and record it: {', '.join(ways.values())}"
        return Outcome("waiting", "; ".join(filter(None, [told, left])), targets)
    stays = f"{', '.join(alone)} reads what was written before" if alone else _NOBODY
    told = ", ".join(f"{service} is {target} again" for service, target in targets.items()) or stays
    return Outcome("done", left or told, targets)


def _targets(facts: Facts, rollout: RolloutReport, services: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Of each service that was deployed since the beginning, what ran before."""
    for service in dict.fromkeys(services):
        earlier = [
            one
            for one in facts.history
            if one.service == service and deployed_at_ms(one) < (rollout.began_at_ms or 0)
        ]
        if earlier and _is_new(facts, rollout, service):
            yield service, max(earlier, key=deployed_at_ms).version


def _is_new(facts: Facts, rollout: RolloutReport, service: str) -> bool:
    now = facts.running(service)
    return now is not None and deployed_at_ms(now) >= (rollout.began_at_ms or 0)


def _looked(place: Place, registered: RegisteredSchema) -> tuple[str, bool]:
    """What the topics showed, and whether it is certain that no record carries the schema.

    Looked at are the topic, its dead letters, and what waits to be tried again.
    """
    topics = place.world.topics
    if topics is None:
        return "nobody looked at the topic, so records may carry it", False
    names = [
        name
        for topic, letters in place.record_topics.items()
        for name in (topic, letters, *topics.retries(topic))
    ]
    found: Mapping[str, Carried] = {name: topics.carried(name) for name in dict.fromkeys(names)}
    carrying = {
        topic: count for topic, one in found.items() if (count := one.count(registered.id, registered.guid))
    }
    if carrying:
        return ", ".join(f"{count:,} records on {topic} carry it" for topic, count in carrying.items()), False
    seen = sum(one.records for one in found.values())
    if not all(one.is_whole for one in found.values()):
        return f"none of the first {seen:,} records carries it, and there are more", False
    if not place.is_of_one_topic:
        return f"none of all {seen:,} records carries it, and {place.file.subject} may be on any topic", False
    return f"none of all {seen:,} records carries it", True
