"""What could be done to the new schema about each difference; nothing is offered before it was re-checked."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from accord.schemas.fixes import Proposal
from accord.schemas.json_text import JsonValue, written
from accord.schemas.jsonschema import rules
from accord.schemas.jsonschema.comparison.difference import JsonSchemaDifference
from accord.schemas.jsonschema.explanation.editing import Problem, rules_of
from accord.schemas.jsonschema.explanation.entry_fixes import (
    allow_anything,
    allow_what_was_covered,
    keep_entry,
    keep_entry_or_close,
    keep_entry_or_open,
    keep_requiring,
    leave_entry_out,
    let_be_optional,
    let_be_optional_and_anything,
    stop_requiring,
)
from accord.schemas.jsonschema.explanation.reasons import reasons_of
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.pointers import child
from accord.schemas.sentences import listed

_OF_A_DOCUMENT: Final = ("properties", "oneOf", "anyOf", "allOf")
_BRANCHES: Final = ("oneOf", "anyOf", "type")
_GREATEST_EFFORT: Final = 2_500
# Entry by entry keeps the layout of the text, which has to be gone through again for each of them.
_MOST_ONE_BY_ONE: Final = 10
_NOUNS: Final = {
    "enum": ("value", "values"),
    "type": ("type", "types"),
    "oneOf": ("branch", "branches"),
    "anyOf": ("branch", "branches"),
    "allOf": ("part", "parts"),
}
"""What the lists under these keywords hold, one and several."""


def proposals(
    difference: JsonSchemaDifference, candidate: JsonSchema, earlier: JsonSchema, *, candidate_reads: bool
) -> Iterator[Proposal]:
    """Changes to ``candidate`` that may be rid of ``difference``, the best first.

    None where each that is tried would mean to compare thousands of pairs again.
    """
    if candidate.effort_with(earlier) > _GREATEST_EFFORT:
        return
    table = _WHERE_IT_READS if candidate_reads else _WHERE_IT_WRITES
    for one in (*reasons_of(difference), difference):
        propose = table.get(one.rule.id)
        if propose is not None:
            yield from propose(Problem(one, candidate, earlier, candidate_reads))


# A keyword, or a whole schema, as it was.


def _restore(problem: Problem) -> Iterator[Proposal]:
    yield from _restore_keyword(problem, problem.difference.facts["keyword"])


def _restore_keyword(problem: Problem, keyword: str) -> Iterator[Proposal]:
    """The keyword as it was in the earlier schema."""
    spot, mine, theirs = problem.spot, problem.mine, problem.theirs
    if spot is None or not isinstance(mine, dict) or not isinstance(theirs, dict):
        return
    if keyword in theirs:
        changed = problem.source.with_member(spot, keyword, theirs[keyword])
        yield problem.keyword_proposal(f"keep `{keyword}` as it was", changed, spot, keyword)
    elif keyword in mine:
        yield from _drop_keyword(problem, spot, keyword)


def _drop_keyword(problem: Problem, spot: str, keyword: str) -> Iterator[Proposal]:
    changed = problem.source.without(child(spot, keyword))
    yield problem.keyword_proposal(f"leave `{keyword}` out", changed, spot, keyword)


def _restore_or_drop(problem: Problem) -> Iterator[Proposal]:
    yield from _restore(problem)
    spot, keyword = problem.spot, problem.difference.facts["keyword"]
    if spot is not None and child(spot, keyword) in problem.source:
        yield from _drop_keyword(problem, spot, keyword)


def _restore_contains(problem: Problem) -> Iterator[Proposal]:
    yield from _restore(problem)
    yield from _restore_keyword(problem, "contains")


def _restore_not(problem: Problem) -> Iterator[Proposal]:
    """The node is what ``not`` stands before, or all that stands beside it."""
    yield from _restore_keyword(problem, "not")
    yield from _keep_whole(problem)


def _keep_whole(problem: Problem) -> Iterator[Proposal]:
    """The schema as it was; where that is all of a document's description, nothing would be left of the change."""
    spot, mine, theirs = problem.spot, problem.mine, problem.theirs
    is_whole = not spot and isinstance(mine, dict) and not mine.keys().isdisjoint(_OF_A_DOCUMENT)
    if spot is None or theirs is None or is_whole:
        return
    yield problem.proposal("keep it as it was", problem.source.with_value(spot, theirs), spot)


