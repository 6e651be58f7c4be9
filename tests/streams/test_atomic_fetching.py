"""What is fetched for transactions is of partitions that are ours, and none of it is passed over after a failure."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from tests.streams.atomic_world import Pipeline, bill, make, subscribe

from accord.errors import AccordError
from accord.kafka import KafkaRefused, Message, TopicPartition

PLACE = TopicPartition("orders", 0)

Consume = Callable[[int, float], Sequence[Message]]


@pytest.fixture
def pipeline(registry: Any) -> Pipeline:
    return make(registry)


def test_records_that_come_in_the_same_call_in_which_their_partition_goes_are_somebody_elses(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipeline.write("a")
    pipeline.write("b", partition=1)
    subscribe(pipeline)
    consume = pipeline.member.consume

    def consume_and_lose(max_records: int, timeout_s: float) -> Sequence[Message]:
        found = consume(max_records, timeout_s)
        # The client had these in hand already when it served the rebalance.
        if PLACE in pipeline.member.positions:
            del pipeline.member.positions[PLACE]
            pipeline.member.listener.on_revoked([PLACE])
        return found

    monkeypatch.setattr(pipeline.member, "consume", consume_and_lose)
    pipeline.run(bill)

    assert pipeline.invoices == ["b"]
    assert pipeline.next_offsets == {1: 1}


@pytest.mark.parametrize(
    "error", [KafkaRefused("no rights", code="TOPIC_AUTHORIZATION_FAILED"), KeyboardInterrupt()]
)
def test_who_goes_on_after_a_failed_fetch_passes_no_record_over(
    pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    pipeline.write("a", "b")
    subscribe(pipeline)
    consume = pipeline.member.consume

    def fail(max_records: int, timeout_s: float) -> Sequence[Message]:
        # What the client had taken from its queue goes down with the call.
        consume(max_records, timeout_s)
        raise error

    monkeypatch.setattr(pipeline.member, "consume", fail)
    with pytest.raises(type(error)):
        pipeline.next()
    monkeypatch.setattr(pipeline.member, "consume", consume)

    with pytest.raises(AccordError):
        pipeline.next()
    assert not pipeline.transactions.offsets
