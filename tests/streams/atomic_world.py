"""A member and a producer that exist in a test only, and a loop of transactions between them."""

import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import accord
from accord.errors import AccordError
from accord.kafka import (
    DeliveryFailed,
    Message,
    OutgoingRecord,
    RawRecord,
    RebalanceListener,
    RecordTooLarge,
    TopicPartition,
    TransactionFailed,
    message_of,
)
from accord.streams.atomic_batch import AtomicBatch
from accord.streams.atomic_loop import AtomicLoop, Rules
from accord.streams.dead_letters import Author
from accord.streams.publishing import Publishing
from accord.streams.reading import Reader
from accord.streams.writers import WriterSchemas

BLOCK_S = 45.0


@dataclass(frozen=True, slots=True)
class Order:
    """What is read."""

    order_id: str
    amount: float


@dataclass(frozen=True, slots=True)
class Invoice:
    """What is written."""

    order_id: str


ORDERS = accord.contract("orders", Order)
INVOICES = accord.contract("invoices", Invoice)


@dataclass
class FakeMember:
    """The only member of a group; partitions go when the test says so."""

    log: dict[TopicPartition, list[Message]] = field(default_factory=dict)
    positions: dict[TopicPartition, int] = field(default_factory=dict)
    paused: set[TopicPartition] = field(default_factory=set)
    leaving: list[TopicPartition] = field(default_factory=list)
    coming: list[TopicPartition] = field(default_factory=list)
    is_member: bool = True
    polls: int = 0
    now: float = 1000.0

    def write(self, partition: int, key: bytes | None, value: bytes | None) -> None:
        place = TopicPartition("orders", partition)
        messages = self.log.setdefault(place, [])
        messages.append(message_of(RawRecord("orders", partition, len(messages), key, value)))

    def subscribe(self, topics: Sequence[str], listener: RebalanceListener) -> None:
        assert topics
        self.listener = listener
        self.positions = dict.fromkeys(self.log, 0)
        listener.on_assigned(list(self.log))

    def consume(self, max_records: int, timeout_s: float) -> Sequence[Message]:
        self.polls += 1
        self.now += timeout_s
        if self.leaving:
            self.listener.on_revoked(self.leaving)
            for place in self.leaving:
                del self.positions[place]
            self.leaving = []
        elif self.coming:
            self.listener.on_assigned(self.coming)
            self.positions |= dict.fromkeys(self.coming, 0)
            self.coming = []
        found: list[Message] = []
        for place in self.positions.keys() - self.paused:
            start = self.positions[place]
            taken = self.log[place][start : start + max_records - len(found)]
            self.positions[place] += len(taken)
            found += taken
        return found

    def membership(self) -> object | None:
        return "member-1" if self.is_member else None

    def pause(self, partitions: Collection[TopicPartition]) -> None:
        self.paused |= set(partitions)

    def resume(self, partitions: Collection[TopicPartition]) -> None:
        self.paused -= set(partitions)

    def close(self) -> None:
        raise NotImplementedError


@dataclass
class FakeTransactions:
    """Keeps what is committed apart from what is only written."""

    committed: list[OutgoingRecord] = field(default_factory=list)
    offsets: dict[TopicPartition, int] = field(default_factory=dict)
    aborts: int = 0
    commit_errors: list[AccordError] = field(default_factory=list)
    undeliverable: Callable[[OutgoingRecord], DeliveryFailed | None] = lambda _: None
    too_large_at_once: Callable[[OutgoingRecord], bool] = lambda _: False
    _open: list[OutgoingRecord] | None = None
    _failures: list[Callable[[], None]] = field(default_factory=list)

    def start(self) -> None:
        raise NotImplementedError

    def begin(self) -> None:
        assert self._open is None
        self._open, self._failures = [], []

    def produce(
        self, record: OutgoingRecord, on_failure: Callable[[DeliveryFailed], None], *, within_s: float
    ) -> None:
        assert self._open is not None
        assert within_s > 0
        if self.too_large_at_once(record):
            raise too_large()
        failure = self.undeliverable(record)
        if failure is not None:
            self._failures.append(lambda: on_failure(failure))
        self._open.append(record)

    def commit(self, offsets: Mapping[TopicPartition, int], member: object) -> None:
        assert self._open is not None
        assert member == "member-1"
        if self.commit_errors:
            raise self.commit_errors.pop(0)
        for report in self._failures:
            report()
        if self._failures:
            raise TransactionFailed("some records were not delivered")
        self.committed += self._open
        self.offsets |= offsets
        self._open = None

    def abort(self) -> None:
        assert self._open is not None
        self._open = None
        self.aborts += 1

    def missing_topics(self, topics: Collection[str], timeout_s: float) -> Collection[str]:
        raise NotImplementedError


