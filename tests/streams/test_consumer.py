"""The consumer on a broker in this process: what is handled, what is put aside, and what is committed when."""

import signal
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

import accord
from accord.codecs import framing
from accord.kafka import KafkaSettings, OutgoingRecord, RawRecord
from accord.kafka.groups import group_protocol

Until = Callable[[Callable[[], object]], None]


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str
    amount: float


ORDERS = accord.contract("orders", Order)


@dataclass(frozen=True, slots=True)
class OrderWithNote:
    order_id: str
    amount: float
    note: str | None = None


NEWER = accord.contract(
    "orders", OrderWithNote, schema=accord.streams.contract("x", OrderWithNote).schema.text.replace("OrderWithNote", "Order")
)  # fmt: skip


def value(registry: Any, order_id: str, amount: float = 1.0) -> bytes:
    del registry
    return framing.prefixed(1, ORDERS.encode(Order(order_id, amount)))


@pytest.fixture
def write(mock: Any, registry: Any) -> Callable[..., None]:
    """Put values on ``orders``: events by their id, anything else as it is; the key chooses the partition."""
    registry.add(ORDERS.subject, ORDERS.schema)

    def write(*values: str | bytes | None, key: str = "key", headers: Any = ()) -> None:
        records = [
            OutgoingRecord(
                "orders", key.encode(), value(registry, item) if isinstance(item, str) else item, headers
            )
            for item in values
        ]
        mock.write(*records)

    return write


def id_of(record: accord.Record[Any]) -> str:
    order_id: str = record.value.order_id if record.value else ""
    return order_id


def ids(records: list[accord.Record]) -> list[str]:
    return [id_of(record) for record in records]


def letter(record: RawRecord) -> dict[str, str]:
    return {
        name.removeprefix("accord-dlq-"): (text or b"").decode()
        for name, text in record.headers
        if name.startswith("accord-dlq-")
    }


