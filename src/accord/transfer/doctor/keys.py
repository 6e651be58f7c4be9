"""Looking at records one by one: whether they can be read, and how their keys are spelled."""

from collections import Counter
from collections.abc import Iterator

from accord.transfer.doctor import rules
from accord.transfer.doctor.diagnosis import Diagnosis, diagnosis
from accord.transfer.doctor.entries import Entry
from accord.transfer.doctor.history import History
from accord.transfer.doctor.mending import LeaveOut, WithKey


def undecodable(history: History) -> Iterator[Diagnosis]:
    """Records that nobody can read. What is JSON may be something to another registry, and is not left out."""
    for one in history.unreadable:
        changes = () if one.is_json else (LeaveOut(one.place),)
        yield diagnosis(rules.UNDECODABLE, one.place, one.record, {"reason": one.reason}, *changes)


def unknown_kinds(history: History) -> Iterator[Diagnosis]:
    """Records of kinds that are not known, once for each kind."""
    counts = Counter(one.kind for one in history.foreign)
    first = {one.kind: one for one in reversed(history.foreign)}
    for kind, count in counts.items():
        facts = {"kind": kind, "count": count}
        yield diagnosis(rules.UNKNOWN_KIND, first[kind].place, first[kind].record, facts)


def twins(history: History) -> Iterator[Diagnosis]:
    """Things with several keys, once for each thing."""
    unusual: dict[object, list[Entry]] = {}
    for entry in history.unusual:
        unusual.setdefault(entry.key, []).append(entry)
    for key, spellings in history.spellings.items():
        if len(spellings) > 1:
            first = unusual[key][0]
            yield diagnosis(
                rules.TWIN,
                first.place,
                first.record,
                {"what": key.words, "count": len(spellings)},
                *(WithKey(entry.place, key.usual) for entry in unusual[key]),
                before=first.record.key.decode(errors="replace"),
                after=key.usual.decode(),
            )


def unusual_keys(history: History) -> Iterator[Diagnosis]:
    """All the keys that are spelled unusually and have no twin, told at once: another registry wrote all of them so."""
    found = [entry for entry in history.unusual if len(history.spellings[entry.key]) == 1]
    if found:
        first = found[0]
        yield diagnosis(
            rules.UNUSUAL_KEY,
            first.place,
            first.record,
            {"count": len(found)},
            *(WithKey(entry.place, entry.key.usual) for entry in found),
            before=first.record.key.decode(errors="replace"),
            after=first.key.usual.decode(),
        )
