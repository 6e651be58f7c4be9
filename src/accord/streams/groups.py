"""The handlers of one consumer group, and how the group consumes. Nothing here runs anything."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from accord.errors import ConfigurationError
from accord.kafka import Start
from accord.streams.breaker import Breaker
from accord.streams.contract import Contract
from accord.streams.dedupe import Dedupe
from accord.streams.foreign_headers import Convention
from accord.streams.handlers import Context, Handler
from accord.streams.reading import Others
from accord.streams.record import Record
from accord.streams.retry import Retry
from accord.streams.retry_topics import RetryTopics, retry_topics


@dataclass(frozen=True, slots=True)
class Dlq:
    """What becomes of records that are put aside: ``breaker`` says how many are too many.

    ``stacktraces`` says whether letters carry them, ``also`` whose headers they have beside our own: Consumer knows more.
    """

    breaker: Breaker | None = field(default_factory=Breaker)
    stacktraces: bool = False
    also: Sequence[Convention] = ()


@dataclass(frozen=True, slots=True)
class GroupChoices:
    """How a group consumes; None is what it does unless a handler says otherwise."""

    retry: Retry | None = None
    dlq: Dlq | None = None
    dedupe: Dedupe | None = None
    workers: int | None = None
    start: Start | None = None
    others: Others | None = None
    max_handler_s: float | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise ConfigurationError(f"{self.workers} workers handle nothing", hint="workers=1 is the least")

    def merged(self, other: "GroupChoices", group: str) -> "GroupChoices":
        """Both; raises ConfigurationError where they contradict each other."""
        chosen: dict[str, Any] = {}
        for item in fields(self):
            ours, theirs = getattr(self, item.name), getattr(other, item.name)
            if None not in (ours, theirs) and ours != theirs:
                raise ConfigurationError(
                    f"group '{group}' is told {item.name}={ours!r} and {item.name}={theirs!r}",
                    hint="a group consumes in one way: say it with one of its handlers, or the same with each",
                )
            chosen[item.name] = theirs if ours is None else ours
        return replace(self, **chosen)


@dataclass(frozen=True, slots=True)
class Group:
    """The handlers of a group. ``with_handler`` makes one more of it."""

    name: str
    handlers: tuple[Handler, ...] = ()
    choices: GroupChoices = field(default_factory=GroupChoices)

    @property
    def contracts(self) -> tuple[Contract[Any], ...]:
        """What the group reads."""
        return tuple(contract for handler in self.handlers for contract in handler.contracts)

    @property
    def publishes(self) -> tuple[Contract[Any], ...]:
        """What the group writes."""
        return tuple(dict.fromkeys(contract for handler in self.handlers for contract in handler.publishes))

    @property
    def is_async(self) -> bool:
        """Whether its handlers are coroutines."""
        return self.handlers[0].is_async

    @property
    def retry(self) -> Retry:
        """How often, and where, failed records are tried."""
        return self.choices.retry or Retry()

    @property
    def dlq(self) -> Dlq:
        """What becomes of records that are put aside."""
        return self.choices.dlq or Dlq()

    @property
    def workers(self) -> int:
        """How many records are handled at a time."""
        return self.choices.workers or 1

    def with_handler(self, handler: Handler, choices: GroupChoices) -> "Group":
        """The group with one more handler. Raises ConfigurationError if they do not go together."""
        if self.handlers and handler.is_async is not self.is_async:
            raise ConfigurationError(
                f"{handler.name} and {self.handlers[0].name} are in group '{self.name}', and only one is asynchronous",
                hint="make both of them functions, or both coroutines; or give one a group of its own",
            )
        ours = {
            (contract.topic, contract.model): known for known in self.handlers for contract in known.contracts
        }
        for contract in handler.contracts:
            known = ours.get((contract.topic, contract.model))
            if known is not None:
                raise ConfigurationError(
                    f"{known.name} and {handler.name} both handle {contract.model.__name__} of '{contract.topic}' in "
                    f"group '{self.name}'",
                    hint="a group handles each record once; give one of them another group",
                )
        _check_tombstones(self.name, [*self.handlers, handler])
        group = replace(
            self, handlers=(*self.handlers, handler), choices=self.choices.merged(choices, self.name)
        )
        # Names that Kafka would refuse are told at once.
        list(group.ways())
        return group

    def ways(self) -> Iterator[RetryTopics]:
        """The ways of its records through retry topics, if it has any."""
        for contract in {contract.topic: contract for contract in self.contracts}.values():
            yield retry_topics(contract, self.name, self.retry)


class Dispatch:
    """Finds the handler of a record."""

    def __init__(self, group: Group) -> None:
        self._group = group
        self._ways = {
            topic: way for way in group.ways() for topic in (way.topic, *(hop.topic for hop in way.hops))
        }
        self._handlers: Mapping[tuple[str, type], Handler] = {
            (contract.topic, contract.model): handler
            for handler in group.handlers
            for contract in handler.contracts
        }
        self._tombstones = {
            contract.topic: handler
            for handler in group.handlers
            for contract in handler.contracts
            if handler.takes_tombstones
        }

    def context(self, record: Record[Any]) -> Context | None:
        """What the record's handler is to know; None for a tombstone that no handler takes."""
        way = self._ways[record.topic]
        handler = (
            self._tombstones.get(way.topic)
            if record.value is None
            else self._handlers[way.topic, type(record.value)]
        )
        if handler is None:
            return None
        return Context(record, self._group.name, handler, way)


def _check_tombstones(group: str, handlers: list[Handler]) -> None:
    takers: dict[str, Handler] = {}
    for handler in handlers:
        for topic in {contract.topic for contract in handler.contracts if handler.takes_tombstones}:
            other = takers.setdefault(topic, handler)
            if other is not handler:
                raise ConfigurationError(
                    f"{other.name} and {handler.name} both take the tombstones of '{topic}' in group '{group}'",
                    hint="a tombstone has no class: let one handler of the topic allow None",
                )
