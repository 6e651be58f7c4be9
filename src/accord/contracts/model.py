"""What a project's files say, as values. Reading them is ``loading``; nothing here opens a file.

A project is a folder of schema files, each the truth about one subject. A contract beside them says what else there is to
say about a topic: who owns it, how many partitions it has, who writes and who reads it. A claim says what one service
reads; it stands in the repository of that service.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from accord.findings import Finding, Location
from accord.schemas import CompatibilityLevel, ParsedSchema, Schema, SchemaType, Subject

KeyType: TypeAlias = Literal["string", "bytes", "avro", "json", "protobuf"]
SubjectNaming: TypeAlias = Literal["TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy"]
"""How a subject follows from topic and event, by Confluent's names: ``<topic>-value``, the event's full name, or both."""


@dataclass(frozen=True, slots=True)
class ProjectSettings:
    """What ``[project]`` in ``accord.toml`` says about all of a project's files.

    ``paths`` are the folders and files that count, all of them where it is empty. ``pulled`` are folders with copies of what
    others own: schemas may refer to them, and they are no part of the project. ``subjects`` are the subjects of schema files
    that no contract names, by path, where they do not follow from the file's name. ``topic_names`` is a regular expression
    that the names of topics match as a whole; ``replicas`` is for contracts that say nothing about it. ``scope`` are
    beginnings of names that belong to this project alone: what is called so and is in no file is not meant to be.
    """

    paths: tuple[str, ...] = ()
    pulled: tuple[str, ...] = ("pulled",)
    subjects: Mapping[str, str] = field(default_factory=dict)
    subject_naming: SubjectNaming | None = None
    topic_names: str | None = None
    replicas: int | None = None
    scope: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A text file of the project. ``path`` is relative to the project's root, with slashes on every system."""

    path: str
    text: str = field(repr=False)

    def at(self, line: int, column: int, width: int = 1) -> Location:
        """A place in it, with the line that stands there."""
        lines = self.text.split("\n")
        excerpt = lines[line - 1].removesuffix("\r") if 0 < line <= len(lines) else ""
        return Location(self.path, line, column, excerpt, width)


class Places(Protocol):
    """Where things stand in a file."""

    def locate(self, pointer: str) -> Location:
        """Where a JSON pointer leads, or the nearest place around it."""


@dataclass(frozen=True, slots=True)
class FileReference:
    """A name that a schema uses and another file of the project, or a version in the registry, defines."""

    name: str
    subject: Subject


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """The schema of one subject, as it stands in its file.

    ``schema`` has the text and its type, and no references: their versions are known only where it is registered.
    ``referenced`` has what it needs, directly or through others, by reference name, each after what it needs itself.
    """

    source: SourceFile
    subject: Subject
    schema: Schema
    parsed: ParsedSchema = field(repr=False)
    references: tuple[FileReference, ...] = ()
    referenced: Mapping[str, Schema] = field(default_factory=dict, repr=False)

    @property
    def type(self) -> SchemaType:
        """The format."""
        return self.schema.type

    def locate(self, place: str) -> Location:
        """Where in the file a place of a finding is, a JSON pointer or the like, or the nearest around it."""
        line, column = self.parsed.position(place)
        return self.source.at(line, column)


@dataclass(frozen=True, slots=True)
class Key:
    """What the keys of a topic are; ``field`` is the field of the value that they hold, where there is one.

    ``compatibility`` is the level of the subject ``<topic>-key``. ``schema`` is the key's schema file; plain keys have none.
    """

    type: KeyType = "string"
    field: str | None = None
    compatibility: CompatibilityLevel = CompatibilityLevel.NONE
    schema: SchemaFile | None = None


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """Where records of the topic go that nobody can handle."""

    topic: str
    retention_ms: int | None = None
    partitions: int | None = None


@dataclass(frozen=True, slots=True)
class Role:
    """A principal and what it may do with the topic. ``prefix`` widens it to every topic that begins so."""

    name: str
    access: Literal["read", "write", "manage"]
    prefix: str | None = None


