"""The way to Kafka; nothing else in the project knows the client library.

settings = KafkaSettings("127.0.0.1:9092", properties={"security.protocol": "SSL"})
admin.create_topics(settings, [TopicSpec("orders", partitions=12, replication=3)])
"""

from accord.kafka import admin
from accord.kafka.admin import OffsetRange, TopicDescription, TopicSpec
from accord.kafka.consumer import KafkaConsumer, Start
from accord.kafka.errors import (
    BrokersUnavailable,
    ClientFailed,
    DeliveryFailed,
    GroupInUse,
    KafkaRefused,
    QueueFull,
    RecordTooLarge,
    TopicNotFound,
)
from accord.kafka.ports import OnDelivery, RebalanceListener, RecordConsumer, RecordProducer
from accord.kafka.producer import KafkaProducer
from accord.kafka.record import (
    Delivered,
    Headers,
    Message,
    OutgoingRecord,
    RawRecord,
    TimestampType,
    TopicPartition,
    message_of,
    record_of,
)
from accord.kafka.settings import KafkaSettings, read_properties
from accord.kafka.topic import read_topic, send_raw, write_topic

__all__ = [
    "BrokersUnavailable",
    "ClientFailed",
    "Delivered",
    "DeliveryFailed",
    "GroupInUse",
    "Headers",
    "KafkaConsumer",
    "KafkaProducer",
    "KafkaRefused",
    "KafkaSettings",
    "Message",
    "OffsetRange",
    "OnDelivery",
    "OutgoingRecord",
    "QueueFull",
    "RawRecord",
    "RebalanceListener",
    "RecordConsumer",
    "RecordProducer",
    "RecordTooLarge",
    "Start",
    "TimestampType",
    "TopicDescription",
    "TopicNotFound",
    "TopicPartition",
    "TopicSpec",
    "admin",
    "message_of",
    "read_properties",
    "read_topic",
    "record_of",
    "send_raw",
    "write_topic",
]
