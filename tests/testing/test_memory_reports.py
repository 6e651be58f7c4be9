"""The registry in memory tells of reports what a real one does: the same story is told to both."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from accord.client import NotFound, ReaderReport
from accord.registry.http.server import serve
from accord.testing.clock import VirtualClock
from accord.testing.memory_registry import ADDRESS, MemoryRegistry

READER = {"service": "billing", "subject": "orders-value", "origin": "claim", "fields": ["id"]}
DEPLOYMENT = {"service": "billing", "environment": "prod", "version": "1"}
VERIFICATION = {"consumer": "b", "consumerVersion": "", "subject": "s", "fingerprint": "f", "ok": True}
ROLLOUT = {"id": "r", "subject": "s", "fingerprint": "f", "state": "running"}
EXEMPTION = {"contract": "c", "rule": "R", "reason": "so", "until": "2026-12-31"}

Step = tuple[str, str, object]

STORY: list[Step] = [
    ("GET", "readers", None),
    ("POST", "readers", READER),
    ("POST", "readers", {**READER, "service": "shipping", "since": {"more": [1, None]}}),
    ("POST", "readers", {**READER, "fields": None}),
    ("POST", "readers?subject=:.eu:", READER),
    ("POST", "readers", {"service": "", "origin": "guess", "fields": [1]}),
    ("POST", "readers", []),
    ("GET", "readers", None),
    ("GET", "readers?service=shipping", None),
    ("GET", "readers?subject=:.eu:", None),
    ("GET", "readers?service=nobody&service=billing", None),
    ("GET", "readers?limit=1&offset=1", None),
    ("GET", "readers?unknown=x", None),
    ("DELETE", "readers?service=billing", None),
    ("DELETE", "readers?service=billing&subject=orders-value&origin=claim", None),
    ("DELETE", "readers?service=billing&subject=orders-value&origin=claim", None),
    ("POST", "deployments", DEPLOYMENT),
    *[("POST", "deployments", {**DEPLOYMENT, "version": f"1.{n}", "deployedAtMs": n}) for n in range(21)],
    ("GET", "deployments?environment=prod", None),
    ("POST", "verifications", VERIFICATION),
    ("DELETE", "verifications?consumer=b&consumerVersion=&subject=s&fingerprint=f", None),
    ("POST", "rollouts", ROLLOUT),
    ("GET", "rollouts?state=done", None),
    ("GET", "rollouts?state=running", None),
    ("POST", "exemptions", EXEMPTION),
    ("POST", "exemptions", {**EXEMPTION, "path": "a.b"}),
    ("GET", "exemptions?path=a.b", None),
    ("DELETE", "exemptions?contract=c&rule=R", None),
    ("GET", "exemptions", None),
]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serve() as server:
        yield server.url


def test_the_same_story_has_the_same_answers(url: str) -> None:
    memory = MemoryRegistry(VirtualClock())
    with (
        httpx2.Client(base_url=url) as real,
        httpx2.Client(transport=memory.transport, base_url=ADDRESS) as fake,
    ):
        for step in STORY:
            assert told(fake, step) == told(real, step), step


def told(client: httpx2.Client, step: Step) -> tuple[int, Any]:
    """The status and the body, but for times that the registry sets."""
    method, path, body = step
    answer = client.request(method, f"/accord/v1/{path}", content=None if body is None else json.dumps(body))
    return answer.status_code, json.loads(
        answer.content, object_hook=without_times
    ) if answer.content else None


def without_times(members: dict[str, Any]) -> dict[str, Any]:
    now_ms = members.get("reportedAtMs")
    return {name: value for name, value in members.items() if not name.endswith("AtMs") or value != now_ms}


def test_what_was_forgotten_is_not_found_by_a_client_either() -> None:
    client = MemoryRegistry(VirtualClock()).client
    report = ReaderReport(service="billing", subject="orders-value", origin="claim")

    client.report_reader(report)
    client.forget_report(report)

    assert client.readers() == []
    with pytest.raises(NotFound, match="There is no reader with service 'billing'"):
        client.forget_report(report)
