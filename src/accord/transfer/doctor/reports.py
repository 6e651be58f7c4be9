"""Looking at the second log: whether what was reported can be read."""

from collections.abc import Iterable, Iterator

from accord.registry.log.port import Record
from accord.registry.reports import records
from accord.transfer.doctor import rules
from accord.transfer.doctor.diagnosis import Diagnosis, diagnosis
from accord.transfer.doctor.mending import LeaveOutReport


def unreadable_reports(reports: Iterable[Record]) -> Iterator[Diagnosis]:
    """Records that no server reads; they say nothing, and harm nothing. Of a kind of a later version, they stay."""
    for place, record in enumerate(reports):
        try:
            records.decode(record)
        except records.Undecodable as error:
            facts = {"reason": error.message}
            changes = () if isinstance(error, records.UnknownKind) else (LeaveOutReport(place),)
            yield diagnosis(rules.REPORT_UNDECODABLE, place, record, facts, *changes, log="_accord")
