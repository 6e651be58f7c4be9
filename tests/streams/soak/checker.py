"""Judges what happened in a soak. Pure: a history in, findings out; none means that all was as promised."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tests.streams.soak.history import Handled, History, Input, Place

SECOND = 1_000_000_000
# From a disturbance to the last record that comes again because of it: a dead member is missed for six seconds, and its
# heir has to fetch.
ECHO_NS = 20 * SECOND
TOLD = 5


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is wrong, a sentence each, and how often records were handled or put aside again."""

    findings: tuple[str, ...]
    handled_again: int
    letters_again: int


def judge(history: History, *, exactly_once: bool = False) -> Judgement:
    """See whether nothing is lost, nothing is moved past, and nothing repeated where it must not be."""
    inputs = {item.place: item for item in history.inputs}
    times = defaultdict[Place, list[Handled]](list)
    for entry in history.handled:
        times[entry.place].append(entry)
    for entries in times.values():
        entries.sort(key=lambda entry: entry.at)
    letters = Counter(letter.place for letter in history.letters)
    findings = [
        *_unwritten(history, inputs),
        *_unknown(inputs, [*times, *letters]),
        *_lost(inputs, times, letters),
        *_undeserved(inputs, times, letters),
        *_changed(history, inputs),
        *_out_of_order(inputs, times),
        *_moved_past(history, inputs, times),
        *(_repeated(times, letters) if exactly_once else _repeated_without_reason(history, times)),
    ]
    return Judgement(
        tuple(findings),
        sum(len(entries) - 1 for entries in times.values()),
        sum(count - 1 for count in letters.values()),
    )


def _unwritten(history: History, inputs: dict[Place, Input]) -> Iterator[str]:
    missing = [place for place in history.acknowledged if place not in inputs]
    yield from _told("acknowledged, and not on the topic", missing)


def _unknown(inputs: dict[Place, Input], seen: list[Place]) -> Iterator[str]:
    yield from _told(
        "handled or put aside, and never written", [place for place in seen if place not in inputs]
    )


def _lost(
    inputs: dict[Place, Input], times: dict[Place, list[Handled]], letters: Counter[Place]
) -> Iterator[str]:
    lost = [place for place in inputs if place not in times and not letters[place]]
    yield from _told("lost: neither handled nor put aside", lost)


def _undeserved(
    inputs: dict[Place, Input], times: dict[Place, list[Handled]], letters: Counter[Place]
) -> Iterator[str]:
    yield from _told(
        "put aside without having deserved it",
        [place for place in letters if place in inputs and not inputs[place].ends_as_letter],
    )
    yield from _told(
        "handled, and to be put aside",
        [place for place in times if place in inputs and inputs[place].ends_as_letter],
    )


def _changed(history: History, inputs: dict[Place, Input]) -> Iterator[str]:
    changed = [
        letter.place
        for letter in history.letters
        if letter.place in inputs and letter.value != inputs[letter.place].value
    ]
    yield from _told("put aside with other bytes than it came with", changed)


def _out_of_order(inputs: dict[Place, Input], times: dict[Place, list[Handled]]) -> Iterator[str]:
    """What has a key is handled for the first time after what came before it with that key."""
    by_key = defaultdict[tuple[int, str], list[Place]](list)
    for place in sorted(times):
        if place in inputs:
            by_key[place.partition, inputs[place].key].append(place)
    early = []
    for places in by_key.values():
        latest = -1
        for place in places:
            first = times[place][0].at
            if first < latest:
                early.append(place)
            latest = max(latest, first)
    yield from _told("handled before an elder of its key", early)


def _moved_past(
    history: History, inputs: dict[Place, Input], times: dict[Place, list[Handled]]
) -> Iterator[str]:
    """Whenever somebody looked, all that lay before the committed offset was settled."""
    settled = {place: entries[0].at for place, entries in times.items()}
    for letter in history.letters:
        settled[letter.place] = min(letter.at, settled.get(letter.place, letter.at))
    # When everything up to an offset was settled, by partition: one pass, however often somebody looked.
    by_partition = defaultdict[int, list[tuple[int, int]]](list)
    for place in sorted(inputs):
        reached = by_partition[place.partition]
        before = reached[-1][1] if reached else 0
        reached.append((place.offset, max(before, settled.get(place, 2**63))))
    passed = set()
    for commit in history.commits:
        for partition, offset in commit.offsets.items():
            for place_offset, at in by_partition[partition]:
                if place_offset >= offset:
                    break
                if at > commit.at:
                    passed.add(Place(partition, place_offset))
                    break
    yield from _told("not settled yet when an offset behind it was committed", sorted(passed))


def _repeated(times: dict[Place, list[Handled]], letters: Counter[Place]) -> Iterator[str]:
    yield from _told(
        "handled more than once", [place for place, entries in times.items() if len(entries) > 1]
    )
    yield from _told("put aside more than once", [place for place, count in letters.items() if count > 1])
    yield from _told("handled and put aside", [place for place in times if letters[place]])


def _repeated_without_reason(history: History, times: dict[Place, list[Handled]]) -> Iterator[str]:
    """At least once allows a repetition after something happened to the group or to a broker, and no other."""
    disturbed = sorted(disturbance.at for disturbance in history.disturbances)
    calm = [
        place
        for place, entries in times.items()
        for first, again in pairwise(entries)
        if not any(first.at - ECHO_NS <= at <= again.at for at in disturbed)
    ]
    yield from _told("handled again, and nothing had happened", calm)


def _told(what: str, places: list[Place]) -> Iterator[str]:
    if places:
        some = ", ".join(f"{place.partition}/{place.offset}" for place in places[:TOLD])
        yield f"{len(places)} {what}: {some}"
