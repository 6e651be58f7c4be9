"""``/subjects``: names, the versions under them, registering, looking up, deleting."""

from collections.abc import Sequence
from dataclasses import replace

from accord.registry.core import errors, queries
from accord.registry.core.candidates import draft
from accord.registry.core.commands import DeleteSubject, DeleteVersion, RegisterSchema
from accord.registry.core.contexts import EVERY_CONTEXT
from accord.registry.core.errors import IncompatibleSchema, SchemaRefused
from accord.registry.core.events import (
    Event,
    SchemaRegistered,
    SubjectSoftDeleted,
    VersionPermanentlyDeleted,
    VersionSoftDeleted,
)
from accord.registry.core.ids import StoredSchema, StoredVersion
from accord.registry.core.queries import Show
from accord.registry.core.registration import find_registered, registration_draft
from accord.registry.core.thinking import Answers
from accord.registry.http.bodies import (
    SchemaAnswer,
    SchemaBody,
    SchemaText,
    Shown,
    TagsBody,
    answer,
    schema_answer,
)
from accord.registry.http.exchange import Request, Response
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.operation import NOT_WRITTEN, PAGE, TOO_HARD, Operation, Right
from accord.registry.http.parameters import (
    DELETED,
    DELETED_AS_NEGATIVE,
    DELETED_ONLY,
    FORCE_REGISTRATION,
    FORMAT,
    KEY,
    NORMALIZE,
    PERMANENT,
    SUBJECT_IN_PATH,
    SUBJECT_PREFIX,
    VALUE,
)
from accord.registry.http.recall import Recalled
from accord.registry.http.requests import body_from, body_of, page_of, sent_in, subject_of, version_of
from accord.registry.http.routes.rendering import TEXT, as_asked, formatted
from accord.registry.http.routes.tagging import revision
from accord.registry.node import RegistryNode
from accord.schemas import SchemaId, Subject, fingerprint

_NO_SUBJECT = (errors.SubjectNotFound,)
_NO_VERSION = (errors.SubjectNotFound, errors.VersionNotFound, errors.InvalidVersion)
_NO_SCHEMA = (errors.EmptySchema, errors.SchemaRefused, errors.UnknownSchemaType)
_NO_NEW_VERSION = (
    errors.SchemaRefused,
    errors.IncompatibleSchema,
    errors.InvalidRuleSet,
    errors.ReadOnly,
    errors.ImportNeedsId,
    errors.WrongVersion,
    *TOO_HARD,
    *NOT_WRITTEN,
)
_NOT_REGISTERED = (
    *_NO_SCHEMA,
    errors.InvalidSubject,
    errors.NotInImportMode,
    errors.IdTaken,
    errors.IdsExhausted,
    errors.VersionTaken,
    *_NO_NEW_VERSION,
)


