"""The registry in this process, as tests of services use it."""

import builtins
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest

import accord
from accord.client import ReaderReport
from accord.testing import LoopbackRegistry, registry


@dataclass(frozen=True, slots=True)
class OrderCreated:
    order_id: str


ORDERS = accord.contract("orders", OrderCreated)


@pytest.fixture(scope="module")
def shared() -> Iterator[LoopbackRegistry]:
    """Starting and ending takes a fifth of a second: one for all of these."""
    with registry() as served:
        served.register(ORDERS)
        yield served


def test_what_is_registered_is_found(shared: LoopbackRegistry) -> None:
    assert shared.client().latest("orders-value").schema == ORDERS.schema


def test_who_reads_what_is_told_here(shared: LoopbackRegistry) -> None:
    shared.client().report_reader(ReaderReport(service="billing", subject="orders-value", origin="observed"))
    assert [(one.service, one.subject) for one in shared.readers()] == [("billing", "orders-value")]


def test_clients_meet_an_outage_and_its_end(shared: LoopbackRegistry) -> None:
    client = shared.client()
    client.subjects()

    shared.down()
    for asking in (client, shared.client()):
        with pytest.raises(accord.RegistryUnavailable):
            asking.subjects()
    shared.down()
    shared.up()
    shared.up()

    assert client.subjects() == ["orders-value"]
    assert shared.client().subjects() == ["orders-value"]


def test_answers_take_as_long_as_was_asked_for(shared: LoopbackRegistry) -> None:
    client = shared.client()
    shared.answer_after(0.1)
    began = time.monotonic()

    client.subjects()
    shared.answer_after(0)

    assert time.monotonic() - began >= 0.1


def test_each_registry_is_empty_at_first_and_gone_in_the_end() -> None:
    with registry() as served:
        client = accord.Registry(served.url, timeout_s=1)
        assert client.subjects() == []

    with pytest.raises(accord.RegistryUnavailable):
        client.subjects()


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    imported = builtins.__import__

    def without_uvicorn(
        name: str,
        globals: Mapping[str, object] | None = None,
        locals: Mapping[str, object] | None = None,
        fromlist: Sequence[str] | None = (),
        level: int = 0,
    ) -> object:
        if name == "accord.registry.http.server":
            raise ModuleNotFoundError("No module named 'uvicorn'", name="uvicorn")
        return imported(name, globals, locals, fromlist, level)

    monkeypatch.setattr(builtins, "__import__", without_uvicorn)

    with pytest.raises(accord.ConfigurationError, match="'uvicorn'") as refused, registry():
        pass

    assert "accord-kafka[server]" in refused.value.hint
