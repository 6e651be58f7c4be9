"""Records as lines of JSON, for dumps and for whoever reads a log over HTTP.

Keys and values are the log's bytes as text; bytes that are no UTF-8 stand as ``keyBase64`` and ``valueBase64``.
"""

import base64
from typing import Annotated

import msgspec

from accord.registry.log.port import LoggedRecord, Position, Record


class RecordLine(msgspec.Struct, rename="camel", kw_only=True):
    """One record; a value that is null or absent means that its key is no more. A line of a log says its position."""

    position: int | msgspec.UnsetType = msgspec.UNSET
    key: str | msgspec.UnsetType = msgspec.UNSET
    key_base64: str | msgspec.UnsetType = msgspec.UNSET
    value: str | msgspec.UnsetType | None = None
    value_base64: str | msgspec.UnsetType = msgspec.UNSET
    timestamp_ms: Annotated[int, msgspec.Meta(ge=-1, le=2**63 - 1)]

    def record(self) -> Record:
        """The record itself. Raises ValueError if it has no key."""
        key = _bytes(self.key, self.key_base64)
        if key is None:
            raise ValueError("it has no key")
        return Record(key, _bytes(self.value, self.value_base64), self.timestamp_ms)


def record_line(record: Record, *, position: Position | None = None) -> bytes:
    """``record`` as a line."""
    line = RecordLine(timestamp_ms=record.timestamp_ms)
    if position is not None:
        line.position = position
    try:
        line.key = record.key.decode()
    except UnicodeDecodeError:
        line.key_base64 = base64.b64encode(record.key).decode()
    try:
        line.value = None if record.value is None else record.value.decode()
    except UnicodeDecodeError:
        line.value = msgspec.UNSET
        line.value_base64 = base64.b64encode(record.value or b"").decode()
    return msgspec.json.encode(line) + b"\n"


def record_of(line: bytes) -> Record:
    """The record of a line. Raises msgspec.DecodeError or ValueError."""
    return _LINE.decode(line).record()


def logged_record_of(line: bytes) -> LoggedRecord:
    """The record of a line that says its position. Raises msgspec.DecodeError or ValueError."""
    told = _LINE.decode(line)
    if not isinstance(told.position, int):
        raise ValueError("it has no position")  # noqa: TRY004 -- the text is wrong, not the caller
    return LoggedRecord(Position(told.position), told.record())


_LINE = msgspec.json.Decoder(RecordLine)


def _bytes(text: str | msgspec.UnsetType | None, encoded: str | msgspec.UnsetType) -> bytes | None:
    if isinstance(text, str):
        return text.encode()
    return base64.b64decode(encoded, validate=True) if isinstance(encoded, str) else None
