"""Headers of dead letters by which tools made for Spring Kafka or Kafka Connect know them. Pure.

Spring writes numbers as big-endian bytes under ``kafka_dlt-``, Connect everything as text under ``__connect.errors.``.
"""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, Literal

from accord.errors import ConfigurationError
from accord.kafka import Headers, RawRecord, TimestampType
from accord.streams.faults import Fault, Stage

Convention = Literal["spring", "connect"]

PREFIXES: Final[Mapping[Convention, str]] = {"spring": "kafka_dlt-", "connect": "__connect.errors."}

_INT: Final = struct.Struct(">i")
_LONG: Final = struct.Struct(">q")
# As Kafka's Java client spells them.
_TIMESTAMP_TYPES: Final = {
    TimestampType.NONE: "NoTimestampType",
    TimestampType.CREATE_TIME: "CreateTime",
    TimestampType.LOG_APPEND_TIME: "LogAppendTime",
}
_CONNECT_STAGES: Final = {
    Stage.KEY: "KEY_CONVERTER",
    Stage.VALUE: "VALUE_CONVERTER",
    Stage.HANDLER: "TASK_PUT",
}


def checked(also: Iterable[str]) -> tuple[Convention, ...]:
    """The conventions, if there are such. Raises ConfigurationError."""
    known = {name for name in PREFIXES if name in also}
    unknown = sorted({*also} - known)
    if unknown or isinstance(also, str):
        raise ConfigurationError(
            f"dead letters cannot have the headers of {also!r}",
            hint=f"choose among {', '.join(sorted(PREFIXES))}: letters_also=('spring',)",
        )
    return tuple(sorted(known))


def foreign_headers(
    record: RawRecord, fault: Fault, *, group: str, client: str, message: str, also: Iterable[Convention]
) -> Headers:
    """What ``also`` asks for, of a record that ``group`` puts aside; ``message`` is the error's text."""
    return tuple(
        (PREFIXES[convention] + name, value)
        for convention in sorted(also)
        for name, value in _WRITERS[convention](record, fault, group, client, message)
    )


def _spring(
    record: RawRecord, fault: Fault, group: str, _client: str, message: str
) -> Iterator[tuple[str, bytes]]:
    yield "original-topic", record.topic.encode()
    yield "original-partition", _INT.pack(record.partition)
    yield "original-offset", _LONG.pack(record.offset)
    yield "original-timestamp", _LONG.pack(record.timestamp_ms)
    yield "original-timestamp-type", _TIMESTAMP_TYPES[record.timestamp_type].encode()
    yield "original-consumer-group", group.encode()
    # Of a key that cannot be read Spring tells under names of its own.
    of = "key-" if fault.stage is Stage.KEY else ""
    yield f"{of}exception-fqcn", _class_name(fault.error).encode()
    if fault.error.__cause__ is not None:
        yield f"{of}exception-cause-fqcn", _class_name(fault.error.__cause__).encode()
    yield f"{of}exception-message", message.encode(errors="replace")


def _connect(
    record: RawRecord, fault: Fault, group: str, client: str, message: str
) -> Iterator[tuple[str, bytes]]:
    facts = {
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "connector.name": group,
        "task.id": client,
        "stage": _CONNECT_STAGES[fault.stage],
        "class.name": "accord.Consumer",
        "exception.class.name": _class_name(fault.error),
        "exception.message": message,
    }
    for name, text in facts.items():
        yield name, text.encode(errors="replace")


def _class_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


_WRITERS: Final[
    Mapping[Convention, Callable[[RawRecord, Fault, str, str, str], Iterator[tuple[str, bytes]]]]
] = {"spring": _spring, "connect": _connect}
