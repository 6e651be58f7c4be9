"""The way to Kafka; nothing else in the project knows the client library.

settings = KafkaSettings("127.0.0.1:9092", properties={"security.protocol": "SSL"})
admin.create_topics(settings, [TopicSpec("orders", partitions=12, replication=3)])
"""

from accord.kafka import admin
from accord.kafka.admin import Acl, OffsetRange, TopicDescription, TopicSpec
from accord.kafka.consumer import KafkaConsumer
from accord.kafka.errors import (
    AuthorizerMissing,
    BrokersUnavailable,
    ClientFailed,
    DeliveryFailed,
    Fenced,
    GroupInUse,
    KafkaRefused,
    NotAllowed,
    OutcomeUnknown,
    QueueFull,
    RecordTooLarge,
    TopicNotFound,
    TransactionFailed,
    TransactionRefused,
)
from accord.kafka.ports import OnDelivery, RebalanceListener, RecordConsumer, RecordProducer
from accord.kafka.producer import KafkaProducer, OnReport, Report, delivered
from accord.kafka.record import (
    Delivered,
    Headers,
    Message,
    OutgoingRecord,
    RawRecord,
    TimestampType,
    TopicPartition,
    epoch_ms,
    is_header_name,
    message_of,
    record_of,
)
from accord.kafka.settings import KafkaSettings, read_properties
from accord.kafka.start import Start
from accord.kafka.topic import read_topic, send_raw, write_topic
from accord.kafka.transactions import KafkaTransactions, RecordTransactions, TransactionConsumer

__all__ = [
    "Acl",
    "AuthorizerMissing",
    "BrokersUnavailable",
    "ClientFailed",
    "Delivered",
    "DeliveryFailed",
    "Fenced",
    "GroupInUse",
    "Headers",
    "KafkaConsumer",
    "KafkaProducer",
    "KafkaRefused",
    "KafkaSettings",
    "KafkaTransactions",
    "Message",
    "NotAllowed",
    "OffsetRange",
    "OnDelivery",
    "OnReport",
    "OutcomeUnknown",
    "OutgoingRecord",
    "QueueFull",
    "RawRecord",
    "RebalanceListener",
    "RecordConsumer",
    "RecordProducer",
    "RecordTooLarge",
    "RecordTransactions",
    "Report",
    "Start",
    "TimestampType",
    "TopicDescription",
    "TopicNotFound",
    "TopicPartition",
    "TopicSpec",
    "TransactionConsumer",
    "TransactionFailed",
    "TransactionRefused",
    "admin",
    "delivered",
    "epoch_ms",
    "is_header_name",
    "message_of",
    "read_properties",
    "read_topic",
    "record_of",
    "send_raw",
    "write_topic",
]
