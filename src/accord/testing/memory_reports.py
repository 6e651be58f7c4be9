"""What was reported to a registry that is no more than its answers: kept, refused and told as a real one does."""

from collections.abc import Mapping
from typing import Final

import msgspec

from accord.client import ReaderReport
from accord.registry.core.contexts import context_of, normalized
from accord.registry.reports import reading
from accord.registry.reports.commands import ForgetReport, MakeReport, ReportCommand
from accord.registry.reports.decide import decide
from accord.registry.reports.errors import ReportError, ReportNotFound, ReportRefused, ReportsFull
from accord.registry.reports.kinds import KINDS as ALL_KINDS
from accord.registry.reports.kinds import READER, Kind
from accord.registry.reports.state import ReportState

KINDS: Final[Mapping[str, Kind]] = {kind.path: kind for kind in ALL_KINDS}
"""The kinds of reports by the word in their path."""

_CODES: Final[Mapping[type[ReportError], tuple[int, int]]] = {
    ReportNotFound: (404, 40490),
    ReportRefused: (422, 42290),
    ReportsFull: (422, 42291),
}

Answer = tuple[int, bytes]
"""An HTTP status, and a body as JSON, empty where there is none."""


class MemoryReports:
    """Keeps reports of every kind; pages and filters of lists are the only thing that it knows of queries."""

    def __init__(self) -> None:
        self._state = ReportState()

    def readers(self) -> tuple[ReaderReport, ...]:
        """Who was reported to read what, the one reported last at the end."""
        kept = self._state.select(READER, {})
        return tuple(msgspec.json.decode(report.text, type=ReaderReport) for report in kept)

    def answer(
        self, method: str, endpoint: str, query: Mapping[str, str], body: bytes, now_ms: int
    ) -> Answer:
        """What the registry says to a request for ``/accord/v1/<endpoint>``, and does about it."""
        kind = KINDS[endpoint]
        try:
            if method == "POST":
                return 200, self._keep(kind, query, body, now_ms)
            if method == "DELETE":
                self._carry_out(ForgetReport(kind, reading.key_of(kind, query)), now_ms)
                return 204, b""
            return 200, self._list(kind, query)
        except ReportError as error:
            status, error_code = _CODES[type(error)]
            told = {"error_code": error_code, "message": error.message, "hint": error.hint}
            return status, msgspec.json.encode(told)

    def _keep(self, kind: Kind, query: Mapping[str, str], body: bytes, now_ms: int) -> bytes:
        context = context_of(normalized(query.get("subject", "")))
        command = MakeReport.of(kind, reading.read(kind, body, context=context))
        self._carry_out(command, now_ms)
        kept = self._state.find(kind, command.key)
        return b"" if kept is None else kept.text

    def _carry_out(self, command: ReportCommand, now_ms: int) -> None:
        for event in decide(self._state, command, at_ms=now_ms):
            self._state.apply(event)

    def _list(self, kind: Kind, query: Mapping[str, str]) -> bytes:
        named = {name: query[name] for name in kind.filters if name in query}
        kept = self._state.select(kind, reading.wanted(named))
        offset, limit = int(query.get("offset", 0)), int(query.get("limit", -1))
        page = kept[offset:] if limit <= 0 else kept[offset : offset + limit]
        return b"[" + b",".join(report.text for report in page) + b"]"
