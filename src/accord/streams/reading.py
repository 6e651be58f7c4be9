"""From the bytes of a fetched record to an event of its contract, with the registry's help."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accord.codecs import Codec, InvalidData, codec_for, framing
from accord.kafka import RawRecord
from accord.schemas import InvalidSchema, SchemaId
from accord.streams.contract import Contract
from accord.streams.faults import BadRecord, Fault, FaultCode, Stage, data_fault
from accord.streams.writers import WriterSchemas


@dataclass(frozen=True, slots=True)
class Reading:
    """What a record says; ``value`` is None for a tombstone."""

    key: str | bytes | None
    value: Any
    schema_id: SchemaId | None


class Reader:
    """Reads records of some contracts, by topic. A codec is made once for each writer's schema and contract."""

    def __init__(self, contracts: Mapping[str, Contract], writers: WriterSchemas) -> None:
        self._contracts = contracts
        self._writers = writers
        self._codecs: dict[tuple[SchemaId, str], Codec[Any] | Fault] = {}

    def read(self, raw: RawRecord) -> Reading:
        """The record's key and value. Raises BadRecord, or RegistryWait while the registry cannot answer."""
        contract = self._contracts[raw.topic]
        try:
            key = contract.decode_key(raw.key)
        except UnicodeDecodeError as error:
            raise BadRecord(Fault(Stage.KEY, FaultCode.KEY_NOT_UTF8, error)) from error
        if raw.value is None:
            return Reading(key, None, None)
        schema_id = None
        try:
            schema_id, body = framing.split(raw.value)
            return Reading(key, self._codec(schema_id, contract).decode(body), schema_id)
        except InvalidData as error:
            raise BadRecord(data_fault(error, schema_id=schema_id)) from error

    def _codec(self, schema_id: SchemaId, contract: Contract) -> Codec[Any]:
        known = self._codecs.get((schema_id, contract.topic))
        if known is None:
            known = self._make_codec(schema_id, contract)
            self._codecs[schema_id, contract.topic] = known
        if isinstance(known, Fault):
            raise BadRecord(known)
        return known

    def _make_codec(self, schema_id: SchemaId, contract: Contract) -> Codec[Any] | Fault:
        written = self._writers.get(schema_id)
        try:
            return codec_for(
                written.schema, model=contract.model, reader=contract.schema, referenced=written.referenced
            )
        except InvalidData as error:
            return data_fault(error, schema_id=schema_id)
        except InvalidSchema as error:
            return Fault(Stage.VALUE, FaultCode.UNUSABLE_SCHEMA, error, schema_id)
