"""What the doctor found, and what can be done about it."""

from collections.abc import Mapping
from dataclasses import dataclass

from accord.findings import Finding, Fix
from accord.registry.log.port import Record
from accord.transfer.doctor.mending import Change
from accord.transfer.doctor.rules import LogRule


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A finding, and the changes that make it go away; there are none where only people can know what is right."""

    finding: Finding
    changes: tuple[Change, ...] = ()


def diagnosis(
    rule: LogRule,
    place: int,
    record: Record,
    facts: Mapping[str, object],
    *changes: Change,
    before: str = "",
    after: str = "",
    log: str = "",
) -> Diagnosis:
    """``rule`` is broken at ``place`` of a log; ``before`` and ``after`` show what the changes exchange."""
    fix = Fix(f"`--mend` {rule.mend}", before, after, "") if changes else None
    return Diagnosis(rule.finding(place, record, facts, fix=fix, log=log), changes)
