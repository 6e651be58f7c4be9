"""What consumers of both kinds are: a member of a group, with a thread of its own that fetches, and the rules of settling."""

import logging
import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic

from accord.client import Registry
from accord.errors import ConfigurationError
from accord.kafka import KafkaConsumer, KafkaProducer, KafkaSettings, Start, TopicNotFound
from accord.streams.agreement import check_consumer
from accord.streams.breaker import Breaker
from accord.streams.contract import Contract
from accord.streams.dead_letters import Author
from accord.streams.flow import Flow
from accord.streams.foreign_headers import Convention, checked
from accord.streams.polling import Polling
from accord.streams.reading import Others, Reader
from accord.streams.reporting import Reporting
from accord.streams.retry import Retry
from accord.streams.retry_topics import RetryTopics, retry_topics
from accord.streams.sender import Sender
from accord.streams.settling import Settling
from accord.streams.stats import ConsumerStats
from accord.streams.typevars import E
from accord.streams.watchdog import Watchdog
from accord.streams.writers import WriterSchemas

logger = logging.getLogger(__name__)

CONNECT_S: Final = 10.0
LETTER_TIMEOUT_S: Final = 60.0
MAX_BUDGET_S: Final = 30.0
MAX_POLL_INTERVAL_MS: Final = 300_000


class Member(Generic[E]):
    """A member of ``group`` that reads the topics of ``contracts``; Consumer says what the choices mean."""

    def __init__(
        self,
        kafka: KafkaSettings | str,
        registry: Registry,
        *,
        group: str,
        contracts: Sequence[Contract[E]],
        retry: Retry = Retry(),  # noqa: B008 -- frozen
        start: Start = "earliest",
        buffer: int = 600,
        lanes: int = 1,
        others: Others = "fail",
        breaker: Breaker | None = Breaker(),  # noqa: B008 -- frozen
        max_handler_s: float | None = 300.0,
        stacktraces: bool = False,
        letters_also: Sequence[Convention] = (),
        budget_s: float | None = None,
        service: str | None = None,
        report_reader: bool = True,
    ) -> None:
        self._settings = KafkaSettings.of(kafka)
        self._registry = registry
        self._contracts = contracts
        self._by_topic = _by_topic(contracts)
        self._group = group
        self._reporting = Reporting(
            registry, contracts if report_reader else (), service=service, group=group
        )
        self._retry = retry
        self._start_at: Start = start
        self._breaker = breaker
        self._max_handler_s = max_handler_s
        self._stacktraces = stacktraces
        self._letters_also = checked(letters_also)
        self._budget_s = _budget_s(self._settings) if budget_s is None else budget_s
        self._later = _later(self._by_topic.values(), group, retry)
        self._schemas = self._writers(registry)
        self._reader = Reader(contracts, self._schemas, others=others)
        self._flow = Flow(capacity=buffer, lanes=lanes)
        self._starting = threading.Lock()
        self._running: Running | None = None

    def stop(self) -> None:
        """Let the loop end after the record in hand. Any thread may call it, and a signal handler."""
        self._flow.stop()

    def stats(self) -> ConsumerStats:
        """What was counted so far."""
        return self._flow.stats()

    @property
    def failure(self) -> BaseException | None:
        """What keeps it from going on, if something does."""
        return self._flow.failure

    @property
    def partitions(self) -> int:
        """How many partitions are assigned to it."""
        return len(self._flow.partitions)

    @property
    def waits_for_registry(self) -> bool:
        """Whether records wait because the registry does not answer."""
        return self._schemas.is_away

    def _start(self) -> None:
        with self._starting:
            if self._running is None and not self._flow.stopping:
                check_consumer(self._registry, self._contracts)
                self._running = self._connect()
                self._reporting.start()

    def _close(self) -> None:
        self.stop()
        if self._running is not None and not self._running.polling.join(3 * self._budget_s):
            logger.error("the consumer did not end in time", extra={"group": self._group})
        self._reporting.close()

    def _writers(self, registry: Registry) -> WriterSchemas:
        """Who tells which schemas records were written with."""
        return WriterSchemas(registry)

    def _connect(self) -> "Running":
        client = KafkaConsumer(
            self._settings, group=self._group, start=self._start_at, connect_timeout_s=CONNECT_S
        )
        try:
            cluster_id = client.cluster_id(CONNECT_S)
            _require(client.missing_topics(self._by_topic, CONNECT_S), "topic")
            _require(client.missing_topics(self._later, CONNECT_S), "retry topic")
            producer = KafkaProducer(self._settings, delivery_timeout_s=LETTER_TIMEOUT_S)
            letters = {contract.dead_letter_topic for contract in self._contracts}
            _require(producer.missing_topics(letters, CONNECT_S), "dead-letter topic")
        except BaseException:
            client.close()
            raise
        sender = Sender(producer, name="accord-dead-letters")
        polling = Polling(
            client,
            self._flow,
            topics=[*self._by_topic, *self._later.keys() - self._by_topic.keys()],
            budget_s=self._budget_s,
            before_leaving=lambda: sender.close(self._budget_s),
            watchdog=self._watchdog(),
        )
        settling = Settling(
            self._flow,
            self._reader,
            contracts=self._by_topic,
            retry=self._retry,
            letters=sender,
            author=Author(
                cluster_id, self._group, self._settings.client_id, self._stacktraces, self._letters_also
            ),
            breaker=self._breaker,
            later=self._later,
        )
        polling.start()
        return Running(polling, settling)

    def _watchdog(self) -> Watchdog | None:
        return (
            None if self._max_handler_s is None else Watchdog(self._flow, max_handler_s=self._max_handler_s)
        )


@dataclass(frozen=True, slots=True)
class Running:
    """What there is between start and close."""

    polling: Polling
    settling: Settling


def _by_topic(contracts: Sequence[Contract[E]]) -> dict[str, Contract[E]]:
    if not contracts:
        raise ConfigurationError("a consumer needs a contract", hint="contracts=[...] says what it reads")
    by_topic: dict[str, Contract[E]] = {}
    events = set()
    for contract in contracts:
        first = by_topic.setdefault(contract.topic, contract)
        event = (contract.topic, contract.event)
        if event in events or (first is not contract and first.key != contract.key):
            raise ConfigurationError(
                f"two contracts of '{contract.topic}' cannot be told apart",
                hint="those that share a topic need events of different full names, and the same kind of key",
            )
        events.add(event)
    return by_topic


def _later(contracts: Iterable[Contract[E]], group: str, retry: Retry) -> dict[str, RetryTopics]:
    """The ways through the retry topics, by each topic that is on them."""
    ways = [retry_topics(contract, group, retry) for contract in contracts if retry.topics]
    return {topic: way for way in ways for topic in (way.topic, *(hop.topic for hop in way.hops))}


def _budget_s(settings: KafkaSettings) -> float:
    chosen: Mapping[str, object] = {**settings.properties, **settings.consumer}
    interval_ms = float(str(chosen.get("max.poll.interval.ms", MAX_POLL_INTERVAL_MS)))
    return min(MAX_BUDGET_S, interval_ms / 1000 / 4)


def _require(missing: Collection[str], what: str) -> None:
    for topic in missing:
        raise TopicNotFound(
            f"there is no {what} '{topic}'",
            code="UNKNOWN_TOPIC_OR_PART",
            hint="create it before its consumers start: they must not find out with a record in hand",
        )
