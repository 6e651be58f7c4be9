"""Consume, process and produce exactly once: each batch is one transaction of Kafka's."""

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Generic, Self

from accord.client import Registry
from accord.errors import ConfigurationError
from accord.kafka import KafkaConsumer, KafkaSettings, KafkaTransactions, Start, TopicNotFound
from accord.streams.agreement import check_consumer
from accord.streams.atomic_batch import AtomicBatch
from accord.streams.atomic_loop import AtomicLoop, Rules
from accord.streams.breaker import Breaker
from accord.streams.contract import Contract
from accord.streams.dead_letters import Author
from accord.streams.errors import RecordNotSettled
from accord.streams.foreign_headers import Convention, checked
from accord.streams.publishing import Publishing
from accord.streams.reading import Others, Reader
from accord.streams.reporting import Reporting
from accord.streams.retry import Retry
from accord.streams.routes import Framing
from accord.streams.typevars import E
from accord.streams.writers import WriterSchemas

CONNECT_S: Final = 10.0
# The rest is for the brokers to commit in.
BLOCK_SHARE: Final = 0.75
# Of a member that fetches nothing for so long, brokers take the partitions away. librdkafka's own default.
POLL_INTERVAL_MS: Final = 300_000
# A block, a commit and an abort may each take their time before the next fetch.
WAITS_BETWEEN_POLLS: Final = 3


@dataclass(frozen=True, slots=True)
class ExactlyOnceStats:
    """Counts since the start, of committed transactions only, except for ``aborted``.

    ``records`` were handled, ``published`` sent, ``dead_lettered`` put aside by error code, ``skipped`` passed over.
    """

    committed: int = 0
    aborted: int = 0
    records: int = 0
    published: int = 0
    skipped: int = 0
    dead_lettered: Mapping[str, int] = field(default_factory=dict)


