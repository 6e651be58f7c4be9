"""Looking at schemas and at what they refer to."""

from collections.abc import Iterator
from typing import Final

from accord.registry.core.contexts import context_of, within
from accord.schemas import InvalidSchema, Reference, Schema, parse
from accord.transfer.doctor import rules
from accord.transfer.doctor.diagnosis import Diagnosis, diagnosis
from accord.transfer.doctor.history import Erased, History, Number, Stored
from accord.transfer.doctor.mending import Change, WithMembers

_LATEST: Final = -1


def dangling(history: History) -> Iterator[Diagnosis]:
    """References to what is not there."""
    for stored in history.versions():
        for reference in stored.value.schema.references:
            if _target(history, stored, reference) is not None:
                continue
            number = _number(stored, reference)
            erased = history.erased.get(number)
            facts = {
                "what": stored.number,
                "target": number,
                "state": "not there" if erased is None else "erased",
            }
            changes = [] if erased is None else list(_brought_back(history, erased))
            yield diagnosis(
                rules.DANGLING,
                stored.entry.place,
                stored.entry.record,
                facts,
                *changes,
                after=f"{number}, soft-deleted" if changes else "",
            )


def to_deleted(history: History) -> Iterator[Diagnosis]:
    """References of live versions to soft-deleted ones."""
    for stored in history.versions():
        if stored.deleted:
            continue
        for reference in stored.value.schema.references:
            target = _target(history, stored, reference)
            if target is not None and target.deleted:
                facts = {"what": stored.number, "target": target.number}
                yield diagnosis(rules.REFERENCE_TO_DELETED, stored.entry.place, stored.entry.record, facts)


def unparsable(history: History) -> Iterator[Diagnosis]:
    """Contents that are no schemas, told once each. Where a reference dangles, nobody can know."""
    looked_at = set()
    for stored in history.versions():
        content = stored.id.context, stored.identity, stored.value.schema.type
        if content in looked_at:
            continue
        looked_at.add(content)
        needed = _needed(history, stored)
        if needed is None:
            continue
        try:
            parse(stored.value.schema, referenced=needed, strict=False)
        except InvalidSchema as error:
            facts = {"what": stored.number, "reason": error.message}
            yield diagnosis(rules.UNPARSABLE, stored.entry.place, stored.entry.record, facts)


def _brought_back(history: History, erased: Erased) -> Iterator[Change]:
    """The erased version as a soft-deleted one; nothing if its id has another content by now."""
    stored = erased.stored
    taken = any(one.id == stored.id and one.identity != stored.identity for one in history.versions())
    if erased.by is not None and not taken:
        yield WithMembers(erased.by.place, {"deleted": True}, base=stored.entry.record.value)


def _needed(history: History, stored: Stored) -> dict[str, Schema] | None:
    """All that a version refers to, by name, each after what it needs itself; None if something is not there."""
    needed: dict[str, Schema] = {}
    entered: set[tuple[Number, str]] = set()
    to_do: list[tuple[str, Stored, bool]] = [("", stored, False)]
    while to_do:
        name, one, complete = to_do.pop()
        if complete:
            needed.setdefault(name, one.value.schema)
            continue
        if (one.number, name) in entered:
            continue
        entered.add((one.number, name))
        to_do.append((name, one, True))
        for reference in reversed(one.value.schema.references):
            target = _target(history, one, reference)
            if target is None:
                return None
            to_do.append((reference.name, target, False))
    del needed[""]
    return needed


def _target(history: History, referrer: Stored, reference: Reference) -> Stored | None:
    number = _number(referrer, reference)
    if reference.version != _LATEST:
        return history.version(number)
    live = [stored for stored in history.subjects.get(number.subject, {}).values() if not stored.deleted]
    return max(live, key=lambda stored: stored.number.version, default=None)


def _number(referrer: Stored, reference: Reference) -> Number:
    subject = within(context_of(referrer.number.subject), reference.subject)
    return Number(subject, reference.version)
