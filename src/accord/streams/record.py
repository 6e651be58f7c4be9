"""A record in a handler's hands."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Generic, Self

from accord.kafka import Headers, RawRecord
from accord.schemas import SchemaId
from accord.streams.typevars import E

OnLeave = Callable[[BaseException | None], bool]


class Record(Generic[E]):
    """An event and where it came from. Handle it in ``with record:``; how the block is left says what became of it.

    Left normally, the record is done. Left with an Exception, it is handled again or put aside, and the exception goes no
    further; with anything else (KeyboardInterrupt, a generator's end) it stays as it was.
    """

    __slots__ = ("_leave", "_raw", "attempt", "key", "schema_id", "settled", "value")

    def __init__(
        self,
        raw: RawRecord,
        *,
        key: str | bytes | None,
        value: E | None,
        schema_id: SchemaId | None,
        attempt: int,
        leave: OnLeave,
    ) -> None:
        self._raw = raw
        self._leave = leave
        self.key = key
        self.value = value
        """The event; None is a tombstone: whatever the key stands for is gone."""
        self.schema_id = schema_id
        """The schema it was written with; None for a tombstone."""
        self.attempt = attempt
        """Which try this is, from 1."""
        self.settled = False
        """Whether it has been decided what became of it."""

    @property
    def topic(self) -> str:
        """The topic."""
        return self._raw.topic

    @property
    def partition(self) -> int:
        """The partition's number."""
        return self._raw.partition

    @property
    def offset(self) -> int:
        """The place in the partition."""
        return self._raw.offset

    @property
    def headers(self) -> Headers:
        """The headers in order."""
        return self._raw.headers

    @property
    def timestamp(self) -> datetime | None:
        """When it was written, or what its producer said."""
        milliseconds = self._raw.timestamp_ms
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if milliseconds >= 0 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self.settled:
            return False
        self.settled = True
        return self._leave(error)

    def __repr__(self) -> str:
        return f"<Record {self.topic}[{self.partition}]@{self.offset} key={self.key!r}>"
