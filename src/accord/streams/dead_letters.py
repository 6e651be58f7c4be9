"""What a dead letter looks like: the original bytes and headers, and headers that say what happened. Pure.

Header values are UTF-8 text. ``accord-dlq-id`` follows from the record's place and the group alone, so a letter that
was written twice is known by it.
"""

import traceback
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from accord.kafka import Headers, OutgoingRecord, RawRecord
from accord.streams.faults import Fault, text_of
from accord.streams.foreign_headers import PREFIXES, Convention, foreign_headers

PREFIX: Final = "accord-dlq-"
IDS: Final = uuid.UUID("8d6b6a4e-5f0f-5c55-9a53-1b1c8f5f4f10")
MAX_MESSAGE_CHARACTERS: Final = 1000
MAX_STACKTRACE_CHARACTERS: Final = 4096


@dataclass(frozen=True, slots=True)
class Author:
    """Who puts records aside; ``stacktraces`` says whether letters carry them, ``also`` whose headers beside our own."""

    cluster_id: str
    group: str
    client_id: str
    stacktraces: bool = False
    also: tuple[Convention, ...] = ()


@dataclass(frozen=True, slots=True)
class History:
    """What became of the record before: handler runs, and when it failed (seconds since 1970)."""

    attempts: int
    first_failed_at: float
    failed_at: float
    subject: str = ""


def letter_id(record: RawRecord, author: Author) -> str:
    """The id of the record's dead letter, the same whoever writes it and however often."""
    place = f"{author.cluster_id}/{record.topic}/{record.partition}/{record.offset}/{author.group}"
    return str(uuid.uuid5(IDS, place))


def dead_letters(
    record: RawRecord, fault: Fault, history: History, *, topic: str, author: Author
) -> Iterator[OutgoingRecord]:
    """The dead letter, and then smaller forms of it for when it is too large: what to write, in this order.

    First without the stack trace, then without the value (``accord-dlq-truncated: value``), at last without key and
    original headers too (``accord-dlq-truncated: all``).
    """
    told = _told(record, fault, history, author) + foreign_headers(
        record,
        fault,
        group=author.group,
        client=author.client_id,
        message=_message(fault.error),
        also=author.also,
    )
    # Of a letter that is put aside once more, only the latest story is told: headers do not grow.
    ours = (PREFIX, *(PREFIXES[convention] for convention in author.also))
    original = tuple((name, value) for name, value in record.headers if not name.startswith(ours))
    whole = OutgoingRecord(topic, record.key, record.value, original + told)
    trace = _stacktrace(fault.error) if author.stacktraces else ""
    if trace:
        yield replace(whole, headers=(*whole.headers, _header("stacktrace", trace)))
    yield whole
    yield replace(whole, value=None, headers=(*whole.headers, _header("truncated", "value")))
    yield OutgoingRecord(topic, None, None, (*told, _header("truncated", "all")))


def _told(record: RawRecord, fault: Fault, history: History, author: Author) -> Headers:
    error = fault.error
    facts = {
        "id": letter_id(record, author),
        "topic": record.topic,
        "partition": str(record.partition),
        "offset": str(record.offset),
        "timestamp": _iso(record.timestamp_ms / 1000) if record.timestamp_ms >= 0 else "",
        "timestamp-type": record.timestamp_type.value,
        "group": author.group,
        "client": author.client_id,
        "attempts": str(history.attempts),
        "first-failed-at": _iso(history.first_failed_at),
        "failed-at": _iso(history.failed_at),
        "stage": fault.stage.value,
        "error-code": str(fault.code),
        "error-class": f"{type(error).__module__}.{type(error).__qualname__}",
        "error-message": _message(error),
        "schema-id": "" if fault.schema_id is None else str(fault.schema_id),
        "schema-guid": fault.schema_guid or "",
        "subject": history.subject,
    }
    return tuple(_header(name, text) for name, text in facts.items() if text)


def _message(error: BaseException) -> str:
    return text_of(error)[:MAX_MESSAGE_CHARACTERS]


def _header(name: str, text: str) -> tuple[str, bytes]:
    return f"{PREFIX}{name}", text.encode(errors="replace")


def _iso(seconds: float) -> str:
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    except (ValueError, OverflowError, OSError):
        # Producers write whatever they like, nanoseconds for milliseconds for example; no calendar goes so far.
        return f"{seconds * 1000:.0f} ms"


def _stacktrace(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))[-MAX_STACKTRACE_CHARACTERS:]
