"""From a row of records to what is wrong with it, and to a row without that."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from accord.findings import Severity
from accord.registry.core.contexts import Context
from accord.registry.core.events import ContextDeleted, ContextSet
from accord.registry.core.state import RegistryState
from accord.registry.log import records as log_records
from accord.registry.log.port import Record
from accord.schemas import SchemaId
from accord.transfer.doctor.diagnosis import Diagnosis
from accord.transfer.doctor.history import History
from accord.transfer.doctor.ids import reused_ids, two_contents, two_ids, wrong_md5s
from accord.transfer.doctor.keys import twins, undecodable, unknown_kinds, unusual_keys
from accord.transfer.doctor.leftovers import bad_versions, settings_alone, stray_markers
from accord.transfer.doctor.mending import changed, changed_reports
from accord.transfer.doctor.references import dangling, to_deleted, unparsable
from accord.transfer.doctor.reports import unreadable_reports

Look: TypeAlias = Callable[[History], Iterator[Diagnosis]]

LOOKS: Final[tuple[Look, ...]] = (
    undecodable, unknown_kinds, twins, unusual_keys, two_contents, two_ids, reused_ids, wrong_md5s, dangling, to_deleted,
    unparsable, stray_markers, bad_versions, settings_alone,
)  # fmt: skip

_ORDER: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Report:
    """What the doctor found in so many records, the gravest first."""

    records: int
    diagnoses: tuple[Diagnosis, ...]

    @property
    def sound(self) -> bool:
        """Whether there is nothing but, perhaps, things to know."""
        return all(one.finding.severity is Severity.INFO for one in self.diagnoses)

    @property
    def mendable(self) -> tuple[Diagnosis, ...]:
        """Those that ``mend`` does something about."""
        return tuple(one for one in self.diagnoses if one.changes)


@dataclass(frozen=True, slots=True)
class Mended:
    """The records of both logs with everything mended that can be, what was done for that, and what is left.

    ``highest_ids`` are those that a record of their context keeps from now on, so that they are not given again.
    """

    records: Sequence[Record]
    done: tuple[Diagnosis, ...]
    report: Report
    highest_ids: Mapping[Context, SchemaId]
    reports: Sequence[Record] = ()


def examine(records: Sequence[Record], reports: Sequence[Record] = ()) -> Report:
    """What is wrong with the records of the log of schemas and of the second log, each oldest first."""
    history = History.of(records)
    found = [diagnosis for look in LOOKS for diagnosis in look(history)]
    found += unreadable_reports(reports)
    return Report(
        len(records) + len(reports), tuple(sorted(found, key=lambda one: _ORDER.index(one.finding.severity)))
    )


def mend(records: Sequence[Record], reports: Sequence[Record] = ()) -> Mended:
    """The records, mended until nothing mendable is left: what is brought back may need something itself."""
    before = _compacted(records).state
    done: list[Diagnosis] = []
    report = examine(records, reports)
    while report.mendable:
        done += report.mendable
        changes = [change for one in report.mendable for change in one.changes]
        records, reports = changed(records, changes), changed_reports(reports, changes)
        report = examine(records, reports)
    forgotten = _forgotten_ids(before, records) if done else {}
    if forgotten:
        at_ms = max(record.timestamp_ms for record in records) if records else 0
        records = [*records, *(_keeping(before, *item, at_ms=at_ms) for item in forgotten.items())]
        report = examine(records, reports)
    return Mended(records, tuple(done), report, forgotten, reports)


def _forgotten_ids(before: RegistryState, mended: Sequence[Record]) -> dict[Context, SchemaId]:
    """The highest ids that the compacted log tells before and not after: what gets the key of another takes its place."""
    after = _compacted(mended)
    return {
        context: ids.highest
        for context, ids in before.id_spaces.items()
        if ids.highest > after.highest_id(context)
    }


def _compacted(records: Sequence[Record]) -> History:
    """What is left to tell when all but the last record of each key are gone."""
    last = {record.key: place for place, record in enumerate(records)}
    return History.of(record for place, record in enumerate(records) if last[record.key] == place)


def _keeping(before: RegistryState, context: Context, highest: SchemaId, *, at_ms: int) -> Record:
    happened = ContextSet if context in before.contexts else ContextDeleted
    return log_records.encode(happened(context, highest), at_ms)
