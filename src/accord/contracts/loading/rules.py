"""What loading reports: rules about the files of a project and how they fit together."""

from typing import Final

from accord.contracts.rules import ContractRule
from accord.findings import Severity

_HEAD: Final = """\
apiVersion: v3.2.0
kind: DataContract
id: orders.created
name: Orders created
version: 1.0.0
status: active
schema:
  - name: OrderCreated
    physicalName: {topic}
    physicalType: topic
    authoritativeDefinitions:
      - type: implementation
        url: {file}
"""
_BLOCK: Final = """\
customProperties:
  - property: kafka
    vendor: accord
    value:
"""


def _contract(*lines: str, topic: str = "orders.created", file: str = "OrderCreated.avsc") -> str:
    head = _HEAD.format(topic=topic, file=file)
    return (head + _BLOCK + "\n".join(f"      {line}" for line in lines) + "\n") if lines else head


_GOOD: Final = _contract("partitions: 12")


def _rule(
    id: str,
    *,
    purpose: str,
    message: str,
    why: str,
    remedy: str,
    bad: str,
    good: str = _GOOD,
    language: str = "yaml",
    severity: Severity = Severity.ERROR,
) -> ContractRule:
    return ContractRule(id, severity, purpose, message, why, remedy, bad, good, language)


FILE_NOT_UTF8: Final = _rule(
    "CONTRACT_FILE_NOT_UTF8",
    purpose="A file of the project is UTF-8 text.",
    message="{file} is not UTF-8: the byte at {offset} begins no character",
    why="Schemas are stored, hashed and sent as UTF-8. What is saved in another encoding has no text.",
    remedy="Save the file as UTF-8, without a byte order mark.",
    bad="id: bestell\\xfcngen   # the letter as one byte of Latin-1",
    good="id: bestellungen",
)
FILE_UNREADABLE: Final = _rule(
    "CONTRACT_FILE_UNREADABLE",
    purpose="A file of the project can be read.",
    message="{told}",
    why="What cannot be read cannot be checked.",
    remedy="See that the file is there and may be read: a link may lead nowhere.",
    bad="a link to a file that is gone",
    good="a file",
    language="text",
)
DOCUMENT_INVALID: Final = _rule(
    "CONTRACT_DOCUMENT_INVALID",
    purpose="A contract file or a claim is valid YAML or JSON.",
    message="this is not {kind}: {told}",
    why="Nothing of a file that cannot be read is known, so nothing of it can be checked.",
    remedy="Mend the text at that place. Keys stand once, aliases stay within bounds, tabs do not indent.",
    bad="id: orders.created\nid: orders.changed",
)
SCHEMA_INVALID: Final = _rule(
    "CONTRACT_SCHEMA_INVALID",
    purpose="A schema file holds a valid schema.",
    message="this is no valid {format}: {told}",
    why="A registry refuses a schema that does not parse, and no code can be made of it.",
    remedy="Mend the schema at that place.",
    bad='{"type": "record", "name": "OrderCreated", "fields": [{"name": "order_id", "type": "string", "default": 0}]}',
    good='{"type": "record", "name": "OrderCreated", "fields": [{"name": "order_id", "type": "string"}]}',
    language="avro",
)
UNKNOWN_KEY: Final = _rule(
    "CONTRACT_UNKNOWN_KEY",
    purpose="The kafka block and claims hold keys that are known.",
    message="`{key}` is no key of {owner}{near}",
    why="A key that nobody knows has no effect. Most of them are a slip of the pen, and what was meant does not hold.",
    remedy="Correct the key, or take it out. `accord contract schema` prints all there are.",
    bad=_contract("partitons: 12"),
)
KEY_MISSING: Final = _rule(
    "CONTRACT_KEY_MISSING",
    purpose="What a contract or a claim cannot do without is there.",
    message="{owner} has no `{key}`",
    why="Without it nobody knows what the file is about.",
    remedy="Add the key.",
    bad=_contract("partitions: 12").replace("id: orders.created\n", ""),
)
VALUE_INVALID: Final = _rule(
    "CONTRACT_VALUE_INVALID",
    purpose="Each key of a contract or a claim has a value of its kind.",
    message="`{key}` is {value}, and must be {expected}",
    why="A value of another kind cannot be applied to a topic or a registry.",
    remedy="Correct the value.",
    bad=_contract("partitions: many"),
)
DURATION_INVALID: Final = _rule(
    "CONTRACT_DURATION_INVALID",
    purpose="A length of time is a whole number and a unit.",
    message="`{key}` is {value}, and must be {expected}",
    why="It becomes milliseconds of a topic's retention or of a limit; a guess would lose records or wake nobody.",
    remedy="Write 500ms, 30s, 10m, 24h, 14d or 2w; in `slaProperties` a `value` and a `unit` (s, min, h, d, w, y).",
    bad=_contract("dlq: {retention: two weeks}"),
    good=_contract("dlq: {retention: 14d}"),
)
TOPIC_NAME_INVALID: Final = _rule(
    "CONTRACT_TOPIC_NAME_INVALID",
    purpose="A topic has a name that Kafka takes.",
    message="`{key}` is {value}, and must be {expected}",
    why="Kafka refuses to make a topic of any other name.",
    remedy="Use letters, digits, dots, underscores and hyphens, up to 249 of them.",
    bad=_contract("partitions: 12", topic="orders/created"),
)
ALLOWANCE_INCOMPLETE: Final = _rule(
    "CONTRACT_ALLOWANCE_INCOMPLETE",
    purpose="What is accepted for a while has a rule, a reason and a last day.",
    message="this allowance {told}",
    why="An exception without a reason cannot be judged, and one without an end is never looked at again.",
    remedy="Write `{rule: THE_RULE, reason: why, until: 2027-01-31}`.",
    bad=_contract("allow:", "  - {rule: AVRO_FIELD_WITHOUT_DEFAULT}"),
    good=_contract(
        "allow:",
        '  - {rule: AVRO_FIELD_WITHOUT_DEFAULT, reason: "all readers are upgraded", until: 2027-01-31}',
    ),
)
BLOCK_TWICE: Final = _rule(
    "CONTRACT_BLOCK_TWICE",
    purpose="A contract has one kafka block.",
    message="this is the second kafka block of the contract",
    why="Two blocks can contradict each other, and nobody sees which one holds.",
    remedy="Put everything into one block.",
    bad=_contract("partitions: 12")
    + "  - property: kafka\n    vendor: accord\n    value:\n      replicas: 3\n",
    good=_contract("partitions: 12", "replicas: 3"),
)
SEVERAL_TOPICS: Final = _rule(
    "CONTRACT_SEVERAL_TOPICS",
    purpose="A contract is about one topic.",
    message="`{other}` is another topic than `{topic}`, which this contract is about",
    why="Partitions, keys, level and readers are said once in a contract, so they can be true of one topic only.",
    remedy="Give the other topic a contract of its own. Several events of one topic have one `physicalName`.",
    bad=_contract("partitions: 12").replace(
        "customProperties",
        "  - {name: OrderShipped, physicalName: orders.shipped, authoritativeDefinitions: "
        "[{type: implementation, url: OrderShipped.avsc}]}\ncustomProperties",
    ),
)
TOPIC_TWICE: Final = _rule(
    "CONTRACT_TOPIC_TWICE",
    purpose="A topic has one contract.",
    message="the topic `{topic}` has a contract already, in {other}",
    why="Two contracts for one topic can contradict each other, and each of them would be applied in turn.",
    remedy="Join them, or correct the `physicalName` of one.",
    bad=_contract("partitions: 12") + "# and a second file with the same physicalName\n",
)
ID_TWICE: Final = _rule(
    "CONTRACT_ID_TWICE",
    purpose="The id of a contract is its own.",
    message="the id `{id}` is that of {other} already",
    why="Claims, deployments and exemptions name a contract by its id.",
    remedy="Give one of them another id.",
    bad=_contract("partitions: 12") + "# and a second file with the same id\n",
)
SUBJECT_TWICE: Final = _rule(
    "CONTRACT_SUBJECT_TWICE",
    purpose="A subject has one schema file.",
    message="the subject `{subject}` is that of {other} already",
    why="Versions of a subject follow each other. Two files for one would be registered in turn, again and again.",
    remedy="Take one of them out, rename it, or give it a subject in `[project.subjects]` of accord.toml. Several events on "
    "one topic need `subjectNaming: TopicRecordNameStrategy`.",
    bad=_contract("partitions: 12") + "# and a bare file orders.created-value.avsc\n",
)
NO_RECORD_NAME: Final = _rule(
    "CONTRACT_EVENT_WITHOUT_NAME",
    purpose="A schema whose subject is named after it has a name.",
    message="the schema in {file} has no name, and its subject is to be named after it",
    why="The record name strategies build the subject from the name of the record, the message or the title.",
    remedy="Give a JSON Schema a `title`, or name subjects after the topic.",
    bad='{"type": "object", "properties": {"order_id": {"type": "string"}}}',
    good='{"title": "OrderCreated", "type": "object", "properties": {"order_id": {"type": "string"}}}',
    language="json",
)
SCHEMA_MISSING: Final = _rule(
    "CONTRACT_SCHEMA_MISSING",
    purpose="A contract names schema files that are there.",
    message="there is no schema file {file}{near}",
    why="The schema file is the truth about the events. Without it there is nothing to register or to check.",
    remedy="Correct the `url`: it is relative to the folder of the contract, or to the root of the project.",
    bad=_contract("partitions: 12", file="OrderCraeted.avsc"),
)
NO_SCHEMA_NAMED: Final = _rule(
    "CONTRACT_WITHOUT_SCHEMA",
    purpose="Each event of a contract names its schema file.",
    message="the event `{event}` names no schema file",
    why="The schema file is the truth about the events. Without it there is nothing to register or to check.",
    remedy="Add `authoritativeDefinitions: [{type: implementation, url: schemas/OrderCreated.avsc}]`.",
    bad=_contract("partitions: 12").replace("type: implementation", "type: businessDefinition"),
)
FORMAT_UNKNOWN: Final = _rule(
    "CONTRACT_SCHEMA_FORMAT_UNKNOWN",
    purpose="A schema file ends in .avsc, .json or .proto.",
    message="{file} is no schema file: its name ends neither in .avsc, .json nor .proto",
    why="The ending says in which format the schema is written.",
    remedy="Rename the file, or name another.",
    bad=_contract("partitions: 12", file="OrderCreated.xsd"),
)
REFERENCE_MISSING: Final = _rule(
    "CONTRACT_REFERENCE_MISSING",
    purpose="What a schema refers to is in the project, or a copy of it is in the folder `pulled`.",
    message="{what} `{name}` is defined by no file of the project{near}",
    why="A registry refuses a schema whose references it cannot resolve, and so does every reader.",
    remedy="Add the file that defines it. What another team owns is fetched with `accord pull SUBJECT --into pulled`.",
    bad='{"type": "record", "name": "OrderCreated", "fields": [{"name": "total", "type": "com.example.Money"}]}',
    good='{"type": "record", "name": "OrderCreated", "fields": [{"name": "total", "type": "double"}]}',
    language="avro",
)
REFERENCE_AMBIGUOUS: Final = _rule(
    "CONTRACT_REFERENCE_AMBIGUOUS",
    purpose="A type that a schema refers to is defined once.",
    message="`{name}` is defined by {files}",
    why="Which of the definitions holds would depend on the order of the files.",
    remedy="Define the type in one file, and refer to it from the others.",
    bad='{"type": "record", "name": "OrderCreated", "fields": [{"name": "total", "type": "com.example.Money"}]}',
    good='{"type": "record", "name": "OrderCreated", "fields": [{"name": "total", "type": "double"}]}',
    language="avro",
)
REFERENCE_CYCLE: Final = _rule(
    "CONTRACT_REFERENCE_CYCLE",
    purpose="Schema files do not refer to each other in a circle.",
    message="these files refer to each other in a circle: {circle}",
    why="A schema is registered after what it refers to. In a circle none can be the first.",
    remedy="Define the types that need each other in one file.",
    bad='{"type": "record", "name": "Order", "fields": [{"name": "customer", "type": "Customer"}]}',
    good='{"type": "record", "name": "Order", "fields": [{"name": "parent", "type": ["null", "Order"]}]}',
    language="avro",
)
UNKNOWN_FIELD: Final = _rule(
    "CONTRACT_UNKNOWN_FIELD",
    purpose="A contract or a reader names fields that the schema has.",
    message="`{field}` is no field of {schema}{near}",
    why="A reader that is known to need a field that is not there is not protected by any check.",
    remedy="Correct the name. Fields of nested records are dotted: `customer.address.city`.",
    bad=_contract("consumers: {billing: {fields: [oder_id]}}"),
    good=_contract("consumers: {billing: {fields: [order_id]}}"),
)
VERSION_NOT_COVERED: Final = _rule(
    "CONTRACT_VERSION_NOT_COVERED",
    purpose="Readers cope with the version that a contract has.",
    message="{service} copes with the versions {versions} of {contract}, and this one is {version}",
    why="A service that says so was not made for this version. What it does with new records nobody has tried.",
    remedy="Let the service widen its range once it copes with this version, and deploy it before records of the new version come.",
    bad=_contract("consumers: {billing: {versions: '<1'}}"),
    good=_contract("consumers: {billing: {versions: '>=1.0 <2'}}"),
    severity=Severity.WARNING,
)
UNKNOWN_EVENT: Final = _rule(
    "CONTRACT_UNKNOWN_EVENT",
    purpose="Examples are those of events that the contract has.",
    message="`{event}` is no event of the contract{near}",
    why="Examples of an event that is not there are checked against nothing.",
    remedy="Correct the name: it is the `name` of an entry of `schema`.",
    bad=_contract("examples: {OrderCraeted: [{order_id: o-1}]}"),
    good=_contract("examples: {OrderCreated: [{order_id: o-1}]}"),
)
KEY_CONTRADICTORY: Final = _rule(
    "CONTRACT_KEY_CONTRADICTORY",
    purpose="The type of the keys and their schema file fit together.",
    message="{told}",
    why="Keys decide on which partition a record goes. Producers that serialize them differently scatter them.",
    remedy="Keys of a format have a `schema` of that format; strings and bytes have none.",
    bad=_contract("key: {type: avro}"),
    good=_contract("key: {type: string}"),
)
RETENTION_CONTRADICTORY: Final = _rule(
    "CONTRACT_RETENTION_CONTRADICTORY",
    purpose="The retention is said once, or twice the same.",
    message="`retention.ms` is {config} here, and the retention in `slaProperties` is {promised}",
    why="The promise to readers and the topic's setting are the same thing.",
    remedy="Take `retention.ms` out of `config`, or let both say the same.",
    bad=_contract("config: {retention.ms: 1000}").replace(
        "customProperties", "slaProperties:\n  - {property: retention, value: 7, unit: d}\ncustomProperties"
    ),
)
DEAD_LETTERS_CONTRADICTORY: Final = _rule(
    "CONTRACT_DEAD_LETTERS_CONTRADICTORY",
    purpose="Contracts that share a topic for dead letters say the same of it.",
    message="the dead letters of `{topic}` go to `{letters}`, as those of `{other}` in {file}, which says another {what}",
    why="The topic can have only one of the two: the other contract promises what is not so.",
    remedy="Say the same {what} in both, or give each contract a topic of its own.",
    bad=_contract("dlq: {topic: dead-letters, retention: 7d}")
    + "# and another contract says 14d of the same\n",
    good=_contract("dlq: {topic: dead-letters, retention: 14d}"),
)
ROLE_WITHOUT_EFFECT: Final = _rule(
    "CONTRACT_ROLE_WITHOUT_EFFECT",
    purpose="The access of a role is one that Kafka can be told.",
    message="the access of the role `{role}` is {access}, so it gets no ACL",
    why="Only read, write and manage stand for ACLs. Anything else is for people to read.",
    remedy="Write read, write or manage; or leave it, if it is for people.",
    bad=_contract("partitions: 12").replace(
        "customProperties", "roles:\n  - {role: billing, access: sometimes}\ncustomProperties"
    ),
    severity=Severity.WARNING,
)

RULES: Final[tuple[ContractRule, ...]] = (
    FILE_NOT_UTF8,
    FILE_UNREADABLE,
    DOCUMENT_INVALID,
    SCHEMA_INVALID,
    UNKNOWN_KEY,
    KEY_MISSING,
    VALUE_INVALID,
    DURATION_INVALID,
    TOPIC_NAME_INVALID,
    ALLOWANCE_INCOMPLETE,
    BLOCK_TWICE,
    SEVERAL_TOPICS,
    TOPIC_TWICE,
    ID_TWICE,
    SUBJECT_TWICE,
    NO_RECORD_NAME,
    SCHEMA_MISSING,
    NO_SCHEMA_NAMED,
    FORMAT_UNKNOWN,
    REFERENCE_MISSING,
    REFERENCE_AMBIGUOUS,
    REFERENCE_CYCLE,
    UNKNOWN_FIELD,
    VERSION_NOT_COVERED,
    UNKNOWN_EVENT,
    KEY_CONTRADICTORY,
    RETENTION_CONTRADICTORY,
    DEAD_LETTERS_CONTRADICTORY,
    ROLE_WITHOUT_EFFECT,
)
