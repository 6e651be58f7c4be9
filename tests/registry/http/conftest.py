import asyncio
import json
import random
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any, Self, TypeVar
from urllib.parse import unquote

import httpx2
import hypothesis
import pytest
import schemathesis.openapi
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.hypothesis import setup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from accord.registry.core.policy import Policy
from accord.registry.http.app import create_app, operations_of
from accord.registry.http.bodies import SchemaText
from accord.registry.http.errors import CODES
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.openapi import document
from accord.registry.http.operation import Operation
from accord.registry.log.memory import CompactedMemoryLog, MemoryLog, in_memory
from accord.registry.log.port import START, EventLog, Logs
from accord.registry.node import DEFAULT_POLICY, RegistryNode

T = TypeVar("T")
V1 = "application/vnd.schemaregistry.v1+json"


class Api:
    """The REST API over a log, in this process; the clock stands still."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self._client = client

    async def ask(
        self, line: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """``line`` is method and path; a body that is bytes goes out as it is, anything else as JSON."""
        method, path = line.split(" ", 1)
        content: dict[str, Any] = (
            {"content": body} if isinstance(body, bytes) else {"json": body} if body is not None else {}
        )
        sent = {"content-type": V1} | dict(headers or {}) if content else headers
        return await self._client.request(method, path, headers=sent, **content)


Talk = Callable[[Api], Coroutine[Any, Any, T]]


@pytest.fixture
def over() -> Callable[[EventLog, Talk[Any]], Any]:
    """Run a talk with the API over a log."""

    def run(log: EventLog, talk: Talk[T]) -> T:
        async def main() -> T:
            node = RegistryNode(in_memory(log), now_ms=lambda: 1_700_000_000_000)
            await node.start()
            transport = httpx2.ASGITransport(create_app(node), raise_app_exceptions=False)
            async with httpx2.AsyncClient(transport=transport, base_url="http://registry") as client:
                answer = await talk(Api(client))
            await node.close()
            return answer

        return asyncio.run(main())

    return run


@pytest.fixture
def api(over: Callable[[EventLog, Talk[Any]], Any]) -> Callable[[Talk[Any]], Any]:
    """Run a talk with the API over an empty registry."""
    return lambda talk: over(MemoryLog(), talk)


class InProcess:
    """The REST API over a log, in this process, one request at a time; what is sent arrives as it is."""

    def __init__(
        self, log: EventLog, *, accord: EventLog | None = None, policy: Policy = DEFAULT_POLICY
    ) -> None:
        self._loop = asyncio.new_event_loop()
        logs = Logs(log, accord or CompactedMemoryLog())
        self.node = RegistryNode(logs, now_ms=lambda: 1_700_000_000_000, policy=policy)
        self._app = create_app(self.node)

    def __enter__(self) -> Self:
        self._loop.run_until_complete(self.node.start())
        return self

    def __exit__(self, *error: object) -> None:
        self._loop.run_until_complete(self.node.close())
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def ask(
        self, line: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        """``line`` is method and path; a body that is bytes goes out as it is, anything else as JSON."""
        method, target = line.split(" ", 1)
        path, _, query = target.partition("?")
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        named = {"content-type": V1} if body is not None else {}
        sent = [
            (name.encode(), value.encode("latin-1")) for name, value in (named | dict(headers or {})).items()
        ]
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": unquote(path),
            "raw_path": path.encode("latin-1"),
            "query_string": query.encode("latin-1"),
            "root_path": "",
            "headers": [(b"content-length", str(len(content)).encode()), *sent],
            "client": ("127.0.0.1", 1),
            "server": ("registry", 80),
        }
        return self._loop.run_until_complete(self._answer(scope, content))

    async def _answer(self, scope: dict[str, Any], content: bytes) -> httpx2.Response:
        answer: list[Any] = []
        chunks: list[bytes] = []

        asked = [{"type": "http.request", "body": content, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return asked.pop() if asked else await asyncio.Future()  # the asker stays

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                answer.append(message)
            else:
                chunks.append(message.get("body", b""))

        await self._app(scope, receive, send)
        ((status, headers),) = [(message["status"], message["headers"]) for message in answer]
        request = httpx2.Request(scope["method"], "http://registry/")
        response = httpx2.Response(status, headers=headers, content=b"".join(chunks), request=request)
        response.elapsed = timedelta(0)
        return response


@pytest.fixture(scope="session")
def in_process() -> type[InProcess]:
    """A registry over a log: ``with in_process(log) as registry: registry.ask("GET /subjects")``."""
    return InProcess


# What is there before a request: live, hidden, half-hidden and referring subjects, contexts, settings, tags, rules.
STORY: list[tuple[str, Any]] = [
    (
        "POST /subjects/s/versions",
        {
            "schema": '{"type":"record","name":"R","fields":[{"name":"id","type":"int"}]}',
            "metadata": {
                "tags": {"**.id": ["PII"]},
                "properties": {"owner": "sales"},
                "sensitive": ["owner"],
            },
        },
    ),
    (
        "POST /subjects/s/versions",
        {
            "schema": '{"type":"record","name":"R","fields":[{"name":"id","type":"int","confluent:tags":["PII"]},'
            '{"name":"note","type":"string","default":""}]}',
            "ruleSet": {
                "domainRules": [
                    {"name": "r", "kind": "CONDITION", "mode": "READ", "type": "CEL", "expr": "true"}
                ]
            },
        },
    ),
    (
        "POST /subjects/t/versions",
        {
            "schema": '{"type":"array","items":"R"}',
            "references": [{"name": "R", "subject": "s", "version": -1}],
        },
    ),
    ("POST /subjects/gone/versions", {"schema": '"string"'}),
    ("POST /subjects/gone/versions", {"schema": '["null","string"]'}),
    ("DELETE /subjects/gone", None),
    ("POST /subjects/half/versions", {"schema": '"int"'}),
    ("POST /subjects/half/versions", {"schema": '"long"'}),
    ("DELETE /subjects/half/versions/1", None),
    ("POST /subjects/a%2Fb%20%C3%BC/versions", {"schema": '"bytes"'}),
    ("POST /subjects/%3A.eu%3As/versions", {"schema": '"boolean"'}),
    (
        "POST /subjects/j/versions",
        {
            "schemaType": "JSON",
            "schema": '{"title":"J","type":"object","properties":{"id":{"type":"string"}}}',
        },
    ),
    (
        "POST /subjects/p/versions",
        {"schemaType": "PROTOBUF", "schema": 'syntax = "proto3";\n\nmessage P {\n  string id = 1;\n}\n'},
    ),
    (
        "POST /subjects/q/versions",
        {
            "schemaType": "PROTOBUF",
            "schema": 'syntax = "proto3";\n\nimport "p.proto";\n\nmessage Q {\n  P p = 1;\n}\n',
            "references": [{"name": "p.proto", "subject": "p", "version": 1}],
        },
    ),
    ("PUT /config/half", {"compatibility": "NONE", "normalize": True, "compatibilityGroup": "line"}),
    ("PUT /config/other", {"alias": "s"}),
    (
        "PUT /config/%3A.eu%3A",
        {"compatibility": "FULL_TRANSITIVE", "defaultMetadata": {"properties": {"a": "b"}}},
    ),
    ("PUT /mode/import", {"mode": "IMPORT"}),
    ("POST /subjects/import/versions", {"schema": '"double"', "id": 900, "version": 7}),
    ("PUT /mode/still", {"mode": "READONLY"}),
    ("POST /accord/v1/readers", {"service": "s", "subject": "s", "origin": "claim", "fields": ["id"]}),
    ("POST /accord/v1/readers", {"service": "s", "subject": "s", "origin": "observed", "more": {"x": 1}}),
    ("POST /accord/v1/deployments", {"service": "s", "environment": "eu", "version": "1"}),
    (
        "POST /accord/v1/verifications",
        {"consumer": "s", "consumerVersion": "", "subject": "s", "fingerprint": "f", "ok": False},
    ),
    ("POST /accord/v1/rollouts", {"id": "s", "subject": "s", "fingerprint": "f", "state": "running"}),
    ("POST /accord/v1/exemptions", {"contract": "s", "rule": "R", "reason": "so", "until": "2026-12-31"}),
]


@pytest.fixture(scope="session")
def furnished() -> Callable[[], InProcess]:
    """Make a registry that ``STORY`` has happened to."""
    log, accord = MemoryLog(), CompactedMemoryLog()
    with InProcess(log, accord=accord) as registry:
        for line, body in STORY:
            done = registry.ask(line, body)
            assert done.is_success, (line, done.text)
    records = [logged.record for logged in log.read(START)]
    reports = [logged.record for logged in accord.read(START)]

    def furnish() -> InProcess:
        told, reported = MemoryLog(), CompactedMemoryLog()
        told.append(records, after=START)
        reported.append(reports, after=START)
        return InProcess(told, accord=reported)

    return furnish


CHECKS: Any = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


# The text of a schema goes out under the media type of JSON, also that of Protobuf.
CHECKS_OF_TEXT = [check for check in CHECKS if check is not response_schema_conformance]


@pytest.fixture(scope="session")
def described() -> Any:
    """The description of the API, for Schemathesis."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        # Schemathesis makes Hypothesis tell failing examples without their values; this takes that back.
        monkeypatch.setattr("hypothesis.core.RepresentationPrinter", RepresentationPrinter)
        setup()
    node = RegistryNode(in_memory(), now_ms=lambda: 0)
    operations = operations_of(node, RegistryMetrics(node.state))
    return schemathesis.openapi.from_dict(document(operations, CODES))


