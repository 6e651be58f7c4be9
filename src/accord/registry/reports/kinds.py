"""The kinds of reports, as data: paths, keys of the log, filters and documentation are made from these rows."""

from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import msgspec

from accord.registry.reports.bodies import (
    DeploymentReport,
    ExemptionReport,
    ReaderReport,
    RolloutReport,
    VerificationReport,
)

ReportKey: TypeAlias = tuple[str | None, ...]
"""What names a report among those of its kind: the values of its key members, in their order."""

REPORTED_AT: Final = "reportedAtMs"
"""When the registry took a report: it sets this member itself."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of report.

    ``key`` are the members that name a report: another one with the same takes its place. They are listed by these and by
    ``marks``. ``dated_by`` is the member that says how new one is, in milliseconds; the registry fills it in. Of those that
    have the members ``among`` in common, the newest ``most`` are kept (0: all).
    """

    word: str
    path: str
    body: type[msgspec.Struct]
    key: tuple[str, ...]
    meaning: str
    marks: tuple[str, ...] = ()
    dated_by: str = REPORTED_AT
    among: tuple[str, ...] = ()
    most: int = 0

    @property
    def keytype(self) -> str:
        """How the keys of the log spell it."""
        return self.word.upper()

    @property
    def filters(self) -> tuple[str, ...]:
        """The members that reports are listed by."""
        return (*self.key, *self.marks)

    def key_of(self, document: dict[str, Any]) -> ReportKey:
        """What names a report with these members."""
        return tuple(document[name] for name in self.key)

    def marks_of(self, document: dict[str, Any]) -> ReportKey:
        """What else a report with these members is found by."""
        return tuple(document.get(name) for name in self.marks)

    def group_of(self, key: ReportKey) -> ReportKey:
        """What a report has in common with those of which only the newest are kept."""
        return tuple(value for name, value in zip(self.key, key, strict=True) if name in self.among)

    def types(self) -> dict[str, Any]:
        """The type of each member, by its name in JSON."""
        return {field.encode_name: field.type for field in msgspec.structs.fields(self.body)}


READER: Final = Kind(
    "reader",
    "readers",
    ReaderReport,
    ("service", "subject", "origin"),
    "who reads what",
    marks=("contract",),
)
DEPLOYMENT: Final = Kind(
    "deployment",
    "deployments",
    DeploymentReport,
    ("service", "environment", "version"),
    "what runs where, and what ran there before",
    dated_by="deployedAtMs",
    among=("service", "environment"),
    most=20,
)
VERIFICATION: Final = Kind(
    "verification",
    "verifications",
    VerificationReport,
    ("consumer", "consumerVersion", "subject", "fingerprint"),
    "which version of a consumer copes with which schema",
    among=("consumer", "subject"),
    most=200,
)
ROLLOUT: Final = Kind(
    "rollout",
    "rollouts",
    RolloutReport,
    ("id",),
    "how far the rollout of a schema is",
    marks=("subject", "state"),
)
EXEMPTION: Final = Kind(
    "exemption", "exemptions", ExemptionReport, ("contract", "rule", "path"), "which findings are accepted"
)

KINDS: Final = (READER, DEPLOYMENT, VERIFICATION, ROLLOUT, EXEMPTION)
