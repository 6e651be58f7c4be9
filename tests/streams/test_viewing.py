"""Any record can be looked at, whatever is wrong with it or with the registry."""

import json
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

import accord
from accord.codecs import framing
from accord.kafka import RawRecord
from accord.schemas import Schema, SchemaType
from accord.streams.filtering import Filter, InvalidExpression
from accord.streams.viewing import ASK_AGAIN_S, Part, Viewer, plain
from accord.testing.clock import VirtualClock
from accord.testing.memory_registry import MemoryRegistry


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


ORDERS = accord.contract("orders", Order)
BODY = ORDERS.encode(Order("o-1"))


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
def memory(clock: VirtualClock) -> MemoryRegistry:
    return MemoryRegistry(clock)


@pytest.fixture
def viewer(memory: MemoryRegistry, clock: VirtualClock) -> Viewer:
    return Viewer(memory.client, clock=clock.monotonic)


def record(value: bytes | None, key: bytes | None = None, **headers: bytes) -> RawRecord:
    return RawRecord("orders", 0, 7, key, value, tuple(headers.items()), 1_700_000_000_000)


def test_a_schema_that_was_found_is_not_asked_for_again(memory: MemoryRegistry, viewer: Viewer) -> None:
    raw = record(framing.prefixed(memory.id_of(ORDERS), BODY))

    first = viewer.view(raw)
    memory.down = True

    assert first.value.spelled == {"order_id": "o-1"}
    assert viewer.view(raw) == first


def test_what_could_not_be_asked_is_asked_again_after_a_while(
    memory: MemoryRegistry, viewer: Viewer, clock: VirtualClock
) -> None:
    raw = record(framing.prefixed(memory.id_of(ORDERS), BODY))
    memory.down = True
    assert "taken down" in viewer.view(raw).value.why
    memory.down = False

    assert viewer.view(raw).value.form == "bytes"
    clock.pass_s(ASK_AGAIN_S)

    assert viewer.view(raw).value.form == "avro"


@pytest.mark.parametrize(
    ("header", "why"),
    [
        (b"\x01" + bytes(16), "not in the harness's registry"),
        (b"\x01short", "the schema's header has 6 bytes"),
        (b"", "header"),
    ],
)
def test_a_header_that_leads_nowhere_is_told(viewer: Viewer, header: bytes, why: str) -> None:
    view = viewer.view(record(b"hello", **{framing.VALUE_HEADER: header}))

    assert (view.value.form, view.value.spelled) == ("text", "hello")
    assert why in view.value.why


@pytest.mark.parametrize(
    ("data", "part"),
    [
        (b"hello\tthere\n", Part("text", "hello\tthere\n")),
        ("Grüße".encode(), Part("text", "Grüße")),
        (b"\x1b[31m", Part("bytes", "G1szMW0=")),
        (b'{"a": [1.5, null]}', Part("json", {"a": [1.5, None]})),
        (b"{no", Part("text", "{no")),
        (b"[NaN]", Part("text", "[NaN]")),
        (b"[" * 100_000, Part("text", "[" * 100_000)),
        (b"[" + b"1" * 5000 + b"]", Part("text", "[" + "1" * 5000 + "]")),
        (b"7", Part("text", "7")),
        (b"\xff", Part("bytes", "/w==")),
    ],
)
def test_bytes_without_a_schema_are_what_they_look_like(data: bytes, part: Part) -> None:
    assert plain(data) == part


def test_a_key_that_looks_framed_and_is_not_is_shown_without_complaint(viewer: Viewer) -> None:
    view = viewer.view(record(None, b"\0\0\0\0\x07abc"))

    assert view.key == Part("bytes", "AAAAAAdhYmM=")
    assert view.value == Part("null", None)


PROTO = Schema(
    'syntax = "proto3"; message Tree { string name = 1; repeated Tree trees = 2; }', SchemaType.PROTOBUF
)
LIST = Schema(
    '{"type": "record", "name": "L", "fields": [{"name": "n", "type": ["null", "L", "string", "bytes"]}]}'
)


def odd_registry() -> MemoryRegistry:
    registry = MemoryRegistry(VirtualClock())
    registry.id_of(ORDERS)
    for number, schema in enumerate((PROTO, LIST, Schema('{"type": "object"}', SchemaType.JSON))):
        registry.add(f"odd-{number}", schema)
    return registry


ODD = odd_registry()


@given(
    st.binary(max_size=40),
    st.one_of(st.none(), st.binary(max_size=20), st.just(b"\x01" + bytes(16))),
    st.sampled_from([b"", b"\0\0\0\0\x01", b"\0\0\0\0\x02", b"\0\0\0\0\x03", b"\0\0\0\0\x04"]),
)
def test_no_record_is_too_odd_to_be_shown(data: bytes, header: bytes | None, prefix: bytes) -> None:
    viewer = Viewer(ODD.client)
    headers = {} if header is None else {framing.VALUE_HEADER: header, framing.KEY_HEADER: header}

    view = viewer.view(record(prefix + data, prefix + data, **headers))

    json.dumps([view.key.spelled, view.value.spelled], allow_nan=False).encode()


@pytest.mark.parametrize(
    ("expression", "matches", "reason"),
    [
        ("value.order_id == 'o-1'", True, ""),
        ("value.order_id == 'o-1' && timestamp < timestamp('2024-01-01T00:00:00Z')", True, ""),
        ("headers.trace == 'abc' && partition == 0 && offset == 7 && topic == 'orders'", True, ""),
        ("subject == null && schema_id == 1", True, ""),
        ("key == null", True, ""),
        ("value.nope == 1", False, "there is no 'nope'"),
        ("value.order_id", False, "the answer is 'o-1', neither true nor false"),
        ("value.order_id > 1", False, "does not coerce"),
    ],
)
def test_expressions_speak_of_what_is_shown(
    memory: MemoryRegistry, viewer: Viewer, expression: str, matches: object, reason: str
) -> None:
    view = viewer.view(record(framing.prefixed(memory.id_of(ORDERS), BODY), trace=b"abc"))
    wanted = Filter(expression)

    assert wanted.matches(view) is matches
    assert wanted.unjudged == (reason != "")
    assert reason in wanted.last_reason


@pytest.mark.parametrize(
    ("expression", "column"), [("value.", 7), ("1 +* 2", 4), ("value.order_id ==", 18), ("", 1)]
)
def test_a_text_that_is_no_expression_is_refused_with_the_place(expression: str, column: int) -> None:
    with pytest.raises(InvalidExpression) as refused:
        Filter(expression)

    assert refused.value.column == column


def test_a_name_that_nothing_has_is_refused_with_those_that_there_are(viewer: Viewer) -> None:
    with pytest.raises(InvalidExpression, match="'valeu'") as refused:
        Filter("valeu.x == 1").matches(viewer.view(record(b"x")))

    assert "value" in refused.value.hint
