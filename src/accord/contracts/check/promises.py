"""What a contract promised before, and promises no more."""

from collections.abc import Iterator

from accord.contracts.check import rules
from accord.contracts.check.absence import gone_contracts
from accord.contracts.model import DataContract, Key, Project
from accord.findings import Finding, Location
from accord.schemas import CompatibilityLevel


def broken_promises(project: Project, before: Project) -> Iterator[Finding]:
    """A finding for each thing that a contract took back. It is the same contract by its id, or else by its topic."""
    by_id = {contract.id: contract for contract in before.contracts}
    by_topic = {contract.topic: contract for contract in before.contracts}
    kept = set[str]()
    for contract in project.contracts:
        old = by_id.get(contract.id) or by_topic.get(contract.topic)
        if old is None:
            continue
        kept.add(old.id)
        if old.source.text != contract.source.text:
            yield from _topic(contract, old)
            yield from _levels(contract, old)
            yield from _partitions(contract, old)
            yield from _key(contract, old)
            yield from _dead_letters(contract, old)
    for old in gone_contracts(project, before, kept):
        facts = {"contract": old.id, "topic": old.topic, "file": old.source.path}
        yield rules.REMOVED.finding(Location(old.source.path, 1, 1), facts, contract=old.id)


def lowered(before: CompatibilityLevel, after: CompatibilityLevel) -> bool:
    """Whether ``after`` promises anything less than ``before``."""
    return (
        (before.new_reads_old and not after.new_reads_old)
        or (before.old_reads_new and not after.old_reads_new)
        or (before.transitive and not after.transitive)
    )


def _topic(contract: DataContract, old: DataContract) -> Iterator[Finding]:
    if contract.topic != old.topic:
        facts = {"before": old.topic, "after": contract.topic, "contract": contract.id}
        at = contract.locate("/schema/0/physicalName")
        yield rules.TOPIC_CHANGED.finding(at, facts, contract=contract.id)


def _levels(contract: DataContract, old: DataContract) -> Iterator[Finding]:
    pairs = (
        ("the contract", old.compatibility, contract.compatibility, "compatibility"),
        ("the key", old.key.compatibility, contract.key.compatibility, "key/compatibility"),
    )
    for what, before, after, where in pairs:
        if lowered(before, after):
            facts = {"what": what, "before": before, "after": after}
            at = contract.locate(f"{contract.block}/{where}")
            yield rules.COMPATIBILITY_LOWERED.finding(at, facts, contract=contract.id)


def _partitions(contract: DataContract, old: DataContract) -> Iterator[Finding]:
    before, after = old.partitions, contract.partitions
    if before is None or after is None or before == after:
        return
    rule = rules.PARTITIONS_ADDED if after > before else rules.PARTITIONS_REMOVED
    at = contract.locate(f"{contract.block}/partitions")
    yield rule.finding(at, {"topic": contract.topic, "before": before, "after": after}, contract=contract.id)


def _key(contract: DataContract, old: DataContract) -> Iterator[Finding]:
    if (contract.key.type, contract.key.field) != (old.key.type, old.key.field):
        facts = {"topic": contract.topic, "before": _key_words(old.key), "after": _key_words(contract.key)}
        at = contract.locate(f"{contract.block}/key")
        yield rules.KEY_CHANGED.finding(at, facts, contract=contract.id)


def _dead_letters(contract: DataContract, old: DataContract) -> Iterator[Finding]:
    before, after = old.dead_letters, contract.dead_letters
    if before is not None and (after is None or after.topic != before.topic):
        now = f"'{after.topic}'" if after else "none"
        facts = {"topic": contract.topic, "before": before.topic, "after": now}
        at = contract.locate(f"{contract.block}/dlq")
        yield rules.DEAD_LETTERS_REMOVED.finding(at, facts, contract=contract.id)


def _key_words(key: Key) -> str:
    return f"{key.type} of `{key.field}`" if key.field else f"{key.type}"
