"""What a check reports: one model, many renderings.

text = to_text(finding, at=Location("order.avsc", 14, 5))
body = to_json(finding)          # and back: from_json(body)
page = render(Report("check", "14 schemas against git:main", findings), "markdown")
"""

from accord.findings.json import from_json, to_json, to_whole_json
from accord.findings.model import Affected, Exemption, Finding, Fix, Location, Severity, Side
from accord.findings.rendering import FORMATS, Format, render
from accord.findings.report import Report
from accord.findings.rule_text import RuleText
from accord.findings.text import to_text

__all__ = [
    "FORMATS",
    "Affected",
    "Exemption",
    "Finding",
    "Fix",
    "Format",
    "Location",
    "Report",
    "RuleText",
    "Severity",
    "Side",
    "from_json",
    "render",
    "to_json",
    "to_text",
    "to_whole_json",
]
