"""What the files look like, as JSON Schemas: the loader checks files with them, and `accord contract schema` prints them.

A ``title`` tells what a value has to be, in words that go on after "must be"; a ``description`` what it brings about.
"""

from collections.abc import Mapping
from typing import Any, Final

from accord.contracts.loading.durations import PATTERN
from accord.contracts.loading.versions import RANGE
from accord.schemas import CompatibilityLevel

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
BLOCK_NAME: Final = "accord.kafka/v1"
KEY_TYPES: Final = ("string", "bytes", "avro", "json", "protobuf")
NAMINGS: Final = ("TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy")
ACCESSES: Final = ("read", "write", "manage")

Shape = Mapping[str, Any]


def _ref(name: str, description: str) -> Shape:
    return {"$ref": f"#/$defs/{name}", "description": description}


def _list(items: Shape, title: str, description: str) -> Shape:
    return {"type": "array", "items": items, "title": title, "description": description}


def _object(title: str, description: str, required: tuple[str, ...] = (), **properties: Shape) -> Shape:
    shape = {"type": "object", "title": title, "description": description, "properties": properties}
    return {**shape, "additionalProperties": False, **({"required": list(required)} if required else {})}


def _by_name(title: str, description: str, values: Shape) -> Shape:
    return {"type": "object", "title": title, "description": description, "additionalProperties": values}


DEFINITIONS: Final[Mapping[str, Shape]] = {
    "text": {"type": "string", "minLength": 1, "title": "text that is not empty"},
    "count": {"type": "integer", "minimum": 1, "maximum": 1_000_000, "title": "a whole number above 0"},
    "topicName": {
        "type": "string",
        "pattern": r"^(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}$",
        "title": "the name of a topic: letters, digits, dots, underscores and hyphens, up to 249 of them",
    },
    "duration": {
        "type": "string",
        "pattern": PATTERN,
        "title": "a length of time such as 30s, 10m, 24h or 14d",
    },
    "day": {
        "type": "string",
        "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        "title": "a day such as 2027-01-31",
    },
    "level": {
        "enum": [level.value for level in CompatibilityLevel],
        "title": "a compatibility level: " + ", ".join(CompatibilityLevel),
    },
    "versions": {"type": "string", "pattern": RANGE, "title": "a range of versions such as '>=1.0 <2'"},
    "fields": {
        "type": "array",
        "items": {"$ref": "#/$defs/text"},
        "uniqueItems": True,
        "title": "a list of field names, dotted where they are nested",
    },
    "groups": {
        "type": "array",
        "items": {"$ref": "#/$defs/text"},
        "uniqueItems": True,
        "title": "a list of consumer groups",
    },
    "delays": {"type": "array", "items": {"$ref": "#/$defs/duration"}, "title": "a list of lengths of time"},
    "examples": {
        "type": "array",
        "items": {"type": "object", "title": "a value as an object"},
        "title": "a list of values, each an object",
    },
    "role": _object(
        "a role",
        "A principal and what it may do.",
        ("role", "access"),
        role=_ref("text", "The principal: `User:<role>`."),
        access={
            "enum": list(ACCESSES),
            "title": "one of " + ", ".join(ACCESSES),
            "description": "What it may do: `read` and `write` records, or `manage` the topic itself.",
        },
        prefix=_ref("text", "Every topic that begins so, and not only the one of this contract."),
    ),
    "allowance": _object(
        "an allowance",
        "Findings that are accepted for a while.",
        ("rule", "reason", "until"),
        rule=_ref("text", "The id of the rule."),
        path=_ref("text", "Only for this field, by its dotted name."),
        reason=_ref("text", "Why that is acceptable; it is shown in every summary."),
        until=_ref("day", "The last day on which it counts."),
    ),
    "consumer": _object(
        "a consumer",
        "A service that reads the topic.",
        groups=_ref("groups", "Its consumer groups; it may read with these."),
        fields=_ref("fields", "The fields that it needs. Without them it needs all."),
        versions=_ref("versions", "The versions of the contract that it copes with: `>=1.0 <2`."),
        retry=_ref("delays", "The delays of its retry topics, instead of those of the block."),
        examples=_ref("examples", "Values that it must be able to read."),
    ),
}

