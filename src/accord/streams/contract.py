"""A contract: what is on a topic. Everything about it is checked when it is made, not when the first record comes.

Several contracts may share a topic, one for each kind of event, each with a subject of its own:

CREATED = contract("orders", OrderCreated, subject=SubjectNaming.TOPIC_RECORD)      # orders-com.example.OrderCreated
CANCELLED = contract("orders", OrderCancelled, subject=SubjectNaming.TOPIC_RECORD)
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Generic, Literal, get_args

from accord.codecs import Codec, InvalidEvent, codec_for, derive_schema, framing
from accord.errors import ConfigurationError
from accord.schemas import ParsedSchema, Schema, SchemaType, Subject, parse
from accord.streams.event_names import FIRST_MESSAGE, event_name
from accord.streams.typevars import E

KeyKind = Literal["string", "bytes"]

MAX_TOPIC_LENGTH: Final = 249

_TOPIC = re.compile(r"[A-Za-z0-9._-]+")


class SubjectNaming(Enum):
    """Under which subject the registry keeps a contract's schema, by Confluent's name of the strategy."""

    TOPIC = "TopicNameStrategy"
    """``<topic>-value``: one schema a topic."""
    RECORD = "RecordNameStrategy"
    """The event's full name: the same schema on whatever topic."""
    TOPIC_RECORD = "TopicRecordNameStrategy"
    """``<topic>-<full name>``: several events on a topic."""


# Compared by identity: a producer finds what it knows of a contract for every record.
@dataclass(frozen=True, slots=True, eq=False)
class Contract(Generic[E]):
    """The events of one topic: their class, their schema, and where the registry keeps it. Make it with ``contract``."""

    topic: str
    subject: Subject
    schema: Schema
    model: type[E]
    key: KeyKind
    referenced: Mapping[str, Schema] = field(repr=False)
    """The schemas that this one refers to, by reference name."""
    parsed: ParsedSchema = field(repr=False)
    event: str | None
    """The event's full name: an Avro record's, a Protobuf message's, a JSON Schema's title."""
    codec: Codec[E] = field(repr=False)
    encode: Callable[[E], bytes] = field(repr=False)
    """The bytes of an event, without prefix. Raises InvalidEvent."""
    encode_key: Callable[[str | bytes | None], bytes | None] = field(repr=False)
    """The bytes of a key. Raises InvalidEvent."""
    decode_key: Callable[[bytes | None], str | bytes | None] = field(repr=False)
    """The key as a program handles it. Raises UnicodeDecodeError."""

    @property
    def dead_letter_topic(self) -> str:
        """Where records go that break the contract, or that no handler can handle."""
        return f"{self.topic}-dlq"


def contract(
    topic: str,
    model: type[E],
    *,
    schema: Schema | str | None = None,
    format: SchemaType | None = None,
    namespace: str | None = None,
    key: KeyKind = "string",
    subject: str | SubjectNaming = SubjectNaming.TOPIC,
    referenced: Mapping[str, Schema] | None = None,
) -> Contract[E]:
    """The contract of ``topic``: its values are instances of ``model``.

    ``model`` is a dataclass, a msgspec.Struct, a pydantic model or a Protobuf message class. The schema follows from it
    (``namespace`` is of use there; a Protobuf schema follows from a message class alone), or is given, and then must fit
    the class. The ``format`` is that of the given schema, Protobuf for a message class, and Avro otherwise. ``subject`` is
    a name, or how it follows from topic and event. ``referenced`` has the schemas that ``schema`` refers to, by reference
    name, each after what it needs itself.

    Raises ConfigurationError, ModelDoesNotFit or InvalidSchema.
    """
    check_topic_name(topic)
    if key not in get_args(KeyKind):
        raise ConfigurationError(f"keys are 'string' or 'bytes', not {key!r}", hint="choose one of them")
    chosen = _format(model, schema, format)
    if schema is None:
        schema = derive_schema(model, namespace=namespace, type=chosen)
    elif isinstance(schema, str):
        schema = Schema(schema, chosen)
    referenced = dict(referenced or {})
    parsed = parse(schema, referenced=referenced)
    codec = codec_for(schema, model=model, referenced=referenced)
    indexes = framing.split_indexes(codec.indexes).indexes if codec.indexes else FIRST_MESSAGE
    event = event_name(schema, referenced, indexes)
    encode_key, decode_key = _key_codec(topic, key)
    return Contract(
        topic=topic,
        subject=_subject(topic, event, subject),
        schema=schema,
        model=model,
        key=key,
        referenced=referenced,
        parsed=parsed,
        event=event,
        codec=codec,
        encode=_checked(topic, model, codec.encode),
        encode_key=encode_key,
        decode_key=decode_key,
    )


