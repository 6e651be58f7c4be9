"""The port to what was there before: a commit, a registry, another folder."""

from dataclasses import dataclass
from typing import Protocol

from accord.contracts.model import Project, SchemaFile
from accord.schemas import CompatibilityLevel, CompatibilityPolicy, Earlier, Subject, Version


@dataclass(frozen=True, slots=True)
class Terms:
    """What a baseline itself asks of new versions of a subject; ``level`` is None where it asks for nothing."""

    level: CompatibilityLevel | None = None
    policy: CompatibilityPolicy = CompatibilityPolicy.STRICT
    validate_fields: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """The earlier versions of a subject, oldest first, and what should be known about them, in sentences."""

    earlier: tuple[Earlier, ...] = ()
    notes: tuple[str, ...] = ()


class Baseline(Protocol):
    """What schemas are compared with."""

    @property
    def name(self) -> str:
        """What to call it, as in ``--against``: ``git:main``, ``registry:prod``."""

    @property
    def project(self) -> Project | None:
        """The files as they were; None where there are none, as in a registry."""

    def terms(self, subject: Subject) -> Terms:
        """What it asks of new versions. Raises RegistryError."""

    def past(self, subject: Subject, *, every: bool) -> Past:
        """What was there: the newest version, or ``every`` one. Raises RegistryError, ConfigurationError."""


@dataclass(frozen=True)
class FilesBaseline:
    """The files of a project as they were, or as they are elsewhere: one earlier version of each subject."""

    name: str
    project: Project

    def terms(self, subject: Subject) -> Terms:
        """Files ask for nothing: the contract of today does."""
        del subject
        return Terms()

    def past(self, subject: Subject, *, every: bool) -> Past:
        """What the one file says."""
        del every
        file = self.project.schemas.get(subject)
        return Past() if file is None else Past((earlier_in(file, self.name),))


def earlier_in(file: SchemaFile, where: str, version: int = 1) -> Earlier:
    """The schema of a file as an earlier version, called by the file and ``where`` that is."""
    return Earlier(Version(version), file.parsed, f"{file.source.path} at {where}")