_BLOCK: Final = _object(
    "the kafka block",
    "What a contract says about its topic that the standard has no word for.",
    partitions=_ref("count", "How many partitions the topic has."),
    replicas=_ref("count", "On how many brokers each partition is kept."),
    config={
        "type": "object",
        "additionalProperties": {
            "type": ["string", "number", "boolean"],
            "title": "text, a number, true or false",
        },
        "title": "configurations by name",
        "description": "The topic's configurations by Kafka's names. Others are left as they are.",
    },
    key=_object(
        "what the keys are",
        "What the keys of the records are: plain strings unless something else is said.",
        type={
            "enum": list(KEY_TYPES),
            "title": "one of " + ", ".join(KEY_TYPES),
            "description": "What a key is; of a format it has a schema of its own.",
        },
        field=_ref("text", "The field of the value that the key holds."),
        compatibility=_ref(
            "level", "The level of the subject `<topic>-key`; NONE unless something else is said."
        ),
        schema=_ref("text", "The schema file of the keys."),
    ),
    compatibility=_ref("level", "The level of the subjects of the topic's values. BACKWARD by default."),
    subjectNaming={
        "enum": list(NAMINGS),
        "title": "one of " + ", ".join(NAMINGS),
        "description": "How subjects are named. TopicNameStrategy by default, and TopicRecordNameStrategy where several "
        "kinds of events are on the topic.",
    },
    dlq=_object(
        "what becomes of records that nobody can handle",
        "Where records go that nobody can handle.",
        topic=_ref("topicName", "The dead letter topic; `<topic>-dlq` by default."),
        retention=_ref("duration", "How long records stay there."),
        partitions=_ref("count", "How many partitions it has; as many as the topic by default."),
    ),
    retry=_ref("delays", "The delays of the retry topics of those consumers that name none themselves."),
    consumers=_by_name(
        "consumers by name", "Who reads the topic, by the name of the service.", {"$ref": "#/$defs/consumer"}
    ),
    examples=_by_name(
        "examples by event", "Values of each event, by its name in `schema`.", {"$ref": "#/$defs/examples"}
    ),
    alerts=_object(
        "alerts",
        "From when on somebody is woken.",
        consumerLag=_ref(
            "duration", "How far consumers may be behind; narrows the latency of `slaProperties`."
        ),
        bytesIn=_object(
            "bytes that come in",
            "When too much comes in.",
            aboveBaseline={
                "type": "string",
                "pattern": r"^[0-9]{1,6}(\.[0-9]{1,3})?x$",
                "title": "a multiple such as 2x",
                "description": "How many times what is usual.",
            },
        ),
    ),
    roles=_list(
        {"$ref": "#/$defs/role"},
        "a list of roles",
        "Principals besides those of the standard's `roles`, or wider.",
    ),
    quotas=_by_name(
        "quotas by principal",
        "What a principal may use at most, by Kafka's names such as `producer_byte_rate`.",
        {
            "type": "object",
            "additionalProperties": {"type": "number", "minimum": 0, "title": "a number"},
            "title": "numbers by the name of the quota",
        },
    ),
    allow=_list(
        {"$ref": "#/$defs/allowance"}, "a list of allowances", "Findings that are accepted for a while."
    ),
)

BLOCK: Final[Shape] = {
    "$schema": DIALECT,
    "$id": "urn:accord.kafka:v1",
    "$comment": BLOCK_NAME,
    **_BLOCK,
    "$defs": DEFINITIONS,
}
"""The schema of the block's ``value``."""


def _open(title: str, required: tuple[str, ...] = (), **properties: Shape) -> Shape:
    """An object of the standard: of what it may hold only this is read."""
    return {"type": "object", "title": title, "required": list(required), "properties": properties}


