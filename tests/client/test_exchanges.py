"""Questions and answers as data: no network, no driver."""

import json
from typing import Any

import pytest

from accord.client import (
    IncompatibleSchema,
    NotFound,
    RegistryError,
    RegistryRefused,
    RegistryUnavailable,
    Unauthorized,
    UnusableAnswer,
    exchanges,
)
from accord.client.answers import RegisteredSchema, Registration, SubjectVersion, Verdict
from accord.client.config import Config, ConfigChange, Mode
from accord.client.exchanges import Exchange
from accord.client.http import Request, Response
from accord.errors import ConfigurationError
from accord.findings import Finding, Fix, Severity, Side, to_json
from accord.schemas import (
    CompatibilityLevel,
    DataRule,
    Deployment,
    DeployOrder,
    Metadata,
    Reference,
    RuleSet,
    Schema,
    SchemaGuid,
    SchemaId,
    SchemaType,
    Subject,
    Version,
)

SUBJECT = Subject("orders/eu-value")
TEXT = '{"type":"string"}'
GUID = SchemaGuid("5f3c1c9e-0000-0000-0000-000000000000")
METADATA = Metadata({"**.card": ("PII",)}, {"owner": "shop"}, ("owner",))
RULES = RuleSet(
    domain_rules=(
        DataRule("positive", kind="CONDITION", mode="WRITE", type="CEL", expr="x > 0", on_failure="DLQ"),
    )
)
RULED = Schema("x", metadata=METADATA, rule_set=RULES)
METADATA_BODY = {"tags": {"**.card": ["PII"]}, "properties": {"owner": "shop"}, "sensitive": ["owner"]}
RULES_BODY = {
    "domainRules": [
        {
            "name": "positive",
            "kind": "CONDITION",
            "mode": "WRITE",
            "type": "CEL",
            "expr": "x > 0",
            "onFailure": "DLQ",
        }
    ]
}

