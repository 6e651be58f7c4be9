"""Handlers under test: real codecs, retries, dead letters and offsets; topics, registry and time are the test's own.

harness = Harness(app)                         # or Harness(), and for the loop of a Consumer:
harness.consume([ORDERS], handle, group="mail", retry=Retry(3, topics=("1h",)))
harness.given(ORDERS, OrderCreated("o-1"), key="o-1")
harness.run()                                  # everything that can be handled now
harness.advance("1h")                          # an hour in a millisecond
harness.published(INVOICES), harness.dead_letters(ORDERS), harness.committed("billing")

Nothing is sent or listened to, no thread is started, nothing sleeps, and chance is always the same.
"""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

from accord.client import ReaderReport
from accord.codecs import framing
from accord.kafka import (
    DeliveryFailed,
    Headers,
    OutgoingRecord,
    RawRecord,
    TopicPartition,
    message_of,
)
from accord.streams.breaker import Breaker
from accord.streams.contract import Contract
from accord.streams.dead_letters import PREFIX, Author
from accord.streams.delivery import Delivery
from accord.streams.durations import Duration, milliseconds
from accord.streams.flow import Flow
from accord.streams.groups import Group
from accord.streams.handlers import Output
from accord.streams.publishing import Publishing
from accord.streams.reading import Others, Reader
from accord.streams.record import Record
from accord.streams.reporting import observed, tell
from accord.streams.retry import Retry
from accord.streams.retry_topics import retry_topics
from accord.streams.settling import Settling
from accord.streams.stats import ConsumerStats
from accord.streams.typevars import E
from accord.streams.writers import WriterSchemas
from accord.testing.application import HasGroups, handle_of
from accord.testing.clock import START, VirtualClock
from accord.testing.memory_registry import MemoryRegistry
from accord.testing.topics import Topics

Handle = Callable[[Record[Any]], object] | Callable[[Record[Any]], Awaitable[object]]

