"""What happens when a schema is registered."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from accord.findings import Severity
from accord.registry.core.candidates import Candidate, Draft, draft, stored_as
from accord.registry.core.checks import Check, Comparison, next_comparison
from accord.registry.core.commands import NEXT_VERSION, RegisterSchema
from accord.registry.core.contexts import context_of
from accord.registry.core.errors import (
    IdTaken,
    ImportNeedsId,
    IncompatibleSchema,
    InvalidRuleSet,
    NotInImportMode,
    SchemaRefused,
    VersionTaken,
    WrongVersion,
)
from accord.registry.core.events import ContextSet, Event, SchemaRegistered, VersionPermanentlyDeleted
from accord.registry.core.ids import StoredVersion
from accord.registry.core.likeness import held, held_as
from accord.registry.core.names import require_valid
from accord.registry.core.state import RegistryState
from accord.registry.core.thinking import Ask
from accord.schemas import Metadata, Schema, SchemaId, Subject, Version, fingerprint
from accord.schemas import metadata as metadatas
from accord.schemas import rule_set as rule_sets
from accord.schemas.metadata import VERSION_PROPERTY


def decide_register(state: RegistryState, command: RegisterSchema, ask: Ask) -> Sequence[Event]:
    """A new version, or nothing if the subject holds this content already.

    Raises InvalidSubject, EmptySchema, SchemaRefused, InvalidRuleSet, ReadOnly, NotInImportMode, ImportNeedsId, IdTaken,
    VersionTaken, WrongVersion, IncompatibleSchema, InvalidSchema, and Unanswered.
    """
    candidate = ask(registration_draft(state, command))
    if find_registered(state, command, candidate):
        return []
    problems = list((candidate.schema.rule_set or rule_sets.RuleSet()).problems())
    if problems:
        raise InvalidRuleSet(problems)
    state.require_writable(command.subject)
    if state.effective_mode(command.subject).takes_ids:
        return _imported(state, command, candidate)
    if command.schema_id is not None:
        raise NotInImportMode(command.subject)
    return _registered(state, command, candidate, ask)


def registration_draft(state: RegistryState, command: RegisterSchema) -> Draft:
    """The schema of ``command``; where it has no text, that of the newest version.

    Raises InvalidSubject, EmptySchema, SchemaRefused.
    """
    subject, schema = command.subject, command.schema
    require_valid(subject)
    newest = state.latest(subject)
    if not schema.text.strip() and newest is not None:
        known = newest.content.schema
        schema = replace(schema, text=known.text, type=known.type, references=known.references)
    return draft(
        state,
        subject,
        schema,
        normalize=command.normalize,
        imported=command.schema_id is not None and state.effective_mode(subject).takes_ids,
        tags=command.tags,
    )


def find_registered(
    state: RegistryState, command: RegisterSchema, candidate: Candidate
) -> StoredVersion | None:
    """The version that makes ``command``, whose schema is ``candidate``, unnecessary."""
    if command.schema_id is not None and command.version and state.effective_mode(command.subject).takes_ids:
        there = state.version(command.subject, Version(command.version))
        imported = fingerprint(stored_as(candidate.schema))
        is_there = there is not None and not there.deleted and _holds(there, command.schema_id, imported)
        return there if is_there else None
    if command.tags or state.effective_config(command.subject).adds_to_schemas:
        found = held_as(state, command.subject, _completed(state, command.subject, candidate.schema))
    else:
        found = held(state, command.subject, candidate)
    if found is None or command.schema_id not in (None, found.content.id):
        return None
    return found if command.version in (None, 0, found.version) else None


def _registered(
    state: RegistryState, command: RegisterSchema, candidate: Candidate, ask: Ask
) -> Sequence[Event]:
    subject = command.subject
    schema = _completed(state, subject, candidate.schema)
    version = _next_version(state, subject)
    if not command.force:
        compared = next_comparison(state, subject, schema.metadata)
        if compared.has_a_say:
            _require_compatible(subject, candidate, compared, ask)
    if command.version and command.version not in (NEXT_VERSION, version):
        raise WrongVersion(subject, command.version, version)
    if command.version or (schema.metadata and VERSION_PROPERTY in schema.metadata.properties):
        schema = replace(schema, metadata=(schema.metadata or Metadata()).with_version(version))
    known = state.ids(subject).id_of(schema)
    schema_id = state.ids(subject).next_id() if known is None else known
    registered = SchemaRegistered(subject, version, schema_id, schema)
    return [*_opened(state, subject), registered, *_superseded(state, subject, known)]


def _require_compatible(subject: Subject, candidate: Candidate, compared: Comparison, ask: Ask) -> None:
    if ask(Check(compared, candidate)).compatible:
        return
    verdict = ask(Check(compared, candidate, explained=True))
    objections = verdict.objections
    if all(one.version is None and one.severity is Severity.WARNING for one in objections):
        # It has nothing to do with earlier versions: the schema itself is what a strict registry refuses.
        raise SchemaRefused.objected_to(candidate.schema.type, objections)
    raise IncompatibleSchema(subject, verdict)


def _imported(state: RegistryState, command: RegisterSchema, candidate: Candidate) -> Sequence[Event]:
    """The version that the registrant says, under the id that the registrant says; nothing is compared or added."""
    subject, schema_id, schema = command.subject, command.schema_id, stored_as(candidate.schema)
    if schema_id is None:
        raise ImportNeedsId(subject)
    identity = fingerprint(schema)
    content = state.ids(subject).contents.get(schema_id)
    if content is not None and (content.fingerprint, content.schema.type) != (identity, schema.type):
        raise IdTaken(schema_id)
    following = _next_version(state, subject)
    version = following if command.version in (None, 0, NEXT_VERSION) else Version(command.version)
    if version < 1:
        raise WrongVersion(subject, version, following)
    there = state.version(subject, version)
    if there is not None and not _holds(there, schema_id, identity):
        raise VersionTaken(subject, version)
    return [*_opened(state, subject), SchemaRegistered(subject, version, schema_id, schema)]


def _holds(stored: StoredVersion, schema_id: SchemaId, identity: bytes) -> bool:
    """Whether ``stored`` has that content under that id; a content may have several."""
    return (stored.content.id, stored.content.fingerprint) == (schema_id, identity)


def _completed(state: RegistryState, subject: Subject, schema: Schema) -> Schema:
    """``schema`` with the metadata and rules that it gets here: those of the version before it, unless it has its own."""
    config = state.effective_config(subject)
    newest = state.latest(subject)
    before = newest.content.schema if newest else Schema("")
    metadata, rule_set = schema.metadata, schema.rule_set
    if metadata is None:
        metadata = before.metadata
    if rule_set is None:
        rule_set = before.rule_set
    metadata = metadatas.merged(metadatas.merged(config.default_metadata, metadata), config.override_metadata)
    rule_set = rule_sets.merged(rule_sets.merged(config.default_rule_set, rule_set), config.override_rule_set)
    return stored_as(replace(schema, metadata=metadata, rule_set=rule_set))


def _next_version(state: RegistryState, subject: Subject) -> Version:
    # Soft-deleted versions still hold their numbers: whoever remembers (subject, version) must not be misled.
    newest = state.latest(subject, deleted=True)
    return Version(newest.version + 1 if newest else 1)


def _opened(state: RegistryState, subject: Subject) -> Iterator[ContextSet]:
    """The context of ``subject``, if this is the first that is heard of it."""
    context = context_of(subject)
    if context not in state.contexts:
        yield ContextSet(context, state.ids(subject).highest)


def _superseded(
    state: RegistryState, subject: Subject, schema_id: SchemaId | None
) -> Iterator[VersionPermanentlyDeleted]:
    """The hidden versions of the same content: the new one takes their place, unless somebody refers to them."""
    if schema_id is None:
        return
    for stored in state.ids(subject).versions_in(subject, schema_id):
        if stored.deleted and not state.referring(subject, stored.version, deleted=True):
            yield VersionPermanentlyDeleted(subject, stored.version)
