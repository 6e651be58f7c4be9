"""What can be wrong with an allowance, which accepts findings for a while."""

from typing import Final

from accord.contracts.rules import ContractRule
from accord.findings import Severity

_GOOD: Final = """\
customProperties:
  - property: kafka
    vendor: accord
    value:
      allow:
        - rule: AVRO_FIELD_WITHOUT_DEFAULT
          path: email
          reason: every record of the topic has expired by then
          until: 2999-12-31
"""

ALLOWANCE_EXPIRED: Final = ContractRule(
    id="CONTRACT_ALLOWANCE_EXPIRED",
    severity=Severity.WARNING,
    purpose="What was accepted for a while is accepted no longer.",
    message="{rule} was accepted until {until}, and that day has passed ({reason})",
    why=(
        "An allowance ends with its last day, so that nothing stays accepted because nobody looked. What it covered counts "
        "again."
    ),
    remedy="Mend what it covered and take the allowance out, or give it another day and a reason that still holds.",
    bad=_GOOD.replace("2999-12-31", "2001-12-31"),
    good=_GOOD,
)
ALLOWANCE_UNUSED: Final = ContractRule(
    id="CONTRACT_ALLOWANCE_UNUSED",
    severity=Severity.INFO,
    purpose="An allowance covers something.",
    message="nothing that was found is covered by the allowance of {rule}{path}",
    why=(
        "It may have done its work, or never have covered what it was written for: the path of a field is its dotted name, "
        "as in customer.email, and must be the one that the finding names."
    ),
    remedy="Take it out, or correct its rule and path.",
    bad=_GOOD,
    good=_GOOD.partition("      allow:")[0] + "      compatibility: BACKWARD\n",
)

RULES: Final[tuple[ContractRule, ...]] = (ALLOWANCE_EXPIRED, ALLOWANCE_UNUSED)
