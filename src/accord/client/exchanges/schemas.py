"""Schemas by what identifies them, wherever they are."""

from dataclasses import dataclass

import msgspec

from accord.client.answers import RegisteredSchema, SubjectVersion
from accord.client.bodies import PlacedSchemaBody, SchemaBody, SubjectVersionBody
from accord.client.exchanges.exchange import Exchange, query, quoted
from accord.client.http import Request
from accord.schemas import Schema, SchemaGuid, SchemaId, Subject, Version


@dataclass(frozen=True, slots=True)
class GetSchemaById(Exchange[Schema]):
    """The schema that an id stands for; ``subject`` names the context of the id, as ``:.context:`` or with a name."""

    schema_id: SchemaId
    subject: str | None = None

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", f"/schemas/ids/{self.schema_id}", query(subject=self.subject))

    def read(self, body: bytes) -> Schema:
        """The schema."""
        return msgspec.json.decode(body, type=SchemaBody).to_schema()


@dataclass(frozen=True, slots=True)
class GetSchemaByGuid(Exchange[Schema]):
    """The schema that a GUID stands for, in any registry."""

    guid: SchemaGuid

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", f"/schemas/guids/{quoted(self.guid, what='GUID')}")

    def read(self, body: bytes) -> Schema:
        """The schema."""
        return msgspec.json.decode(body, type=SchemaBody).to_schema()


@dataclass(frozen=True, slots=True)
class ListPlaces(Exchange[list[SubjectVersion]]):
    """The subjects and versions where the schema of an id is."""

    schema_id: SchemaId
    subject: str | None = None
    deleted: bool = False

    @property
    def request(self) -> Request:
        """What to send."""
        path = f"/schemas/ids/{self.schema_id}/versions"
        return Request("GET", path, query(subject=self.subject, deleted=self.deleted))

    def read(self, body: bytes) -> list[SubjectVersion]:
        """The places."""
        places = msgspec.json.decode(body, type=list[SubjectVersionBody])
        return [SubjectVersion(Subject(place.subject), Version(place.version)) for place in places]


@dataclass(frozen=True, slots=True)
class ListSchemas(Exchange[list[RegisteredSchema]]):
    """A page of all schemas of all subjects whose names begin with a prefix."""

    subject_prefix: str | None = None
    deleted: bool = False
    latest_only: bool = False
    offset: int = 0
    limit: int | None = None

    @property
    def request(self) -> Request:
        """What to send."""
        wanted = query(
            subjectPrefix=self.subject_prefix,
            deleted=self.deleted,
            latestOnly=self.latest_only,
            offset=self.offset or None,
            limit=self.limit,
        )
        return Request("GET", "/schemas", wanted)

    def read(self, body: bytes) -> list[RegisteredSchema]:
        """The schemas in their places."""
        return [item.to_registered() for item in msgspec.json.decode(body, type=list[PlacedSchemaBody])]
