"""Records in a handler's hands whose outputs, dead letters and offsets are committed together or not at all."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Generic, Protocol, Self, TypeVar

from accord.kafka import DeliveryFailed, OutgoingRecord, TopicPartition
from accord.streams.backlog import Held
from accord.streams.contract import Contract
from accord.streams.errors import Permanent
from accord.streams.faults import Fault, FaultCode, Stage
from accord.streams.publishing import Publishing
from accord.streams.record import Record
from accord.streams.typevars import E

P = TypeVar("P")
"""The events that are published."""


class Owner(Protocol):
    """Whoever handed a batch out."""

    def begin(self, batch: "AtomicBatch") -> None:
        """The batch's block begins, and its transaction."""

    def send(self, batch: "AtomicBatch", record: OutgoingRecord) -> None:
        """Write a record in the batch's transaction."""

    def leave(self, batch: "AtomicBatch", error: BaseException | None) -> bool:
        """The block was left; whether the exception goes no further."""


@dataclass(slots=True, eq=False)
class AtomicBatch(Generic[E]):
    """Records, and one transaction. Handle them in ``with batch:``.

    Left normally, all that was sent, the dead letters and the offsets are committed together. Left with an Exception,
    nothing of it ever was: the same records come again, and the exception goes no further.
    """

    records: list[Record[E]]
    """What was fetched and can be read, in order within each partition."""
    publishing: Publishing = field(repr=False)
    owner: Owner = field(repr=False)
    member: object = field(repr=False)
    held: list[Held] = field(repr=False)
    bad: dict[int, tuple[Held, Fault]] = field(default_factory=dict, repr=False)
    """What goes to the dead letters, by its place in ``held``."""
    deadline: float = field(default=0.0, repr=False)
    failures: list[DeliveryFailed] = field(default_factory=list, repr=False)
    sent: int = 0
    skipped: int = 0
    shortened: bool = False
    """Whether a dead letter was too large, and will be shorter next time."""
    open: bool = False
    settled: bool = False

    def send(
        self,
        contract: Contract[P],
        event: P | None,
        *,
        key: str | bytes | None = None,
        headers: Iterable[tuple[str, bytes | str | None]] | None = None,
        timestamp: datetime | None = None,
    ) -> None:
        """Write an event in this transaction; None is a tombstone, and needs a key.

        Raises InvalidEvent, ConfigurationError for a contract that is not in ``publishes``, BatchTookTooLong, and what
        Kafka raises; the block is best left with it.
        """
        self._require_open()
        record = self.publishing.record(contract, event, key=key, headers=headers, timestamp=timestamp)
        self.owner.send(self, record)
        self.sent += 1

    def fail(self, record: Record[E], error: Exception) -> None:
        """Put this one record aside, in the same transaction; what was sent because of it is not taken back."""
        self._require_open()
        code = FaultCode.HANDLER_SAID_PERMANENT if isinstance(error, Permanent) else FaultCode.HANDLER_FAILED
        for index, held in enumerate(self.held):
            if held.message.offset() == record.offset and held.partition == (record.topic, record.partition):
                self.bad[index] = held, Fault(Stage.HANDLER, code, error, record.schema_id)
                return
        raise LookupError(f"{record!r} is not in this batch")

    @property
    def good(self) -> Iterator[str]:
        """The topic of each record that is not put aside."""
        return (held.partition.topic for index, held in enumerate(self.held) if index not in self.bad)

    @property
    def offsets(self) -> Mapping[TopicPartition, int]:
        """The next offset of each partition once this batch is committed."""
        return {held.partition: held.message.offset() + 1 for held in self.held}

    def __enter__(self) -> Self:
        self.owner.begin(self)
        self.open = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not self.open:
            return False
        self.open, self.settled = False, True
        return self.owner.leave(self, error)

    def _require_open(self) -> None:
        if not self.open:
            raise RuntimeError("a batch is handled inside `with batch:`")
