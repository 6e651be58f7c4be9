"""What has happened; the state is what these add up to. One event is one record of the log.

Fields that do not count in comparison tell the asker what the event did; the log does not keep them.
"""

from dataclasses import dataclass, field
from typing import TypeAlias

from accord.registry.core.config import Config
from accord.registry.core.contexts import Context, Scope
from accord.registry.core.modes import Mode
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
class SubjectCleared:
    """Every hidden version of a subject is gone; Confluent's registry says it like this before an import."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class ConfigSet:
    """The configuration of ``scope`` is now ``config``."""

    scope: Scope
    config: Config


@dataclass(frozen=True, slots=True)
class ConfigDeleted:
    """The configuration of ``scope`` is no more; it was ``previous``."""

    scope: Scope
    previous: Config | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ModeSet:
    """The mode of ``scope`` is now ``mode``."""

    scope: Scope
    mode: Mode


@dataclass(frozen=True, slots=True)
class ModeDeleted:
    """The mode of ``scope`` is no more; it was ``previous``."""

    scope: Scope
    previous: Mode | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ContextSet:
    """There is a context, and no id up to ``highest_id`` is ever given there again.

    A compacted log forgets an id when its last use is erased; this remembers the highest.
    """

    context: Context
    highest_id: SchemaId


@dataclass(frozen=True, slots=True)
class ContextDeleted:
    """A context without subjects is listed no more; its ids up to ``highest_id`` stay given."""

    context: Context
    highest_id: SchemaId


Event: TypeAlias = (
    SchemaRegistered
    | VersionSoftDeleted
    | VersionPermanentlyDeleted
    | SubjectSoftDeleted
    | SubjectPermanentlyDeleted
    | SubjectCleared
    | ConfigSet
    | ConfigDeleted
    | ModeSet
    | ModeDeleted
    | ContextSet
    | ContextDeleted
)
