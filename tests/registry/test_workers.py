"""Worker processes: what they find out is what would be found out here, and none outlives its limit."""

import asyncio
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accord.registry.core.candidates import Candidate, Draft, Kept, TagsOf, TextOf
from accord.registry.core.checks import Check, Comparison
from accord.registry.core.thinking import Question, outcome_of
from accord.registry.workers import Busy, TooMuchWork, Workers
from accord.schemas import CompatibilityLevel, Metadata, Schema, SchemaType, Version

ORDER = Schema('{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}')
RENUMBERED = Schema(
    ORDER.text.replace('"string"', '"long"'), metadata=Metadata(properties={"owner": "sales"})
)


def draft(schema: Schema) -> Draft:
    return Draft(schema, (), normalize=False)


def candidate(schema: Schema) -> Candidate:
    return draft(schema).answer()


def check(*, explained: bool) -> Check:
    comparison = Comparison(((Version(1), Kept(ORDER, ())),), CompatibilityLevel.FULL)
    return Check(comparison, candidate(RENUMBERED), explained=explained)


def endless() -> Draft:
    """A schema that takes many seconds to read."""
    fields = ",".join(f'{{"name": "f{n}", "type": "int"}}' for n in range(400_000))
    return draft(Schema(f'{{"type": "record", "name": "R", "fields": [{fields}]}}'))


def wait_until_one_has_begun(workers: Workers) -> None:
    deadline = time.monotonic() + 10
    while not workers._all:
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    workers = Workers()
    yield workers
    workers.close()


@pytest.mark.parametrize(
    "question",
    [
        draft(ORDER),
        draft(Schema("{")),
        draft(Schema('{"type": "strin"}', SchemaType.JSON)),
        draft(Schema('syntax = "proto3"; message M { int32 a = 1; }', SchemaType.PROTOBUF)),
        check(explained=False),
        check(explained=True),
        Check(
            Comparison(((Version(1), Kept(Schema("{"), ())),), CompatibilityLevel.FULL),
            candidate(ORDER),
        ),
        TextOf(Kept(ORDER, ()), "resolved"),
        TagsOf(Kept(ORDER, ()), ("*",)),
    ],
    ids=lambda question: type(question).__name__,
)
def test_a_worker_finds_out_what_would_be_found_out_here(workers: Workers, question: Question[Any]) -> None:
    found, here = asyncio.run(workers.outcome_of(question)), outcome_of(question)

    assert type(found) is type(here)
    if isinstance(here, Exception):
        assert (str(found), found.__dict__) == (str(here), here.__dict__)
    else:
        assert found == here


@pytest.mark.soak
def test_what_takes_too_long_is_ended_and_the_next_question_is_answered() -> None:
    workers = Workers(limit_s=0.5)
    try:
        began = time.monotonic()
        outcome = asyncio.run(workers.outcome_of(endless()))
        assert isinstance(outcome, TooMuchWork)
        assert time.monotonic() - began < 30
        assert isinstance(asyncio.run(workers.outcome_of(draft(ORDER))), Candidate)
    finally:
        workers.close()


@pytest.mark.soak
def test_who_waits_for_a_worker_longer_than_one_may_take_is_told() -> None:
    workers = Workers(limit_s=0.5)

    async def crowd() -> list[object]:
        questions = [workers.outcome_of(endless()) for _ in range(8)]
        return list(await asyncio.gather(*questions, return_exceptions=True))

    try:
        outcomes = {type(outcome) for outcome in asyncio.run(crowd())}
    finally:
        workers.close()
    assert outcomes == {TooMuchWork, Busy}


def test_workers_are_ended_in_the_middle_of_a_thought() -> None:
    workers = Workers()

    async def story() -> float:
        thinking = asyncio.create_task(workers.outcome_of(endless()))
        await asyncio.to_thread(wait_until_one_has_begun, workers)
        began = time.monotonic()
        await asyncio.to_thread(workers.close)
        await thinking
        return time.monotonic() - began

    assert asyncio.run(story()) < 5


def test_a_worker_that_somebody_has_ended_meanwhile_is_replaced() -> None:
    workers = Workers()
    try:
        asyncio.run(workers.outcome_of(draft(ORDER)))
        (worker,) = workers._idle
        worker._process.kill()
        worker._process.wait()
        assert isinstance(asyncio.run(workers.outcome_of(draft(ORDER))), Candidate)
    finally:
        workers.close()


def test_the_limit_holds_where_the_server_lets_no_alarm_through() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    workers = Workers(limit_s=0.2)
    try:
        # The thread that starts the process takes the mask of this one.
        assert isinstance(asyncio.run(workers.outcome_of(endless())), TooMuchWork)
    finally:
        workers.close()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def test_whatever_lies_in_the_path_of_this_process_workers_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, Path("there")])
    workers = Workers()
    try:
        assert isinstance(asyncio.run(workers.outcome_of(draft(ORDER))), Candidate)
    finally:
        workers.close()
