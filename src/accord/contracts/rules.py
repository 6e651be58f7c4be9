"""A rule about contract files and schema files on their own: what lint, loading and plans report.

Rules about two schemas that meet are in ``accord.schemas``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from accord.findings import Finding, Fix, Location, Severity, Side
from accord.schemas.pages import Code, Page, Paragraph, Section


@dataclass(frozen=True, slots=True)
class ContractRule:
    """One thing that can be wrong with a file, as data.

    ``message`` is a template over the facts of a case. ``bad`` breaks it and ``good`` does not; a test sees to
    both. They are files in ``language``: avro, json, protobuf, yaml; the same where what is around a file breaks the rule.
    """

    id: str
    severity: Severity
    purpose: str
    message: str
    why: str
    remedy: str
    bad: str
    good: str
    language: str = "yaml"

    def finding(
        self,
        at: Location | None,
        facts: Mapping[str, object] | None = None,
        *,
        path: str = "",
        subject: str = "",
        contract: str = "",
        fixes: tuple[Fix, ...] = (),
    ) -> Finding:
        """This rule, broken at ``at``; ``path`` is the dotted name of a field, where it is about one."""
        return Finding(
            rule=self.id,
            severity=self.severity,
            message=self.message.format(**(facts or {})),
            why=self.why,
            detail=self.remedy,
            path=path,
            reader=Side(at.file if at else subject or contract, path),
            writer=Side("", ""),
            fixes=fixes,
            at=at,
            subject=subject,
            contract=contract,
        )

    @property
    def page(self) -> Page:
        """What it is about, with an example of each kind."""
        return Page(
            self.id,
            self.purpose,
            (
                Section("What it means", (Paragraph(self.why),)),
                *self._examples(),
                Section("What to do", (Paragraph(self.remedy), *self._ways_through())),
            ),
        )

    def _examples(self) -> Iterator[Section]:
        """One alone where it is not the file that makes the difference."""
        language = "json" if self.language == "avro" else self.language
        bad, good = (Code(text.rstrip("\n"), language) for text in (self.bad, self.good))
        if bad == good:
            yield Section("Example", (bad,))
            return
        yield Section(_VERDICTS[self.severity], (bad,))
        yield Section("Fine", (good,))

    def _ways_through(self) -> Iterator[Paragraph]:
        if self.severity is not Severity.INFO:
            yield Paragraph(_ALLOW.format(rule=self.id))
        if self.id.startswith("LINT_"):
            yield Paragraph(_IGNORE.format(rule=self.id))


_VERDICTS: Final = {
    Severity.ERROR: "Refused",
    Severity.WARNING: "Warned of",
    Severity.INFO: "Remarked on",
}
_ALLOW: Final = (
    "To accept it for a while, say so in the `kafka` block of the contract: "
    "`allow: [{{rule: {rule}, reason: why, until: 2027-01-31}}]`. It is shown in every summary until then."
)
_IGNORE: Final = (
    'Not to look for it at all, call `accord lint --ignore {rule}`, or write `ignore = ["{rule}"]` under `[lint]` in '
    "accord.toml."
)
