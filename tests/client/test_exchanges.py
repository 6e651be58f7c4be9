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
    exchanges,
)
from accord.client.exchanges import Exchange, RegisteredSchema, Verdict
from accord.client.http import Request, Response
from accord.findings import Finding, Fix, Severity, Side, to_json
from accord.schemas import CompatibilityLevel, Reference, Schema, SchemaId, SchemaType, Subject, Version

SUBJECT = Subject("orders/eu-value")
TEXT = '{"type":"string"}'

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
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "request_"), REQUESTS, ids=lambda value: type(value).__name__)
def test_an_exchange_asks(exchange: Exchange[Any], request_: Request) -> None:
    assert exchange.request == request_


ANSWERS: list[tuple[Exchange[Any], object, Any]] = [
    (exchanges.RegisterSchema(SUBJECT, Schema(TEXT)), {"id": 7, "version": 2, "guid": "g"}, (7, 2)),
    (exchanges.RegisterSchema(SUBJECT, Schema(TEXT)), {"id": 7}, (7, None)),
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
]  # fmt: skip


@pytest.mark.parametrize(("exchange", "body", "answer"), ANSWERS)
def test_an_answer_means(exchange: Exchange[Any], body: object, answer: Any) -> None:
    assert exchange.interpret(Response(200, json.dumps(body).encode())) == answer


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
    (200, {"no": "schema type", "schemaType": "COBOL"}, RegistryUnavailable),
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


def test_a_registry_without_findings_is_quoted() -> None:
    body = {"error_code": 409, "message": "no", "messages": ["READER_FIELD_MISSING_DEFAULT_VALUE"]}
    with pytest.raises(IncompatibleSchema) as caught:
        exchanges.RegisterSchema(SUBJECT, Schema("x")).interpret(Response(409, json.dumps(body).encode()))
    assert caught.value.explanation() == "READER_FIELD_MISSING_DEFAULT_VALUE"
