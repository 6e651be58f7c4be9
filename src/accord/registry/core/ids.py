"""Which content has which id, and who uses it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Final, Generic, TypeVar

import msgspec

from accord.registry.core.errors import IdHeld, IdsExhausted
from accord.schemas import Schema, SchemaGuid, SchemaId, Subject, Version, fingerprint, guid_of

MAX_ID: Final = SchemaId(2**31 - 1)
"""Four bytes travel with every record, and readers in many languages take them for a signed number."""

_NONE_YET: Final = SchemaId(0)

K = TypeVar("K", bytes, str)


class StoredSchema(msgspec.Struct, frozen=True):
    """A content and its id."""

    id: SchemaId
    schema: Schema
    fingerprint: bytes

    @property
    def guid(self) -> SchemaGuid:
        """The identity that is the same in every registry."""
        return guid_of(self.fingerprint)


class StoredVersion(msgspec.Struct, frozen=True):
    """A content as a version of a subject; ``deleted`` is the soft kind."""

    subject: Subject
    version: Version
    content: StoredSchema
    registered_at_ms: int
    deleted: bool = False


# There are as many keys as schemas, and nearly every key has one value: a container for each would weigh more than
# all else that is kept beside the texts. So the first value lies by itself, and only what has more has a container.


@dataclass(slots=True)
class _Index(Generic[K]):
    """The ids of a key, in the order in which they were added."""

    _first: dict[K, SchemaId] = field(default_factory=dict)
    _further: dict[K, list[SchemaId]] = field(default_factory=dict)

    def ids(self, key: K) -> Sequence[SchemaId]:
        first = self._first.get(key)
        return () if first is None else (first, *self._further.get(key, ()))

    def add(self, key: K, schema_id: SchemaId) -> None:
        if self._first.setdefault(key, schema_id) != schema_id:
            self._further.setdefault(key, []).append(schema_id)

    def remove(self, key: K, schema_id: SchemaId) -> None:
        left = [known for known in self.ids(key) if known != schema_id]
        self._further.pop(key, None)
        if not left:
            del self._first[key]
            return
        self._first[key], *further = left
        if further:
            self._further[key] = further


@dataclass(slots=True)
class _Uses:
    """The versions that have an id, subject by subject in the order of first use."""

    _only: dict[SchemaId, StoredVersion] = field(default_factory=dict)
    _several: dict[SchemaId, dict[Subject, dict[Version, StoredVersion]]] = field(default_factory=dict)

    def of(self, schema_id: SchemaId) -> Iterable[StoredVersion]:
        only = self._only.get(schema_id)
        if only is not None:
            return (only,)
        return chain.from_iterable(map(dict.values, self._several.get(schema_id, {}).values()))

    def within(self, subject: Subject, schema_id: SchemaId) -> Collection[StoredVersion]:
        only = self._only.get(schema_id)
        if only is not None:
            return (only,) if only.subject == subject else ()
        return self._several.get(schema_id, {}).get(subject, {}).values()

    def put(self, version: StoredVersion) -> None:
        schema_id = version.content.id
        several = self._several.get(schema_id)
        if several is None:
            only = self._only.setdefault(schema_id, version)
            if (only.subject, only.version) == (version.subject, version.version):
                self._only[schema_id] = version
                return
            del self._only[schema_id]
            several = self._several[schema_id] = {only.subject: {only.version: only}}
        several.setdefault(version.subject, {})[version.version] = version

    def remove(self, version: StoredVersion) -> bool:
        """Say whether others have the id."""
        schema_id = version.content.id
        several = self._several.get(schema_id)
        if several is None:
            del self._only[schema_id]
            return False
        versions = several[version.subject]
        del versions[version.version]
        if not versions:
            del several[version.subject]
        if len(several) == 1:
            self._keep_only(schema_id, *several.values())
        return True

    def _keep_only(self, schema_id: SchemaId, versions: Mapping[Version, StoredVersion]) -> None:
        if len(versions) == 1:
            (self._only[schema_id],) = versions.values()
            del self._several[schema_id]


@dataclass(slots=True)
class IdSpace:
    """The ids of one context: one content has one id, whatever its subjects. A retired id is never given again."""

    highest: SchemaId = _NONE_YET
    """The highest id ever given. It never falls, or records on a topic could be read with another schema."""
    contents: dict[SchemaId, StoredSchema] = field(default_factory=dict)

    # A content has more than one id only by imports, and where its text has two schema types.
    _by_fingerprint: _Index[bytes] = field(default_factory=_Index[bytes])
    _by_text: _Index[str] = field(default_factory=_Index[str])
    _uses: _Uses = field(default_factory=_Uses)

    def next_id(self) -> SchemaId:
        """The id that the next new content gets. Raises IdsExhausted."""
        if self.highest >= MAX_ID:
            raise IdsExhausted
        return SchemaId(self.highest + 1)

    def id_of(self, schema: Schema) -> SchemaId | None:
        """The first id of the content ``schema`` as a schema of its type, None if it has none yet.

        The type is no part of the fingerprint, and there are texts that are schemas of two types.
        """
        known = self._by_fingerprint.ids(fingerprint(schema))
        return next((one for one in known if self.contents[one].schema.type is schema.type), None)

    def id_with(self, identity: bytes) -> SchemaId | None:
        """The first id of the content with this fingerprint, None if it has none."""
        return next(iter(self._by_fingerprint.ids(identity)), None)

    def with_text(self, text: str) -> list[StoredSchema]:
        """The contents with this text, whatever else is said about them."""
        return [self.contents[schema_id] for schema_id in self._by_text.ids(text)]

    def claim(
        self, schema_id: SchemaId, schema: Schema, *, subject: Subject, version: Version
    ) -> StoredSchema:
        """The content ``schema`` under ``schema_id``, for a version. Raises IdHeld if another content has that id."""
        held = self.contents.get(schema_id)
        # It is worked out, and not taken from where it is said: who says it may have it from another content.
        identity = fingerprint(schema)
        # It is given even if nothing comes of it: records on a topic may have it.
        self.highest = max(self.highest, schema_id)
        if held is None:
            held = StoredSchema(schema_id, schema, identity)
            self.contents[schema_id] = held
            self._by_fingerprint.add(identity, schema_id)
            self._by_text.add(schema.text, schema_id)
        elif held.fingerprint != identity:
            raise IdHeld(schema_id, subject, version)
        elif held.schema.type is not schema.type:
            # Confluent's registry gives a text one id under all schema types.
            return StoredSchema(schema_id, schema, identity)
        return held

    def use(self, version: StoredVersion) -> None:
        """Remember that ``version`` has its id, in place of what was remembered of it."""
        self._uses.put(version)

    def release(self, version: StoredVersion) -> None:
        """Forget ``version``, and retire its id if that was the last use."""
        schema_id = version.content.id
        if self._uses.remove(version):
            return
        held = self.contents.pop(schema_id)
        self._by_fingerprint.remove(held.fingerprint, schema_id)
        self._by_text.remove(held.schema.text, schema_id)

    def versions_of(self, schema_id: SchemaId) -> list[StoredVersion]:
        """Every version with this id, subject by subject in the order of first use."""
        return list(self._uses.of(schema_id))

    def versions_in(self, subject: Subject, schema_id: SchemaId) -> Collection[StoredVersion]:
        """The versions of ``subject`` with this id."""
        return self._uses.within(subject, schema_id)

    def shown(self, schema_id: SchemaId) -> StoredVersion | None:
        """The version that stands for the id where only one is told: the first live one, else the first."""
        first = None
        for version in self._uses.of(schema_id):
            if not version.deleted:
                return version
            first = first or version
        return first
