"""Contracts and schema files put together: which schema belongs to which subject, and what refers to what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Final, cast
from urllib.parse import unquote

from accord.contracts.loading import rules
from accord.contracts.loading.envelope import Envelope, NamedSchema
from accord.contracts.loading.files import Files, format_of, stem_of
from accord.contracts.loading.library import Library
from accord.contracts.loading.names import event_name, subject_of, subject_of_file
from accord.contracts.loading.pulled import INDEX, read_index
from accord.contracts.loading.validation import near
from accord.contracts.model import (
    DataContract,
    Event,
    FileReference,
    Key,
    KeyType,
    ProjectSettings,
    SchemaFile,
)
from accord.findings import Finding, Location
from accord.schemas import CompatibilityLevel, SchemaType, Subject

_IS_JSON_SCHEMA: Final = re.compile(
    r'"\$schema"\s*:\s*"https?://json-schema\.org/|"(?:properties|\$ref|\$defs|definitions|oneOf|anyOf|allOf)"\s*:'
    r'|"type"\s*:\s*(?:\[|"(?:object|array|string|number|integer|boolean|null)")'
)
_OTHER_SCHEMA: Final = re.compile(r'"\$schema"\s*:\s*"(?!https?://json-schema\.org/)')
_KEY_TYPES: Final = {SchemaType.AVRO: "avro", SchemaType.JSON: "json", SchemaType.PROTOBUF: "protobuf"}


@dataclass(frozen=True, slots=True)
class _Draft:
    """A contract whose schema files are found, and have no subjects yet."""

    envelope: Envelope
    events: Sequence[tuple[NamedSchema, str]]
    key: str | None


class Assembly:
    """The schema files and contracts of a project; ``findings`` tell what does not fit together."""

    def __init__(self, files: Files, settings: ProjectSettings, envelopes: Sequence[Envelope]) -> None:
        self._files = files
        self._settings = settings
        self._findings: list[Finding] = []
        self._drafts = [self._draft(envelope) for envelope in envelopes]
        named = {path for draft in self._drafts for _, path in draft.events}
        named |= {draft.key for draft in self._drafts if draft.key is not None}
        self._bare = [path for path in files.schemas if path not in named and self._is_schema(path)]
        self._library = Library(files, settings, [*named, *self._bare])
        self._paths: dict[Subject, str] = {}
        self._subjects: dict[str, Subject] = {}
        self._events = [self._subjects_of(draft) for draft in self._drafts]
        self._add_bare()
        self._add_pulled()
        self._schemas = {
            subject: self._schema_file(subject, path) for subject, path in sorted(self._paths.items())
        }
        self._contracts = tuple(
            self._contract(draft, events) for draft, events in zip(self._drafts, self._events, strict=True)
        )

    @property
    def findings(self) -> list[Finding]:
        """Everything that does not fit together."""
        told = [finding for draft in self._drafts for finding in draft.envelope.findings]
        return [*self._findings, *self._library.findings, *told]

    def schemas(self) -> dict[Subject, SchemaFile]:
        """The project's schemas by subject, in order of it."""
        return self._schemas

    def contracts(self) -> tuple[DataContract, ...]:
        """The contracts, in order of their files."""
        return self._contracts

    def _draft(self, envelope: Envelope) -> _Draft:
        events = []
        for named in envelope.named_schemas():
            path = self._find(envelope, named.url, named.pointer)
            if path is not None:
                events.append((named, path))
        envelope.check_examples(envelope.event_names)
        url, pointer = envelope.key_schema
        return _Draft(envelope, events, self._find(envelope, url, pointer) if url else None)

    def _find(self, envelope: Envelope, url: str, pointer: str) -> str | None:
        """The file that a contract names: relative to its own folder, or to the root of the project."""
        document = envelope.document
        # A file may be called just so, although a URL would spell its name otherwise.
        folder = dirname(document.source.path)
        places = [normpath(join(base, name)) for name in (url, unquote(url)) for base in (folder, "")]
        at = document.locate(pointer)
        if format_of(url) is None:
            self._findings.append(rules.FORMAT_UNKNOWN.finding(at, {"file": url}, contract=envelope.id))
            return None
        found = next((place for place in places if place in self._files.known), None)
        if found is None:
            known = {path.rpartition("/")[2] for path in self._files.known if format_of(path)}
            facts = {"file": url, "near": near(url.rpartition("/")[2], known)}
            self._findings.append(rules.SCHEMA_MISSING.finding(at, facts, contract=envelope.id))
        return found

    def _is_schema(self, path: str) -> bool:
        """Whether a file that no contract names is a schema: much else is kept in JSON files."""
        if not path.endswith(".json") or path.endswith(".schema.json") or path in self._settings.subjects:
            return True
        if path.rpartition("/")[2].startswith("."):
            return False
        source = self._files.source(path)
        return (
            source is not None
            and _OTHER_SCHEMA.search(source.text) is None
            and _IS_JSON_SCHEMA.search(source.text) is not None
        )

    def _subjects_of(self, draft: _Draft) -> list[tuple[NamedSchema, Subject]]:
        """The subject of each event whose schema is valid and whose subject is free."""
        envelope, found = draft.envelope, []
        naming = envelope.naming(len(draft.events))
        for named, path in draft.events:
            at = envelope.document.locate(named.pointer)
            parsed = self._library.parse(path)
            name = None if parsed is None or naming == "TopicNameStrategy" else event_name(parsed)
            subject = None if parsed is None else subject_of(envelope.topic, naming, name)
            if parsed is not None and subject is None:
                self._findings.append(rules.NO_RECORD_NAME.finding(at, {"file": path}, contract=envelope.id))
            elif subject is not None and self._take(subject, path, at, envelope.id):
                found.append((named, subject))
        if draft.key is not None and self._library.parse(draft.key) is not None:
            at = envelope.document.locate(envelope.key_schema[1])
            self._take(Subject(f"{envelope.topic}-key"), draft.key, at, envelope.id)
        return found

    def _take(self, subject: Subject, path: str, at: Location, contract: str) -> bool:
        other = self._paths.setdefault(subject, path)
        if other != path:
            facts = {"subject": subject, "other": other}
            self._findings.append(rules.SUBJECT_TWICE.finding(at, facts, subject=subject, contract=contract))
            return False
        self._subjects.setdefault(path, subject)
        return True

    def _add_bare(self) -> None:
        for path in self._bare:
            subject = Subject(self._settings.subjects.get(path) or subject_of_file(stem_of(path)))
            source = self._files.source(path)
            if source is not None and self._library.parse(path) is not None:
                self._take(subject, path, source.at(1, 1), "")

    def _add_pulled(self) -> None:
        """The subjects of copies: what the index of their folder says, else what they are called."""
        for folder in self._settings.pulled:
            index = (
                self._files.source(f"{folder}/{INDEX}") if f"{folder}/{INDEX}" in self._files.known else None
            )
            told = {} if index is None else read_index(index.text)
            for path in self._files.pulled:
                if path.startswith(f"{folder}/"):
                    name = path.removeprefix(f"{folder}/")
                    said = told.get(name, {}).get("subject")
                    self._subjects[path] = Subject(said or unquote(name.rpartition(".")[0]))

    def _schema_file(self, subject: Subject, path: str) -> SchemaFile:
        source, schema, parsed = (
            self._files.source(path),
            self._library.schema(path),
            self._library.parse(path),
        )
        if source is None or schema is None or parsed is None:
            raise AssertionError(path)
        references = tuple(
            FileReference(name, self._subjects[needed])
            for name, needed in self._library.uses(path)
            if needed in self._subjects
        )
        return SchemaFile(source, subject, schema, parsed, references, self._library.referenced(path))

    def _contract(self, draft: _Draft, events: Sequence[tuple[NamedSchema, Subject]]) -> DataContract:
        envelope = draft.envelope
        naming = envelope.naming(len(draft.events))
        return DataContract(
            source=envelope.document.source,
            **envelope.plain_facts(),
            events=tuple(
                Event(named.event, self._schemas[subject], envelope.examples(named.event))
                for named, subject in events
            ),
            channels=envelope.channels(),
            partitions=envelope.count("partitions"),
            replicas=envelope.replicas(),
            config=envelope.config(),
            key=self._key(envelope, draft.key),
            compatibility=envelope.level("compatibility", CompatibilityLevel.BACKWARD),
            dead_letters=envelope.dead_letters(),
            roles=envelope.roles(),
            readers=envelope.readers(),
            alerts=envelope.alerts(),
            quotas=envelope.quotas(),
            allowances=envelope.allowances(),
            subject_naming=naming,
            servers=envelope.servers(),
            block=envelope.block_at or "",
            places=envelope.document,
        )

    def _key(self, envelope: Envelope, path: str | None) -> Key:
        schema = self._schemas.get(Subject(f"{envelope.topic}-key")) if path is not None else None
        said = envelope.key_type
        of_file = None if path is None else _KEY_TYPES[cast("SchemaType", format_of(path))]
        told = ""
        if said is not None and of_file is not None and said != of_file:
            told = f"the keys are said to be {said}, and their schema is {of_file}"
        elif said in _KEY_TYPES.values() and not envelope.key_schema[0]:
            told = f"the keys are said to be {said}, and no schema file of theirs is named"
        if told:
            at = envelope.document.locate(f"{envelope.block_at}/key/type")
            self._findings.append(rules.KEY_CONTRADICTORY.finding(at, {"told": told}, contract=envelope.id))
        return Key(
            cast("KeyType", of_file or said or "string"),
            envelope.key_field,
            envelope.level("key/compatibility", CompatibilityLevel.NONE),
            schema,
        )
