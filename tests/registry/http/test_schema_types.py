"""What a registry does with Avro it does with JSON Schema and Protobuf too, and tells them apart."""

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto

from accord.registry.core.policy import Policy
from accord.registry.log.memory import MemoryLog
from accord.registry.log.port import START, Record

V1 = "application/vnd.schemaregistry.v1+json"


@dataclass(frozen=True)
class Family:
    """Schemas of one type: ``whole`` refers to ``part`` by ``name``, ``grown`` may follow it and ``broken`` may not.

    ``untidy`` says what ``part`` says in another order and spacing.
    """

    type: str
    name: str
    part: str
    untidy: str
    whole: str
    grown: str
    broken: str

    def body(self, text: str, *, refers: bool = False, **said: Any) -> dict[str, Any]:
        references = [{"name": self.name, "subject": "part", "version": 1}] if refers else []
        return {"schemaType": self.type, "schema": text, "references": references, **said}


def closed(properties: str, *, title: str) -> str:
    return f'{{"title":"{title}","type":"object","properties":{{{properties}}},"additionalProperties":false}}'


CENTS = '"cents":{"type":"integer"}'
TOTAL = '"total":{"$ref":"money.json"}'
JSON = Family(
    type="JSON",
    name="money.json",
    part=closed(CENTS, title="Money"),
    untidy='{"type": "object", "additionalProperties": false, "properties": {'
    + CENTS
    + '}, "title": "Money"}',
    whole=closed(TOTAL, title="Order"),
    grown=closed(f'{TOTAL},"note":{{"type":"string"}}', title="Order"),
    broken=closed(f'"sum":{{"$ref":"money.json"}},{TOTAL}', title="Order").replace(
        '"title":"Order"', '"title":"Order","required":["sum"]'
    ),
)
PROTO = 'syntax = "proto3";\npackage shop;\n\n'
IMPORT = 'import "money.proto";\n\n'
PROTOBUF = Family(
    type="PROTOBUF",
    name="money.proto",
    part=PROTO + "message Money {\n  int64 cents = 1;\n  string currency = 2;\n}\n",
    untidy=PROTO + "// Money.\nmessage Money { string currency = 2; int64 cents = 1; }",
    whole=PROTO + IMPORT + "message Order {\n  .shop.Money total = 1;\n  string id = 2;\n}\n",
    grown=PROTO + IMPORT + "message Order { Money total = 1; string id = 2; string note = 3; }",
    broken=PROTO + IMPORT + "message Order { Money total = 1; bool paid = 2; }",
)
AVRO = Family(
    type="AVRO",
    name="Money",
    part='{"type":"record","name":"Money","fields":[{"name":"cents","type":"long"}]}',
    untidy='{"name":"Money", "type":"record", "fields":[{"type":{"type":"long"},"name":"cents"}]}',
    whole='{"type":"record","name":"Order","fields":[{"name":"total","type":"Money"}]}',
    grown='{"type":"record","name":"Order","fields":[{"name":"total","type":"Money"},'
    '{"name":"note","type":"string","default":""}]}',
    broken='{"type":"record","name":"Order","fields":[{"name":"total","type":"Money"},'
    '{"name":"note","type":"string"}]}',
)
FAMILIES = {family.type: family for family in (AVRO, JSON, PROTOBUF)}

each_type = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)


@pytest.fixture
def registry(in_process: Any) -> Iterator[Any]:
    with in_process(MemoryLog()) as registry:
        yield registry


@pytest.fixture
def ask(registry: Any) -> Callable[..., Any]:
    """Ask for what must go well, and give the answer."""

    def run(line: str, body: object = None) -> Any:
        answer = registry.ask(line, body)
        assert answer.is_success, (line, answer.text)
        return answer.json()

    return run


