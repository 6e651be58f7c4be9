"""Which schemas the records of a topic carry, in front of the data or in headers: as many records as one has the patience for."""

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from accord.codecs.errors import InvalidFrame
from accord.codecs.framing import KEY_HEADER, VALUE_HEADER, schema_id_of, split_header
from accord.kafka.record import RawRecord
from accord.kafka.settings import KafkaSettings
from accord.kafka.tail import tail_topic

RECORDS: Final = 100_000
_HEADERS: Final = frozenset({KEY_HEADER, VALUE_HEADER})


@dataclass(frozen=True, slots=True)
class Carried:
    """How many keys and values carry which schema: by the id in front of them, or by the GUID in a header.

    ``is_whole`` says whether ``records`` is every record of the topic.
    """

    ids: Mapping[int, int] = field(default_factory=dict)
    records: int = 0
    is_whole: bool = True
    guids: Mapping[str, int] = field(default_factory=dict)

    def count(self, schema_id: int, guid: str | None) -> int:
        """How many carry one schema; without its GUID those with any header count, as each might be one of it."""
        in_headers = sum(self.guids.values()) if guid is None else self.guids.get(guid, 0)
        return self.ids.get(schema_id, 0) + in_headers


def carried_schemas(kafka: KafkaSettings, topic: str, *, limit: int = RECORDS) -> Carried:
    """What the keys and values on ``topic`` carry, of the first ``limit`` records from its beginning on.

    What carries neither is not counted. Raises TopicNotFound,
    BrokersUnavailable, KafkaRefused.
    """
    ids: Counter[int] = Counter()
    guids: Counter[str] = Counter()
    records = tail_topic(kafka, topic, begin="earliest", until_end=True)
    seen = 0
    try:
        found = (record for record in records if record is not None)
        for record in itertools.islice(found, limit):
            seen += 1
            _count(record, ids, guids)
        is_whole = seen < limit or next(found, None) is None
    finally:
        records.close()
    return Carried(dict(ids), seen, is_whole, dict(guids))


def _count(record: RawRecord, ids: Counter[int], guids: Counter[str]) -> None:
    for name, header in record.headers:
        if name in _HEADERS and header is not None:
            try:
                guids[split_header(header).guid] += 1
            except InvalidFrame:
                continue
    for data in (record.key, record.value):
        if data is not None:
            try:
                ids[schema_id_of(data)] += 1
            except InvalidFrame:
                continue