REQUESTS: list[tuple[Exchange[Any], Request]] = [
    (exchanges.RegisterSchema(SUBJECT, Schema(TEXT)), Request("POST", "/subjects/orders%2Feu-value/versions", (), b'{"schema":"{\\"type\\":\\"string\\"}"}')),
    (exchanges.RegisterSchema(SUBJECT, Schema("{}", SchemaType.JSON), normalize=True), Request("POST", "/subjects/orders%2Feu-value/versions", (("normalize", "true"),), b'{"schema":"{}","schemaType":"JSON"}')),
    (exchanges.LookUpSchema(SUBJECT, Schema("x", references=(Reference("r", Subject("s"), Version(2)),))), Request("POST", "/subjects/orders%2Feu-value", (), b'{"schema":"x","references":[{"name":"r","subject":"s","version":2}]}')),
    (exchanges.GetSchemaById(SchemaId(7)), Request("GET", "/schemas/ids/7")),
    (exchanges.GetVersion(SUBJECT), Request("GET", "/subjects/orders%2Feu-value/versions/latest")),
    (exchanges.GetVersion(SUBJECT, Version(3)), Request("GET", "/subjects/orders%2Feu-value/versions/3")),
    (exchanges.ListVersions(SUBJECT), Request("GET", "/subjects/orders%2Feu-value/versions")),
    (exchanges.ListSubjects(), Request("GET", "/subjects")),
    (exchanges.CheckCompatibility(SUBJECT, Schema("x")), Request("POST", "/compatibility/subjects/orders%2Feu-value/versions", (("verbose", "true"),), b'{"schema":"x"}')),
    (exchanges.CheckCompatibility(SUBJECT, Schema("x"), Version(2)), Request("POST", "/compatibility/subjects/orders%2Feu-value/versions/2", (("verbose", "true"),), b'{"schema":"x"}')),
    (exchanges.GetCompatibility(), Request("GET", "/config", (("defaultToGlobal", "true"),))),
    (exchanges.SetCompatibility(CompatibilityLevel.FULL, SUBJECT), Request("PUT", "/config/orders%2Feu-value", (), b'{"compatibility":"FULL"}')),
    (exchanges.DeleteSubject(SUBJECT), Request("DELETE", "/subjects/orders%2Feu-value")),
    (exchanges.DeleteVersion(SUBJECT, Version(1), permanent=True), Request("DELETE", "/subjects/orders%2Feu-value/versions/1", (("permanent", "true"),))),
    (exchanges.RegisterSchema(SUBJECT, Schema("x"), schema_id=7, version=3), Request("POST", "/subjects/orders%2Feu-value/versions", (), b'{"schema":"x","version":3,"id":7}')),
    (exchanges.RegisterSchema(SUBJECT, Schema("x"), force=True), Request("POST", "/subjects/orders%2Feu-value/versions", (("force", "true"),), b'{"schema":"x"}')),
    (exchanges.RegisterSchema(SUBJECT, Schema("x", metadata=Metadata())), Request("POST", "/subjects/orders%2Feu-value/versions", (), b'{"schema":"x","metadata":{}}')),
    (exchanges.LookUpSchema(SUBJECT, RULED), Request("POST", "/subjects/orders%2Feu-value", (), json.dumps({"schema": "x", "metadata": METADATA_BODY, "ruleSet": RULES_BODY}, separators=(",", ":")).encode())),
    (exchanges.GetSchemaById(SchemaId(7), ":.eu:"), Request("GET", "/schemas/ids/7", (("subject", ":.eu:"),))),
    (exchanges.GetSchemaByGuid(GUID), Request("GET", f"/schemas/guids/{GUID}")),
    (exchanges.ListPlaces(SchemaId(7), deleted=True), Request("GET", "/schemas/ids/7/versions", (("deleted", "true"),))),
    (exchanges.ListSchemas(":*:", latest_only=True, offset=10, limit=5), Request("GET", "/schemas", (("subjectPrefix", ":*:"), ("latestOnly", "true"), ("offset", "10"), ("limit", "5")))),
    (exchanges.GetVersion(SUBJECT, Version(3), deleted=True), Request("GET", "/subjects/orders%2Feu-value/versions/3", (("deleted", "true"),))),
    (exchanges.ListReferrers(SUBJECT, Version(3)), Request("GET", "/subjects/orders%2Feu-value/versions/3/referencedby")),
    (exchanges.ListVersions(SUBJECT, deleted_only=True), Request("GET", "/subjects/orders%2Feu-value/versions", (("deletedOnly", "true"),))),
    (exchanges.ListSubjects(":.eu:", deleted=True), Request("GET", "/subjects", (("subjectPrefix", ":.eu:"), ("deleted", "true")))),
    (exchanges.ListSubjects(""), Request("GET", "/subjects", (("subjectPrefix", ""),))),
    (exchanges.ListVersions(Subject("..")), Request("GET", "/subjects/%2E%2E/versions")),
    (exchanges.GetConfig(), Request("GET", "/config")),
    (exchanges.GetConfig(Subject(":.eu:"), default_to_global=True), Request("GET", "/config/%3A.eu%3A", (("defaultToGlobal", "true"),))),
    (exchanges.SetConfig(ConfigChange(alias=None, compatibility=CompatibilityLevel.FULL, validate_fields=True, default_metadata=METADATA, override_rule_set=RULES), SUBJECT), Request("PUT", "/config/orders%2Feu-value", (), json.dumps({"compatibility": "FULL", "alias": None, "validateFields": True, "defaultMetadata": METADATA_BODY, "overrideRuleSet": RULES_BODY}, separators=(",", ":")).encode())),
    (exchanges.DeleteConfig(SUBJECT), Request("DELETE", "/config/orders%2Feu-value")),
    (exchanges.GetMode(), Request("GET", "/mode")),
    (exchanges.SetMode(Mode.IMPORT, SUBJECT, force=True), Request("PUT", "/mode/orders%2Feu-value", (("force", "true"),), b'{"mode":"IMPORT"}')),
    (exchanges.DeleteMode(Subject(":.eu:"), recursive=True), Request("DELETE", "/mode/%3A.eu%3A", (("recursive", "true"),))),
    (exchanges.ListContexts(), Request("GET", "/contexts")),
    (exchanges.DeleteContext(".eu"), Request("DELETE", "/contexts/.eu")),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "request_"), REQUESTS, ids=lambda value: type(value).__name__)
