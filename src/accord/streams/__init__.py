"""Governed producing and consuming: contracts in, typed events out, nothing lost on the way."""

from accord.streams.async_producer import AsyncProducer
from accord.streams.breaker import Breaker
from accord.streams.consumer import Consumer
from accord.streams.contract import Contract, contract
from accord.streams.delivery import Delivery
from accord.streams.errors import (
    AnotherEventLoop,
    ContractDisagrees,
    DeadLetterFailed,
    HandlerStuck,
    Permanent,
    ProducerClosed,
    RecordNotSettled,
    SchemaNotRegistered,
    TooManyDeadLetters,
)
from accord.streams.producer import Producer
from accord.streams.record import Record
from accord.streams.retry import Backoff, Retry
from accord.streams.stats import ConsumerStats

__all__ = [
    "AnotherEventLoop",
    "AsyncProducer",
    "Backoff",
    "Breaker",
    "Consumer",
    "ConsumerStats",
    "Contract",
    "ContractDisagrees",
    "DeadLetterFailed",
    "Delivery",
    "HandlerStuck",
    "Permanent",
    "Producer",
    "ProducerClosed",
    "Record",
    "RecordNotSettled",
    "Retry",
    "SchemaNotRegistered",
    "TooManyDeadLetters",
    "contract",
]
