"""What was measured to go wrong with the clients and frameworks that people use, and the test that shows ours not to.

Where the peer is installed and its failure is quick to show, the test below shows both. In the table each failure is
followed by its tests.

confluent-kafka
- after a record that cannot be read comes the next one, and the offset moves past both
    here::test_a_record_that_cannot_be_read_is_lost_by_the_peer_and_put_aside_by_us
- an application that dies of the error has skipped the record for good
    tests/streams/test_consumer.py::test_nothing_is_committed_past_a_bad_record_before_the_brokers_have_its_letter
- a registry that hiccups costs good records, through the same door
    here::test_a_hiccup_of_the_registry_costs_the_peer_a_good_record_and_us_a_moment
    tests/streams/test_consumer.py::test_while_the_registry_is_out_records_wait_and_none_is_put_aside
- a batch with one bad record is thrown away as a whole, and committed
    here::test_one_bad_record_costs_the_peer_its_batch_and_us_nothing
    tests/streams/test_batches.py::test_a_bad_record_is_put_aside_and_the_batch_does_without_it
- there are no typed batches at all, without asyncio
    tests/streams/test_batches.py::test_a_batch_has_the_records_of_several_partitions_and_all_are_done_together
- what is wrong with a record is told by errors of several families
    here::test_bad_records_raise_several_families_of_errors_at_the_peer_and_one_with_us
- storing offsets by hand and skipping what failed loses it with the next success
    tests/streams/test_tracker.py::test_the_offset_stops_before_the_first_unfinished_record
    tests/streams/test_flow.py::test_a_record_on_its_way_to_the_dead_letters_lets_others_pass_but_not_the_offset
- what the dead-letter action cannot write is a line in the log
    tests/streams/test_consumer.py::test_a_letter_that_cannot_be_written_stops_the_consumer_before_its_record
- dead letters do not say where they come from
    tests/streams/test_dead_letters.py::test_the_headers_say_what_happened_in_text
- a dead letter on the way out is JSON, and not the record's bytes
    tests/streams/test_dead_letters.py::test_the_first_form_has_the_original_bytes_and_headers
- a header of the record switches a rule off
    tests/streams/test_producer.py::test_no_header_switches_a_check_off
- a value of five bytes or less is refused, though a record may be that short
    here::test_short_records_are_refused_by_the_peer_and_read_by_us
    tests/streams/test_serdes.py::test_a_body_of_one_byte_is_a_record_with_header_framing
- a serializer for several topics writes the schema id of another one
    here::test_the_peer_writes_one_subjects_id_for_another_and_we_do_not
- what is latest is asked once and believed for as long as the process lives
    tests/client/test_answers_kept_on_disk.py::test_the_latest_version_is_never_kept
- schemas are forgotten with the process: no restart while the registry is away
    tests/client/test_answers_kept_on_disk.py::test_schemas_and_ids_outlive_the_program_while_the_registry_is_away
    tests/streams/test_producer.py::test_a_restart_while_the_registry_is_away_still_produces
- an int takes 2**40, True and 1.7, and a field that nobody knows is dropped
    here::test_values_that_are_none_are_written_by_the_peer_and_refused_by_us
    tests/codecs/test_avro_strictness.py::test_a_value_that_the_schema_does_not_allow_is_refused_with_its_path
- bytes behind the record are read over
    here::test_bytes_behind_a_record_are_read_over_by_the_peer_and_told_by_us
- a message with an empty value is false
    here::test_a_record_is_true_whatever_it_holds

FastStream
- acknowledges before the handler runs, unless told otherwise
    tests/streams/test_consumer.py::test_an_interrupt_leaves_the_record_for_the_next_member
- acknowledges what failed: a line in the log, and the record is gone
    tests/streams/test_consumer.py::test_a_handler_that_keeps_failing_has_its_record_put_aside
- or tries it again at once and for ever
    tests/streams/test_faults.py::test_a_failing_handler_is_tried_again_with_growing_waits_and_then_no_more
- has several workers only if it acknowledges first
    tests/streams/test_app.py::test_workers_keep_the_order_of_each_key
    tests/streams/test_async_consumer.py::test_several_tasks_keep_the_order_of_each_key
- an acknowledgement commits all that was fetched, handled or not
    tests/streams/test_tracker.py::test_the_offset_stops_before_the_first_unfinished_record
- what brokers refuse is nothing to be heard of
    here::test_who_may_not_read_hears_of_it
- a tombstone becomes an empty value
    tests/streams/test_consumer.py::test_a_tombstone_is_handed_over_as_none
- headers that are no text are an error
    here::test_headers_are_bytes
- a full queue costs the batch
    tests/streams/test_producer.py::test_a_full_queue_is_waited_for_and_then_told
    tests/streams/test_async_producer.py::test_a_full_queue_is_waited_for_without_holding_up_the_loop

Quix Streams
- a record that cannot be read is dropped, or the application starts again at it
    tests/streams/test_consumer.py::test_poison_is_put_aside_with_its_bytes_and_the_rest_goes_on
- and so with one that cannot be handled
    tests/streams/test_consumer.py::test_a_handler_that_keeps_failing_has_its_record_put_aside

aiokafka
- a record that cannot be read comes again and again
    tests/streams/test_consumer.py::test_poison_is_put_aside_with_its_bytes_and_the_rest_goes_on

Arroyo
- what is buffered for a dead letter may be evicted before it is written
    tests/streams/test_flow.py::test_room_shrinks_with_what_is_not_finished
    tests/streams/test_flow.py::test_a_dead_letter_that_does_not_arrive_holds_up_its_partition_and_no_other
- the limit of bad records is hard to tune, and always there
    tests/streams/test_app.py::test_too_many_bad_records_stop_the_application
    tests/streams/test_consumer.py::test_record_after_record_failing_stops_before_the_topic_is_drained

Spring Kafka
- the dead-letter topic needs as many partitions as the topic
    tests/streams/test_consumer.py::test_poison_is_put_aside_with_its_bytes_and_the_rest_goes_on
- the story of a record grows with each failure, until it is too large
    tests/streams/test_dead_letters.py::test_a_record_that_fails_again_has_its_old_story_replaced
- two groups share retry topics
    tests/streams/test_retry_topics.py::test_each_delay_has_a_topic_of_the_group
- attempts are believed as a header tells them
    tests/streams/test_retry_topics.py::test_a_number_of_attempts_that_cannot_be_is_put_right

Kafka Connect
- a dead letter keeps the time of its record, and retention may delete it at once
    tests/streams/test_dead_letters.py::test_the_letter_is_written_now_and_keeps_the_old_time_in_a_header
- says what happened only if it is told to
    tests/streams/test_dead_letters.py::test_the_headers_say_what_happened_in_text
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import confluent_kafka
import pytest
from confluent_kafka.aio import AsyncDeserializingConsumer
from confluent_kafka.error import ValueDeserializationError
from confluent_kafka.schema_registry import (
    AsyncSchemaRegistryClient,
    SchemaRegistryClient,
    SchemaRegistryError,
)
from confluent_kafka.schema_registry.avro import AsyncAvroDeserializer, AvroDeserializer, AvroSerializer
from confluent_kafka.serialization import MessageField, SerializationContext, SerializationError

import accord
from accord.codecs import InvalidData, InvalidEvent, codec_for
from accord.kafka import OutgoingRecord, RawRecord, message_of
from accord.schemas import Schema
from accord.streams.faults import BadRecord
from accord.streams.reading import Reader
from accord.streams.record import batched
from accord.streams.writers import RegistryWait, WriterSchemas

Until = Callable[[Callable[[], object]], None]


@dataclass(frozen=True, slots=True)
class Count:
    number: int


SCHEMA = '{"type": "record", "name": "Count", "fields": [{"name": "number", "type": "int"}]}'
COUNTS = accord.contract("orders", Count, schema=SCHEMA)

HERE = "here::"


def listed() -> list[str]:
    return re.findall(r"^    (\S+::test_\w+)$", __doc__ or "", re.MULTILINE)


def test_the_table_names_tests_that_there_are() -> None:
    root, here = Path(__file__).parents[2], Path(__file__)
    texts: dict[str, str] = {}
    for name in listed():
        file, _, test = name.rpartition("::")
        path = here if name.startswith(HERE) else root / file
        assert f"def {test}(" in texts.setdefault(file, path.read_text()), name
    assert len(listed()) > 40


def test_every_failure_in_the_table_has_a_test() -> None:
    entries = re.split(r"^- ", __doc__ or "", flags=re.MULTILINE)[1:]
    assert all("::test_" in entry for entry in entries), entries


class Peer:
    """confluent-kafka's serdes on its own registry in memory, where the schema of counts has the id 1."""

    def __init__(self) -> None:
        # Registries of the same address are the same one.
        self.client = SchemaRegistryClient.new_client({"url": "mock://"})
        self.serialize = AvroSerializer(self.client, SCHEMA)
        self.deserialize = AvroDeserializer(self.client)
        assert self.write({"number": 1})[:5] == b"\x00\x00\x00\x00\x01"

    def write(self, value: Any, topic: str = "orders") -> bytes:
        data: bytes | None = self.serialize(value, SerializationContext(topic, MessageField.VALUE))
        assert data is not None
        return data

    def read(self, value: bytes) -> Any:
        return self.deserialize(value, SerializationContext("orders", MessageField.VALUE))


