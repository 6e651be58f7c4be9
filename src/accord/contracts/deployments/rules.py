"""What `can-i-deploy` reports."""

from typing import Final

from accord.contracts.rules import ContractRule
from accord.findings import Severity

READER_CANNOT_READ: Final = ContractRule(
    "DEPLOY_READER_CANNOT_READ",
    Severity.ERROR,
    "What is deployed reads what is written there.",
    "{consumer} does not read what {provider} writes to {subject} in {environment}: {why}",
    "It would put records aside or stop, from the first of these records on.",
    "Deploy the producer that writes what it needs first, or a version that reads both.",
    "# runs in prod: order-service 2.0.0, which writes no `currency`\nbilling 1.4.0 reads order_id, currency",
    "# runs in prod: order-service 2.1.0, which writes `currency`\nbilling 1.4.0 reads order_id, currency",
)
READER_WOULD_BREAK: Final = ContractRule(
    "DEPLOY_READER_WOULD_BREAK",
    Severity.ERROR,
    "What is deployed writes what those who run there read.",
    "{consumer} in {environment} does not read what {provider} would write to {subject}: {why}",
    "It runs there now, and would put records aside or stop once the new ones come.",
    "Deploy a version of the consumer that reads them first, or keep writing what it needs.",
    "# runs in prod: billing 1.4.0, which reads total_amount\norder-service 2.0.0 writes no `total_amount`",
    "# runs in prod: billing 1.5.0, which reads amount\norder-service 2.0.0 writes `amount`",
)
MAY_MEET_OLD_RECORDS: Final = ContractRule(
    "DEPLOY_MAY_MEET_OLD_RECORDS",
    Severity.WARNING,
    "What is deployed reads every version that may still be on the topic.",
    "{consumer} does not read {provider} of {subject}: {why}",
    "Nobody is known to write this version there, and records of it may still be there. A new group, or one "
    "that is behind, meets them.",
    "Look at the topic (`accord records tail`), or let the reader take the old records as well. --kafka looks for you.",
    "# version 1 is registered, and nobody writes it now\nbilling 2.0.0 needs `currency`, which version 1 does not have",
    "# version 1 is registered, and nobody writes it now\nbilling 2.0.0 has a default for `currency`",
)
NOT_KNOWN: Final = ContractRule(
    "DEPLOY_NOT_KNOWN",
    Severity.ERROR,
    "Of everything that meets in the environment it is known what it reads and writes.",
    "nobody knows whether {consumer} reads what {provider} writes to {subject}: {why}",
    "What is not known is no yes: the two would find out there.",
    "Record the deployment with its schema, or register it. `accord record-deployment` takes it from the project.",
    "# runs in prod: order-service 2.0.0, recorded with --writes orders.created-value, of which nothing is registered",
    "# runs in prod: order-service 2.0.0, recorded with the schema that it writes",
)

RULES: Final[tuple[ContractRule, ...]] = (
    READER_CANNOT_READ,
    READER_WOULD_BREAK,
    MAY_MEET_OLD_RECORDS,
    NOT_KNOWN,
)