def test_an_exchange_asks(exchange: Exchange[Any], request_: Request) -> None:
    assert exchange.request == request_


ANSWERS: list[tuple[Exchange[Any], object, Any]] = [
    (exchanges.RegisterSchema(SUBJECT, Schema(TEXT)), {"id": 7, "version": 2, "guid": GUID}, Registration(SchemaId(7), Version(2), GUID)),
    (exchanges.RegisterSchema(SUBJECT, Schema(TEXT)), {"id": 7}, Registration(SchemaId(7))),
    (exchanges.RegisterSchema(SUBJECT, Schema(TEXT)), {"id": 7, "version": 2, "schema": "x", "metadata": METADATA_BODY, "ruleSet": RULES_BODY}, Registration(SchemaId(7), Version(2), schema=RULED)),
    (exchanges.LookUpSchema(SUBJECT, Schema(TEXT)), {"subject": SUBJECT, "version": 2, "id": 7, "schema": TEXT}, RegisteredSchema(SUBJECT, Version(2), SchemaId(7), Schema(TEXT))),
    (exchanges.GetSchemaById(SchemaId(7)), {"schema": TEXT, "schemaType": "AVRO", "new": {}}, Schema(TEXT)),
    (exchanges.GetSchemaById(SchemaId(7)), {"schema": TEXT, "schemaType": None}, Schema(TEXT)),
    (exchanges.GetSchemaById(SchemaId(7)), {"schema": "{}", "schemaType": "JSON", "references": [{"name": "n", "subject": "s", "version": 1}]}, Schema("{}", SchemaType.JSON, (Reference("n", Subject("s"), Version(1)),))),
    (exchanges.ListVersions(SUBJECT), [1, 3], [1, 3]),
    (exchanges.ListSubjects(), ["a", "b"], ["a", "b"]),
    (exchanges.CheckCompatibility(SUBJECT, Schema("x")), {"is_compatible": True}, Verdict(compatible=True)),
    (exchanges.CheckCompatibility(SUBJECT, Schema("x")), {"is_compatible": False, "messages": ["m"]}, Verdict(compatible=False, messages=("m",))),
    (exchanges.GetCompatibility(), {"compatibilityLevel": "FULL"}, CompatibilityLevel.FULL),
    (exchanges.SetCompatibility(CompatibilityLevel.NONE), {"compatibility": "NONE"}, CompatibilityLevel.NONE),
    (exchanges.DeleteSubject(SUBJECT), [1, 2], [1, 2]),
    (exchanges.DeleteVersion(SUBJECT, Version(1)), 1, 1),
    (exchanges.GetSchemaById(SchemaId(7)), {"schema": "x", "metadata": METADATA_BODY, "ruleSet": RULES_BODY}, RULED),
    (exchanges.GetSchemaByGuid(GUID), {"schema": "x", "metadata": None, "ruleSet": None}, Schema("x")),
    (exchanges.GetVersion(SUBJECT), {"subject": SUBJECT, "version": 2, "id": 7, "schema": TEXT, "guid": GUID, "deleted": True}, RegisteredSchema(SUBJECT, Version(2), SchemaId(7), Schema(TEXT), GUID, deleted=True)),
    (exchanges.ListPlaces(SchemaId(7)), [{"subject": "s", "version": 2}], [SubjectVersion(Subject("s"), Version(2))]),
    (exchanges.ListSchemas(), [{"subject": "s", "version": 2, "id": 7, "schema": "x"}], [RegisteredSchema(Subject("s"), Version(2), SchemaId(7), Schema("x"))]),
    (exchanges.ListReferrers(SUBJECT, Version(3)), [7, 9], [7, 9]),
    (exchanges.GetConfig(), {"compatibilityLevel": "FULL", "normalize": True, "overrideMetadata": METADATA_BODY}, Config(compatibility=CompatibilityLevel.FULL, normalize=True, override_metadata=METADATA)),
    (exchanges.SetConfig(ConfigChange()), {"compatibility": "NONE", "alias": ""}, Config(compatibility=CompatibilityLevel.NONE, alias="")),
    (exchanges.SetConfig(ConfigChange()), {}, Config()),
    (exchanges.DeleteConfig(SUBJECT), {"compatibilityLevel": "FULL"}, Config(compatibility=CompatibilityLevel.FULL)),
    (exchanges.GetMode(), {"mode": "READONLY"}, Mode.READONLY),
    (exchanges.SetMode(Mode.IMPORT), {"mode": "IMPORT"}, Mode.IMPORT),
    (exchanges.DeleteMode(), {"mode": "READWRITE"}, Mode.READWRITE),
    (exchanges.ListContexts(), [".", ".eu"], [".", ".eu"]),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "body", "answer"), ANSWERS)
