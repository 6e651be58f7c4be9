"""What a plan does, one thing at a time, as values that a saved plan holds. Doing any of them twice does nothing more."""

from collections.abc import Iterable, Mapping
from typing import ClassVar, Final, Literal, TypeAlias

import msgspec

from accord.kafka import Acl, TopicSpec
from accord.kafka.admin import BROKERS_CHOICE, AclOperation, Permission, ResourceKind
from accord.schemas import CompatibilityLevel, SchemaType

Symbol: TypeAlias = Literal["+", "~", "-", "-/+"]
ADDS: Final[Symbol] = "+"
CHANGES: Final[Symbol] = "~"
DELETES: Final[Symbol] = "-"
REPLACES: Final[Symbol] = "-/+"


class _Step(msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag_field="step", tag=True):
    """``name`` is what it is about, ``reasons`` are sentences about what follows from it."""

    noun: ClassVar[str] = ""

    name: str
    reasons: tuple[str, ...] = ()

    @property
    def symbol(self) -> Symbol:
        """Whether it adds, changes, deletes or replaces."""
        return ADDS

    @property
    def about(self) -> str:
        """Who or what it is about, in a list of steps."""
        return self.name

    @property
    def details(self) -> tuple[str, ...]:
        """What exactly, line by line."""
        return ()

    @property
    def must_be_named(self) -> str | None:
        """The name that somebody has to type, where something is lost."""
        return None


class SettingChange(msgspec.Struct, frozen=True, rename="camel"):
    """A setting of a topic before and after; None: the brokers' default."""

    name: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        return f"{self.name}: {_or_default(self.before)} → {_or_default(self.after)}"


class SchemaReference(msgspec.Struct, frozen=True, rename="camel"):
    """What a schema refers to; without a version it is the one that an earlier step registers."""

    name: str
    subject: str
    version: int | None = None


class AclEntry(msgspec.Struct, frozen=True, rename="camel"):
    """An ACL on a topic."""

    principal: str
    operation: AclOperation
    host: str
    permission: Permission


class SetLevel(_Step, frozen=True, kw_only=True, tag="set compatibility level"):
    """Give a subject its compatibility level."""

    noun = "compatibility"
    before: str | None
    level: CompatibilityLevel

    @property
    def symbol(self) -> Symbol:
        """A subject may have none yet."""
        return CHANGES if self.before else ADDS

    @property
    def details(self) -> tuple[str, ...]:
        """From what to what."""
        return (f"{self.before or 'the default'} → {self.level}",)


class RegisterSchema(_Step, frozen=True, kw_only=True, tag="register schema"):
    """Make a schema the subject's next version; with ``force`` although it breaks somebody."""

    noun = "schema"
    file: str
    text: str
    type: SchemaType
    references: tuple[SchemaReference, ...] = ()
    newest: int | None = None
    force: bool = False

    @property
    def details(self) -> tuple[str, ...]:
        """The version that it will be, and where it comes from."""
        after = f"after version {self.newest}" if self.newest else "the first version"
        return (f"{after}, from {self.file}",)


class CreateTopic(_Step, frozen=True, kw_only=True, tag="create topic"):
    """Make a topic."""

    noun = "topic"
    partitions: int | None
    replicas: int | None
    config: Mapping[str, str]

    @property
    def details(self) -> tuple[str, ...]:
        """How large it is, and what is set."""
        settings = (f"{name}={value}" for name, value in sorted(self.config.items()))
        return (_size(self.partitions, self.replicas), *settings)


class ReplaceTopic(_Step, frozen=True, kw_only=True, tag="replace topic"):
    """Delete a topic and make it anew."""

    noun = "topic"
    partitions: int
    replicas: int | None
    config: Mapping[str, str]

    @property
    def symbol(self) -> Symbol:
        """It replaces."""
        return REPLACES

    @property
    def details(self) -> tuple[str, ...]:
        """What it becomes."""
        return (f"anew with {_size(self.partitions, self.replicas)}",)

    @property
    def must_be_named(self) -> str:
        """The topic, whose records go."""
        return self.name


class AddPartitions(_Step, frozen=True, kw_only=True, tag="add partitions"):
    """Give a topic more partitions."""

    noun = "partitions"
    before: int
    total: int

    @property
    def symbol(self) -> Symbol:
        """It changes."""
        return CHANGES

    @property
    def details(self) -> tuple[str, ...]:
        """From how many to how many."""
        return (f"{self.before} → {self.total}",)