CLUSTER: Final = "harness"
# Less than this is no wait: it may be what is left of one after rounding.
INSTANT_S: Final = 1e-6
MIDDLE: Final = 0.5


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A record that was put aside: what it was, and what its letter says."""

    raw: RawRecord
    code: str
    """Why, as one word: ``HANDLER_FAILED``, ``TRUNCATED``, ..."""
    message: str
    """What the error said."""
    attempts: int
    """How often its handler was tried."""

    @property
    def key(self) -> bytes | None:
        """The key of the record."""
        return self.raw.key

    @property
    def value(self) -> bytes | None:
        """The bytes of the record."""
        return self.raw.value


class Harness:
    """Runs the handlers of an App, and others, over topics in memory, of ``partitions`` each.

    Time begins at ``start`` and stands still. Dedupe marks are the harness's own.
    """

    def __init__(self, app: HasGroups | None = None, *, partitions: int = 1, start: datetime = START) -> None:
        self._clock = VirtualClock(start)
        self._topics = Topics(self._clock, partitions=partitions)
        self._registry = MemoryRegistry(self._clock)
        self._groups: list[_Group] = []
        self._runner: asyncio.Runner | None = None
        self.producer = HarnessProducer(self._topics, self._registry)
        """Stands in for a Producer that handlers send with."""
        if app is not None:
            for group in app.groups:
                self._consume_as(group)
            tell(self._registry.client, app.readers())

    def consume(
        self,
        contracts: Sequence[Contract[Any]],
        handle: Handle,
        *,
        group: str,
        retry: Retry = Retry(),  # noqa: B008 -- frozen
        lanes: int = 1,
        others: Others = "fail",
        breaker: Breaker | None = Breaker(),  # noqa: B008 -- frozen
        service: str | None = None,
        report_reader: bool = True,
    ) -> None:
        """Let ``handle``, sync or async, have the records of ``contracts``, as a consumer with these choices would."""
        for contract in contracts:
            self._registry.id_of(contract)
        if report_reader:
            tell(self._registry.client, observed(contracts, service=service or group, group=group))
        flow = Flow(capacity=1_000_000, lanes=lanes, clock=self._clock.monotonic)
        writers = WriterSchemas(self._registry.new_client(), clock=self._clock.monotonic, dice=lambda: MIDDLE)
        by_topic = {contract.topic: contract for contract in reversed(contracts)}
        ways = [retry_topics(contract, group, retry) for contract in by_topic.values() if retry.topics]
        settling = Settling(
            flow,
            Reader(contracts, writers, others=others),
            contracts=by_topic,
            retry=retry,
            letters=self._topics,
            author=Author(CLUSTER, group, CLUSTER),
            breaker=breaker,
            later={topic: way for way in ways for topic in (way.topic, *(hop.topic for hop in way.hops))},
            dice=lambda: MIDDLE,
            now=self._clock.now,
        )
        topics = [*by_topic, *(hop.topic for way in ways for hop in way.hops)]
        places = [place for topic in topics for place in self._topics.places(topic)]
        self._groups.append(_Group(group, flow, settling, self._topics, places, handle, self._finish))

    def given(
        self,
        contract: Contract[E],
        *events: E | None,
        key: str | bytes | None = None,
        headers: Iterable[tuple[str, bytes | str | None]] = (),
    ) -> None:
        """Let these events be on the contract's topic; None is a tombstone. Raises InvalidEvent."""
        prefix = framing.prefix(self._registry.id_of(contract)) + contract.codec.indexes
        told = tuple((name, value.encode() if isinstance(value, str) else value) for name, value in headers)
        for event in events:
            value = None if event is None else prefix + contract.encode(event)
            self._topics.write(OutgoingRecord(contract.topic, contract.encode_key(key), value, told))

    def given_raw(
        self,
        contract: Contract[Any] | str,
        value: bytes | None,
        *,
        key: bytes | None = None,
        headers: Headers = (),
    ) -> None:
        """Let a record be on the topic whose bytes are what they are."""
        self._topics.write(OutgoingRecord(_topic(contract), key, value, headers))

    def run(self) -> None:
        """Handle everything that can be handled now. Raises what would stop the consumer."""
        while any([group.turn() for group in self._groups]):  # noqa: C419 -- each has its turn
            pass

    def advance(self, duration: Duration) -> None:
        """Let time pass, and handle what falls due meanwhile, at its time. Raises what ``run`` does."""
        end_s = self._clock.monotonic() + milliseconds(duration) / 1000
        self.run()
        while (wait_s := self._wait_s()) is not None and self._clock.monotonic() + wait_s <= end_s:
            self._clock.pass_s(max(wait_s, INSTANT_S))
            self.run()
        self._clock.reach(end_s)
        self.run()

    def registry_down(self) -> None:
        """Let the registry answer nothing: records whose schemas nobody has asked for yet wait."""
        self._registry.down = True

    def registry_up(self) -> None:
        """Let the registry answer again; records that wait learn of it when they ask the next time."""
        self._registry.down = False

    def fail_writes(self, contract: Contract[Any] | str, failure: DeliveryFailed, *, times: int = 1) -> None:
        """Let the next writes to a topic fail: of handlers, or of dead letters to ``orders-dlq``."""
        self._topics.fail(_topic(contract), failure, times=times)

    def published(self, contract: Contract[E]) -> list[E | None]:
        """The events on the contract's topic, in order within a partition; what was given there is among them."""
        return [self._event(contract, raw.value) for raw in self.records(contract)]

    def records(self, contract: Contract[Any] | str) -> list[RawRecord]:
        """The records on a topic as they are, in order within a partition."""
        return list(self._topics.all(_topic(contract)))

    def dead_letters(self, contract: Contract[Any]) -> list[DeadLetter]:
        """What was put aside of the contract's topic."""
        return [_letter(raw) for raw in self._topics.all(contract.dead_letter_topic)]

    def committed(self, group: str | None = None) -> Mapping[TopicPartition, int]:
        """The next offset of each partition of which a group has finished something; there may be one group only."""
        groups = [each for each in self._groups if group in (None, each.name)]
        return {place: offset for each in groups for place, offset in each.committed.items()}

    def readers(self) -> Sequence[ReaderReport]:
        """What the registry was told of who reads what."""
        return self._registry.reports.readers()

    def stats(self, group: str) -> ConsumerStats:
        """What was counted so far."""
        [found] = [each for each in self._groups if each.name == group]
        return found.settling.flow.stats()

    def close(self) -> None:
        """Let go of the event loop, if there was an async handler."""
        if self._runner is not None:
            self._runner.close()
            self._runner = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _consume_as(self, group: Group) -> None:
        self.consume(
            group.contracts,
            handle_of(group, self._publish, self._clock),
            group=group.name,
            retry=group.retry,
            lanes=group.workers,
            others=group.choices.others or "fail",
            breaker=group.dlq.breaker,
            report_reader=False,
        )

    def _publish(self, record: Record[Any], outputs: Sequence[Output]) -> None:
        for output in outputs:
            record.after(
                self.producer.send(output.contract, output.event, key=output.key, headers=output.headers)
            )

    def _finish(self, result: object) -> None:
        """What a handler has answered: something to await, perhaps."""
        if inspect.isawaitable(result):
            if self._runner is None:
                self._runner = asyncio.Runner()
            self._runner.run(_awaited(result))

    def _wait_s(self) -> float | None:
        waits = [group.flow.due_in_s() for group in self._groups]
        return min((wait_s for wait_s in waits if wait_s is not None), default=None)

    def _event(self, contract: Contract[E], value: bytes | None) -> E | None:
        return None if value is None else contract.codec.decode_indexed(value, framing.PREFIX_LENGTH)


