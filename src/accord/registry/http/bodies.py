"""The JSON that goes in and out. Unknown members are ignored, as the field does; empty ones are left out."""

from typing import Annotated, Any, Final, TypeAlias

import msgspec
from msgspec import UNSET, Meta, UnsetType

from accord.findings import to_json
from accord.registry.core.commands import TagChange
from accord.registry.core.config import Config, ConfigChange, Default, Effective
from accord.registry.core.contexts import context_of, within
from accord.registry.core.errors import (
    EmptySchema,
    InvalidLevel,
    InvalidMode,
    NotServed,
    SchemaRefused,
    UnknownSchemaType,
)
from accord.registry.core.ids import StoredVersion
from accord.registry.core.modes import Mode
from accord.registry.core.verdict import Verdict
from accord.registry.core.wire import Int32
from accord.registry.http.exchange import Response
from accord.schemas import (
    CompatibilityLevel,
    Deployment,
    Metadata,
    Reference,
    RuleSet,
    Schema,
    SchemaId,
    SchemaTags,
    SchemaType,
    Subject,
    Version,
)

Scalar: TypeAlias = str | int | float | bool
"""Where text is expected, other scalars are taken as their text."""


_Astray: TypeAlias = Annotated[
    object,
    Meta(description="Not to be sent: a schema goes as text into `schema`. It is looked at to say so."),
]


class ReferenceBody(msgspec.Struct):
    """A reference to a schema under a subject."""

    name: str | None = None
    subject: str | None = None
    version: Int32 | None = None


class SchemaBody(msgspec.Struct, rename="camel"):
    """A schema as somebody sends it: to register, to look up or to compare."""

    schema: Scalar | None = None
    schema_type: str | None = None
    references: list[ReferenceBody] | None = None
    metadata: Metadata | None = None
    rule_set: RuleSet | None = None
    version: Int32 | None = None
    id: Int32 | None = None
    schema_tags_to_add: tuple[SchemaTags, ...] | None = None
    schema_tags_to_remove: tuple[SchemaTags, ...] | None = None
    propagate_schema_tags: bool | None = None
    type: _Astray = None
    fields: _Astray = None
    dollar_schema: _Astray = msgspec.field(name="$schema", default=None)

    def to_schema(self) -> Schema:
        """The schema that was sent; without text it says something about one that is there.

        Raises EmptySchema, UnknownSchemaType, SchemaRefused.
        """
        if self.schema is None and self._is_a_schema():
            raise EmptySchema(hint=_WRAP)
        schema_type = _schema_type(self.schema_type)
        return Schema(
            "" if self.schema is None else _text(self.schema),
            schema_type,
            tuple(_reference(schema_type, one) for one in self.references or ()),
            self.metadata,
            self.rule_set,
        )

    @property
    def tags(self) -> TagChange:
        """What to change in the tags of the schema's text."""
        return TagChange(
            self.schema_tags_to_add or (),
            self.schema_tags_to_remove or (),
            propagate=self.propagate_schema_tags is True,
        )

    def _is_a_schema(self) -> bool:
        return not (self.type is None and self.fields is None and self.dollar_schema is None)


class TagsBody(msgspec.Struct, rename="camel"):
    """What to change about a version: a new version comes of it."""

    new_version: Int32 | None = None
    tags_to_add: tuple[SchemaTags, ...] | None = None
    tags_to_remove: tuple[SchemaTags, ...] | None = None
    metadata: Metadata | None = None
    rule_set: RuleSet | None = None
    rules_to_merge: RuleSet | None = None
    rules_to_remove: tuple[str, ...] | None = None


