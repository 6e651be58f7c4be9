"""Batches and their transactions, on a member and a producer that exist in this test only."""

import itertools
from typing import Any

import pytest
from tests.streams.atomic_world import (
    BLOCK_S,
    INVOICES,
    ORDERS,
    Invoice,
    Order,
    Pipeline,
    bill,
    make,
    refused,
    subscribe,
    too_large,
)

import accord
from accord.errors import AccordError, ConfigurationError, UnavailableError
from accord.kafka import (
    DeliveryFailed,
    Fenced,
    OutcomeUnknown,
    OutgoingRecord,
    TopicPartition,
    TransactionFailed,
    TransactionRefused,
)
from accord.streams.atomic_batch import AtomicBatch
from accord.streams.errors import BatchTookTooLong, DeadLetterFailed, TooManyDeadLetters
from accord.streams.transactions import ExactlyOnce


@pytest.fixture
def pipeline(registry: Any) -> Pipeline:
    return make(registry)


def test_what_was_sent_and_the_offsets_are_committed_together(pipeline: Pipeline) -> None:
    pipeline.write("a", "b")
    pipeline.write("c", partition=1)
    subscribe(pipeline)

    batch = pipeline.next()
    assert batch is not None
    with batch:
        for record in batch.records:
            bill(batch, record)
        assert not pipeline.transactions.committed

    assert sorted(pipeline.invoices) == ["a", "b", "c"]
    assert pipeline.next_offsets == {0: 2, 1: 1}
    assert (pipeline.loop.counts.committed, pipeline.loop.counts.published) == (1, 3)


