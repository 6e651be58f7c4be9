"""From differences to findings: both sides in words, what would go wrong, and fixes that were tried."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias

from accord.findings import Finding, Fix, Severity, Side
from accord.schemas.comparison import NEW, Earlier, Failure, Terms, doubts, failures
from accord.schemas.errors import InvalidSchema
from accord.schemas.fixes import Proposal
from accord.schemas.formats import Format, format_of
from accord.schemas.model import ParsedSchema, SchemaType
from accord.schemas.rules import Difference
from accord.schemas.shared_rules import SCHEMA_TYPE_CHANGED

_MOST_FIXES: Final = 3
# A schema with more differences than this is another schema; fixes one by one would help nobody and take long.
_MOST_FIXED: Final = 20
# Trying a fix means reading the whole schema again, about a second for so many characters: only huge schemas notice.
_MOST_TRIED: Final = {SchemaType.AVRO: 2_000_000, SchemaType.JSON: 200_000, SchemaType.PROTOBUF: 200_000}

_Key: TypeAlias = tuple[str, bool, str, str]
_Place: TypeAlias = tuple[int, bool, str, str]


def explain(
    candidate: ParsedSchema,
    compared: Sequence[Earlier],
    terms: Terms,
    found: Sequence[Failure],
    *,
    strict: bool,
    others: Callable[[ParsedSchema], Iterable[Difference]],
) -> tuple[Finding, ...]:
    """A finding for each of ``found``, in the same order.

    No fix brings up a difference that ``others`` finds in the changed schema, nor a warning if ``strict``.
    """
    if not found:
        return ()
    return tuple(_Explainer(candidate, compared, terms, found, strict=strict, others=others).findings())


def warn(candidate: ParsedSchema, doubtful: Sequence[Failure]) -> Iterator[Finding]:
    """A finding for each of ``doubtful``, in the same order; nothing is proposed."""
    for doubt in doubtful:
        yield _compared(doubt, candidate)


def warn_alone(candidate: ParsedSchema, doubtful: Sequence[Difference]) -> Iterator[Finding]:
    """A finding for each of ``doubtful``, which are about ``candidate`` alone."""
    form = format_of(candidate.type)
    for difference in doubtful:
        yield _alone(form, difference, candidate)


class _Explainer:
    """Explains what was found in one check; a difference that recurs over versions gets its fixes worked out once."""

    def __init__(
        self,
        candidate: ParsedSchema,
        compared: Sequence[Earlier],
        terms: Terms,
        found: Sequence[Failure],
        *,
        strict: bool,
        others: Callable[[ParsedSchema], Iterable[Difference]],
    ) -> None:
        self._candidate = candidate
        self._compared = compared
        self._terms = terms
        self._found = found
        self._strict = strict
        self._others = others
        self._format = format_of(candidate.type)
        self._counts = self._standing_against(candidate)
        self._left_to_try = _MOST_TRIED[candidate.type]

    def findings(self) -> Iterator[Finding]:
        """One finding per failure."""
        groups: dict[_Key, list[Failure]] = {}
        for failure in self._found:
            if failure.difference.rule is not SCHEMA_TYPE_CHANGED:
                groups.setdefault(_key(failure), []).append(failure)
        fixes = {key: self._fixes(group) for key, group in list(groups.items())[:_MOST_FIXED]}
        for failure in self._found:
            if failure.difference.rule is SCHEMA_TYPE_CHANGED:
                yield _of_another_type(failure)
            else:
                yield _compared(failure, self._candidate, fixes.get(_key(failure), ()))

    def _fixes(self, group: Sequence[Failure]) -> tuple[Fix, ...]:
        if self._left_to_try <= 0:
            return ()
        failure = group[0]
        offered: dict[str, Fix] = {}
        for proposal in self._format.proposals(
            failure.difference,
            self._candidate,
            failure.earlier.schema,
            candidate_reads=failure.candidate_reads,
        ):
            if proposal.text not in offered and self._helps(proposal, group):
                offered[proposal.text] = Fix(proposal.summary, proposal.before, proposal.after, proposal.text)
            self._left_to_try -= len(proposal.text)
            if len(offered) == _MOST_FIXES or self._left_to_try <= 0:
                break
        return tuple(offered.values())

    def _helps(self, proposal: Proposal, group: Sequence[Failure]) -> bool:
        """Whether the proposal rids every version of the difference and brings up nothing new."""
        try:
            revised = self._format.revise(self._candidate, proposal.text)
            left = self._standing_against(revised)
        except InvalidSchema:
            return False
        return left <= self._counts and all(left[_place(one)] < self._counts[_place(one)] for one in group)

    def _standing_against(self, candidate: ParsedSchema) -> Counter[_Place]:
        counts = Counter(map(_place, failures(candidate, self._compared, self._terms)))
        counts.update((0, True, one.rule.id, str(one.facts)) for one in self._others(candidate))
        if self._strict:
            doubtful = doubts(candidate, self._compared, self._terms)
            counts.update(_place(one) for one in doubtful if _is_warning(one.difference))
            alone = self._format.warnings(candidate)
            counts.update((0, True, one.rule.id, "") for one in alone if _is_warning(one))
        return counts


def _compared(failure: Failure, candidate: ParsedSchema, fixes: tuple[Fix, ...] = ()) -> Finding:
    difference, rule, form = failure.difference, failure.difference.rule, format_of(candidate.type)
    pair = candidate, failure.earlier.schema
    reader, writer = pair if failure.candidate_reads else (pair[1], pair[0])
    readers_name, writers_name = _names(failure)
    words = {"reader": readers_name, "writer": writers_name}
    facts = {**words, **form.facts(difference, reader, writer)}
    readers_side, writers_side = form.sides(difference, reader, writer)
    detail = "; ".join(
        reason.rule.message.format(**words, **form.facts(reason, reader, writer))
        for reason in form.reasons(difference)
    )
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=rule.message.format(**facts),
        why=rule.why.format(**facts),
        path=difference.path,
        reader=Side(readers_name, *readers_side),
        writer=Side(writers_name, *writers_side),
        error_type=difference.reported_type,
        detail=detail,
        version=failure.earlier.version,
        fixes=fixes,
        candidate_reads=failure.candidate_reads,
    )


def _names(failure: Failure) -> tuple[str, str]:
    """Reader and writer in words."""
    old = failure.earlier.words
    return (NEW, old) if failure.candidate_reads else (old, NEW)


def _of_another_type(failure: Failure) -> Finding:
    difference, rule = failure.difference, failure.difference.rule
    reader, writer = _names(failure)
    words = {"reader": reader, "writer": writer, **difference.facts}
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=rule.message.format(**words),
        why=rule.why.format(**words),
        path=difference.path,
        reader=Side(reader, ""),
        writer=Side(writer, ""),
        version=failure.earlier.version,
    )


def _alone(form: Format, difference: Difference, candidate: ParsedSchema) -> Finding:
    rule = difference.rule
    words = {"reader": NEW, "writer": NEW, **form.facts(difference, candidate, candidate)}
    here, _ = form.sides(difference, candidate, candidate)
    return Finding(
        rule=rule.id,
        severity=rule.severity,
        message=rule.message.format(**words),
        why=rule.why.format(**words),
        path=difference.path,
        reader=Side(NEW, *here),
        writer=Side("", ""),
    )


def _is_warning(difference: Difference) -> bool:
    return difference.rule.severity is Severity.WARNING


def _key(failure: Failure) -> _Key:
    """The same for the same difference to several versions."""
    difference = failure.difference
    return difference.rule.id, failure.candidate_reads, difference.path, difference.additional_info


def _place(failure: Failure) -> _Place:
    """What stays the same of a failure when fields move; several failures may share it."""
    difference = failure.difference
    return failure.earlier.version, failure.candidate_reads, difference.rule.id, difference.additional_info
