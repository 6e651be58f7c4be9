"""What holds for every request: ids, content types, limits, measurement, and what a fault of ours looks like."""

import asyncio
import json
import logging
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest
from prometheus_client.parser import text_string_to_metric_families

from accord.registry.core import queries
from accord.registry.core.thinking import Question, outcome_of
from accord.registry.http.app import create_app
from accord.registry.http.exchange import Request, Streamed
from accord.registry.http.middleware.delivery import deliver
from accord.registry.http.middleware.negotiation import choose
from accord.registry.http.requests import MAX_BODY_BYTES
from accord.registry.log.memory import MemoryLog, in_memory
from accord.registry.log.port import LogFailed, LoggedRecord, LogInDoubt, Position, Record
from accord.registry.node import RegistryNode
from accord.registry.workers import Workers

V1 = "application/vnd.schemaregistry.v1+json"
EVENT = '{"type":"record","name":"Event","fields":[{"name":"id","type":"long"}]}'

Run = Callable[[Any], Any]


def answers(api: Run, *lines: str, **headers: str) -> list[httpx2.Response]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    async def talk(api: Any) -> list[httpx2.Response]:
        return [await api.ask(line, None, named) for line in lines]

    found: list[httpx2.Response] = api(talk)
    return found


def answer(api: Run, line: str, **headers: str) -> httpx2.Response:
    return answers(api, line, **headers)[0]


@pytest.mark.parametrize(
    "line",
    [
        "POST /subjects/s/versions",
        "POST /subjects/s",
        "POST /compatibility/subjects/s/versions",
        "POST /compatibility/subjects/s/versions/latest",
    ],
)
def test_others_are_answered_while_a_schema_is_read(
    line: str, api: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    long_text = f'{{"type":"int","read_by":"{line}","doc":"{"x" * 20_000}"}}'

    async def talk(api: Any) -> None:
        began, go_on = asyncio.Event(), asyncio.Event()

        async def slowly(_workers: Workers, question: Question[object]) -> object:
            began.set()
            await go_on.wait()
            return outcome_of(question)

        monkeypatch.setattr(Workers, "outcome_of", slowly)
        slow = asyncio.create_task(api.ask(line, {"schema": long_text}))
        await began.wait()
        assert (await api.ask("GET /subjects")).json() == []
        assert (await api.ask("POST /subjects/t/versions", {"schema": EVENT})).json()["id"] == 1
        go_on.set()
        await slow

    api(talk)


def test_large_answers_are_packed_for_who_takes_that(api: Run) -> None:
    fields = ",".join(f'{{"name":"f{number}","type":"long"}}' for number in range(200))
    large = f'{{"type":"record","name":"Large","fields":[{fields}]}}'

    async def talk(api: Any) -> list[httpx2.Response]:
        await api.ask("POST /subjects/s/versions", {"schema": large})
        packed = await api.ask("GET /schemas/ids/1", None, {"accept-encoding": "gzip"})
        plain = await api.ask("GET /schemas/ids/1", None, {"accept-encoding": "identity"})
        small = await api.ask("GET /subjects", None, {"accept-encoding": "gzip"})
        return [packed, plain, small]

    packed, plain, small = api(talk)

    assert [one.headers.get("content-encoding") for one in (packed, plain, small)] == ["gzip", None, None]
    assert packed.json() == plain.json()
    assert int(packed.headers["content-length"]) < len(plain.content)


def test_older_clients_can_have_the_code_they_look_for() -> None:
    async def talk() -> httpx2.Response:
        node = RegistryNode(in_memory(), now_ms=lambda: 0)
        await node.start()
        transport = httpx2.ASGITransport(create_app(node, legacy_error_codes=True))
        async with httpx2.AsyncClient(transport=transport, base_url="http://registry") as client:
            await client.post("/subjects/s/versions", json={"schema": '"int"'})
            refused = await client.post("/subjects/s/versions", json={"schema": '"string"'})
        await node.close()
        return refused

    refused = asyncio.run(talk())
    assert (refused.status_code, refused.json()["error_code"]) == (409, 409)


def test_the_log_is_told_record_by_record(api: Run) -> None:
    async def talk(api: Any) -> list[httpx2.Response]:
        await api.ask("POST /subjects/s/versions", {"schema": EVENT})
        await api.ask("DELETE /subjects/s")
        await api.ask("DELETE /subjects/s?permanent=true")
        return [await api.ask(f"GET /accord/v1/log{query}") for query in ("", "?after=3", "?after=x")]

    every, later, refused = api(talk)

    lines = [json.loads(line) for line in every.text.splitlines()]
    assert every.headers["content-type"] == "application/jsonl"
    assert [line["position"] for line in lines] == list(range(5))
    assert lines[0]["key"] == '{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}'
    assert json.loads(lines[0]["value"])["id"] == 1
    assert lines[0]["timestampMs"] == 1_700_000_000_000
    assert [line["value"] for line in lines[3:]] == [None, None]
    assert [json.loads(line) for line in later.text.splitlines()] == lines[4:]
    assert refused.status_code == 404


def test_for_a_head_alone_the_log_is_not_told() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b"what nobody asked for"

    async def talk() -> list[Any]:
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"method": "HEAD", "query_string": b"", "headers": []}
        await deliver(Streamed(chunks(), media_type="application/jsonl"), Request(scope, receive), send)
        return sent

    start, end = asyncio.run(talk())
    assert (start["status"], end.get("body"), end.get("more_body")) == (200, b"", None)


