"""Governed producing and consuming: contracts in, typed events out, nothing lost on the way."""

from importlib import import_module
from typing import TYPE_CHECKING, Final

# At once, as its module would otherwise take the name of the function.
from accord.streams.contract import Contract, SubjectNaming, contract

if TYPE_CHECKING:
    from accord.streams.app import App
    from accord.streams.async_consumer import AsyncConsumer
    from accord.streams.async_producer import AsyncProducer
    from accord.streams.atomic_batch import AtomicBatch
    from accord.streams.batches import Batch
    from accord.streams.breaker import Breaker
    from accord.streams.consumer import Consumer
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

# Where the other names live. Each is imported when it is first used: who wants to know how topics are named does not wait
# for two clients.
_HOMES: Final = {
    "accord.streams.app": ("App",),
    "accord.streams.async_consumer": ("AsyncConsumer",),
    "accord.streams.async_producer": ("AsyncProducer",),
    "accord.streams.atomic_batch": ("AtomicBatch",),
    "accord.streams.batches": ("Batch",),
    "accord.streams.breaker": ("Breaker",),
    "accord.streams.consumer": ("Consumer",),
    "accord.streams.dedupe": ("Dedupe", "MemoryMarks"),
    "accord.streams.delivery": ("Delivery",),
    "accord.streams.errors": (
        "AnotherEventLoop",
        "BatchTookTooLong",
        "ContractDisagrees",
        "DeadLetterFailed",
        "HandlerStuck",
        "Permanent",
        "ProducerClosed",
        "RecordNotSettled",
        "Retryable",
        "SchemaNotRegistered",
        "TooManyDeadLetters",
    ),
    "accord.streams.file_marks": ("FileMarks",),
    "accord.streams.groups": ("Dlq",),
    "accord.streams.handlers": ("Context",),
    "accord.streams.health": ("GroupHealth", "Health"),
    "accord.streams.producer": ("Producer",),
    "accord.streams.record": ("Record",),
    "accord.streams.retry": ("Backoff", "Retry"),
    "accord.streams.serdes": ("Deserializer", "Serializer"),
    "accord.streams.stats": ("ConsumerStats",),
    "accord.streams.transactions": ("ExactlyOnce", "ExactlyOnceStats"),
}
_HOME_OF: Final = {name: home for home, names in _HOMES.items() for name in names}

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


if not TYPE_CHECKING:
    # A type checker knows the names from above; told of this function, it would believe in any name at all.
    def __getattr__(name: str) -> object:
        try:
            home = _HOME_OF[name]
        except KeyError:
            raise AttributeError(f"module 'accord.streams' has no attribute '{name}'") from None
        value: object = getattr(import_module(home), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
