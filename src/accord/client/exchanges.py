"""The registry's REST API as data: what to ask, and what the answer means. Pure.

An exchange is one question. A driver sends its request and lets it read the answer.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, Generic, Literal, TypeVar
from urllib.parse import quote

import msgspec

from accord.client.bodies import (
    CompatibilityBody,
    ConfigBody,
    RegisteredBody,
    SchemaBody,
    findings_of,
    schema_request,
)
from accord.client.http import Request, Response
from accord.client.refusals import not_a_registry, refusal
from accord.findings import Finding
from accord.schemas import CompatibilityLevel, Schema, SchemaId, Subject, Version

A = TypeVar("A")

LATEST: Literal["latest"] = "latest"


@dataclass(frozen=True, slots=True)
class RegisteredSchema:
    """A schema in its place."""

    subject: Subject
    version: Version
    id: SchemaId
    schema: Schema


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a schema may become the next version; ``messages`` are in the registry's own words."""

    compatible: bool
    findings: tuple[Finding, ...] = ()
    messages: tuple[str, ...] = ()


class Exchange(ABC, Generic[A]):
    """One question, and how to read its answer."""

    __slots__ = ()

    repeatable: ClassVar[bool] = True
    """Whether asking twice does no more than asking once."""

    @property
    @abstractmethod
    def request(self) -> Request:
        """What to send."""

    @abstractmethod
    def read(self, body: bytes) -> A:
        """What the body of a success means. Raises msgspec.DecodeError or ValueError."""

    def interpret(self, response: Response) -> A:
        """The answer. Raises RegistryError."""
        if not response.ok:
            raise refusal(response)
        try:
            return self.read(response.body)
        except (msgspec.DecodeError, ValueError) as error:
            raise not_a_registry(response) from error


@dataclass(frozen=True, slots=True)
class RegisterSchema(Exchange[tuple[SchemaId, Version | None]]):
    """Make the schema the subject's next version, unless it has it already. An older registry tells no version."""

    subject: Subject
    schema: Schema
    normalize: bool = False

    @property
    def request(self) -> Request:
        """What to send."""
        path = f"/subjects/{quoted(self.subject)}/versions"
        return Request("POST", path, _flag("normalize", on=self.normalize), schema_request(self.schema))

    def read(self, body: bytes) -> tuple[SchemaId, Version | None]:
        """The id, and the version if it is told."""
        answer = msgspec.json.decode(body, type=RegisteredBody)
        return SchemaId(answer.id), Version(answer.version) if answer.version is not None else None


@dataclass(frozen=True, slots=True)
class LookUpSchema(Exchange[RegisteredSchema]):
    """Find the schema among the subject's versions."""

    subject: Subject
    schema: Schema
    normalize: bool = False

    @property
    def request(self) -> Request:
        """What to send."""
        path = f"/subjects/{quoted(self.subject)}"
        return Request("POST", path, _flag("normalize", on=self.normalize), schema_request(self.schema))

    def read(self, body: bytes) -> RegisteredSchema:
        """Where it is."""
        return _registered(body)


@dataclass(frozen=True, slots=True)
class GetSchemaById(Exchange[Schema]):
    """The schema that an id stands for."""

    schema_id: SchemaId

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", f"/schemas/ids/{self.schema_id}")

    def read(self, body: bytes) -> Schema:
        """The schema."""
        return msgspec.json.decode(body, type=SchemaBody).to_schema()


@dataclass(frozen=True, slots=True)
class GetVersion(Exchange[RegisteredSchema]):
    """One version of a subject, or the latest."""

    subject: Subject
    version: Version | Literal["latest"] = LATEST

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", f"/subjects/{quoted(self.subject)}/versions/{self.version}")

    def read(self, body: bytes) -> RegisteredSchema:
        """The version."""
        return _registered(body)


@dataclass(frozen=True, slots=True)
class ListVersions(Exchange[list[Version]]):
    """The numbers of a subject's versions."""

    subject: Subject

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", f"/subjects/{quoted(self.subject)}/versions")

    def read(self, body: bytes) -> list[Version]:
        """The numbers."""
        return [Version(number) for number in msgspec.json.decode(body, type=list[int])]


