"""A report in SARIF 2.1.0, as code scanning services read it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from accord.findings.identity import identified
from accord.findings.model import Finding, Fix, Location, Severity
from accord.findings.report import Report, by_weight, counted
from accord.findings.rule_text import RuleText

MOST_RESULTS: Final = 25_000
"""GitHub refuses a run with more; the worst are kept."""

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def report_sarif(report: Report, rules: Iterable[RuleText]) -> dict[str, Any]:
    """The report as a SARIF log with one run; ``rules`` are those that the findings name."""
    kept = by_weight(report.counting) + report.exempted
    results, left_out = kept[:MOST_RESULTS], len(kept) - MOST_RESULTS
    known = sorted(rules, key=lambda rule: rule.id)
    places = {rule.id: index for index, rule in enumerate(known)}
    notes = [*report.notes, report.summary]
    if left_out > 0:
        notes.append(f"{counted(left_out, 'finding')} left out: a run is read up to {MOST_RESULTS:,} results")
    run = {
        "tool": {"driver": {"name": "Accord", "rules": [_rule(rule) for rule in known]}},
        "automationDetails": {"id": f"accord/{report.command}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {"level": "note", "message": {"text": note}} for note in notes
                ],
            }
        ],
        "results": [
            _result(finding, identity, places, report.sources) for finding, identity in identified(results)
        ],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: RuleText) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("_")),
        "shortDescription": {"text": rule.purpose},
        "fullDescription": {"text": rule.purpose},
        "help": {"text": rule.help, "markdown": rule.markdown},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": ["data-contract"], "problem.severity": _PROBLEM[rule.severity]},
    }


_PROBLEM: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}


def _result(
    finding: Finding, identity: str, rules: Mapping[str, int], sources: Mapping[str, str]
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": " ".join(_sentences(finding))},
        "locations": [_location(finding)],
        "partialFingerprints": {"accordFinding/v1": identity},
    }
    if finding.rule in rules:
        result["ruleIndex"] = rules[finding.rule]
    if finding.exemption is not None:
        reason = f"{finding.exemption.reason} (accepted until {finding.exemption.until})"
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    fixes = [fix for fix in finding.fixes if finding.at is not None and fix.schema]
    if finding.at is not None and finding.at.file in sources and fixes:
        result["fixes"] = [_fix(fix, finding.at, sources[finding.at.file]) for fix in fixes]
    if properties := dict(_properties(finding)):
        result["properties"] = properties
    return result


def _sentences(finding: Finding) -> Iterator[str]:
    for text in (finding.message, finding.detail, finding.why):
        if text:
            yield text if text.endswith((".", "!", "?")) else f"{text}."
    for affected in finding.affected or ():
        yield f"Hits {affected.reader}{f': {affected.how}' if affected.how else ''}."
    if finding.affected == ():
        yield "No known reader runs into it."


def _location(finding: Finding) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if finding.at is not None:
        location["physicalLocation"] = {"artifactLocation": _file(finding.at), "region": _region(finding.at)}
    names = [name for name in (finding.contract, finding.subject, finding.path) if name]
    if names:
        location["logicalLocations"] = [{"fullyQualifiedName": " ".join(names)}]
    if finding.at is None:
        location["message"] = {"text": finding.here.name or finding.subject or finding.contract}
    return location


def _file(at: Location) -> dict[str, Any]:
    return {"uri": quote(at.file.encode(errors="surrogatepass")), "uriBaseId": "%SRCROOT%"}


def _region(at: Location) -> dict[str, Any]:
    line, column = max(at.line, 1), max(at.column, 1)
    region: dict[str, Any] = {
        "startLine": line,
        "startColumn": column,
        "endColumn": column + max(at.width, 1),
    }
    if at.snippet:
        region["snippet"] = {"text": at.snippet}
    return region


def _fix(fix: Fix, at: Location, source: str) -> dict[str, Any]:
    replacement = {
        "deletedRegion": _whole(source.split("\n")),
        "insertedContent": {"text": fix.schema},
    }
    return {
        "description": {"text": fix.summary},
        "artifactChanges": [{"artifactLocation": _file(at), "replacements": [replacement]}],
    }


def _whole(lines: Sequence[str]) -> dict[str, int]:
    return {"startLine": 1, "startColumn": 1, "endLine": len(lines), "endColumn": len(lines[-1]) + 1}


def _properties(finding: Finding) -> Iterator[tuple[str, Any]]:
    for name in ("contract", "subject", "path", "error_type", "version"):
        if value := getattr(finding, name):
            yield name, value
    if finding.affected is not None:
        yield (
            "affected",
            [{"reader": one.reader, "fields": list(one.fields), "how": one.how} for one in finding.affected],
        )
