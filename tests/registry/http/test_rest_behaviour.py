"""What the REST API answers, as data: what is asked, the status, and the body (``...`` where it does not matter)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

EVENT = '{"type":"record","name":"Event","fields":[{"name":"id","type":"long"}]}'
NOTED = '{"type":"record","name":"Event","fields":[{"name":"id","type":"long"},{"name":"note","type":"string","default":""}]}'
BROKEN = '{"type":"record","name":"Event","fields":[{"name":"id","type":"string"}]}'
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


def register(schema: str = EVENT, subject: str = "s", **more: object) -> Step:
    return ask(f"POST /subjects/{subject}/versions", 200, body={"schema": schema, **more})


def error(code: int, words: object = ...) -> dict[str, object]:
    return {"error_code": code, "message": words, "hint": ...}


def version(
    number: int, schema_id: int, schema: str, *, deleted: bool = False, subject: str = "s"
) -> dict[str, object]:
    return {
        "subject": subject,
        "version": number,
        "id": schema_id,
        "guid": ...,
        "schemaType": "AVRO",
        "schema": schema,
        "ts": NOW,
        "deleted": deleted,
    }


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


REGISTERED = {"id": 1, "version": 1, "guid": EVENT_GUID, "schemaType": "AVRO", "schema": EVENT}

SCHEMAS_WITHOUT_A_BODY: list[dict[str, object]] = [
    {"type": "record", "name": "X", "fields": []},
    {"fields": []},
    {"$schema": "x"},
    {"type": "string"},
]

SCENARIOS: dict[str, list[Step]] = {
    "registering": [
        ask("POST /subjects/s/versions", 200, REGISTERED, body={"schema": EVENT}),
        ask("POST /subjects/s/versions", 200, REGISTERED, body={"schema": EVENT}),
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
        ask("POST /subjects/s/versions", 422, error(42201, "Invalid schema of type JSON..."), body={"schema": "{}", "schemaType": "JSON"}),
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
    "what is not built is refused, not dropped": [
        ask("POST /subjects/s/versions", 422, error(42205, "Metadata and tags are not supported..."), body={"schema": EVENT, "metadata": {"properties": {"a": "b"}}}),
        ask("POST /subjects/s/versions", 422, error(42205, "Rule sets are not supported..."), body={"schema": EVENT, "ruleSet": {"domainRules": [{}]}}),
        ask("POST /subjects/s/versions", 422, error(42205, "A version number..."), body={"schema": EVENT, "version": 1}),
        ask("POST /subjects/s/versions", 422, error(42205, "Subject s is not in import mode"), body={"schema": EVENT, "id": 1}),
        ask("POST /subjects/:.c:s/versions", 422, error(42205, "Contexts..."), body={"schema": EVENT}),
        ask("PUT /config/s", 422, error(42205, "The setting 'compatibilityGroup' is not supported..."), body={"compatibilityGroup": "g"}),
        register(metadata=None, ruleSet=None, id=-1, version=0, unknown=[1]),
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
        ask("GET /subjects?deletedOnly=true", 200, ["a", "b"]),
        ask("GET /subjects?deleted=true&deletedOnly=true", 200, ["a", "b"]),
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
        ask("GET /schemas/types", 200, ["AVRO"]),
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
        ask("POST /compatibility/subjects/s/versions/1?verbose=true", 200, {"is_compatible": True, "messages": []}, body={"schema": NOTED}),
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
            },
            body={"schema": BROKEN},
        ),
        ask("POST /compatibility/subjects/s/versions/2", 404, error(40402), body={"schema": EVENT}),
        ask("POST /compatibility/subjects/s/versions/x", 422, error(42202), body={"schema": EVENT}),
        ask("POST /compatibility/subjects/s/versions/latest", 422, error(42201), body={"schema": "{"}),
        ask("POST /compatibility/subjects/s/versions/latest?verbose=true", 200, {"is_compatible": False, "messages": ["Invalid schema of type AVRO..."]}, body={"schema": "{"}),
        ask("POST /compatibility/subjects/s/versions/latest?verbose=true", 200, {"is_compatible": False, "messages": ["Empty schema"]}, body={"schema": ""}),
        ask("PUT /config/s", 200, body={"compatibility": "NONE"}),
        ask("POST /compatibility/subjects/s/versions/latest?verbose=true", 200, {"is_compatible": True, "messages": []}, body={"schema": BROKEN}),
        ask("DELETE /subjects/s", 200, [1]),
        ask("POST /compatibility/subjects/s/versions/1", 404, error(40402), body={"schema": EVENT}),
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
        ask("PUT /mode", 405, error(405), body={"mode": "READONLY"}),
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
