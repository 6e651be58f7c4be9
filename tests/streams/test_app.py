"""Applications on a broker in this process: what runs, what is published, and how they stop and fail."""

import asyncio
import os
import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import accord
from accord.codecs import framing
from accord.errors import ConfigurationError
from accord.kafka import OutgoingRecord
from accord.streams.app import App
from accord.streams.dedupe import Dedupe, MemoryMarks
from accord.streams.file_marks import FileMarks
from accord.streams.groups import Dlq
from accord.streams.handlers import EVENT_ID, Context

Until = Callable[[Callable[[], object]], None]


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    order_id: str


@dataclass(frozen=True, slots=True)
class Invoice:
    order_id: str


ORDERS = accord.contract("orders", Order)
CANCELLED = accord.contract("orders", Cancelled, subject=accord.SubjectNaming.TOPIC_RECORD)
INVOICES = accord.contract("invoices", Invoice)


@pytest.fixture
def app(mock: Any, registry: Any) -> App:
    registry.add(ORDERS.subject, ORDERS.schema)
    registry.add(INVOICES.subject, INVOICES.schema)
    registry.add(CANCELLED.subject, CANCELLED.schema)
    return App(mock.settings(), registry.client, budget_s=5.0)


@pytest.fixture
def write(mock: Any) -> Callable[..., None]:
    """Put events on ``orders``; the key is the order's id up to its hyphen."""
    prefixes: dict[type, tuple[int, Any]] = {Order: (1, ORDERS), Cancelled: (3, CANCELLED)}

    def write(*events: Any) -> None:
        records = []
        for event in events:
            number, contract = prefixes[type(event)]
            key = event.order_id.partition("-")[0].encode()
            records.append(OutgoingRecord("orders", key, framing.prefixed(number, contract.encode(event))))
        mock.write(*records)

    return write


def invoices(mock: Any) -> list[str]:
    return [INVOICES.codec.decode(record.value[5:]).order_id for record in mock.records("invoices")]


def declare(app: App, kind: str, function: Callable[[Any], Any], *contracts: Any, **choices: Any) -> None:
    """Declare a handler as a function or as a coroutine."""
    choices = {"group": "billing", "retry": accord.Retry(2, accord.Backoff(first_s=0.01)), **choices}
    if kind == "function":
        app.on(*contracts, **choices)(function)
    else:

        async def handle(event: Any) -> Any:
            await asyncio.sleep(0)
            return function(event)

        app.on(*contracts, **choices)(handle)


def until_it_fails(app: App, patiently: Until) -> None:
    with app.running():
        patiently(lambda: not app.health().alive)


def order_id_of(record: accord.Record[Any]) -> str:
    assert isinstance(record.value, Order)
    return record.value.order_id