@each_type
def test_a_schema_and_what_it_refers_to_are_kept_found_and_let_go(
    family: Family, registry: Any, ask: Callable[..., Any]
) -> None:
    refused = registry.ask("POST /subjects/whole/versions", family.body(family.whole, refers=True))
    assert (refused.status_code, refused.json()["error_code"]) == (422, 42201)
    assert family.name in refused.json()["hint"]

    part = ask("POST /subjects/part/versions", family.body(family.part))
    whole = ask("POST /subjects/whole/versions", family.body(family.whole, refers=True))
    assert (part["id"], whole["id"], whole["version"], whole["schemaType"]) == (1, 2, 1, family.type)
    assert whole["schema"] == family.whole
    assert ask("POST /subjects/whole", family.body(family.whole, refers=True))["id"] == 2
    for line in ("/schemas/ids/2", f"/schemas/guids/{whole['guid']}", "/subjects/whole/versions/latest"):
        told = ask(f"GET {line}")
        assert (told["schema"], told["schemaType"]) == (family.whole, family.type)
        assert told["references"] == [{"name": family.name, "subject": "part", "version": 1}]

    assert ask("GET /subjects/part/versions/1/referencedby") == [2]
    assert registry.ask("DELETE /subjects/part").json()["hint"] == (
        "delete what refers to it first: 'whole' version 1"
    )
    for subject in ("whole", "part"):
        assert ask(f"DELETE /subjects/{subject}") == [1]
    for subject in ("whole", "part"):
        assert ask(f"DELETE /subjects/{subject}?permanent=true") == [1]


@each_type
def test_what_says_the_same_is_one_schema_once_it_is_normalized(
    family: Family, ask: Callable[..., Any]
) -> None:
    tidy = ask("POST /subjects/s/versions?normalize=true", family.body(family.part))
    assert ask("POST /subjects/s/versions?normalize=true", family.body(family.untidy))["id"] == tidy["id"]
    assert ask("POST /subjects/s?normalize=true", family.body(family.untidy))["version"] == 1
    ask("PUT /config/s", {"normalize": True})
    assert ask("POST /subjects/s", family.body(family.untidy))["schema"] == tidy["schema"]


@each_type
def test_a_refusal_carries_findings_whose_fixes_are_taken(
    family: Family, registry: Any, ask: Callable[..., Any]
) -> None:
    ask("POST /subjects/part/versions", family.body(family.part))
    ask("POST /subjects/whole/versions", family.body(family.whole, refers=True))
    refused = registry.ask("POST /subjects/whole/versions", family.body(family.broken, refers=True))

    told = refused.json()
    assert (refused.status_code, told["error_code"]) == (409, 40901)
    (finding,) = (one for one in told["findings"] if one["severity"] == "error")
    assert finding["rule"].startswith(family.type)
    assert finding["error_type"] in told["message"]
    assert finding["candidate"] == "reader"
    assert finding["reader"]["fragment"]
    assert told["hint"] == finding["fixes"][0]["summary"]
    assert told["deployment"]["order"] in {"NO_SAFE_ORDER", "PRODUCERS_FIRST"}
    for fix in finding["fixes"]:
        check = "POST /compatibility/subjects/whole/versions/latest"
        assert ask(check, family.body(fix["schema"], refers=True)) == {"is_compatible": True}
    assert ask("POST /subjects/whole/versions", family.body(family.grown, refers=True))["version"] == 2


@each_type
def test_a_schema_of_another_type_is_not_compatible(
    family: Family, registry: Any, ask: Callable[..., Any]
) -> None:
    other = JSON if family is AVRO else AVRO
    ask("POST /subjects/s/versions", other.body(other.part))
    refused = registry.ask("POST /subjects/s/versions", family.body(family.part)).json()
    assert [one["rule"] for one in refused["findings"]] == ["SCHEMA_TYPE_CHANGED"]
    assert refused["hint"].startswith("Keep the schema type, or register the schema under another subject.")
    ask("PUT /config/s", {"compatibility": "NONE"})
    assert ask("POST /subjects/s/versions", family.body(family.part))["version"] == 2


@each_type
def test_a_context_and_an_import_keep_references_and_ids(family: Family, ask: Callable[..., Any]) -> None:
    ask("PUT /mode/:.eu:", {"mode": "IMPORT"})
    ask("POST /contexts/.eu/subjects/part/versions", family.body(family.part, id=70, version=1))
    ask(
        "POST /contexts/.eu/subjects/whole/versions", family.body(family.whole, refers=True, id=71, version=4)
    )
    ask("DELETE /mode/:.eu:")
    told = ask("GET /contexts/.eu/schemas/ids/71?referenceFormat=qualified")
    assert told["references"] == [{"name": family.name, "subject": ":.eu:part", "version": 1}]
    assert ask("POST /subjects/:.eu:whole", family.body(family.whole, refers=True))["version"] == 4


