"""What has happened; the state is what these add up to. One event is one record of the log.

Fields that do not count in comparison tell the asker what the event did; the log does not keep them.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from accord.registry.core.config import Config
from accord.schemas import Schema, SchemaId, Subject, Version


@dataclass(frozen=True, slots=True)
class SchemaRegistered:
    """A version came to be; ``schema`` is its canonical text, its references frozen."""

    subject: Subject
    version: Version
    schema_id: SchemaId
    schema: Schema


@dataclass(frozen=True, slots=True)
class VersionSoftDeleted:
    """A version was hidden. It is said in full: a compacted log may hold nothing else about it."""

    subject: Subject
    version: Version
    schema_id: SchemaId
    schema: Schema


@dataclass(frozen=True, slots=True)
class VersionPermanentlyDeleted:
    """A version is gone, and its id with it if nothing else uses that."""

    subject: Subject
    version: Version


@dataclass(frozen=True, slots=True)
class SubjectSoftDeleted:
    """Every version up to ``up_to`` was hidden; ``hidden`` names those that were not before."""

    subject: Subject
    up_to: Version
    hidden: tuple[Version, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class SubjectPermanentlyDeleted:
    """The last version of a subject is gone, and with it the name."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class ConfigSet:
    """The configuration of one subject, or of all (None), is now ``config``."""

    subject: Subject | None
    config: Config


@dataclass(frozen=True, slots=True)
class ConfigDeleted:
    """The configuration of one subject, or of all (None), is no more; it was ``previous``."""

    subject: Subject | None
    previous: Config | None = field(default=None, compare=False)


Event: TypeAlias = (
    SchemaRegistered
    | VersionSoftDeleted
    | VersionPermanentlyDeleted
    | SubjectSoftDeleted
    | SubjectPermanentlyDeleted
    | ConfigSet
    | ConfigDeleted
)