@pytest.fixture(params=["function", "coroutine"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_what_a_handler_returns_is_published_and_acknowledged_before_the_offset_moves(
    app: App, mock: Any, write: Any, patiently: Until, kind: str
) -> None:
    write(*(Order(f"{letter}-{number}") for number in range(10) for letter in "ab"))
    declare(app, kind, lambda order: Invoice(order.order_id), ORDERS, publishes=INVOICES, workers=4)
    with app.running():
        assert app.health().ready
        patiently(lambda: app.health().groups[0].stats.done == 20)
    assert sorted(invoices(mock)) == sorted(f"{letter}-{number}" for number in range(10) for letter in "ab")
    assert sum(mock.committed("billing", "orders").values()) == 20
    record = mock.records("invoices")[0]
    assert EVENT_ID in dict(record.headers)
    assert record.key in (b"a", b"b")


def test_when_what_is_returned_cannot_be_published_the_offset_stays_and_the_application_stops(
    app: App, mock: Any, write: Any, patiently: Until, kind: str
) -> None:
    declare(app, kind, lambda order: Invoice(order.order_id), ORDERS, publishes=INVOICES)
    write(Order("a-1"))
    mock.fail(mock.PRODUCE, mock.TOPIC_AUTHORIZATION_FAILED, times=1000)
    with pytest.raises(accord.DeliveryFailed):
        until_it_fails(app, patiently)
    assert sum(mock.committed("billing", "orders").values()) == 0


def test_workers_keep_the_order_of_each_key(app: App, write: Any, patiently: Until) -> None:
    write(*(Order(f"{letter}-{number}") for number in range(20) for letter in "abcdef"))
    seen: dict[str, list[int]] = defaultdict(list)

    def handle(order: Order) -> None:
        letter, number = order.order_id.split("-")
        seen[letter].append(int(number))

    declare(app, "coroutine", handle, ORDERS, workers=4)
    with app.running():
        patiently(lambda: app.health().groups[0].stats.done == 120)
    assert seen == {letter: list(range(20)) for letter in "abcdef"}


def test_events_of_one_topic_go_to_their_handlers(app: App, write: Any, patiently: Until) -> None:
    write(Order("a-1"), Cancelled("a-1"), Order("a-2"))
    seen: list[Any] = []
    app.on(ORDERS, group="billing")(lambda event: seen.append(("ordered", event)))
    app.on(CANCELLED, group="billing")(lambda event: seen.append(("cancelled", event)))
    with app.running():
        patiently(lambda: len(seen) == 3)
    assert seen == [("ordered", Order("a-1")), ("cancelled", Cancelled("a-1")), ("ordered", Order("a-2"))]


def test_a_failing_handler_ends_in_a_dead_letter_and_publishes_nothing(
    app: App, mock: Any, write: Any, patiently: Until
) -> None:
    write(Order("a-1"))

    @app.on(ORDERS, group="billing", publishes=INVOICES, retry=accord.Retry(2, accord.Backoff(first_s=0.01)))
    def bill(order: Order, context: Context) -> None:
        context.send(INVOICES, Invoice(order.order_id))
        raise ValueError("no such customer")

    with app.running():
        patiently(lambda: app.health().groups[0].stats.dead_lettered == {"HANDLER_FAILED": 1})
    assert mock.records("invoices") == []


@pytest.mark.parametrize(
    ("kind", "store"), [("function", "memory"), ("function", "file"), ("coroutine", "file")]
)
def test_a_record_that_was_handled_is_passed_over_when_it_comes_again(
    app: App, mock: Any, write: Any, patiently: Until, tmp_path: Path, *, kind: str, store: str
) -> None:
    marks = FileMarks(tmp_path / "marks.db") if store == "file" else MemoryMarks()
    dedupe = Dedupe("1h", by=order_id_of, marks=marks)
    write(Order("a-1"), Order("a-1"), Order("a-2"))
    seen: list[str] = []

    def bill(order: Order) -> Invoice:
        seen.append(order.order_id)
        return Invoice(order.order_id)

    declare(app, kind, bill, ORDERS, publishes=INVOICES, dedupe=dedupe)
    with app.running():
        patiently(lambda: app.health().groups[0].stats.done == 3)
        assert app.health().groups[0].deduplicated == 1
    assert seen == ["a-1", "a-2"] == sorted(invoices(mock))


def test_nothing_is_handled_before_everything_is_there(app: App, mock: Any, write: Any) -> None:
    write(Order("a-1"))
    seen: list[Any] = []
    app.on(ORDERS, group="billing")(seen.append)
    app.on(INVOICES, group="archive")(seen.append)
    mock.create_topic("invoices")
    mock.forget_topic("invoices-dlq")
    with pytest.raises(accord.TopicNotFound, match="dead-letter topic 'invoices-dlq'"), app.running():
        pass
    assert seen == []


@pytest.mark.parametrize(("missing", "kind"), [("topic", "coroutine"), ("schema", "function")])
def test_what_cannot_be_published_is_told_at_the_start(app: App, mock: Any, missing: str, kind: str) -> None:
    contract = INVOICES
    if missing == "topic":
        mock.forget_topic("invoices")
    else:
        contract = accord.contract("invoices", Invoice, subject="nobody has registered it")
    declare(app, kind, lambda _: None, ORDERS, publishes=contract)
    with pytest.raises((accord.TopicNotFound, accord.SchemaNotRegistered)), app.running():
        pass


def test_one_group_that_fails_stops_the_others(app: App, write: Any, patiently: Until) -> None:
    write(Order("a-1"))

    @app.on(ORDERS, group="wrong")
    def wrong(_: Order) -> None:
        raise ConfigurationError("a setting is wrong")

    seen: list[Order] = []
    app.on(ORDERS, group="right")(seen.append)
    with pytest.raises(ConfigurationError, match="a setting is wrong"):
        until_it_fails(app, patiently)
    assert app.health().why == ("wrong: a setting is wrong",)
    assert not app.health().ready


def test_too_many_bad_records_stop_the_application(app: App, mock: Any, patiently: Until) -> None:
    mock.write(*(OutgoingRecord("orders", b"k", b"junk") for _ in range(10)))
    app.on(ORDERS, group="billing", dlq=Dlq(accord.Breaker(in_a_row=3)))(lambda _: None)
    with pytest.raises(accord.TooManyDeadLetters):
        until_it_fails(app, patiently)


def test_a_stuck_coroutine_is_given_up_and_the_log_shows_where_it_is(
    app: App, write: Any, patiently: Until, caplog: pytest.LogCaptureFixture
) -> None:
    write(Order("a-1"))

    @app.on(ORDERS, group="billing", max_handler_s=0.3)
    async def handle(_: Order) -> None:
        await asyncio.sleep(60)

    with pytest.raises(accord.HandlerStuck):
        until_it_fails(app, patiently)
    assert "accord-billing-0 does not end and is cancelled" in caplog.text
    assert "test_a_stuck_coroutine_is_given_up_and_the_log_shows_where_it_is.<locals>.handle" in caplog.text


def test_a_stop_lets_the_record_in_hand_be_finished(
    app: App, mock: Any, write: Any, patiently: Until, kind: str
) -> None:
    write(Order("a-1"), Order("a-2"))
    begun, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        assert go_on.wait(20)

    if kind == "function":
        app.on(ORDERS, group="billing")(lambda _: wait())
    else:

        @app.on(ORDERS, group="billing")
        async def handle(_: Order) -> None:
            await asyncio.to_thread(wait)

    with app.running():
        patiently(begun.is_set)
        app.stop()
        go_on.set()
    assert sum(mock.committed("billing", "orders").values()) == 1


def test_serve_can_be_cancelled(app: App, mock: Any, write: Any) -> None:
    write(Order("a-1"))
    handled = threading.Event()
    app.on(ORDERS, group="billing")(lambda _: handled.set())

    async def main() -> None:
        serving = asyncio.create_task(app.serve())
        await asyncio.to_thread(handled.wait, 20)
        serving.cancel()
        with pytest.raises(asyncio.CancelledError):
            await serving

    asyncio.run(main())
    assert sum(mock.committed("billing", "orders").values()) == 1


def test_it_may_run_beside_something_else_in_the_same_loop(app: App, mock: Any, write: Any) -> None:
    write(Order("a-1"))
    handled = asyncio.Event()

    @app.on(ORDERS, group="billing")
    async def handle(_: Order) -> None:
        handled.set()

    async def main() -> None:
        async with app.serving():
            assert app.health().ready
            await asyncio.wait_for(handled.wait(), 20)

    asyncio.run(main())
    assert sum(mock.committed("billing", "orders").values()) == 1


def test_what_keeps_it_from_starting_is_told_beside_something_else(app: App, mock: Any) -> None:
    mock.forget_topic("orders")
    app.on(ORDERS, group="billing")(lambda _: None)

    async def main() -> None:
        async with app.serving():
            pytest.fail("it has started")

    with pytest.raises(accord.TopicNotFound, match="there is no topic 'orders'"):
        asyncio.run(main())


def test_run_ends_on_the_first_signal(app: App, mock: Any, write: Any) -> None:
    write(Order("a-1"))
    before = signal.getsignal(signal.SIGTERM)
    app.on(ORDERS, group="billing")(lambda _: os.kill(os.getpid(), signal.SIGTERM))
    app.run()
    assert sum(mock.committed("billing", "orders").values()) == 1
    assert signal.getsignal(signal.SIGTERM) == before


def test_run_exits_with_the_code_of_the_error(app: App, mock: Any, caplog: pytest.LogCaptureFixture) -> None:
    mock.forget_topic("orders")
    app.on(ORDERS, group="billing")(lambda _: None)
    with pytest.raises(SystemExit) as exit_:
        app.run()
    assert exit_.value.code == accord.TopicNotFound.exit_code
    # What to do about it is in the message: a service that configures no logging shows nothing else.
    [told] = [one.getMessage() for one in caplog.records if one.levelname == "CRITICAL"]
    assert "there is no topic 'orders'; " in told


def test_an_application_runs_once(app: App) -> None:
    with pytest.raises(ConfigurationError, match="handles nothing"):
        asyncio.run(app.serve())
    with pytest.raises(ConfigurationError, match="was started before"):
        asyncio.run(app.serve())
    with pytest.raises(ConfigurationError, match="runs already"):
        app.on(ORDERS, group="billing")(lambda _: None)


def test_before_it_runs_an_application_is_not_ready(app: App) -> None:
    app.on(ORDERS, group="billing")(lambda _: None)
    health = app.health()
    assert (health.alive, health.ready, health.why) == (True, False, ("billing: not started yet",))


def test_health_tells_of_a_registry_that_is_away(
    app: App, registry: Any, write: Any, patiently: Until
) -> None:
    write(Order("a-1"))
    app.on(ORDERS, group="billing")(lambda _: None)
    registry.down = True
    with app.running():
        patiently(lambda: "billing: records wait for the schema registry" in app.health().why)
        assert app.health().alive
        registry.down = False
        patiently(lambda: app.health().groups[0].stats.done == 1)
        assert app.health().why == ()


def test_an_application_runs_on_uvloop_as_well(app: App, mock: Any, write: Any) -> None:
    uvloop = pytest.importorskip("uvloop")
    write(*(Order(f"a-{number}") for number in range(10)))
    seen: list[str] = []

    @app.on(ORDERS, group="billing", publishes=INVOICES)
    async def bill(order: Order) -> Invoice:
        await asyncio.sleep(0)
        seen.append(order.order_id)
        if len(seen) == 10:
            app.stop()
        return Invoice(order.order_id)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(app.serve())
    assert seen == sorted(invoices(mock)) == [f"a-{number}" for number in range(10)]
    assert sum(mock.committed("billing", "orders").values()) == 10


@pytest.mark.soak
def test_a_stop_waits_for_a_stuck_handler_no_longer_than_its_budget(
    mock: Any, app: App, registry: Any, write: Any, patiently: Until, *, kind: str
) -> None:
    del app
    write(Order("a-1"))
    begun, never = threading.Event(), threading.Event()
    bounded = App(mock.settings(), registry.client, budget_s=0.5)

    if kind == "function":

        @bounded.on(ORDERS, group="billing")
        def block(_: Order) -> None:
            begun.set()
            never.wait(60)
    else:

        @bounded.on(ORDERS, group="billing")
        async def wait(_: Order) -> None:
            begun.set()
            await asyncio.sleep(60)

    before = time.monotonic()
    with bounded.running():
        patiently(begun.is_set)
        before = time.monotonic()
    assert time.monotonic() - before < 10
    never.set()
    assert sum(mock.committed("billing", "orders").values()) == 0


def test_an_order_whose_invoice_no_topic_takes_is_put_aside(
    app: App, mock: Any, write: Any, patiently: Until, kind: str
) -> None:
    write(Order("a-1"), Order("a-2"))
    mock.fail(mock.PRODUCE, mock.MSG_SIZE_TOO_LARGE, times=1)
    seen: list[str] = []

    def bill(order: Order) -> Invoice | None:
        seen.append(order.order_id)
        return Invoice(order.order_id) if order.order_id == "a-1" else None

    declare(app, kind, bill, ORDERS, publishes=INVOICES)
    with app.running():
        patiently(lambda: app.health().groups[0].stats.dead_lettered == {"HANDLER_FAILED": 1})
        patiently(lambda: app.health().groups[0].stats.done == 1)
    assert (seen, invoices(mock)) == (["a-1", "a-2"], [])
    assert sum(mock.committed("billing", "orders").values()) == 2
    (letter,) = mock.records("orders-dlq")
    assert dict(letter.headers)["accord-dlq-error-class"] == b"accord.kafka.errors.RecordTooLarge"


def test_a_cancellation_that_was_not_meant_for_the_worker_is_a_failure_like_others(
    app: App, mock: Any, write: Any, patiently: Until
) -> None:
    write(Order("a-1"), Order("a-2"))
    handled = []

    @app.on(ORDERS, group="billing", retry=accord.Retry(2, accord.Backoff(first_s=0.01)))
    async def handle(order: Order) -> None:
        if order.order_id == "a-1":
            elsewhere = asyncio.ensure_future(asyncio.sleep(60))
            elsewhere.cancel()
            await elsewhere
        handled.append(order.order_id)

    with app.running():
        patiently(lambda: handled and mock.records("orders-dlq"))
    assert handled == ["a-2"]
