"""What a project's files say, as values. Reading them is ``loading``; nothing here opens a file.

A project is a folder of schema files, each the truth about one subject. A contract beside them says what else there is to
say about a topic: who owns it, how many partitions it has, who writes and who reads it. A claim says what one service
reads; it stands in the repository of that service.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from accord.findings import Finding, Location
from accord.schemas import CompatibilityLevel, ParsedSchema, Schema, SchemaType, Subject

KeyType: TypeAlias = Literal["string", "bytes", "avro", "json", "protobuf"]


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A text file of the project. ``path`` is relative to the project's root, with slashes on every system."""

    path: str
    text: str = field(repr=False)

    def at(self, line: int, column: int, width: int = 1) -> Location:
        """A place in it, with the line that stands there."""
        lines = self.text.splitlines()
        excerpt = lines[line - 1] if 0 < line <= len(lines) else ""
        return Location(self.path, line, column, excerpt, width)


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
    servers: Mapping[str, str] = field(default_factory=dict)
    """Bootstrap servers by environment."""
    places: Mapping[str, Location] = field(default_factory=dict, repr=False)
    """Where in the file things stand, by JSON pointer; ``locate`` reads it."""

    def locate(self, pointer: str) -> Location:
        """Where in the file ``pointer`` leads, or the nearest place around it."""
        while pointer and pointer not in self.places:
            pointer = pointer.rpartition("/")[0]
        return self.places.get(pointer) or self.source.at(1, 1)


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

    def contract_of(self, subject: Subject) -> DataContract | None:
        """The contract that a subject belongs to; a schema in a bare folder has none."""
        for contract in self.contracts:
            if any(event.schema.subject == subject for event in contract.events):
                return contract
            if contract.key.schema is not None and contract.key.schema.subject == subject:
                return contract
        return None