def test_events_arrive_as_what_they_are_and_are_committed(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write(*[f"o-{number}" for number in range(50)], headers=(("traceparent", b"00-1"),))
    member = join(ORDERS)
    patiently(lambda: member.settled == 50)
    member.close()
    first = member.handled[0]
    assert first.value == Order("o-0", 1.0)
    assert (first.key, first.topic, first.offset, first.attempt, first.schema_id) == (
        "key",
        "orders",
        0,
        1,
        1,
    )
    assert first.headers == (("traceparent", b"00-1"),)
    assert abs(first.timestamp.timestamp() - time.time()) < 60
    assert ids(member.handled) == [f"o-{number}" for number in range(50)]
    assert sum(mock.committed("billing", "orders").values()) == 50
    assert not member.ended_with


def test_after_a_graceful_end_the_next_member_goes_on_where_the_last_one_stopped(
    mock: Any, registry: Any, write: Any, join: Any, patiently: Until
) -> None:
    write(*[f"o-{number}" for number in range(200)])
    first = []
    with consumer(mock, registry) as billing:
        for record in billing:
            with record:
                first.append(record)
                if record.offset == 50:
                    billing.stop()
    second = join(ORDERS)
    patiently(lambda: len(first) + len(second.handled) >= 200)
    second.close()
    assert ids(first) + ids(second.handled) == [f"o-{number}" for number in range(200)]
    assert len(first) == 51


POISON: list[tuple[str, bytes, str]] = [
    ("zero bytes", b"", "ZERO_BYTES"),
    ("JSON", b'{"order_id": "o-1"}', "WRONG_MAGIC_BYTE"),
    ("a prefix alone, cut", b"\x00\x00", "PREFIX_TOO_SHORT"),
    ("cut Avro", framing.prefixed(1, ORDERS.encode(Order("o-1", 1.0))[:-3]), "TRUNCATED"),
    (
        "more than one record",
        framing.prefixed(1, ORDERS.encode(Order("o-1", 1.0)) + b"\x00"),
        "TRAILING_BYTES",
    ),
    ("text that is none", framing.prefixed(1, b"\x04\xff\xfe" + b"\x00" * 8), "MALFORMED"),
    ("an id that nobody knows", framing.prefixed(4711, b"\x00"), "UNKNOWN_SCHEMA_ID"),
]


def test_poison_is_put_aside_with_its_bytes_and_the_rest_goes_on(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    for number, (_, poison, _) in enumerate(POISON):
        write(f"before-{number}", poison, headers=(("mine", b"\xff"),))
    write("after")
    member = join(ORDERS)
    patiently(lambda: member.settled == 2 * len(POISON) + 1)
    member.close()
    letters = mock.records("orders-dlq")
    assert {(item.value, letter(item)["error-code"]) for item in letters} == {case[1:] for case in POISON}
    assert all(item.key == b"key" and ("mine", b"\xff") in item.headers for item in letters)
    assert all(letter(item)["stage"] == "value" and letter(item)["attempts"] == "0" for item in letters)
    assert ids(member.handled) == [*[f"before-{number}" for number in range(len(POISON))], "after"]
    assert member.stats.dead_lettered == {case[2]: 1 for case in POISON}


def test_a_key_that_is_no_text_is_a_fault_of_the_key(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first")
    mock.write(OutgoingRecord("orders", b"\xff\xfe", value(None, "second")))
    member = join(ORDERS)
    patiently(lambda: member.settled == 2)
    [item] = mock.records("orders-dlq")
    assert item.key == b"\xff\xfe"
    assert (letter(item)["stage"], letter(item)["error-code"]) == ("key", "KEY_NOT_UTF8")


def test_a_tombstone_is_handed_over_as_none(write: Any, join: Any, patiently: Until) -> None:
    write(None)
    member = join(ORDERS)
    patiently(lambda: member.settled == 1)
    [record] = member.handled
    assert (record.value, record.key, record.schema_id) == (None, "key", None)


@pytest.mark.soak
def test_records_of_newer_and_older_writers_are_read_as_the_contract_says(
    mock: Any, registry: Any, join: Any, patiently: Until
) -> None:
    registry.add("orders-value", ORDERS.schema)
    registry.add("orders-value", NEWER.schema)
    records = [
        OutgoingRecord("orders", None, framing.prefixed(1, ORDERS.encode(Order("old", 1.0)))),
        OutgoingRecord("orders", None, framing.prefixed(2, NEWER.encode(OrderWithNote("new", 2.0, "hello")))),
    ]
    mock.write(*records)
    older = join(ORDERS)
    patiently(lambda: older.settled == 2)
    older.close()
    newer = join(NEWER, handle=lambda _: None)
    mock.write(*records)
    patiently(lambda: newer.settled == 2)
    assert {record.value for record in older.handled} == {Order("old", 1.0), Order("new", 2.0)}
    assert {record.value for record in newer.handled} == {
        OrderWithNote("old", 1.0, None),
        OrderWithNote("new", 2.0, "hello"),
    }


@pytest.mark.soak
def test_nothing_is_committed_past_a_bad_record_before_the_brokers_have_its_letter(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first", b"poison", "third", "fourth")
    mock.fail(mock.PRODUCE, mock.NOT_ENOUGH_REPLICAS, times=10_000)
    member = join(ORDERS)
    patiently(lambda: member.stats.done == 3)
    patiently(lambda: set(mock.committed("billing", "orders").values()) == {1})
    time.sleep(1.5)  # longer than the interval of commits: what must not happen has had its chance
    assert set(mock.committed("billing", "orders").values()) == {1}
    assert member.stats.dead_lettered == {}
    assert member.stats.in_flight == 3
    mock.stop_failing(mock.PRODUCE)
    patiently(lambda: member.stats.dead_lettered == {"WRONG_MAGIC_BYTE": 1})
    patiently(lambda: set(mock.committed("billing", "orders").values()) == {4})
    assert len(mock.records("orders-dlq")) == 1


def test_a_letter_that_cannot_be_written_stops_the_consumer_before_its_record(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first", b"poison", "third")
    mock.fail(mock.PRODUCE, mock.TOPIC_AUTHORIZATION_FAILED, times=1)
    member = join(ORDERS)
    patiently(lambda: member.ended_with)
    [error] = member.ended_with
    assert isinstance(error, accord.DeadLetterFailed)
    assert "WRITE" in error.hint
    assert set(mock.committed("billing", "orders").values()) == {1}
    successor = join(ORDERS)
    patiently(lambda: successor.settled == 2)
    assert ids(successor.handled) == ["third"]
    assert successor.stats.dead_lettered == {"WRONG_MAGIC_BYTE": 1}


def test_a_letter_that_is_too_large_for_the_broker_is_shortened(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write(b"poison", headers=(("mine", b"1"),))
    mock.fail(mock.PRODUCE, mock.MSG_SIZE_TOO_LARGE, times=1)
    member = join(ORDERS)
    patiently(lambda: member.settled == 1)
    [item] = mock.records("orders-dlq")
    assert (item.key, item.value) == (b"key", None)
    assert letter(item)["truncated"] == "value"
    assert (letter(item)["offset"], letter(item)["error-code"]) == ("0", "WRONG_MAGIC_BYTE")


def test_a_letter_that_is_too_large_for_the_client_is_shortened(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write(b"x" * 50_000)
    member = join(ORDERS, producer={"message_max_bytes": 20_000})
    patiently(lambda: member.settled == 1)
    [item] = mock.records("orders-dlq")
    assert letter(item)["truncated"] == "value"


def test_while_the_registry_is_out_records_wait_and_none_is_put_aside(
    mock: Any, registry: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first", "second")
    registry.down = True
    member = join(ORDERS)
    patiently(lambda: member.stats.registry_waits >= 4)
    patiently(lambda: member.stats.paused > 0)
    assert member.settled == 0
    assert mock.committed("billing", "orders") == {}
    registry.down = False
    patiently(lambda: member.settled == 2)
    patiently(lambda: member.stats.paused == 0)
    assert ids(member.handled) == ["first", "second"]
    assert mock.records("orders-dlq") == []


def test_an_outage_of_the_registry_does_not_touch_schemas_that_are_known(
    registry: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first")
    member = join(ORDERS)
    patiently(lambda: member.settled == 1)
    registry.down = True
    write("second")
    patiently(lambda: member.settled == 2)
    assert member.stats.registry_waits == 0


def test_a_failing_handler_is_tried_again_in_order_while_other_partitions_go_on(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("a-1", "a-2", "a-3", key="a")
    [bad_partition] = {record.partition for record in mock.records("orders")}
    attempts: dict[str, list[int]] = defaultdict(list)
    others = []
    others_are_done = threading.Event()

    def handle(record: accord.Record) -> None:
        attempts[id_of(record)].append(record.attempt)
        if record.partition != bad_partition:
            others.append(record)
        if id_of(record) == "a-2" and not others_are_done.is_set():
            raise ValueError("not before the others")

    member = join(ORDERS, handle=handle, retry=accord.Retry(200, accord.Backoff(first_s=0.05, longest_s=0.1)))
    patiently(lambda: member.stats.retried > 0)
    for key in "bcdef":
        write(f"{key}-1", f"{key}-2", f"{key}-3", key=key)
    elsewhere = sum(record.partition != bad_partition for record in mock.records("orders"))
    patiently(lambda: len(others) == elsewhere)
    others_are_done.set()
    patiently(lambda: member.settled == 18)
    assert elsewhere > 0
    assert attempts.pop("a-2") == list(range(1, member.stats.retried + 2))
    assert member.stats.retried > 0
    assert all(tries == [1] for tries in attempts.values())
    for partition in range(3):
        offsets = [record.offset for record in member.handled if record.partition == partition]
        assert offsets == list(range(len(offsets)))
    assert member.stats.dead_lettered == {}


def test_a_handler_that_keeps_failing_has_its_record_put_aside(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first", "bad", "third")

    def handle(record: accord.Record) -> None:
        if id_of(record) == "bad":
            raise KeyError("customer 7")

    member = join(ORDERS, handle=handle, stacktraces=True)
    patiently(lambda: member.settled == 3)
    [item] = mock.records("orders-dlq")
    told = letter(item)
    assert item.value == value(None, "bad")
    assert (told["stage"], told["error-code"], told["attempts"]) == ("handler", "HANDLER_FAILED", "3")
    assert (told["error-class"], told["error-message"]) == ("builtins.KeyError", "'customer 7'")
    assert (told["schema-id"], told["subject"], told["group"]) == ("1", "orders-value", "billing")
    assert "in handle" in told["stacktrace"]
    assert told["first-failed-at"] < told["failed-at"]
    assert ids(member.handled) == ["first", "third"]


def test_permanent_is_put_aside_at_once(mock: Any, write: Any, join: Any, patiently: Until) -> None:
    write("bad")

    def handle(_: accord.Record) -> None:
        raise accord.Permanent("no such customer")

    member = join(ORDERS, handle=handle)
    patiently(lambda: member.settled == 1)
    [item] = mock.records("orders-dlq")
    assert (letter(item)["error-code"], letter(item)["attempts"]) == ("HANDLER_SAID_PERMANENT", "1")
    assert member.stats.retried == 0


def test_a_handler_that_meets_an_outage_is_tried_until_it_is_over(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first")
    tries = []

    def handle(record: accord.Record) -> None:
        tries.append(record.attempt)
        if len(tries) <= 5:
            raise accord.UnavailableError("the payment service is down")

    member = join(ORDERS, handle=handle)
    patiently(lambda: member.settled == 1)
    assert tries == [1] * 6
    assert mock.records("orders-dlq") == []


def test_a_deployment_that_cannot_work_stops_and_commits_nothing(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first")

    def handle(_: accord.Record) -> None:
        raise accord.SchemaNotRegistered("invoices-value has no such schema")

    member = join(ORDERS, handle=handle)
    patiently(lambda: member.ended_with)
    assert isinstance(member.ended_with[0], accord.SchemaNotRegistered)
    assert mock.committed("billing", "orders") == {}
    assert mock.records("orders-dlq") == []


def test_record_after_record_failing_stops_before_the_topic_is_drained(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("good", *[b"bad"] * 10)
    member = join(ORDERS, breaker=accord.Breaker(in_a_row=4))
    patiently(lambda: member.ended_with)
    assert isinstance(member.ended_with[0], accord.TooManyDeadLetters)
    assert len(mock.records("orders-dlq")) == 4
    assert set(mock.committed("billing", "orders").values()) == {5}


def test_an_interrupt_leaves_the_record_for_the_next_member(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first", "second")

    def handle(record: accord.Record) -> None:
        if id_of(record) == "second":
            raise KeyboardInterrupt

    member = join(ORDERS, handle=handle)
    patiently(lambda: member.ended_with)
    assert isinstance(member.ended_with[0], KeyboardInterrupt)
    assert set(mock.committed("billing", "orders").values()) == {1}


def consumer(mock: Any, registry: Any, **choices: Any) -> accord.Consumer[Order]:
    return accord.Consumer(
        mock.settings(),
        registry.new_client(),
        group="billing",
        contracts=[ORDERS],
        budget_s=5,
        **choices,
    )


def test_a_record_that_nobody_settles_is_an_error_of_the_program(
    mock: Any, registry: Any, write: Any
) -> None:
    write("first", "second")
    with consumer(mock, registry) as billing:
        records = iter(billing)
        assert next(records).value == Order("first", 1.0)
        with pytest.raises(accord.RecordNotSettled) as caught:
            next(records)
    assert "with record:" in caught.value.hint
    assert mock.committed("billing", "orders") == {}


def test_leaving_the_loop_within_the_block_finishes_the_record_and_before_it_does_not(
    mock: Any, registry: Any, write: Any
) -> None:
    write("first", "second", "third")
    seconds = []
    with consumer(mock, registry) as billing:
        for record in billing:
            with record:
                break
        for record in billing:
            assert record.value == Order("second", 1.0)
            break
        for record in billing:
            with record:
                seconds.append(record.value)
            break
    assert seconds == [Order("second", 1.0)]
    assert set(mock.committed("billing", "orders").values()) == {2}


def test_an_interrupt_while_the_registry_is_asked_leaves_the_record_as_it_was(
    mock: Any, registry: Any, write: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("first")
    billing = consumer(mock, registry)
    with monkeypatch.context() as patch:
        patch.setattr("accord.streams.reading.codec_for", lambda *_, **__: signal.raise_signal(signal.SIGINT))
        with billing:
            with pytest.raises(KeyboardInterrupt):
                next(iter(billing))
            started = time.monotonic()
    assert time.monotonic() - started < 4
    assert mock.committed("billing", "orders") == {}


def test_a_signal_handler_may_stop_the_loop(mock: Any, registry: Any, write: Any) -> None:
    write(*[f"o-{number}" for number in range(20)])
    seen = []
    with consumer(mock, registry) as billing:
        before = signal.signal(signal.SIGTERM, lambda *_: billing.stop())
        try:
            for record in billing:
                with record:
                    seen.append(record.offset)
                    if len(seen) == 5:
                        signal.raise_signal(signal.SIGTERM)
            # Also while it waits for a record that does not come.
        finally:
            signal.signal(signal.SIGTERM, before)
    assert len(seen) == 5
    assert set(mock.committed("billing", "orders").values()) == {5}


def test_a_loop_without_records_ends_soon_after_stop(mock: Any, registry: Any) -> None:
    billing = consumer(mock, registry)
    threading.Timer(0.3, billing.stop).start()
    with billing:
        assert list(billing) == []
    started = time.monotonic()
    billing.close()
    assert time.monotonic() - started < 1


def test_several_threads_share_the_loop_and_each_partition_keeps_its_order(
    mock: Any, registry: Any, write: Any, patiently: Until
) -> None:
    for key in "abcdefgh":
        write(*[f"{key}-{number}" for number in range(25)], key=key)
    handled: list[accord.Record] = []
    together = []
    running: set[int] = set()
    overlaps: list[int] = []

    def work(billing: accord.Consumer[Order]) -> None:
        for record in billing:
            with record:
                if record.partition in running:
                    overlaps.append(record.offset)
                running.add(record.partition)
                together.append(len(running))
                time.sleep(0.001)
                running.discard(record.partition)
                handled.append(record)

    with consumer(mock, registry) as billing:
        threads = [threading.Thread(target=work, args=(billing,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        patiently(lambda: billing.stats().done == 200)
        billing.stop()
        for thread in threads:
            thread.join(10)
    assert max(together) > 1
    assert overlaps == []
    for partition in range(3):
        offsets = [record.offset for record in handled if record.partition == partition]
        assert offsets == list(range(len(offsets)))


def test_with_lanes_several_threads_share_a_partition_and_each_key_keeps_its_order(
    mock: Any, registry: Any, write: Any, patiently: Until
) -> None:
    keys = [f"key-{number}" for number in range(24)]
    for number in range(10):
        for key in keys:
            write(f"{key}/{number}", key=key)
    handled: list[tuple[str, int]] = []
    running: list[tuple[int, str]] = []
    together = []

    def work(billing: accord.Consumer[Order]) -> None:
        for record in billing:
            with record:
                key = str(record.key)
                running.append((record.partition, key))
                together.append(list(running))
                time.sleep(0.001)
                running.remove((record.partition, key))
                handled.append((key, record.offset))

    with consumer(mock, registry, lanes=4) as billing:
        threads = [threading.Thread(target=work, args=(billing,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        patiently(lambda: billing.stats().done == 240)
        billing.stop()
        for thread in threads:
            thread.join(10)
    for key in keys:
        offsets = [offset for other, offset in handled if other == key]
        assert len(offsets) == 10
        assert offsets == sorted(offsets)
    assert all(len({key for _, key in now}) == len(now) for now in together)
    assert any(len({partition for partition, _ in now}) < len(now) for now in together)
    assert sum(mock.committed("billing", "orders").values()) == 240


@pytest.mark.soak
def test_a_member_that_joins_takes_over_without_loss_or_repetition(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    numbers = iter(range(100_000))

    def write_some() -> None:
        for key in "abcdefgh":
            write(*[f"o-{next(numbers)}" for _ in range(20)], key=key)

    def slowly(_: accord.Record) -> None:
        time.sleep(0.002)

    write_some()
    first = join(ORDERS, handle=slowly)
    patiently(lambda: len(first.handled) > 20)
    second = join(ORDERS, handle=slowly)
    while len(second.handled) < 20 and not first.ended_with:
        write_some()
        time.sleep(0.2)
    patiently(lambda: first.stats.in_flight == second.stats.in_flight == 0)
    first.close()
    write_some()
    written = next(numbers)
    patiently(lambda: len(first.handled) + len(second.handled) >= written)
    second.close()
    assert sorted(ids(first.handled) + ids(second.handled)) == sorted(
        f"o-{number}" for number in range(written)
    )
    assert sum(mock.committed("billing", "orders").values()) == written


@pytest.mark.soak
def test_a_record_that_is_finished_after_its_partition_was_lost_does_not_count_and_comes_again(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first", "second")
    mock.forget_silent_members_after(1000)
    go_on = threading.Event()
    member = join(ORDERS, handle=lambda record: go_on.wait(20) if record.offset == 0 else None)
    patiently(lambda: member.stats.in_flight == 2)
    mock.set_down(down=True)
    time.sleep(2)  # the group must miss the member's heartbeats
    mock.set_down(down=False)
    patiently(lambda: member.stats.consumed == 4)
    go_on.set()
    patiently(lambda: member.stats.done == 2)
    member.close()
    assert member.stats.stale == 1
    assert ids(member.handled) == ["first", "first", "second"]
    assert sum(mock.committed("billing", "orders").values()) == 2


@pytest.mark.soak
def test_a_slow_handler_does_not_make_the_buffer_grow(write: Any, join: Any, patiently: Until) -> None:
    write(*[f"o-{number}" for number in range(300)])
    go_on = threading.Event()
    member = join(ORDERS, handle=lambda _: go_on.wait(20), buffer=20)
    patiently(lambda: member.stats.paused == 3)
    held = member.stats.in_flight
    assert 20 <= held < 40
    go_on.set()
    patiently(lambda: member.settled == 300)
    assert ids(member.handled) == [f"o-{number}" for number in range(300)]


@pytest.mark.soak
def test_a_member_whose_handler_hangs_leaves_and_another_takes_over(
    mock: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first", "second")
    go_on = threading.Event()
    stuck = join(ORDERS, handle=lambda _: go_on.wait(20), max_handler_s=0.3)
    patiently(lambda: stuck.stats.in_flight == 2)
    other = join(ORDERS)
    patiently(lambda: ids(other.handled) == ["first", "second"])
    go_on.set()
    patiently(lambda: stuck.ended_with)
    assert isinstance(stuck.ended_with[0], accord.HandlerStuck)
    assert (stuck.stats.done, stuck.stats.stale) == (0, 1)
    other.close()
    assert sum(mock.committed("billing", "orders").values()) == 2


def test_a_record_whose_answer_is_on_its_way_is_committed_when_that_has_arrived(
    mock: Any, registry: Any, write: Any, join: Any, patiently: Until
) -> None:
    write("first", "second")
    mock.create_topic("answers")
    answers = accord.contract("answers", Order)
    registry.add(answers.subject, answers.schema)
    with accord.Producer(mock.settings(), registry.new_client()) as producer:
        mock.fail(mock.PRODUCE, mock.NOT_ENOUGH_REPLICAS, times=10_000)
        member = join(
            ORDERS, handle=lambda record: record.after(producer.send(answers, record.value, key="k"))
        )
        patiently(lambda: len(member.handled) == 2)
        assert member.stats.done == 0
        mock.stop_failing(mock.PRODUCE)
        patiently(lambda: member.stats.done == 2)
    member.close()
    assert sum(mock.committed("billing", "orders").values()) == 2


def test_batches_are_committed_like_records(mock: Any, registry: Any, write: Any) -> None:
    write("first", b"poison", "third", "fourth")
    handled: list[str] = []
    with consumer(mock, registry) as billing:
        for batch in billing.batches(max_records=3, wait_s=1):
            with batch:
                handled = [order.order_id for order in batch.values if order]
            break
    assert handled == ["first", "third", "fourth"]
    assert sum(mock.committed("billing", "orders").values()) == 4
    assert len(mock.records("orders-dlq")) == 1


def test_brokers_that_do_not_tell_their_protocols_are_spoken_to_in_the_older_one(mock: Any) -> None:
    assert group_protocol(KafkaSettings(mock.bootstrap_servers), {}, timeout_s=10) == "classic"


@pytest.mark.parametrize("missing", ["orders", "orders-dlq"])
def test_a_missing_topic_is_told_before_the_first_record(mock: Any, registry: Any, missing: str) -> None:
    mock.forget_topic(missing)
    with pytest.raises(accord.TopicNotFound, match=f"'{missing}'") as caught:
        consumer(mock, registry).start()
    assert "create it" in caught.value.hint


def test_brokers_that_are_not_there_are_told_in_bounded_time(
    registry: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("accord.streams.member.CONNECT_S", 1.0)
    billing = accord.Consumer("127.0.0.1:9", registry.client, group="billing", contracts=[ORDERS])
    started = time.monotonic()
    with pytest.raises(accord.BrokersUnavailable, match=r"127\.0\.0\.1:9"), billing:
        pytest.fail("it did not start")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("contracts", [[], [ORDERS, NEWER]])
def test_a_consumer_needs_contracts_one_for_each_topic(
    registry: Any, contracts: list[accord.Contract]
) -> None:
    with pytest.raises(accord.ConfigurationError):
        accord.Consumer("127.0.0.1:9", registry.client, group="billing", contracts=contracts)