def test_after_an_exception_nothing_was_written_and_the_same_records_come_again(pipeline: Pipeline) -> None:
    pipeline.write("a", "b")
    subscribe(pipeline)
    attempts = []

    def handle(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        attempts.append((record.key, record.attempt))
        bill(batch, record)
        if attempts[-1] == ("b", 1):
            raise ValueError("once")

    pipeline.run(handle)

    assert attempts == [("a", 1), ("b", 1), ("a", 2), ("b", 2)]
    assert pipeline.invoices == ["a", "b"]
    assert (pipeline.loop.counts.committed, pipeline.transactions.aborts) == (1, 1)


def test_what_comes_meanwhile_waits_until_the_failed_records_are_through(pipeline: Pipeline) -> None:
    pipeline.write("a")
    subscribe(pipeline)

    def handle(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        bill(batch, record)
        if (record.key, record.attempt) == ("a", 1):
            pipeline.write("b")
            raise ValueError("once")

    pipeline.run(handle)

    assert pipeline.invoices == ["a", "b"]


@pytest.mark.parametrize("poison", range(8))
def test_one_poison_record_is_found_and_put_aside_alone(pipeline: Pipeline, poison: int) -> None:
    names = [f"o-{number}" for number in range(8)]
    pipeline.write(*names)
    subscribe(pipeline)

    def handle(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        bill(batch, record)
        if record.offset == poison:
            raise ValueError("never")

    pipeline.run(handle)

    assert pipeline.invoices == names[:poison] + names[poison + 1 :]
    [letter] = pipeline.letters
    assert (letter["offset"], letter["error-code"]) == (str(poison), "HANDLER_FAILED")
    assert pipeline.next_offsets == {0: 8}
    assert pipeline.loop.counts.dead_lettered == {"HANDLER_FAILED": 1}


def test_every_record_poison_and_each_has_its_letter(pipeline: Pipeline) -> None:
    pipeline.write(*(f"o-{number}" for number in range(7)))
    subscribe(pipeline)

    def handle(_: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        raise ValueError(record.key)

    pipeline.run(handle)

    assert [letter["offset"] for letter in pipeline.letters] == [str(number) for number in range(7)]
    assert pipeline.next_offsets == {0: 7}
    assert not pipeline.invoices


def test_a_record_alone_has_all_its_tries_again(registry: Any) -> None:
    """A record of a batch that failed is not to blame for what passes."""
    pipeline = make(registry, retry=accord.Retry(tries=3))
    pipeline.write("a", "b")
    subscribe(pipeline)
    tried: list[str] = []

    def handle(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        tried.append(str(record.key))
        bill(batch, record)
        if record.key == "b" and tried.count("b") < 6:
            raise ValueError("five times")

    pipeline.run(handle)

    assert pipeline.invoices == ["a", "b"]
    assert not pipeline.letters


def test_a_record_knows_how_often_it_was_tried_in_whatever_batch(registry: Any) -> None:
    """What fails once does not fail again because its batch is taken apart."""
    pipeline = make(registry, retry=accord.Retry(tries=2))
    pipeline.write(*(f"o-{number}" for number in range(8)))
    subscribe(pipeline)
    tries: dict[int, list[int]] = {}

    def handle(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        tries.setdefault(record.offset, []).append(record.attempt)
        bill(batch, record)
        if record.offset == 7 or (record.offset < 3 and record.attempt == 1):
            raise ValueError("once, or always")

    pipeline.run(handle)

    assert tries[0] == [1, 2, 3]
    assert tries[7] == [2, 3, 4, 5, 6]
    assert pipeline.invoices == [f"o-{number}" for number in range(7)]
    assert [letter["attempts"] for letter in pipeline.letters] == ["6"]


def test_a_handler_that_says_permanent_is_not_asked_again(pipeline: Pipeline) -> None:
    pipeline.write("a")
    subscribe(pipeline)
    tries = []

    def handle(_: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        tries.append(record.attempt)
        raise accord.Permanent("no such customer")

    pipeline.run(handle)

    assert tries == [1]
    assert [letter["error-code"] for letter in pipeline.letters] == ["HANDLER_SAID_PERMANENT"]


def test_one_record_can_be_put_aside_and_the_others_go_on(pipeline: Pipeline) -> None:
    pipeline.write("a", "b", "c")
    subscribe(pipeline)

    def handle(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        if record.key == "b":
            batch.fail(record, ValueError("not this one"))
        else:
            bill(batch, record)

    pipeline.run(handle)

    assert pipeline.invoices == ["a", "c"]
    assert [(letter["offset"], letter["error-message"]) for letter in pipeline.letters] == [
        ("1", "not this one")
    ]
    assert (pipeline.loop.counts.committed, pipeline.transactions.aborts) == (1, 0)


def test_what_cannot_be_read_is_put_aside_in_the_transaction_of_what_can(pipeline: Pipeline) -> None:
    pipeline.write("a")
    pipeline.member.write(0, b"b", b"\x01junk")
    pipeline.write("c")
    subscribe(pipeline)

    pipeline.run(bill)

    assert pipeline.invoices == ["a", "c"]
    assert [letter["offset"] for letter in pipeline.letters] == ["1"]
    assert pipeline.loop.counts.committed == 1
    assert pipeline.next_offsets == {0: 3}


def test_a_batch_of_nothing_but_bad_records_troubles_nobody(pipeline: Pipeline) -> None:
    pipeline.member.write(0, b"a", b"junk")
    pipeline.member.write(0, b"b", b"")
    subscribe(pipeline)

    assert pipeline.next() is None

    assert len(pipeline.letters) == 2
    assert pipeline.next_offsets == {0: 2}


def test_while_the_registry_is_away_records_wait_and_the_member_keeps_polling(pipeline: Pipeline) -> None:
    pipeline.write("a", "b")
    subscribe(pipeline)
    pipeline.registry.down = True

    polls = pipeline.member.polls
    for _ in range(50):
        assert pipeline.next() is None
    assert pipeline.member.paused == set(pipeline.member.log)
    assert pipeline.member.polls == polls + 50
    pipeline.registry.down = False
    pipeline.run(bill)

    assert pipeline.invoices == ["a", "b"]
    assert not pipeline.letters
    assert not pipeline.member.paused


def test_records_before_the_one_that_waits_for_the_registry_are_handled(pipeline: Pipeline) -> None:
    pipeline.write("a")
    pipeline.member.write(0, b"b", (b"\x00" + (77).to_bytes(4) + b"?"))
    pipeline.write("c")
    subscribe(pipeline)

    pipeline.run(bill)

    assert pipeline.invoices == ["a", "c"]
    assert [letter["error-code"] for letter in pipeline.letters] == ["UNKNOWN_SCHEMA_ID"]


def test_something_that_is_away_is_waited_for_without_limit(pipeline: Pipeline) -> None:
    pipeline.write("a")
    subscribe(pipeline)
    tries = []

    def handle(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        tries.append(pipeline.member.now)
        if len(tries) < 10:
            raise UnavailableError("the bank is closed")
        bill(batch, record)

    pipeline.run(handle, turns=2000)

    assert pipeline.invoices == ["a"]
    waits = [after - before for before, after in itertools.pairwise(tries)]
    assert waits == sorted(waits)
    assert waits[-1] > 5 * waits[0]


def test_a_transaction_that_cannot_be_committed_is_aborted_and_done_anew(pipeline: Pipeline) -> None:
    pipeline.write("a", "b")
    subscribe(pipeline)
    pipeline.transactions.commit_errors = [TransactionFailed("another generation")] * 5

    pipeline.run(bill)

    assert pipeline.invoices == ["a", "b"]
    assert pipeline.transactions.aborts == 5


def test_partitions_that_went_between_two_tries_are_somebody_elses(pipeline: Pipeline) -> None:
    pipeline.write("a")
    pipeline.write("b", partition=1)
    subscribe(pipeline)
    pipeline.transactions.commit_errors = [TransactionFailed("another generation")]

    batch = pipeline.next()
    assert batch is not None
    with batch:
        for record in batch.records:
            bill(batch, record)
    pipeline.member.leaving = [TopicPartition("orders", 0)]
    pipeline.run(bill)

    assert pipeline.invoices == ["b"]
    assert pipeline.next_offsets == {1: 1}


def test_a_partition_that_comes_back_is_read_though_it_was_paused_when_it_went(pipeline: Pipeline) -> None:
    pipeline.write("a")
    subscribe(pipeline)
    pipeline.transactions.commit_errors = [TransactionFailed("another generation")]
    batch = pipeline.next()
    assert batch is not None
    with batch:
        pass
    place = TopicPartition("orders", 0)
    pipeline.member.leaving = [place]
    assert pipeline.next() is None
    assert pipeline.member.paused == {place}

    pipeline.member.coming = [place]
    assert pipeline.next() is None
    pipeline.run(bill)

    assert pipeline.invoices == ["a"]


def test_who_is_no_member_commits_nothing(pipeline: Pipeline) -> None:
    pipeline.write("a")
    subscribe(pipeline)
    pipeline.member.is_member = False
    for _ in range(5):
        assert pipeline.next() is None
    pipeline.member.is_member = True
    pipeline.run(bill)
    assert pipeline.invoices == ["a"]


@pytest.mark.parametrize("at_once", [True, False])
def test_an_event_that_is_too_large_is_the_fault_of_the_record_that_led_to_it(
    pipeline: Pipeline,
    at_once: bool,  # noqa: FBT001 -- a table's column
) -> None:
    pipeline.write("a", "b", "c")
    subscribe(pipeline)

    def is_too_large(record: OutgoingRecord) -> bool:
        return record.topic == "invoices" and record.key == b"b"

    if at_once:
        pipeline.transactions.too_large_at_once = is_too_large
    else:
        pipeline.transactions.undeliverable = lambda record: too_large() if is_too_large(record) else None

    pipeline.run(bill)

    assert pipeline.invoices == ["a", "c"]
    assert [letter["offset"] for letter in pipeline.letters] == ["1"]


@pytest.mark.parametrize("at_once", [True, False])
def test_a_letter_that_is_too_large_is_shortened(
    pipeline: Pipeline,
    at_once: bool,  # noqa: FBT001 -- a table's column
) -> None:
    pipeline.member.write(0, b"a", b"junk" * 100)
    subscribe(pipeline)

    def is_too_large(record: OutgoingRecord) -> bool:
        return len(record.value or b"") > 100

    if at_once:
        pipeline.transactions.too_large_at_once = is_too_large
    else:
        pipeline.transactions.undeliverable = lambda record: too_large() if is_too_large(record) else None

    pipeline.run(bill)

    assert [letter["truncated"] for letter in pipeline.letters] == ["value"]
    assert pipeline.next_offsets == {0: 1}


def test_without_a_letter_small_enough_everything_stops_and_nothing_is_committed(pipeline: Pipeline) -> None:
    pipeline.member.write(0, b"a", b"junk")
    subscribe(pipeline)
    pipeline.transactions.too_large_at_once = lambda _: True

    with pytest.raises(DeadLetterFailed):
        pipeline.run(bill)

    assert not pipeline.transactions.offsets


def test_a_topic_that_takes_nothing_stops_everything_and_puts_nothing_aside(pipeline: Pipeline) -> None:
    pipeline.write("a")
    subscribe(pipeline)
    pipeline.transactions.undeliverable = lambda _: refused()

    with pytest.raises(DeliveryFailed, match="not allowed"):
        pipeline.run(bill)

    assert not pipeline.transactions.committed
    assert not pipeline.transactions.offsets
    with pytest.raises(DeliveryFailed):
        pipeline.next()


@pytest.mark.parametrize(
    "error",
    [Fenced("another has the id"), OutcomeUnknown("nobody answered"), TransactionRefused("no rights")],
)
def test_who_is_fenced_or_refused_or_does_not_know_stops_for_good(
    pipeline: Pipeline, error: AccordError
) -> None:
    pipeline.write("a")
    subscribe(pipeline)
    pipeline.transactions.commit_errors = [error]

    with pytest.raises(type(error)):
        pipeline.run(bill)

    assert not pipeline.transactions.committed
    assert pipeline.loop.counts.committed == 0
    with pytest.raises(type(error)):
        pipeline.next()


def test_a_block_that_takes_too_long_is_undone_and_told(pipeline: Pipeline) -> None:
    pipeline.write("a")
    subscribe(pipeline)

    def handle(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        bill(batch, record)
        pipeline.member.now += BLOCK_S + 1

    with pytest.raises(BatchTookTooLong, match="a batch of 1 records took longer than 45 s"):
        pipeline.run(handle)

    assert not pipeline.transactions.committed
    assert pipeline.transactions.aborts == 1


def test_a_block_that_is_too_slow_hears_of_it_when_it_sends(pipeline: Pipeline) -> None:
    pipeline.write("a", "b")
    subscribe(pipeline)
    handled = []

    def handle(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        pipeline.member.now += BLOCK_S + 1
        handled.append(record.key)
        bill(batch, record)

    with pytest.raises(BatchTookTooLong):
        pipeline.run(handle)

    assert handled == ["a"]
    assert not pipeline.letters


def test_too_many_bad_records_in_a_row_stop_everything_before_they_are_put_aside(registry: Any) -> None:
    pipeline = make(registry, breaker=accord.Breaker(in_a_row=3))
    for _ in range(4):
        pipeline.member.write(0, b"k", b"junk")
    subscribe(pipeline)

    with pytest.raises(TooManyDeadLetters):
        pipeline.run(bill)

    assert not pipeline.letters
    assert not pipeline.transactions.offsets


def test_ctrl_c_undoes_the_batch_and_nothing_is_lost(pipeline: Pipeline) -> None:
    pipeline.write("a", "b")
    subscribe(pipeline)

    def interrupted(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        bill(batch, record)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        pipeline.run(interrupted)
    assert not pipeline.transactions.committed
    pipeline.run(bill)

    assert pipeline.invoices == ["a", "b"]


def test_an_event_for_a_topic_that_was_not_named_is_a_mistake_in_the_program(pipeline: Pipeline) -> None:
    pipeline.write("a")
    subscribe(pipeline)

    with pytest.raises(ConfigurationError, match="nobody said that events go to 'orders'"):
        pipeline.run(lambda batch, record: batch.send(ORDERS, record.value, key=record.key))

    assert not pipeline.letters


def test_an_event_that_breaks_its_contract_is_the_fault_of_the_record_that_led_to_it(
    pipeline: Pipeline,
) -> None:
    pipeline.write("a", "b")
    subscribe(pipeline)

    def handle(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
        wrong: Any = 17
        batch.send(INVOICES, Invoice(wrong if record.key == "b" else str(record.key)), key=record.key)

    pipeline.run(handle)

    assert pipeline.invoices == ["a"]
    assert [letter["error-class"].rpartition(".")[2] for letter in pipeline.letters] == ["InvalidEvent"]


def test_nobody_but_the_batch_says_which_schema_an_event_was_written_with(pipeline: Pipeline) -> None:
    pipeline.write("a")
    subscribe(pipeline)
    headers = [("__value_schema_id", b"\x01" + b"\x00" * 16)]

    pipeline.run(lambda batch, _: batch.send(INVOICES, Invoice("a"), key="a", headers=headers))

    assert not pipeline.invoices
    assert [letter["error-class"].rpartition(".")[2] for letter in pipeline.letters] == ["InvalidEvent"]


def test_headers_and_tombstones_are_published(pipeline: Pipeline) -> None:
    pipeline.write("a")
    subscribe(pipeline)

    pipeline.run(lambda batch, record: batch.send(INVOICES, None, key=record.key, headers=[("why", "gone")]))

    [written] = pipeline.transactions.committed
    assert (written.key, written.value, written.headers) == (b"a", None, (("why", b"gone"),))


def test_outside_of_its_block_a_batch_does_nothing(pipeline: Pipeline) -> None:
    pipeline.write("a")
    subscribe(pipeline)
    batch = pipeline.next()
    assert batch is not None
    with pytest.raises(RuntimeError):
        bill(batch, batch.records[0])
    with pytest.raises(RuntimeError):
        batch.fail(batch.records[0], ValueError())


def exactly_once(kafka: Any, registry: Any, **choices: Any) -> ExactlyOnce[Order]:
    """A pipeline as users make it."""
    chosen = {"contracts": [ORDERS], "publishes": [INVOICES], "transactional_id": "billing-1", **choices}
    return ExactlyOnce(kafka, registry.client, group="billing", **chosen)


NOWHERE = accord.KafkaSettings("127.0.0.1:1")


@pytest.mark.parametrize(
    ("kafka", "choices", "told"),
    [
        (
            accord.KafkaSettings("127.0.0.1:1", consumer={"max.poll.interval.ms": 60_000}),
            {},
            r"max\.poll\.interval\.ms",
        ),
        (
            accord.KafkaSettings("127.0.0.1:1", properties={"max.poll.interval.ms": 60_000}),
            {},
            r"max\.poll\.interval\.ms",
        ),
        (NOWHERE, {"transaction_timeout_s": 101.0}, "101 s does not fit"),
        (NOWHERE, {"retry": accord.Retry(topics=("1s",))}, "in place"),
        (NOWHERE, {"contracts": []}, "nothing to read"),
    ],
)
def test_what_cannot_be_kept_is_refused_when_it_is_asked_for(
    registry: Any, kafka: accord.KafkaSettings, choices: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigurationError, match=told):
        exactly_once(kafka, registry, **choices)


def test_events_without_a_registered_schema_are_told_before_anything_is_read(registry: Any) -> None:
    registry.add(ORDERS.subject, ORDERS.schema)
    with pytest.raises(accord.SchemaNotRegistered, match="invoices-value"):
        exactly_once(NOWHERE, registry).start()


@pytest.mark.soak
def test_a_pipeline_runs_until_it_is_stopped_and_wants_each_batch_in_a_block(
    mock: Any, registry: Any
) -> None:
    for contract in (ORDERS, INVOICES):
        registry.add(contract.subject, contract.schema)
    with pytest.raises(accord.TopicNotFound, match="invoices"):
        exactly_once(mock.settings(allow_auto_create_topics=False), registry).start()
    mock.create_topic("invoices")
    value = b"\x00\x00\x00\x00\x01" + ORDERS.encode(Order("a", 1.0))
    mock.write(*(OutgoingRecord("orders", b"k", value) for _ in range(3)))

    with exactly_once(mock.settings(), registry) as pipeline:
        loop = pipeline.batches(wait_s=0.1)
        assert next(loop).records
        with pytest.raises(accord.RecordNotSettled):
            next(loop)
        for batch in pipeline.batches(wait_s=0.1):
            with batch:
                for record in batch.records:
                    bill(batch, record)
            if pipeline.stats().records == 3:
                pipeline.stop()

    assert len(mock.records("invoices")) == 3
    assert pipeline.stats().published == 3
    assert list(pipeline.batches()) == []
