"""From the bytes of a fetched record to an event of its contract, with the registry's help.

What a record was written with is told by its header ``__value_schema_id``, or by the first five bytes of its value. Both
lead to a decoder that is made once, so that the next record costs a look into a dictionary.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

from accord.codecs import Codec, InvalidData, codec_for, framing
from accord.kafka import Message
from accord.schemas import InvalidSchema, SchemaGuid, SchemaId, SchemaType, Subject
from accord.streams.contract import Contract
from accord.streams.event_names import FIRST_MESSAGE, event_name
from accord.streams.faults import BadRecord, Fault, FaultCode, Stage, data_fault
from accord.streams.lanes import Run
from accord.streams.record import OnLeave, Record, no_matter
from accord.streams.writers import WriterSchema, WriterSchemas, Written

Others = Literal["fail", "skip"]
"""What becomes of events on a topic that no contract speaks of: dead letters, or passed over and counted."""

BODY: Final = framing.PREFIX_LENGTH
MAX_HEADERS: Final = 10_000


class Reading(NamedTuple):
    """What a record says; ``value`` is None for a tombstone, ``schema_id`` also where a GUID named the schema."""

    key: str | bytes | None
    value: Any
    schema_id: SchemaId | None


class SkippedRecord(Exception):
    """The record is an event that this consumer is not interested in."""


@dataclass(frozen=True, slots=True)
class _Known:
    """How to read what one schema has written."""

    decode: Callable[[bytes, int], Any]
    written_as: Written
    schema_id: SchemaId | None


class Reader:
    """Reads the records of some contracts, of which several may share a topic."""

    def __init__(
        self, contracts: Iterable[Contract], writers: WriterSchemas, *, others: Others = "fail"
    ) -> None:
        by_topic: dict[str, list[Contract]] = {}
        for contract in contracts:
            by_topic.setdefault(contract.topic, []).append(contract)
        self._topics = {name: TopicReader(found, writers, others=others) for name, found in by_topic.items()}

    def of(self, topic: str) -> "TopicReader":
        """The reader of one topic."""
        return self._topics[topic]

    def read(self, message: Message) -> Reading:
        """The record's key and value.

        Raises BadRecord, SkippedRecord, or RegistryWait while the registry cannot answer.
        """
        return self._topics[message.topic()].read(message)


class TopicReader:
    """Reads the records of one topic."""

    def __init__(self, contracts: Sequence[Contract], writers: WriterSchemas, *, others: Others) -> None:
        self._contracts = contracts
        self._writers = writers
        self._others = others
        self._decode_key = contracts[0].decode_key
        self._text_keys = contracts[0].key == "string"
        self._by_prefix: dict[bytes, _Known] = {}
        self._by_header: dict[bytes, _Known] = {}
        self._subjects: dict[Written, Subject] = {}

    def subject_of(self, fault: Fault) -> str:
        """The subject of the contract that a bad record goes to, or "" if nobody can say."""
        if len(self._contracts) == 1:
            return self._contracts[0].subject
        if fault.schema_id is None:
            return self._subjects.get(SchemaGuid(fault.schema_guid or ""), "")
        return self._subjects.get(SchemaId(fault.schema_id), "")

    def read(self, message: Message) -> Reading:
        """The record's key and value."""
        record = self.record(message, None, 0, no_matter, 1)
        return Reading(record.key, record.value, record.schema_id)

    def record(
        self, message: Message, run: Run | None, index: int, leave: OnLeave, attempt: int
    ) -> Record[Any]:
        """The record to hand out: what is said of one in ``read``, without anything made in between."""
        key_bytes = message.key()
        try:
            # The common case without a call.
            key = key_bytes.decode() if self._text_keys and key_bytes else self._decode_key(key_bytes)
        except UnicodeDecodeError as error:
            raise BadRecord(Fault(Stage.KEY, FaultCode.KEY_NOT_UTF8, error)) from error
        value = message.value()
        if value is None:
            return Record(message, run, index, leave, key, None, None, attempt)
        headers = message.headers()
        known = None if headers is None else self._by_its_headers(headers)
        start = 0
        if known is None:
            known = self._by_prefix.get(value[:BODY]) or self._by_its_prefix(value)
            start = BODY
        try:
            event = known.decode(value, start)
        except InvalidData as error:
            raise BadRecord(_fault(error.fault, error, known.written_as)) from error
        except (BadRecord, SkippedRecord):
            raise
        except Exception as error:
            # A decoder that stumbles over a record must not take the records behind it along.
            raise BadRecord(_fault(FaultCode.DECODER_FAILED, error, known.written_as)) from error
        return Record(message, run, index, leave, key, event, known.schema_id, attempt)

    def _by_its_headers(self, headers: Sequence[tuple[str, bytes | None]]) -> _Known | None:
        # Of several the last one counts, as for readers in Java: earlier ones were copied from another record.
        for name, header in reversed(headers):
            if name == framing.VALUE_HEADER and header is not None:
                return self._by_header.get(header) or self._by_its_header(header)
        return None

    def _by_its_header(self, header: bytes) -> _Known | None:
        try:
            frame = framing.split_header(header)
        except InvalidData:
            # Somebody else's header of that name; the value may say it all the same.
            return None
        known = self._known(frame.guid, indexes=frame.indexes or FIRST_MESSAGE)
        if len(self._by_header) >= MAX_HEADERS:
            self._by_header.clear()
        self._by_header[header] = known
        return known

    def _by_its_prefix(self, value: bytes) -> _Known:
        try:
            schema_id = framing.split(value).schema_id
        except InvalidData as error:
            raise BadRecord(data_fault(error)) from error
        known = self._known(schema_id, indexes=None)
        self._by_prefix[value[:BODY]] = known
        return known

    def _known(self, written_as: Written, *, indexes: tuple[int, ...] | None) -> _Known:
        """How to read what a schema writes; ``indexes`` are None if they stand in front of the data."""
        written = self._writers.get(written_as)
        schema_id, _ = _names(written_as)
        if len(self._contracts) > 1 and written.schema.type is SchemaType.PROTOBUF and indexes is None:
            return _Known(_ByIndexes(self, written, written_as).decode, written_as, schema_id)
        decode = self.decoder(written, written_as, indexes=indexes or FIRST_MESSAGE, indexed=indexes is None)
        return _Known(decode, written_as, schema_id)

    def decoder(
        self,
        written: WriterSchema,
        written_as: Written,
        *,
        indexes: tuple[int, ...],
        indexed: bool,
    ) -> Callable[[bytes, int], Any]:
        """What reads the data of one kind of event, or raises what is wrong with all of them."""
        try:
            contract = self._contract_of(written, indexes, indexed=indexed)
            if contract is None:
                return self._refusal(written, written_as, indexes)
            self._subjects[written_as] = contract.subject
            codec: Codec[Any] = codec_for(
                written.schema, model=contract.model, reader=contract.parsed, referenced=written.referenced
            )
        except InvalidData as error:
            return _raising(_fault(error.fault, error, written_as))
        except (InvalidSchema, RecursionError) as error:
            return _raising(_fault(FaultCode.UNUSABLE_SCHEMA, error, written_as))
        return codec.decode_indexed if indexed else codec.decode

    def _contract_of(
        self, written: WriterSchema, indexes: tuple[int, ...], *, indexed: bool
    ) -> Contract | None:
        if len(self._contracts) == 1 and (indexed or written.schema.type is not SchemaType.PROTOBUF):
            # Where the indexes stand in front of the data, the codec compares them.
            return self._contracts[0]
        name = event_name(written.schema, written.referenced, indexes)
        return next((item for item in self._contracts if item.event == name), None)

    def _refusal(
        self, written: WriterSchema, written_as: Written, indexes: tuple[int, ...]
    ) -> Callable[[bytes, int], Any]:
        if self._others == "skip":
            return _skip
        name = event_name(written.schema, written.referenced, indexes) or "an event without a name"
        expected = ", ".join(str(item.event) for item in self._contracts)
        error = LookupError(f"no contract speaks of {name}; there are {expected}")
        return _raising(_fault(FaultCode.UNEXPECTED_EVENT, error, written_as))