def test_an_answer_means(exchange: Exchange[Any], body: object, answer: Any) -> None:
    assert exchange.interpret(Response(200, json.dumps(body).encode())) == answer


def test_a_deleted_context_needs_no_words() -> None:
    exchanges.DeleteContext(".eu").interpret(Response(204, b""))


NOT_TO_BE_ASKED_TWICE: list[Exchange[Any]] = [
    exchanges.DeleteSubject(SUBJECT),
    exchanges.DeleteVersion(SUBJECT, Version(1)),
    exchanges.DeleteConfig(),
    exchanges.DeleteMode(),
    exchanges.RegisterSchema(SUBJECT, Schema("x"), version=-1),
]


@pytest.mark.parametrize("exchange", NOT_TO_BE_ASKED_TWICE, ids=lambda value: type(value).__name__)
def test_what_would_do_more_the_second_time_says_so(exchange: Exchange[Any]) -> None:
    assert not exchange.repeatable
    assert exchanges.RegisterSchema(SUBJECT, Schema("x"), schema_id=7, version=2).repeatable


@pytest.mark.parametrize(
    "exchange",
    [
        exchanges.GetConfig(Subject("")),
        exchanges.SetCompatibility(CompatibilityLevel.NONE, Subject("")),
        exchanges.SetMode(Mode.READONLY, Subject("")),
        exchanges.RegisterSchema(Subject(""), Schema("x")),
        exchanges.LookUpSchema(Subject(""), Schema("x")),
        exchanges.CheckCompatibility(Subject(""), Schema("x")),
        exchanges.GetVersion(Subject("")),
        exchanges.ListVersions(Subject("")),
        exchanges.ListReferrers(Subject(""), Version(1)),
        exchanges.DeleteSubject(Subject("")),
        exchanges.DeleteVersion(Subject(""), Version(1)),
        exchanges.GetSchemaByGuid(SchemaGuid("")),
        exchanges.DeleteContext(""),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_forgotten_name_never_means_everything(exchange: Exchange[Any]) -> None:
    with pytest.raises(ConfigurationError, match="without a name"):
        exchange.request  # noqa: B018 -- the point of the test


REFUSALS: list[tuple[int, object, type[RegistryError]]] = [
    (404, {"error_code": 40403, "message": "Schema not found"}, NotFound),
    (404, {"error_code": 40401, "message": "Subject 's' not found."}, NotFound),
    (404, {"error_code": 404, "message": "HTTP 404 Not Found"}, RegistryUnavailable),
    (404, "<html>nginx</html>", RegistryUnavailable),
    (409, {"error_code": 409, "message": "incompatible"}, IncompatibleSchema),
    (409, {"error_code": 40901, "message": "incompatible"}, IncompatibleSchema),
    (409, {"error_code": 40904, "message": "associated"}, RegistryRefused),
    (401, {"error_code": 40101, "message": "who are you"}, Unauthorized),
    (403, "no", Unauthorized),
    (422, {"error_code": 42201, "message": "Invalid schema"}, RegistryRefused),
    (408, "", RegistryUnavailable),
    (429, "", RegistryUnavailable),
    (500, {"error_code": 50001, "message": "store"}, RegistryUnavailable),
    (502, "<html>bad gateway</html>", RegistryUnavailable),
    (503, "", RegistryUnavailable),
    (301, "", RegistryUnavailable),
    (200, "<html>welcome</html>", RegistryUnavailable),
    (200, {"no": "schema"}, RegistryUnavailable),
    (200, {"schema": "x", "schemaType": "COBOL"}, UnusableAnswer),
]


@pytest.mark.parametrize(("status", "body", "error"), REFUSALS)
def test_a_refusal_is(status: int, body: object, error: type[RegistryError]) -> None:
    content = body if isinstance(body, str) else json.dumps(body)
    with pytest.raises(RegistryError) as caught:
        exchanges.GetSchemaById(SchemaId(7)).interpret(Response(status, content.encode()))
    assert type(caught.value) is error
    if isinstance(body, dict) and "error_code" in body and error is not RegistryUnavailable:
        assert caught.value.error_code == body["error_code"]
        assert body["message"] in caught.value.message


def test_only_a_registry_can_say_that_an_id_is_unknown() -> None:
    """A proxy's 404 must never make a dead letter of a good record."""
    for body in (b"", b"<html>", b'{"error": "not found"}', b'{"error_code": 404}'):
        with pytest.raises(RegistryUnavailable):
            exchanges.GetSchemaById(SchemaId(7)).interpret(Response(404, body))


UNKNOWN_WORDS: list[tuple[Exchange[Any], object, str]] = [
    (exchanges.GetSchemaById(SchemaId(7)), {"schema": "x", "schemaType": "COBOL"}, "schema type 'COBOL'"),
    (exchanges.ListSchemas(), [{"subject": "s", "version": 2, "id": 7, "schema": "x", "schemaType": "COBOL"}], "schema type 'COBOL'"),
    (exchanges.GetMode(), {"mode": "DREAMING"}, "mode 'DREAMING'"),
    (exchanges.SetMode(Mode.IMPORT), {"mode": "DREAMING"}, "mode 'DREAMING'"),
    (exchanges.DeleteMode(), {"mode": "DREAMING"}, "mode 'DREAMING'"),
    (exchanges.GetConfig(), {"compatibilityLevel": "SIDEWAYS"}, "compatibility level 'SIDEWAYS'"),
    (exchanges.GetCompatibility(), {"compatibilityLevel": "SIDEWAYS"}, "compatibility level 'SIDEWAYS'"),
    (exchanges.SetConfig(ConfigChange()), {"compatibility": "SIDEWAYS"}, "compatibility level 'SIDEWAYS'"),
    (exchanges.DeleteConfig(), {"compatibilityLevel": "SIDEWAYS"}, "compatibility level 'SIDEWAYS'"),
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "body", "told"), UNKNOWN_WORDS)
def test_a_word_of_a_newer_registry_is_named_and_not_asked_for_again(
    exchange: Exchange[Any], body: object, told: str
) -> None:
    with pytest.raises(UnusableAnswer, match=told) as caught:
        exchange.interpret(Response(200, json.dumps(body).encode()))
    assert not caught.value.retryable
    assert "newer" in caught.value.hint


@pytest.mark.parametrize(
    ("location", "told"),
    [
        ("https://other.example/api/subjects", "https://other.example/api/subjects"),
        ("https://user:secret@other.example/?token=secret", "https://other.example/"),
        ("/login", "/login"),
    ],
)
def test_a_redirect_says_where_to(location: str, told: str) -> None:
    with pytest.raises(RegistryUnavailable) as caught:
        exchanges.ListSubjects().interpret(Response(302, b"", {"location": location}))
    assert f"to {told} (302)" in caught.value.message
    assert "secret" not in caught.value.message


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_is_nested_too_deeply_is_no_registrys(status: int) -> None:
    body = b'{"schema":"x","error_code":50001,"new":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    with pytest.raises(RegistryUnavailable):
        exchanges.GetSchemaById(SchemaId(7)).interpret(Response(status, body))


FINDING = Finding(
    rule="AVRO_FIELD_WITHOUT_DEFAULT",
    severity=Severity.ERROR,
    message="a field that only the reader has needs a default",
    why="old records do not have it",
    path="/fields/1",
    reader=Side("the new schema", "/fields/1", '{"name":"amount"}'),
    writer=Side("version 1", "", ""),
    fixes=(Fix("give it a default", "a", "b", "{}"),),
)


def test_a_refused_schema_comes_with_findings_and_an_explanation() -> None:
    body = {
        "error_code": 40901,
        "message": "Schema being registered is incompatible",
        "hint": "give it a default",
        "findings": [to_json(FINDING), {"from": "a later edition"}],
    }
    with pytest.raises(IncompatibleSchema) as caught:
        exchanges.RegisterSchema(SUBJECT, Schema("x")).interpret(Response(409, json.dumps(body).encode()))
    assert caught.value.findings == (FINDING,)
    assert caught.value.hint == "give it a default"
    assert "AVRO_FIELD_WITHOUT_DEFAULT" in caught.value.explanation()


ADVICE = Deployment(DeployOrder.CONSUMERS_FIRST, "Upgrade every consumer first.", Version(3))
ADVICE_BODY = {"order": "CONSUMERS_FIRST", "advice": "Upgrade every consumer first.", "version": 3}
DEPLOYMENTS: list[tuple[object, Deployment | None]] = [
    (ADVICE_BODY, ADVICE),
    ({"order": "FIRST_VERSION", "advice": "a"}, Deployment(DeployOrder.FIRST_VERSION, "a")),
    (None, None),
    ({**ADVICE_BODY, "order": "BY_NIGHT"}, None),
    ("of a later edition", None),
]


@pytest.mark.parametrize(("body", "deployment"), DEPLOYMENTS)
def test_who_may_be_upgraded_first_is_told_where_it_can_be_read(
    body: object, deployment: Deployment | None
) -> None:
    verdict = json.dumps({"is_compatible": True, "deployment": body}).encode()
    checked = exchanges.CheckCompatibility(SUBJECT, Schema("x")).interpret(Response(200, verdict))
    assert checked == Verdict(compatible=True, deployment=deployment)
    refused = json.dumps({"error_code": 409, "message": "no", "deployment": body}).encode()
    with pytest.raises(IncompatibleSchema) as caught:
        exchanges.RegisterSchema(SUBJECT, Schema("x")).interpret(Response(409, refused))
    assert caught.value.deployment == deployment
    assert caught.value.explanation() == (f"no\n{deployment.advice}" if deployment else "no")


def test_a_registry_without_findings_is_quoted() -> None:
    body = {"error_code": 409, "message": "no", "messages": ["READER_FIELD_MISSING_DEFAULT_VALUE"]}
    with pytest.raises(IncompatibleSchema) as caught:
        exchanges.RegisterSchema(SUBJECT, Schema("x")).interpret(Response(409, json.dumps(body).encode()))
    assert caught.value.explanation() == "READER_FIELD_MISSING_DEFAULT_VALUE"
