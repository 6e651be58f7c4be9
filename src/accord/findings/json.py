"""A finding as JSON, for the REST API and for machines; and back."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from accord.findings.model import Finding, Fix, Severity, Side


def to_json(finding: Finding) -> dict[str, Any]:
    """The finding as values that ``json.dumps`` takes; every member is always there."""
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "why": finding.why,
        "detail": finding.detail,
        "path": finding.path,
        "error_type": finding.error_type,
        "version": finding.version,
        "candidate": "reader" if finding.candidate_reads else "writer",
        "reader": asdict(finding.reader),
        "writer": asdict(finding.writer),
        "fixes": [asdict(fix) for fix in finding.fixes],
    }


def from_json(body: Mapping[str, Any]) -> Finding:
    """The finding that ``to_json`` wrote, also by a newer version: unknown members are passed over.

    Raises LookupError, TypeError or ValueError for anything else.
    """
    return Finding(
        rule=body["rule"],
        severity=Severity(body["severity"]),
        message=body["message"],
        why=body.get("why", ""),
        path=body.get("path", ""),
        reader=_side(body["reader"]),
        writer=_side(body["writer"]),
        error_type=body.get("error_type", ""),
        detail=body.get("detail", ""),
        version=body.get("version"),
        fixes=tuple(
            Fix(fix["summary"], fix.get("before", ""), fix.get("after", ""), fix["schema"])
            for fix in body.get("fixes", ())
        ),
        candidate_reads=body.get("candidate", "reader") == "reader",
    )


def _side(body: Mapping[str, Any]) -> Side:
    return Side(body["name"], body.get("path", ""), body.get("fragment", ""))
