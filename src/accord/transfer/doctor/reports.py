"""Looking at the second log: whether what was reported can be read."""

from collections.abc import Iterable, Iterator

from accord.registry.log.port import Record
from accord.registry.reports import records
from accord.transfer.doctor import rules
from accord.transfer.doctor.diagnosis import Diagnosis


def unreadable_reports(reports: Iterable[Record]) -> Iterator[Diagnosis]:
    """Records that no server reads; they say nothing, and harm nothing."""
    for place, record in enumerate(reports):
        try:
            records.decode(record)
        except records.Undecodable as error:
            facts = {"reason": error.message}
            yield Diagnosis(rules.REPORT_UNDECODABLE.finding(place, record, facts, log="_accord"))
