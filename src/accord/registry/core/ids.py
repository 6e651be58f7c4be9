"""Which content has which id, and who uses it."""

from dataclasses import dataclass, field
from typing import Final

from accord.registry.core.errors import IdHeld, IdsExhausted
from accord.schemas import Schema, SchemaGuid, SchemaId, Subject, Version, fingerprint, guid_of

MAX_ID: Final = SchemaId(2**31 - 1)
"""Four bytes travel with every record, and readers in many languages take them for a signed number."""

_NONE_YET: Final = SchemaId(0)


@dataclass(frozen=True, slots=True)
class StoredSchema:
    """A content and its id."""

    id: SchemaId
    schema: Schema
    fingerprint: bytes

    @property
    def guid(self) -> SchemaGuid:
        """The identity that is the same in every registry."""
        return guid_of(self.fingerprint)


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A content as a version of a subject; ``deleted`` is the soft kind."""

    subject: Subject
    version: Version
    content: StoredSchema
    registered_at_ms: int
    deleted: bool = False


@dataclass(slots=True)
class IdSpace:
    """The ids of one context: one content has one id, whatever its subjects. A retired id is never given again."""

    highest: SchemaId = _NONE_YET
    """The highest id ever given. It never falls, or records on a topic could be read with another schema."""
    contents: dict[SchemaId, StoredSchema] = field(default_factory=dict)
    by_fingerprint: dict[bytes, SchemaId] = field(default_factory=dict)
    """The first id of each content; it has more than one only by imports, and where its text has two schema types."""
    uses: dict[SchemaId, dict[Subject, dict[Version, StoredVersion]]] = field(default_factory=dict)

    _further: dict[bytes, list[SchemaId]] = field(default_factory=dict)
    _by_text: dict[int, tuple[SchemaId, ...]] = field(default_factory=dict)

    def next_id(self) -> SchemaId:
        """The id that the next new content gets. Raises IdsExhausted."""
        if self.highest >= MAX_ID:
            raise IdsExhausted
        return SchemaId(self.highest + 1)

    def id_of(self, schema: Schema) -> SchemaId | None:
        """The first id of the content ``schema`` as a schema of its type, None if it has none yet.

        The type is no part of the fingerprint, and there are texts that are schemas of two types.
        """
        identity = fingerprint(schema)
        first = self.by_fingerprint.get(identity)
        if first is None:
            return None
        known = (first, *self._further.get(identity, ()))
        return next((one for one in known if self.contents[one].schema.type is schema.type), None)

    def with_text(self, text: str) -> list[StoredSchema]:
        """The contents with this text, whatever else is said about them."""
        alike = (self.contents[schema_id] for schema_id in self._by_text.get(hash(text), ()))
        return [content for content in alike if content.schema.text == text]

    def claim(
        self, schema_id: SchemaId, schema: Schema, *, subject: Subject, version: Version
    ) -> StoredSchema:
        """The content ``schema`` under ``schema_id``, for a version. Raises IdHeld if another content has that id."""
        held = self.contents.get(schema_id)
        identity = fingerprint(schema)
        # It is given even if nothing comes of it: records on a topic may have it.
        self.highest = max(self.highest, schema_id)
        if held is None:
            held = StoredSchema(schema_id, schema, identity)
            self.contents[schema_id] = held
            if self.by_fingerprint.setdefault(identity, schema_id) != schema_id:
                self._further.setdefault(identity, []).append(schema_id)
            key = hash(schema.text)
            self._by_text[key] = (*self._by_text.get(key, ()), schema_id)
        elif held.fingerprint != identity:
            raise IdHeld(schema_id, subject, version)
        elif held.schema.type is not schema.type:
            # Confluent's registry gives a text one id under all schema types.
            return StoredSchema(schema_id, schema, identity)
        return held

    def use(self, version: StoredVersion) -> None:
        """Remember that ``version`` has its id, in place of what was remembered of it."""
        self.uses.setdefault(version.content.id, {}).setdefault(version.subject, {})[version.version] = (
            version
        )

    def release(self, version: StoredVersion) -> None:
        """Forget ``version``, and retire its id if that was the last use."""
        schema_id = version.content.id
        subjects = self.uses[schema_id]
        del subjects[version.subject][version.version]
        if subjects[version.subject]:
            return
        del subjects[version.subject]
        if subjects:
            return
        del self.uses[schema_id]
        del self.contents[schema_id]
        self._forget_fingerprint(schema_id, version.content.fingerprint)
        key = hash(version.content.schema.text)
        others = tuple(other for other in self._by_text[key] if other != schema_id)
        if others:
            self._by_text[key] = others
        else:
            del self._by_text[key]

    def _forget_fingerprint(self, schema_id: SchemaId, identity: bytes) -> None:
        further = self._further.get(identity, [])
        if schema_id in further:
            further.remove(schema_id)
        elif further:
            self.by_fingerprint[identity] = further.pop(0)
        else:
            del self.by_fingerprint[identity]
        if not further:
            self._further.pop(identity, None)

    def versions_of(self, schema_id: SchemaId) -> list[StoredVersion]:
        """Every version with this id, subject by subject in the order of first use."""
        return [
            version for versions in self.uses.get(schema_id, {}).values() for version in versions.values()
        ]

    def shown(self, schema_id: SchemaId) -> StoredVersion | None:
        """The version that stands for the id where only one is told: the first live one, else the first."""
        first = None
        for versions in self.uses.get(schema_id, {}).values():
            for version in versions.values():
                if not version.deleted:
                    return version
                first = first or version
        return first