@each_type
def test_the_bare_text_is_answered_as_it_is(family: Family, registry: Any, ask: Callable[..., Any]) -> None:
    ask("POST /subjects/part/versions", family.body(family.part))
    for line in ("/schemas/ids/1/schema", "/subjects/part/versions/1/schema"):
        answer = registry.ask(f"GET {line}?format=unheard-of")
        assert answer.text == family.part
        assert answer.headers.get_list("content-type") == [V1]


def test_a_descriptor_is_told_and_taken_in_base64(registry: Any, ask: Callable[..., Any]) -> None:
    ask("POST /subjects/part/versions", PROTOBUF.body(PROTOBUF.part))
    ask("POST /subjects/whole/versions", PROTOBUF.body(PROTOBUF.whole, refers=True))
    encoded = ask("GET /subjects/whole/versions/1?format=serialized")["schema"]
    assert registry.ask("GET /schemas/ids/2/schema?format=serialized").text == encoded
    described = FileDescriptorProto.FromString(base64.b64decode(encoded))
    assert [message.name for message in described.message_type] == ["Order"]
    assert ask("POST /subjects/whole", PROTOBUF.body(encoded, refers=True))["id"] == 2


def test_extensions_are_left_out_on_request(ask: Callable[..., Any]) -> None:
    extended = 'syntax = "proto2";\n\nmessage A {\n  extensions 100 to 199;\n}\n\nextend A {\n  optional int32 more = 100;\n}\n'
    ask("POST /subjects/s/versions", {"schemaType": "PROTOBUF", "schema": extended})
    told = ask("GET /subjects/s/versions/1?format=ignore_extensions")["schema"]
    assert "message A" in told
    assert "more" not in told


@pytest.mark.parametrize(
    ("family", "field", "written"),
    [
        (JSON, "Money.cents", '"confluent:tags":["PII"]'),
        (PROTOBUF, "shop.Money.cents", "(confluent.field_meta)"),
        (AVRO, "Money.cents", '"confluent:tags":["PII"]'),
    ],
    ids=["JSON", "PROTOBUF", "AVRO"],
)
def test_tags_are_put_into_the_text_found_and_taken_out(
    family: Family, field: str, written: str, registry: Any, ask: Callable[..., Any]
) -> None:
    tag = {"schemaEntity": {"entityPath": field, "entityType": "sr_field"}, "tags": ["PII"]}
    tagged = ask("POST /subjects/s/versions", family.body(family.part, schemaTagsToAdd=[tag]))
    assert written in tagged["schema"]
    assert ask("GET /subjects/s/versions/1?findTags=PII")["schemaTags"] == [tag]
    assert "schemaTags" not in ask("GET /schemas/ids/1?findTags=OTHER")
    plain = ask("POST /subjects/s/versions/1/tags", {"tagsToRemove": [tag]})
    assert (plain["version"], written in plain["schema"]) == (2, False)

    wrong = {"schemaEntity": {"entityPath": f"{field}x", "entityType": "sr_field"}, "tags": ["PII"]}
    refused = registry.ask("POST /subjects/s/versions/2/tags", {"tagsToAdd": [wrong]})
    assert refused.json()["hint"] == f"did you mean '{field}'?"


@each_type
def test_metadata_and_rules_are_kept_and_found(family: Family, ask: Callable[..., Any]) -> None:
    rules = {
        "domainRules": [{"name": "r", "kind": "CONDITION", "mode": "WRITE", "type": "CEL", "expr": "true"}]
    }
    said: dict[str, Any] = {"metadata": {"properties": {"owner": "sales"}}, "ruleSet": rules}
    ask("POST /subjects/s/versions", family.body(family.part, **said))
    told = ask("GET /subjects/s/metadata?key=owner&value=sales")
    assert {name: told[name] for name in said} == said