class ChangeSettings(_Step, frozen=True, kw_only=True, tag="change settings"):
    """Set some settings of a topic, and take others back."""

    noun = "config"
    changes: tuple[SettingChange, ...]

    @property
    def changed(self) -> dict[str, str]:
        """What is set."""
        return {change.name: change.after for change in self.changes if change.after is not None}

    @property
    def removed(self) -> tuple[str, ...]:
        """What is taken back."""
        return tuple(change.name for change in self.changes if change.after is None)

    @property
    def symbol(self) -> Symbol:
        """It changes."""
        return CHANGES

    @property
    def details(self) -> tuple[str, ...]:
        """Each of them, before and after."""
        return tuple(map(str, self.changes))

    @property
    def must_be_named(self) -> str | None:
        """The topic, where something is taken back that no contract names."""
        return self.name if self.removed else None


class GrantAccess(_Step, frozen=True, kw_only=True, tag="grant access"):
    """Let a principal do something."""

    noun = "acl"
    principal: str
    kind: ResourceKind
    prefixed: bool
    operations: tuple[AclOperation, ...]

    @property
    def about(self) -> str:
        """The principal."""
        return self.principal

    @property
    def details(self) -> tuple[str, ...]:
        """What it may do."""
        where = resource(self.kind, self.name, prefixed=self.prefixed)
        return (f"may {', '.join(self.operations)} on {where}",)


class RevokeAccess(_Step, frozen=True, kw_only=True, tag="revoke access"):
    """Remove ACLs from a topic."""

    noun = "acl"
    acls: tuple[AclEntry, ...]

    @property
    def symbol(self) -> Symbol:
        """It deletes."""
        return DELETES

    @property
    def details(self) -> tuple[str, ...]:
        """Each of them."""
        return tuple(
            f"{acl.principal}: no more {acl.permission} {acl.operation} from host {acl.host}"
            for acl in self.acls
        )

    @property
    def must_be_named(self) -> str:
        """The topic."""
        return self.name


class DeleteTopic(_Step, frozen=True, kw_only=True, tag="delete topic"):
    """Remove a topic and its records."""

    noun = "topic"

    @property
    def symbol(self) -> Symbol:
        """It deletes."""
        return DELETES

    @property
    def must_be_named(self) -> str:
        """The topic, whose records go."""
        return self.name


class DeleteSubject(_Step, frozen=True, kw_only=True, tag="delete subject"):
    """Hide a subject; its ids stay readable, and it can be brought back."""

    noun = "subject"
    versions: tuple[int, ...]

    @property
    def symbol(self) -> Symbol:
        """It deletes."""
        return DELETES

    @property
    def details(self) -> tuple[str, ...]:
        """What it has."""
        return (f"{len(self.versions)} version{'s' * (len(self.versions) != 1)}, hidden and not erased",)

    @property
    def must_be_named(self) -> str:
        """The subject."""
        return self.name


Step: TypeAlias = (
    SetLevel
    | RegisterSchema
    | CreateTopic
    | ReplaceTopic
    | AddPartitions
    | ChangeSettings
    | GrantAccess
    | RevokeAccess
    | DeleteTopic
    | DeleteSubject
)


def spec_of(step: CreateTopic | ReplaceTopic) -> TopicSpec:
    """The topic as the brokers are asked for it."""
    return TopicSpec(
        step.name,
        BROKERS_CHOICE if step.partitions is None else step.partitions,
        BROKERS_CHOICE if step.replicas is None else step.replicas,
        step.config,
    )


def granted(step: GrantAccess) -> list[Acl]:
    """The ACLs that a step makes."""
    return [
        Acl(step.principal, operation, step.kind, step.name, prefixed=step.prefixed)
        for operation in step.operations
    ]


def revoked(step: RevokeAccess) -> list[Acl]:
    """The ACLs that a step removes."""
    topic = ResourceKind.TOPIC
    return [
        Acl(one.principal, one.operation, topic, step.name, host=one.host, permission=one.permission)
        for one in step.acls
    ]


def names_to_confirm(steps: Iterable[Step]) -> tuple[str, ...]:
    """What has to be typed before anything is lost, each once."""
    return tuple(dict.fromkeys(step.must_be_named for step in steps if step.must_be_named))


def resource(kind: ResourceKind, name: str, *, prefixed: bool) -> str:
    """A resource in words."""
    return f"every {kind} that begins with {name}" if prefixed else f"{kind} {name}"


def _size(partitions: int | None, replicas: int | None) -> str:
    return f"{_counted(partitions, 'partition')}, {_counted(replicas, 'replica')}"


def _counted(number: int | None, noun: str) -> str:
    if number is None:
        return f"as many {noun}s as the brokers choose"
    return f"{number} {noun}{'s' * (number != 1)}"


def _or_default(value: str | None) -> str:
    return "the brokers' default" if value is None else value
