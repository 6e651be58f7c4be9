"""Which pairs of schemas a level asks to compare, and what the comparisons bring up."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from accord.schemas.formats import format_of
from accord.schemas.metadata import Metadata
from accord.schemas.model import CompatibilityLevel, CompatibilityPolicy, ParsedSchema, Version
from accord.schemas.rules import Difference, Telling
from accord.schemas.shared_rules import SCHEMA_TYPE_CHANGED

NEW: Final = "the new schema"
"""The candidate in words."""

_OF_NEW_READERS: Final = frozenset({Telling.NEW_READER, Telling.HISTORY})


@dataclass(frozen=True, slots=True)
class Earlier:
    """A version that is already there. ``name`` says in words which one, by default "version 3"."""

    version: Version
    schema: ParsedSchema
    name: str = ""
    metadata: Metadata | None = None

    @property
    def words(self) -> str:
        """Which one it is, in words."""
        return self.name or f"version {self.version}"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked of a new version: what its ``level`` promises, as its ``policy`` judges that."""

    level: CompatibilityLevel
    policy: CompatibilityPolicy = CompatibilityPolicy.STRICT


@dataclass(frozen=True, slots=True)
class Failure:
    """A difference between the candidate and an earlier version; ``candidate_reads`` says who is the reader."""

    difference: Difference
    earlier: Earlier
    candidate_reads: bool


def compared_versions(earlier: Sequence[Earlier], level: CompatibilityLevel) -> Sequence[Earlier]:
    """The versions that ``level`` asks about, newest first."""
    if level is CompatibilityLevel.NONE:
        return ()
    return tuple(reversed(earlier if level.transitive else earlier[-1:]))


def failures(candidate: ParsedSchema, compared: Sequence[Earlier], terms: Terms) -> Iterator[Failure]:
    """What stands against ``candidate``, version by version; where both directions count, the old readers first."""
    for version in compared:
        if version.schema.type is not candidate.type:
            yield Failure(_other_type(candidate, version.schema), version, candidate_reads=True)
            continue
        compare = format_of(candidate.type).differences
        if terms.level.old_reads_new:
            for difference in compare(version.schema, candidate, policy=terms.policy):
                yield Failure(difference, version, candidate_reads=False)
        if terms.level.new_reads_old:
            for difference in compare(candidate, version.schema, policy=terms.policy):
                yield Failure(difference, version, candidate_reads=True)


def doubts(candidate: ParsedSchema, compared: Sequence[Earlier], terms: Terms) -> Iterator[Failure]:
    """What is compatible at ``level`` and questionable all the same; what recurs is told of the newest version only."""
    told = set[tuple[object, ...]]()
    # Formats bring up the very same difference for every version that has it; most are known before they are looked at.
    seen: dict[tuple[int, bool], Difference] = {}
    for version in compared:
        # Equal schemas leave nothing to doubt; not to compare them saves the time.
        if version.schema.type is not candidate.type or is_same(candidate, version.schema):
            continue
        for doubt in _doubts_about(candidate, version, terms, seen):
            key = _told_of(doubt, candidate)
            if key not in told:
                told.add(key)
                yield doubt


def is_same(one: ParsedSchema, other: ParsedSchema) -> bool:
    """Whether both say the same in the same words, and so does what they refer to."""
    return one.type is other.type and format_of(one.type).is_same(one, other)


def _doubts_about(
    candidate: ParsedSchema, version: Earlier, terms: Terms, seen: dict[tuple[int, bool], Difference]
) -> Iterator[Failure]:
    """What ``seen`` does not hold yet, by identity and by whether the candidate reads; it is put down there."""
    warn = format_of(candidate.type).pair_warnings
    found = warn(candidate, version.schema, policy=terms.policy, is_reader_new=True)
    for difference in _unseen(found, seen, candidate_reads=True):
        if terms.level.new_reads_old or difference.rule.telling is Telling.HISTORY:
            placed = replace(difference, path=difference.reader_place or "")
            yield Failure(placed, version, candidate_reads=True)
    if terms.level.old_reads_new:
        found = warn(version.schema, candidate, policy=terms.policy, is_reader_new=False)
        for difference in _unseen(found, seen, candidate_reads=False):
            if difference.rule.telling not in _OF_NEW_READERS:
                placed = replace(difference, path=difference.writer_place or "")
                yield Failure(placed, version, candidate_reads=False)


def _unseen(
    found: Iterable[Difference], seen: dict[tuple[int, bool], Difference], *, candidate_reads: bool
) -> Iterator[Difference]:
    for difference in found:
        if (id(difference), candidate_reads) not in seen:
            # Held, so that no other is ever at the same address.
            seen[id(difference), candidate_reads] = difference
            yield difference


def _told_of(doubt: Failure, candidate: ParsedSchema) -> tuple[object, ...]:
    """The same for what need not be told again."""
    difference = doubt.difference
    place = format_of(candidate.type).place(difference, candidate, is_reader=doubt.candidate_reads)
    facts = () if difference.rule.telling is Telling.ONCE else tuple(difference.facts.items())
    return difference.rule.id, place, facts


def _other_type(candidate: ParsedSchema, earlier: ParsedSchema) -> Difference:
    facts = {"reader_type": candidate.type.value, "writer_type": earlier.type.value}
    return Difference(SCHEMA_TYPE_CHANGED, "", "", "", facts)
