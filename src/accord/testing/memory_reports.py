"""What was reported to a registry that is no more than its answers."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from accord.client import (
    DeploymentReport,
    ExemptionReport,
    ReaderReport,
    RolloutReport,
    VerificationReport,
)
from accord.client.reports import Report

KINDS: Final[Mapping[str, type[Report]]] = {
    kind.endpoint: kind
    for kind in (ReaderReport, DeploymentReport, VerificationReport, RolloutReport, ExemptionReport)
}
REPORT_NOT_FOUND: Final = 404, {"error_code": 40404, "message": "nothing was reported under this key"}

Answer = tuple[int, object]
"""An HTTP status, and a body as JSON."""


class MemoryReports:
    """Keeps reports of every kind, the newest of each key."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], dict[str, Any]] = {}

    def readers(self) -> tuple[ReaderReport, ...]:
        """Who was reported to read what, in the order of the first report of each."""
        listed = [members for (endpoint, *_), members in self._kept.items() if endpoint == "readers"]
        return tuple(msgspec.convert(listed, list[ReaderReport]))

    def answer(
        self, method: str, endpoint: str, query: Mapping[str, str], body: bytes, now_ms: int
    ) -> Answer:
        """What the registry says to a request for ``/accord/v1/<endpoint>``, and does about it."""
        kind = KINDS[endpoint]
        if method == "POST":
            return self._keep(kind, body, now_ms)
        if method == "DELETE":
            gone = self._kept.pop(_key(kind, query), None)
            return REPORT_NOT_FOUND if gone is None else (200, gone)
        listed = [members for (place, *_), members in self._kept.items() if place == endpoint]
        return 200, [one for one in listed if all(one[name] == query[name] for name in query)]

    def _keep(self, kind: type[Report], body: bytes, now_ms: int) -> Answer:
        members = msgspec.to_builtins(msgspec.json.decode(body, type=kind)) | {"reportedAtMs": now_ms}
        if members.get("deployedAtMs", now_ms) is None:
            members["deployedAtMs"] = now_ms
        self._kept[_key(kind, members)] = members
        return 200, members


def _key(kind: type[Report], members: Mapping[str, Any]) -> tuple[str, ...]:
    return (kind.endpoint, *(members.get(name) or "" for name in kind.identity))