@pytest.fixture
def peer() -> Peer:
    return Peer()


class Ours:
    """Our reader, on a registry where the schema of counts has the id 1, and time that passes as soon as one waits."""

    def __init__(self, registry: Any) -> None:
        registry.add(COUNTS.subject, COUNTS.schema)
        self.registry = registry
        self.now = 0.0
        self.waits = 0
        self._reader = Reader([COUNTS], WriterSchemas(registry.new_client(), clock=lambda: self.now))

    def read(self, value: bytes) -> Any:
        message = message_of(RawRecord("orders", 0, 0, b"k", value))
        while True:
            try:
                return self._reader.read(message).value
            except RegistryWait as wait:
                self.waits += 1
                self.now += wait.after_s
                self.registry.down = False


@pytest.fixture
def ours(registry: Any) -> Ours:
    return Ours(registry)


def count(number: int) -> bytes:
    return b"\x00\x00\x00\x00\x01" + COUNTS.encode(Count(number))


BAD = {
    "cut": count(300)[:-1],
    "of another magic": b"\x07" + count(1)[1:],
    "of an unknown id": b"\x00\x00\x00\x00\x63\x02",
    "no frame at all": b'{"number": 1}',
    "nothing": b"",
}


def test_bad_records_raise_several_families_of_errors_at_the_peer_and_one_with_us(
    peer: Peer, ours: Ours
) -> None:
    families = set()
    for value in BAD.values():
        with pytest.raises((LookupError, EOFError, SerializationError, SchemaRegistryError)) as told:
            peer.read(value)
        families.add(told.type)
        with pytest.raises(BadRecord):
            ours.read(value)
    assert len(families) == 3


