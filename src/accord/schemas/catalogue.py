"""Every rule that a check of schemas may report."""

from typing import Final

from accord.schemas.avro.rules import RULES as AVRO_RULES
from accord.schemas.jsonschema.rules import RULES as JSON_RULES
from accord.schemas.protobuf.rules import RULES as PROTOBUF_RULES
from accord.schemas.rules import Rule
from accord.schemas.shared_rules import SHARED_RULES

RULES: Final[tuple[Rule, ...]] = (*SHARED_RULES, *AVRO_RULES, *JSON_RULES, *PROTOBUF_RULES)


def find(rule_id: str) -> Rule | None:
    """The rule of that id, in any case, None if there is none. One of Confluent's error types will do as well."""
    name = rule_id.upper()
    exact = (rule for rule in RULES if rule.id == name)
    return next(exact, None) or next((rule for rule in RULES if name in rule.error_types), None)