class _ByIndexes:
    """Several Protobuf messages of one schema on one topic: which one it is stands in front of the data."""

    def __init__(self, reader: TopicReader, written: WriterSchema, written_as: Written) -> None:
        self._reader = reader
        self._written = written
        self._written_as = written_as
        self._decoders: dict[tuple[int, ...], Callable[[bytes, int], Any]] = {}

    def decode(self, data: bytes, start: int) -> Any:  # noqa: ANN401 -- whatever the contract's events are
        indexes, _ = framing.read_indexes(data, start)
        decode = self._decoders.get(indexes)
        if decode is None:
            decode = self._reader.decoder(self._written, self._written_as, indexes=indexes, indexed=True)
            self._decoders[indexes] = decode
        return decode(data, start)


def _raising(fault: Fault) -> Callable[[bytes, int], Any]:
    def refuse(_data: bytes, _start: int) -> Any:  # noqa: ANN401 -- it never returns
        raise BadRecord(fault)

    return refuse


def _skip(_data: bytes, _start: int) -> Any:  # noqa: ANN401 -- it never returns
    raise SkippedRecord


def _names(written_as: Written) -> tuple[SchemaId | None, SchemaGuid | None]:
    return (None, written_as) if isinstance(written_as, str) else (written_as, None)


def _fault(code: str, error: Exception, written_as: Written) -> Fault:
    return Fault(Stage.VALUE, code, error, *_names(written_as))