def test_the_log_is_read_no_further_when_nobody_waits_for_it() -> None:
    class Endless(MemoryLog):
        asked = 0

        def read(self, after: Position, *, limit: int = 1000) -> Any:
            assert limit
            self.asked += 1
            return [LoggedRecord(Position(after + 1), Record(b"{}", None, 0))] if self.asked > 1 else []

    async def talk(log: Endless) -> list[Any]:
        node = RegistryNode(in_memory(log), now_ms=lambda: 0)
        await node.start()
        sent: list[Any] = []
        asked = [{"type": "http.request"}]
        enough = asyncio.Event()

        async def receive() -> Any:
            if asked:
                return asked.pop()
            await enough.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            sent.append(message)
            if len(sent) == 5:
                enough.set()

        scope = {"type": "http", "method": "GET", "raw_path": b"/accord/v1/log", "query_string": b""}
        await create_app(node)({**scope, "headers": [], "client": None}, receive, send)
        await node.close()
        return sent

    sent = asyncio.run(talk(Endless()))

    assert sent[0]["status"] == 200
    assert all(message["more_body"] for message in sent[1:])


def test_a_request_id_comes_back(api: Run) -> None:
    assert answer(api, "GET /subjects", x_request_id="mine").headers["x-request-id"] == "mine"
    assert answer(api, "GET /nope", x_request_id="mine").headers["x-request-id"] == "mine"


def test_a_request_without_id_gets_one(api: Run) -> None:
    first, second = (one.headers["x-request-id"] for one in answers(api, "GET /subjects", "GET /nope"))

    assert uuid.UUID(first).version == 4
    assert first != second


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", V1),
        ("*/*", V1),
        ("application/*", V1),
        ("application/json", "application/json"),
        ("Application/JSON", "application/json"),
        ("text/html, application/json;q=0.9, */*;q=0.1", "application/json"),
        ("text/html, */*;q=0.8", V1),
        (f"{V1}, application/vnd.schemaregistry+json, application/json", V1),
        ("application/vnd.schemaregistry.v1+json;q=0.5, application/json", "application/json"),
        ("application/vnd.schemaregistry.v1+json;q=0, */*", "application/vnd.schemaregistry+json"),
        ("text/html", None),
        ("text/plain", None),
        ("application/json;q=0", None),
        ("application/json;q=wat", None),
    ],
)
def test_an_answer_goes_out_under_the_name_that_is_accepted(accept: str, content_type: str | None) -> None:
    assert choose(accept.encode()) == (content_type and content_type.encode())


def test_errors_go_out_under_the_name_that_is_accepted_too(api: Run) -> None:
    missing = answer(api, "GET /subjects/s/versions", accept="application/json")

    assert (missing.status_code, missing.headers["content-type"]) == (404, "application/json")