class Subjects:
    """Serves one node's subjects."""

    def __init__(self, node: RegistryNode, metrics: RegistryMetrics) -> None:
        self._node = node
        self._metrics = metrics
        self._recalled = Recalled[Response](node.state)

    def operations(self) -> list[Operation]:
        """What can be done, the most asked for first."""
        subject = "/subjects/{subject}"
        versions = f"{subject}/versions"
        version = f"{versions}/{{version}}"
        listed = (DELETED, DELETED_ONLY, *PAGE)
        return [
            Operation(
                "POST",
                versions,
                self.register,
                SchemaAnswer,
                query=(NORMALIZE, FORCE_REGISTRATION, *TEXT),
                body=SchemaBody,
                errors=_NOT_REGISTERED,
            ),
            Operation(
                "GET",
                versions,
                self.versions,
                list[int],
                query=(DELETED_AS_NEGATIVE, *listed),
                errors=_NO_SUBJECT,
            ),
            Operation(
                "GET",
                version,
                self.version,
                SchemaAnswer,
                query=(DELETED, *TEXT),
                errors=(*_NO_VERSION, *TOO_HARD),
                recalled=True,
            ),
            Operation(
                "DELETE",
                version,
                self.delete_version,
                int,
                query=(PERMANENT,),
                errors=(
                    *_NO_VERSION,
                    errors.VersionAlreadyDeleted,
                    errors.VersionNotSoftDeleted,
                    errors.ReferenceExists,
                    errors.ReadOnly,
                    *NOT_WRITTEN,
                ),
            ),
            Operation(
                "POST",
                subject,
                self.lookup,
                SchemaAnswer,
                query=(NORMALIZE, DELETED, *TEXT),
                body=SchemaBody,
                errors=(*_NO_SUBJECT, errors.SchemaNotFound, *_NO_SCHEMA, *TOO_HARD),
                asks_for=Right.READ,
            ),
            Operation(
                "DELETE",
                subject,
                self.delete,
                list[int],
                query=(PERMANENT,),
                errors=(
                    *_NO_SUBJECT,
                    errors.SubjectAlreadyDeleted,
                    errors.SubjectNotSoftDeleted,
                    errors.ReferenceExists,
                    errors.ReadOnly,
                    *NOT_WRITTEN,
                ),
            ),
            Operation("GET", "/subjects", self.names, list[str], query=(SUBJECT_PREFIX, *listed)),
            Operation(
                "GET",
                f"{version}/schema",
                self.text,
                SchemaText,
                query=(DELETED, FORMAT),
                errors=(*_NO_VERSION, *TOO_HARD),
                recalled=True,
            ),
            Operation(
                "GET",
                f"{version}/referencedby",
                self.referenced_by,
                list[int],
                query=(DELETED, *PAGE),
                errors=_NO_VERSION,
            ),
            Operation(
                "POST",
                f"{version}/tags",
                self.revise,
                SchemaAnswer,
                query=TEXT,
                body=TagsBody,
                errors=(*_NO_VERSION, *_NO_NEW_VERSION),
            ),
            Operation(
                "GET",
                f"{subject}/metadata",
                self.with_metadata,
                SchemaAnswer,
                query=(KEY, VALUE, DELETED, *TEXT),
                errors=(*_NO_SUBJECT, errors.SchemaNotFound, *TOO_HARD),
            ),
        ]

    async def names(self, request: Request) -> Response:
        """List the subjects."""
        prefix = SUBJECT_PREFIX.of(request)
        if not SUBJECT_PREFIX.given(request):
            prefix = EVERY_CONTEXT
        found = queries.subjects(self._node.state, prefix=prefix, show=_show(request))
        return answer(page_of(request, found))

    async def versions(self, request: Request) -> Response:
        """List the version numbers of a subject."""
        as_negative = DELETED_AS_NEGATIVE.of(request)
        show = Show.ALL if as_negative else _show(request)
        found = queries.versions(self._node.state, self._subject(request), show=show)
        return answer(
            [
                -stored.version if as_negative and stored.deleted else stored.version
                for stored in page_of(request, found)
            ]
        )

    async def version(self, request: Request) -> Response:
        """Read one version of a subject."""
        stored = self._version(request)
        return answer(schema_answer(stored, await as_asked(self._node, request, stored, Shown())))

    async def text(self, request: Request) -> Response:
        """Read the bare text of one version.

        It goes out as it is, under the media type that every answer has. A Protobuf text is no JSON all the same, nor is
        its descriptor, base64 without quotes, which ``format=serialized`` asks for.
        """
        stored = self._version(request)
        text = await formatted(self._node, request, stored) or stored.content.schema.text
        return Response(text.encode())

    async def referenced_by(self, request: Request) -> Response:
        """List the ids of the schemas that refer to one version."""
        subject, version = self._subject(request), version_of(request)
        found = queries.referenced_by(self._node.state, subject, version, deleted=DELETED.of(request))
        return answer(page_of(request, found))

    async def with_metadata(self, request: Request) -> Response:
        """Find the newest version whose metadata has the given properties."""
        # A key without a value counts as little as a value without a key.
        wanted = dict(zip(KEY.of(request), VALUE.of(request), strict=False))
        stored = queries.with_properties(
            self._node.state, self._subject(request), wanted, deleted=DELETED.of(request)
        )
        return answer(schema_answer(stored, await as_asked(self._node, request, stored, Shown())))

    async def register(self, request: Request) -> Response:
        """Register a schema under a subject, or find that it is registered."""
        sent = await sent_in(request)
        question = SUBJECT_IN_PATH.of(request), request.query, sent
        recalled = self._recalled.recall(question)
        if recalled is not None:
            request.only_reads = True
            return recalled
        body = await body_from(sent, SchemaBody)
        command = RegisterSchema(
            self._subject(request),
            body.to_schema(),
            normalize=NORMALIZE.of(request),
            force=FORCE_REGISTRATION.of(request),
            schema_id=None if body.id is None or body.id < 0 else SchemaId(body.id),
            version=body.version,
            tags=body.tags,
        )
        found_in = self._node.state.revision
        answers = Answers()
        found = await self._find(command, answers)
        if found is None:
            return await self._register(request, command, answers)
        request.only_reads = True
        told = await self._registered(request, found, Shown())
        self._recalled.keep(question, told, found_in=found_in, weight_bytes=len(sent) + len(told.body))
        return told

    async def revise(self, request: Request) -> Response:
        """Make a new version with other tags, metadata or rules."""
        body = await body_of(request, TagsBody)
        stored = queries.version(self._node.state, self._subject(request), version_of(request))
        return await self._register(request, revision(stored, body), Answers())

    async def lookup(self, request: Request) -> Response:
        """Find the version of a subject that holds a schema."""
        schema = (await body_of(request, SchemaBody)).to_schema()
        subject, deleted = self._subject(request), DELETED.of(request)
        given = draft(
            self._node.state,
            subject,
            schema,
            normalize=NORMALIZE.of(request),
            deleted=deleted,
            strict=False,
        )
        request.only_reads = True
        candidate = await self._node.think(given)
        found = queries.lookup(self._node.state, subject, candidate, deleted=deleted)
        return answer(schema_answer(found, await as_asked(self._node, request, found, Shown(dated=False))))

    async def delete(self, request: Request) -> Response:
        """Delete a subject; answers the versions that went."""
        command = DeleteSubject(self._subject(request), permanent=PERMANENT.of(request))
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
        events = await self._node.execute(
            DeleteVersion(self._subject(request), version_of(request), permanent=PERMANENT.of(request))
        )
        deleted = (VersionSoftDeleted, VersionPermanentlyDeleted)
        return answer(next(event.version for event in events if isinstance(event, deleted)))

    def _subject(self, request: Request) -> Subject:
        return subject_of(request, self._node.state)

    def _version(self, request: Request) -> StoredVersion:
        return queries.version_anywhere(
            self._node.state, self._subject(request), version_of(request), deleted=DELETED.of(request)
        )

    async def _register(self, request: Request, command: RegisterSchema, answers: Answers) -> Response:
        while True:
            for event in await self._execute(command, answers):
                if isinstance(event, SchemaRegistered):
                    self._metrics.registered()
                    return await self._registered(request, _stored(event), Shown(dated=False))
            found = await self._find(command, answers)
            if found is not None:
                return await self._registered(request, found, Shown())

    async def _find(self, command: RegisterSchema, answers: Answers) -> StoredVersion | None:
        """Where the schema is already; what was once imported need not be what a new schema must be."""
        given = registration_draft(self._node.state, command)
        try:
            candidate = await self._node.think(given, answers)
        except SchemaRefused:
            candidate = await self._node.think(replace(given, strict=False), answers)
            found = find_registered(self._node.state, command, candidate)
            if found is None:
                raise
            return found
        return find_registered(self._node.state, command, candidate)

    async def _registered(self, request: Request, stored: StoredVersion, shown: Shown) -> Response:
        told = schema_answer(stored, await as_asked(self._node, request, stored, shown))
        told.subject = None
        return answer(told)

    async def _execute(self, command: RegisterSchema, answers: Answers) -> Sequence[Event]:
        try:
            return await self._node.execute(command, answers)
        except IncompatibleSchema as error:
            self._metrics.rejected(error)
            raise


def _stored(event: SchemaRegistered) -> StoredVersion:
    """What ``event`` has made, when that is not asked for."""
    content = StoredSchema(event.schema_id, event.schema, fingerprint(event.schema))
    return StoredVersion(event.subject, event.version, content, registered_at_ms=0)


def _show(request: Request) -> Show:
    if DELETED_ONLY.of(request):
        return Show.DELETED
    return Show.ALL if DELETED.of(request) else Show.LIVE
