"""What can be wrong with a report.

AccordError
├── ReportRefused          its members are not what its kind takes
├── ReportNotFound         nothing of that key was reported
└── ReportsFull            there is no room for it
"""

from collections.abc import Sequence

from accord.errors import AccordError
from accord.registry.reports.kinds import Kind, ReportKey


class ReportError(AccordError):
    """The registry cannot do with a report what it was asked to do."""


class ReportRefused(ReportError):
    """The report, or the key of one, is not what its kind takes; the message names everything that is wrong with it."""

    def __init__(self, kind: Kind, faults: Sequence[str]) -> None:
        super().__init__(
            f"This is no report of a {kind.word}: {'; '.join(faults)}",
            hint=f"its key is {', '.join(kind.key)}; /openapi.json describes every member of {kind.body.__name__}",
        )
        self.kind = kind
        self.faults = tuple(faults)


class ReportNotFound(ReportError):
    """Nothing was reported under that key, or it was forgotten."""

    def __init__(self, kind: Kind, key: ReportKey) -> None:
        super().__init__(
            f"There is no {kind.word} with {words_of(kind, key)}",
            hint=f"GET /accord/v1/{kind.path} lists those that there are",
        )
        self.kind = kind
        self.key = key


class ReportsFull(ReportError):
    """The reports that are kept take all the room that they may have."""

    def __init__(self, kind: Kind, most_bytes: int) -> None:
        super().__init__(
            f"There is no room for another {kind.word}: all reports together may take {most_bytes >> 20} MiB",
            hint="forget what nobody needs any more (DELETE /accord/v1/...), such as services that are gone",
        )
        self.kind = kind


def words_of(kind: Kind, key: ReportKey) -> str:
    """``key`` for people."""
    return ", ".join(
        f"{name} {'null' if value is None else repr(value)}"
        for name, value in zip(kind.key, key, strict=True)
    )
