"""What can be asked of the registry that changes something."""

from dataclasses import dataclass
from enum import Enum
from typing import Final, Literal, TypeAlias

from accord.registry.core.config import ConfigChange
from accord.registry.core.contexts import Context, Scope
from accord.registry.core.modes import Mode
from accord.schemas import Schema, SchemaId, Subject, Version
from accord.schemas.tags import SchemaTags


class Latest(Enum):
    """The newest live version, whatever its number."""

    LATEST = "latest"


LATEST: Final = Latest.LATEST
VersionChoice: TypeAlias = Version | Literal[Latest.LATEST]

LATEST_IN_REFERENCE: Final = Version(-1)
"""The version of a reference that stands for the newest one; it is replaced by that one's number at registration."""
NO_VERSION: Final = Version(-1)
"""How the wire calls the latest version where there is none that is not hidden."""
NEXT_VERSION: Final = -1
"""The version that a registrant asks for who wants a new one in any case."""


@dataclass(frozen=True, slots=True)
class TagChange:
    """Tags to put into the text of a schema, or to take out; ``propagate`` keeps those of the newest version."""

    add: tuple[SchemaTags, ...] = ()
    remove: tuple[SchemaTags, ...] = ()
    propagate: bool = False

    def __bool__(self) -> bool:
        return bool(self.add or self.remove or self.propagate)


NO_TAGS: Final = TagChange()


@dataclass(frozen=True, slots=True)
class RegisterSchema:
    """Make ``schema`` the next version of ``subject``, unless it is a version of it already.

    A schema without text is the newest version's, with other metadata or rules. ``force`` skips the compatibility
    check. ``schema_id`` and ``version`` are what the registrant wants them to be.
    """

    subject: Subject
    schema: Schema
    normalize: bool = False
    force: bool = False
    schema_id: SchemaId | None = None
    version: int | None = None
    tags: TagChange = NO_TAGS


@dataclass(frozen=True, slots=True)
class DeleteVersion:
    """Hide one version; ``permanent`` erases one that is hidden."""

    subject: Subject
    version: VersionChoice
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class DeleteSubject:
    """Hide every version of a subject; ``permanent`` erases a subject that is hidden, its settings too."""

    subject: Subject
    permanent: bool = False


@dataclass(frozen=True, slots=True)
class SetConfig:
    """Change the configuration of a subject, a context, or the default context (None)."""

    scope: Scope
    change: ConfigChange


@dataclass(frozen=True, slots=True)
class DeleteConfig:
    """Take back the configuration of a subject, a context, or the default context (None)."""

    scope: Scope


@dataclass(frozen=True, slots=True)
class SetMode:
    """Change the mode of a subject, a context, or the default context (None); no mode clears it.

    ``force`` allows IMPORT where schemas are already.
    """

    scope: Scope
    mode: Mode | None
    force: bool = False


@dataclass(frozen=True, slots=True)
class DeleteMode:
    """Take back the mode of a subject, a context, or the default context (None).

    ``recursive`` takes back those of all subjects in a context as well.
    """

    scope: Scope
    recursive: bool = False


@dataclass(frozen=True, slots=True)
class DeleteContext:
    """Forget a context that has no subjects left."""

    context: Context


Command: TypeAlias = (
    RegisterSchema
    | DeleteVersion
    | DeleteSubject
    | SetConfig
    | DeleteConfig
    | SetMode
    | DeleteMode
    | DeleteContext
)
