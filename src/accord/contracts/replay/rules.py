"""What reading real records reports. The examples are changes: ``-`` goes, ``+`` comes."""

from typing import Final

from accord.contracts.rules import ContractRule
from accord.findings import Severity

RECORD_UNREADABLE: Final = ContractRule(
    id="REPLAY_RECORD_UNREADABLE",
    severity=Severity.ERROR,
    purpose="Records that are on the topic stay readable.",
    message="the new schema cannot read {count} of {records} records of {schema}: {reason}",
    why=(
        "These are real records, not what the schemas promise. A reader with the new schema stops at each of them, and today's "
        "newest version reads them."
    ),
    remedy="Mend the schema, or wait until the topic has let go of these records.",
    bad='+  {"name": "email", "type": "string"}\n',
    good='+  {"name": "email", "type": "string", "default": ""}\n',
    language="diff",
)

RECORD_STILL_UNREADABLE: Final = ContractRule(
    id="REPLAY_RECORD_STILL_UNREADABLE",
    severity=Severity.WARNING,
    purpose="Records that nobody can read are known.",
    message="the new schema cannot read {count} of {records} records of {schema}, as nobody can today: {reason}",
    why="Readers stop at these records already. The change makes it no worse, and does not mend it.",
    remedy="Give the new schema what these records need, or have them skipped or moved aside.",
    bad='   {"name": "email", "type": "string"}\n',
    good='-  {"name": "email", "type": "string"}\n+  {"name": "email", "type": "string", "default": ""}\n',
    language="diff",
)

VALUE_CHANGED: Final = ContractRule(
    id="REPLAY_VALUE_CHANGED",
    severity=Severity.WARNING,
    purpose="What was written means the same under the new schema.",
    message="`{field}` of {count} of {records} records of {schema} reads otherwise: {today} today, {candidate} with the new schema",
    why=(
        "The records decode, and a value in them is another one: a default that changed, a number that means something else, a "
        "symbol that is not known any more. No check of schemas counts how many records that concerns."
    ),
    remedy="Keep the old meaning, or tell the readers before they are upgraded.",
    bad='-  {"name": "currency", "type": "string", "default": "EUR"}\n+  {"name": "currency", "type": "string", "default": "USD"}\n',
    good='   {"name": "currency", "type": "string", "default": "EUR"}\n',
    language="diff",
)

RULES: Final[tuple[ContractRule, ...]] = (RECORD_UNREADABLE, RECORD_STILL_UNREADABLE, VALUE_CHANGED)
