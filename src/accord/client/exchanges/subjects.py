"""Subjects and their versions."""

from dataclasses import dataclass
from typing import Final, Literal

import msgspec

from accord.client.answers import RegisteredSchema
from accord.client.bodies import PlacedSchemaBody
from accord.client.exchanges.exchange import Exchange, query, quoted
from accord.client.http import Request
from accord.schemas import SchemaId, Subject, Version

LATEST: Final = "latest"


@dataclass(frozen=True, slots=True)
class GetVersion(Exchange[RegisteredSchema]):
    """One version of a subject, or the latest; a hidden one only if ``deleted``."""

    subject: Subject
    version: Version | Literal["latest"] = LATEST
    deleted: bool = False

    @property
    def request(self) -> Request:
        """What to send."""
        path = f"/subjects/{quoted(self.subject, what='subject')}/versions/{self.version}"
        return Request("GET", path, query(deleted=self.deleted))

    def read(self, body: bytes) -> RegisteredSchema:
        """The version."""
        return msgspec.json.decode(body, type=PlacedSchemaBody).to_registered()


@dataclass(frozen=True, slots=True)
class ListReferrers(Exchange[list[SchemaId]]):
    """The ids of the schemas that refer to a version."""

    subject: Subject
    version: Version | Literal["latest"]

    @property
    def request(self) -> Request:
        """What to send."""
        return Request(
            "GET", f"/subjects/{quoted(self.subject, what='subject')}/versions/{self.version}/referencedby"
        )

    def read(self, body: bytes) -> list[SchemaId]:
        """The ids."""
        return [SchemaId(number) for number in msgspec.json.decode(body, type=list[int])]


@dataclass(frozen=True, slots=True)
class ListVersions(Exchange[list[Version]]):
    """The numbers of a subject's versions: the hidden ones too if ``deleted``, or they alone."""

    subject: Subject
    deleted: bool = False
    deleted_only: bool = False

    @property
    def request(self) -> Request:
        """What to send."""
        wanted = query(deleted=self.deleted, deletedOnly=self.deleted_only)
        return Request("GET", f"/subjects/{quoted(self.subject, what='subject')}/versions", wanted)

    def read(self, body: bytes) -> list[Version]:
        """The numbers."""
        return [Version(number) for number in msgspec.json.decode(body, type=list[int])]


@dataclass(frozen=True, slots=True)
class ListSubjects(Exchange[list[Subject]]):
    """The names of subjects: the hidden ones too if ``deleted``, or they alone."""

    subject_prefix: str | None = None
    deleted: bool = False
    deleted_only: bool = False

    @property
    def request(self) -> Request:
        """What to send."""
        wanted = query(subjectPrefix=self.subject_prefix, deleted=self.deleted, deletedOnly=self.deleted_only)
        return Request("GET", "/subjects", wanted)

    def read(self, body: bytes) -> list[Subject]:
        """The names."""
        return [Subject(name) for name in msgspec.json.decode(body, type=list[str])]


@dataclass(frozen=True, slots=True)
class DeleteSubject(Exchange[list[Version]]):
    """Hide a subject, or erase one that is hidden."""

    subject: Subject
    permanent: bool = False

    @property
    def repeatable(self) -> bool:
        """No: a second call finds nothing."""
        return False

    @property
    def request(self) -> Request:
        """What to send."""
        return Request(
            "DELETE", f"/subjects/{quoted(self.subject, what='subject')}", query(permanent=self.permanent)
        )

    def read(self, body: bytes) -> list[Version]:
        """The versions that went."""
        return [Version(number) for number in msgspec.json.decode(body, type=list[int])]


@dataclass(frozen=True, slots=True)
class DeleteVersion(Exchange[Version]):
    """Hide a version, or erase one that is hidden."""

    subject: Subject
    version: Version
    permanent: bool = False

    @property
    def repeatable(self) -> bool:
        """No: a second call finds nothing."""
        return False

    @property
    def request(self) -> Request:
        """What to send."""
        path = f"/subjects/{quoted(self.subject, what='subject')}/versions/{self.version}"
        return Request("DELETE", path, query(permanent=self.permanent))

    def read(self, body: bytes) -> Version:
        """The version that went."""
        return Version(msgspec.json.decode(body, type=int))
