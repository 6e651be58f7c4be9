"""Asking a registry for everything that it tells of itself."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, NamedTuple, TypeVar

from accord.client import Registry
from accord.client.exchanges import Exchange, ListContexts, ListSubjects, ListVersions
from accord.registry.core.config import Config
from accord.registry.core.contexts import (
    DEFAULT_CONTEXT,
    EVERY_CONTEXT,
    GLOBAL_CONTEXT,
    Context,
    Scope,
    context_of,
    normalized,
    qualified,
)
from accord.registry.core.ids import StoredSchema, StoredVersion
from accord.registry.core.modes import Mode
from accord.schemas import SchemaId, Subject, Version, fingerprint
from accord.transfer.counting import Counted
from accord.transfer.errors import UnknownShape
from accord.transfer.ports import Watcher
from accord.transfer.rest.composition import Told
from accord.transfer.rest.exchanges import (
    Perhaps,
    TellAliases,
    TellConfig,
    TellHighestId,
    TellMode,
    TellVersion,
    ToldVersion,
)
from accord.transfer.words import in_order, version_words

ASKERS: Final = 8
"""So many questions are asked at the same time."""

A = TypeVar("A")
Q = TypeVar("Q")


class Place(NamedTuple):
    """A version as it is listed."""

    subject: Subject
    version: Version
    deleted: bool


def interview(registry: Registry, watcher: Watcher, *, at_ms: int, scopes: Iterable[Scope] = ()) -> Told:
    """All that ``registry`` tells; what it has and cannot be read here is told to ``watcher``. Raises RegistryError.

    ``at_ms`` is the time of versions of which the registry tells none. ``scopes`` are asked about beside those that it
    lists.
    """
    askers = ThreadPoolExecutor(ASKERS, thread_name_prefix="accord-transfer")
    try:
        return _Interview(registry, watcher, askers, at_ms).told(scopes)
    finally:
        # Whoever interrupts does not wait for thousands of questions.
        askers.shutdown(cancel_futures=True)


class _Interview:
    def __init__(self, registry: Registry, watcher: Watcher, askers: ThreadPoolExecutor, at_ms: int) -> None:
        self._registry = registry
        self._watcher = watcher
        self._askers = askers
        self._at_ms = at_ms

    def told(self, scopes: Iterable[Scope]) -> Told:
        contexts, subjects = self._contexts(), self._subjects()
        versions = list(self._versions(subjects))
        configs, modes = self._settings(in_order({*scopes, *self._scopes(contexts, subjects)}))
        highest_ids = {context: self._highest_id(context, versions) for context in contexts}
        return Told(versions, configs, modes, highest_ids)

    def _contexts(self) -> list[Context]:
        told = self._ask(ListContexts()) or []
        return sorted({DEFAULT_CONTEXT, *map(Context, told)})

    def _subjects(self) -> list[Subject]:
        # A registry without contexts takes the prefix that means all of them for the beginning of a name.
        everywhere = self._ask(ListSubjects(EVERY_CONTEXT, deleted=True)) or []
        here = self._registry.ask(ListSubjects(deleted=True))
        return sorted({normalized(subject) for subject in (*everywhere, *here)})

    def _versions(self, subjects: Sequence[Subject]) -> Iterator[StoredVersion]:
        listed = self._each("versions", self._places, subjects)
        places = [place for some in listed if some is not None for place in some]
        told = self._each("schemas", self._version, places)
        for place, version in zip(places, told, strict=True):
            if version is not None and self._is_its_own(place, version):
                yield self._stored(place, version)

    def _places(self, subject: Subject) -> list[Place]:
        every = self._ask(ListVersions(subject, deleted=True))
        if not every:
            raise UnknownShape(f"'{subject}' is listed, and the registry tells none of its versions")
        live: list[Version] = self._ask(ListVersions(subject)) or []
        return [Place(subject, version, version not in live) for version in every]

    def _version(self, place: Place) -> ToldVersion:
        told = self._ask(TellVersion(place.subject, place.version))
        if told is None:
            raise UnknownShape(
                f"{version_words(place.subject, place.version)} is listed, and the registry does not give it"
            )
        return told

    def _is_its_own(self, place: Place, told: ToldVersion) -> bool:
        if normalized(told.subject) == place.subject:
            return True
        self._watcher.left_out(
            f"{version_words(place.subject, place.version)}: this name stands for '{told.subject}' now"
        )
        return False

    def _stored(self, place: Place, told: ToldVersion) -> StoredVersion:
        schema = told.to_schema()
        content = StoredSchema(SchemaId(told.id), schema, fingerprint(schema))
        if told.guid is not None and told.guid != content.guid:
            self._watcher.warn(
                f"{version_words(place.subject, place.version)} has the GUID {told.guid}, which is not that of its content"
            )
        at_ms = self._at_ms if told.ts is None else told.ts
        return StoredVersion(place.subject, place.version, content, at_ms, place.deleted)

    def _scopes(self, contexts: Iterable[Context], subjects: Iterable[Subject]) -> Iterator[Scope]:
        """All that a configuration or a mode may be set for, as far as it can be known."""
        yield None
        yield qualified(GLOBAL_CONTEXT, "")
        yield from (qualified(context, "") for context in contexts if context != DEFAULT_CONTEXT)
        yield from subjects
        yield from map(normalized, self._ask(TellAliases()) or ())

    def _settings(self, scopes: Sequence[Scope]) -> tuple[dict[Scope, Config], dict[Scope, Mode]]:
        configs = self._each("configurations", lambda scope: self._ask(TellConfig(scope)), scopes)
        modes = self._each("modes", lambda scope: self._ask(TellMode(scope)), scopes)
        return _there(scopes, configs), _there(scopes, modes)

    def _highest_id(self, context: Context, versions: Iterable[StoredVersion]) -> SchemaId:
        known = next((one.content.id for one in versions if context_of(one.subject) == context), None)
        if known is None:
            return SchemaId(0)
        return SchemaId(self._ask(TellHighestId(qualified(context, ""), known)) or 0)

    def _each(self, what: str, ask: Callable[[Q], A], questions: Sequence[Q]) -> list[A | None]:
        """The answers to all, None where one cannot be read."""
        self._watcher.doing(f"asking {self._registry.url} for its {what}", total=len(questions))

        def answer(question: Q) -> A | UnknownShape:
            try:
                return ask(question)
            except UnknownShape as error:
                return error

        answers = []
        for found in Counted(self._askers.map(answer, questions), self._watcher):
            if isinstance(found, UnknownShape):
                self._watcher.left_out(found.message)
            answers.append(None if isinstance(found, UnknownShape) else found)
        return answers

    def _ask(self, exchange: Exchange[A]) -> A | None:
        return self._registry.ask(Perhaps(exchange))


def _there(scopes: Sequence[Scope], found: Sequence[A | None]) -> dict[Scope, A]:
    return {scope: value for scope, value in zip(scopes, found, strict=True) if value is not None}