def test_short_records_are_refused_by_the_peer_and_read_by_us(registry: Any) -> None:
    """Five bytes are a whole record of a schema that takes none."""
    nothing = '{"type": "record", "name": "Nothing", "fields": []}'
    peer = SchemaRegistryClient.new_client({"url": "mock://"})
    context = SerializationContext("nothing", MessageField.VALUE)
    short = AvroSerializer(peer, nothing)({}, context)
    assert short is not None
    assert len(short) == 5
    with pytest.raises(SerializationError, match="6 bytes or more"):
        AvroDeserializer(peer)(short, context)

    contract = accord.contract("nothing", Nothing, schema=nothing)
    registry.add(contract.subject, contract.schema)
    reader = Reader([contract], WriterSchemas(registry.client))
    assert (
        reader.read(message_of(RawRecord("nothing", 0, 0, None, b"\x00\x00\x00\x00\x01"))).value == Nothing()
    )


@dataclass(frozen=True, slots=True)
class Nothing:
    pass


def test_the_peer_writes_one_subjects_id_for_another_and_we_do_not(peer: Peer, registry: Any) -> None:
    topics = ["orders", "refunds", "orders"]
    assert [int.from_bytes(peer.write({"number": 1}, topic)[1:5]) for topic in topics] == [1, 2, 2]

    contracts = {topic: accord.contract(topic, Count, schema=SCHEMA) for topic in set(topics)}
    for topic in ("orders", "refunds"):
        registry.add(contracts[topic].subject, contracts[topic].schema)
    serialize = accord.Serializer(contracts.values(), registry.client)
    written = [serialize(Count(1), SerializationContext(topic, MessageField.VALUE)) for topic in topics]
    assert [int.from_bytes((value or b"")[1:5]) for value in written] == [1, 2, 1]


@pytest.mark.parametrize("number", [2**40, True, 1.7])
def test_values_that_are_none_are_written_by_the_peer_and_refused_by_us(peer: Peer, number: Any) -> None:
    assert peer.write({"number": number})
    with pytest.raises(InvalidEvent, match="number"):
        COUNTS.encode(Count(number))


def test_fields_that_nobody_knows_are_dropped_by_the_peer_and_refused_by_us(peer: Peer) -> None:
    event: Any = {"number": 1, "colour": "red"}
    assert peer.read(peer.write(event)) == {"number": 1}
    with pytest.raises(InvalidEvent, match="colour"):
        codec_for(Schema(SCHEMA)).encode(event)


def test_bytes_behind_a_record_are_read_over_by_the_peer_and_told_by_us(peer: Peer, ours: Ours) -> None:
    value = count(1) + b"\x00"
    assert peer.read(value) == {"number": 1}
    with pytest.raises(BadRecord) as told:
        ours.read(value)
    assert isinstance(told.value.fault.error, InvalidData)


def test_a_record_is_true_whatever_it_holds() -> None:
    peers: Any = confluent_kafka.Message(topic="orders", value=b"")
    assert not peers
    peers.set_value(17)
    with pytest.raises(TypeError):
        bool(peers)
    values: list[Any] = [b"", None, 0, {}, Count(0)]
    for value in values:
        record = batched(message_of(RawRecord("orders", 0, 0, None, b"")), Said(None, value, None), attempt=1)
        assert bool(record) is True


