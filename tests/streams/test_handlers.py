"""What is checked when handlers are declared, and what becomes of what they return. Nothing runs here."""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

import accord
from accord.errors import ConfigurationError
from accord.kafka import RawRecord, message_of
from accord.streams.app import App
from accord.streams.dedupe import Dedupe
from accord.streams.groups import Dispatch
from accord.streams.handlers import EVENT_ID, Context, Output
from accord.streams.reading import Reading
from accord.streams.record import Record, batched


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    order_id: str


@dataclass(frozen=True, slots=True)
class Invoice:
    number: str


@dataclass(frozen=True, slots=True)
class Refund:
    number: str


ORDERS = accord.contract("orders", Order, subject=accord.SubjectNaming.TOPIC_RECORD)
CANCELLED = accord.contract("orders", Cancelled, subject=accord.SubjectNaming.TOPIC_RECORD)
INVOICES = accord.contract("invoices", Invoice)
REFUNDS = accord.contract("refunds", Refund)
RAW_KEYS = accord.contract("raw", Refund, key="bytes")


@pytest.fixture
def app() -> App:
    return App("127.0.0.1:9", accord.Registry("http://127.0.0.1:9"))


def record(value: object, *, topic: str = "orders", offset: int = 0, headers: Any = ()) -> Record[Any]:
    raw = RawRecord(topic, 1, offset, b"key", b"", headers, 1000)
    return batched(message_of(raw), Reading("key", value, None), attempt=1)


def context_of(app: App, value: object, **place: Any) -> Context:
    found = Dispatch(app.groups[0]).context(record(value, **place))
    assert found is not None
    return found


def outputs(app: App, value: object, **place: Any) -> Sequence[Output]:
    context = context_of(app, value, **place)
    return context.handler.outputs(context, context.handler.call(context))


def test_declarations_are_data(app: App) -> None:
    @app.on(ORDERS, group="billing", publishes=INVOICES, workers=8)
    async def bill(order: Order, context: Context) -> Invoice | None: ...

    @app.on(CANCELLED, group="billing")
    async def refund(order: Cancelled) -> None: ...

    (billing,) = app.groups
    assert [(item.name.rpartition(".")[2], item.wants_context, item.is_async) for item in app.handlers] == [
        ("bill", True, True),
        ("refund", False, True),
    ]
    assert (billing.contracts, billing.publishes, billing.workers) == ((ORDERS, CANCELLED), (INVOICES,), 8)
    assert bill.__name__ == "bill"


def declares(
    function: Callable[..., Any], *contracts: accord.Contract, **choices: Any
) -> Callable[[App], object]:
    return lambda app: app.on(*(contracts or (ORDERS,)), **{"group": "g", **choices})(function)


def nothing() -> None: ...
def three(order: Order, context: Context, more: int) -> None: ...
def forced(order: Order, *, more: int) -> None: ...
def other(order: Invoice) -> None: ...
def gives(order: Order) -> Invoice:
    return Invoice(order.order_id)


def generates(order: Order) -> Iterator[Order]:
    yield order


def takes(order: Order) -> None: ...


class Callable_:  # noqa: N801 -- a class whose instances are handlers
    def __call__(self, order: Order) -> None: ...


