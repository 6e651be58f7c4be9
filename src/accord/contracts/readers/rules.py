"""What publishing a claim reports: where it and the registry do not agree."""

from typing import Final

from accord.contracts.rules import ContractRule
from accord.findings import Severity

_CLAIM: Final = """\
# consumers/billing.yaml; the newest version of orders.created-value has order_id, total_amount and currency
service: billing
reads:
  - contract: orders.created
    fields: {fields}
"""

CLAIM_FIELD_NOT_REGISTERED: Final = ContractRule(
    id="CONTRACT_CLAIM_FIELD_NOT_REGISTERED",
    severity=Severity.ERROR,
    purpose="A claim names fields that the newest registered version has.",
    message="{service} claims to read `{field}`, which {newest} does not have{near}",
    why=(
        "Nobody writes the field any more, or nobody ever did: the service gets nothing for it, and a check of the next "
        "schema would protect a name that stands for no value."
    ),
    remedy=(
        "Correct the name, or take it out of the claim. If the producer is about to add the field, publish the claim after its "
        "schema is registered."
    ),
    bad=_CLAIM.format(fields="[order_id, discount]"),
    good=_CLAIM.format(fields="[order_id, total_amount]"),
)

CLAIM_SUBJECT_NOT_REGISTERED: Final = ContractRule(
    id="CONTRACT_CLAIM_SUBJECT_NOT_REGISTERED",
    severity=Severity.WARNING,
    purpose="A claim is about a subject that the registry has.",
    message="{service} claims to read '{subject}', which has no version in the registry",
    why=(
        "Nobody can tell yet whether the fields are there. A name that is spelled wrong would protect nothing: the check of "
        "the real subject never hears of this reader."
    ),
    remedy="Compare the name with the producer's contract. If the producer has yet to register it, leave it as it is.",
    bad="# the registry has orders.created-value\nservice: billing\nreads:\n  - topic: order.created\n",
    good="# the registry has orders.created-value\nservice: billing\nreads:\n  - topic: orders.created\n",
)

RULES: Final[tuple[ContractRule, ...]] = (CLAIM_FIELD_NOT_REGISTERED, CLAIM_SUBJECT_NOT_REGISTERED)
