"""A record in a handler's hands."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Generic, Protocol, Self

import msgspec

from accord.kafka import Headers, Message, RawRecord, record_of
from accord.schemas import SchemaId
from accord.streams.lanes import Run
from accord.streams.tracker import DONE
from accord.streams.typevars import E

OnLeave = Callable[["Record[Any]", Run, int, BaseException | None], bool]
"""Says what follows from how a record's block was left; answers whether the exception goes no further."""


LATEST_MS: Final = 253_402_300_799_999


class Outgoing(Protocol):
    """Something on its way that ends: what ``Producer.send`` gives back, or a future."""

    def add_done_callback(self, call: Callable[[Any], object], /) -> object:
        """Call it once this has ended, or now if it has."""

    def result(self) -> object:
        """What became of it. Raises what kept it from arriving."""


class Record(msgspec.Struct, Generic[E], eq=False, gc=False):
    """An event and where it came from. Handle it in ``with record:``; how the block is left says what became of it.

    Left normally, the record is done. Left with an Exception, it is handled again or put aside, and the exception goes no
    further; with anything else (KeyboardInterrupt, a generator's end) it stays as it was.

    One is made for every event: what few handlers look at is read when it is asked for, and the garbage collector does
    not look at records, which are in no cycle unless somebody makes their event refer to them.
    """

    _message: Message
    _run: Run | None
    """None once it has been decided what became of the record."""
    _index: int
    _leave: "OnLeave"
    key: str | bytes | None
    value: E | None
    """The event; None is a tombstone: whatever the key stands for is gone."""
    schema_id: SchemaId | None
    """The schema it was written with; None for a tombstone, and where a GUID named the schema."""
    attempt: int
    """Which try this is, from 1."""
    outgoing: tuple[Outgoing, ...] = ()
    """What the record has to wait for."""

    @property
    def settled(self) -> bool:
        """Whether it has been decided what became of it."""
        return self._run is None

    @property
    def topic(self) -> str:
        """The topic."""
        return self._message.topic()

    @property
    def partition(self) -> int:
        """The partition's number."""
        return self._message.partition()

    @property
    def offset(self) -> int:
        """The place in the partition."""
        return self._message.offset()

    @property
    def headers(self) -> Headers:
        """The headers in order."""
        return tuple(self._message.headers() or ())

    @property
    def raw(self) -> RawRecord:
        """The record as it was fetched: its bytes, and where they lie."""
        return record_of(self._message)

    @property
    def timestamp(self) -> datetime | None:
        """When it was written, or what its producer said; None if that is nothing, or no moment before the year 10000."""
        milliseconds = self._message.timestamp()[1]
        return datetime.fromtimestamp(milliseconds / 1000, UTC) if 0 <= milliseconds <= LATEST_MS else None

    def after(self, delivery: Outgoing) -> None:
        """Let the record be done when, beside the end of its block, ``delivery`` has arrived; the next one goes on.

            with record:
                record.after(producer.send(INVOICES, invoice_for(record.value), key=record.key))

        If it does not arrive, the consumer stops with that error, and nothing from this record on is committed; if it is
        too large for its topic, this record is put aside.
        """
        self.outgoing = (*self.outgoing, delivery)

    def let_go(self) -> None:
        """The loop that gave it has gone on, or ended: a block that fails now says nothing, because others may have it."""
        self._leave = no_matter

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        run = self._run
        if run is None:
            return False
        self._run = None
        if error is None and not self.outgoing:
            run.finished[self._index] = DONE
            return False
        return self._leave(self, run, self._index, error)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        return self.__exit__(kind, error, trace)

    def __repr__(self) -> str:
        return f"<Record {self.topic}[{self.partition}]@{self.offset} key={self.key!r}>"


class Said(Protocol):
    """What was read of a record."""

    @property
    def key(self) -> str | bytes | None:
        """The key."""

    @property
    def value(self) -> Any:  # noqa: ANN401 -- whatever the contract's events are
        """The event."""

    @property
    def schema_id(self) -> SchemaId | None:
        """What it was written with."""


def batched(message: Message, said: Said, *, attempt: int) -> Record[Any]:
    """A record that belongs to a batch: of the batch, not of the record, is said what becomes of it."""
    return Record(message, None, 0, no_matter, said.key, said.value, said.schema_id, attempt)


def no_matter(_record: Record[Any], _run: Run, _index: int, _error: BaseException | None) -> bool:
    """How the record's own block is left decides nothing."""
    return False
