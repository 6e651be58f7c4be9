"""What can go wrong when something is asked of the registry. Facts, never HTTP; the wording is Confluent's.

AccordError
├── RegistryError
│   ├── SubjectNotFound, VersionNotFound, SchemaNotFound       there is no such thing
│   ├── ConfigNotFound, ModeNotFound                           the subject has none of its own
│   ├── SubjectAlreadyDeleted, VersionAlreadyDeleted           hidden before
│   ├── SubjectNotSoftDeleted, VersionNotSoftDeleted           erasing needs hiding first
│   ├── ReferenceExists                                        others need what was to go
│   ├── IncompatibleSchema                                     earlier versions do not get along with it
│   ├── EmptySchema, UnknownSchemaType, SchemaRefused          no schema
│   ├── InvalidRuleSet                                         rules that nobody could carry out
│   ├── InvalidSubject, InvalidVersion, InvalidLevel,
│   │   InvalidMode                                            no such name, number, word
│   ├── WrongVersion, VersionTaken, IdTaken, IdsExhausted      the number is not free
│   ├── NotInImportMode, ImportNeedsId, ImportNeedsEmptiness   who chooses ids
│   ├── ReadOnly, ModesFixed                                   nothing may be changed
│   ├── ContextNotEmpty                                        it still has subjects
│   ├── LogEndsElsewhere                                       something was written meanwhile
│   └── NotServed                                              known, and left out on purpose
└── IdHeld                                                     the log says two things of one id
"""

from collections.abc import Sequence

from accord.errors import AccordError
from accord.findings import Finding
from accord.registry.core.contexts import DEFAULT_CONTEXT, Scope, context_of, qualified
from accord.registry.core.verdict import Verdict
from accord.schemas import (
    CompatibilityLevel,
    InvalidSchema,
    SchemaId,
    SchemaType,
    Subject,
    Version,
    catalogue,
)


class RegistryError(AccordError):
    """The registry cannot do what it was asked to do."""


class SubjectNotFound(RegistryError):
    """There is no such subject, or only a hidden one."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(
            f"Subject '{subject}' not found.",
            hint="check the name against the list of subjects; a soft-deleted one is seen only on request",
        )
        self.subject = subject


class VersionNotFound(RegistryError):
    """The subject has no such version, or only a hidden one."""

    def __init__(self, subject: Subject, version: Version) -> None:
        super().__init__(
            f"Version {version} not found.", hint=f"see which versions the subject '{subject}' has"
        )
        self.subject = subject
        self.version = version


class SchemaNotFound(RegistryError):
    """No such id or GUID, or the subject does not hold this schema."""

    def __init__(self, schema_id: SchemaId | None = None, *, hint: str = "") -> None:
        super().__init__(
            "Schema not found" if schema_id is None else f"Schema {schema_id} not found", hint=hint
        )
        self.schema_id = schema_id


class ConfigNotFound(RegistryError):
    """The subject has no configuration of its own."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(
            f"Subject '{subject}' does not have subject-level compatibility configured",
            hint="ask with defaultToGlobal=true for what counts, or set one",
        )
        self.subject = subject


class ModeNotFound(RegistryError):
    """The subject has no mode of its own."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(
            f"Subject '{subject}' does not have subject-level mode configured",
            hint="ask with defaultToGlobal=true for what counts",
        )
        self.subject = subject


class SubjectAlreadyDeleted(RegistryError):
    """The subject is hidden already."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(
            f"Subject '{subject}' was soft deleted.Set permanent=true to delete permanently",
            hint="nothing is left to do, unless it is to be erased for good",
        )
        self.subject = subject