# Another type.


def _keep_or_allow_both(problem: Problem) -> Iterator[Proposal]:
    yield from _keep_type(problem)
    spot, mine, theirs = problem.spot, problem.mine, problem.theirs
    if spot is None or mine is None or theirs is None:
        return
    if _differ_in_type_only(mine, theirs):
        types = [*_listed(mine["type"])]
        types += (one for one in _listed(theirs["type"]) if one not in types)
        changed = problem.source.with_member(spot, "type", types)
        yield problem.keyword_proposal("allow both types", changed, spot, "type")
    elif not _is_of_one_type(mine, theirs):
        changed = problem.source.with_value(spot, {"anyOf": [theirs, mine]})
        yield problem.proposal("allow both", changed, spot)


def _keep_type(problem: Problem) -> Iterator[Proposal]:
    if _differ_in_type_only(problem.mine, problem.theirs):
        yield from _restore_keyword(problem, "type")
        return
    if _is_of_one_type(problem.mine, problem.theirs):
        yield from _restore_others(problem)
    yield from _keep_whole(problem)


def _restore_others(problem: Problem) -> Iterator[Proposal]:
    """Without the keywords that only the candidate has, and with those that only the earlier schema had."""
    spot, mine, theirs = problem.spot, rules_of(problem.mine), rules_of(problem.theirs)
    added, lost = [key for key in mine if key not in theirs], [key for key in theirs if key not in mine]
    if spot is None or not (added or lost):
        return
    changed = problem.source
    for key in added:
        changed = changed.without(child(spot, key))
    for key in lost:
        changed = changed.with_member(spot, key, theirs[key])
    told = [f"leave {_quoted(added)} out"] if added else []
    told += [f"keep {_quoted(lost)}"] if lost else []
    yield problem.keywords_proposal(", and ".join(told), changed, spot, [*added, *lost])


def _quoted(keywords: Sequence[str]) -> str:
    return listed([f"`{one}`" for one in keywords])


def _differ_in_type_only(mine: JsonValue, theirs: JsonValue) -> bool:
    ours, others = rules_of(mine), rules_of(theirs)
    return (
        "type" in ours
        and "type" in others
        and {**ours, "type": None} == {**others, "type": None}
        and ours["type"] != others["type"]
    )


def _is_of_one_type(mine: JsonValue, theirs: JsonValue) -> bool:
    ours, others = rules_of(mine), rules_of(theirs)
    return "type" in ours and ours["type"] == others.get("type")


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [value]


# Lists of values, of types and of branches.


def _put_back(*keywords: str) -> Callable[[Problem], Iterator[Proposal]]:
    """Adds to the candidate's lists under ``keywords`` what the earlier ones have more, or keeps the whole."""

    def propose(problem: Problem) -> Iterator[Proposal]:
        for spot, keyword, mine, theirs in _lists(problem, keywords):
            changed, place = problem.source, child(spot, keyword)
            kept = {written(one, in_order=True) for one in mine}
            missing = [one for one in theirs if written(one, in_order=True) not in kept]
            if len(missing) > _MOST_ONE_BY_ONE:
                changed = changed.with_value(place, [*mine, *missing])
            else:
                for at, one in enumerate(missing, start=len(mine)):
                    changed = changed.with_item(place, at, one)
            if missing:
                noun = _NOUNS[keyword][len(missing) > 1]
                yield problem.keyword_proposal(f"put the {noun} back", changed, spot, keyword)
        yield from _keep_whole(problem)

    return propose


