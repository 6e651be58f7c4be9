"""Answers are recalled as long as they are true, and only to who asks the same."""

from typing import Any

import pytest

from accord.registry.core.commands import RegisterSchema
from accord.registry.core.decide import decide
from accord.registry.core.state import RegistryState
from accord.registry.http.recall import Recalled
from accord.registry.log.memory import MemoryLog
from accord.schemas import Schema, Subject


def changed(state: RegistryState) -> None:
    for event in decide(state, RegisterSchema(Subject("s"), Schema('"int"'))):
        state.apply(event, 0)


def test_an_answer_is_recalled_until_the_state_changes() -> None:
    state = RegistryState()
    recalled = Recalled[str](state)
    recalled.keep("question", "answer", found_in=state.revision, weight_bytes=1)
    assert recalled.recall("question") == "answer"
    assert recalled.recall("another question") is None

    changed(state)
    assert recalled.recall("question") is None


def test_an_answer_that_was_found_before_a_change_is_not_kept() -> None:
    state = RegistryState()
    recalled = Recalled[str](state)
    before = state.revision
    changed(state)
    assert recalled.recall("question") is None

    recalled.keep("question", "answer", found_in=before, weight_bytes=1)
    assert recalled.recall("question") is None


def test_what_is_kept_is_bounded() -> None:
    state = RegistryState()
    recalled = Recalled[int](state)
    recalled.keep("huge", 0, found_in=state.revision, weight_bytes=100 << 10)
    assert recalled.recall("huge") is None

    for number in range(5_000):
        recalled.keep(number, number, found_in=state.revision, weight_bytes=16 << 10)
    kept = sum(recalled.recall(number) is not None for number in range(5_000))
    assert 0 < kept <= 1024

    for number in range(100_000):
        recalled.keep(number, number, found_in=state.revision, weight_bytes=1)
    assert sum(recalled.recall(number) is not None for number in range(100_000)) <= 1 << 15


@pytest.mark.parametrize(
    "line",
    [
        "GET /schemas/ids/1",
        "GET /schemas/ids/1/schema",
        "GET /subjects/s/versions/latest",
        "GET /subjects/s/versions/1",
        "GET /contexts/:.:/subjects/s/versions/1/schema",
    ],
)
def test_who_asks_otherwise_is_answered_otherwise(line: str, in_process: Any) -> None:
    """Asked twice each, so that the second answer may be recalled; path, query, method and Accept all count."""
    v1, plain = "application/vnd.schemaregistry.v1+json", "application/json"
    with in_process(MemoryLog()) as registry:
        registry.ask("POST /subjects/s/versions", {"schema": '"int"'})
        for _ in range(2):
            first = registry.ask(line, headers={"accept": v1, "x-request-id": "mine"})
            other = registry.ask(line, headers={"accept": plain})
            refused = registry.ask(line, headers={"accept": "text/html"})
            absent = registry.ask(f"{line}?subject=:.no:")
            head = registry.ask(line.replace("GET", "HEAD"))
            assert (first.headers["content-type"], other.headers["content-type"]) == (v1, plain)
            assert (first.headers["x-request-id"], other.headers["x-request-id"] == "mine") == ("mine", False)
            assert first.content == other.content
            assert refused.status_code == 406
            assert absent.status_code == (404 if "ids" in line else 200)
            assert head.status_code == 200
        metrics = registry.ask("GET /metrics").text
        registry.ask("DELETE /subjects/s")
        registry.ask("DELETE /subjects/s?permanent=true")
        assert registry.ask(line, headers={"accept": v1}).status_code == 404

    route = 'route="/schemas/ids/{id}' if "ids" in line else 'route="/subjects/{subject}/versions/{version}'
    assert [part for part in metrics.splitlines() if route in part and "_count" in part]
