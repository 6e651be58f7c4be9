"""What lint looks for, as data."""

from typing import Final

from accord.contracts.lint.contract_rules import RULES as CONTRACT_RULES
from accord.contracts.lint.schema_rules import RULES as SCHEMA_RULES
from accord.contracts.rules import ContractRule

RULES: Final[tuple[ContractRule, ...]] = (*SCHEMA_RULES, *CONTRACT_RULES)
