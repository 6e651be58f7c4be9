"""What a check reports that is not between two schemas: about readers, and about what a contract promised before.

Their examples are changes: what is taken out begins with ``-``, what is put in with ``+``.
"""

from typing import Final

from accord.contracts.rules import ContractRule
from accord.findings import Severity

_HEAD: Final = " kafka:\n"

READER_FIELD_REMOVED: Final = ContractRule(
    id="CONTRACT_READER_FIELD_REMOVED",
    severity=Severity.ERROR,
    purpose="A field that a known reader needs stays.",
    message="`{field}` is read by {readers}, and the schema has it no more ({earlier} has it){heir}",
    why=(
        "The level may allow to take a field out: it asks whether records decode. A service that needs the field decodes them "
        "and gets a default, or nothing; upgrading it does not bring the value back."
    ),
    remedy=(
        "Keep writing the field until the readers have let it go: they say so in their claims, or stop to report it."
    ),
    bad='   {"name": "id", "type": "string"},\n-  {"name": "currency", "type": "string"},\n',
    good='   {"name": "id", "type": "string"},\n   {"name": "currency", "type": "string"},\n+  {"name": "note", "type": ["null", "string"], "default": null},\n',
    language="diff",
)

READER_NEEDS_UPGRADE: Final = ContractRule(
    id="CONTRACT_READER_NEEDS_UPGRADE",
    severity=Severity.WARNING,
    purpose="Readers are upgraded before the first record that they cannot read.",
    message="{reader} cannot read what the new schema writes until it is upgraded: {reason}",
    why=(
        "The level allows the change, because it asks that readers be upgraded first. This one is known by name, and "
        "stops at the first new record if it is not."
    ),
    remedy="Upgrade it before the first producer; `accord rollout` leads through the steps.",
    bad='-  {"name": "total", "type": "int"}\n+  {"name": "total", "type": "long"}\n',
    good='+  {"name": "note", "type": ["null", "string"], "default": null}\n',
    language="diff",
)

READER_LOSES_RECORDS: Final = ContractRule(
    id="CONTRACT_READER_LOSES_RECORDS",
    severity=Severity.WARNING,
    purpose="A reader that is upgraded still reads what is on the topic.",
    message="{reader}, once it is upgraded, cannot read records that were written before: {reason}",
    why=(
        "The level does not ask that new readers read old records. This one is known by name, and stops at the first "
        "old record that it meets with the new schema."
    ),
    remedy="Upgrade it once no old record is left for it to read, or give the new field a default.",
    bad='+  {"name": "email", "type": "string"}\n',
    good='+  {"name": "email", "type": "string", "default": ""}\n',
    language="diff",
)

NOT_COMPARED: Final = ContractRule(
    id="CONTRACT_SCHEMA_NOT_COMPARED",
    severity=Severity.ERROR,
    purpose="A schema can be compared with its earlier versions.",
    message="the schema was not compared with its earlier versions: {told}",
    why="Nobody knows whether readers take what it writes. A registry refuses what it cannot compare, too.",
    remedy="Mend what is told: types that lie hundreds of levels within each other are better given names of their own.",
    bad='+  {"name": "deep", "type": {"type": "array", "items": {"type": "array", "items": "... and so on, hundreds of times"}}}\n',
    good='+  {"name": "flat", "type": {"type": "array", "items": "shop.Line"}, "default": []}\n',
    language="diff",
)

READER_SUBJECT_REMOVED: Final = ContractRule(
    id="CONTRACT_READER_SUBJECT_REMOVED",
    severity=Severity.ERROR,
    purpose="A subject that somebody reads stays.",
    message="{file} is gone, and with it the subject '{subject}', which is read by {readers}",
    why="Without its file nobody checks what is written to the topic any more, and services are known to read it.",
    remedy="Keep the file until nobody reads the subject; then delete both.",
    bad="-schemas/OrderCreated.avsc\n",
    good=" schemas/OrderCreated.avsc\n",
    language="diff",
)

SUBJECT_REMOVED: Final = ContractRule(
    id="CONTRACT_SUBJECT_REMOVED",
    severity=Severity.WARNING,
    purpose="A schema file does not vanish unnoticed.",
    message="{file} is gone, and with it the subject '{subject}'; no reader of it is known",
    why=(
        "Records of the subject may still be on a topic, and nobody checks any more what is written there. In the registry the "
        "subject stays until somebody deletes it."
    ),
    remedy="If it is meant so, delete the subject in the registry as well; else bring the file back.",
    bad="-schemas/OrderCreated.avsc\n",
    good=" schemas/OrderCreated.avsc\n",
    language="diff",
)

SUBJECT_RENAMED: Final = ContractRule(
    id="CONTRACT_SUBJECT_RENAMED",
    severity=Severity.WARNING,
    purpose="A schema keeps its subject.",
    message="what was the subject '{before}' ({file}) is '{subject}' now",
    why=(
        "A registry knows the new name as another subject, with a history of its own that begins at version 1: nothing is "
        "compared with what was registered under the old name. Here it was."
    ),
    remedy=(
        "Keep the name of the file, or the topic and the event in the contract, which the subject follows; else move readers "
        "and writers to the new subject."
    ),
    bad="-schemas/OrderCreated.avsc\n+schemas/OrderPlaced.avsc\n",
    good="-schemas/OrderCreated.avsc\n+schemas/orders/OrderCreated.avsc\n",
    language="diff",
)

