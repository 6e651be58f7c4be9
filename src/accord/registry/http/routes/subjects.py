"""``/subjects``: names, the versions under them, registering, looking up, deleting."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accord.registry.core import queries
from accord.registry.core.candidates import draft
from accord.registry.core.commands import DeleteSubject, DeleteVersion, RegisterSchema
from accord.registry.core.errors import IncompatibleSchema, NotServedYet
from accord.registry.core.events import (
    Event,
    SchemaRegistered,
    SubjectSoftDeleted,
    VersionPermanentlyDeleted,
    VersionSoftDeleted,
)
from accord.registry.core.queries import Show
from accord.registry.core.registration import find_registered
from accord.registry.http.bodies import SCHEMA_BODY, SchemaAnswer, SchemaBody, answer, schema_answer
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.requests import body_of, flag, page_of, subject_of, version_of, word
from accord.registry.http.resource import resource
from accord.registry.node import RegistryNode
from accord.schemas import Schema, SchemaId, Version, fingerprint, guid_of


class Subjects:
    """Serves one node's subjects."""

    def __init__(self, node: RegistryNode, metrics: RegistryMetrics) -> None:
        self._node = node
        self._metrics = metrics

    def routes(self) -> list[Route]:
        """The paths, the most asked for first."""
        versions = "/subjects/{subject:segment}/versions"
        return [
            resource(versions, GET=self.versions, POST=self.register),
            resource(f"{versions}/{{version:segment}}", GET=self.version, DELETE=self.delete_version),
            resource("/subjects/{subject:segment}", POST=self.lookup, DELETE=self.delete),
            resource("/subjects", GET=self.names),
            resource(f"{versions}/{{version:segment}}/schema", GET=self.text),
            resource(f"{versions}/{{version:segment}}/referencedby", GET=self.referenced_by),
        ]

    async def names(self, request: Request) -> Response:
        """List the subjects."""
        prefix = word(request, "subjectPrefix")
        found = queries.subjects(self._node.state, prefix=prefix, show=_show(request))
        return answer(page_of(request, found))

    async def versions(self, request: Request) -> Response:
        """List the version numbers of a subject; soft-deleted ones as negative numbers where that is asked for."""
        as_negative = flag(request, "deletedAsNegative")
        show = Show.ALL if as_negative else _show(request)
        found = queries.versions(self._node.state, subject_of(request), show=show)
        return answer(
            [
                -stored.version if as_negative and stored.deleted else stored.version
                for stored in page_of(request, found)
            ]
        )

    async def version(self, request: Request) -> Response:
        """One version."""
        deleted = flag(request, "deleted")
        return schema_answer(
            queries.version(self._node.state, subject_of(request), version_of(request), deleted=deleted)
        )

    async def text(self, request: Request) -> Response:
        """The text of one version, bare."""
        deleted = flag(request, "deleted")
        found = queries.version(self._node.state, subject_of(request), version_of(request), deleted=deleted)
        return Response(found.content.schema.text)

    async def referenced_by(self, request: Request) -> Response:
        """The ids of the schemas that refer to one version."""
        subject, version = subject_of(request), version_of(request)
        deleted = flag(request, "deleted")
        found = queries.referenced_by(self._node.state, subject, version, deleted=deleted)
        return answer(page_of(request, found))

    async def register(self, request: Request) -> Response:
        """Register a schema, or find that it is registered."""
        command = _registration(request, await body_of(request, SCHEMA_BODY))
        while True:
            # What is there already needs no writer; producers ask for it whenever they start.
            given = draft(self._node.state, command.subject, command.schema, normalize=command.normalize)
            candidate = await self._node.think(given.candidate)
            found = find_registered(self._node.state, command, candidate)
            if found is not None:
                return _registered(found.version, found.content.id, found.content.schema)
            for event in await self._execute(command):
                if isinstance(event, SchemaRegistered):
                    self._metrics.registered()
                    return _registered(event.version, event.schema_id, event.schema)

    async def lookup(self, request: Request) -> Response:
        """The version of a subject that holds a schema."""
        schema = (await body_of(request, SCHEMA_BODY)).to_schema()
        subject, normalize, deleted = (
            subject_of(request),
            flag(request, "normalize"),
            flag(request, "deleted"),
        )
        given = draft(self._node.state, subject, schema, normalize=normalize, deleted=deleted)
        candidate = await self._node.think(given.candidate)
        found = queries.lookup(self._node.state, subject, candidate, deleted=deleted)
        return schema_answer(found, dated=False)

    async def delete(self, request: Request) -> Response:
        """Delete a subject; answers the versions that went."""
        command = DeleteSubject(subject_of(request), permanent=flag(request, "permanent"))
        numbers: list[int] = []
        for event in await self._node.execute(command):
            match event:
                case SubjectSoftDeleted():
                    numbers.extend(event.hidden)
                case VersionPermanentlyDeleted():
                    numbers.append(event.version)
                case _:
                    pass
        return answer(sorted(numbers))

    async def delete_version(self, request: Request) -> Response:
        """Delete a version; answers its number."""
        permanent = flag(request, "permanent")
        events = await self._node.execute(
            DeleteVersion(subject_of(request), version_of(request), permanent=permanent)
        )
        deleted = (VersionSoftDeleted, VersionPermanentlyDeleted)
        return answer(next(event.version for event in events if isinstance(event, deleted)))

    async def _execute(self, command: RegisterSchema) -> Sequence[Event]:
        try:
            return await self._node.execute(command)
        except IncompatibleSchema as error:
            self._metrics.rejected(error)
            raise


def _show(request: Request) -> Show:
    if flag(request, "deletedOnly"):
        return Show.DELETED
    return Show.ALL if flag(request, "deleted") else Show.LIVE


def _registration(request: Request, body: SchemaBody) -> RegisterSchema:
    if body.version:
        raise NotServedYet("A version number chosen by the registrant is")
    return RegisterSchema(
        subject_of(request),
        body.to_schema(),
        normalize=flag(request, "normalize"),
        force=flag(request, "force"),
        schema_id=None if body.id is None or body.id < 0 else SchemaId(body.id),
    )


def _registered(version: Version, schema_id: SchemaId, schema: Schema) -> Response:
    return answer(
        SchemaAnswer(
            id=schema_id,
            version=version,
            guid=guid_of(fingerprint(schema)),
            schema_type=schema.type,
            references=schema.references,
            schema=schema.text,
        )
    )
