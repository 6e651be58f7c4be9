"""Every rule that a finding may name, wherever it comes from, with its page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from accord.contracts.allowance_rules import RULES as ALLOWANCE_RULES
from accord.contracts.check.rules import RULES as CHECK_RULES
from accord.contracts.deployments.rules import RULES as DEPLOY_RULES
from accord.contracts.generate.rules import RULES as GENERATE_RULES
from accord.contracts.lint.rules import RULES as LINT_RULES
from accord.contracts.loading.rules import RULES as LOADING_RULES
from accord.contracts.plan.rules import RULES as PLAN_RULES
from accord.contracts.readers.rules import RULES as READER_RULES
from accord.contracts.replay.rules import RULES as REPLAY_RULES
from accord.contracts.rules import ContractRule
from accord.contracts.testing.rules import RULES as TEST_RULES
from accord.findings import Finding, RuleText, Severity
from accord.schemas import catalogue as schema_rules
from accord.schemas.pages import Page, to_markdown, to_plain
from accord.schemas.rule_page import rule_page
from accord.transfer import doctor

RULES: Final[tuple[ContractRule, ...]] = (
    *ALLOWANCE_RULES,
    *CHECK_RULES,
    *REPLAY_RULES,
    *GENERATE_RULES,
    *LINT_RULES,
    *LOADING_RULES,
    *PLAN_RULES,
    *TEST_RULES,
    *DEPLOY_RULES,
    *READER_RULES,
)
"""The rules about contract files, schema files on their own and plans."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A rule of any kind. ``other_names`` are Confluent's error types for it."""

    id: str
    severity: Severity
    purpose: str
    page: Page
    other_names: tuple[str, ...] = ()


@cache
def entries() -> tuple[Entry, ...]:
    """Every rule: about contracts, about two schemas that meet, about the records of a registry."""
    return tuple(_entries())


def find(name: str) -> Entry | None:
    """The rule of that id, or with that among its other names, in any case; None if there is none."""
    wanted = name.upper()
    exact = (entry for entry in entries() if entry.id == wanted)
    return next(exact, None) or next((entry for entry in entries() if wanted in entry.other_names), None)


def texts_of(findings: Iterable[Finding]) -> tuple[RuleText, ...]:
    """The rules that findings name, in words."""
    named = {finding.rule for finding in findings}
    return tuple(
        RuleText(entry.id, entry.severity, entry.purpose, to_plain(entry.page), to_markdown(entry.page))
        for entry in entries()
        if entry.id in named
    )


def _entries() -> Iterator[Entry]:
    for rule in RULES:
        yield Entry(rule.id, rule.severity, rule.purpose, rule.page)
    for schema_rule in schema_rules.RULES:
        page, others = rule_page(schema_rule), tuple(schema_rule.error_types)
        yield Entry(schema_rule.id, schema_rule.severity, schema_rule.purpose, page, others)
    for log_rule in doctor.RULES:
        yield Entry(log_rule.id, log_rule.severity, log_rule.purpose, log_rule.page)
