"""What a report tells of a rule, for the formats that carry the rules beside the findings."""

from dataclasses import dataclass

from accord.findings.model import Severity


@dataclass(frozen=True, slots=True)
class RuleText:
    """A rule in words. ``help`` is its page in plain text, ``markdown`` the same in Markdown."""

    id: str
    severity: Severity
    purpose: str
    help: str
    markdown: str