class ConfigBody(msgspec.Struct, rename="camel"):
    """A change of configuration: what is absent stays, null clears."""

    compatibility: Scalar | UnsetType | None = UNSET
    compatibility_policy: str | UnsetType | None = UNSET
    compatibility_group: str | UnsetType | None = UNSET
    alias: str | UnsetType | None = UNSET
    alias_for_deks: str | UnsetType | None = UNSET
    normalize: bool | UnsetType | None = UNSET
    validate_fields: bool | UnsetType | None = UNSET
    validate_new_schemas: bool | UnsetType | None = UNSET
    validate_rules: bool | UnsetType | None = UNSET
    default_metadata: Metadata | UnsetType | None = UNSET
    override_metadata: Metadata | UnsetType | None = UNSET
    default_rule_set: RuleSet | UnsetType | None = UNSET
    override_rule_set: RuleSet | UnsetType | None = UNSET

    def to_change(self) -> ConfigChange:
        """The change that was sent. Raises InvalidLevel, NotServed."""
        level, policy = self.compatibility, self.compatibility_policy
        if isinstance(policy, str) and policy.upper() not in _POLICIES:
            # Confluent's registry ignores a word that it does not know; this one it knows, and we do not have it.
            if policy.upper() == _LOGICAL:
                raise NotServed("The compatibility policy LOGICAL is")
            policy = UNSET
        same_name = {
            name: getattr(self, name)
            for name in ConfigChange.__struct_fields__
            if name not in {"level", "compatibility_policy"}
        }
        return ConfigChange(
            level=UNSET if level is UNSET else None if level is None else _level(_text(level)),
            compatibility_policy=policy.upper() if isinstance(policy, str) else policy,
            **same_name,
        )


class ConfigAnswer(msgspec.Struct, rename="camel", omit_defaults=True):
    """What is configured; the level has one name where it is asked for and another where it was changed."""

    alias: str | None = None
    alias_for_deks: str | None = None
    normalize: bool | None = None
    validate_fields: bool | None = None
    validate_new_schemas: bool | None = None
    validate_rules: bool | None = None
    compatibility: CompatibilityLevel | None = None
    compatibility_level: CompatibilityLevel | None = None
    compatibility_policy: str | None = None
    compatibility_group: str | None = None
    default_metadata: Metadata | None = None
    override_metadata: Metadata | None = None
    default_rule_set: RuleSet | None = None
    override_rule_set: RuleSet | None = None
    hint: str = ""

    @classmethod
    def changed(cls, config: Config, *, hint: str) -> "ConfigAnswer":
        """``config`` as it is told to who has changed it."""
        return cls(**_same_name(config), compatibility=config.level, hint=hint)

    @classmethod
    def found(cls, config: Config) -> "ConfigAnswer":
        """``config`` as it is told to who asks for it; a name that was switched off is none."""
        named = {name: value for name, value in _same_name(config).items() if value != ""}
        return cls(**named, compatibility_level=config.level)


class EffectiveConfigAnswer(msgspec.Struct, rename="camel", omit_defaults=True):
    """What counts, and where each setting comes from: a subject, a context, ``global``, or ``default``."""

    effective: ConfigAnswer
    origins: dict[str, str]
    hint: str = ""

    @classmethod
    def of(cls, found: Effective) -> "EffectiveConfigAnswer":
        """``found`` as it is told."""
        names = {
            setting: origin.value if isinstance(origin, Default) else origin or "global"
            for setting, origin in found.origins.items()
        }
        return cls(ConfigAnswer.found(found.config), names, found.hint)


class ModeBody(msgspec.Struct):
    """A mode as somebody sends it; null takes it back."""

    mode: Scalar | UnsetType | None = UNSET

    def to_mode(self) -> Mode | None:
        """The mode that was sent. Raises InvalidMode."""
        if self.mode is None:
            return None
        word = "" if self.mode is UNSET else _text(self.mode)
        try:
            return Mode(word.upper())
        except ValueError as error:
            raise InvalidMode(word) from error


class ModeAnswer(msgspec.Struct, omit_defaults=True):
    """A mode."""

    mode: Mode | None = None


class SchemaAnswer(msgspec.Struct, rename="camel", omit_defaults=True, kw_only=True):
    """A stored schema as it is told; which members it has depends on the question."""

    subject: str | None = None
    version: int | None = None
    id: int | None = None
    guid: str
    schema_type: str
    references: tuple[Reference, ...] = ()
    metadata: Metadata | None = None
    rule_set: RuleSet | None = None
    schema: str
    schema_tags: tuple[SchemaTags, ...] = ()
    ts: int | None = None
    deleted: bool | None = None
    max_id: int | None = None
    aliases: tuple[str, ...] = ()