@dataclass(frozen=True, slots=True)
class DeclaredReader:
    """A service that reads the topic: its consumer groups, and the fields it needs (dotted names; None: all of them).

    ``versions`` is the range of the contract's versions that it copes with, as in ``>=1.0 <2``. ``retry`` are the delays
    of its retry topics in milliseconds. ``examples`` are values that it must be able to read, as JSON; ``at`` is where it
    is declared.
    """

    service: str
    groups: tuple[str, ...] = ()
    fields: tuple[str, ...] | None = None
    versions: str | None = None
    retry_ms: tuple[int, ...] = ()
    examples: tuple[Mapping[str, object], ...] = ()
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a service says it reads, in a file of its own repository (``consumers/billing.yaml``)."""

    source: SourceFile
    contract: str
    topic: str
    subject: Subject
    reader: DeclaredReader


@dataclass(frozen=True, slots=True)
class Allowance:
    """Findings of one rule that are accepted for a while: why, and the last day (ISO 8601).

    ``path`` narrows it to a field, by its dotted name.
    """

    rule: str
    reason: str
    until: str
    path: str | None = None
    at: Location | None = None


@dataclass(frozen=True, slots=True)
class Alerts:
    """From when on somebody is woken."""

    consumer_lag_ms: int | None = None
    bytes_in_above_baseline: float | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of event on the topic: its name in the contract and the schema that tells its shape.

    ``examples`` are values as JSON that a producer states.
    """

    name: str
    schema: SchemaFile
    examples: tuple[Mapping[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class DataContract:
    """One Open Data Contract Standard file and what its ``kafka`` block adds: all that is said about one topic."""

    source: SourceFile
    id: str
    name: str
    version: str
    status: str
    topic: str
    events: tuple[Event, ...]
    owner: str = ""
    domain: str = ""
    description: str = ""
    channels: tuple[str, ...] = ()
    partitions: int | None = None
    replicas: int | None = None
    config: Mapping[str, str] = field(default_factory=dict)
    key: Key = Key()
    compatibility: CompatibilityLevel = CompatibilityLevel.BACKWARD
    dead_letters: DeadLetters | None = None
    roles: tuple[Role, ...] = ()
    readers: tuple[DeclaredReader, ...] = ()
    alerts: Alerts = Alerts()
    allowances: tuple[Allowance, ...] = ()
    quotas: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """By principal, what it may use at most, by Kafka's names such as ``producer_byte_rate``."""
    subject_naming: SubjectNaming = "TopicNameStrategy"
    servers: Mapping[str, str] = field(default_factory=dict)
    """Bootstrap servers by environment."""
    block: str = ""
    """The JSON pointer of the ``kafka`` block; ``locate`` takes what is below it."""
    places: Places | None = field(default=None, repr=False, compare=False)

    def locate(self, pointer: str) -> Location:
        """Where in the file the JSON pointer ``pointer`` leads, or the nearest place around it."""
        return self.source.at(1, 1) if self.places is None else self.places.locate(pointer)


@dataclass(frozen=True, slots=True)
class Project:
    """Everything that the files of a project say, and what is wrong with them.

    ``schemas`` are by subject and complete: those of the contracts, those of bare folders, those that others refer to.
    What could not be read is in ``findings``, all of it, and nowhere else.
    """

    contracts: tuple[DataContract, ...] = ()
    schemas: Mapping[Subject, SchemaFile] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    findings: tuple[Finding, ...] = ()
    settings: ProjectSettings = field(default_factory=ProjectSettings)

    def contract_of(self, subject: Subject) -> DataContract | None:
        """The contract that a subject belongs to; a schema in a bare folder has none."""
        for contract in self.contracts:
            if any(event.schema.subject == subject for event in contract.events):
                return contract
            if contract.key.schema is not None and contract.key.schema.subject == subject:
                return contract
        return None
