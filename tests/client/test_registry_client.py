"""The driver over a transport in this process: what it repeats, what it remembers, what it never does."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from accord.client import NotFound, Patience, RegisteredSchema, Registry, RegistryUnavailable
from accord.client.flights import SingleFlight
from accord.errors import ConfigurationError, UnavailableError
from accord.schemas import Schema, SchemaId, Subject, Version

TEXT = '"string"'


class Answers:
    """A registry that gives these answers in turn, the last one for ever, and remembers what it was asked."""

    def __init__(self, *answers: httpx2.Response | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[httpx2.Request] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def registry(
    answers: Callable[[httpx2.Request], httpx2.Response], *, waits: list[float] | None = None, tries: int = 4
) -> Registry:
    return Registry(
        "http://registry.example",
        transport=httpx2.MockTransport(answers),
        patience=Patience(tries=tries),
        sleep=(waits if waits is not None else []).append,
        dice=lambda: 1.0,
    )


def schema_answer() -> httpx2.Response:
    return httpx2.Response(200, json={"schema": TEXT})


def placed_answer() -> httpx2.Response:
    return httpx2.Response(200, json={"subject": "s", "version": 3, "id": 7, "schema": TEXT})


def test_a_schema_is_asked_for_once_in_a_lifetime() -> None:
    answers = Answers(schema_answer())
    client = registry(answers)
    assert [client.schema_by_id(SchemaId(7)) for _ in range(3)] == [Schema(TEXT)] * 3
    assert [request.url.path for request in answers.asked] == ["/schemas/ids/7"]


def test_a_lookup_is_remembered_by_subject_and_text() -> None:
    answers = Answers(placed_answer())
    client = registry(answers)
    client.lookup("s", Schema(TEXT))
    client.lookup("s", Schema(TEXT))
    client.lookup("other", Schema(TEXT))
    client.lookup("s", Schema('"int"'))
    assert len(answers.asked) == 3


def test_a_registration_is_a_lookup_that_needs_no_asking() -> None:
    answers = Answers(httpx2.Response(200, json={"id": 7, "version": 3}))
    client = registry(answers)
    registered = client.register("s", Schema(TEXT))
    assert registered == RegisteredSchema(Subject("s"), Version(3), SchemaId(7), Schema(TEXT))
    assert client.lookup("s", Schema(TEXT)) == registered
    assert len(answers.asked) == 1


def test_an_older_registry_is_asked_for_the_version_too() -> None:
    answers = Answers(httpx2.Response(200, json={"id": 7}), placed_answer())
    assert registry(answers).register("s", Schema(TEXT)).version == 3
    assert [request.url.path for request in answers.asked] == ["/subjects/s/versions", "/subjects/s"]


@pytest.mark.parametrize(
    "trouble",
    [
        httpx2.ConnectError("refused"),
        httpx2.ReadTimeout("slow"),
        httpx2.RemoteProtocolError("cut"),
        httpx2.Response(503),
        httpx2.Response(429),
        httpx2.Response(500, json={"error_code": 50003, "message": "forwarding"}),
    ],
)
def test_passing_trouble_is_sat_out(trouble: httpx2.Response | Exception) -> None:
    answers, waits = Answers(trouble, trouble, schema_answer()), list[float]()
    assert registry(answers, waits=waits).schema_by_id(SchemaId(7)) == Schema(TEXT)
    assert waits == [0.1, 0.2]


def test_lasting_trouble_is_told_after_a_few_tries() -> None:
    answers, waits = Answers(httpx2.ConnectError("refused")), list[float]()
    with pytest.raises(RegistryUnavailable, match="refused") as caught:
        registry(answers, waits=waits, tries=8).schema_by_id(SchemaId(7))
    assert len(answers.asked) == 8
    assert waits == [0.1, 0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
    assert caught.value.retryable
    assert isinstance(caught.value, UnavailableError)


def test_without_patience_the_registry_is_asked_once() -> None:
    answers = Answers(httpx2.ConnectError("refused"))
    with pytest.raises(RegistryUnavailable):
        registry(answers).schema_by_id(SchemaId(7), patient=False)
    assert len(answers.asked) == 1


def test_a_failure_is_not_remembered() -> None:
    answers = Answers(httpx2.Response(404, json={"error_code": 40403, "message": "no"}), schema_answer())
    client = registry(answers)
    with pytest.raises(NotFound):
        client.schema_by_id(SchemaId(7))
    assert client.schema_by_id(SchemaId(7)) == Schema(TEXT)


def test_a_deletion_is_never_repeated() -> None:
    answers = Answers(httpx2.ReadTimeout("slow"))
    with pytest.raises(RegistryUnavailable):
        registry(answers).delete_subject("s")
    assert len(answers.asked) == 1


def test_threads_that_miss_together_ask_together() -> None:
    everyone_waits = threading.Barrier(8)
    asked = []

    def slow(_: httpx2.Request) -> httpx2.Response:
        asked.append(1)
        return schema_answer()

    client = registry(slow)

    def ask() -> Schema:
        everyone_waits.wait(10)
        return client.schema_by_id(SchemaId(7))

    with ThreadPoolExecutor(8) as pool:
        found = [pool.submit(ask) for _ in range(8)]
        assert {future.result(10) for future in found} == {Schema(TEXT)}
    assert len(asked) == 1


def test_a_flight_that_fails_fails_for_everyone_on_board_and_nobody_later() -> None:
    flights: SingleFlight[str, int] = SingleFlight()
    errors: list[ValueError] = []

    def join_the_flight() -> None:
        try:
            flights.get("key", lambda: pytest.fail("asked a second time"))
        except ValueError as error:
            errors.append(error)

    def fail() -> int:
        second.start()
        waiting = getattr(flights._flights["key"], "_condition")._waiters  # noqa: B009 -- nobody else tells who waits
        deadline = time.monotonic() + 10
        while not waiting and time.monotonic() < deadline:
            time.sleep(0.001)
        raise ValueError("down")

    second = threading.Thread(target=join_the_flight)
    with pytest.raises(ValueError, match="down"):
        flights.get("key", fail)
    second.join(10)
    assert len(errors) == 1
    assert flights.get("key", lambda: 7) == 7


def test_references_are_fetched_once_and_in_the_order_of_need() -> None:
    schemas = {
        "/subjects/order/versions/1": ("order", [("Line", "line", 1), ("Money", "money", 1)]),
        "/subjects/line/versions/1": ("line", [("Money", "money", 1)]),
        "/subjects/money/versions/1": ("money", []),
    }
    asked = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request.url.path)
        text, references = schemas[request.url.path]
        body = {
            "subject": text,
            "version": 1,
            "id": 1,
            "schema": text,
            "references": [
                {"name": name, "subject": subject, "version": version}
                for name, subject, version in references
            ],
        }
        return httpx2.Response(200, json=body)

    client = registry(answer)
    order = client.version("order", 1).schema
    assert [schema.text for schema in client.referenced_by(order).values()] == ["money", "line"]
    assert asked.count("/subjects/money/versions/1") == 1


def test_credentials_are_sent_and_never_shown() -> None:
    answers = Answers(httpx2.ConnectError("refused"))
    client = Registry(
        "http://user:secret@registry.example/api/",
        transport=httpx2.MockTransport(answers),
        patience=Patience(tries=1),
    )
    with pytest.raises(RegistryUnavailable) as caught:
        client.subjects()
    assert str(answers.asked[0].url) == "http://registry.example/api/subjects"
    assert answers.asked[0].headers["Authorization"].startswith("Basic ")
    assert "secret" not in str(caught.value) + caught.value.hint + client.url


def test_an_address_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="localhost:8081"):
        Registry("localhost:8081")


def test_nobody_listening_is_told_in_words() -> None:
    with pytest.raises(RegistryUnavailable, match=r"http://127\.0\.0\.1:9 does not answer") as caught:
        Registry("http://127.0.0.1:9", patience=Patience(tries=1)).subjects()
    assert "check the address" in caught.value.hint
