"""Where a failed record goes, and what its headers can and cannot say."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import accord
from accord.errors import ConfigurationError
from accord.kafka import OutgoingRecord, RawRecord, TimestampType
from accord.streams.retry_topics import LATEST_MS, Past, RetryTopics, retry_records, retry_topics

NOW = 1_700_000_000.0


@dataclass(frozen=True, slots=True)
class Order:
    order_id: str


ORDERS = accord.contract("orders", Order)
WAY = retry_topics(ORDERS, "billing", accord.Retry(2, topics=("5s", "1m", "10m")))
FIRST, SECOND, LAST = WAY.hops

RECORD = RawRecord(
    "orders",
    2,
    7,
    b"key",
    b"value",
    (("traceparent", b"00-1"),),
    1_699_999_000_000,
    TimestampType.CREATE_TIME,
)


def read(record: OutgoingRecord, offset: int = 0) -> RawRecord:
    """The record as it is found in its retry topic."""
    return RawRecord(
        record.topic,
        0,
        offset,
        record.key,
        record.value,
        record.headers,
        int(NOW * 1000),
        TimestampType.CREATE_TIME,
    )


def sent(past: Past, number: int, *, attempts: int = 2, now: float = NOW) -> RawRecord:
    error = ValueError("no such customer")
    hop = WAY.hops[number - 1]
    return read(retry_records(past, error, hop=hop, attempts=attempts, first_failed_at=NOW, now=now)[0])


def test_each_delay_has_a_topic_of_the_group() -> None:
    assert [hop.topic for hop in WAY.hops] == [
        "orders.billing.retry.5s",
        "orders.billing.retry.1m",
        "orders.billing.retry.10m",
    ]


def test_the_way_leads_from_topic_to_topic_and_ends() -> None:
    assert [WAY.after(None), WAY.after(FIRST), WAY.after(SECOND)] == [FIRST, SECOND, LAST]
    assert WAY.after(LAST) is None
    assert retry_topics(ORDERS, "billing", accord.Retry()).after(None) is None


def test_a_group_whose_name_no_topic_can_have_is_refused_at_once() -> None:
    with pytest.raises(ConfigurationError, match="and no topic can be"):
        retry_topics(ORDERS, "my group", accord.Retry(topics=("5s",)))


def test_a_record_is_restored_from_every_hop_as_it_was_at_first() -> None:
    past = Past(RECORD)
    for hop in (1, 2, 3):
        found = sent(past, hop, attempts=2 * hop)
        past = WAY.past(found)
        assert past == Past(RECORD, attempts=2 * hop, first_failed_at=NOW)
        assert len(found.headers) == len(RECORD.headers) + 11


def test_a_record_is_due_its_delay_after_it_failed() -> None:
    found = sent(WAY.past(RECORD), 2)
    assert WAY.due_ms(found, int(NOW * 1000)) == int(NOW * 1000) + 60_000
    assert WAY.due_ms(found, int(NOW * 1000) + 59_999) == int(NOW * 1000) + 60_000


def test_a_record_is_not_even_a_part_of_a_millisecond_early() -> None:
    found = sent(WAY.past(RECORD), 1, now=NOW + 0.0004)
    assert WAY.due_ms(found, int(NOW * 1000) + 1) == int(NOW * 1000) + 5_001


def test_how_it_failed_is_left_out_where_it_makes_the_record_too_large() -> None:
    whole, smaller = retry_records(
        Past(RECORD), ValueError("x" * 5000), hop=FIRST, attempts=1, first_failed_at=NOW, now=NOW
    )
    assert len(dict(whole.headers)["accord-retry-error-message"] or b"") == 1000
    assert {name for name, _ in whole.headers} - {name for name, _ in smaller.headers} == {
        "accord-retry-error-class",
        "accord-retry-error-message",
    }
    assert WAY.past(read(smaller)) == WAY.past(read(whole))


def forged(record: RawRecord, **told: bytes | None) -> RawRecord:
    names = {f"accord-retry-{name.replace('_', '-')}": value for name, value in told.items()}
    kept = tuple((name, value) for name, value in record.headers if name not in names)
    return replace(record, headers=(*kept, *names.items()))


@pytest.mark.parametrize(
    ("told", "attempts"),
    [
        (b"0", 2),
        (b"-5", 2),
        (b"999999999999", 4),
        (b"9" * 5000, 2),
        (b"\xff", 2),
        (None, 2),
        (b"3", 3),
        ("٣".encode(), 2),
    ],
)
def test_a_number_of_attempts_that_cannot_be_is_put_right(told: bytes | None, attempts: int) -> None:
    assert WAY.past(forged(sent(WAY.past(RECORD), 2, attempts=4), attempt=told)).attempts == attempts


@pytest.mark.parametrize("told", [b"99999999999999999", b"", b"soon", b"-1", None])
def test_nobody_can_make_a_record_wait_longer_than_its_hop(told: bytes | None) -> None:
    now_ms = int(NOW * 1000)
    assert WAY.due_ms(forged(sent(WAY.past(RECORD), 1), due_at=told), now_ms) == now_ms + 5_000


@pytest.mark.parametrize(
    "told", [{"topic": b"other"}, {"partition": b"-1"}, {"offset": b"x"}, {"topic": None}]
)
def test_a_record_that_somebody_else_put_there_comes_from_there(told: dict[str, bytes | None]) -> None:
    found = forged(sent(WAY.past(RECORD), 1), **told)
    assert WAY.past(found).record == replace(found, headers=RECORD.headers)


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "due-at",
                "attempt",
                "topic",
                "partition",
                "offset",
                "timestamp",
                "timestamp-type",
                "first-failed-at",
            ]
        ),
        st.one_of(st.none(), st.binary(max_size=30), st.integers().map(lambda n: str(n).encode())),
    ),
    st.integers(1, 3),
)
def test_whatever_its_headers_say_a_record_goes_on_from_where_it_is(
    told: dict[str, bytes | None], number: int
) -> None:
    way: RetryTopics = WAY
    found = forged(sent(way.past(RECORD), number), **told)
    hop = way.hop_of(found.topic)
    assert hop is not None
    assert hop.number == number
    past = way.past(found)
    assert number <= past.attempts <= 2 * number
    assert past.record.timestamp_ms <= LATEST_MS
    now_ms = int(NOW * 1000)
    assert way.due_ms(found, now_ms) <= now_ms + hop.delay_ms
    assert way.after(hop) == (way.hops[number] if number < 3 else None)
