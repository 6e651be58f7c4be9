"""What the REST API answers, as data: what is asked, the status, and the body (``...`` where it does not matter)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

EVENT = '{"type":"record","name":"Event","fields":[{"name":"id","type":"long"}]}'
NOTED = '{"type":"record","name":"Event","fields":[{"name":"id","type":"long"},{"name":"note","type":"string","default":""}]}'
BROKEN = '{"type":"record","name":"Event","fields":[{"name":"id","type":"string"}]}'
BAD_DEFAULT = '{"type":"record","name":"Event","fields":[{"name":"id","type":"long","default":"x"}]}'
ADDRESS = '{"type":"record","name":"Address","fields":[{"name":"city","type":"string"}]}'
USER = '{"type":"record","name":"User","fields":[{"name":"home","type":"Address"}]}'
TO_ADDRESS = [{"name": "Address", "subject": "address", "version": 1}]
EVENT_GUID = "902c836b-a083-8202-41f2-b49049fb4337"
NOW = 1_700_000_000_000


@dataclass(frozen=True)
class Step:
    line: str
    status: int
    expected: object
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)


def ask(line: str, status: int, expected: object = ..., *, body: object = None, **headers: str) -> Step:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Step(line, status, expected, body, named)


def register(schema: str = EVENT, subject: str = "s", **more: Any) -> Step:
    return ask(f"POST /subjects/{subject}/versions", 200, body={"schema": schema, **more})


def error(code: int, words: object = ...) -> dict[str, object]:
    return {"error_code": code, "message": words, "hint": ...}


def version(
    number: int, schema_id: Any, schema: str, *, deleted: bool = False, subject: str = "s"
) -> dict[str, object]:
    """A version as it is told; without an id where ``...`` stands for it."""
    told = {
        "subject": subject,
        "version": number,
        "id": schema_id,
        "guid": ...,
        "schemaType": "AVRO",
        "schema": schema,
        "ts": NOW,
        "deleted": deleted,
    }
    return {name: value for name, value in told.items() if not (name == "id" and value is ...)}


def agrees(expected: object, actual: object) -> bool:
    """Whether ``actual`` is ``expected``; an expected text may be the beginning of the actual one."""
    if expected is ...:
        return True
    if isinstance(expected, dict) and isinstance(actual, dict):
        return expected.keys() == actual.keys() and all(
            agrees(expected[key], actual[key]) for key in expected
        )
    if isinstance(expected, list) and isinstance(actual, list):
        return len(expected) == len(actual) and all(map(agrees, expected, actual))
    if isinstance(expected, str) and isinstance(actual, str) and expected.endswith("..."):
        return actual.startswith(expected.removesuffix("..."))
    return type(expected) is type(actual) and expected == actual


RULE = {"name": "check", "kind": "CONDITION", "mode": "WRITE", "type": "CEL", "expr": "true"}
DESCRIBED: dict[str, Any] = {
    "metadata": {"tags": {"Event.id": ["PII"]}, "properties": {"owner": "me"}, "sensitive": ["owner"]},
    "ruleSet": {"domainRules": [RULE], "enableAt": "CLIENT"},
}
ID_IS_PII = {"schemaEntity": {"entityPath": "Event.id", "entityType": "sr_field"}, "tags": ["PII"]}
TAGGED = '{"type":"record","name":"Event","fields":[{"name":"id","type":"long","confluent:tags":["PII"]}]}'
RESOLVED = '{"type":"record","name":"User","fields":[{"name":"home","type":' + ADDRESS + "}]}"
EVERY_SETTING: dict[str, object] = {
    "compatibility": "FULL",
    "compatibilityPolicy": "LENIENT",
    "compatibilityGroup": "major",
    "alias": "t",
    "aliasForDeks": "u",
    "normalize": True,
    "validateFields": True,
    "validateNewSchemas": False,
    "validateRules": True,
    "defaultMetadata": {"properties": {"owner": "me"}},
    "overrideMetadata": {"properties": {"zone": "eu"}},
    "defaultRuleSet": {"domainRules": [RULE]},
    "overrideRuleSet": {"domainRules": [RULE]},
}
WEAKER = "a configuration of its own that names no level means BACKWARD, although FULL is set around it: ..."
REGISTERED = {"id": 1, "version": 1, "guid": EVENT_GUID, "schemaType": "AVRO", "schema": EVENT}

AGAIN = {**REGISTERED, "ts": NOW, "deleted": False}

SCHEMAS_WITHOUT_A_BODY: list[dict[str, object]] = [
    {"type": "record", "name": "X", "fields": []},
    {"fields": []},
    {"$schema": "x"},
    {"type": "string"},
]

IN_TWO_TYPES = '{"type":"string","note":"x"}'

SCENARIOS: dict[str, list[Step]] = {
    "registering again what was deleted, replaced or configured meanwhile": [
        ask("POST /subjects/s/versions", 200, REGISTERED, body={"schema": EVENT}),
        ask("POST /subjects/s/versions", 200, AGAIN, body={"schema": EVENT}),
        ask("POST /subjects/s/versions", 200, AGAIN, body={"schema": EVENT}),
        ask("DELETE /subjects/s", 200, [1]),
        ask("POST /subjects/s/versions", 200, {**REGISTERED, "version": 2}, body={"schema": EVENT}),
        ask("POST /subjects/s/versions", 200, {**AGAIN, "version": 2}, body={"schema": EVENT}),
        ask("PUT /config/s", 200, body={"alias": "t"}),
        ask("POST /subjects/s/versions", 200, REGISTERED, body={"schema": EVENT}),
        ask("POST /subjects/t/versions", 200, AGAIN, body={"schema": EVENT}),
        ask("POST /subjects/t/versions?normalize=true", 200, AGAIN, body={"schema": EVENT}),
    ],
    "importing a text under an id that is the same text of another type": [
        ask("PUT /mode", 200, body={"mode": "IMPORT"}),
        ask("POST /subjects/a/versions", 200, body={"schema": IN_TWO_TYPES, "id": 7, "version": 1}),
        ask(
            "POST /subjects/j/versions",
            422,
            error(42205, "Overwrite new schema with id 7 is not permitted."),
            body={"schema": IN_TWO_TYPES, "schemaType": "JSON", "id": 7, "version": 1},
        ),
        ask("POST /subjects/b/versions", 200, body={"schema": IN_TWO_TYPES, "id": 7, "version": 1}),
    ],
    "registering": [
        ask("POST /subjects/s/versions", 200, REGISTERED, body={"schema": EVENT}),
        ask("POST /subjects/s/versions", 200, AGAIN, body={"schema": EVENT}),
        ask("POST /subjects/t/versions", 200, REGISTERED, body={"schema": EVENT, "schemaType": "AVRO"}),
        ask("GET /subjects", 200, ["s", "t"]),
        ask("GET /subjects/s/versions", 200, [1]),
    ],
    "normalizing": [
        ask(
            "POST /subjects/s/versions?normalize=true",
            200,
            {**REGISTERED, "guid": ..., "schema": '{"type":"int","a":1,"z":1}'},
            body={"schema": '{"type":"int","z":1,"a":1}'},
        ),
        ask("POST /subjects/s?normalize=TRUE", 200, body={"schema": '{"type":"int","z":1,"a":1}'}),
        ask("POST /subjects/s", 404, error(40403), body={"schema": '{"type":"int","z":1,"a":1}'}),
        ask("PUT /config/s", 200, {"normalize": True}, body={"normalize": True}),
        ask("POST /subjects/s", 200, body={"schema": '{"type":"int","z":1,"a":1}'}),
        ask("GET /config/s", 200, {"normalize": True, "compatibilityLevel": "BACKWARD"}),
    ],
    "an incompatible schema": [
        register(),
        ask(
            "POST /subjects/s/versions",
            409,
            {
                **error(40901, 'Schema being registered is incompatible with an earlier schema for subject "s", details: [{errorType:...'),
                "deployment": {"order": "NO_SAFE_ORDER", "advice": "No order is safe: neither the new schema nor version 1 reads the other's records...", "version": 1},
                "findings": [
                    {
                        "rule": "AVRO_TYPE_CHANGED",
                        "severity": "error",
                        "message": ...,
                        "why": ...,
                        "path": "/fields/0/type",
                        "reader": ...,
                        "writer": ...,
                        "error_type": "TYPE_MISMATCH",
                        "detail": ...,
                        "version": 1,
                        "candidate": "reader",
                        "fixes": ...,
                    }
                ],
            },
            body={"schema": BROKEN},
        ),
        ask("POST /subjects/s/versions?force=true", 200, body={"schema": BROKEN}),
    ],
    "no schema": [
        ask("POST /subjects/s/versions", 422, error(42201, "Empty schema"), body={}),
        ask("POST /subjects/s/versions", 422, error(42201, "Empty schema"), body={"schema": None}),
        ask("POST /subjects/s/versions", 422, error(42201, "Empty schema"), body={"schema": "  "}),
        ask("POST /subjects/s/versions", 422, error(42201, "Invalid schema of type AVRO, details: ..."), body={"schema": 5}),
        ask("POST /subjects/s/versions", 400, error(400), body={"schema": {"type": "string"}}),
        ask("POST /subjects/s/versions", 422, error(42201, "Invalid schema type XML"), body={"schema": "x", "schemaType": "XML"}),
        ask("POST /subjects/s/versions", 422, error(42201, "Invalid schema of type JSON..."), body={"schema": "{", "schemaType": "JSON"}),
        ask("POST /subjects/s/versions", 422, error(42201, "Invalid schema of type PROTOBUF..."), body={"schema": "{", "schemaType": "PROTOBUF"}),
        ask("GET /subjects", 200, []),
    ],
    "a schema where the body should hold it": [
        ask(
            "POST /subjects/s/versions",
            422,
            {
                "error_code": 42201,
                "message": "Empty schema",
                "hint": 'the body looks like a schema itself: send it as text inside an object, {"schema": "..."}',
            },
            body=sent,
        )
        for sent in SCHEMAS_WITHOUT_A_BODY
    ],
    "what is left out is refused, not dropped": [
        ask("PUT /config/s", 422, error(42205, "The compatibility policy LOGICAL is not supported..."), body={"compatibilityPolicy": "LOGICAL"}),
        register(metadata=None, ruleSet=None, id=-1, version=0, unknown=[1]),
    ],
    "metadata and rules": [
        register(**DESCRIBED),
        ask("GET /subjects/s/versions/1", 200, {**version(1, 1, EVENT), **DESCRIBED}),
        ask("GET /schemas/ids/1", 200, {**version(1, ..., EVENT), **DESCRIBED}),
        ask("POST /subjects/s", 200, {"subject": "s", **REGISTERED, "guid": ..., **DESCRIBED}, body={"schema": EVENT}),
        ask("POST /subjects/s/versions", 200, {**AGAIN, "guid": ..., **DESCRIBED}, body={"schema": EVENT}),
        ask("POST /subjects/s", 404, error(40403), body={"schema": EVENT, "metadata": {"properties": {"owner": "you"}}}),
        ask("POST /subjects/s/versions", 422, error(42210, "Invalid rule set: '2' is no name of a rule..."), body={"schema": EVENT, "ruleSet": {"domainRules": [{"name": "2"}]}}),
        ask("POST /subjects/s/versions", 400, error(400), body={"schema": EVENT, "ruleSet": {"domainRules": [{"kind": "WAT"}]}}),
        register(metadata={"tags": None, "properties": {"owner": "you"}, "sensitive": None}, ruleSet={"migrationRules": None}),
        ask("GET /subjects/s/versions/2", 200, {**version(2, 2, EVENT), "metadata": {"properties": {"owner": "you"}}}),
        ask("GET /subjects/s/metadata?key=owner&value=me", 200, {**version(1, 1, EVENT), **DESCRIBED}),
        ask("GET /subjects/s/metadata?key=owner", 200, {**version(2, 2, EVENT), "metadata": {"properties": {"owner": "you"}}}),
        ask("GET /subjects/s/metadata?key=owner&value=me&key=team&value=x", 404, error(40403)),
        register(subject="bare"),
        ask("GET /subjects/bare/metadata", 404, error(40403)),
        ask("GET /subjects/t/metadata?key=owner", 404, error(40401)),
    ],
    "a version of one's own": [
        register(version=1),
        ask("POST /subjects/s/versions", 422, error(42201, "Version is not one more than previous version"), body={"schema": NOTED, "version": 5}),
        register(NOTED, version=2),
        ask("GET /subjects/s/versions/2", 200, {**version(2, 2, NOTED), "metadata": {"properties": {"confluent:version": "2"}}}),
        register(version=-1),
        ask("GET /subjects/s/versions", 200, [1, 2, 3]),
        ask("POST /subjects/s/versions", 422, error(42205, "Subject s in context  is not in import mode"), body={"schema": BROKEN, "id": 1}),
    ],
    "tags in the text": [
        register(),
        ask("POST /subjects/s/versions", 200, {**REGISTERED, "id": 2, "version": 2, "guid": ..., "schema": TAGGED}, body={"schema": EVENT, "schemaTagsToAdd": [ID_IS_PII]}),
        ask("GET /subjects/s/versions/2?findTags=PII", 200, {**version(2, 2, TAGGED), "schemaTags": [ID_IS_PII]}),
        ask("GET /schemas/ids/2?findTags=*", 200, {**version(2, ..., TAGGED), "schemaTags": [ID_IS_PII]}),
        ask("GET /schemas/ids/2?findTags=OTHER", 200, version(2, ..., TAGGED)),
        ask("POST /subjects/s/versions/2/tags", 200, {**REGISTERED, "id": 3, "version": 3, "guid": ..., "metadata": {"properties": {"a": "b", "confluent:version": "3"}}, "schema": EVENT}, body={"tagsToRemove": [ID_IS_PII], "metadata": {"properties": {"a": "b"}}}),
        ask("POST /subjects/s/versions/3/tags", 200, body={"rulesToMerge": {"domainRules": [RULE]}, "newVersion": 4}),
        ask("GET /subjects/s/versions/4", 200, {**version(4, 4, EVENT), "metadata": {"properties": {"a": "b", "confluent:version": "4"}}, "ruleSet": {"domainRules": [RULE]}}),
        ask("POST /subjects/s/versions/4/tags", 422, error(42210), body={"ruleSet": {"domainRules": [RULE]}, "rulesToRemove": ["check"]}),
        ask("POST /subjects/s/versions/4/tags", 200, {**REGISTERED, "id": 5, "version": 5, "guid": ..., "metadata": ...}, body={"rulesToRemove": ["check"]}),
        ask("POST /subjects/s/versions/9/tags", 404, error(40402), body={}),
        ask("POST /subjects/s/versions/1/tags", 422, error(42201), body={"tagsToAdd": [{"schemaEntity": {"entityPath": "Event.wat", "entityType": "sr_field"}, "tags": ["x"]}]}),
    ],
    "everything that can be configured": [
        ask("PUT /config/s", 200, EVERY_SETTING, body=EVERY_SETTING),
        ask("GET /config/s", 200, {"compatibilityLevel": "FULL", **{name: value for name, value in EVERY_SETTING.items() if name != "compatibility"}}),
        ask("PUT /config/s", 200, {"alias": ""}, body=dict.fromkeys(EVERY_SETTING) | {"alias": ""}),
        ask("GET /config/s", 200, {"compatibilityLevel": "BACKWARD"}),
        ask("PUT /config/s", 200, {"alias": ""}, body={"compatibilityPolicy": "WAT"}),
        ask("PUT /config/s", 422, error(42210), body={"overrideRuleSet": {"domainRules": [{"name": "x"}]}}),
    ],
    "where a setting comes from": [
        ask("GET /accord/v1/config", 200, {"effective": {"compatibilityLevel": "BACKWARD"}, "origins": {"compatibilityLevel": "default"}}),
        ask("PUT /config", 200, {"compatibility": "FULL", "normalize": True}, body={"compatibility": "FULL", "normalize": True}),
        ask("GET /accord/v1/config/s", 200, {"effective": {"compatibilityLevel": "FULL", "normalize": True}, "origins": {"compatibilityLevel": "global", "normalize": "global"}}),
        ask("PUT /config/s", 200, {"compatibilityGroup": "g", "hint": WEAKER}, body={"compatibilityGroup": "g"}),
        ask(
            "GET /accord/v1/config/s",
            200,
            {
                "effective": {"compatibilityLevel": "BACKWARD", "normalize": True, "compatibilityGroup": "g"},
                "origins": {"compatibilityLevel": "default", "normalize": "global", "compatibilityGroup": "s"},
                "hint": WEAKER,
            },
        ),
        ask("PUT /config/:.eu:", 200, body={"compatibility": "NONE"}),
        ask("GET /accord/v1/config/:.eu:s", 200, {"effective": {"compatibilityLevel": "NONE"}, "origins": {"compatibilityLevel": ":.eu:"}}),
    ],
    "an alias": [
        register(subject="orders"),
        ask("PUT /config/o", 200, {"alias": "orders"}, body={"alias": "orders"}),
        ask("GET /subjects/o/versions/1", 200, version(1, 1, EVENT, subject="orders")),
        register(NOTED, subject="o"),
        ask("GET /subjects/orders/versions", 200, [1, 2]),
        ask("GET /subjects", 200, ["orders"]),
        ask("GET /schemas/ids/2?subject=o", 200, version(2, ..., NOTED, subject="orders")),
        ask("GET /schemas?subjectPrefix=orders&aliases=true&latestOnly=true", 200, [version(2, 2, NOTED, subject="orders")]),
        ask("GET /schemas?subjectPrefix=o&aliases=true&latestOnly=true", 200, [{**version(2, 2, NOTED, subject="orders"), "aliases": ["o"]}]),
        ask("GET /config/o", 200, {"alias": "orders", "compatibilityLevel": "BACKWARD"}),
        ask("DELETE /subjects/o", 200, [1, 2]),
        ask("GET /subjects/orders/versions", 404, error(40401, "Subject 'orders' not found.")),
    ],
    "contexts": [
        register(),
        register(NOTED, subject=":.eu:s"),
        register(NOTED, subject=":.:t"),
        ask("GET /contexts", 200, [".", ".eu"]),
        ask("GET /contexts?contextPrefix=.e", 200, [".eu"]),
        ask("GET /subjects", 200, [":.eu:s", "s", "t"]),
        ask("GET /subjects?subjectPrefix=", 200, ["s", "t"]),
        ask("GET /subjects?subjectPrefix=:.eu:", 200, [":.eu:s"]),
        ask("GET /subjects?subjectPrefix=:*:", 200, [":.eu:s", "s", "t"]),
        ask("GET /subjects?subjectPrefix=:*:t", 200, ["t"]),
        ask("GET /contexts/.eu/subjects", 200, [":.eu:s"]),
        ask("GET /contexts/eu/subjects?subjectPrefix=x", 200, []),
        ask("GET /contexts/.eu/subjects/s/versions/1", 200, version(1, 1, NOTED, subject=":.eu:s")),
        ask("GET /contexts/.eu/subjects/:.:s/versions/1", 200, version(1, 1, EVENT)),
        ask("GET /contexts/.eu/schemas/ids/1", 200, version(1, ..., NOTED, subject=":.eu:s")),
        ask("GET /contexts/.eu/schemas/ids/1?subject=s", 200, version(1, ..., NOTED, subject=":.eu:s")),
        ask("GET /contexts/.eu/schemas", 200, [version(1, 1, NOTED, subject=":.eu:s")]),
        ask("GET /contexts/.eu/schemas/types", 200, ["JSON", "PROTOBUF", "AVRO"]),
        ask("GET /schemas/ids/1", 200, version(1, ..., EVENT)),
        ask("GET /schemas/ids/1?subject=:.eu:", 200, version(1, ..., NOTED, subject=":.eu:s")),
        ask("GET /schemas/ids/1/subjects?subject=:.eu:", 200, [":.eu:s"]),
        ask("GET /schemas/ids/1?fetchMaxId=true", 200, {**version(1, ..., EVENT), "maxId": 2}),
        ask("GET /schemas/ids/1?subject=:.eu:other", 404, error(40403)),
        ask("GET /schemas/ids/2?subject=:.eu:", 404, {**error(40403), "hint": "this id is known in .: name a subject there, as in ?subject=:.:"}),
        ask("POST /subjects/only-in-eu", 404, error(40401), body={"schema": EVENT}),
        register(subject=":.eu:only-in-eu"),
        ask("GET /subjects/only-in-eu/versions/latest", 200, version(1, 2, EVENT, subject=":.eu:only-in-eu")),
        ask("GET /subjects/only-in-eu/versions/2", 404, error(40401)),
        ask("GET /subjects/only-in-eu/versions", 404, error(40401)),
        ask("POST /subjects/only-in-eu", 200, {"subject": ":.eu:only-in-eu", **REGISTERED, "id": 2}, body={"schema": EVENT}),
        ask(f"GET /schemas/guids/{EVENT_GUID}/ids", 200, [{"context": ".", "id": 1}, {"context": ".eu", "id": 2}]),
        ask("POST /contexts/.eu/compatibility/subjects/s/versions/latest", 200, {"is_compatible": False}, body={"schema": BROKEN}),
        ask("PUT /contexts/.eu/config", 200, {"compatibility": "NONE"}, body={"compatibility": "NONE"}),
        ask("GET /config/:.eu:", 200, {"compatibilityLevel": "NONE"}),
        ask("GET /config/:.:", 200, {"compatibilityLevel": "BACKWARD"}),
        ask("POST /contexts/.eu/compatibility/subjects/s/versions/latest", 200, {"is_compatible": True}, body={"schema": BROKEN}),
        ask("GET /contexts/a%3Ab/subjects", 400, error(400)),
        ask("GET /contexts/%3A.eu%3A/subjects?subjectPrefix=s", 200, [":.eu:s"]),
        ask("GET /subjects?subjectPrefix=:.e", 200, [":.eu:only-in-eu", ":.eu:s"]),
        ask("POST /subjects/:*:x/versions", 422, error(42208), body={"schema": EVENT}),
        ask("DELETE /contexts/.eu", 422, error(42211, "The specified context ':.eu:' is not empty.")),
        ask("DELETE /subjects/:.eu:s", 200, [1]),
        ask("DELETE /subjects/:.eu:s?permanent=true", 200, [1]),
        ask("DELETE /contexts/.eu/subjects/only-in-eu", 200, [1]),
        ask("DELETE /contexts/.eu/subjects/only-in-eu?permanent=true", 200, [1]),
        ask("DELETE /contexts/.eu", 204),
        ask("DELETE /contexts/.eu", 204),
        ask("GET /contexts", 200, ["."]),
        ask("POST /subjects/:.eu:s/versions", 200, {**REGISTERED, "id": 3}, body={"schema": EVENT}),
    ],
    "importing": [
        ask("PUT /mode/s", 200, {"mode": "IMPORT"}, body={"mode": "import"}),
        ask("POST /subjects/s/versions", 422, error(42205, "Subject s in context  is not in read-write mode"), body={"schema": EVENT}),
        ask("POST /subjects/s/versions", 200, {**REGISTERED, "id": 70, "version": 3}, body={"schema": EVENT, "id": 70, "version": 3}),
        ask("POST /subjects/s/versions", 200, {**REGISTERED, "id": 9, "version": 2, "guid": ..., "schema": BROKEN}, body={"schema": BROKEN, "id": 9, "version": 2}),
        ask("POST /subjects/s/versions", 422, error(42205, "Overwrite new schema with id 9 is not permitted."), body={"schema": NOTED, "id": 9, "version": 4}),
        ask("GET /subjects/s/versions", 200, [2, 3]),
        ask("PUT /mode/s", 200, {"mode": "READWRITE"}, body={"mode": "READWRITE"}),
        ask("POST /subjects/s/versions", 200, {**REGISTERED, "id": 71, "version": 4, "guid": ..., "schema": NOTED}, body={"schema": NOTED}),
        ask("PUT /mode/s", 422, error(42205, "Cannot import since found existing subjects"), body={"mode": "IMPORT"}),
        ask("PUT /mode", 422, error(42205), body={"mode": "IMPORT"}),
        ask("PUT /mode/s?force=true", 200, {"mode": "IMPORT"}, body={"mode": "IMPORT"}),
        ask("POST /subjects/s/versions", 400, error(400), body={"schema": EVENT, "id": 2**31, "version": 9}),
        ask("POST /subjects/s/versions", 400, error(400), body={"schema": EVENT, "id": 9, "version": 2**31}),
        ask("POST /subjects/s/versions", 200, body={"schema": BAD_DEFAULT, "id": 80, "version": 9}),
        ask("PUT /mode/s", 200, body={"mode": "READWRITE"}),
        ask("POST /subjects/s/versions", 200, body={"schema": BAD_DEFAULT}),
        ask("POST /subjects/s", 200, body={"schema": BAD_DEFAULT}),
        ask("POST /subjects/t/versions", 422, error(42201), body={"schema": BAD_DEFAULT}),
    ],
    "the list of all schemas": [
        register(subject="a"),
        register(NOTED, subject="a"),
        register(subject="ab"),
        ask("GET /schemas", 200, [version(1, 1, EVENT, subject="a"), version(2, 2, NOTED, subject="a"), version(1, 1, EVENT, subject="ab")]),
        ask("GET /schemas?subjectPrefix=a&latestOnly=true&offset=1&limit=1", 200, [version(1, 1, EVENT, subject="ab")]),
        ask("GET /schemas?limit=1001", 200, [..., ..., ...]),
        ask("GET /schemas?offset=-1", 404, error(404)),
    ],
    "written out with what it refers to": [
        register(ADDRESS, "address"),
        register(USER, "user", references=TO_ADDRESS),
        ask("GET /subjects/user/versions/1?format=resolved", 200, {**version(1, 2, RESOLVED, subject="user"), "references": TO_ADDRESS}),
        ask("GET /subjects/user/versions/1/schema?format=resolved", 200, {"type": "record", "name": "User", "fields": ...}),
        ask("GET /schemas/ids/2?format=wat", 200, {**version(1, ..., USER, subject="user"), "references": TO_ADDRESS}),
        register(ADDRESS, ":.eu:address"),
        register(USER, ":.eu:user", references=TO_ADDRESS),
        ask("GET /subjects/:.eu:user/versions/1?referenceFormat=qualified", 200, {**version(1, 2, USER, subject=":.eu:user"), "references": [{**TO_ADDRESS[0], "subject": ":.eu:address"}]}),
    ],
    "who answers": [
        ask("GET /v1/metadata/id", 200, {"scope": {"path": [], "clusters": ...}, "id": ""}),
        ask("GET /v1/metadata/version", 200, {"version": ..., "commitId": "", "compatibleWith": "8.1.5"}),
        ask("GET /v1/metadata/deployment", 200, {"attributes": []}),
        ask("GET /associations/subjects/s", 200, []),
        ask("GET /associations/resources/-/orders?resourceType=topic&associationType=value", 200, []),
    ],
    "bodies that are none": [
        ask("POST /subjects/s/versions", 400, error(400), body=b"{"),
        ask("POST /subjects/s/versions", 400, error(400), body=b"[]"),
        ask("POST /subjects/s/versions", 400, error(400), body=b"5"),
        ask("POST /subjects/s/versions", 400, error(400), body=b'{"schema":"x"} trailing'),
        ask("POST /subjects/s/versions", 400, error(400), body=b'{"schema":"\\ud800"}'),
        ask("POST /subjects/s/versions", 400, error(400), body=b'{"schema":"\xff"}'),
        ask("POST /subjects/s/versions", 400, error(400, "the body is nested too deeply"), body=b'{"x":' + b"[" * 100_000),
        ask("POST /subjects/s/versions", 422, error(422), body=b""),
        ask("POST /subjects/s/versions", 422, error(422), body=b" null "),
        ask("PUT /config/s", 422, error(422), body=b""),
        ask("PUT /config/s", 400, error(400), body=b"[]"),
        ask("GET /subjects", 200, []),
    ],
    "bodies that are one after all": [
        ask("POST /subjects/s/versions", 200, {**REGISTERED, "guid": ..., "schema": '"int"'}, body=b'{"schema":"x","schema":"\\"int\\""}'),
        ask("POST /subjects/s/versions", 200, body=b'\xef\xbb\xbf{"schema":"\\"int\\""}'),
        ask("POST /subjects/s/versions", 200, body=b'{"schema":"\\"int\\""}', content_type="application/octet-stream"),
        ask("POST /subjects/s/versions", 200, body=b'{"schema":"\\"int\\""}', content_type="application/json; charset=utf-8"),
        ask("POST /subjects/s/versions", 200, body=b'{"schema":"\\"int\\""}', content_type=""),
        ask("POST /subjects/s/versions", 415, error(415), body=b'{"schema":"\\"int\\""}', content_type="text/plain"),
    ],
    "looking up": [
        ask("POST /subjects/s", 404, error(40401), body={"schema": EVENT}),
        register(),
        ask("POST /subjects/s", 200, {"subject": "s", **REGISTERED}, body={"schema": EVENT}),
        ask("POST /subjects/s", 404, error(40403, "Schema not found"), body={"schema": NOTED}),
        ask("POST /subjects/s", 422, error(42201), body={"schema": "{"}),
        ask("POST /subjects/t", 404, error(40401, "Subject 't' not found."), body={"schema": EVENT}),
        ask("DELETE /subjects/s", 200, [1]),
        ask("POST /subjects/s", 404, error(40401), body={"schema": EVENT}),
        ask("POST /subjects/s?deleted=true", 200, {"subject": "s", **REGISTERED}, body={"schema": EVENT}),
    ],
    "reading versions": [
        register(),
        register(NOTED),
        ask("GET /subjects/s/versions/1", 200, version(1, 1, EVENT)),
        *(
            ask(f"GET /subjects/s/versions/{form}", 200, version(number, number, [EVENT, NOTED][number - 1]))
            for form, number in {"01": 1, "+1": 1, "%201": 1, "1%20": 1, "latest": 2, "LATEST": 2, "-1": 2}.items()
        ),
        *(
            ask(f"GET /subjects/s/versions/{form}", 422, error(42202, f"The specified version '{form}' is not a valid version id...."))
            for form in ("0", "-2", "abc", "1.0", "2147483648", "99999999999999999999", "1_0", "\N{ARABIC-INDIC DIGIT ONE}")
        ),
        ask("GET /subjects/s/versions/3", 404, error(40402, "Version 3 not found.")),
        ask("GET /subjects/s/versions/2147483647", 404, error(40402)),
        ask("GET /subjects/t/versions/1", 404, error(40401, "Subject 't' not found.")),
        ask("GET /subjects/t/versions", 404, error(40401)),
        ask("GET /subjects/s/versions/2/schema", 200, {"type": "record", "name": "Event", "fields": ...}),
    ],
    "listing": [
        register(subject="a"),
        register(NOTED, subject="a"),
        register(subject="ab"),
        register(subject="b"),
        ask("DELETE /subjects/a/versions/1", 200, 1),
        ask("DELETE /subjects/b", 200, [1]),
        ask("GET /subjects", 200, ["a", "ab"]),
        ask("GET /subjects?deleted=true", 200, ["a", "ab", "b"]),
        ask("GET /subjects?deletedOnly=true", 200, ["b"]),
        ask("GET /subjects?deleted=true&deletedOnly=true", 200, ["b"]),
        ask("GET /subjects/b/versions/latest?deleted=true", 404, error(40402, "Version -1 not found.")),
        ask("GET /subjects?subjectPrefix=a", 200, ["a", "ab"]),
        ask("GET /subjects?subjectPrefix=ab", 200, ["ab"]),
        ask("GET /subjects?deleted=true&offset=1&limit=1", 200, ["ab"]),
        ask("GET /subjects?limit=0", 200, ["a", "ab"]),
        ask("GET /subjects?offset=x", 404, error(404)),
        ask("GET /subjects?offset=-1", 404, error(404)),
        ask("GET /subjects?deleted=wat", 200, ["a", "ab"]),
        ask("GET /subjects?deleted=true&deleted=false", 200, ["a", "ab", "b"]),
        ask("GET /subjects/a/versions", 200, [2]),
        ask("GET /subjects/a/versions?deleted=true", 200, [1, 2]),
        ask("GET /subjects/a/versions?deletedOnly=true", 200, [1]),
        ask("GET /subjects/a/versions?deletedAsNegative=true", 200, [-1, 2]),
        ask("GET /subjects/a/versions?deleted=true&limit=1", 200, [1]),
        ask("GET /subjects/b/versions", 404, error(40401)),
        ask("GET /subjects/b/versions?deleted=true", 200, [1]),
    ],
    "ids": [
        register(),
        register(NOTED),
        register(subject="t"),
        ask("GET /schemas/ids/1", 200, {"subject": "s", "version": 1, "guid": EVENT_GUID, "schemaType": "AVRO", "schema": EVENT, "ts": NOW, "deleted": False}),
        ask("GET /schemas/ids/1?subject=t", 200, {"subject": "t", "version": 1, "guid": EVENT_GUID, "schemaType": "AVRO", "schema": EVENT, "ts": NOW, "deleted": False}),
        ask("GET /schemas/ids/2?subject=t", 200, {"subject": "s", "version": 2, "guid": ..., "schemaType": "AVRO", "schema": NOTED, "ts": NOW, "deleted": False}),
        ask("GET /schemas/ids/1/schema", 200, {"type": "record", "name": "Event", "fields": ...}),
        ask("GET /schemas/ids/1/subjects", 200, ["s", "t"]),
        ask("GET /schemas/ids/1/versions", 200, [{"subject": "s", "version": 1}, {"subject": "t", "version": 1}]),
        ask("GET /schemas/ids/9", 404, error(40403, "Schema 9 not found")),
        ask("GET /schemas/ids/9/schema", 404, error(40403, "Schema 9 not found")),
        ask("GET /schemas/ids/9/subjects", 404, error(40403, "Schema not found")),
        ask("GET /schemas/ids/9/versions", 404, error(40403, "Schema not found")),
        ask("GET /schemas/ids/x", 404, error(404, "HTTP 404 Not Found")),
        ask("GET /schemas/ids/99999999999", 404, error(404, "HTTP 404 Not Found")),
        ask("DELETE /subjects/s", 200, [1, 2]),
        ask("GET /schemas/ids/1", 200, {"subject": "t", "version": 1, "guid": EVENT_GUID, "schemaType": "AVRO", "schema": EVENT, "ts": NOW, "deleted": False}),
        ask("GET /schemas/ids/1/subjects", 200, ["t"]),
        ask("GET /schemas/ids/1/subjects?deleted=true", 200, ["s", "t"]),
        ask("GET /schemas/ids/2", 200, {"subject": "s", "version": 2, "guid": ..., "schemaType": "AVRO", "schema": NOTED, "ts": NOW, "deleted": True}),
        ask("GET /schemas/ids/2/subjects", 200, []),
        ask("GET /schemas/ids/2/versions", 200, []),
        ask("DELETE /subjects/s?permanent=true", 200, [1, 2]),
        ask("GET /schemas/ids/2", 404, error(40403)),
        ask("GET /schemas/types", 200, ["JSON", "PROTOBUF", "AVRO"]),
    ],
    "guids": [
        register(),
        ask(f"GET /schemas/guids/{EVENT_GUID}", 200, {"guid": EVENT_GUID, "schemaType": "AVRO", "schema": EVENT, "ts": NOW, "deleted": False}),
        ask(f"GET /schemas/guids/{EVENT_GUID}/ids", 200, [{"context": ".", "id": 1}]),
        ask("GET /schemas/guids/00000000-0000-0000-0000-000000000000", 404, error(40403, "Schema not found")),
        ask("GET /schemas/guids/wat", 404, error(40403)),
        ask("DELETE /subjects/s", 200, [1]),
        ask(f"GET /schemas/guids/{EVENT_GUID}", 200, {"guid": EVENT_GUID, "schemaType": "AVRO", "schema": EVENT, "ts": NOW, "deleted": True}),
        ask("DELETE /subjects/s?permanent=true", 200, [1]),
        ask(f"GET /schemas/guids/{EVENT_GUID}", 404, error(40403)),
        ask("POST /subjects/s/versions", 200, {**REGISTERED, "id": 2}, body={"schema": EVENT}),
    ],
    "deleting": [
        register(),
        register(NOTED),
        ask("DELETE /subjects/s/versions/1?permanent=true", 404, error(40407)),
        ask("DELETE /subjects/s?permanent=true", 404, error(40405)),
        ask("DELETE /subjects/s/versions/1", 200, 1),
        ask("DELETE /subjects/s/versions/1", 404, error(40406)),
        ask("GET /subjects/s/versions/1", 404, error(40402)),
        ask("GET /subjects/s/versions/1?deleted=true", 200, version(1, 1, EVENT, deleted=True)),
        ask("DELETE /subjects/s/versions/1?permanent=true", 200, 1),
        ask("DELETE /subjects/s/versions/1?permanent=true", 404, error(40402)),
        ask("DELETE /subjects/s/versions/latest", 200, 2),
        ask("GET /subjects/s/versions/latest", 404, error(40401)),
        ask("DELETE /subjects/s", 404, error(40404)),
        ask("DELETE /subjects/s?permanent=yes", 404, error(40404)),
        ask("DELETE /subjects/s?permanent=TRUE", 200, [2]),
        ask("DELETE /subjects/s?permanent", 404, error(40401)),
        ask("DELETE /subjects/s/versions/wat", 422, error(42202)),
    ],
    "deleting and registering again": [
        register(),
        register(NOTED),
        ask("DELETE /subjects/s/versions/2", 200, 2),
        ask("POST /subjects/s/versions", 200, {"id": 2, "version": 3, "guid": ..., "schemaType": "AVRO", "schema": NOTED}, body={"schema": NOTED}),
        ask("GET /subjects/s/versions?deleted=true", 200, [1, 3]),
    ],
    "configuration of a subject": [
        ask("GET /config/s", 404, error(40408)),
        ask("GET /config/s?defaultToGlobal=true", 200, {"compatibilityLevel": "BACKWARD"}),
        ask("DELETE /config/s", 404, error(40401)),
        ask("PUT /config/s", 200, {"compatibility": "FULL"}, body={"compatibility": "full"}),
        ask("GET /config/s", 200, {"compatibilityLevel": "FULL"}),
        ask("PUT /config/s", 200, {"normalize": True, "compatibility": "FULL"}, body={"normalize": True}),
        ask("PUT /config/s", 422, error(42203, "Invalid compatibility level. Valid values are none, ..."), body={"compatibility": "WAT"}),
        ask("PUT /config/s", 422, error(42203), body={"compatibility": ""}),
        ask("PUT /config/s", 422, error(42203), body={"compatibility": 5}),
        ask("PUT /config/s", 200, {"normalize": True}, body={"compatibility": None}),
        ask("PUT /config/s", 200, {"normalize": True}, body={"compatibilityLevel": "FULL"}),
        ask("GET /config/s", 200, {"normalize": True, "compatibilityLevel": "BACKWARD"}),
        ask("DELETE /config/s", 200, {"normalize": True, "compatibilityLevel": "BACKWARD"}),
        ask("GET /config/s", 404, error(40408)),
    ],
    "configuration for all": [
        ask("GET /config", 200, {"compatibilityLevel": "BACKWARD"}),
        ask("DELETE /config", 200, {"compatibilityLevel": "BACKWARD"}),
        ask("PUT /config", 200, {"compatibility": "NONE"}, body={"compatibility": "NONE"}),
        ask("GET /config", 200, {"compatibilityLevel": "NONE"}),
        ask("GET /config/s?defaultToGlobal=true", 200, {"compatibilityLevel": "NONE"}),
        ask("GET /config/s", 404, error(40408)),
        register(),
        register(BROKEN),
        ask("DELETE /config", 200, {"compatibilityLevel": "NONE"}),
        ask("GET /config", 200, {"compatibilityLevel": "BACKWARD"}),
    ],
    "configuration outlives the soft deletion and not the permanent one": [
        register(),
        ask("PUT /config/s", 200, body={"compatibility": "FULL"}),
        ask("DELETE /subjects/s", 200, [1]),
        ask("GET /config/s", 200, {"compatibilityLevel": "FULL"}),
        ask("DELETE /subjects/s?permanent=true", 200, [1]),
        ask("GET /config/s", 404, error(40408)),
    ],
    "compatibility": [
        ask("POST /compatibility/subjects/s/versions/latest", 200, {"is_compatible": True}, body={"schema": EVENT}),
        ask("POST /compatibility/subjects/s/versions", 200, {"is_compatible": True}, body={"schema": EVENT}),
        ask("POST /compatibility/subjects/s/versions/1", 404, error(40402), body={"schema": EVENT}),
        register(),
        ask("POST /compatibility/subjects/s/versions/latest", 200, {"is_compatible": False}, body={"schema": BROKEN}),
        ask("POST /compatibility/subjects/s/versions/1?verbose=true", 200, {"is_compatible": True, "messages": [], "deployment": {"order": "EITHER_ORDER", "advice": "Upgrade producers and consumers in any order: ...", "version": 1}}, body={"schema": NOTED}),
        ask(
            "POST /compatibility/subjects/s/versions/-1?verbose=true",
            200,
            {
                "is_compatible": False,
                "messages": [
                    "{errorType:'TYPE_MISMATCH', ...",
                    "{oldSchemaVersion: 1}",
                    "{oldSchema: ...",
                    "{validateFields: 'false', compatibility: 'BACKWARD'}",
                ],
                "findings": [...],
                "deployment": ...,
            },
            body={"schema": BROKEN},
        ),
        ask("POST /compatibility/subjects/s/versions/2", 404, error(40402), body={"schema": EVENT}),
        ask("POST /compatibility/subjects/s/versions/x", 422, error(42202), body={"schema": EVENT}),
        ask("POST /compatibility/subjects/s/versions/latest", 422, error(42201), body={"schema": "{"}),
        ask("POST /compatibility/subjects/s/versions/latest?verbose=true", 200, {"is_compatible": False, "messages": ["Invalid schema of type AVRO..."], "hint": "check the quotes..."}, body={"schema": "{"}),
        ask("POST /compatibility/subjects/s/versions/latest?verbose=true", 200, {"is_compatible": False, "messages": ["Empty schema"], "hint": "send the schema as text: ..."}, body={"schema": ""}),
        ask("PUT /config/s", 200, body={"compatibility": "NONE"}),
        ask("POST /compatibility/subjects/s/versions/latest?verbose=true", 200, {"is_compatible": True, "messages": [], "deployment": ...}, body={"schema": BROKEN}),
        ask("DELETE /subjects/s", 200, [1]),
        ask("POST /compatibility/subjects/s/versions/1", 404, error(40402), body={"schema": EVENT}),
    ],
    "reserved names of fields": [
        ask("PUT /config/s", 200, body={"validateFields": True}),
        register(metadata={"properties": {"confluent:reserved": "note,extra"}}),
        ask("POST /subjects/s/versions", 409, {**error(40901), "findings": [...], "deployment": ...}, body={"schema": NOTED}),
        ask(
            "POST /compatibility/subjects/s/versions/latest?verbose=true",
            200,
            {"is_compatible": False, "messages": [..., ..., "{validateFields: 'true', compatibility: 'BACKWARD'}"], "findings": [..., ...], "deployment": ...},
            body={"schema": NOTED, "metadata": {"properties": {}}},
        ),
    ],
    "references": [
        ask("POST /subjects/user/versions", 422, error(42201, "Invalid schema of type AVRO, details: No schema reference found..."), body={"schema": USER, "references": TO_ADDRESS}),
        register(ADDRESS, "address"),
        ask(
            "POST /subjects/user/versions",
            200,
            {"id": 2, "version": 1, "guid": ..., "schemaType": "AVRO", "references": TO_ADDRESS, "schema": USER},
            body={"schema": USER, "references": [{**TO_ADDRESS[0], "version": -1}]},
        ),
        ask("POST /subjects/user/versions", 200, body={"schema": USER, "references": [{**TO_ADDRESS[0], "version": "1"}]}),
        ask("GET /subjects/user/versions", 200, [1]),
        ask("GET /subjects/user/versions/1", 200, {**version(1, 2, USER, subject="user"), "references": TO_ADDRESS}),
        ask("GET /subjects/address/versions/latest/referencedby", 200, [2]),
        ask("GET /subjects/user/versions/1/referencedby", 200, []),
        ask("GET /subjects/wat/versions/1/referencedby", 404, error(40401)),
        ask("GET /subjects/user/versions/7/referencedby", 404, error(40402)),
        ask("POST /subjects/user/versions", 422, error(42201), body={"schema": USER}),
        ask("POST /subjects/user/versions", 422, error(42201, "Invalid schema of type AVRO, details: Invalid reference: ..."), body={"schema": USER, "references": [{}]}),
        ask("POST /subjects/user/versions", 400, error(400), body={"schema": USER, "references": {}}),
        ask("POST /subjects/user/versions", 400, error(400), body={"schema": USER, "references": ["x"]}),
        ask("DELETE /subjects/address/versions/1", 422, error(42206)),
        ask("DELETE /subjects/user", 200, [1]),
        ask("DELETE /subjects/address", 200, [1]),
        ask("GET /subjects/address/versions/1/referencedby", 200, []),
        ask("GET /subjects/address/versions/1/referencedby?deleted=true", 200, [2]),
        ask("DELETE /subjects/address?permanent=true", 422, error(42206)),
        ask("POST /subjects/user?deleted=true", 200, body={"schema": USER, "references": TO_ADDRESS}),
        ask("DELETE /subjects/user?permanent=true", 200, [1]),
        ask("DELETE /subjects/address?permanent=true", 200, [1]),
    ],
    "the same reference through another subject is found": [
        register(ADDRESS, "address"),
        register(ADDRESS, "place"),
        register(USER, "user", references=TO_ADDRESS),
        ask("POST /subjects/user", 200, body={"schema": USER, "references": [{**TO_ADDRESS[0], "subject": "place"}]}),
    ],
    "names of subjects": [
        ask(f"POST /subjects/{sent}/versions", 200, body={"schema": EVENT})
        for sent in ("a%2Fb", "with%20space", "%E6%97%A5%E6%9C%AC", "plus+", "q%3Fmark", "dot..dot", "%2A", "50%25", "%252F")
    ]
    + [
        ask("GET /subjects", 200, ["%2F", "*", "50%", "a/b", "dot..dot", "plus+", "q?mark", "with space", "日本"]),
        ask("GET /subjects/a%2Fb/versions/1", 200, version(1, 1, EVENT, subject="a/b")),
        ask("GET /subjects/a/b/versions/1", 404, error(404)),
        ask("GET /subjects/plus%2B/versions", 200, [1]),
        ask("GET /subjects?subjectPrefix=with%20", 200, ["with space"]),
        ask("PUT /config/a%2Fb", 200, body={"compatibility": "FULL"}),
        ask("GET /config/a%2Fb", 200, {"compatibilityLevel": "FULL"}),
        ask("POST /subjects/a%0Ab/versions", 422, error(42208), body={"schema": EVENT}),
        ask("POST /subjects/%FF/versions", 422, error(42208), body={"schema": EVENT}),
        ask("POST /subjects/__GLOBAL/versions", 422, error(42208), body={"schema": EVENT}),
    ],
    "modes": [
        ask("GET /mode", 200, {"mode": "READWRITE"}),
        ask("GET /mode/s", 404, error(40409)),
        ask("GET /mode/s?defaultToGlobal=true", 200, {"mode": "READWRITE"}),
        ask("PUT /mode/s", 200, {"mode": "READONLY"}, body={"mode": "READONLY"}),
        ask("GET /mode/s", 200, {"mode": "READONLY"}),
        ask("POST /subjects/s/versions", 422, error(42205, "Subject s in context  is in read-only mode"), body={"schema": EVENT}),
        ask("PUT /config/s", 422, error(42205), body={"compatibility": "FULL"}),
        ask("DELETE /mode/s", 200, {"mode": "READONLY"}),
        ask("DELETE /mode/s", 404, error(40401)),
        ask("PUT /mode", 200, {"mode": "READONLY"}, body={"mode": "READONLY"}),
        ask("POST /subjects/s/versions", 422, error(42205), body={"schema": EVENT}),
        ask("PUT /mode", 200, {}, body={"mode": None}),
        ask("PUT /mode", 422, error(42204, "Invalid mode...."), body={}),
        ask("PUT /mode/s", 422, error(42204), body={"mode": "WAT"}),
        ask("PUT /mode/s", 422, error(42204), body={"mode": "FORWARD"}),
        ask("PUT /mode/:.__GLOBAL:", 200, {"mode": "READONLY"}, body={"mode": "READONLY"}),
        ask("GET /mode/s?defaultToGlobal=true", 200, {"mode": "READONLY"}),
        ask("DELETE /mode", 200, {"mode": "READONLY"}),
        ask("DELETE /mode/:.__GLOBAL:", 200, {"mode": "READONLY"}),
        ask("DELETE /mode", 200, {"mode": "READWRITE"}),
    ],
    "paths and methods": [
        ask("GET /", 200, {}),
        ask("POST /", 200, {}),
        ask("GET /nope", 404, error(404, "HTTP 404 Not Found")),
        ask("GET /subjects/", 200, []),
        ask("PATCH /subjects", 405, {"error_code": 405, "message": "HTTP 405 Method Not Allowed", "hint": "this path takes GET, HEAD, OPTIONS"}),
        ask("OPTIONS /nope", 404),
        ask("GET /healthz", 200, {"status": "ok"}),
        ask("GET /readyz", 200, {"status": "ready"}),
        ask("GET /healthz", 200, {"status": "ok"}, accept="text/plain"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("steps", SCENARIOS.values(), ids=SCENARIOS)
def test_the_api_answers(steps: list[Step], api: Callable[[Any], Any]) -> None:
    async def talk(api: Any) -> None:
        for number, step in enumerate(steps, 1):
            answer = await api.ask(step.line, step.body, step.headers)
            told = answer.json() if answer.content else None
            assert answer.status_code == step.status, (number, step.line, told)
            assert agrees(step.expected, told), (number, step.line, told)

    api(talk)
