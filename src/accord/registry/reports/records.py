"""Reports as records and back. The bytes of a key decide what a compacted log keeps: their order is part of the format.

{"keytype":"READER","service":"billing","subject":"orders-value","origin":"claim"}    and the report, or null
"""

from typing import Any, Final

import msgspec

from accord.errors import AccordError
from accord.registry.log.port import Record
from accord.registry.reports.events import Forgotten, Reported, ReportEvent
from accord.registry.reports.kinds import KINDS, Kind, ReportKey

_KEYTYPE: Final = "keytype"
_NOTHING: Final = "NOOP"
_KINDS: Final = {kind.keytype: kind for kind in KINDS}


class Undecodable(AccordError):
    """The record is none that this version knows; the log goes on without it."""


class UnknownKind(Undecodable):
    """The record is one of a kind that a later version may know."""


def encode(event: ReportEvent, at_ms: int) -> Record:
    """The record of ``event``, which happens at that time."""
    text = event.text if isinstance(event, Reported) else None
    return Record(_key(event.kind, event.key), text, at_ms)


def decode(record: Record) -> ReportEvent | None:
    """The event of ``record``; None where it says nothing. Raises Undecodable."""
    try:
        return _event(record)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Undecodable(f"no report: {error}") from error


def _key(kind: Kind, key: ReportKey) -> bytes:
    return msgspec.json.encode({_KEYTYPE: kind.keytype, **dict(zip(kind.key, key, strict=True))})


def _event(record: Record) -> ReportEvent | None:
    told = msgspec.json.decode(record.key, type=dict[str, str | None])
    if told.get(_KEYTYPE) == _NOTHING:
        return None
    kind = _KINDS.get(told.get(_KEYTYPE) or "")
    if kind is None:
        raise UnknownKind(f"no report of a kind that is known here: {told.get(_KEYTYPE)}")
    if told.keys() != {_KEYTYPE, *kind.key}:
        raise Undecodable(f"the key of a {kind.word} has the members {', '.join(kind.key)}")
    key = kind.key_of(told)
    if record.key != _key(kind, key):
        # What was forgotten under the usual key would come back with the next start.
        raise Undecodable(
            f"the key of a {kind.word} is spelled otherwise: {_key(kind, key).decode()} is usual"
        )
    if record.value is None:
        return Forgotten(kind, key)
    return _reported(kind, key, record.value, record.timestamp_ms)


def _reported(kind: Kind, key: ReportKey, text: bytes, at_ms: int) -> Reported:
    """What the value of a record says. Raises Undecodable if it is none of its kind, or another one's."""
    document: dict[str, Any] = msgspec.json.decode(text, type=dict[str, Any])
    msgspec.convert(document, kind.body)
    if tuple(document.get(name) for name in kind.key) != key:
        raise Undecodable(f"the key of a {kind.word} is another one than its value says")
    dated_ms = document.get(kind.dated_by)
    return Reported(kind, key, text, at_ms if dated_ms is None else dated_ms, kind.marks_of(document))