@pytest.mark.parametrize(
    ("declare", "told"),
    [
        (declares(nothing), "nothing cannot be called with an event and a context"),
        (declares(three), "three cannot be called"),
        (declares(forced), "forced cannot be called"),
        (declares(other), "other takes Invoice, and 'orders' carries Order"),
        (declares(gives), "gives returns Invoice, and publishes nothing"),
        (declares(generates), "generates is a generator"),
        (declares(takes, group=" "), "takes belongs to no group"),
        (declares(takes, publishes=[REFUNDS, accord.contract("other", Refund)]), "carry the same class"),
        (declares(takes, publishes=RAW_KEYS), "these are of another kind"),
        (declares(takes, workers=0), "0 workers handle nothing"),
        (declares(takes, group="my group", retry=accord.Retry(topics=("5s",))), "no topic can be"),
    ],
)
def test_what_does_not_fit_is_told_at_once(app: App, declare: Callable[[App], object], told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        declare(app)


def test_a_handler_without_contracts_is_refused(app: App) -> None:
    with pytest.raises(ConfigurationError, match="handles no events"):
        app.on(group="g")(takes)


@pytest.mark.parametrize(
    "function",
    [
        takes,
        Callable_(),
        lambda _: None,
        functools.partial(lambda _other, _order: None, 1),
        lambda _order, _context=None: None,
    ],
)
def test_whatever_can_be_called_with_an_event_is_a_handler(app: App, function: Callable[..., Any]) -> None:
    app.on(ORDERS, group="g")(function)
    assert not app.handlers[0].wants_context
    assert outputs(app, Order("o-1")) == ()


def test_choices_of_a_group_may_be_said_once_or_alike_and_not_otherwise(app: App) -> None:
    app.on(ORDERS, group="g", workers=4)(takes)
    app.on(CANCELLED, group="g", workers=4, retry=accord.Retry(5))(lambda _: None)
    assert (app.groups[0].workers, app.groups[0].retry.tries) == (4, 5)
    with pytest.raises(ConfigurationError, match="group 'g' is told workers=4 and workers=5"):
        app.on(INVOICES, group="g", workers=5)(lambda _: None)


def test_handlers_of_a_group_are_all_of_one_kind(app: App) -> None:
    async def refund(order: Cancelled) -> None: ...

    app.on(ORDERS, group="g")(takes)
    with pytest.raises(ConfigurationError, match="only one is asynchronous"):
        app.on(CANCELLED, group="g")(refund)


def test_a_group_handles_an_event_in_one_place(app: App) -> None:
    app.on(ORDERS, group="g")(takes)
    with pytest.raises(ConfigurationError, match="both handle Order of 'orders'"):
        app.on(ORDERS, group="g")(lambda _: None)
    app.on(ORDERS, group="another")(lambda _: None)


def test_a_record_goes_to_the_handler_of_its_event_also_from_a_retry_topic(app: App) -> None:
    app.on(ORDERS, group="g", retry=accord.Retry(topics=("5s",)))(takes)
    app.on(CANCELLED, group="g")(lambda _: None)
    assert context_of(app, Order("o")).handler is app.handlers[0]
    assert context_of(app, Cancelled("o")).handler is app.handlers[1]
    assert context_of(app, Cancelled("o"), topic="orders.g.retry.5s").handler is app.handlers[1]


def test_tombstones_come_to_a_handler_whose_event_may_be_none(app: App) -> None:
    app.on(ORDERS, group="g")(takes)
    assert Dispatch(app.groups[0]).context(record(None)) is None

    def cancel(order: Cancelled | None) -> None: ...

    app.on(CANCELLED, group="g")(cancel)
    assert context_of(app, None).handler.function is cancel

    def another(order: Invoice | None) -> None: ...

    with pytest.raises(ConfigurationError, match="both take the tombstones of 'orders'"):
        app.on(accord.contract("orders", Invoice), group="g")(another)


def test_what_is_returned_goes_to_the_contract_of_its_class(app: App) -> None:
    @app.on(ORDERS, group="g", publishes=[INVOICES, REFUNDS])
    def bill(_: Order) -> list[Invoice | Refund]:
        return [Invoice("i-1"), Refund("r-1"), Invoice("i-2")]

    found = outputs(app, Order("o-1"))
    assert [(item.contract.topic, item.key) for item in found] == [
        ("invoices", "key"),
        ("refunds", "key"),
        ("invoices", "key"),
    ]
    assert len({dict(item.headers)[EVENT_ID] for item in found}) == 3


@pytest.mark.parametrize("key", ["number", lambda invoice: invoice.number])
def test_the_key_of_what_is_published_may_be_chosen(app: App, key: Any) -> None:
    app.on(ORDERS, group="g", publishes=INVOICES, key=key)(lambda _: Invoice("i-1"))
    assert outputs(app, Order("o-1"))[0].key == "i-1"


def test_what_is_published_is_known_by_the_same_id_however_often_it_is_made(app: App) -> None:
    app.on(ORDERS, group="g", publishes=INVOICES, retry=accord.Retry(topics=("5s",)))(lambda _: Invoice("i"))

    def event_id(**place: Any) -> object:
        return dict(outputs(app, Order("o-1"), **place)[0].headers)[EVENT_ID]

    origin = tuple(
        (f"accord-retry-{name}", value)
        for name, value in {
            "topic": b"orders",
            "partition": b"1",
            "offset": b"7",
            "timestamp": b"1000",
            "timestamp-type": b"none",
        }.items()
    )
    assert event_id(offset=7) == event_id(topic="orders.g.retry.5s", offset=99, headers=origin)
    assert event_id(offset=7) != event_id(offset=8)


def test_a_class_that_nobody_publishes_is_no_fault_of_the_record(app: App) -> None:
    app.on(ORDERS, group="g", publishes=INVOICES)(lambda _: Refund("r"))
    with pytest.raises(ConfigurationError, match="has returned Refund, and publishes Invoice"):
        outputs(app, Order("o-1"))


def test_a_handler_may_send_what_it_publishes_and_nothing_else(app: App) -> None:
    @app.on(ORDERS, group="g", publishes=INVOICES)
    def bill(_: Order, context: Context) -> Invoice:
        context.send(INVOICES, None, key="old")
        with pytest.raises(ConfigurationError, match="did not say that it publishes there"):
            context.send(REFUNDS, Refund("r"))
        return Invoice("i")

    assert [(item.event, item.key) for item in outputs(app, Order("o"))] == [
        (None, "old"),
        (Invoice("i"), "key"),
    ]


def test_a_context_knows_the_record(app: App) -> None:
    app.on(ORDERS, group="g", dedupe=Dedupe())(takes)
    context = context_of(app, Order("o"), offset=3, headers=(("traceparent", b"00"),))
    assert (context.key, context.headers, context.attempt, context.record_id) == (
        "key",
        (("traceparent", b"00"),),
        1,
        "orders/1/3/1000",
    )
