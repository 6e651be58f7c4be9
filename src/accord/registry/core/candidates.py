"""A schema that somebody sent, made ready to be stored or compared: checked, canonical, its references resolved."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from accord.registry.core.commands import LATEST_IN_REFERENCE, NO_TAGS, TagChange
from accord.registry.core.contexts import Context, context_of, within
from accord.registry.core.errors import EmptySchema, SchemaRefused
from accord.registry.core.ids import StoredVersion
from accord.registry.core.readings import Needed, Readings, characters_of
from accord.registry.core.state import RegistryState
from accord.schemas import (
    InvalidSchema,
    ParsedSchema,
    Reference,
    Schema,
    SchemaTags,
    SchemaType,
    Subject,
    Version,
    inherited_tags,
    tags_in,
    with_tags,
)

# Who forgets the type of a schema has a small one; reading a huge one twice more would only take time.
_LONGEST_TRIED: Final = 100_000

# The nastiest schemas of so many characters that we know take less than a tenth of a second to read, or to be compared,
# and several seconds to be explained with fixes (docs/decisions/0016).
_QUICK_CHARACTERS: Final = 6_000
_QUICKLY_EXPLAINED_CHARACTERS: Final = 1_200


_READINGS: Final = Readings(most_characters=4_000_000)


@dataclass(frozen=True, slots=True)
class Kept:
    """A schema as it is stored, with all that it refers to: independent of any state from here on."""

    schema: Schema
    needed: Needed

    @property
    def is_quick(self) -> bool:
        """Whether it is short."""
        return is_quick((self.schema, self.needed))

    def parsed(self) -> ParsedSchema:
        """It was accepted once, perhaps by another registry with other checks: it is taken as it is.

        Raises InvalidSchema if it is none here.
        """
        return _READINGS.read(self.schema, self.needed, strict=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A valid schema: ``schema`` has the text that would be stored, and the metadata and rules that were sent."""

    schema: Schema
    given: "Draft"

    def parsed(self) -> ParsedSchema:
        """The schema in the text that was sent."""
        return self.given.parsed()


@dataclass(frozen=True, slots=True)
class Draft:
    """The question whether a schema is one, its references resolved: independent of any state from here on.

    ``strict`` holds it to what new schemas are held to. ``tags`` are changed in its text, ``before`` is the version
    that they may come from.
    """

    schema: Schema
    needed: Needed
    normalize: bool
    strict: bool = True
    tags: TagChange = NO_TAGS
    before: Kept | None = None

    @property
    def is_quick(self) -> bool:
        """Whether it is short."""
        return is_quick((self.schema, self.needed))

    def answer(self) -> Candidate:
        """Check it and make it canonical. Raises SchemaRefused."""
        parsed = self.parsed()
        try:
            text = parsed.normalized if self.normalize else parsed.canonical
        except InvalidSchema as error:
            raise SchemaRefused.because(self.schema.type, error) from error
        return Candidate(replace(self.schema, text=text), self)

    def parsed(self) -> ParsedSchema:
        """The schema with its tags changed. Raises SchemaRefused."""
        try:
            parsed = _READINGS.read(self.schema, self.needed, strict=self.strict)
        except InvalidSchema as error:
            raise SchemaRefused(
                self.schema.type, error.message, path=error.path, hint=self._hint(error)
            ) from error
        if not self.tags:
            return parsed
        try:
            tagged = replace(self.schema, text=self._tagged(parsed))
            return _READINGS.read(tagged, self.needed, strict=self.strict)
        except InvalidSchema as error:
            raise SchemaRefused.because(self.schema.type, error) from error

    def _hint(self, error: InvalidSchema) -> str:
        """What to do about ``error``, also where it comes from a type that was meant to be another one."""
        said = self.schema.type
        for name, needed in self.needed:
            if needed.type is not said:
                return f"'{name}' is of type {needed.type}: refer to schemas of the type {said} only"
        if len(self.schema.text) <= _LONGEST_TRIED:
            for other in SchemaType:
                if other is not said and self._is_valid_as(other):
                    return f'if it is meant as {other}, send "schemaType": "{other}"; else {error.hint}'
        return error.hint

    def _is_valid_as(self, schema_type: SchemaType) -> bool:
        try:
            _READINGS.read(replace(self.schema, type=schema_type), self.needed, strict=self.strict)
        except InvalidSchema:
            return False
        return True

    def _tagged(self, parsed: ParsedSchema) -> str:
        handed_on: tuple[SchemaTags, ...] = ()
        if self.tags.propagate and self.before is not None:
            earlier = self.before.parsed()
            handed_on = inherited_tags(parsed, earlier) if earlier.type is parsed.type else ()
        return with_tags(parsed, add=(*handed_on, *self.tags.add), remove=self.tags.remove)


