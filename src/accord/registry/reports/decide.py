"""From a command to what happens: nothing here changes anything."""

from collections.abc import Iterator, Sequence
from heapq import nsmallest
from typing import Final

from accord.registry.reports.commands import ForgetReport, MakeReport, ReportCommand
from accord.registry.reports.errors import ReportNotFound, ReportsFull
from accord.registry.reports.events import Forgotten, Reported, ReportEvent
from accord.registry.reports.state import KeptReport, ReportState

MOST_BYTES: Final = 256 << 20
"""How much all reports together may take in memory, about."""


def decide(
    state: ReportState, command: ReportCommand, *, at_ms: int, most_bytes: int = MOST_BYTES
) -> Sequence[ReportEvent]:
    """What happens if ``command`` is carried out at that time. Raises ReportNotFound, ReportsFull."""
    match command:
        case MakeReport():
            return _decide_report(state, command, at_ms=at_ms, most_bytes=most_bytes)
        case ForgetReport(kind, key):
            if state.find(kind, key) is None:
                raise ReportNotFound(kind, key)
            return [Forgotten(kind, key)]


def _decide_report(
    state: ReportState, command: MakeReport, *, at_ms: int, most_bytes: int
) -> Sequence[ReportEvent]:
    kind = command.kind
    dated_ms = at_ms if command.dated_ms is None else command.dated_ms
    made = Reported(kind, command.key, command.text(at_ms), dated_ms, command.marks)
    outdated = list(_outdated(state, made))
    leaving = [state.find(kind, key) for key in (made.key, *(one.key for one in outdated))]
    more_bytes = KeptReport.of(made).weight_bytes - sum(
        one.weight_bytes for one in leaving if one is not None
    )
    if more_bytes > 0 and state.weight_bytes + more_bytes > most_bytes:
        raise ReportsFull(kind, most_bytes)
    return [made, *outdated]


def _outdated(state: ReportState, made: Reported) -> Iterator[Forgotten]:
    """The oldest of the others, where there would be more than are kept."""
    kind = made.kind
    if not kind.most:
        return
    others = [(report.dated_ms, key) for key, report in state.group(kind, made.key) if key != made.key]
    excess = len(others) + 1 - kind.most
    for _, key in nsmallest(excess, others, key=lambda one: one[0]):
        yield Forgotten(kind, key)