def test_what_accepts_no_json_gets_406_in_json(api: Run) -> None:
    refused = answer(api, "GET /subjects", accept="text/html")

    assert (refused.status_code, refused.headers["content-type"]) == (406, V1)
    assert refused.json()["error_code"] == 406


def test_head_and_options_are_answered_where_get_is(api: Run) -> None:
    head, options, deep = answers(api, "HEAD /subjects", "OPTIONS /subjects", "OPTIONS /subjects/s/versions")

    assert (head.status_code, options.status_code) == (200, 200)
    assert options.headers["allow"] == "GET, HEAD, OPTIONS"
    assert deep.headers["allow"] == "POST, GET, HEAD, OPTIONS"


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(api: Run) -> None:
    async def talk(api: Any) -> list[httpx2.Response]:
        async def endless() -> Any:
            while True:
                yield b" " * 1_000_000

        announced = await api.ask("POST /subjects/s/versions", b" " * (MAX_BODY_BYTES + 1))
        unannounced = await api._client.request("POST", "/subjects/s/versions", content=endless())
        return [announced, unannounced]

    for refused in api(talk):
        assert (refused.status_code, refused.json()["error_code"]) == (413, 413)
        assert refused.json()["hint"] == "a body may have up to 16 MiB"


def test_a_fault_of_ours_is_told_and_logged_with_the_request_id(
    api: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(queries, "subjects", broken)

    with caplog.at_level(logging.ERROR):
        fault = answer(api, "GET /subjects", x_request_id="mine")

    assert fault.status_code == 500
    assert fault.json()["message"] == "Internal Server Error"
    assert "oh" not in fault.text
    (record,) = caplog.records
    assert record.__dict__["request_id"] == "mine"
    assert record.exc_info is not None


class BrokenLog(MemoryLog):
    """A log on which nothing can be written."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    def append(self, records: Any, *, after: Position) -> Position:
        del records, after
        raise self._error


@pytest.mark.parametrize(
    ("error", "code"), [(LogFailed("the disk is full"), 50001), (LogInDoubt("no answer"), 50002)]
)
def test_a_log_that_cannot_be_written_is_told(over: Callable[..., Any], error: Exception, code: int) -> None:
    async def talk(api: Any) -> list[httpx2.Response]:
        refused = await api.ask("POST /subjects/s/versions", {"schema": EVENT})
        return [refused, await api.ask("GET /subjects")]

    refused, subjects = over(BrokenLog(error), talk)

    assert (refused.status_code, refused.json()["error_code"]) == (500, code)
    assert subjects.json() == []


def test_a_node_out_of_step_with_its_log_is_alive_but_not_ready(over: Callable[..., Any]) -> None:
    class SilentLog(BrokenLog):
        def read(self, after: Position, *, limit: int = 1000) -> Any:
            if self._silent:
                raise LogFailed("no answer")
            return super().read(after, limit=limit)

        _silent = False

        def append(self, records: Any, *, after: Position) -> Position:
            self._silent = True
            return super().append(records, after=after)

    async def talk(api: Any) -> list[int]:
        await api.ask("POST /subjects/s/versions", {"schema": EVENT})
        return [
            (await api.ask(line)).status_code for line in ("GET /healthz", "GET /readyz", "GET /subjects")
        ]

    assert over(SilentLog(LogInDoubt("no answer")), talk) == [200, 503, 200]


def samples(text: str) -> dict[tuple[str, str], float]:
    families = text_string_to_metric_families(text)
    return {
        (
            sample.name,
            ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items())),
        ): sample.value
        for family in families
        for sample in family.samples
    }


def test_what_happens_is_counted(api: Run) -> None:
    async def talk(api: Any) -> str:
        for schema in (EVENT, EVENT, '"string"'):
            await api.ask("POST /subjects/s/versions", {"schema": schema})
        await api.ask("GET /subjects/s/versions/1")
        await api.ask("GET /nope")
        await api.ask("POST /subjects/t/versions", {"schema": EVENT})
        await api.ask("DELETE /subjects/t")
        text: str = (await api.ask("GET /metrics", None, {"accept": "text/plain"})).text
        return text

    counted = samples(api(talk))

    duration = "accord_registry_http_request_duration_seconds_count"
    assert counted[duration, "method=POST,route=/subjects/{subject}/versions,status=200"] == 3
    assert counted[duration, "method=POST,route=/subjects/{subject}/versions,status=409"] == 1
    assert counted[duration, "method=GET,route=/subjects/{subject}/versions/{version},status=200"] == 1
    assert counted[duration, "method=GET,route=unmatched,status=404"] == 1
    assert counted["accord_registry_registrations_total", ""] == 2
    assert counted["accord_registry_rejections_total", "rule=AVRO_TYPE_CHANGED"] == 1
    assert counted["accord_registry_schemas", ""] == 1
    assert counted["accord_registry_subjects", ""] == 1
    assert any(name.endswith("_bucket") and "le=0.2," in labels for name, labels in counted)


def test_a_warning_does_not_count_as_a_reason_of_a_rejection(api: Run) -> None:
    questionable = '{"name":"a","type":{"type":"enum","name":"E","symbols":["A"]},"default":"B"}'

    async def talk(api: Any) -> None:
        new = EVENT.replace("long", "string").replace("]}", f",{questionable}]}}")
        await api.ask("POST /subjects/s/versions", {"schema": EVENT})
        refusal = (await api.ask("POST /subjects/s/versions", {"schema": new})).json()
        told = {finding["rule"]: finding["severity"] for finding in refusal["findings"]}
        assert told == {"AVRO_TYPE_CHANGED": "error", "AVRO_DEFAULT_UNREADABLE": "warning"}
        text = (await api.ask("GET /metrics")).text
        assert 'rejections_total{rule="AVRO_TYPE_CHANGED"} 1' in text
        assert "AVRO_DEFAULT_UNREADABLE" not in text

    api(talk)


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/healthz/", "/subjects/"])
def test_an_answer_has_one_content_type(path: str, api: Run) -> None:
    assert len(answer(api, f"GET {path}").headers.get_list("content-type")) == 1


def test_requests_are_logged_reads_that_went_well_only_in_detail(
    api: Run, caplog: pytest.LogCaptureFixture
) -> None:
    async def talk(api: Any) -> None:
        await api.ask("GET /subjects")
        await api.ask("GET /nope")
        for line in ("POST /subjects/s/versions", "POST /subjects/s/versions", "POST /subjects/s/versions"):
            await api.ask(line, {"schema": EVENT})
        await api.ask("POST /compatibility/subjects/s/versions", {"schema": EVENT})
        await api.ask("PUT /config/a%2Fb", {}, {"x-request-id": "mine"})

    with caplog.at_level(logging.DEBUG, "accord.registry.http"):
        api(talk)

    told = [(record.levelname, record.message) for record in caplog.records]
    assert told == [
        ("DEBUG", "GET /subjects 200"),
        ("INFO", "GET /nope 404"),
        ("INFO", "POST /subjects/s/versions 200"),
        ("DEBUG", "POST /subjects/s/versions 200"),
        ("DEBUG", "POST /subjects/s/versions 200"),
        ("DEBUG", "POST /compatibility/subjects/s/versions 200"),
        ("INFO", "PUT /config/a%2Fb 200"),
    ]
    assert caplog.records[-1].__dict__["request_id"] == "mine"
    assert caplog.records[-1].__dict__["duration_ms"] > 0


def test_two_who_register_the_same_at_once_get_the_same(over: Callable[..., Any]) -> None:
    log = MemoryLog()

    async def talk(api: Any) -> list[httpx2.Response]:
        asked = (api.ask("POST /subjects/s/versions", {"schema": EVENT}) for _ in range(20))
        return list(await asyncio.gather(*asked))

    assert {(told["id"], told["version"]) for told in (one.json() for one in over(log, talk))} == {(1, 1)}
    written: list[Record] = [logged.record for logged in log.read(Position(-1))]
    assert len(written) == 1
