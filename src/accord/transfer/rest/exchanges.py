"""What a move asks of a registry beyond what applications ask. Pure.

Answers are read leniently: what one registry adds or leaves out must not keep the rest from being moved.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

import msgspec

from accord.client.exchanges import Exchange, GetConfig, GetMode, GetVersion
from accord.client.exchanges.exchange import query
from accord.client.http import Request, Response
from accord.client.refusals import refusal
from accord.registry.core.config import Config
from accord.registry.core.modes import Mode
from accord.registry.log.lines import logged_record_of, record_line
from accord.registry.log.port import LoggedRecord, Position, Record
from accord.schemas import Metadata, Reference, RuleSet, Schema, SchemaType, Subject, Version
from accord.transfer.errors import UnknownShape

A = TypeVar("A")

# Not found, not allowed for this path, not a name that this registry takes, not made yet.
_NOT_HERE: Final = frozenset({404, 405, 422, 501})
_LOG: Final = "application/jsonl"


class ToldVersion(msgspec.Struct, frozen=True, rename="camel"):
    """A version as a registry tells it; an older one tells no ``guid`` and no ``ts`` (when it came to be, in ms)."""

    subject: str
    version: int
    id: int
    schema: str
    schema_type: SchemaType | None = None
    references: tuple[Reference, ...] | None = None
    metadata: Metadata | None = None
    rule_set: RuleSet | None = None
    guid: str | None = None
    ts: int | None = None

    def to_schema(self) -> Schema:
        """The schema itself."""
        return Schema(
            self.schema,
            self.schema_type or SchemaType.AVRO,
            self.references or (),
            self.metadata or None,
            self.rule_set or None,
        )


@dataclass(frozen=True, slots=True)
class Perhaps(Exchange[A | None]):
    """Another exchange, with None for an answer where the registry has no such thing, or does not know the question."""

    inner: Exchange[A]

    @property
    def request(self) -> Request:
        """What to send."""
        return self.inner.request

    def interpret(self, response: Response) -> A | None:
        """The answer. Raises RegistryError, or UnknownShape if it cannot be read."""
        return None if response.status in _NOT_HERE else _read(self.inner, response)

    def read(self, body: bytes) -> A | None:
        """What the body of a success means."""
        return self.inner.read(body)


@dataclass(frozen=True, slots=True)
class TellVersion(Exchange[ToldVersion]):
    """Everything about one version, soft-deleted or not."""

    subject: Subject
    version: Version

    @property
    def request(self) -> Request:
        """What to send."""
        return GetVersion(self.subject, self.version, deleted=True).request

    def read(self, body: bytes) -> ToldVersion:
        """The version."""
        return msgspec.json.decode(body, type=ToldVersion)


@dataclass(frozen=True, slots=True)
class TellAliases(Exchange[set[Subject]]):
    """The names that stand for other subjects, as far as the registry tells."""

    @property
    def request(self) -> Request:
        """What to send."""
        return Request(
            "GET", "/schemas", query(subjectPrefix=":*:", aliases=True, latestOnly=True, deleted=True)
        )

    def read(self, body: bytes) -> set[Subject]:
        """The names."""
        return {
            Subject(name)
            for item in msgspec.json.decode(body, type=list[_Aliased])
            for name in item.aliases or ()
        }


@dataclass(frozen=True, slots=True)
class TellHighestId(Exchange[int]):
    """The highest id ever given in the context of ``subject``, 0 if it is not told."""

    subject: Subject
    schema_id: int

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", f"/schemas/ids/{self.schema_id}", query(subject=self.subject, fetchMaxId=True))

    def read(self, body: bytes) -> int:
        """The id."""
        return msgspec.json.decode(body, type=_HighestId).max_id or 0


@dataclass(frozen=True, slots=True)
class TellConfig(Exchange[Config]):
    """What is configured for a subject or a context, or for everything (None)."""

    scope: Subject | None

    @property
    def request(self) -> Request:
        """What to send."""
        return GetConfig(self.scope).request

    def read(self, body: bytes) -> Config:
        """The configuration; its level is told under one name or the other."""
        told = msgspec.json.decode(body, type=dict[str, Any])
        told.setdefault("compatibilityLevel", told.pop("compatibility", None))
        return msgspec.convert(told, Config)


@dataclass(frozen=True, slots=True)
class TellMode(Exchange[Mode | None]):
    """The mode that is set for a subject or a context, or for everything (None)."""

    scope: Subject | None

    @property
    def request(self) -> Request:
        """What to send."""
        return GetMode(self.scope).request

    def read(self, body: bytes) -> Mode | None:
        """The mode."""
        return msgspec.json.decode(body, type=_Mode).mode


@dataclass(frozen=True, slots=True)
class TellRecords(Exchange[list[LoggedRecord] | None]):
    """The next records of one of an Accord registry's own logs, none at its end; None where another one answers."""

    after: Position

    path: ClassVar[str] = ""

    @property
    def request(self) -> Request:
        """What to send."""
        # A log has any length, and comes in one answer.
        return Request("GET", self.path, query(after=self.after), answer_limit_bytes=None)

    def interpret(self, response: Response) -> list[LoggedRecord] | None:
        """The answer. Raises RegistryError, or UnknownShape if it cannot be read."""
        # Some answer anything with success, an empty body or a page: that is no log, and no end of one.
        kind = response.headers.get("content-type", "").partition(";")[0].strip()
        if response.status in _NOT_HERE or (response.ok and kind != _LOG):
            return None
        return _read(self, response)

    def read(self, body: bytes) -> list[LoggedRecord] | None:
        """The records."""
        return [logged_record_of(line) for line in body.splitlines()]


class TellLog(TellRecords):
    """The next records of the log of schemas."""

    path = "/accord/v1/log"


class TellReports(TellRecords):
    """The next records of the second log; None also where the registry is older than that."""

    path = "/accord/v1/log/_accord"


@dataclass(frozen=True, slots=True)
class PutRecords(Exchange[Position]):
    """Put records at the end of one of an Accord registry's own logs; answers where the last one lies."""

    records: tuple[Record, ...]
    after: Position

    path: ClassVar[str] = ""

    @property
    def request(self) -> Request:
        """What to send."""
        body = b'{"records":[' + b",".join(map(record_line, self.records)) + b"]}"
        return Request("POST", self.path, query(after=self.after), body)

    def read(self, body: bytes) -> Position:
        """The position."""
        return Position(msgspec.json.decode(body, type=_Position).position)


class ExtendLog(PutRecords):
    """Put records at the end of the log of schemas."""

    path = TellLog.path


class ExtendReports(PutRecords):
    """Put records at the end of the second log."""

    path = TellReports.path


def _read(exchange: Exchange[A], response: Response) -> A:
    if not response.ok:
        raise refusal(response)
    try:
        return exchange.read(response.body)
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise UnknownShape(
            f"the registry's answer to {exchange.request.path} cannot be read: {error}",
            hint="check the registry's address, path included, and what proxies stand before it",
        ) from error


class _Aliased(msgspec.Struct):
    aliases: list[str] | None = None


class _HighestId(msgspec.Struct, rename="camel"):
    max_id: int | None = None


class _Mode(msgspec.Struct):
    mode: Mode | None = None


class _Position(msgspec.Struct):
    position: int
