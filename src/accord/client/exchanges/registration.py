"""To bring a schema in: registration, look-up, and the check before."""

from dataclasses import dataclass
from typing import Literal

import msgspec

from accord.client.answers import RegisteredSchema, Registration, Verdict
from accord.client.bodies import (
    CompatibilityBody,
    PlacedSchemaBody,
    RegisteredBody,
    deployment_of,
    findings_of,
    schema_request,
)
from accord.client.exchanges.exchange import Exchange, query, quoted
from accord.client.http import Request
from accord.schemas import Schema, Subject, Version

ANOTHER_VERSION = -1
"""Registered with this number, a schema becomes a new version each time, even if the subject has it already."""


@dataclass(frozen=True, slots=True)
class RegisterSchema(Exchange[Registration]):
    """Make the schema the subject's next version, unless it has it already.

    ``schema_id`` is only for subjects in the mode IMPORT, ``version`` for them too or to insist on the next number.
    With ``force`` nobody looks whether it is compatible.
    """

    subject: Subject
    schema: Schema
    normalize: bool = False
    schema_id: int | None = None
    version: int | None = None
    force: bool = False

    @property
    def repeatable(self) -> bool:
        """Whether a second registration answers what the first did."""
        return self.version != ANOTHER_VERSION

    @property
    def request(self) -> Request:
        """What to send."""
        path = f"/subjects/{quoted(self.subject, what='subject')}/versions"
        body = schema_request(self.schema, schema_id=self.schema_id, version=self.version)
        return Request("POST", path, query(normalize=self.normalize, force=self.force), body)

    def read(self, body: bytes) -> Registration:
        """The id, and the rest if it is told."""
        return msgspec.json.decode(body, type=RegisteredBody).to_registration()


@dataclass(frozen=True, slots=True)
class LookUpSchema(Exchange[RegisteredSchema]):
    """Find the schema among the subject's versions."""

    subject: Subject
    schema: Schema
    normalize: bool = False

    @property
    def request(self) -> Request:
        """What to send."""
        path = f"/subjects/{quoted(self.subject, what='subject')}"
        return Request("POST", path, query(normalize=self.normalize), schema_request(self.schema))

    def read(self, body: bytes) -> RegisteredSchema:
        """Where it is."""
        return msgspec.json.decode(body, type=PlacedSchemaBody).to_registered()


@dataclass(frozen=True, slots=True)
class CheckCompatibility(Exchange[Verdict]):
    """Whether a schema may become the next version; without ``version``, against all that the level asks for."""

    subject: Subject
    schema: Schema
    version: Version | Literal["latest"] | None = None

    @property
    def request(self) -> Request:
        """What to send."""
        path = f"/compatibility/subjects/{quoted(self.subject, what='subject')}/versions"
        if self.version is not None:
            path += f"/{self.version}"
        return Request("POST", path, query(verbose=True), schema_request(self.schema))

    def read(self, body: bytes) -> Verdict:
        """The verdict."""
        answer = msgspec.json.decode(body, type=CompatibilityBody)
        return Verdict(
            answer.is_compatible,
            findings_of(answer.findings),
            tuple(answer.messages),
            deployment_of(answer.deployment),
        )