@dataclass(frozen=True, slots=True)
class Said:
    key: str | None
    value: Any
    schema_id: None


def test_headers_are_bytes() -> None:
    guid = ("__value_schema_id", b"\x01\xff\xfe\x80")
    raw = RawRecord("orders", 0, 0, None, b"", headers=(guid, ("empty", None)))
    record = batched(message_of(raw), Said(None, None, None), attempt=1)
    assert record.headers == (guid, ("empty", None))


def test_a_hiccup_of_the_registry_costs_the_peer_a_good_record_and_us_a_moment(ours: Ours) -> None:
    away = SchemaRegistryClient({"url": "http://127.0.0.1:1", "max.retries": 0})
    with away, pytest.raises(Exception, match="refused"):
        AvroDeserializer(away)(count(1), SerializationContext("orders", MessageField.VALUE))

    ours.registry.down = True
    assert ours.read(count(1)) == Count(1)
    assert ours.waits == 1


def value_of(message: Any) -> Any:
    """What the peer's stub does not know: it has read the value."""
    return message.value()


def with_poison(mock: Any) -> None:
    """Four records of one key; the third is cut."""
    for value in (count(1), count(2), BAD["cut"], count(4)):
        mock.write(OutgoingRecord("orders", b"k", value))


def peers_settings(mock: Any, **more: Any) -> dict[str, Any]:
    return {
        "bootstrap.servers": mock.bootstrap_servers,
        "group.id": "peer",
        "group.protocol": "consumer",
        "auto.offset.reset": "earliest",
        **more,
    }


@pytest.mark.soak
def test_a_record_that_cannot_be_read_is_lost_by_the_peer_and_put_aside_by_us(
    peer: Peer, mock: Any, registry: Any, join: Any, patiently: Until
) -> None:
    with_poison(mock)
    consumer = confluent_kafka.DeserializingConsumer(
        peers_settings(mock, **{"value.deserializer": peer.deserialize})
    )
    consumer.subscribe(["orders"])
    seen: list[Any] = []
    while len(seen) < 4:
        try:
            polled = consumer.poll(1.0)
        except ValueDeserializationError:
            seen.append("an error")
        else:
            seen += [value_of(polled)["number"]] if polled is not None else []
    consumer.close()
    assert seen == [1, 2, "an error", 4]
    assert list(mock.committed("peer", "orders").values()) == [4]

    registry.add(COUNTS.subject, COUNTS.schema)
    member = join(COUNTS)
    patiently(lambda: member.settled == 4)
    member.close()
    assert [record.value.number for record in member.handled] == [1, 2, 4]
    assert [letter.value for letter in mock.records("orders-dlq")] == [BAD["cut"]]
    assert list(mock.committed("billing", "orders").values()) == [4]


@pytest.mark.soak
def test_one_bad_record_costs_the_peer_its_batch_and_us_nothing(mock: Any, registry: Any) -> None:
    with_poison(mock)

    async def consume() -> list[Any]:
        client = AsyncSchemaRegistryClient.new_client({"url": "mock://"})
        deserialize = await AsyncAvroDeserializer(client, SCHEMA)
        consumer: Any = await AsyncDeserializingConsumer(
            peers_settings(mock, **{"value.deserializer": deserialize})
        )
        await consumer.subscribe(["orders"])
        seen: list[Any] = []
        try:
            while not seen:
                seen += await consumer.consume(4, 1.0)
        except ValueDeserializationError:
            seen.append("an error")
        await consumer.close()
        return seen

    assert asyncio.run(consume()) == ["an error"]
    assert list(mock.committed("peer", "orders").values()) == [4]

    registry.add(COUNTS.subject, COUNTS.schema)
    numbers: list[int] = []
    with accord.Consumer(
        mock.settings(), registry.new_client(), group="billing", contracts=[COUNTS]
    ) as consumer:
        for batch in consumer.batches(max_records=4):
            with batch:
                numbers += [value.number for value in batch.values if value is not None]
            if len(numbers) == 3:
                break
    assert numbers == [1, 2, 4]
    assert [letter.value for letter in mock.records("orders-dlq")] == [BAD["cut"]]


@pytest.mark.soak
def test_who_may_not_read_hears_of_it(mock: Any, registry: Any, join: Any, patiently: Until) -> None:
    registry.add(COUNTS.subject, COUNTS.schema)
    mock.fail("Fetch", "TOPIC_AUTHORIZATION_FAILED", times=5)
    member = join(COUNTS)
    patiently(lambda: member.ended_with)
    assert isinstance(member.ended_with[0], accord.KafkaRefused)