@pytest.fixture(scope="session")
def conforms(described: Any) -> Callable[[httpx2.Response, Operation, object], None]:
    """Fail if an answer is not as the description has it; what was asked is told then."""
    cases: dict[str, Any] = {}

    def check(answer: httpx2.Response, operation: Operation, asked: object) -> None:
        if operation.id not in cases:
            segments = {segment.name: "x" for segment in operation.segments}
            cases[operation.id] = described[operation.path][operation.method].Case(path_parameters=segments)
        try:
            of_text = operation.answer is SchemaText and answer.status_code == operation.status
            cases[operation.id].validate_response(answer, checks=CHECKS_OF_TEXT if of_text else CHECKS)
        except FailureGroup as failures:
            failures.add_note(f"asked: {asked}")
            raise

    return check


Property = Callable[[st.DataObject], None]


@pytest.fixture(scope="session")
def explore() -> Callable[..., None]:
    """Try a property on a number of examples: always the same ones, unless a number chooses others."""

    def run(what: Property, *, examples: int, seed: int | None = None) -> None:
        test = given(st.data())(what)
        if seed is not None:
            test = hypothesis.seed(seed)(test)
        settings(
            max_examples=examples,
            derandomize=seed is None,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )(test)()

    return run


@pytest.fixture
def soak(explore: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> Callable[..., None]:
    """Try a property on new examples for some seconds, telling which numbers choose them."""

    def run(what: Property, *, seconds: float) -> None:
        deadline, seed = time.monotonic() + seconds, random.randrange(2**32)
        with capsys.disabled():
            sys.stdout.write(f" seeds from {seed} on ")
        while time.monotonic() < deadline:
            explore(what, examples=200, seed=seed)
            seed += 1

    return run