_TEXT: Final[Shape] = {"type": "string", "title": "text"}
_CUSTOM: Final[Shape] = {
    **_open("a custom property", ("property",), property=_TEXT, vendor=_TEXT),
    "if": {
        "properties": {"property": {"const": "kafka"}, "vendor": {"const": "accord"}},
        "required": ["property"],
    },
    "then": {"properties": {"value": {"$ref": "#/$defs/kafka"}}, "required": ["value"]},
}

CONTRACT: Final[Shape] = {
    "$schema": DIALECT,
    "$id": "urn:accord.contract:v1",
    **_open(
        "an Open Data Contract Standard file",
        ("apiVersion", "kind", "id", "version", "schema"),
        apiVersion={
            "type": "string",
            "pattern": r"^v3\.[0-2]\.[0-9]+$",
            "title": "a version of the standard that is read here: v3.0.x, v3.1.x or v3.2.x",
        },
        kind={"const": "DataContract", "title": "DataContract"},
        id={"type": "string", "minLength": 1, "title": "text that is not empty"},
        name=_TEXT,
        version={"type": "string", "minLength": 1, "title": "text; put a version such as '1.0' in quotes"},
        status=_TEXT,
        domain=_TEXT,
        description={"type": ["object", "string"], "title": "an object with a purpose"},
        team={"type": ["object", "array"], "title": "a team with a name"},
        support={
            "type": "array",
            "title": "a list of channels",
            "items": _open("a channel", (), channel=_TEXT, tool=_TEXT),
        },
        schema={
            "type": "array",
            "minItems": 1,
            "title": "a list of the events on the topic",
            "items": _open(
                "an event on the topic",
                ("name", "physicalName"),
                name={"$ref": "#/$defs/text"},
                physicalName={"$ref": "#/$defs/topicName"},
                physicalType=_TEXT,
                description=_TEXT,
                authoritativeDefinitions={
                    "type": "array",
                    "title": "a list of definitions",
                    "items": _open("a definition", ("url", "type"), url=_TEXT, type=_TEXT),
                },
            ),
        },
        servers={
            "type": "array",
            "title": "a list of servers",
            "items": _open("a server", (), server=_TEXT, type=_TEXT, environment=_TEXT, host=_TEXT),
        },
        roles={
            "type": "array",
            "title": "a list of roles",
            "items": _open("a role", ("role",), role={"$ref": "#/$defs/text"}, access=_TEXT),
        },
        slaProperties={
            "type": "array",
            "title": "a list of promises",
            "items": _open("a promise", ("property", "value"), property=_TEXT, unit=_TEXT),
        },
        customProperties={"type": "array", "title": "a list of custom properties", "items": _CUSTOM},
    ),
    "$defs": {**DEFINITIONS, "kafka": _BLOCK},
}
"""The schema of a whole contract file, as far as it is read."""

CLAIMS: Final[Shape] = {
    "$schema": DIALECT,
    "$id": "urn:accord.claims:v1",
    **_object(
        "what a service reads",
        "What one service reads, said by itself.",
        ("service", "reads"),
        service=_ref("text", "The name of the service."),
        reads=_list(
            {
                "anyOf": [{"required": ["contract"]}, {"required": ["topic"]}, {"required": ["subject"]}],
                **_object(
                    "a contract that it reads",
                    "One contract, or one topic, that it reads.",
                    contract=_ref("text", "The id of the contract."),
                    topic=_ref(
                        "topicName",
                        "The topic, where no contract here tells it; the contract's id by default.",
                    ),
                    subject=_ref(
                        "text", "The subject, where the topic has several; `<topic>-value` by default."
                    ),
                    versions=_ref("versions", "The versions of the contract that it copes with: `>=1.0 <2`."),
                    groups=_ref("groups", "Its consumer groups."),
                    fields=_ref("fields", "The fields that it needs. Without them it needs all."),
                    retry=_ref("delays", "The delays of its retry topics."),
                    examples=_ref("examples", "Values that it must be able to read."),
                ),
            },
            "a list of what it reads",
            "What it reads.",
        ),
    ),
    "$defs": DEFINITIONS,
}
"""The schema of ``consumers/*.yaml``."""
