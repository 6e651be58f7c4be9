"""A rollout written down for people, before anything of it is done."""

from collections.abc import Iterator

from accord.contracts.rollout.facts import Facts
from accord.contracts.rollout.order import Decided, Order
from accord.contracts.rollout.steps import Outcome


def runbook(
    subject: str, environment: str, *, checked: Outcome, decided: Decided, facts: Facts
) -> Iterator[str]:
    """The lines of it."""
    yield f"Rollout of {subject} to {environment}"
    yield ""
    yield f"1. check: {'refused: ' if checked.state == 'refused' else ''}{checked.detail}"
    if checked.state == "refused":
        yield "   Nothing of what follows is done before that is mended, or allowed in the contract."
    is_new = facts.registered is None
    yield f"2. register: {f'make it version {len(facts.before) + 1}' if is_new else 'it is registered already'}"
    yield f"3. order: {decided.order}: {decided.why}"
    blocks = [_consumers(facts), _producers(facts)]
    if decided.order is Order.PRODUCERS_FIRST:
        blocks.reverse()
    for number, block in enumerate(blocks, 4):
        yield f"{number}. {block}"
    groups = ", ".join(facts.groups) or "no consumer group is known"
    yield f"6. settle: wait until the groups have caught up ({groups}) and no dead letter comes"
    yield ""
    yield "To roll back (`--roll-back`), at any time:"
    yield "1. consumers back: what ran before runs again, and is recorded"
    yield "2. producers back: the same for who writes"
    yield "3. version back: the version is hidden; it is deleted for good only if no record carries it, and you type its name"


def _consumers(facts: Facts) -> str:
    waiting = [f"{one} ({one.why})" for one in facts.readers if not one.reads_new]
    if waiting:
        return f"consumers: deploy versions that read it, and record them: {', '.join(waiting)}"
    ready = ", ".join(map(str, facts.readers))
    return f"consumers: nothing to do, {ready} reads it" if ready else "consumers: none is recorded"


def _producers(facts: Facts) -> str:
    behind = ", ".join(str(one) for one in facts.writers if not one.writes_new)
    if behind:
        return f"producers: deploy versions that write it, and record them: {behind}"
    return (
        "producers: nothing to do"
        if facts.writers
        else "producers: none is recorded; deploy who writes, and record it"
    )
