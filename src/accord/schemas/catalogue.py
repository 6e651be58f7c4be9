"""Every rule that a check of schemas may report."""

from typing import Final

from accord.schemas.avro.rules import RULES as AVRO_RULES
from accord.schemas.rules import Rule
from accord.schemas.shared_rules import SHARED_RULES

RULES: Final[tuple[Rule, ...]] = (*SHARED_RULES, *AVRO_RULES)


def find(rule_id: str) -> Rule | None:
    """The rule of that id, in any case, None if there is none."""
    return next((rule for rule in RULES if rule.id == rule_id.upper()), None)