class SubjectNotSoftDeleted(RegistryError):
    """A subject must be hidden before it can be erased."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(
            f"Subject '{subject}' was not deleted first before being permanently deleted",
            hint="delete it without permanent=true first",
        )
        self.subject = subject


class VersionAlreadyDeleted(RegistryError):
    """The version is hidden already."""

    def __init__(self, subject: Subject, version: Version) -> None:
        super().__init__(
            f"Subject '{subject}' Version {version} was soft deleted.Set permanent=true to delete permanently",
            hint="nothing is left to do, unless it is to be erased for good",
        )
        self.subject = subject
        self.version = version


class VersionNotSoftDeleted(RegistryError):
    """A version must be hidden before it can be erased."""

    def __init__(self, subject: Subject, version: Version) -> None:
        super().__init__(
            f"Subject '{subject}' Version {version} was not deleted first before being permanently deleted",
            hint="delete it without permanent=true first",
        )
        self.subject = subject
        self.version = version


class ReferenceExists(RegistryError):
    """Other schemas refer to what was to go; ``referrers`` names them as (subject, version)."""

    def __init__(
        self, subject: Subject, version: Version, referrers: tuple[tuple[Subject, Version], ...]
    ) -> None:
        names = ", ".join(f"'{name}' version {number}" for name, number in referrers)
        super().__init__(
            "One or more references exist to the schema "
            f"{{magic=1,keytype=SCHEMA,subject={subject},version={version}}}.",
            hint=f"delete what refers to it first: {names}",
        )
        self.subject = subject
        self.version = version
        self.referrers = referrers


class IncompatibleSchema(RegistryError):
    """Earlier versions do not get along with the new one; ``verdict`` says why and what would help."""

    def __init__(self, subject: Subject, verdict: Verdict) -> None:
        super().__init__(
            f'Schema being registered is incompatible with an earlier schema for subject "{subject}", '
            f"details: [{', '.join(verdict.messages)}]",
            hint=_advice_on(verdict.objections[0]),
        )
        self.subject = subject
        self.verdict = verdict


class EmptySchema(RegistryError):
    """There is no schema text at all."""

    def __init__(self, *, hint: str = 'send the schema as text: {"schema": "..."}') -> None:
        super().__init__("Empty schema", hint=hint)


class UnknownSchemaType(RegistryError):
    """A word that names no schema type."""

    def __init__(self, word: str) -> None:
        super().__init__(f"Invalid schema type {word}", hint=f"use one of {', '.join(SchemaType)}")
        self.word = word


class SchemaRefused(RegistryError):
    """The text is not a schema of its type, or what it refers to is not there; ``path`` is a JSON pointer into it.

    ``findings`` are the objections of a strict registry to what others let in.
    """

    def __init__(
        self,
        schema_type: SchemaType,
        detail: str,
        *,
        path: str = "",
        hint: str = "",
        findings: Sequence[Finding] = (),
    ) -> None:
        place = f" (at '{path}')" if path else ""
        super().__init__(f"Invalid schema of type {schema_type}, details: {detail}{place}", hint=hint)
        self.schema_type = schema_type
        self.path = path
        self.findings = tuple(findings)

    @classmethod
    def because(cls, schema_type: SchemaType, error: InvalidSchema) -> "SchemaRefused":
        """The refusal for what the parser said."""
        return cls(schema_type, error.message, path=error.path, hint=error.hint)

    @classmethod
    def objected_to(cls, schema_type: SchemaType, objections: Sequence[Finding]) -> "SchemaRefused":
        """The refusal for what a strict check finds in the schema alone, which tells the first of it in words."""
        first = objections[0]
        return cls(schema_type, first.message, path=first.path, hint=_advice_on(first), findings=objections)


class InvalidSubject(RegistryError):
    """A text that cannot name a subject."""

    def __init__(self, subject: str, *, hint: str) -> None:
        super().__init__(f"The specified subject '{subject}' is not a valid subject name.", hint=hint)
        self.subject = subject


class InvalidVersion(RegistryError):
    """A text that is no version number."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"The specified version '{text}' is not a valid version id. Allowed values are between [1, 2^31-1] "
            'and the string "latest"',
            hint="use a number from 1, or latest",
        )
        self.text = text


class InvalidLevel(RegistryError):
    """A word that names no compatibility level."""

    def __init__(self, word: str) -> None:
        super().__init__(
            "Invalid compatibility level. Valid values are none, backward, forward, full, backward_transitive, "
            "forward_transitive, and full_transitive",
            hint=f"use one of {', '.join(CompatibilityLevel)} instead of '{word}'",
        )
        self.word = word


class InvalidMode(RegistryError):
    """A word that names no mode, or one that cannot be set there."""

    def __init__(self, word: str, *, hint: str = "") -> None:
        super().__init__(
            "Invalid mode. Valid values are READWRITE, READONLY, READONLY_OVERRIDE, IMPORT, and FORWARD",
            hint=hint or f'send {{"mode": "READWRITE"}}, or another of them, instead of {word!r}',
        )
        self.word = word