@pytest.mark.parametrize(
    ("family", "place", "error_type"),
    [
        (JSON, "/properties/cents", "RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY"),
        (PROTOBUF, "shop.Money.cents", "FIELD_CONFLICTS_WITH_RESERVED_FIELD"),
    ],
    ids=["JSON", "PROTOBUF"],
)
def test_a_reserved_name_stays_free(
    family: Family, place: str, error_type: str, registry: Any, ask: Callable[..., Any]
) -> None:
    ask("PUT /config/s", {"validateFields": True})
    reserving = {"properties": {"confluent:reserved": "cents"}}
    refused = registry.ask("POST /subjects/s/versions", family.body(family.part, metadata=reserving)).json()
    (finding,) = refused["findings"]
    assert (finding["rule"], finding["error_type"]) == ("RESERVED_FIELD_USED", error_type)
    assert finding["reader"]["path"] == place
    assert refused["hint"] == "Give the field another name. `accord explain RESERVED_FIELD_USED` says more."


def test_the_lenient_policy_lets_a_property_be_added_to_an_open_model_and_warns(
    registry: Any, ask: Callable[..., Any]
) -> None:
    def body(properties: object) -> dict[str, str]:
        return {"schemaType": "JSON", "schema": json.dumps({"type": "object", "properties": properties})}

    ask("POST /subjects/s/versions", body({"a": {"type": "string"}}))
    grown = body({"a": {"type": "string"}, "b": {"type": "integer"}})
    assert registry.ask("POST /subjects/s/versions", grown).status_code == 409
    ask("PUT /config/s", {"compatibilityPolicy": "LENIENT"})
    verdict = ask("POST /compatibility/subjects/s/versions/latest?verbose=true", grown)
    assert verdict["is_compatible"] is True
    assert [one["severity"] for one in verdict["findings"]] == ["warning"]
    assert ask("POST /subjects/s/versions", grown)["version"] == 2


TWICE = PROTO + "message Order { string id = 1; string email = 1; reserved 1; }"
REUSED = (
    PROTO + "message Order { string id = 1; string email = 2; }",
    PROTO + "message Order { string id = 1; string phone = 2; }",
)


def test_what_a_strict_registry_refuses_is_told_with_what_to_do(in_process: Any) -> None:
    with in_process(MemoryLog(), policy=Policy(strict=True)) as registry:
        refused = registry.ask("POST /subjects/s/versions", PROTOBUF.body(TWICE))
        assert (refused.status_code, refused.json()["error_code"]) == (422, 42201)
        assert refused.json()["hint"] == (
            "Give one of them another number. `accord explain PROTOBUF_NUMBER_DUPLICATED` says more."
        )
        assert [one["rule"] for one in refused.json()["findings"]][:2] == [
            "PROTOBUF_NUMBER_DUPLICATED",
            "PROTOBUF_RESERVED_IN_USE",
        ]
        registry.ask("POST /subjects/t/versions", PROTOBUF.body(REUSED[0]))
        refused = registry.ask("POST /subjects/t/versions", PROTOBUF.body(REUSED[1]))
        assert refused.status_code == 409
        assert refused.json()["hint"].startswith("Give the new field a number that no field ever had")
        told = registry.ask("GET /metrics").text
        assert 'accord_registry_rejections_total{rule="PROTOBUF_NUMBER_REUSED"} 1.0' in told


def test_what_confluent_lets_in_is_let_in(ask: Callable[..., Any]) -> None:
    ask("POST /subjects/s/versions", PROTOBUF.body(TWICE))
    ask("POST /subjects/t/versions", PROTOBUF.body(REUSED[0]))
    verdict = ask("POST /compatibility/subjects/t/versions/latest?verbose=true", PROTOBUF.body(REUSED[1]))
    assert verdict["is_compatible"] is True
    assert [one["rule"] for one in verdict["findings"]] == ["PROTOBUF_NUMBER_REUSED"]


MEANT = 'if it is meant as {0}, send "schemaType": "{0}"; else '

