"""What a hostile or clumsy caller sends is answered with the right code in bounded time."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from accord.registry.log.memory import MemoryLog
from accord.registry.workers import Busy

DEEP = 10_000
DIGITS = "9" * 5_000


@dataclass(frozen=True)
class Sent:
    """A body, as it is or a schema that becomes one, and what it is refused with."""

    schema: str = ""
    type: str = "AVRO"
    status: int = 422
    error_code: int = 42201
    raw: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        return self.raw or json.dumps({"schema": self.schema, "schemaType": self.type}).encode()


def record(*fields: str) -> str:
    return f'{{"type": "record", "name": "R", "fields": [{", ".join(fields)}]}}'


def avro_default(kind: str, default: str) -> Sent:
    return Sent(record(f'{{"name": "f", "type": {kind}, "default": {default}}}'))


def proto(body: str) -> Sent:
    return Sent(f'syntax = "proto3"; {body}', "PROTOBUF")


REFUSED = {
    "a body over the limit": Sent(raw=b" " * (17 << 20), status=413, error_code=413),
    "a body nested 10,000 levels deep": Sent(raw=b"[" * DEEP, status=400, error_code=400),
    "a schema in the body nested 10,000 levels deep": Sent(
        raw=b'{"schema": ' + b"[" * DEEP + b"]" * DEEP + b"}", status=400, error_code=400
    ),
    "a body that is no UTF-8": Sent(raw=b'{"schema": "\xff\xfe"}', status=400, error_code=400),
    "a lone surrogate": Sent(raw=rb'{"schema": "\ud800"}', status=400, error_code=400),
    "a number without end for a version": Sent(
        raw=f'{{"schema": "x", "version": {DIGITS}}}'.encode(), status=400, error_code=400
    ),
    "a number without end for an id": Sent(
        raw=f'{{"schema": "x", "id": 1e{DIGITS}}}'.encode(), status=400, error_code=400
    ),
    "NUL in Avro": Sent('{"type": "record\x00"}'),
    "NUL in JSON Schema": Sent('{"type": "object\x00"}', "JSON"),
    "NUL in Protobuf": proto("message M\x00 {}"),
    "Avro arrays nested 10,000 levels deep": Sent(
        '{"type": "array", "items": ' * DEEP + '"int"' + "}" * DEEP
    ),
    "JSON Schema nested 10,000 levels deep": Sent('{"items": ' * DEEP + "{}" + "}" * DEEP, "JSON"),
    "messages nested 10,000 levels deep": proto("message M { " * DEEP + "}" * DEEP),
    "brackets nested 10,000 levels deep, as Avro": Sent("[" * DEEP + "]" * DEEP),
    "brackets nested 10,000 levels deep, as JSON Schema": Sent("[" * DEEP + "]" * DEEP, "JSON"),
    "options nested 10,000 levels deep": proto("option (o) = " + "{ a: " * DEEP + "1" + "}" * DEEP + ";"),
    "an Avro default of 5,000 digits": avro_default('"int"', DIGITS),
    "an Avro default beyond all doubles": avro_default('"double"', f"1e{DIGITS}"),
    "a fixed of 5,000 digits": Sent(f'{{"type": "fixed", "name": "F", "size": {DIGITS}}}'),
    "a field number of 5,000 digits": proto(f"message M {{ int32 a = {DIGITS}; }}"),
    "an enum number of 5,000 digits": proto(f"enum E {{ A = 0; B = -{DIGITS}; }}"),
    "a length of 5,000 digits, negative": Sent(f'{{"minLength": -{DIGITS}}}', "JSON"),
    "an Avro record that is its own name": Sent('{"type": {"type": {"type": "R"}}}'),
    "a JSON reference that leads nowhere": Sent('{"$ref": "#/definitions/a"}', "JSON"),
    "an import of itself": proto('import "a.proto"; import "a.proto"; message M { N n = 1; }'),
    "a reference to a version beyond all numbers": Sent(
        raw=b'{"schema": "x", "references": [{"name": "a", "subject": "b", "version": 99999999999}]}',
        status=400,
        error_code=400,
    ),
    "ten thousand references to nothing": Sent(
        raw=json.dumps(
            {
                "schema": '"int"',
                "references": [{"name": f"n{n}", "subject": f"s{n}", "version": 1} for n in range(10_000)],
            }
        ).encode()
    ),
}

TAKEN_OR_REFUSED = {
    "a regular expression that backtracks": json.dumps(
        {
            "type": "object",
            "properties": {"a": {"pattern": "^(a+)+$", "enum": ["a" * 40 + "!"], "default": "a" * 40 + "!"}},
            "patternProperties": {"^(a|a)*b$": {"type": "string"}, "(x+x+)+y": {}},
            "required": ["a" * 60],
        }
    ),
    "alternatives that multiply": json.dumps(
        {"oneOf": [{"oneOf": [{"anyOf": [{"type": t} for t in ("string", "number")] * 5}] * 6}] * 6}
    ),
    "references in a circle": json.dumps(
        {
            "$ref": "#/definitions/a",
            "definitions": {"a": {"$ref": "#/definitions/b"}, "b": {"$ref": "#/definitions/a"}},
        }
    ),
    "a number without end": f'{{"maximum": {DIGITS}, "multipleOf": 1e-{DIGITS}}}',
}


@pytest.fixture
def registry(in_process: Callable[..., Any]) -> Iterator[Any]:
    with in_process(MemoryLog()) as registry:
        registry.ask("POST /subjects/s/versions", {"schema": '"int"'})
        yield registry


@pytest.mark.parametrize("sent", REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused_whatever_it_is_sent_for(sent: Sent, registry: Any) -> None:
    for line in (
        "POST /subjects/t/versions",
        "POST /subjects/s/versions",
        "POST /subjects/s",
        "POST /compatibility/subjects/s/versions/latest",
        "POST /compatibility/subjects/s/versions",
    ):
        answer = registry.ask(line, sent.body)
        told = answer.json()
        assert (answer.status_code, told["error_code"]) == (sent.status, sent.error_code), (line, told)
        assert told["hint"], line
    assert registry.ask("GET /subjects").json() == ["s"]


@pytest.mark.parametrize("schema", TAKEN_OR_REFUSED.values(), ids=TAKEN_OR_REFUSED.keys())
def test_it_is_taken_and_compared_or_refused_but_never_a_fault(schema: str, registry: Any) -> None:
    """These are schemas by the letter; what matters is that an answer comes."""
    changed = schema.replace("string", "integer").replace("+", "*").replace("9", "8")
    for text in (schema, changed, changed, schema):
        for line in ("POST /subjects/j/versions", "POST /compatibility/subjects/j/versions?verbose=true"):
            answer = registry.ask(line, {"schema": text, "schemaType": "JSON"})
            assert answer.status_code in {200, 409, 422}, (line, answer.text)


def test_who_finds_all_workers_busy_is_told_when_to_come_back(
    registry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def busy(_question: object) -> None:
        raise Busy

    monkeypatch.setattr(registry.node._workers, "outcome_of", busy)
    answer = registry.ask("POST /subjects/t/versions", {"schema": " " * 20_000 + '"int"'})

    assert (answer.status_code, answer.json()["error_code"]) == (503, 503)
    assert answer.headers["retry-after"] == "2"