def check_topic_name(topic: str) -> None:
    """Raise ConfigurationError if Kafka has no topic of such a name."""
    if not _TOPIC.fullmatch(topic) or topic in {".", ".."} or len(topic) > MAX_TOPIC_LENGTH:
        raise ConfigurationError(
            f"'{topic}' is no name of a topic",
            hint="letters, digits, dots, underscores and hyphens, up to 249 of them",
        )


def _format(model: type, schema: Schema | str | None, chosen: SchemaType | None) -> SchemaType:
    if chosen is not None and not isinstance(chosen, SchemaType):
        raise ConfigurationError(
            f"a format is a SchemaType, not {chosen!r}",
            hint=f"choose one of {', '.join(f'accord.SchemaType.{one.name}' for one in SchemaType)}",
        )
    if isinstance(schema, Schema):
        if chosen not in (None, schema.type):
            raise ConfigurationError(
                f"the schema is {schema.type}, and format says {chosen}",
                hint="leave format out: the schema says it",
            )
        return schema.type
    is_message = hasattr(model, "DESCRIPTOR")
    if chosen is None:
        return SchemaType.PROTOBUF if is_message else SchemaType.AVRO
    if is_message and chosen is not SchemaType.PROTOBUF:
        raise ConfigurationError(
            f"{model.__qualname__} is a Protobuf message class, and the format is {chosen}",
            hint="leave format out, or hold the events in a class of another kind",
        )
    return chosen


def _subject(topic: str, event: str | None, chosen: str | SubjectNaming) -> Subject:
    if isinstance(chosen, str):
        if not chosen.strip():
            raise ConfigurationError(
                "a subject has a name", hint="leave it out for the usual one, <topic>-value"
            )
        return Subject(chosen)
    if chosen is SubjectNaming.TOPIC:
        return Subject(f"{topic}-value")
    if event is None:
        raise ConfigurationError(
            f"the schema of the events on '{topic}' has no name, and their subject is to be named after it",
            hint="give a JSON Schema a title; or name the subject itself",
        )
    return Subject(event if chosen is SubjectNaming.RECORD else f"{topic}-{event}")


def _checked(topic: str, model: type[E], encode: Callable[[E], bytes]) -> Callable[[E], bytes]:
    def encode_checked(event: E) -> bytes:
        if not isinstance(event, model):
            raise InvalidEvent(
                f"'{topic}' carries {model.__name__}, and this is {type(event).__name__}",
                hint="send the event with the contract that it belongs to",
            )
        return encode(event)

    return encode_checked


def _key_codec(
    topic: str, kind: KeyKind
) -> tuple[Callable[[str | bytes | None], bytes | None], Callable[[bytes | None], str | bytes | None]]:
    def wrong(key: object) -> InvalidEvent:
        return InvalidEvent(f"the keys of '{topic}' are {kind}, and this is {type(key).__name__}", path="key")

    def encode_text(key: str | bytes | None) -> bytes | None:
        if isinstance(key, str):
            return key.encode()
        if key is None:
            return None
        raise wrong(key)

    def decode_text(key: bytes | None) -> str | None:
        return None if key is None else key.decode()

    def encode_bytes(key: str | bytes | None) -> bytes | None:
        if key is None or isinstance(key, bytes):
            return key
        raise wrong(key)

    def decode_bytes(key: bytes | None) -> bytes | None:
        return key

    return (encode_text, decode_text) if kind == "string" else (encode_bytes, decode_bytes)
