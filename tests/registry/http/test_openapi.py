"""The description of the API says what the API does: every path, parameter, answer and error, and no more."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx2
import jsonschema_rs
import pytest
import schemathesis.openapi

from accord.errors import AccordError
from accord.registry.core import candidates, checks
from accord.registry.core import errors as core
from accord.registry.core.policy import Policy
from accord.registry.http import app, parameters
from accord.registry.http import errors as http
from accord.registry.http.bodies import ConfigBody, ModeBody, SchemaBody, TagsBody
from accord.registry.http.errors import CODES, LEGACY_CODES
from accord.registry.http.media_types import JSON_TYPES
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.middleware import faults
from accord.registry.http.openapi import document
from accord.registry.http.openapi import refusals as refusals_of
from accord.registry.http.operation import Operation
from accord.registry.http.requests import MAX_BODY_BYTES
from accord.registry.http.routes.operations import LogBody
from accord.registry.log.memory import CompactedMemoryLog, MemoryLog, in_memory
from accord.registry.log.port import START, LogFailed, LoggedRecord, LogInDoubt, Position, Record
from accord.registry.node import RegistryNode
from accord.registry.reports import errors as reports
from accord.registry.reports import kinds
from accord.registry.reports.kinds import Kind
from accord.registry.workers import Busy, TooMuchWork

ID = '{"type":"record","name":"R","fields":[{"name":"id","type":"int"}]}'
ID_AND_NOTE = (
    '{"type":"record","name":"R","fields":[{"name":"id","type":"int"},'
    '{"name":"note","type":"string","default":""}]}'
)
ID_AND_NEED = (
    '{"type":"record","name":"R","fields":[{"name":"id","type":"int"},{"name":"need","type":"string"}]}'
)
OTHER = '{"type":"enum","name":"E","symbols":["A"]}'

Request = tuple[str, Any]

REPORTS: dict[Kind, dict[str, Any]] = {
    kinds.READER: {"service": "s", "subject": "s", "origin": "claim"},
    kinds.DEPLOYMENT: {"service": "s", "environment": "e", "version": "1"},
    kinds.VERIFICATION: {
        "consumer": "s",
        "consumerVersion": "1",
        "subject": "s",
        "fingerprint": "f",
        "ok": True,
    },
    kinds.ROLLOUT: {"id": "s", "subject": "s", "fingerprint": "f", "state": "done"},
    kinds.EXEMPTION: {"contract": "s", "rule": "R", "reason": "so", "until": "2026-12-31"},
}
# The key of each, in the query string.
NAMED = {
    f"/accord/v1/{kind.path}": urlencode({name: report[name] for name in kind.key if name in report})
    for kind, report in REPORTS.items()
}

# Something of everything, so that whatever is asked, there is something to answer and to change.
FURNISHED: tuple[Request, ...] = (
    ("POST /subjects/s/versions", {"schema": ID, "metadata": {"properties": {"owner": "sales"}}}),
    ("PUT /config", {"compatibility": "BACKWARD"}),
    ("PUT /config/s", {"compatibility": "BACKWARD"}),
    ("PUT /mode", {"mode": "READWRITE"}),
    ("PUT /mode/s", {"mode": "READWRITE"}),
    ("POST /subjects/%3A.left%3As/versions", {"schema": ID}),
    ("DELETE /subjects/%3A.left%3As", None),
    ("DELETE /subjects/%3A.left%3As?permanent=true", None),
    *((f"POST /accord/v1/{kind.path}", report) for kind, report in REPORTS.items()),
)
REFERRED: tuple[Request, ...] = (
    *FURNISHED,
    (
        "POST /subjects/r/versions",
        {
            "schema": '{"type":"array","items":"R"}',
            "references": [{"name": "R", "subject": "s", "version": 1}],
        },
    ),
)
HIDDEN: tuple[Request, ...] = (*FURNISHED, ("DELETE /subjects/s", None))
HALF_HIDDEN: tuple[Request, ...] = (
    *FURNISHED,
    ("POST /subjects/s/versions", {"schema": ID_AND_NOTE}),
    ("DELETE /subjects/s/versions/1", None),
)
READ_ONLY: tuple[Request, ...] = (*FURNISHED, ("DELETE /mode/s", None), ("PUT /mode", {"mode": "READONLY"}))
IMPORTING: tuple[Request, ...] = (*FURNISHED, ("PUT /mode/s?force=true", {"mode": "IMPORT"}))
SPENT: tuple[Request, ...] = (
    *IMPORTING,
    ("POST /subjects/s/versions", {"schema": ID_AND_NOTE, "id": 2**31 - 1, "version": 9}),
    ("PUT /mode/s", {"mode": "READWRITE"}),
)
NARROWED: tuple[Request, ...] = (
    *FURNISHED,
    ("POST /subjects/n/versions", {"schema": ID_AND_NEED}),
    ("POST /subjects/n/versions", {"schema": ID}),
)

SEGMENTS = {
    "subject": "s",
    "version": "1",
    "id": "1",
    "context": ".left",
    "resource": "a",
    "namespace": "a",
    "name": "a",
}
BODIES: Mapping[Any, Any] = {
    SchemaBody: {"schema": ID, "version": -1},  # a new version in any case
    TagsBody: {"metadata": {"properties": {"owner": "support"}}},
    ConfigBody: {"compatibility": "FULL"},
    ModeBody: {"mode": "READONLY"},
    LogBody: {"records": [{"key": '{"keytype":"NOOP","magic":0}', "timestampMs": 1}]},
    **{kind.body: report for kind, report in REPORTS.items()},
}
RULES = {"domainRules": [{"name": "not a name"}]}


@dataclass(frozen=True)
class Provocation:
    """What makes an error happen: what was before, and how the request differs from one that goes well."""

    error: type[AccordError]
    before: tuple[Request, ...] = FURNISHED
    segments: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    within: str = ""
    policy: Policy = field(default_factory=Policy)


P = Provocation
PROVOCATIONS = [
    P(core.SubjectNotFound, segments={"subject": "absent"}),
    P(core.VersionNotFound, segments={"version": "9"}),
    P(core.InvalidVersion, segments={"version": "0"}),
    P(core.SchemaNotFound, segments={"id": "99", "guid": "6d0eeb5c-6bd0-4a4b-8f4e-0d9f6c6a3c5e"}),
    P(core.SchemaNotFound, body={"schema": OTHER}),
    P(core.SchemaNotFound, query="key=owner&value=nobody"),
    P(core.ConfigNotFound, segments={"subject": "absent"}),
    P(core.ModeNotFound, segments={"subject": "absent"}),
    P(core.SubjectAlreadyDeleted, HIDDEN),
    P(core.SubjectNotSoftDeleted, query="permanent=true"),
    P(core.VersionAlreadyDeleted, HALF_HIDDEN),
    P(core.VersionNotSoftDeleted, query="permanent=true"),
    P(core.ReferenceExists, REFERRED),
    P(
        core.ReferenceExists,
        (*REFERRED, ("DELETE /subjects/r", None), ("DELETE /subjects/s", None)),
        body={"mode": "IMPORT"},
    ),
    P(core.IncompatibleSchema, body={"schema": ID_AND_NEED}),
    P(core.IncompatibleSchema, NARROWED, segments={"subject": "n"}),
    P(core.EmptySchema, segments={"subject": "absent"}, body={}),
    P(core.EmptySchema, body={}),
    P(core.UnknownSchemaType, body={"schema": ID, "schemaType": "THRIFT"}),
    P(core.SchemaRefused, body={"schema": "nonsense"}),
    P(
        core.SchemaRefused,
        body={"tagsToAdd": [{"schemaEntity": {"entityPath": "X", "entityType": "sr_record"}, "tags": ["T"]}]},
    ),
    P(core.WrongVersion, body={"schema": ID_AND_NOTE, "version": 9, "newVersion": 9}),
    P(core.InvalidRuleSet, body={"schema": ID_AND_NOTE, "ruleSet": RULES, "defaultRuleSet": RULES}),
    P(core.InvalidSubject, segments={"subject": "__GLOBAL"}),
    P(core.ReadOnly, READ_ONLY),
    P(core.NotInImportMode, body={"schema": ID_AND_NOTE, "id": 5}),
    P(core.ImportNeedsId, IMPORTING),
    P(core.IdTaken, IMPORTING, body={"schema": OTHER, "id": 1}),
    P(core.VersionTaken, IMPORTING, body={"schema": OTHER, "id": 5, "version": 1}),
    P(core.IdsExhausted, SPENT),
    P(core.ImportNeedsEmptiness, body={"mode": "IMPORT"}),
    P(core.InvalidLevel, body={"compatibility": "SOMEHOW"}),
    P(core.InvalidMode, body={"mode": "SOMEHOW"}),
    P(core.ModesFixed, policy=Policy(mutable_modes=False)),
    P(core.LogEndsElsewhere, query="after=0"),
    P(core.NotServed, body={"compatibilityPolicy": "LOGICAL"}),
    P(
        core.ContextNotEmpty,
        (*FURNISHED, ("POST /subjects/%3A.left%3As/versions", {"schema": ID})),
    ),
    P(reports.ReportRefused, query="x=1", body={}),
    P(reports.ReportNotFound, query="&".join(NAMED.values()).replace("=s", "=absent")),
    *(P(reports.ReportsFull, body={**report, kind.key[0]: "new"}) for kind, report in REPORTS.items()),
    P(http.PathNotFound, segments={"id": "one"}),
    P(http.PathNotFound, query="offset=-1"),
    P(http.PathNotFound, query="after=none"),
    P(http.MalformedBody, body=b"{"),
    P(http.BodyMissing, body=b""),
    P(http.BodyTooLarge, body=b" " * (MAX_BODY_BYTES + 1)),
    P(http.UnsupportedMediaType, headers={"content-type": "text/plain"}),
    P(http.NotAcceptable, headers={"accept": "text/html"}),
    P(http.MalformedContext, within="/contexts/a:b"),
    P(LogFailed),
    P(LogInDoubt),
    P(TooMuchWork, query="format=resolved&key=owner&value=sales"),
    P(Busy, query="format=resolved&key=owner&value=sales"),
]


def operations() -> list[Operation]:
    node = RegistryNode(in_memory(), now_ms=lambda: 0)
    return app.operations_of(node, RegistryMetrics(node.state))


OPERATIONS = {f"{operation.method} {operation.path}": operation for operation in operations()}


async def too_hard(_question: object) -> TooMuchWork:
    return TooMuchWork(1)


async def busy(_question: object) -> None:
    raise Busy


HARD: Mapping[type[AccordError], Any] = {TooMuchWork: too_hard, Busy: busy}


class Breaking:
    """A log that can be read and written until it is broken."""

    broken: type[LogFailed | LogInDoubt] | None = None

    def append(self, records: Sequence[Record], *, after: Position) -> Position:
        if self.broken is not None:
            raise self.broken("no answer")
        return super().append(records, after=after)  # type: ignore[misc,no-any-return]  # a mixin

    def read(self, after: Position, *, limit: int = 1000) -> Sequence[LoggedRecord]:
        if self.broken is LogFailed:
            raise self.broken("no answer")
        return super().read(after, limit=limit)  # type: ignore[misc,no-any-return]


class BreakingLog(Breaking, MemoryLog):
    """The first log."""


class BreakingCompactedLog(Breaking, CompactedMemoryLog):
    """The second log."""


class Tried:
    """Asks what the operations answer, and keeps what they read and which errors they met."""

    def __init__(
        self, in_process: Any, logs: dict[str, list[list[Record]]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.names: set[str] = set()
        self.error: type[AccordError] | None = None
        self._in_process = in_process
        self._logs = logs
        self._monkeypatch = monkeypatch
        values, answer = parameters._values, http.answer

        def noting_names(request: Any, name: str) -> list[str]:
            self.names.add(name)
            return values(request, name)

        def noting_errors(error: AccordError, codes: http.Codes) -> Any:
            self.error = type(error)
            return answer(error, codes)

        monkeypatch.setattr(parameters, "_values", noting_names)
        monkeypatch.setattr(faults, "answer", noting_errors)

    def ask(self, operation: Operation, how: Provocation) -> httpx2.Response:
        """Do what ``how`` says has been before, then ask for ``operation``."""
        logs = BreakingLog(), BreakingCompactedLog()
        ends = [log.append(told, after=START) for log, told in zip(logs, self._told(how.before), strict=True)]
        with self._in_process(logs[0], accord=logs[1], policy=how.policy) as registry:
            guid = registry.ask("GET /schemas/ids/1").json()["guid"]
            if issubclass(how.error, LogFailed | LogInDoubt):
                for log in logs:
                    log.broken = how.error
            if issubclass(how.error, reports.ReportsFull):
                registry.node.ledger._most_bytes = 0
            with self._monkeypatch.context() as patched:
                if issubclass(how.error, TooMuchWork | Busy):
                    patched.setattr(candidates, "is_quick", lambda *_, **__: False)
                    patched.setattr(checks, "is_quick", lambda *_, **__: False)
                    patched.setattr(registry.node._workers, "outcome_of", HARD[how.error])
                end = ends[operation.path.endswith("/_accord")]
                return self._asked(registry, operation, how, guid, end)

    def _asked(
        self, registry: Any, operation: Operation, how: Provocation, guid: str, end: Position
    ) -> httpx2.Response:
        segments = {"guid": guid, **SEGMENTS, **how.segments}
        path = operation.path.format(**{name: quote(value) for name, value in segments.items()})
        body = BODIES.get(operation.body) if how.body is None else how.body
        self.names.clear()
        self.error = None
        query = how.query or (f"after={end}" if operation.body is LogBody else NAMED.get(operation.path, ""))
        line = f"{operation.method} {how.within}{path}?{query}"
        answer: httpx2.Response = registry.ask(line, body if operation.body else None, how.headers)
        return answer

    def _told(self, story: tuple[Request, ...]) -> list[list[Record]]:
        """What the logs say after ``story``."""
        key = repr(story)
        if key not in self._logs:
            logs = MemoryLog(), CompactedMemoryLog()
            with self._in_process(logs[0], accord=logs[1]) as registry:
                for line, body in story:
                    done = registry.ask(line, body)
                    assert done.is_success, (line, done.text)
            self._logs[key] = [[logged.record for logged in log.read(START)] for log in logs]
        return self._logs[key]


@pytest.fixture(scope="module")
def logs() -> dict[str, list[list[Record]]]:
    return {}


@pytest.fixture
def tried(in_process: Any, logs: dict[str, list[list[Record]]], monkeypatch: pytest.MonkeyPatch) -> Tried:
    return Tried(in_process, logs, monkeypatch)


WELL = Provocation(AccordError)


@pytest.mark.parametrize("codes", [CODES, LEGACY_CODES])
def test_the_description_is_valid(codes: http.Codes) -> None:
    schemathesis.openapi.from_dict(document(operations(), codes)).validate()


def test_the_description_is_served_where_it_says(in_process: Any) -> None:
    with in_process(MemoryLog()) as registry:
        told = registry.ask("GET /openapi.json")

    assert told.headers["content-type"] == "application/json"
    assert told.json() == json.loads(json.dumps(document(operations(), CODES)))
    assert told.json()["openapi"].startswith("3.1.")
    assert "/openapi.json" in told.json()["paths"]


def test_what_older_clients_look_for_is_described_where_it_is_told() -> None:
    register = document(operations(), LEGACY_CODES)["paths"]["/subjects/{subject}/versions"]["post"]

    assert "409: Earlier versions" in register["responses"]["409"]["description"]
    assert "40901" not in json.dumps(register)


def test_every_operation_is_described_and_nothing_else() -> None:
    described = {
        f"{method.upper()} {path}"
        for path, methods in document(operations(), CODES)["paths"].items()
        for method in methods
    }

    assert described == OPERATIONS.keys()


def test_every_operation_and_every_type_has_a_name_of_its_own() -> None:
    types = document(operations(), CODES)["components"]["schemas"]

    assert len({operation.id for operation in OPERATIONS.values()}) == len(OPERATIONS)
    assert [name for name in types if not name.isidentifier()] == [], "two types with one name get long ones"


OF_REPORTS = [f"{method} /accord/v1/{kind.path}" for kind in kinds.KINDS for method in ("POST", "DELETE")]
THAT_ONLY_READ = [
    "POST /",
    "POST /subjects/{subject}",
    "POST /compatibility/subjects/{subject}/versions",
    "POST /compatibility/subjects/{subject}/versions/{version}",
]


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_says_what_its_asker_must_be_allowed_to_do(name: str) -> None:
    reads = name.startswith("GET ") or name in THAT_ONLY_READ
    right = "report" if name in OF_REPORTS else "read" if reads else "write"
    operation = OPERATIONS[name]
    described = document([operation], CODES)["paths"][operation.path][operation.method.lower()]

    assert operation.right == right
    assert described["x-accord-right"] == right


def test_every_operation_says_what_it_is_for() -> None:
    assert all(operation.summary for operation in OPERATIONS.values())


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_what_goes_well_is_answered_as_described(operation: Operation, tried: Tried) -> None:
    answer = tried.ask(operation, WELL)
    described = document([operation], CODES)
    content = described["paths"][operation.path][operation.method.lower()]["responses"][str(operation.status)]

    assert answer.status_code == operation.status, answer.text
    if "content" not in content:
        assert (answer.content, "content-type" in answer.headers) == (b"", False)
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    if media_type in {"text/plain", "application/jsonl"}:
        return
    schema = {**content["content"][media_type]["schema"], "components": described["components"]}
    jsonschema_rs.validate(schema, answer.json())


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_an_operation_reads_the_parameters_that_it_declares_and_no_others(
    operation: Operation, tried: Tried
) -> None:
    declared = {parameter.name for parameter in operation.query}
    tried.ask(operation, replace(WELL, query="other=1"))  # with a query string, nothing is skipped

    assert tried.names == declared


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_error_that_an_operation_declares_can_happen_and_is_told_as_described(
    operation: Operation, tried: Tried
) -> None:
    refusals = {refusal.status: refusal.meanings for refusal in refusals_of(operation, CODES)}
    met = set()
    for how in PROVOCATIONS:
        if how.error in operation.refusals:
            answer = tried.ask(operation, how)
            if tried.error is not None:
                met.add(tried.error)
                assert answer.headers.get_list("content-type") == [JSON_TYPES[0]]
                assert answer.json()["error_code"] in refusals[answer.status_code]
                assert answer.json()["message"]

    assert met == set(operation.refusals)


def test_endpoints_read_paths_and_query_strings_through_declared_values_only() -> None:
    folder = Path(parameters.__file__).parent
    endpoints = [folder / "requests.py", *(folder / "routes").glob("*.py")]
    readers = (".scope[", ".segments", ".values(", "request.path", "request.url")

    assert [path.name for path in endpoints for reader in readers if reader in path.read_text()] == []


def leaves(root: type[AccordError]) -> Iterator[type[AccordError]]:
    children = root.__subclasses__()
    for child in children:
        yield from leaves(child)
    if not children:
        yield root


def test_every_error_of_the_registry_is_declared_by_an_operation() -> None:
    declared = {error for operation in OPERATIONS.values() for error in operation.refusals}
    of_no_operation = {http.MethodNotAllowed}

    assert {*leaves(core.RegistryError), *leaves(http.HttpError), *leaves(reports.ReportError)} == {
        *declared - {LogFailed, LogInDoubt, TooMuchWork, Busy}
    } | of_no_operation
