"""Whatever is sent, the answer is one that the description of the API knows, and never a fault.

The requests are made by hand: plausible, and odd in one place or none.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from accord.registry.http.app import operations_of
from accord.registry.http.bodies import ConfigBody, ModeBody, SchemaBody, TagsBody
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.operation import Operation
from accord.registry.http.parameters import Flag, Number, Parameter
from accord.registry.http.routes.operations import LogBody
from accord.registry.log.memory import in_memory
from accord.registry.node import RegistryNode
from accord.registry.reports.bodies import (
    DeploymentReport,
    ExemptionReport,
    ReaderReport,
    RolloutReport,
    VerificationReport,
)
from accord.schemas import Schema, fingerprint, guid_of


def field(kinds: SearchStrategy[Any]) -> SearchStrategy[dict[str, Any]]:
    """A field of an Avro record, or nearly."""
    return st.fixed_dictionaries(
        {"name": WORDS, "type": kinds},
        optional={
            "default": JSON,
            "aliases": st.lists(WORDS, max_size=2),
            "order": st.sampled_from(["ascending", "ignore", "x"]),
            "confluent:tags": JSON,
        },
    )


# Odd texts, numbers and JSON: for every place where something may stand.
ODD_NAMES = st.one_of(
    st.sampled_from(
        [
            ":.:s",
            ":.:",
            ":*:",
            ":*:s",
            ":.",
            ":",
            "::",
            ":.eu",
            ":.__GLOBAL:",
            "__GLOBAL",
            "__EMPTY",
            ".",
            "..",
        ]
    ),
    st.sampled_from(["\0", "\x7f", " ", "*", "null", "🦆", "e\u0301", "\u202e", "x" * 5000, "a" * 255 + "/"]),
    st.text(min_size=1),
)
ODD_NUMBERS = st.sampled_from(
    ["-1", "0", "-0", "+1", " 1", "1 ", "1.0", "1e1", "٣", "¹", "0x1", "1_0", "2147483647", "2147483648"],
) | st.sampled_from(["9" * 400, "-" + "9" * 20, "null", "LATEST"])
# As it is sent: what no client would make of a text.
ODD_QUOTES = st.sampled_from(
    ["%", "%zz", "%ff", "%00", "%2f", "%25", "+", "%E2%28%A1", "%ED%A0%80", "&&", "=", ";", "[]"]
)
TEXT = st.text(st.characters(), max_size=8)  # surrogates too: JSON can say them
JSON: SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.sampled_from([2**31, -(2**31) - 1, 2**63, 2**64, 10**400, 1e308, -0.0, 1e-320]),
        st.floats(),
        TEXT,
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)

WORDS = st.sampled_from(
    ["R", "S", "ns.R", "E", "id", "note", "a", "PII", "", "1x", "R.id", "ns.", "int", "ü"]
)
AVRO: SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.sampled_from(
            ["null", "boolean", "int", "long", "float", "double", "bytes", "string", "R", "ns.R"]
        ),
        st.fixed_dictionaries(
            {"type": st.sampled_from(["int", "long", "bytes", "string"])},
            optional={
                "logicalType": st.sampled_from(["decimal", "date", "uuid", "timestamp-micros", "x"]),
                "precision": st.integers(-1, 50),
                "scale": JSON,
            },
        ),
        st.fixed_dictionaries(
            {"type": st.just("enum"), "name": WORDS, "symbols": st.lists(WORDS, max_size=4)},
            optional={"default": WORDS, "doc": JSON},
        ),
        st.fixed_dictionaries(
            {"type": st.just("fixed"), "name": WORDS, "size": st.one_of(st.integers(-1, 2**70), JSON)}
        ),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.fixed_dictionaries({"type": st.just("array"), "items": inner}),
        st.fixed_dictionaries({"type": st.just("map"), "values": inner}),
        st.fixed_dictionaries(
            {
                "type": st.sampled_from(["record", "record", "error", "request"]),
                "name": WORDS,
                "fields": st.lists(field(inner), max_size=3),
            },
            optional={"namespace": WORDS, "aliases": st.lists(WORDS, max_size=2), "doc": JSON},
        ),
    ),
    max_leaves=6,
)
FIELDS: list[dict[str, Any]] = [
    {"name": "id", "type": "int"},
    {"name": "id", "type": "long", "confluent:tags": ["PII"]},
    {"name": "note", "type": "string", "default": ""},
    {"name": "note", "type": ["null", "string"], "default": None, "aliases": ["text"]},
    {"name": "more", "type": {"type": "map", "values": "R"}, "default": {}},
    {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
    {"name": "kind", "type": {"type": "enum", "name": "E", "symbols": ["A", "B"], "default": "A"}},
    {"name": "kind", "type": {"type": "enum", "name": "E", "symbols": ["B", "C"]}, "default": "B"},
]
RECORDS = st.lists(st.sampled_from(FIELDS), max_size=4, unique_by=lambda one: str(one["name"])).map(
    lambda fields: json.dumps({"type": "record", "name": "R", "fields": fields})
)
OF_OTHER_TYPES = st.sampled_from(
    [
        ("JSON", '{"title":"J","type":"object","properties":{"id":{"type":"string"}}}'),
        ("JSON", '{"title":"J","type":"object","properties":{"id":{"type":"string","maxLength":9}}}'),
        ("JSON", '{"title":"J","type":"object","properties":{"note":{"$ref":"R"}}}'),
        ("PROTOBUF", 'syntax = "proto3";\nmessage P { string id = 1; int32 note = 2; }'),
        ("PROTOBUF", 'syntax = "proto3";\nmessage P { bool id = 1; bool note = 1; }'),
        ("PROTOBUF", 'syntax = "proto3";\nimport "X";\nmessage Q { P p = 1; }'),
        ("PROTOBUF", "CgdkZWZhdWx0IgMKAVI="),
    ]
).map(lambda one: {"schemaType": one[0], "schema": one[1]})
ODD_SCHEMAS = st.one_of(
    AVRO.map(json.dumps),
    JSON.map(json.dumps),
    TEXT,
    st.sampled_from(
        [
            "",
            " ",
            "{",
            '{"type":"record","name":"L","fields":[{"name":"next","type":["null","L"],"default":null}]}',
            '{"type":"array","items":' * 500 + '"int"' + "}" * 500,
            "[" * 100_000,
            '{"type":"int","x":' + "9" * 5000 + "}",
            '{"type":"int","type":"long"}',
            'syntax = "proto3"; message M { int32 a = 1; }',
        ]
    ),
)

SUBJECTS = st.sampled_from(
    [
        "s",
        "s",
        "t",
        "j",
        "p",
        "q",
        "gone",
        "half",
        "a/b ü",
        ":.eu:s",
        ":.eu:",
        "import",
        "still",
        "other",
        "new",
        ":.new:s",
    ]
)
PROPERTIES = st.sampled_from([{}, {"owner": "sales"}, {"line": "1"}, {"confluent:version": "2"}, {"a": "ü"}])
METADATA = st.fixed_dictionaries(
    {},
    optional={
        "tags": st.sampled_from([{}, {"**.id": ["PII"]}]),
        "properties": PROPERTIES,
        "sensitive": st.sampled_from([[], ["owner"]]),
    },
)
RULES = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["r", "_2", "a-b"]),
            "kind": st.sampled_from(["TRANSFORM", "CONDITION"]),
            "mode": st.sampled_from(["WRITE", "READ", "WRITEREAD", "WRITEREAD", "UPGRADE"]),
            "type": st.sampled_from(["CEL", "ENCRYPT"]),
        },
        optional={
            "tags": st.just(["PII"]),
            "params": st.just({"k": "v"}),
            "expr": TEXT,
            "onSuccess": st.sampled_from(["NONE", "NONE,ERROR", ","]),
            "disabled": st.booleans(),
        },
    ),
    max_size=2,
)
RULE_SET = st.fixed_dictionaries(
    {},
    optional={
        "domainRules": RULES,
        "migrationRules": st.just([]),
        "enableAt": st.sampled_from(["ALL", "NONE"]),
    },
)
TAGS = st.lists(
    st.sampled_from(
        [
            {"schemaEntity": {"entityPath": path, "entityType": kind}, "tags": tags}
            for path, kind in [
                ("R", "sr_record"),
                ("R.id", "sr_field"),
                ("R.note", "sr_field"),
                ("J.id", "sr_field"),
                ("P.id", "sr_field"),
                ("X", "sr_record"),
            ]
            for tags in ([], ["PII"], ["a", "b"])
        ]
    ),
    max_size=2,
)
REFERENCES = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["R", "R", "X", ""]),
            "subject": st.sampled_from(["s", "t", "j", "p", "gone", ":.eu:s", "absent"]),
            "version": st.sampled_from([1, 2, -1, 9]),
        }
    ),
    max_size=2,
)
SCHEMA_BODIES: SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"schema": st.one_of(RECORDS, RECORDS, st.sampled_from(['"int"', '{"type":"array","items":"R"}', ""]))},
    optional={
        "schemaType": st.sampled_from(["AVRO", "AVRO", "JSON", "PROTOBUF", ""]),
        "references": REFERENCES,
        "metadata": METADATA,
        "ruleSet": RULE_SET,
        "version": st.sampled_from([-1, 0, 1, 3, 7, None]),
        "id": st.sampled_from([-1, 1, 900, 2**31 - 1, None, None]),
        "schemaTagsToAdd": TAGS,
        "schemaTagsToRemove": TAGS,
        "propagateSchemaTags": st.booleans(),
    },
)
NAMES = st.sampled_from(["s", "S", "eu", "1", "claim", "f", "R"])
BODIES: Mapping[type, SearchStrategy[dict[str, Any]]] = {
    SchemaBody: st.one_of(
        SCHEMA_BODIES,
        SCHEMA_BODIES,
        st.builds(lambda body, of_type: {**body, **of_type}, SCHEMA_BODIES, OF_OTHER_TYPES),
    ),
    TagsBody: st.fixed_dictionaries(
        {},
        optional={
            "newVersion": st.sampled_from([-1, 0, 3, None]),
            "tagsToAdd": TAGS,
            "tagsToRemove": TAGS,
            "metadata": METADATA,
            "ruleSet": RULE_SET,
            "rulesToMerge": RULE_SET,
            "rulesToRemove": st.sampled_from([[], ["r"], ["r", "x"]]),
        },
    ),
    ConfigBody: st.fixed_dictionaries(
        {},
        optional={
            "compatibility": st.sampled_from(["NONE", "full", "BACKWARD_TRANSITIVE", "FORWARD", None]),
            "compatibilityPolicy": st.sampled_from(["STRICT", "lenient", "LOGICAL", "x", None]),
            "compatibilityGroup": st.sampled_from(["line", "", None]),
            "alias": SUBJECTS | st.none(),
            "normalize": st.none() | st.booleans(),
            "validateFields": st.booleans(),
            "validateNewSchemas": st.booleans(),
            "defaultMetadata": METADATA | st.none(),
            "overrideMetadata": METADATA | st.none(),
            "defaultRuleSet": RULE_SET | st.none(),
            "overrideRuleSet": RULE_SET | st.none(),
        },
    ),
    ModeBody: st.fixed_dictionaries(
        {"mode": st.sampled_from(["READWRITE", "readonly", "READONLY_OVERRIDE", "IMPORT", "FORWARD", None])}
    ),
    LogBody: st.fixed_dictionaries(
        {
            "records": st.lists(
                st.fixed_dictionaries(
                    {
                        "key": st.sampled_from(
                            [
                                '{"keytype":"NOOP","magic":0}',
                                '{"keytype":"SCHEMA","subject":"s","version":9,"magic":1}',
                                '{"keytype":"MODE","magic":0}',
                                "x",
                            ]
                        ),
                        "timestampMs": st.sampled_from([0, 1, 2**63]),
                    },
                    optional={
                        "value": st.sampled_from(
                            [
                                None,
                                "{}",
                                '{"subject":"s","version":9,"id":4,"schema":"x","deleted":false}',
                                "[" * 2000,
                            ]
                        )
                    },
                ),
                max_size=3,
            )
        }
    ),
    ReaderReport: st.fixed_dictionaries(
        {"service": NAMES, "subject": SUBJECTS, "origin": st.sampled_from(["claim", "observed"])},
        optional={
            "groups": st.lists(NAMES, max_size=2),
            "fields": st.none() | st.lists(NAMES, max_size=2),
            "versions": st.none() | NAMES,
            "version": NAMES,
            "schema": st.none() | st.fixed_dictionaries({"schema": AVRO.map(json.dumps)}),
            "schemaId": st.none() | st.integers(0, 5),
            "reportedAtMs": st.integers(0, 5),
        },
    ),
    DeploymentReport: st.fixed_dictionaries(
        {"service": NAMES, "environment": NAMES, "version": NAMES},
        optional={
            "reads": st.lists(st.fixed_dictionaries({"subject": SUBJECTS}), max_size=2),
            "writes": st.lists(st.fixed_dictionaries({"subject": SUBJECTS}), max_size=2),
            "deployedAtMs": st.none() | st.integers(0, 5),
        },
    ),
    VerificationReport: st.fixed_dictionaries(
        {
            "consumer": NAMES,
            "consumerVersion": NAMES,
            "subject": SUBJECTS,
            "fingerprint": NAMES,
            "ok": st.booleans(),
        },
        optional={"problems": st.lists(TEXT, max_size=2), "version": st.none() | st.integers(0, 5)},
    ),
    RolloutReport: st.fixed_dictionaries(
        {
            "id": NAMES,
            "subject": SUBJECTS,
            "fingerprint": NAMES,
            "state": st.sampled_from(["running", "done", "rolled back"]),
        },
        optional={"steps": st.lists(st.fixed_dictionaries({"name": NAMES, "state": NAMES}), max_size=2)},
    ),
    ExemptionReport: st.fixed_dictionaries(
        {"contract": NAMES, "rule": NAMES, "reason": TEXT, "until": st.just("2026-12-31")},
        optional={"path": st.none() | NAMES, "by": st.none() | NAMES, "odd": JSON},
    ),
}
ODD_MEMBERS = {"schema": ODD_SCHEMAS, "version": st.integers(), "id": st.integers(), "alias": ODD_NAMES}
ODD_BODIES = st.one_of(
    JSON.map(lambda value: json.dumps(value).encode()),
    st.binary(max_size=20),
    st.sampled_from([b"", b"null", b"[" * 100_000, b'{"schema":' * 2000, b'{"a":1,"a":2}', b"1e999"]),
    st.sampled_from([b'{"schema":NaN}', b'{"schema":"\\ud800"}', b'{"schema":"\xff"}']),
    st.sampled_from([b'\xef\xbb\xbf{"schema":"\\"int\\""}', '{"schema":"int"}'.encode("utf-16")]),
)
ODD_HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "content-type": st.sampled_from(
            [
                "application/json",
                "application/json; charset=latin-1",
                "APPLICATION/JSON",
                "text/plain",
                "",
                ";",
                "é",
            ]
        ),
        "accept": st.sampled_from(["application/json", "text/html", "", ";q=", "a/b;q=nan, */*;q=inf", "é"]),
        "content-length": st.sampled_from(["0", "-1", "x", "9" * 30, "²"]),
        "accept-encoding": st.sampled_from(["gzip", "x"]),
        "x-request-id": st.sampled_from(["mine", "é", ""]),
    },
)
SEGMENTS = {
    "subject": SUBJECTS,
    "version": st.sampled_from(["1", "1", "2", "latest", "-1", "7"]),
    "id": st.sampled_from(["1", "2", "3", "4", "9", "10", "11", "900", "77"]),
    "guid": st.sampled_from(
        [guid_of(fingerprint(Schema(text))) for text in ('"int"', '"string"')] + ["0" * 32]
    ),
    "context": st.sampled_from([".eu", "eu", ".new", ":.eu:"]),
}
QUERIES: Mapping[type[Parameter], SearchStrategy[str]] = {
    Flag: st.sampled_from(["true", "true", "false"]),
    Number: st.sampled_from(["0", "1", "2", "100"]),
}
QUERY_WORDS = st.sampled_from(
    [
        "",
        "s",
        "s",
        "claim",
        "eu",
        "1",
        "f",
        "R",
        "resolved",
        "serialized",
        "ignore_extensions",
        "qualified",
        "*",
        "PII",
        "owner",
        "sales",
        ":.eu:",
        ":*:",
        ".e",
    ]
)
CONTEXTS = st.sampled_from(["/contexts/.eu", "/contexts/new", "/contexts/%3A", "/contexts/.", "/contexts/"])


def table() -> dict[str, Operation]:
    node = RegistryNode(in_memory(), now_ms=lambda: 0)
    operations = operations_of(node, RegistryMetrics(node.state))
    return {f"{operation.method} {operation.path}": operation for operation in operations}


OPERATIONS = table()
Request = tuple[Operation, str, bytes | None, dict[str, str]]


def quoted_whole(text: str) -> str:
    return quote(text, safe=":")


@st.composite
def asked(draw: Any, *operations: Operation) -> Request:
    """A request for one of ``operations``, odd in one place or none: line, body, headers."""
    operation = draw(st.sampled_from(operations))
    odd = draw(st.sampled_from(["", "", "", "segment", "query", "context", "member", "body", "headers"]))

    def filled(plausible: SearchStrategy[str], place: str) -> str:
        if odd == place:
            return str(draw((ODD_NAMES | ODD_NUMBERS).map(quoted_whole) | ODD_QUOTES))
        return quoted_whole(draw(plausible))

    segments = {one.name: filled(SEGMENTS.get(one.name, SUBJECTS), "segment") for one in operation.segments}
    pairs = [
        f"{one.name}={filled(QUERIES.get(type(one), QUERY_WORDS), 'query')}"
        for one in operation.query
        if draw(st.integers(0, 2)) == 0
    ]
    # Within a context, these three are other operations or none.
    within = odd == "context" and operation.path not in {"/", "/config", "/mode"}
    path = (draw(CONTEXTS) if within else "") + operation.path.format(**segments)
    headers = draw(ODD_HEADERS) if odd == "headers" else {}
    body = None
    if operation.body is not None:
        members = draw(BODIES[operation.body])
        if odd == "member" and members:
            name = draw(st.sampled_from(sorted(members)))
            members = {**members, name: draw(ODD_MEMBERS.get(name, JSON) | JSON)}
        body = draw(ODD_BODIES) if odd == "body" else json.dumps(members).encode()
    return operation, f"{operation.method} {path}?{'&'.join(pairs)}", body, headers


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_answers_as_described_whatever_is_sent(
    name: str, furnished: Callable[[], Any], conforms: Callable[..., None], explore: Callable[..., None]
) -> None:
    def send(data: st.DataObject) -> None:
        with furnished() as registry:
            for operation, *request in data.draw(st.lists(asked(OPERATIONS[name]), min_size=1, max_size=4)):
                conforms(registry.ask(*request), operation, request)

    explore(send, examples=8)


# What changes something comes more often than it is in the table.
WRITES = [one for one in OPERATIONS.values() if one.method != "GET" and one.path != "/"]


def any_history(
    furnished: Callable[[], Any], conforms: Callable[..., None]
) -> Callable[[st.DataObject], None]:
    def send(data: st.DataObject) -> None:
        requests = data.draw(st.lists(asked(*OPERATIONS.values(), *WRITES, *WRITES), min_size=5, max_size=15))
        with furnished() as registry:
            for operation, *request in requests:
                conforms(registry.ask(*request), operation, request)

    return send


def test_one_answer_after_the_other_is_as_described(
    furnished: Callable[[], Any], conforms: Callable[..., None], explore: Callable[..., None]
) -> None:
    explore(any_history(furnished, conforms), examples=60)


@pytest.mark.soak
def test_one_answer_after_the_other_is_as_described_for_long(
    furnished: Callable[[], Any], conforms: Callable[..., None], soak: Callable[..., None]
) -> None:
    soak(any_history(furnished, conforms), seconds=40)


METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"])
PATHS = st.lists(
    st.sampled_from(
        ["subjects", "s", "versions", "1", "schemas", "ids", "contexts", ".eu", "config", "mode", ""]
    )
    | ODD_NAMES.map(quoted_whole)
    | ODD_QUOTES,
    max_size=6,
).map("/".join)


def test_paths_and_methods_that_are_not_there_are_refused_in_words(
    furnished: Callable[[], Any], explore: Callable[..., None]
) -> None:
    def send(data: st.DataObject) -> None:
        method = data.draw(METHODS)
        with furnished() as registry:
            answer: httpx2.Response = registry.ask(f"{method} /{data.draw(PATHS)}")

        assert answer.status_code < 500
        if not answer.is_success:
            assert answer.json()["error_code"] >= 400
            assert answer.json()["message"]

    explore(send, examples=100)
