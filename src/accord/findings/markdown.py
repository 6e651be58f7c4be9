"""A report in Markdown: the summary of a job, the comment of a pull request."""

import re
from collections.abc import Iterator
from typing import Final

from accord.findings.model import Finding, Severity
from accord.findings.report import Report, by_weight
from accord.findings.text import to_text
from accord.findings.visible import visible

MOST_BYTES: Final = 1_000_000
"""GitHub refuses a longer summary of a job altogether."""

MOST_ROWS: Final = 1000
"""More of them nobody reads; the worst are kept."""

_LONGEST_CELL: Final = 300
_PUNCTUATION: Final = re.compile(r"[\\`*_{}\[\]<>()#+!|~@:&$-]")
_FENCES: Final = re.compile("`{3,}")
_SIGNS: Final = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "📝"}


def report_markdown(report: Report) -> str:
    """The verdict, a table of all findings, and each of them as text; what would be too long is counted at the end."""
    parts = [f"## {'✅' if report.ok else '❌'} accord {_prose(report.command)}", _prose(report.summary)]
    parts += [_prose(note) for note in report.notes]
    if report.counting:
        parts.append("\n".join(_table(report.counting)))
    if len(report.counting) > MOST_ROWS:
        parts.append(f"… and {len(report.counting) - MOST_ROWS:,} more, none of them worse.")
    if report.exempted:
        parts += ["### Accepted for now", "\n".join(_acceptances(report.exempted))]
    if report.counting:
        parts.append("### In full")
    full = [_in_full(finding) for finding in report.counting]
    return _within_limit(parts, full)


def _within_limit(parts: list[str], full: list[str]) -> str:
    used = sum(len(part.encode(errors="replace")) + 2 for part in parts)
    if used > MOST_BYTES:
        return "\n\n".join([*parts[:2], "There are too many findings for this page."]) + "\n"
    for index, part in enumerate(full):
        used += len(part.encode(errors="replace")) + 2
        if used > MOST_BYTES - 200:
            parts.append(f"… and {len(full) - index:,} more, for which there is no room here.")
            break
        parts.append(part)
    return "\n\n".join(parts) + "\n"


def _table(findings: tuple[Finding, ...]) -> Iterator[str]:
    if len(findings) > MOST_ROWS:
        findings = by_weight(findings)[:MOST_ROWS]
    has_hits = any(finding.affected is not None for finding in findings)
    yield "| | rule | where | what |" + (" hits |" if has_hits else "")
    yield "| --- | --- | --- | --- |" + (" --- |" if has_hits else "")
    for finding in findings:
        place = str(finding.at) if finding.at else finding.subject or finding.contract or finding.here.name
        cells = [finding.rule, place, finding.message, *([_hits(finding)] if has_hits else [])]
        yield f"| {_SIGNS[finding.severity]} | {' | '.join(map(_cell, cells))} |"


def _hits(finding: Finding) -> str:
    if finding.affected is None:
        return ""
    return ", ".join(one.reader for one in finding.affected) or "no known reader"


def _acceptances(findings: tuple[Finding, ...]) -> Iterator[str]:
    yield "| rule | where | what | until | reason |"
    yield "| --- | --- | --- | --- | --- |"
    for finding in findings:
        place = str(finding.at) if finding.at else finding.subject or finding.contract
        until, reason = (finding.exemption.until, finding.exemption.reason) if finding.exemption else ("", "")
        yield f"| {' | '.join(map(_prose, (finding.rule, place, finding.message, until, reason)))} |"


def _cell(text: str) -> str:
    return _prose(text if len(text) <= _LONGEST_CELL else f"{text[:_LONGEST_CELL]} …")


def _in_full(finding: Finding) -> str:
    text = to_text(finding)
    fence = "`" * max([3, *(len(run) + 1 for run in _FENCES.findall(text))])
    return f"{fence}text\n{text}\n{fence}"


def _prose(text: str) -> str:
    """Words as they are, whatever they would mean in Markdown or HTML; what stands between backticks becomes code."""
    pieces = visible(text).split("`")
    if len(pieces) % 2 == 0:
        return _escaped("`".join(pieces))
    return "".join(
        f"<code>{_escaped(piece)}</code>" if index % 2 and piece else _escaped(piece)
        for index, piece in enumerate(pieces)
    )


def _escaped(text: str) -> str:
    return _PUNCTUATION.sub(lambda match: f"&#{ord(match.group())};", text)
