"""What was reported and not forgotten: everything that the events of the second log add up to."""

import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import msgspec

from accord.registry.reports.events import Reported, ReportEvent
from accord.registry.reports.kinds import KINDS, Kind, ReportKey

Wanted: TypeAlias = Callable[[str | None], bool]
"""Whether the value of a member is one that is asked for."""

# About what a report takes beside its text and its key.
_EACH_BYTES: Final = 768
# So many are looked at before others get their turn: about half a millisecond.
_AT_ONCE: Final = 2000


class KeptReport(msgspec.Struct, frozen=True, gc=False):
    """A report as JSON, how new it is, and what it is found by beside its key."""

    text: bytes
    dated_ms: int
    marks: ReportKey
    weight_bytes: int
    """About what it takes in memory, with its key."""

    @classmethod
    def of(cls, event: Reported) -> "KeptReport":
        """What is kept of it."""
        words = sum(map(sys.getsizeof, filter(None, (*event.key, *event.marks))))
        return cls(event.text, event.dated_ms, event.marks, len(event.text) + words + _EACH_BYTES)


@dataclass(slots=True)
class ReportState:
    """Reports by kind and key. ``weight_bytes`` is about what all of them take in memory."""

    weight_bytes: int = 0
    _kept: dict[str, dict[ReportKey, KeptReport]] = field(
        default_factory=lambda: {kind.word: {} for kind in KINDS}
    )
    _groups: dict[tuple[str, ReportKey], dict[ReportKey, None]] = field(default_factory=dict)

    def apply(self, event: ReportEvent) -> KeptReport | None:
        """Let it have happened; answers the report that was there before."""
        made = KeptReport.of(event) if isinstance(event, Reported) else None
        return self.put(event.kind, event.key, made)

    def find(self, kind: Kind, key: ReportKey) -> KeptReport | None:
        """The report of that key."""
        return self._kept[kind.word].get(key)

    def count(self, kind: Kind) -> int:
        """How many there are."""
        return len(self._kept[kind.word])

    def select(self, kind: Kind, wanted: Mapping[str, Wanted]) -> list[KeptReport]:
        """Those whose members are as ``wanted`` says of some of the ``filters`` of the kind."""
        return [report for part in self.parts(kind, wanted) for report in part]

    def parts(self, kind: Kind, wanted: Mapping[str, Wanted]) -> Iterator[list[KeptReport]]:
        """The same a few at a time, as they were when it began: whoever looks for long lets others go on in between."""
        kept = self._kept[kind.word]
        keys, reports = list(kept), list(kept.values())
        for begin in range(0, len(keys), _AT_ONCE):
            part = slice(begin, begin + _AT_ONCE)
            found = list(zip(keys[part], reports[part], strict=True))
            for name, is_wanted in wanted.items():
                if name in kind.key:
                    place = kind.key.index(name)
                    found = [item for item in found if is_wanted(item[0][place])]
                else:
                    place = kind.marks.index(name)
                    found = [item for item in found if is_wanted(item[1].marks[place])]
            yield [report for _, report in found]

    def group(self, kind: Kind, key: ReportKey) -> Iterator[tuple[ReportKey, KeptReport]]:
        """The reports that have the members ``among`` of the kind in common with ``key``."""
        kept = self._kept[kind.word]
        return ((one, kept[one]) for one in self._groups.get((kind.word, kind.group_of(key)), ()))

    def put(self, kind: Kind, key: ReportKey, report: KeptReport | None) -> KeptReport | None:
        """Have ``report`` under ``key``, or nothing; answers what was there."""
        kept = self._kept[kind.word]
        before = kept.pop(key, None)
        if before is not None:
            self.weight_bytes -= before.weight_bytes
        if report is not None:
            kept[key] = report
            self.weight_bytes += report.weight_bytes
        if kind.most:
            self._regroup(kind, key, there=report is not None)
        return before

    def _regroup(self, kind: Kind, key: ReportKey, *, there: bool) -> None:
        place = kind.word, kind.group_of(key)
        if there:
            self._groups.setdefault(place, {})[key] = None
            return
        group = self._groups.get(place, {})
        group.pop(key, None)
        if not group:
            self._groups.pop(place, None)
