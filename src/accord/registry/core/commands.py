"""What can be asked of the registry that changes something."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, TypeAlias

from accord.registry.core.config import ConfigChange
from accord.schemas import Schema, SchemaId, Subject, Version


class Latest(Enum):
    """The newest live version, whatever its number."""

    LATEST = "latest"


LATEST: Final = Latest.LATEST
VersionChoice: TypeAlias = Version | Literal[Latest.LATEST]

LATEST_IN_REFERENCE: Final = Version(-1)
"""The version of a reference that stands for the newest one; it is replaced by that one's number at registration."""


@dataclass(frozen=True, slots=True)
class RegisterSchema:
    """Make ``schema`` the next version of ``subject``, unless it is a version of it already.

    ``force`` skips the compatibility check. ``schema_id`` is the id that somebody wants it to have.
    """

    subject: Subject
    schema: Schema
    normalize: bool = False
    force: bool = False
    schema_id: SchemaId | None = None


@dataclass(frozen=True, slots=True)
class DeleteVersion:
    """Hide one version; ``permanent`` erases one that is hidden."""

    subject: Subject
    version: VersionChoice
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class DeleteSubject:
    """Hide every version of a subject; ``permanent`` erases a subject that is hidden, its configuration too."""

    subject: Subject
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class SetConfig:
    """Change the configuration of one subject, or of all (None)."""

    subject: Subject | None
    change: ConfigChange


@dataclass(frozen=True, slots=True)
class DeleteConfig:
    """Take back the configuration of one subject, or of all (None)."""

    subject: Subject | None


Command: TypeAlias = RegisterSchema | DeleteVersion | DeleteSubject | SetConfig | DeleteConfig
