"""Every rule that a check of schemas may report."""

from typing import Final

from accord.schemas.avro.rules import RULES as AVRO_RULES
from accord.schemas.rules import RESERVED_FIELD_REMOVED, RESERVED_FIELD_USED, SCHEMA_TYPE_CHANGED, Rule

RULES: Final[tuple[Rule, ...]] = (
    SCHEMA_TYPE_CHANGED,
    RESERVED_FIELD_REMOVED,
    RESERVED_FIELD_USED,
    *AVRO_RULES,
)


def find(rule_id: str) -> Rule | None:
    """The rule of that id, in any case, None if there is none."""
    return next((rule for rule in RULES if rule.id == rule_id.upper()), None)
