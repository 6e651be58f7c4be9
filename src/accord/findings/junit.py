"""A report in JUnit's XML, as build servers show it: a test case for each finding."""

import re
from typing import Final

from accord.findings.model import Finding
from accord.findings.report import Report
from accord.findings.text import to_text
from accord.findings.visible import visible

_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})
_NO_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def report_junit(report: Report) -> str:
    """What turns the verdict as failures, what is accepted as skipped, the rest as cases that passed with something to say."""
    findings = (*report.counting, *report.exempted)
    cases = [_case(report, finding) for finding in findings]
    if not cases:
        cases = [f"    <testcase classname={_attribute(report.command)} name={_attribute(report.checked)}/>"]
    failures, skipped = sum(map(report.turns, findings)), len(report.exempted)
    counts = f'tests="{len(cases)}" failures="{failures}" errors="0" skipped="{skipped}"'
    time = "" if report.seconds is None else f' time="{report.seconds:.3f}"'
    notes = "\n".join(map(visible, (*report.notes, report.summary)))
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="accord" tests="{len(cases)}" failures="{failures}" errors="0"{time}>',
            f"  <testsuite name={_attribute(f'accord {report.command}')} {counts}{time}>",
            *cases,
            f"    <system-out>{_text(notes)}</system-out>",
            "  </testsuite>",
            "</testsuites>",
        ]
    )


def _case(report: Report, finding: Finding) -> str:
    at = finding.at
    place = at.file if at else finding.contract or finding.subject or finding.here.name
    name = f"{finding.rule}: {finding.message}"
    where = f' file={_attribute(at.file)} line="{at.line}"' if at else ""
    return (
        f"    <testcase classname={_attribute(place)} name={_attribute(name)}{where}>\n"
        f"      {_outcome(report, finding)}\n    </testcase>"
    )


def _outcome(report: Report, finding: Finding) -> str:
    told = _text(to_text(finding))
    if finding.exemption is not None:
        reason = f"accepted until {finding.exemption.until}: {finding.exemption.reason}"
        return f"<skipped message={_attribute(reason)}/>"
    if report.turns(finding):
        return f'<failure type="{finding.severity}" message={_attribute(finding.message)}>{told}</failure>'
    return f"<system-out>{told}</system-out>"


def _attribute(text: str) -> str:
    return f'"{_text(visible(text))}"'


def _text(text: str) -> str:
    return _legal(text).translate(_ENTITIES)


def _legal(text: str) -> str:
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
