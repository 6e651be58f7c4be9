"""Accord: data contracts for Kafka.

import accord
from dataclasses import dataclass
from datetime import UTC, datetime

@dataclass(frozen=True, slots=True)
class OrderCreated:
    order_id: str
    total_amount: float
    created_at: datetime

ORDERS = accord.contract("orders.created", OrderCreated, namespace="com.example.events")

registry = accord.Registry("http://127.0.0.1:8081")
registry.register(ORDERS.subject, ORDERS.schema)     # once, by whoever releases the contract

with accord.Producer("127.0.0.1:9092", registry) as producer:
    delivery = producer.send(ORDERS, OrderCreated("o-1", 9.5, datetime.now(UTC)), key="o-1")
    delivery.result(timeout=10)                      # the brokers have it; asyncio: await delivery

with accord.Consumer("127.0.0.1:9092", registry, group="billing", contracts=[ORDERS]) as consumer:
    for record in consumer:                          # ends after consumer.stop(), from any thread or signal handler
        with record:                                 # leaving normally: done; an Exception: retried, then dead-lettered
            if record.value is not None:             # None is a tombstone
                bill(record.value)
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accord.client import (
        AsyncRegistry,
        IncompatibleSchema,
        NotFound,
        RegisteredSchema,
        Registry,
        RegistryError,
        RegistrySettings,
        RegistryUnavailable,
        Unauthorized,
    )
    from accord.codecs import AvroType, Duration, InvalidData, InvalidEvent, ModelDoesNotFit
    from accord.errors import AccordError, ConfigurationError, UnavailableError
    from accord.kafka import (
        BrokersUnavailable,
        Delivered,
        DeliveryFailed,
        Fenced,
        KafkaRefused,
        KafkaSettings,
        OutcomeUnknown,
        QueueFull,
        RecordTooLarge,
        TopicNotFound,
        TopicPartition,
    )
    from accord.schemas import CompatibilityLevel, InvalidSchema, Schema, SchemaType
    from accord.streams import (
        AnotherEventLoop,
        App,
        AsyncConsumer,
        AsyncProducer,
        AtomicBatch,
        Backoff,
        Batch,
        BatchTookTooLong,
        Breaker,
        Consumer,
        ConsumerStats,
        Context,
        Contract,
        ContractDisagrees,
        DeadLetterFailed,
        Dedupe,
        Delivery,
        Deserializer,
        Dlq,
        ExactlyOnce,
        ExactlyOnceStats,
        FileMarks,
        GroupHealth,
        HandlerStuck,
        Health,
        MemoryMarks,
        Permanent,
        Producer,
        ProducerClosed,
        Record,
        RecordNotSettled,
        Retry,
        Retryable,
        SchemaNotRegistered,
        Serializer,
        SubjectNaming,
        TooManyDeadLetters,
        contract,
    )

# Where each name lives. It is imported when it is first used, so that `import accord` costs nothing by itself.
_HOMES = {
    "accord.client": (
        "AsyncRegistry",
        "IncompatibleSchema",
        "NotFound",
        "RegisteredSchema",
        "Registry",
        "RegistryError",
        "RegistrySettings",
        "RegistryUnavailable",
        "Unauthorized",
    ),
    "accord.codecs": ("AvroType", "Duration", "InvalidData", "InvalidEvent", "ModelDoesNotFit"),
    "accord.errors": ("AccordError", "ConfigurationError", "UnavailableError"),
    "accord.kafka": (
        "BrokersUnavailable",
        "Delivered",
        "DeliveryFailed",
        "Fenced",
        "KafkaRefused",
        "KafkaSettings",
        "OutcomeUnknown",
        "QueueFull",
        "RecordTooLarge",
        "TopicNotFound",
        "TopicPartition",
    ),
    "accord.schemas": ("CompatibilityLevel", "InvalidSchema", "Schema", "SchemaType"),
    "accord.streams": (
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
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AccordError",
    "AnotherEventLoop",
    "App",
    "AsyncConsumer",
    "AsyncProducer",
    "AsyncRegistry",
    "AtomicBatch",
    "AvroType",
    "Backoff",
    "Batch",
    "BatchTookTooLong",
    "Breaker",
    "BrokersUnavailable",
    "CompatibilityLevel",
    "ConfigurationError",
    "Consumer",
    "ConsumerStats",
    "Context",
    "Contract",
    "ContractDisagrees",
    "DeadLetterFailed",
    "Dedupe",
    "Delivered",
    "Delivery",
    "DeliveryFailed",
    "Deserializer",
    "Dlq",
    "Duration",
    "ExactlyOnce",
    "ExactlyOnceStats",
    "Fenced",
    "FileMarks",
    "GroupHealth",
    "HandlerStuck",
    "Health",
    "IncompatibleSchema",
    "InvalidData",
    "InvalidEvent",
    "InvalidSchema",
    "KafkaRefused",
    "KafkaSettings",
    "MemoryMarks",
    "ModelDoesNotFit",
    "NotFound",
    "OutcomeUnknown",
    "Permanent",
    "Producer",
    "ProducerClosed",
    "QueueFull",
    "Record",
    "RecordNotSettled",
    "RecordTooLarge",
    "RegisteredSchema",
    "Registry",
    "RegistryError",
    "RegistrySettings",
    "RegistryUnavailable",
    "Retry",
    "Retryable",
    "Schema",
    "SchemaNotRegistered",
    "SchemaType",
    "Serializer",
    "SubjectNaming",
    "TooManyDeadLetters",
    "TopicNotFound",
    "TopicPartition",
    "Unauthorized",
    "UnavailableError",
    "contract",
]


if not TYPE_CHECKING:
    # A type checker knows the names from above; told of this function, it would believe in any name at all.
    def __getattr__(name: str) -> object:
        try:
            home = _HOME_OF[name]
        except KeyError:
            raise AttributeError(f"module 'accord' has no attribute '{name}'") from None
        value: object = getattr(import_module(home), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