class ExactlyOnce(Generic[E]):
    """A member of ``group`` that reads ``contracts`` and writes ``publishes``, a batch at a time, all or nothing.

        with ExactlyOnce(kafka, registry, group="billing", contracts=[ORDERS], publishes=[INVOICES],
                         transactional_id="billing-1") as pipeline:
            for batch in pipeline.batches(max_records=500, wait_s=0.2):
                with batch:
                    for record in batch.records:
                        batch.send(INVOICES, invoice(record.value), key=record.key)

    What was sent, the dead letters and the offsets of a batch are one transaction. After a crash, a rebalance or an abort
    at any point, whoever reads with ``isolation.level=read_committed`` finds the outputs of every record exactly once.

    An exception in the block aborts the transaction, and the same records come again as ``retry`` says. A batch that keeps
    failing is taken apart until the record to blame is alone, and that one is put aside; ``batch.fail(record, error)``
    does so at once. Records that cannot be read never reach the block. While the registry is away, or something that
    raises UnavailableError, records wait.

    ``transactional_id`` names this process and no other, and stays the same when it starts again: the new one fences the
    old one off, whose transaction then has no effect, and which stops with Fenced. Under another id, others wait up to
    ``transaction_timeout_s`` for what a killed process left open. A block may take three quarters of that time; one that
    takes longer is aborted, and the loop stops with BatchTookTooLong.

    ``framing`` says where records name their schema, in front of the value or in a header; Consumer tells of the other
    choices, and of what the registry is told at the start.

    Not promised: anything outside of this Kafka cluster. A mail that the block sends, or a row that it writes, is sent or
    written again with each further try; give such effects an id of their own, and let the other side drop repetitions.
    Readers without ``read_committed`` see what is aborted, too.

    The loop belongs to one thread; ``stop`` may be called from any, and from a signal handler.
    """

    def __init__(
        self,
        kafka: KafkaSettings | str,
        registry: Registry,
        *,
        group: str,
        contracts: Sequence[Contract[E]],
        publishes: Sequence[Contract],
        transactional_id: str,
        framing: Framing = "prefix",
        retry: Retry = Retry(),  # noqa: B008 -- frozen
        start: Start = "earliest",
        others: Others = "fail",
        breaker: Breaker | None = Breaker(),  # noqa: B008 -- frozen
        stacktraces: bool = False,
        letters_also: Sequence[Convention] = (),
        transaction_timeout_s: float = 60.0,
        service: str | None = None,
        report_reader: bool = True,
    ) -> None:
        if not contracts:
            raise ConfigurationError(
                "there is nothing to read", hint="name the contracts of the topics to read"
            )
        if retry.topics:
            raise ConfigurationError(
                "records of a transaction are tried again in place", hint="choose a retry without topics"
            )
        self._settings = KafkaSettings.of(kafka)
        _require_time(self._settings, transaction_timeout_s)
        self._registry = registry
        self._group = group
        self._contracts = contracts
        self._publishing = Publishing(registry, publishes, framing=framing)
        self._transactional_id = transactional_id
        self._start_at: Start = start
        self._others: Others = others
        self._stacktraces = stacktraces
        self._letters_also = checked(letters_also)
        self._timeout_s = transaction_timeout_s
        self._rules = Rules(
            retry=retry,
            block_s=transaction_timeout_s * BLOCK_SHARE,
            breaker=breaker,
            letter_topics={contract.topic: contract.dead_letter_topic for contract in contracts},
            subjects={contract.topic: contract.subject for contract in contracts},
        )
        self._reporting = Reporting(
            registry, contracts if report_reader else (), service=service, group=group
        )
        self._stopped = threading.Event()
        self._client: KafkaConsumer | None = None
        self._loop: AtomicLoop | None = None

    def start(self) -> None:
        """Connect, take over the transactional id, and join the group; the loop does it by itself.

        Raises BrokersUnavailable, KafkaRefused, TopicNotFound, and SchemaNotRegistered or ContractDisagrees if code and
        registry disagree.
        """
        if self._loop is None and not self._stopped.is_set():
            self._loop = self._connect()
            self._reporting.start()

    def batches(self, *, max_records: int = 500, wait_s: float = 0.2) -> Iterator[AtomicBatch[E]]:
        """Batches of at most so many records, waiting for them at most so long, until ``stop``.

        Raises what made it fail: Fenced, OutcomeUnknown, BatchTookTooLong, DeadLetterFailed, TooManyDeadLetters,
        KafkaRefused, RecordNotSettled.
        """
        self.start()
        loop = self._loop
        while loop is not None and not self._stopped.is_set():
            batch: AtomicBatch[E] | None = loop.next(max_records=max_records, wait_s=wait_s)
            if batch is None:
                continue
            try:
                yield batch
            finally:
                if not batch.settled:
                    loop.give_back(batch)
            if not batch.settled:
                raise RecordNotSettled(
                    "nobody said what became of a batch", hint="handle each batch inside `with batch:`"
                )

    def stop(self) -> None:
        """Let the loop end after the batch in hand."""
        self._stopped.set()

    def close(self) -> None:
        """Stop, and leave the group; what is not committed is left to whoever comes next."""
        self.stop()
        client, self._client = self._client, None
        if client is not None:
            client.close()
        self._reporting.close()

    def stats(self) -> ExactlyOnceStats:
        """What was counted so far."""
        if self._loop is None:
            return ExactlyOnceStats()
        counts = self._loop.counts
        return ExactlyOnceStats(
            counts.committed,
            counts.aborted,
            counts.records,
            counts.published,
            counts.skipped,
            dict(counts.dead_lettered),
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _connect(self) -> AtomicLoop:
        check_consumer(self._registry, self._contracts)
        self._publishing.prepare()
        transactions = KafkaTransactions(
            self._settings, transactional_id=self._transactional_id, timeout_s=self._timeout_s
        )
        topics = {contract.topic for contract in self._contracts}
        _require(transactions.missing_topics(topics, CONNECT_S), "topic")
        _require(transactions.missing_topics(self._publishing.topics, CONNECT_S), "topic")
        _require(
            transactions.missing_topics(self._rules.letter_topics.values(), CONNECT_S), "dead-letter topic"
        )
        # Before anything is fetched: whoever had the id before must not commit any more.
        transactions.start()
        client = KafkaConsumer(
            self._settings,
            group=self._group,
            start=self._start_at,
            connect_timeout_s=CONNECT_S,
            in_transactions=True,
        )
        author = Author(
            client.cluster_id(CONNECT_S),
            self._group,
            self._settings.client_id,
            self._stacktraces,
            self._letters_also,
        )
        loop = AtomicLoop(
            client,
            transactions,
            reader=Reader(self._contracts, WriterSchemas(self._registry), others=self._others),
            publishing=self._publishing,
            author=author,
            rules=self._rules,
        )
        client.subscribe(sorted(topics), loop)
        self._client = client
        return loop


def _require_time(settings: KafkaSettings, transaction_timeout_s: float) -> None:
    chosen = {**settings.properties, **settings.consumer}
    poll_s = int(chosen.get("max.poll.interval.ms", POLL_INTERVAL_MS)) / 1000
    if transaction_timeout_s * WAITS_BETWEEN_POLLS > poll_s:
        raise ConfigurationError(
            f"a transaction that may be open for {transaction_timeout_s:g} s does not fit into "
            f"max.poll.interval.ms, which is {poll_s:g} s",
            hint="let transaction_timeout_s be at most a third of it",
        )


def _require(missing: Collection[str], what: str) -> None:
    for topic in missing:
        raise TopicNotFound(
            f"there is no {what} '{topic}'",
            code="UNKNOWN_TOPIC_OR_PART",
            hint="create it before its consumers start: they must not find out with a record in hand",
        )
