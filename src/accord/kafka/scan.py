"""Which schemas the records of a topic carry, by their ids: as many records as one has the patience for."""

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from accord.kafka.settings import KafkaSettings
from accord.kafka.tail import tail_topic

RECORDS: Final = 100_000
_MAGIC: Final = 0
_PREFIX: Final = 5


@dataclass(frozen=True, slots=True)
class Carried:
    """How many records carry which schema id. ``is_whole`` says whether that is every record of the topic."""

    ids: Mapping[int, int] = field(default_factory=dict)
    records: int = 0
    is_whole: bool = True


def carried_ids(kafka: KafkaSettings, topic: str, *, limit: int = RECORDS) -> Carried:
    """The ids in front of the values of ``topic``, of the first ``limit`` records from its beginning on.

    Ids in headers and values without one are not counted. Raises TopicNotFound, BrokersUnavailable, KafkaRefused.
    """
    ids: Counter[int] = Counter()
    records = tail_topic(kafka, topic, begin="earliest", until_end=True)
    seen = 0
    try:
        found = (record for record in records if record is not None)
        for record in itertools.islice(found, limit):
            seen += 1
            value = record.value
            if value is not None and len(value) >= _PREFIX and value[0] == _MAGIC:
                ids[int.from_bytes(value[1:_PREFIX], "big")] += 1
        is_whole = seen < limit or next(found, None) is None
    finally:
        records.close()
    return Carried(dict(ids), seen, is_whole)
