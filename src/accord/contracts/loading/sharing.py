"""What several contracts say of one topic that they share."""

from collections.abc import Iterator, Sequence

from accord.contracts.loading import rules
from accord.contracts.model import DataContract
from accord.findings import Finding


def contradictory_dead_letters(contracts: Sequence[DataContract]) -> Iterator[Finding]:
    """Dead letters that go to the topic of an earlier contract's, and are to be kept or spread otherwise there."""
    first: dict[str, DataContract] = {}
    for contract in contracts:
        letters, places = contract.dead_letters, contract.places
        if letters is None or places is None:
            continue
        other = first.setdefault(letters.topic, contract)
        if other.dead_letters is None or other.dead_letters == letters:
            continue
        what = (
            "retention" if other.dead_letters.retention_ms != letters.retention_ms else "number of partitions"
        )
        facts = {
            "topic": contract.topic,
            "letters": letters.topic,
            "other": other.topic,
            "file": other.source.path,
            "what": what,
        }
        at = places.locate(f"{contract.block}/dlq")
        yield rules.DEAD_LETTERS_CONTRADICTORY.finding(at, facts, contract=contract.id)