def _leave_out(*keywords: str) -> Callable[[Problem], Iterator[Proposal]]:
    """Takes out of the candidate's lists under ``keywords`` what the earlier ones do not have, or keeps the whole."""

    def propose(problem: Problem) -> Iterator[Proposal]:
        for spot, keyword, mine, theirs in _lists(problem, keywords):
            changed, place = problem.source, child(spot, keyword)
            known = {written(one, in_order=True) for one in theirs}
            extra = [at for at, one in enumerate(mine) if written(one, in_order=True) not in known]
            if len(extra) > _MOST_ONE_BY_ONE:
                left_out = set(extra)
                kept = [one for at, one in enumerate(mine) if at not in left_out]
                changed = changed.with_value(place, kept)
            else:
                for index in reversed(extra):
                    changed = changed.without(child(place, index))
            if 0 < len(extra) < len(mine):
                noun = _NOUNS[keyword][len(extra) > 1]
                yield problem.keyword_proposal(f"leave the new {noun} out", changed, spot, keyword)
        yield from _keep_whole(problem)

    return propose


def _lists(
    problem: Problem, keywords: tuple[str, ...]
) -> Iterator[tuple[str, str, list[JsonValue], list[JsonValue]]]:
    spot, mine, theirs = problem.spot, problem.mine, problem.theirs
    if spot is None or not isinstance(mine, dict) or not isinstance(theirs, dict):
        return
    for keyword in keywords:
        ours, others = mine.get(keyword), theirs.get(keyword)
        if isinstance(ours, list) and isinstance(others, list):
            yield spot, keyword, ours, others


# Schemas under a keyword.


def _leave_items_as_they_were(problem: Problem) -> Iterator[Proposal]:
    """For ``items`` that only the candidate has; the earlier one may have had a list of them."""
    place, theirs = problem.spot, problem.theirs
    if place is None or not isinstance(theirs, dict):
        return
    if "items" in theirs:
        changed = problem.source.with_value(place, theirs["items"])
        yield problem.proposal("keep `items` as it was", changed, place)
    else:
        yield problem.proposal("leave `items` out", problem.source.without(place), place)


def _keep_items(problem: Problem) -> Iterator[Proposal]:
    """For ``items`` that only the earlier schema has."""
    owner = problem.spot
    if owner is not None and problem.theirs is not None:
        changed = problem.source.with_member(owner, "items", problem.theirs)
        yield problem.proposal("keep `items`", changed, child(owner, "items"))


def _restore_dependency(problem: Problem) -> Iterator[Proposal]:
    spot, name, theirs = problem.spot, problem.difference.facts["name"], problem.theirs
    if spot is None or not isinstance(theirs, dict):
        return
    for keyword in ("dependencies", "dependentRequired", "dependentSchemas"):
        place, before = child(spot, keyword), theirs.get(keyword, {})
        if name in before:
            kept = {**(problem.source.value(place) if place in problem.source else {}), name: before[name]}
            changed = problem.source.with_member(spot, keyword, kept)
            yield problem.proposal("keep the dependency as it was", changed, place)
        elif child(place, name) in problem.source:
            alone = len(problem.source.value(place)) == 1
            changed = problem.source.without(place if alone else child(place, name))
            yield problem.proposal("leave the dependency out", changed, place)


def _restore_rest(problem: Problem) -> Iterator[Proposal]:
    """The keyword about what is not listed; for items its name depends on the draft."""
    for keyword in dict.fromkeys((problem.difference.facts["keyword"], "items")):
        yield from _restore_keyword(problem, keyword)


