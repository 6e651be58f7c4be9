"""Many who miss the same answer at the same time: one question, among threads and among tasks."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from accord.client import AsyncRegistry, ClientClosed, NotFound, Registry
from accord.client.flights import SingleFlight
from accord.client.memory import Memory
from accord.client.task_flights import TaskFlights
from accord.errors import ConfigurationError
from accord.schemas import Schema, SchemaId

TEXT = '"string"'


def memory() -> Memory[str, int]:
    return Memory(10, lambda: 0.0)


# Threads


def test_threads_that_miss_together_ask_together() -> None:
    everyone_waits = threading.Barrier(8)
    asked = []

    def answer(_: httpx2.Request) -> httpx2.Response:
        asked.append(1)
        return httpx2.Response(200, json={"schema": TEXT})

    client = Registry("http://registry.example", transport=httpx2.MockTransport(answer))

    def ask() -> Schema:
        everyone_waits.wait(10)
        return client.schema_by_id(SchemaId(7))

    with ThreadPoolExecutor(8) as pool:
        found = [pool.submit(ask) for _ in range(8)]
        assert {future.result(10) for future in found} == {Schema(TEXT)}
    assert len(asked) == 1


def wait_for_passengers(flights: SingleFlight[str, int]) -> None:
    (flight,) = flights._flights.values()
    waiting = getattr(flight, "_condition")._waiters  # noqa: B009 -- nobody else tells who waits
    deadline = time.monotonic() + 10
    while not waiting and time.monotonic() < deadline:
        time.sleep(0.001)


def test_a_flight_that_fails_fails_for_everyone_on_board_and_nobody_later() -> None:
    flights = SingleFlight(memory())
    errors: list[ValueError] = []

    def join_the_flight() -> None:
        try:
            flights.get("key", lambda: pytest.fail("asked a second time"))
        except ValueError as error:
            errors.append(error)

    def fail() -> int:
        second.start()
        wait_for_passengers(flights)
        raise ValueError("down")

    second = threading.Thread(target=join_the_flight)
    with pytest.raises(ValueError, match="down"):
        flights.get("key", fail)
    second.join(10)
    assert len(errors) == 1
    assert flights.get("key", lambda: 7) == 7


def test_what_ends_the_thread_that_asks_makes_the_others_ask_themselves() -> None:
    flights = SingleFlight(memory())
    with ThreadPoolExecutor(1) as pool:
        found = []

        def end_the_thread() -> int:
            found.append(pool.submit(flights.get, "key", lambda: 7))
            wait_for_passengers(flights)
            raise SystemExit

        with pytest.raises(SystemExit):
            flights.get("key", end_the_thread)
        assert found[0].result(10) == 7


def test_a_thread_that_asks_in_another_manner_asks_itself() -> None:
    flights = SingleFlight(memory())
    inner = []

    def fail() -> int:
        inner.append(flights.get("key", lambda: 7, manner="patiently"))
        raise ValueError("at the first denial")

    with pytest.raises(ValueError, match="denial"):
        flights.get("key", fail, manner="at once")
    assert inner == [7]


def test_what_is_forgotten_while_it_is_asked_is_not_remembered_afterwards() -> None:
    flights = SingleFlight(memory())

    def forget_and_answer() -> int:
        flights.forget(lambda key: key == "key")
        return 1

    assert flights.get("key", forget_and_answer) == 1
    assert flights.get("key", lambda: 2) == 2


# Tasks


class Question:
    """Answers when it is told to, and counts how often it was asked and dropped."""

    def __init__(self) -> None:
        self.answer = asyncio.Event()
        self.asked = 0
        self.dropped = 0
        self.error: Exception | None = None

    async def __call__(self) -> int:
        self.asked += 1
        try:
            await self.answer.wait()
        except asyncio.CancelledError:
            self.dropped += 1
            raise
        if self.error:
            raise self.error
        return self.asked


def running(story: Callable[[TaskFlights[str, int], Question], Coroutine[Any, Any, None]]) -> None:
    async def tell() -> None:
        flights = TaskFlights(memory())
        await asyncio.wait_for(story(flights, Question()), 10)
        assert not flights._tasks

    asyncio.run(tell(), debug=True)


async def boarded(flights: TaskFlights[str, int], question: Question, number: int) -> list[asyncio.Task[int]]:
    """So many tasks that wait for the answer."""
    tasks = [asyncio.create_task(flights.get("key", question)) for _ in range(number)]
    for _ in range(3):  # They board, the question starts, it waits.
        await asyncio.sleep(0)
    assert [flight.waiting for flight in flights._flights.values()] == [number]
    return tasks


def test_tasks_that_miss_together_ask_together() -> None:
    async def story(flights: TaskFlights[str, int], question: Question) -> None:
        waiters = await boarded(flights, question, 8)
        question.answer.set()
        assert await asyncio.gather(*waiters) == [1] * 8
        assert await flights.get("key", question) == 1
        assert question.asked == 1

    running(story)


def test_who_stops_waiting_leaves_the_others_their_answer() -> None:
    async def story(flights: TaskFlights[str, int], question: Question) -> None:
        first, second, third = await boarded(flights, question, 3)
        first.cancel()  # The one that began.
        third.cancel()
        await asyncio.wait([first, third])
        assert first.cancelled()
        assert third.cancelled()
        question.answer.set()
        assert await second == 1
        assert question.dropped == 0

    running(story)


def test_when_nobody_waits_any_more_the_question_is_dropped() -> None:
    async def story(flights: TaskFlights[str, int], question: Question) -> None:
        waiters = await boarded(flights, question, 2)
        for waiter in waiters:
            waiter.cancel()
        await asyncio.wait(waiters)
        (late,) = await boarded(flights, question, 1)
        question.answer.set()
        assert await late == 2
        assert (question.asked, question.dropped) == (2, 1)

    running(story)


def test_nobody_boards_a_question_that_is_being_dropped() -> None:
    async def story(flights: TaskFlights[str, int], question: Question) -> None:
        dropped = asyncio.Event()

        async def linger() -> int:
            try:
                return await question()
            finally:
                dropped.set()
                await asyncio.sleep(0)

        waiter = asyncio.create_task(flights.get("key", linger))
        for _ in range(3):
            await asyncio.sleep(0)
        waiter.cancel()
        await dropped.wait()
        question.answer.set()
        assert await flights.get("key", question) == 2

    running(story)


def test_tasks_that_ask_in_different_manners_ask_apart() -> None:
    async def story(flights: TaskFlights[str, int], question: Question) -> None:
        async def fail() -> int:
            await question()
            raise ValueError("at the first denial")

        impatient = asyncio.create_task(flights.get("key", fail, manner="at once"))
        patient = asyncio.create_task(flights.get("key", question, manner="patiently"))
        for _ in range(3):
            await asyncio.sleep(0)
        question.answer.set()
        assert await patient == 2
        with pytest.raises(ValueError, match="denial"):
            await impatient

    running(story)


def test_a_question_that_fails_fails_for_all_who_wait_and_nobody_later() -> None:
    async def story(flights: TaskFlights[str, int], question: Question) -> None:
        waiters = await boarded(flights, question, 2)
        question.error = ValueError("down")
        question.answer.set()
        assert [str(error) for error in await asyncio.gather(*waiters, return_exceptions=True)] == [
            "down"
        ] * 2
        question.error = None
        assert await flights.get("key", question) == 2

    running(story)


def test_a_failure_that_nobody_waits_for_any_more_is_no_alarm() -> None:
    async def story(flights: TaskFlights[str, int], question: Question) -> None:
        (waiter,) = await boarded(flights, question, 1)
        question.error = ValueError("down")
        question.answer.set()
        await asyncio.sleep(0)
        waiter.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiter

    running(story)


def test_what_tasks_forget_while_it_is_asked_is_not_remembered_afterwards() -> None:
    async def story(flights: TaskFlights[str, int], question: Question) -> None:
        (waiter,) = await boarded(flights, question, 1)
        flights.forget(lambda key: key == "key")
        question.answer.set()
        assert await waiter == 1
        assert await flights.get("key", question) == 2

    running(story)


def test_closing_tells_whoever_waits() -> None:
    async def story(flights: TaskFlights[str, int], question: Question) -> None:
        waiters = await boarded(flights, question, 2)
        await flights.aclose()
        for error in await asyncio.gather(*waiters, return_exceptions=True):
            assert isinstance(error, ClientClosed)

    running(story)


def test_a_registrys_tasks_share_one_request_and_a_timeout_of_one_harms_no_other() -> None:
    async def story() -> None:
        asked, answer = [], asyncio.Event()

        async def slow(request: httpx2.Request) -> httpx2.Response:
            asked.append(request)
            await answer.wait()
            return httpx2.Response(200, json={"schema": TEXT})

        async with AsyncRegistry("http://registry.example", transport=httpx2.MockTransport(slow)) as client:
            patient = [asyncio.create_task(client.schema_by_id(7)) for _ in range(5)]
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.schema_by_id(7), 0.05)
            answer.set()
            assert await asyncio.gather(*patient) == [Schema(TEXT)] * 5
        assert len(asked) == 1

    asyncio.run(story())


def test_an_asynchronous_client_belongs_to_one_event_loop() -> None:
    async def ask(client: AsyncRegistry) -> Schema:
        return await client.schema_by_id(7)

    def answer(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"schema": TEXT})

    client = AsyncRegistry("http://registry.example", transport=httpx2.MockTransport(answer))
    with asyncio.Runner() as runner:
        assert runner.run(ask(client)) == Schema(TEXT)
        with ThreadPoolExecutor(1) as pool, pytest.raises(ConfigurationError, match="another event loop"):
            pool.submit(asyncio.run, ask(client)).result(10)
        runner.run(client.aclose())
    for late in (ask, AsyncRegistry.aclose):
        with pytest.raises(ConfigurationError, match="another event loop"):
            asyncio.run(late(client))


def test_who_is_patient_gets_no_denial_of_one_who_is_not() -> None:
    asked, known = threading.Event(), threading.Event()

    def answer(_: httpx2.Request) -> httpx2.Response:
        if known.is_set():
            return httpx2.Response(200, json={"schema": TEXT})
        asked.set()
        assert known.wait(10)
        return httpx2.Response(404, json={"error_code": 40403, "message": "not yet"})

    with (
        Registry("http://registry.example", transport=httpx2.MockTransport(answer)) as client,
        ThreadPoolExecutor(2) as pool,
    ):
        impatient = pool.submit(client.schema_by_id, 7, patient=False)
        assert asked.wait(10)
        asked.clear()
        patient = pool.submit(client.schema_by_id, 7)
        asked.wait(1)  # It asks too.
        known.set()
        with pytest.raises(NotFound):
            impatient.result(10)
        assert patient.result(10) == Schema(TEXT)


def test_who_stops_waiting_for_a_change_does_not_believe_that_nothing_changed() -> None:
    async def story() -> None:
        asked = []

        async def answer(request: httpx2.Request) -> httpx2.Response:
            asked.append(request.method)
            if request.method == "DELETE":
                await asyncio.Event().wait()
            return httpx2.Response(200, json={"subject": "s", "version": 1, "id": 7, "schema": TEXT})

        async with AsyncRegistry("http://registry.example", transport=httpx2.MockTransport(answer)) as client:
            await client.lookup("s", Schema(TEXT))
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.delete_subject("s"), 0.05)
            await client.lookup("s", Schema(TEXT))
        assert asked == ["POST", "DELETE", "POST"]

    asyncio.run(story())
