"""What a check reports: one model, many renderings.

text = to_text(finding, at=Location("order.avsc", 14, 5))
body = to_json(finding)          # and back: from_json(body)
"""

from accord.findings.json import from_json, to_json
from accord.findings.model import Affected, Exemption, Finding, Fix, Location, Severity, Side
from accord.findings.report import Report
from accord.findings.text import to_text

__all__ = [
    "Affected",
    "Exemption",
    "Finding",
    "Fix",
    "Location",
    "Report",
    "Severity",
    "Side",
    "from_json",
    "to_json",
    "to_text",
]
