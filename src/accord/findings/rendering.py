"""A report in any of its formats."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Final, Literal, TypeAlias, get_args

from accord.findings.github import report_github
from accord.findings.gitlab import report_gitlab
from accord.findings.json import report_document, report_records
from accord.findings.junit import report_junit
from accord.findings.markdown import report_markdown
from accord.findings.report import Report
from accord.findings.rule_text import RuleText
from accord.findings.sarif import report_sarif
from accord.findings.text import report_text

Format: TypeAlias = Literal["text", "json", "jsonl", "sarif", "junit", "github", "gitlab", "markdown"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)


def render(report: Report, format: Format, *, rules: Iterable[RuleText] = ()) -> str:
    """The report as text, without a line break at its end.

    ``rules`` are the texts of the rules that its findings name; only SARIF tells them.
    """
    if format == "sarif":
        return _pretty(report_sarif(report, rules))
    return _RENDERERS[format](report).rstrip("\n")


def _pretty(document: Any) -> str:  # noqa: ANN401 -- any document
    return json.dumps(document, indent=2)


_RENDERERS: Final[dict[str, Callable[[Report], str]]] = {
    "text": report_text,
    "json": lambda report: _pretty(report_document(report)),
    "jsonl": lambda report: "\n".join(map(json.dumps, report_records(report))),
    "junit": report_junit,
    "github": report_github,
    "gitlab": lambda report: _pretty(report_gitlab(report)),
    "markdown": report_markdown,
}
