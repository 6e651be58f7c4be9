"""A report as commands of a GitHub workflow: annotations on the lines of a pull request."""

from collections.abc import Iterator
from typing import Final

from accord.findings.model import Finding, Severity
from accord.findings.report import Report, by_weight
from accord.findings.visible import visible

MOST_ANNOTATIONS: Final = 10
"""More of a kind than this GitHub leaves out without a word."""


def report_github(report: Report) -> str:
    """The worst findings as annotations, how many more there are, and the summary."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    heavy = [finding for finding in by_weight(report.counting) if finding.severity is not Severity.INFO]
    for finding in heavy[:MOST_ANNOTATIONS]:
        yield _annotation(finding)
    remarks, left = len(report.counting) - len(heavy), len(heavy) - MOST_ANNOTATIONS
    if left > 0 or remarks:
        more = max(left, 0) + remarks
        yield f"and {more:,} more, which the job summary shows"
    for note in report.notes:
        yield _plain(note)
    for finding in report.exempted:
        if finding.exemption is not None:
            yield _plain(
                f"accepted until {finding.exemption.until}: {finding.rule} ({finding.exemption.reason})"
            )
    yield _plain(report.summary)


def _annotation(finding: Finding) -> str:
    command = "error" if finding.severity is Severity.ERROR else "warning"
    properties = {"title": finding.rule}
    if finding.at is not None:
        end = max(finding.at.column, 1) + max(finding.at.width, 1) - 1
        properties = {
            "file": finding.at.file,
            "line": str(finding.at.line),
            "col": str(finding.at.column),
            "endColumn": str(end),
            **properties,
        }
    told = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {told}::{_data(chr(10).join(_sentences(finding)))}"


def _sentences(finding: Finding) -> Iterator[str]:
    yield visible(finding.message)
    if finding.why:
        yield visible(finding.why)
    if finding.affected:
        yield f"Hits: {', '.join(visible(one.reader) for one in finding.affected)}"
    if finding.affected == ():
        yield "No known reader runs into it."
    for fix in finding.fixes[:1]:
        yield f"Help: {visible(fix.summary)}"
    yield f"`accord explain {visible(finding.rule)}` says more."


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(visible(text)).replace(":", "%3A").replace(",", "%2C")


def _plain(text: str) -> str:
    """A line that is no command, whatever it holds: a command begins a line, or stands behind ``##`` in an old manner."""
    return f"accord: {visible(text)}".replace("##[", "## [")