@dataclass(frozen=True, slots=True)
class ListSubjects(Exchange[list[Subject]]):
    """The names of all subjects."""

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", "/subjects")

    def read(self, body: bytes) -> list[Subject]:
        """The names."""
        return [Subject(name) for name in msgspec.json.decode(body, type=list[str])]


@dataclass(frozen=True, slots=True)
class CheckCompatibility(Exchange[Verdict]):
    """Whether a schema may become the next version; without ``version``, against all that the level asks for."""

    subject: Subject
    schema: Schema
    version: Version | Literal["latest"] | None = None

    @property
    def request(self) -> Request:
        """What to send."""
        path = f"/compatibility/subjects/{quoted(self.subject)}/versions"
        if self.version is not None:
            path += f"/{self.version}"
        return Request("POST", path, (("verbose", "true"),), schema_request(self.schema))

    def read(self, body: bytes) -> Verdict:
        """The verdict."""
        answer = msgspec.json.decode(body, type=CompatibilityBody)
        return Verdict(answer.is_compatible, findings_of(answer.findings), tuple(answer.messages))


@dataclass(frozen=True, slots=True)
class GetCompatibility(Exchange[CompatibilityLevel]):
    """The level that counts for a subject, or the global one."""

    subject: Subject | None = None

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", _config_path(self.subject), (("defaultToGlobal", "true"),))

    def read(self, body: bytes) -> CompatibilityLevel:
        """The level."""
        answer = msgspec.json.decode(body, type=ConfigBody)
        return CompatibilityLevel(answer.compatibilityLevel or answer.compatibility)


@dataclass(frozen=True, slots=True)
class SetCompatibility(Exchange[CompatibilityLevel]):
    """Change the level of a subject, or the global one."""

    level: CompatibilityLevel
    subject: Subject | None = None

    @property
    def request(self) -> Request:
        """What to send."""
        body = msgspec.json.encode({"compatibility": self.level.value})
        return Request("PUT", _config_path(self.subject), (), body)

    def read(self, body: bytes) -> CompatibilityLevel:
        """The level that is set."""
        answer = msgspec.json.decode(body, type=ConfigBody)
        return CompatibilityLevel(answer.compatibility or answer.compatibilityLevel)


@dataclass(frozen=True, slots=True)
class DeleteSubject(Exchange[list[Version]]):
    """Hide a subject, or erase one that is hidden. Once done, a second call finds nothing."""

    subject: Subject
    permanent: bool = False
    repeatable: ClassVar[bool] = False

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("DELETE", f"/subjects/{quoted(self.subject)}", _flag("permanent", on=self.permanent))

    def read(self, body: bytes) -> list[Version]:
        """The versions that went."""
        return [Version(number) for number in msgspec.json.decode(body, type=list[int])]


@dataclass(frozen=True, slots=True)
class DeleteVersion(Exchange[Version]):
    """Hide a version, or erase one that is hidden. Once done, a second call finds nothing."""

    subject: Subject
    version: Version
    permanent: bool = False
    repeatable: ClassVar[bool] = False

    @property
    def request(self) -> Request:
        """What to send."""
        path = f"/subjects/{quoted(self.subject)}/versions/{self.version}"
        return Request("DELETE", path, _flag("permanent", on=self.permanent))

    def read(self, body: bytes) -> Version:
        """The version that went."""
        return Version(msgspec.json.decode(body, type=int))


def quoted(subject: str) -> str:
    """A subject as part of a path: it may hold slashes and colons."""
    return quote(subject, safe="")


def _flag(name: str, *, on: bool) -> tuple[tuple[str, str], ...]:
    return ((name, "true"),) if on else ()


def _config_path(subject: Subject | None) -> str:
    return f"/config/{quoted(subject)}" if subject else "/config"


def _registered(body: bytes) -> RegisteredSchema:
    answer = msgspec.json.decode(body, type=SchemaBody)
    return RegisteredSchema(
        Subject(answer.subject), Version(answer.version), SchemaId(answer.id), answer.to_schema()
    )