REMOVED: Final = ContractRule(
    id="CONTRACT_REMOVED",
    severity=Severity.ERROR,
    purpose="A contract does not vanish unnoticed.",
    message="{file} is gone, and with it the contract '{contract}' of the topic '{topic}'",
    why=(
        "With the contract goes all that it promised: the level, the owner, the readers that a check names. A schema that is "
        "left is held to the default level."
    ),
    remedy="Keep the contract as long as anybody writes to the topic or reads it; then take topic and subject away as well.",
    bad="-contracts/orders.created.odcs.yaml\n",
    good="-contracts/orders.created.odcs.yaml\n+contracts/orders/orders.created.odcs.yaml\n",
    language="diff",
)

COMPATIBILITY_LOWERED: Final = ContractRule(
    id="CONTRACT_COMPATIBILITY_LOWERED",
    severity=Severity.ERROR,
    purpose="What a contract promises its readers is not taken back.",
    message="{what} promised {before}, and promises {after} now",
    why=(
        "Services rely on the level: it says who may be upgraded first, and whether old records can be read again. With a lower "
        "one, a change that breaks them passes the next check, or this one."
    ),
    remedy="Keep the level; to let one change through, allow its finding with a reason and a last day.",
    bad=f"{_HEAD}-  compatibility: BACKWARD\n+  compatibility: NONE\n",
    good=f"{_HEAD}-  compatibility: BACKWARD\n+  compatibility: FULL\n",
    language="diff",
)

PARTITIONS_ADDED: Final = ContractRule(
    id="CONTRACT_PARTITIONS_ADDED",
    severity=Severity.WARNING,
    purpose="A topic with keys keeps its number of partitions.",
    message="'{topic}' had {before} partitions, and is to have {after}",
    why=(
        "The partition of a key is counted from the number of partitions. With another number the records of one key lie in two "
        "partitions, the older ones in one and the newer ones in another, and no reader sees them in order any more."
    ),
    remedy=(
        "Where order by key counts, write to a new topic with more partitions, and move the readers once the old one is read to "
        "its end."
    ),
    bad=f"{_HEAD}-  partitions: 6\n+  partitions: 12\n",
    good=f"{_HEAD}   partitions: 6\n",
    language="diff",
)

PARTITIONS_REMOVED: Final = ContractRule(
    id="CONTRACT_PARTITIONS_REMOVED",
    severity=Severity.ERROR,
    purpose="A topic does not lose partitions.",
    message="'{topic}' had {before} partitions, and is to have {after}: Kafka cannot take partitions away",
    why="The records of a partition have no other place to go to: a topic can only be deleted and made anew.",
    remedy="Keep the number, or move to a new topic.",
    bad=f"{_HEAD}-  partitions: 12\n+  partitions: 6\n",
    good=f"{_HEAD}   partitions: 12\n",
    language="diff",
)

TOPIC_CHANGED: Final = ContractRule(
    id="CONTRACT_TOPIC_CHANGED",
    severity=Severity.ERROR,
    purpose="A contract keeps its topic.",
    message="the contract '{contract}' was about the topic '{before}', and is about '{after}' now",
    why=(
        "Readers of the old topic get nothing any more, and the records on it are not on the new one. Consumer groups begin "
        "there anew."
    ),
    remedy=(
        "Give the new topic a contract of its own, write to both for a while, and take the old contract away once nobody reads it."
    ),
    bad="-physicalName: orders.created\n+physicalName: orders.placed\n",
    good=" physicalName: orders.created\n",
    language="diff",
)

KEY_CHANGED: Final = ContractRule(
    id="CONTRACT_KEY_CHANGED",
    severity=Severity.ERROR,
    purpose="The keys of a topic stay what they are.",
    message="the keys of '{topic}' were {before}, and are to be {after}",
    why=(
        "Records of the same thing go to another partition under another key, so that they are out of order; a compacted topic "
        "keeps the last record under the old key for ever."
    ),
    remedy="Keep the keys, or move to a new topic.",
    bad=f"{_HEAD}-  key: {{type: string, field: order_id}}\n+  key: {{type: string, field: customer_id}}\n",
    good=f"{_HEAD}   key: {{type: string, field: order_id}}\n",
    language="diff",
)

DEAD_LETTERS_REMOVED: Final = ContractRule(
    id="CONTRACT_DEAD_LETTERS_REMOVED",
    severity=Severity.WARNING,
    purpose="Records that nobody can handle have somewhere to go.",
    message="'{topic}' had the dead letter topic '{before}', and has {after} now",
    why="A reader with nowhere to put a bad record stops there, or drops it; what lies on the old topic is forgotten.",
    remedy="Keep the dead letter topic, or empty it first and see that no reader writes to it.",
    bad=f"{_HEAD}-  dlq: {{topic: orders.created-dlq}}\n",
    good=f"{_HEAD}   dlq: {{topic: orders.created-dlq}}\n",
    language="diff",
)

RULES: Final[tuple[ContractRule, ...]] = (
    READER_FIELD_REMOVED,
    READER_NEEDS_UPGRADE,
    READER_LOSES_RECORDS,
    NOT_COMPARED,
    READER_SUBJECT_REMOVED,
    SUBJECT_REMOVED,
    SUBJECT_RENAMED,
    REMOVED,
    COMPATIBILITY_LOWERED,
    PARTITIONS_ADDED,
    PARTITIONS_REMOVED,
    TOPIC_CHANGED,
    KEY_CHANGED,
    DEAD_LETTERS_REMOVED,
)