class SchemaText:
    """The text of a schema: JSON, but for Protobuf."""


class PlaceAnswer(msgspec.Struct):
    """A version of a subject."""

    subject: str
    version: int


class ContextIdAnswer(msgspec.Struct):
    """The id of a content in one context."""

    context: str
    id: int


class VerdictAnswer(msgspec.Struct, omit_defaults=True):
    """Whether a schema could be the next version; the rest is told on request, ``hint`` of what is no schema.

    Where there are more findings than anybody reads, ``findings_left_out`` says how many are not told.
    """

    is_compatible: bool
    messages: tuple[str, ...] | None = None
    findings: list[dict[str, object]] = []
    findings_left_out: int = 0
    deployment: Deployment | None = None
    hint: str = ""

    @classmethod
    def explained(cls, verdict: Verdict) -> "VerdictAnswer":
        """A verdict with its reasons, and with who may be upgraded first."""
        findings = [to_json(finding) for finding in verdict.findings]
        return cls(verdict.compatible, verdict.messages, findings, verdict.left_out, verdict.deployment)


class ErrorAnswer(msgspec.Struct, omit_defaults=True):
    """Why something was not done: a code, words, what to do, and all that a check of the schema found."""

    error_code: int
    message: str
    hint: str = ""
    findings: list[dict[str, object]] = []
    findings_left_out: int = 0
    deployment: Deployment | None = None


class Shown(msgspec.Struct, frozen=True):
    """Which members a stored schema is told with, and in what form."""

    placed: bool = True
    with_id: bool = True
    dated: bool = True
    qualified: bool = False
    text: str | None = None
    tags: tuple[SchemaTags, ...] = ()
    max_id: SchemaId | None = None
    aliases: tuple[Subject, ...] = ()


SHOWN: Final = Shown()


def answer(body: object) -> Response:
    """``body`` as JSON; the kind of JSON is settled on the way out."""
    return Response(msgspec.json.encode(body))


def schema_answer(stored: StoredVersion, shown: Shown = SHOWN) -> SchemaAnswer:
    """``stored`` as it is told."""
    content = stored.content
    references = content.schema.references
    if shown.qualified:
        context = context_of(stored.subject)
        references = tuple(
            Reference(one.name, within(context, one.subject), one.version) for one in references
        )
    return SchemaAnswer(
        subject=stored.subject if shown.placed else None,
        version=stored.version if shown.placed else None,
        id=content.id if shown.with_id else None,
        guid=content.guid,
        schema_type=content.schema.type,
        references=references,
        metadata=content.schema.metadata,
        rule_set=content.schema.rule_set,
        schema=content.schema.text if shown.text is None else shown.text,
        schema_tags=shown.tags,
        ts=stored.registered_at_ms if shown.dated else None,
        deleted=stored.deleted if shown.dated else None,
        max_id=shown.max_id,
        aliases=shown.aliases,
    )


_LOGICAL: Final = "LOGICAL"
_POLICIES: Final = frozenset({"STRICT", "LENIENT"})
_WRAP: Final = 'the body looks like a schema itself: send it as text inside an object, {"schema": "..."}'


def _same_name(config: Config) -> dict[str, Any]:
    """The members of a configuration that have one name everywhere."""
    return {name: value for name, value in msgspec.structs.asdict(config).items() if name != "level"}


def _text(value: Scalar) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _schema_type(word: str | None) -> SchemaType:
    try:
        return SchemaType(word or SchemaType.AVRO)
    except ValueError as error:
        raise UnknownSchemaType(str(word)) from error


def _level(word: str) -> CompatibilityLevel:
    try:
        return CompatibilityLevel(word.upper())
    except ValueError as error:
        raise InvalidLevel(word) from error


def _reference(schema_type: SchemaType, body: ReferenceBody) -> Reference:
    if body.name is None or body.subject is None or body.version is None:
        raise SchemaRefused(
            schema_type,
            f"Invalid reference: {{name='{body.name}', subject='{body.subject}', version={body.version}}}",
            hint="a reference needs a name, a subject and a version",
        )
    return Reference(body.name, Subject(body.subject), Version(body.version))
