"""What contract tests report."""

from typing import Final

from accord.contracts.rules import ContractRule
from accord.findings import Severity

_SCHEMA: Final = """\
# OrderCreated.avsc has the fields order_id (string) and total_amount (double)
"""
_CONTRACT: Final = f"""\
{_SCHEMA}apiVersion: v3.2.0
kind: DataContract
id: orders.created
name: Orders created
version: 1.0.0
status: active
schema:
  - name: OrderCreated
    physicalName: orders.created
    physicalType: topic
    authoritativeDefinitions:
      - type: implementation
        url: OrderCreated.avsc
customProperties:
  - property: kafka
    vendor: accord
    value:
"""


def _contract(*lines: str) -> str:
    return _CONTRACT + "".join(f"      {line}\n" for line in lines)


EXAMPLE_DOES_NOT_FIT: Final = ContractRule(
    "TEST_EXAMPLE_DOES_NOT_FIT",
    Severity.ERROR,
    "An example that a producer states is a record of its schema.",
    "{example} of {provider} is no record of it: {told}",
    "Consumers try their readers on these examples. One that cannot be written shows them what will never come.",
    "Correct the example, or the schema. Decimals, times and UUIDs are text, bytes are base64 text.",
    _contract("examples: {OrderCreated: [{order_id: o-1, total_amount: twelve}]}"),
    _contract("examples: {OrderCreated: [{order_id: o-1, total_amount: 12.5}]}"),
)
FIELD_MISSING: Final = ContractRule(
    "TEST_FIELD_MISSING",
    Severity.ERROR,
    "The fields that a consumer needs are in the producer's schema.",
    "{consumer} needs `{field}`, and {provider} does not have it",
    "A field that is not written arrives as its default, or stops the reader at the first record.",
    "Keep writing the field until the consumer needs it no more; or correct the consumer's claim.",
    _contract("consumers: {billing: {fields: [order_id, currency]}}"),
    _contract("consumers: {billing: {fields: [order_id, total_amount]}}"),
)
READER_CANNOT_READ: Final = ContractRule(
    "TEST_READER_CANNOT_READ",
    Severity.ERROR,
    "A consumer's reader schema reads what the producer's schema writes.",
    "{consumer} cannot read what {provider} writes: {told}",
    "It would put records aside or stop, from the first record that the producer writes with this schema.",
    "Change the schema so that this reader still reads it, or upgrade the consumer first.",
    '{"name": "total_amount", "type": "string"}   // and billing reads it as a double',
    '{"name": "total_amount", "type": "double"}',
    "avro",
)
EXAMPLE_NOT_READ: Final = ContractRule(
    "TEST_EXAMPLE_NOT_READ",
    Severity.ERROR,
    "A consumer reads every example that the producer states.",
    "{consumer} cannot read {example} of {provider}: {told}",
    "The producer says that it writes such records, and this consumer would put them aside or stop.",
    "Write something else, or let the consumer read it: an enum needs a default, a union the branch.",
    '# billing reads {"type": "enum", "name": "State", "symbols": ["NEW", "PAID"]}, without a default\n'
    '{"state": "SHIPPED"}',
    '{"state": "PAID"}',
    "json",
)
VALUE_CHANGED: Final = ContractRule(
    "TEST_VALUE_CHANGED",
    Severity.ERROR,
    "What a consumer reads of the fields it needs is what was written.",
    "{consumer} reads `{field}` of {example} of {provider} as {read}, and {written} was written",
    "Nothing fails, and the consumer goes on with another value: a number that was rounded, a symbol that became the "
    "default, a field that is no longer the same one.",
    "Give the reader a type that holds every value, or let the consumer say that it does not need the field.",
    '# billing reads the long as a double\n{"sequence": 9007199254740993}',
    '{"sequence": 9007199254740992}',
    "json",
)
EXAMPLE_NOT_WRITTEN: Final = ContractRule(
    "TEST_EXAMPLE_NOT_WRITTEN",
    Severity.ERROR,
    "The producer's schema can write what a consumer states as an example.",
    "{provider} cannot write {example} of {consumer}: {told}",
    "The consumer counts on records that look so. None will ever come.",
    "Change the schema so that it can, or correct the example in the consumer's claim.",
    _contract("consumers: {billing: {examples: [{order_id: o-1, total_amount: twelve}]}}"),
    _contract("consumers: {billing: {examples: [{order_id: o-1, total_amount: 12.5}]}}"),
)

RULES: Final[tuple[ContractRule, ...]] = (
    EXAMPLE_DOES_NOT_FIT,
    FIELD_MISSING,
    READER_CANNOT_READ,
    EXAMPLE_NOT_READ,
    VALUE_CHANGED,
    EXAMPLE_NOT_WRITTEN,
)
