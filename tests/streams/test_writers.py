"""An unknown id is a fault of the record; anything else that keeps the registry from answering is not."""

import logging
from collections.abc import Callable

import httpx2
import pytest

from accord.client import Registry
from accord.schemas import SchemaId
from accord.streams.faults import BadRecord
from accord.streams.writers import RegistryWait, WriterSchemas

ID = SchemaId(7)


class World:
    """A clock that is moved by hand, and a registry that answers as it is told."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.answer: Callable[[], httpx2.Response] = lambda: httpx2.Response(200, json={"schema": '"string"'})
        self.asked = 0
        registry = Registry("http://registry.example", transport=httpx2.MockTransport(self._respond))
        self.writers = WriterSchemas(registry, clock=lambda: self.now, dice=lambda: 0.0)

    def _respond(self, _: httpx2.Request) -> httpx2.Response:
        self.asked += 1
        return self.answer()

    def wait_s(self, schema_id: SchemaId = ID) -> float:
        with pytest.raises(RegistryWait) as caught:
            self.writers.get(schema_id)
        return caught.value.after_s


@pytest.fixture
def world() -> World:
    return World()


def unknown() -> httpx2.Response:
    return httpx2.Response(404, json={"error_code": 40403, "message": "Schema 7 not found"})


def refused() -> httpx2.Response:
    raise httpx2.ConnectError("refused")


OUTAGES: list[Callable[[], httpx2.Response]] = [
    refused,
    lambda: httpx2.Response(503),
    lambda: httpx2.Response(500, json={"error_code": 50001, "message": "store"}),
    lambda: httpx2.Response(429),
    lambda: httpx2.Response(401, json={"error_code": 40101, "message": "who"}),
    lambda: httpx2.Response(403),
    lambda: httpx2.Response(404, text="<html>"),
    lambda: httpx2.Response(404, json={"error_code": 40401, "message": "Subject not found"}),
    lambda: httpx2.Response(200, text="<html>"),
]


@pytest.mark.parametrize("answer", OUTAGES)
def test_an_outage_is_waited_for_however_long_it_takes(
    world: World, answer: Callable[[], httpx2.Response]
) -> None:
    world.answer = answer
    for _ in range(50):
        world.now += world.wait_s()


def test_while_it_is_out_the_registry_is_left_alone_and_then_asked_less_and_less(world: World) -> None:
    world.answer = refused
    waits = []
    for _ in range(9):
        waits.append(world.wait_s())
        asked = world.asked
        world.now += waits[-1] / 2
        assert world.wait_s(SchemaId(8)) == pytest.approx(waits[-1] / 2)
        assert world.asked == asked
        world.now += waits[-1] / 2
    assert waits == [0.25, 0.5, 1, 2, 4, 8, 15, 15, 15]


def test_when_it_is_back_the_schema_comes(world: World) -> None:
    world.answer = refused
    world.now += world.wait_s()
    world.answer = lambda: httpx2.Response(200, json={"schema": '"string"'})
    assert world.writers.get(ID).schema.text == '"string"'
    world.answer = refused
    assert world.wait_s(SchemaId(8)) == 0.25


def test_a_long_outage_raises_an_alarm(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.answer = refused
    while world.now < 1000 + 40:
        world.now += world.wait_s()
    levels = [record.levelno for record in caplog.records if "wait for the registry" in record.message]
    assert levels[0] == logging.WARNING
    assert levels[-1] == logging.ERROR


def test_an_unknown_id_is_asked_for_several_times_before_it_is_believed(world: World) -> None:
    world.answer = unknown
    for _ in range(2):
        world.now += world.wait_s()
    with pytest.raises(BadRecord) as caught:
        world.writers.get(ID)
    assert caught.value.fault.code == "UNKNOWN_SCHEMA_ID"
    assert caught.value.fault.schema_id == 7
    assert world.asked == 3


def test_a_flood_of_unknown_ids_is_not_passed_on_to_the_registry(world: World) -> None:
    world.answer = unknown
    for _ in range(2):
        world.now += world.wait_s()
    for _ in range(100):
        with pytest.raises(BadRecord):
            world.writers.get(ID)
    assert world.asked == 3


def test_an_id_that_becomes_known_later_is_found(world: World) -> None:
    world.answer = unknown
    for _ in range(2):
        world.now += world.wait_s()
    with pytest.raises(BadRecord):
        world.writers.get(ID)
    world.answer = lambda: httpx2.Response(200, json={"schema": '"string"'})
    world.now += 61
    assert world.writers.get(ID).schema.text == '"string"'


def test_an_unknown_id_does_not_hold_up_known_ones(world: World) -> None:
    world.answer = unknown
    world.wait_s()
    world.answer = lambda: httpx2.Response(200, json={"schema": '"string"'})
    assert world.writers.get(SchemaId(8)).schema.text == '"string"'


def test_a_denial_between_two_outages_counts_once(world: World) -> None:
    world.answer = unknown
    world.now += world.wait_s()
    world.answer = refused
    world.now += world.wait_s()
    world.answer = unknown
    world.now += world.wait_s()
    with pytest.raises(BadRecord):
        world.writers.get(ID)