class InvalidRuleSet(RegistryError):
    """Rules that no client could carry out; ``problems`` names each."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(
            f"Invalid rule set: {'; '.join(problems)}", hint="mend the rules and send them again"
        )
        self.problems = tuple(problems)


class WrongVersion(RegistryError):
    """A registrant asked for a version number that is not the next one."""

    def __init__(self, subject: Subject, asked: int, following: Version) -> None:
        super().__init__(
            "Version is not one more than previous version",
            hint=f"the next version of '{subject}' is {following}, not {asked}; without a version it is chosen for you",
        )
        self.subject = subject
        self.asked = asked
        self.following = following


class VersionTaken(RegistryError):
    """An import would replace a version by another content."""

    def __init__(self, subject: Subject, version: Version) -> None:
        super().__init__(
            f"Overwrite of '{subject}' version {version} with another schema or id is not permitted.",
            hint="delete that version for good first, or import this schema under another version",
        )
        self.subject = subject
        self.version = version


class IdTaken(RegistryError):
    """An import would give an id to a second content."""

    def __init__(self, schema_id: SchemaId) -> None:
        super().__init__(
            f"Overwrite new schema with id {schema_id} is not permitted.",
            hint="records with this id are read with the schema that has it; import this one into another context",
        )
        self.schema_id = schema_id


class IdsExhausted(RegistryError):
    """The highest id that a record can carry is given; only an import brings an id near it."""

    def __init__(self) -> None:
        super().__init__(
            "No schema id is left in this context",
            hint="an import gave away the highest id that there is; register in another context",
        )


class NotInImportMode(RegistryError):
    """An id was asked for; the registry chooses ids itself."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(
            f"Subject {subject} in context {_context_text(subject)} is not in import mode",
            hint="leave the id out, or set the mode of the subject to IMPORT first",
        )
        self.subject = subject


class ImportNeedsId(RegistryError):
    """In the mode IMPORT a registrant says the id."""

    def __init__(self, subject: Subject) -> None:
        super().__init__(
            f"Subject {subject} in context {_context_text(subject)} is not in read-write mode",
            hint="it is in the mode IMPORT: send the id and the version, or set its mode to READWRITE",
        )
        self.subject = subject


class ImportNeedsEmptiness(RegistryError):
    """There are schemas where others are to be imported."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(
            "Cannot import since found existing subjects",
            hint="delete them first, or set the mode with force=true to import beside them",
        )
        self.scope = scope


class ReadOnly(RegistryError):
    """Nothing may be written there."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(
            f"Subject {scope or 'null'} in context {_context_text(scope)} is in read-only mode",
            hint="see which mode is set for the subject, its context or everything (GET /mode), and set READWRITE",
        )
        self.scope = scope


class ModesFixed(RegistryError):
    """The operator of this registry does not let modes be changed."""

    def __init__(self) -> None:
        super().__init__(
            "Mode changes are not allowed", hint="the registry was started with --no-mode-mutability"
        )


class ContextNotEmpty(RegistryError):
    """The context has subjects, if only hidden ones."""

    def __init__(self, scope: Subject) -> None:
        super().__init__(
            f"The specified context '{scope}' is not empty.",
            hint="delete its subjects for good first, those that are hidden too",
        )
        self.scope = scope


class LogEndsElsewhere(RegistryError):
    """Records were to be put at the end of the log, and that is somewhere else."""

    def __init__(self, position: int, end: int) -> None:
        super().__init__(
            f"The log ends at position {end}, not at {position}",
            hint="read what is there behind your position first (GET /accord/v1/log)",
        )
        self.position = position
        self.end = end


class NotServed(RegistryError):
    """Something that Confluent's registry can and this one leaves out; it is refused rather than dropped."""

    def __init__(self, feature: str) -> None:
        super().__init__(f"{feature} not supported by Accord", hint="leave it out")
        self.feature = feature


class IdHeld(AccordError):
    """The log gives an id to two contents; the first one keeps it."""

    def __init__(self, schema_id: SchemaId, subject: Subject, version: Version) -> None:
        super().__init__(
            f"the log gives id {schema_id}, which another schema holds, to '{subject}' version {version}",
            hint="register that schema again under an id of its own",
        )
        self.schema_id = schema_id


def _context_text(scope: Scope) -> str:
    context = context_of(scope)
    return "" if context == DEFAULT_CONTEXT else qualified(context, "")


def _advice_on(objection: Finding) -> str:
    """What to do about it: the best fix for this very schema, or what the rule recommends."""
    if objection.fixes:
        return objection.fixes[0].summary
    rule = catalogue.find(objection.rule)
    return f"{rule.remedy} `accord explain {rule.id}` says more." if rule else ""