@dataclass(frozen=True, slots=True)
class TextOf:
    """The question how a stored schema reads in another format; None where it is no schema here."""

    kept: Kept
    format: str

    @property
    def is_quick(self) -> bool:
        """Whether it is short."""
        return self.kept.is_quick

    def answer(self) -> str | None:
        """The text, None where another registry once let something pass that is no schema here."""
        try:
            return self.kept.parsed().formatted(self.format)
        except InvalidSchema:
            return None


@dataclass(frozen=True, slots=True)
class TagsOf:
    """The question which tags a stored schema has, as in ``tags_in``."""

    kept: Kept
    find: tuple[str, ...]

    @property
    def is_quick(self) -> bool:
        """Whether it is short."""
        return self.kept.is_quick

    def answer(self) -> tuple[SchemaTags, ...]:
        """The tags; none where another registry once let something pass that is no schema here."""
        try:
            return tuple(tags_in(self.kept.parsed(), find=self.find))
        except InvalidSchema:
            return ()


def draft(
    state: RegistryState,
    subject: Subject,
    schema: Schema,
    *,
    normalize: bool,
    deleted: bool = False,
    strict: bool = True,
    imported: bool = False,
    tags: TagChange = NO_TAGS,
) -> Draft:
    """``schema`` as it would stand under ``subject``; with ``deleted`` it may refer to hidden versions.

    What is not new need not be ``strict``, and what is ``imported`` is taken as it comes.

    Raises EmptySchema, or SchemaRefused if a reference leads nowhere.
    """
    if not schema.text.strip():
        raise EmptySchema
    context, config = context_of(subject), state.effective_config(subject)
    references = tuple(
        _frozen(state, schema.type, reference, context, deleted=deleted) for reference in schema.references
    )
    normalize = not imported and (normalize or config.normalize is True)
    if normalize:
        references = tuple(sorted(set(references), key=lambda one: (one.name, one.subject, one.version)))
    newest = state.latest(subject) if tags else None
    return Draft(
        replace(schema, references=references),
        _needed(state, references, context),
        normalize,
        strict=strict and not imported and config.validate_new_schemas is not False,
        tags=tags,
        before=kept(state, newest) if newest else None,
    )


def is_quick(*texts: tuple[Schema, Needed], explained: bool = False) -> bool:
    """Whether these schemas, with all that they refer to, are short enough to be thought about while others wait."""
    most = _QUICKLY_EXPLAINED_CHARACTERS if explained else _QUICK_CHARACTERS
    return sum(characters_of(schema, needed) for schema, needed in texts) <= most


def stored_as(schema: Schema) -> Schema:
    """``schema`` as it is kept: empty metadata and empty rule sets are none."""
    if schema.metadata is None and schema.rule_set is None:
        return schema
    return replace(schema, metadata=schema.metadata or None, rule_set=schema.rule_set or None)


def kept(state: RegistryState, stored: StoredVersion) -> Kept:
    """The schema of ``stored`` with all that it refers to."""
    schema = stored.content.schema
    return Kept(schema, _needed(state, schema.references, context_of(stored.subject)))


def _frozen(
    state: RegistryState, schema_type: SchemaType, reference: Reference, context: Context, *, deleted: bool
) -> Reference:
    """``reference`` with a version that is there."""
    if reference.version == LATEST_IN_REFERENCE:
        stored = state.latest(within(context, reference.subject), deleted=deleted)
    else:
        stored = state.referred(reference, context=context)
    if stored is None or (stored.deleted and not deleted):
        raise SchemaRefused(
            schema_type,
            f'No schema reference found for subject "{reference.subject}" and version {reference.version}',
            hint=f"register what '{reference.name}' stands for first, or correct the reference",
        )
    return Reference(reference.name, reference.subject, stored.version)


def _needed(state: RegistryState, references: Sequence[Reference], context: Context) -> Needed:
    needed: dict[str, Schema] = {}
    entered: set[tuple[Subject, Version]] = set()
    to_do: list[tuple[Reference, Context, Schema | None]] = [
        (one, context, None) for one in reversed(references)
    ]
    while to_do:
        reference, where, complete = to_do.pop()
        if complete is not None:
            needed.setdefault(reference.name, complete)
            continue
        stored = state.referred(reference, context=where)
        if stored is None or (stored.subject, stored.version) in entered:
            continue
        entered.add((stored.subject, stored.version))
        schema, inside = stored.content.schema, context_of(stored.subject)
        to_do.append((reference, where, schema))
        to_do.extend((one, inside, None) for one in reversed(schema.references))
    return tuple(needed.items())
