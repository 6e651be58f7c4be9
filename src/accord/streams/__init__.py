"""Governed producing and consuming: contracts in, typed events out, nothing lost on the way."""

from accord.streams.app import App
from accord.streams.async_consumer import AsyncConsumer
from accord.streams.async_producer import AsyncProducer
from accord.streams.atomic_batch import AtomicBatch
from accord.streams.batches import Batch
from accord.streams.breaker import Breaker
from accord.streams.consumer import Consumer
from accord.streams.contract import Contract, SubjectNaming, contract
from accord.streams.dedupe import Dedupe, MemoryMarks
from accord.streams.delivery import Delivery
from accord.streams.errors import (
    AnotherEventLoop,
    BatchTookTooLong,
    ContractDisagrees,
    DeadLetterFailed,
    HandlerStuck,
    Permanent,
    ProducerClosed,
    RecordNotSettled,
    Retryable,
    SchemaNotRegistered,
    TooManyDeadLetters,
)
from accord.streams.file_marks import FileMarks
from accord.streams.groups import Dlq
from accord.streams.handlers import Context
from accord.streams.health import GroupHealth, Health
from accord.streams.producer import Producer
from accord.streams.record import Record
from accord.streams.retry import Backoff, Retry
from accord.streams.serdes import Deserializer, Serializer
from accord.streams.stats import ConsumerStats
from accord.streams.transactions import ExactlyOnce, ExactlyOnceStats

__all__ = [
    "AnotherEventLoop",
    "App",
    "AsyncConsumer",
    "AsyncProducer",
    "AtomicBatch",
    "Backoff",
    "Batch",
    "BatchTookTooLong",
    "Breaker",
    "Consumer",
    "ConsumerStats",
    "Context",
    "Contract",
    "ContractDisagrees",
    "DeadLetterFailed",
    "Dedupe",
    "Delivery",
    "Deserializer",
    "Dlq",
    "ExactlyOnce",
    "ExactlyOnceStats",
    "FileMarks",
    "GroupHealth",
    "HandlerStuck",
    "Health",
    "MemoryMarks",
    "Permanent",
    "Producer",
    "ProducerClosed",
    "Record",
    "RecordNotSettled",
    "Retry",
    "Retryable",
    "SchemaNotRegistered",
    "Serializer",
    "SubjectNaming",
    "TooManyDeadLetters",
    "contract",
]