NO_SCHEMAS = {
    "JSON Schema sent as Avro": ({"schema": JSON.part}, MEANT.format("JSON"), ""),
    "Protobuf sent as Avro": ({"schema": PROTOBUF.part}, MEANT.format("PROTOBUF"), ""),
    "Avro sent as JSON Schema": ({"schema": AVRO.part, "schemaType": "JSON"}, MEANT.format("AVRO"), "/type"),
    "JSON Schema sent as Protobuf": (
        {"schema": JSON.part, "schemaType": "PROTOBUF"},
        MEANT.format("JSON"),
        "",
    ),
    "no type of JSON Schema": (
        {"schema": '{"properties": {"a": {"type": "strin"}}}', "schemaType": "JSON"},
        "the types are null, boolean,",
        "/properties/a/type",
    ),
    "a reference that was not given": (
        {"schema": '{"properties": {"a": {"$ref": "b.json"}}}', "schemaType": "JSON"},
        'register that schema under a subject of its own, and list it among the references as "b.json"',
        "/properties/a",
    ),
    "no Protobuf": (
        {"schema": PROTO + "message A { int32 a = 1 }", "schemaType": "PROTOBUF"},
        "see the ",
        "",
    ),
    "no schema of any type": ({"schema": "{"}, "check the quotes, commas and brackets", ""),
}


@pytest.mark.parametrize(("body", "hint", "place"), NO_SCHEMAS.values(), ids=NO_SCHEMAS)
def test_what_is_no_schema_is_refused_with_place_and_hint(
    body: dict[str, str], hint: str, place: str, registry: Any
) -> None:
    refused = registry.ask("POST /subjects/s/versions", body)
    assert (refused.status_code, refused.json()["error_code"]) == (422, 42201)
    assert refused.json()["hint"].startswith(hint)
    assert refused.json()["message"].endswith(f"(at '{place}')") is bool(place)
    verdict = registry.ask("POST /compatibility/subjects/s/versions?verbose=true", body)
    assert verdict.json() == {
        "is_compatible": False,
        "messages": [refused.json()["message"]],
        "hint": refused.json()["hint"],
    }


def test_a_reference_to_a_schema_of_another_type_is_told(registry: Any, ask: Callable[..., Any]) -> None:
    ask("POST /subjects/part/versions", AVRO.body(AVRO.part))
    refused = registry.ask("POST /subjects/whole/versions", PROTOBUF.body(PROTOBUF.whole, refers=True))
    assert refused.json()["hint"] == (
        "'money.proto' is of type AVRO: refer to schemas of the type PROTOBUF only"
    )


def test_a_text_that_is_a_schema_of_two_types_has_an_id_for_each(
    registry: Any, ask: Callable[..., Any]
) -> None:
    text = '{"type":"string","description":"a note"}'
    avro = ask("POST /subjects/a/versions", {"schema": text})
    json_schema = ask("POST /subjects/j/versions", {"schema": text, "schemaType": "JSON"})
    assert (avro["id"], json_schema["id"]) == (1, 2)
    assert avro["guid"] == json_schema["guid"]
    for schema_id, schema_type in ((1, "AVRO"), (2, "JSON")):
        assert ask(f"GET /schemas/ids/{schema_id}")["schemaType"] == schema_type
    assert ask("POST /subjects/j", {"schema": text, "schemaType": "JSON"})["id"] == 2
    assert registry.ask("POST /subjects/j", {"schema": text}).json()["error_code"] == 40403


def encoded(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode()


def test_a_log_in_which_two_types_share_an_id_is_served_as_it_says(in_process: Any) -> None:
    text = '{"type":"string","description":"a note"}'
    told: list[dict[str, Any]] = [
        {"subject": "a", "version": 1, "id": 1, "schema": text},
        {"subject": "j", "version": 1, "id": 1, "schemaType": "JSON", "schema": text},
    ]
    records = [
        Record(
            encoded({"keytype": "SCHEMA", "subject": value["subject"], "version": 1, "magic": 1}),
            encoded(value),
            7,
        )
        for value in (*told, {**told[1], "deleted": True})
    ]
    log = MemoryLog()
    log.append(records, after=START)
    with in_process(log) as registry:
        types = [
            registry.ask(f"GET /subjects/{subject}/versions/1?deleted=true").json()["schemaType"]
            for subject in ("a", "j")
        ]
        assert types == ["AVRO", "JSON"]