_EITHER_WAY: Final[Mapping[str, Callable[[Problem], Iterator[Proposal]]]] = {
    rules.CONTENT_MODEL_CLOSED.id: _restore,
    rules.CONTENT_MODEL_NARROWED.id: _restore,
    rules.LIST_CLOSED.id: _restore_rest,
    rules.LIST_NARROWED.id: _restore_rest,
    rules.DEPENDENCY_ADDED.id: _restore_dependency,
    rules.DEPENDENT_SCHEMA_ADDED.id: _restore_dependency,
    rules.TYPE_NARROWED.id: _keep_type,
    rules.UNIQUE_ITEMS_ADDED.id: _restore,
    rules.CONTAINS_TIGHTENED.id: _restore_contains,
    rules.COMBINATION_CHANGED.id: _keep_whole,
    rules.NEGATION_EXTENDED.id: _restore_not,
}
_WHERE_IT_READS: Final[Mapping[str, Callable[[Problem], Iterator[Proposal]]]] = {
    **_EITHER_WAY,
    rules.PROPERTY_ADDED_TO_OPEN_MODEL.id: allow_anything,
    rules.PROPERTY_ADDED_NOT_COVERED.id: allow_what_was_covered,
    rules.PROPERTY_REMOVED_FROM_CLOSED_MODEL.id: keep_entry_or_open,
    rules.PROPERTY_REMOVED_NOT_COVERED.id: keep_entry_or_open,
    rules.PROPERTY_BECAME_REQUIRED.id: stop_requiring,
    rules.REQUIRED_PROPERTY_ADDED_TO_OPEN_MODEL.id: let_be_optional_and_anything,
    rules.REQUIRED_PROPERTY_ADDED_TO_CLOSED_MODEL.id: let_be_optional,
    rules.REQUIRED_DEFAULT_ADDED_TO_OPEN_MODEL.id: let_be_optional_and_anything,
    rules.TYPE_CHANGED.id: _keep_or_allow_both,
    rules.ENUM_VALUES_MISSING.id: _put_back("enum"),
    rules.UPPER_LIMIT_TIGHTENED.id: _restore_or_drop,
    rules.LOWER_LIMIT_TIGHTENED.id: _restore_or_drop,
    rules.MULTIPLE_OF_TIGHTENED.id: _restore_or_drop,
    rules.PATTERN_CHANGED.id: _restore_or_drop,
    rules.SCHEMA_ADDED.id: _leave_items_as_they_were,
    rules.ITEM_ADDED_TO_OPEN_MODEL.id: allow_anything,
    rules.ITEM_ADDED_NOT_COVERED.id: allow_what_was_covered,
    rules.ITEM_REMOVED_FROM_CLOSED_MODEL.id: keep_entry_or_open,
    rules.ITEM_REMOVED_NOT_COVERED.id: keep_entry_or_open,
    rules.BRANCH_REMOVED.id: _put_back(*_BRANCHES),
    rules.BRANCHES_CHANGED.id: _put_back("enum", *_BRANCHES),
    rules.CONDITION_ADDED.id: _leave_out("allOf"),
}
_WHERE_IT_WRITES: Final[Mapping[str, Callable[[Problem], Iterator[Proposal]]]] = {
    **_EITHER_WAY,
    rules.PROPERTY_ADDED_TO_OPEN_MODEL.id: keep_entry_or_close,
    rules.PROPERTY_ADDED_NOT_COVERED.id: keep_entry,
    rules.PROPERTY_REMOVED_FROM_CLOSED_MODEL.id: leave_entry_out,
    rules.PROPERTY_REMOVED_NOT_COVERED.id: allow_what_was_covered,
    rules.PROPERTY_BECAME_REQUIRED.id: keep_requiring,
    rules.REQUIRED_PROPERTY_ADDED_TO_OPEN_MODEL.id: keep_entry,
    rules.REQUIRED_PROPERTY_ADDED_TO_CLOSED_MODEL.id: keep_entry,
    rules.REQUIRED_DEFAULT_ADDED_TO_OPEN_MODEL.id: keep_entry,
    rules.TYPE_CHANGED.id: _keep_type,
    rules.ENUM_VALUES_MISSING.id: _leave_out("enum"),
    rules.UPPER_LIMIT_TIGHTENED.id: _restore,
    rules.LOWER_LIMIT_TIGHTENED.id: _restore,
    rules.MULTIPLE_OF_TIGHTENED.id: _restore,
    rules.PATTERN_CHANGED.id: _restore,
    rules.SCHEMA_ADDED.id: _keep_items,
    rules.ITEM_ADDED_TO_OPEN_MODEL.id: keep_entry_or_close,
    rules.ITEM_ADDED_NOT_COVERED.id: keep_entry,
    rules.ITEM_REMOVED_FROM_CLOSED_MODEL.id: leave_entry_out,
    rules.ITEM_REMOVED_NOT_COVERED.id: allow_what_was_covered,
    rules.BRANCH_REMOVED.id: _leave_out(*_BRANCHES),
    rules.BRANCHES_CHANGED.id: _leave_out("enum", *_BRANCHES),
    rules.CONDITION_ADDED.id: _put_back("allOf"),
}
