"""A contract: what is on a topic. Everything about it is checked when it is made, not when the first record comes."""

import re
from dataclasses import dataclass, field
from typing import Final, Generic, Literal

from accord.codecs import Codec, InvalidEvent, codec_for, derive_schema
from accord.errors import ConfigurationError
from accord.schemas import Schema, Subject, parse
from accord.streams.typevars import E

KeyKind = Literal["string", "bytes"]

MAX_TOPIC_LENGTH: Final = 249

_TOPIC = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Contract(Generic[E]):
    """The events of one topic: their class, their schema, and where the registry keeps it. Make it with ``contract``."""

    topic: str
    subject: Subject
    schema: Schema
    model: type[E]
    key: KeyKind
    codec: Codec[E] = field(repr=False, compare=False)

    @property
    def dead_letter_topic(self) -> str:
        """Where records go that break the contract, or that no handler can handle."""
        return f"{self.topic}-dlq"

    def encode(self, event: E) -> bytes:
        """The bytes of an event, without prefix. Raises InvalidEvent."""
        if not isinstance(event, self.model):
            raise InvalidEvent(
                f"'{self.topic}' carries {self.model.__name__}, and this is {type(event).__name__}",
                hint="send the event with the contract that it belongs to",
            )
        return self.codec.encode(event)

    def encode_key(self, key: str | bytes | None) -> bytes | None:
        """The bytes of a key. Raises InvalidEvent."""
        if key is None:
            return None
        if isinstance(key, str) and self.key == "string":
            return key.encode()
        if isinstance(key, bytes) and self.key == "bytes":
            return key
        raise InvalidEvent(
            f"the keys of '{self.topic}' are {self.key}, and this is {type(key).__name__}", path="key"
        )

    def decode_key(self, key: bytes | None) -> str | bytes | None:
        """The key as a program handles it. Raises UnicodeDecodeError."""
        return key.decode() if key is not None and self.key == "string" else key


def contract(
    topic: str,
    model: type[E],
    *,
    schema: Schema | str | None = None,
    namespace: str | None = None,
    key: KeyKind = "string",
    subject: str | None = None,
) -> Contract[E]:
    """The contract of ``topic``: its values are instances of the dataclass ``model``.

    The Avro schema follows from ``model`` and ``namespace``, or is given, and then must fit the class. ``subject`` is
    ``<topic>-value`` unless said otherwise. Raises ConfigurationError, ModelDoesNotFit or InvalidSchema.
    """
    if not _TOPIC.fullmatch(topic) or topic in {".", ".."} or len(topic) > MAX_TOPIC_LENGTH:
        raise ConfigurationError(
            f"'{topic}' is no name of a topic",
            hint="letters, digits, dots, underscores and hyphens, up to 249 of them",
        )
    if schema is None:
        schema = derive_schema(model, namespace=namespace)
    elif isinstance(schema, str):
        schema = Schema(schema)
    parse(schema)
    return Contract(
        topic=topic,
        subject=Subject(subject or f"{topic}-value"),
        schema=schema,
        model=model,
        key=key,
        codec=codec_for(schema, model=model),
    )
