"""A report as GitLab's code quality: a list of places with a fingerprint."""

from typing import Any, Final

from accord.findings.identity import identified
from accord.findings.model import Finding, Severity
from accord.findings.report import Report
from accord.findings.visible import visible

_SEVERITIES: Final = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.INFO: "info"}


def report_gitlab(report: Report) -> list[dict[str, Any]]:
    """Every finding; those that are accepted say so and weigh nothing."""
    return [
        _issue(finding, identity) for finding, identity in identified((*report.counting, *report.exempted))
    ]


def _issue(finding: Finding, identity: str) -> dict[str, Any]:
    path = finding.at.file if finding.at else finding.contract or finding.subject or finding.here.name
    severity, description = _SEVERITIES[finding.severity], visible(finding.message)
    if finding.exemption is not None:
        severity = "info"
        description += (
            f" (accepted until {visible(finding.exemption.until)}: {visible(finding.exemption.reason)})"
        )
    return {
        "type": "issue",
        "check_name": finding.rule,
        "description": description,
        "severity": severity,
        "fingerprint": identity,
        "location": {"path": path, "lines": {"begin": finding.at.line if finding.at else 1}},
    }
