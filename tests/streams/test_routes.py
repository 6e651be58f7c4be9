"""How events become records: the frame, the key, the headers and the time."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx2
import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

import accord
from accord.codecs import framing
from accord.schemas import SchemaGuid
from accord.streams.delivery import Losses
from accord.streams.routes import Framing, Route, Routes

GUID = SchemaGuid("8e2d7b1c-4a5f-4c3d-9b6e-0f1a2b3c4d5e")


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    amount: float


ORDERS = accord.contract("orders", Order)
ORDER = Order("o-1", 2.5)


def timezone_of(minutes: int) -> timezone:
    return timezone(timedelta(minutes=minutes))


class Client:
    """A producer that nothing is asked of."""


def registry(**told: Any) -> accord.Registry:
    def answer(request: httpx2.Request) -> httpx2.Response:
        schema = json.loads(request.content)["schema"]
        body = {"subject": ORDERS.subject, "version": 1, "id": 7, "schema": schema, **told}
        return httpx2.Response(200, json=body)

    return accord.Registry("http://registry.example", transport=httpx2.MockTransport(answer))


def routes(kind: Framing = "prefix", **told: Any) -> Routes:
    client: Any = Client()
    return Routes(registry(**told), client, Losses(), framing=kind)


ROUTE = routes().find(ORDERS)


@pytest.fixture
def route() -> Route:
    return ROUTE


def test_the_prefix_names_the_schema(route: Route) -> None:
    assert route.parts(ORDER, "a", None, None) == (
        framing.prefixed(7, ORDERS.encode(ORDER)),
        b"a",
        0,
        None,
    )


def test_the_indexes_of_a_message_stand_between_prefix_and_data() -> None:
    nested = replace(ORDERS, codec=replace(ORDERS.codec, indexes=b"\x04\x02\x00"))
    [value, *_] = routes().find(nested).parts(ORDER, None, None, None)
    assert value == framing.prefix(7) + b"\x04\x02\x00" + ORDERS.encode(ORDER)


@pytest.mark.parametrize("indexes", [b"", b"\x00", b"\x04\x02\x00"])
def test_a_header_may_name_the_schema_instead(indexes: bytes) -> None:
    contract = replace(ORDERS, codec=replace(ORDERS.codec, indexes=indexes))
    route = routes("header", guid=GUID).find(contract)
    value, _, _, headers = route.parts(ORDER, "a", [("traceparent", "00-1")], None)
    assert value == ORDERS.encode(ORDER)
    assert headers == [("traceparent", b"00-1"), (framing.VALUE_HEADER, framing.header(GUID, indexes))]
    assert headers is not None
    assert framing.split_header(headers[1][1] or b"").guid == GUID
    assert route.parts(None, "a", None, None) == (None, b"a", 0, None)


@pytest.mark.parametrize("told", [{}, {"guid": "no guid at all"}])
def test_a_registry_without_guids_is_told_with_a_way_out(told: dict[str, str]) -> None:
    with pytest.raises(accord.ConfigurationError, match="GUID of the schema of 'orders-value'") as caught:
        routes("header", **told).find(ORDERS)
    assert "framing='prefix'" in caught.value.hint


def test_a_contract_is_looked_up_once() -> None:
    known = routes()
    assert known.known(ORDERS) is None
    assert known.find(ORDERS) is known.find(ORDERS) is known.known(ORDERS)


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ([("a", "text"), ("a", b"\xff"), ("none", None)], [("a", b"text"), ("a", b"\xff"), ("none", None)]),
        ((("a", "é"),), [("a", "é".encode())]),
        ([], None),
        (None, None),
    ],
)
def test_headers_are_text_or_bytes_in_order(
    route: Route, headers: Any, told: list[tuple[str, bytes | None]] | None
) -> None:
    assert route.parts(ORDER, None, headers, None)[3] == told


@pytest.mark.parametrize(
    "headers",
    [[("a", 1)], [(b"a", b"x")], [("a",)], ["ab", "abc"], [5], 5, [("a", "\ud800")]],
    ids=repr,
)
def test_headers_that_are_none_are_refused_before_anything_is_enqueued(route: Route, headers: Any) -> None:
    with pytest.raises(accord.InvalidEvent) as caught:
        route.parts(ORDER, None, headers, None)
    assert caught.value.path == "headers"


@pytest.mark.parametrize("kind", ["prefix", "header"])
def test_nobody_else_says_which_schema_a_value_was_written_with(kind: Framing) -> None:
    """Whoever passes on the headers of a record that was read would make this one unreadable."""
    route = routes(kind, guid=GUID).find(ORDERS)
    with pytest.raises(accord.InvalidEvent, match="the producer alone knows that"):
        route.parts(ORDER, None, [(framing.VALUE_HEADER, framing.header(GUID))], None)


@pytest.mark.parametrize(
    ("event", "key", "timestamp", "path"),
    [
        (None, None, None, "key"),
        (ORDER, b"bytes", None, "key"),
        (ORDER, "\ud800", None, "key"),
        (ORDER, None, datetime(2024, 1, 1), "timestamp"),  # noqa: DTZ001 -- that is what is wrong with it
        (ORDER, None, datetime(1970, 1, 1, tzinfo=UTC), "timestamp"),
        (ORDER, None, datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), "timestamp"),
        (Order("o-1", "free"), None, None, "amount"),  # type: ignore[arg-type]  # likewise
        ("no order", None, None, ""),
    ],
)
def test_what_breaks_the_contract_is_told_with_its_place(
    route: Route, event: Any, key: Any, timestamp: datetime | None, path: str
) -> None:
    with pytest.raises(accord.InvalidEvent) as caught:
        route.parts(event, key, None, timestamp)
    assert caught.value.path == path


@given(milliseconds=st.integers(1, 253402300799999), offset=st.integers(-12 * 60, 12 * 60).map(timezone_of))
def test_a_moment_is_its_very_milliseconds_wherever_it_was_told(milliseconds: int, offset: timezone) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds, microseconds=999)
    try:
        moment = moment.astimezone(offset)
    except OverflowError:
        reject()
    assert ROUTE.parts(ORDER, None, None, moment)[2] == milliseconds


def test_each_contract_keeps_its_own_id_whatever_was_sent_in_between() -> None:
    """Confluent's serializer keeps one id for all: for topics a, b, a it wrote 1, 2, 2."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        subject = request.url.path.rpartition("/")[2]
        number = {"a-value": 1, "b-value": 2}[subject]
        body = {"subject": subject, "version": 1, "id": number, "schema": ORDERS.schema.text}
        return httpx2.Response(200, json=body)

    client: Any = Client()
    registry = accord.Registry("http://registry.example", transport=httpx2.MockTransport(answer))
    known = Routes(registry, client, Losses(), framing="prefix")
    contracts = {topic: accord.contract(topic, Order) for topic in "ab"}
    ids = [
        framing.split(known.find(contracts[topic]).parts(ORDER, None, None, None)[0] or b"").schema_id
        for topic in "aba"
    ]
    assert ids == [1, 2, 1]