class HarnessProducer:
    """Sends as a Producer does; what is sent has arrived at once."""

    def __init__(self, topics: Topics, registry: MemoryRegistry) -> None:
        self._topics = topics
        self._registry = registry
        self._publishing: dict[Contract[Any], Publishing] = {}

    def send(
        self,
        contract: Contract[E],
        event: E | None,
        *,
        key: str | bytes | None = None,
        headers: Iterable[tuple[str, bytes | str | None]] | None = None,
        timestamp: datetime | None = None,
    ) -> Delivery:
        """Validate, encode and write an event. Raises InvalidEvent, and RegistryUnavailable if it is asked and down."""
        self._registry.id_of(contract)
        publishing = self._publishing.get(contract)
        if publishing is None:
            publishing = Publishing(self._registry.client, [contract])
            publishing.prepare()
            self._publishing[contract] = publishing
        record = publishing.record(contract, event, key=key, headers=headers or (), timestamp=timestamp)
        return Delivery(_Nowhere(contract.topic), self._topics.try_to_write(record))


@dataclass(frozen=True, slots=True)
class _Nowhere:
    """Where a delivery goes that has arrived."""

    topic: str

    def failure(self, error: Any, /) -> DeliveryFailed:  # noqa: ANN401 -- the port's
        """Nothing fails any more."""
        raise AssertionError(error)


class _Group:
    """One handler and its consumer's insides."""

    def __init__(  # noqa: PLR0917
        self,
        name: str,
        flow: Flow,
        settling: Settling,
        topics: Topics,
        places: Sequence[TopicPartition],
        handle: Handle,
        finish: Callable[[object], None],
    ) -> None:
        self.name = name
        self.flow = flow
        self.settling = settling
        self.committed: dict[TopicPartition, int] = {}
        self._topics = topics
        self._handle = handle
        self._finish = finish
        self._positions = dict.fromkeys(places, 0)
        flow.assign(places)

    def turn(self) -> bool:
        """Fetch what is new and handle what can be handled; whether there was anything."""
        moved = self._fetch()
        try:
            while (run := self.flow.take_now()) is not None:
                moved = True
                for record in self.settling.records(run):
                    with record:
                        self._finish(self._handle(record))
        finally:
            self.committed |= self.flow.storable()
        return moved

    def _fetch(self) -> bool:
        moved = False
        for place, position in self._positions.items():
            fresh = self._topics.read(place, start=position)
            if fresh:
                moved = True
                self._positions[place] += len(fresh)
                self.flow.put([message_of(raw) for raw in fresh])
        return moved


async def _awaited(result: Awaitable[object]) -> object:
    return await result


def _topic(contract: Contract[Any] | str) -> str:
    return contract if isinstance(contract, str) else contract.topic


def _letter(raw: RawRecord) -> DeadLetter:
    told = {
        name.removeprefix(PREFIX): (value or b"").decode(errors="replace")
        for name, value in raw.headers
        if name.startswith(PREFIX)
    }
    return DeadLetter(
        raw, told.get("error-code", ""), told.get("error-message", ""), int(told.get("attempts", 0))
    )