def too_large() -> RecordTooLarge:
    return RecordTooLarge("too large", code="MSG_SIZE_TOO_LARGE", retryable=False)


def refused() -> DeliveryFailed:
    return DeliveryFailed("not allowed", code="TOPIC_AUTHORIZATION_FAILED", retryable=False)


@dataclass
class Pipeline:
    """The loop with everything around it."""

    member: FakeMember
    transactions: FakeTransactions
    loop: AtomicLoop
    registry: Any
    schema_id: int

    def write(self, *orders: str, partition: int = 0) -> None:
        for order in orders:
            self.member.write(partition, order.encode(), self.bytes_of(order))

    def bytes_of(self, order: str) -> bytes:
        return b"\x00" + self.schema_id.to_bytes(4) + ORDERS.encode(Order(order, 1.0))

    def next(self, *, max_records: int = 100) -> AtomicBatch[Order] | None:
        return self.loop.next(max_records=max_records, wait_s=0.2)

    def run(
        self, handle: Callable[[AtomicBatch[Order], accord.Record[Order]], None], *, turns: int = 200
    ) -> None:
        """Hand every record of every batch to ``handle``, until nothing comes any more."""
        for _ in range(turns):
            batch = self.next()
            if batch is None:
                if not self.loop._backlog and not self.waiting:
                    return
                continue
            with batch:
                for record in batch.records:
                    handle(batch, record)

    @property
    def waiting(self) -> int:
        return sum(
            len(self.member.log[place]) - position for place, position in self.member.positions.items()
        )

    @property
    def invoices(self) -> list[str]:
        written = [record for record in self.transactions.committed if record.topic == "invoices"]
        return [INVOICES.codec.decode((record.value or b"")[5:]).order_id for record in written]

    @property
    def letters(self) -> list[dict[str, str]]:
        written = [record for record in self.transactions.committed if record.topic == "orders-dlq"]
        return [
            {name.removeprefix("accord-dlq-"): (value or b"").decode() for name, value in record.headers}
            for record in written
        ]

    @property
    def next_offsets(self) -> dict[int, int]:
        return {place.partition: offset for place, offset in self.transactions.offsets.items()}


def make(
    registry: Any, *, retry: accord.Retry | None = None, breaker: accord.Breaker | None = None
) -> Pipeline:
    schema_id = registry.add(ORDERS.subject, ORDERS.schema)
    registry.add(INVOICES.subject, INVOICES.schema)
    publishing = Publishing(registry.client, [INVOICES])
    publishing.prepare()
    member, transactions = FakeMember(), FakeTransactions()
    dice = itertools.repeat(0.0)
    loop = AtomicLoop(
        member,
        transactions,
        reader=Reader(
            [ORDERS],
            WriterSchemas(registry.new_client(), clock=lambda: member.now, dice=lambda: next(dice)),
        ),
        publishing=publishing,
        author=Author("cluster", "billing", "accord"),
        rules=Rules(
            retry=retry or accord.Retry(tries=2),
            block_s=BLOCK_S,
            breaker=breaker,
            letter_topics={"orders": "orders-dlq"},
            subjects={"orders": "orders-value"},
        ),
        clock=lambda: member.now,
        dice=lambda: next(dice),
    )
    return Pipeline(member, transactions, loop, registry, schema_id)


def bill(batch: AtomicBatch[Order], record: accord.Record[Order]) -> None:
    assert record.value is not None
    batch.send(INVOICES, Invoice(record.value.order_id), key=record.key)


def subscribe(pipeline: Pipeline) -> None:
    pipeline.member.subscribe(["orders"], pipeline.loop)
