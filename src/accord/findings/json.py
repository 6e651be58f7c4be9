"""A finding, and a whole report, as JSON for machines; a finding also back."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from accord.findings.model import Affected, Exemption, Finding, Fix, Location, Severity, Side
from accord.findings.report import Report

SCHEMA_VERSION: Final = 1
"""Rises when a member of the document changes its meaning or goes; new ones may come any day."""


def to_json(finding: Finding) -> dict[str, Any]:
    """The finding as values that ``json.dumps`` takes, without what a registry cannot know of it (``to_whole_json``)."""
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


def to_whole_json(finding: Finding) -> dict[str, Any]:
    """The finding with its file, what it is about, who is hit and why it may be accepted; every member is always there."""
    return {
        **to_json(finding),
        "at": None if finding.at is None else {**asdict(finding.at), "excerpt": finding.at.snippet},
        "subject": finding.subject,
        "contract": finding.contract,
        "affected": None if finding.affected is None else [asdict(reader) for reader in finding.affected],
        "exemption": None if finding.exemption is None else asdict(finding.exemption),
    }


def from_json(body: Mapping[str, Any]) -> Finding:
    """The finding that one of the above wrote, also by a newer version: unknown members are passed over.

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
        at=_location(body.get("at")),
        subject=body.get("subject", ""),
        contract=body.get("contract", ""),
        affected=_affected(body.get("affected")),
        exemption=_exemption(body.get("exemption")),
    )


def report_document(report: Report) -> dict[str, Any]:
    """The report as one document: what was checked, how it ended, every finding."""
    return {
        **_head(report),
        "summary": _summary(report),
        "findings": [to_whole_json(finding) for finding in (*report.counting, *report.exempted)],
        **_details(report),
    }


def report_records(report: Report) -> Iterator[dict[str, Any]]:
    """The report as one document for each finding, ``type`` finding, and the summary as the last, ``type`` summary."""
    for finding in (*report.counting, *report.exempted):
        yield {"type": "finding", **to_whole_json(finding)}
    yield {"type": "summary", **_head(report), **_summary(report), **_details(report)}


def _details(report: Report) -> dict[str, Any]:
    return {"details": dict(report.details)} if report.details else {}


def _head(report: Report) -> dict[str, Any]:
    return {"schema_version": SCHEMA_VERSION, "command": report.command, "ok": report.ok}


def _summary(report: Report) -> dict[str, Any]:
    counts = report.counts
    return {
        "text": report.summary,
        "checked": report.checked,
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "infos": counts[Severity.INFO],
        "exempted": len(report.exempted),
        "seconds": report.seconds,
        "notes": list(report.notes),
    }


def _side(body: Mapping[str, Any]) -> Side:
    return Side(body["name"], body.get("path", ""), body.get("fragment", ""))


def _location(body: Mapping[str, Any] | None) -> Location | None:
    if body is None:
        return None
    return Location(body["file"], body["line"], body["column"], body.get("excerpt", ""), body.get("width", 1))


def _affected(bodies: list[Mapping[str, Any]] | None) -> tuple[Affected, ...] | None:
    if bodies is None:
        return None
    return tuple(Affected(one["reader"], tuple(one["fields"]), one.get("how", "")) for one in bodies)


def _exemption(body: Mapping[str, Any] | None) -> Exemption | None:
    return None if body is None else Exemption(body["reason"], body["until"])
