"""What the registry calls compatible, and what a validator may refuse all the same."""

from collections.abc import Iterator, Mapping
from typing import Final

from accord.schemas.json_text import written
from accord.schemas.jsonschema.comparison.contrasts import Contrast
from accord.schemas.jsonschema.comparison.difference import JsonSchemaDifference, contrasts_of
from accord.schemas.jsonschema.containment.gaps import Gap, GapKind
from accord.schemas.jsonschema.containment.ground import Ground, ground_of
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.proof import Proof
from accord.schemas.jsonschema.containment.reading import REMARKS
from accord.schemas.jsonschema.explanation.places import path_words, property_words
from accord.schemas.jsonschema.reading.drafts import draft_of, draft_words
from accord.schemas.jsonschema.rules import warnings_pair as rules
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.model import CompatibilityPolicy
from accord.schemas.pointers import child, tokens
from accord.schemas.rules import Rule

_NEVER_COMPARED: Final = frozenset({"contains", "propertyNames", "patternProperties", "then", "else"})
_LONGEST_VALUE: Final = 60


def pair_warnings(
    reader: JsonSchema, writer: JsonSchema, policy: CompatibilityPolicy
) -> Iterator[JsonSchemaDifference]:
    """One for each place where ``reader`` may refuse what ``writer`` allows, and the comparison says nothing."""
    yield from _gaps_told(reader, writer, policy)
    yield from _remarks(reader, writer)


def _gaps_told(
    reader: JsonSchema, writer: JsonSchema, policy: CompatibilityPolicy
) -> Iterator[JsonSchemaDifference]:
    gaps = _gaps_between(writer.ground, reader.ground)
    if not gaps:
        return
    refused = contrasts_of(reader, writer, policy)
    by_draft = _gaps_between_drafts(reader, writer, gaps)
    told = set[tuple[str, str, str]]()
    for gap in gaps:
        place = _place(gap)
        if any(_is_told(one, gap, place) for one in refused):
            continue
        rule = rules.DRAFT_READS_OTHERWISE if gap in by_draft else _rule_of(gap)
        key = rule.id, gap.reader.text.name, place
        if key not in told:
            told.add(key)
            yield _difference(rule, gap, place, _facts(gap, reader, writer))


def _is_told(refused: Contrast, gap: Gap, place: str) -> bool:
    """Whether the gap at ``place`` is, or lies around or in, what the comparison refuses."""
    if not gap.reader.text.name:
        return refused.reader_place is not None and _overlap(refused.reader_place, place)
    if refused.reader is None or refused.reader.document != gap.reader.text.name:
        return False
    # What lies in a referenced schema is told by the path that leads there: its end is the place in that schema.
    return any(f"{place}/" in f"{path}/" for path in (refused.path, child(refused.path, refused.keyword)))


def _gaps_between(writer: Ground, reader: Ground) -> tuple[Gap, ...]:
    return Proof(reader.root, writer, reader).gaps(writer.root, reader.root)


def _gaps_between_drafts(reader: JsonSchema, writer: JsonSchema, gaps: tuple[Gap, ...]) -> frozenset[Gap]:
    """Those that would not be if both were of the draft of the reader."""
    draft = draft_of(reader.document)
    if draft is draft_of(writer.document):
        return frozenset()
    alike = _gaps_between(ground_of(writer.library_in(draft).root), reader.ground)
    left = {(gap.reader.text.name, _place(gap)) for gap in alike}
    return frozenset(gap for gap in gaps if (gap.reader.text.name, _place(gap)) not in left)


def _difference(rule: Rule, gap: Gap, place: str, facts: Mapping[str, str]) -> JsonSchemaDifference:
    return JsonSchemaDifference(
        rule,
        place,
        None if gap.reader.text.name else place,
        None if gap.writer is None or gap.writer.text.name else gap.writer.place,
        facts,
        reader_node=None,
        writer_node=None,
    )


def _rule_of(gap: Gap) -> Rule:
    if gap.kind is GapKind.OPEN:
        return rules.PROPERTY_MEETS_OTHER_VALUES
    if gap.kind is GapKind.FORBIDDEN:
        return rules.PROPERTY_NO_LONGER_ALLOWED
    if gap.kind is GapKind.AMBIGUOUS:
        return rules.ONE_OF_AMBIGUOUS
    if gap.kind is GapKind.MISSING and _has_default(gap.reader, gap.name):
        return rules.DEFAULT_FILLS_NOTHING_IN
    return rules.KEYWORD_NOT_COMPARED if _uncompared(gap) else rules.DOCUMENT_MAY_BE_REFUSED


def _has_default(schema: Subschema, name: str) -> bool:
    described = schema.value.get("properties", {}).get(name)
    return isinstance(described, dict) and "default" in described


def _uncompared(gap: Gap) -> str:
    """The keyword that the comparison does not look at, where the gap is at one or within; "" otherwise."""
    draft = gap.reader.draft
    unknown = {"dependencies"} if draft.is_later else {"contains"}
    words = [*tokens(gap.reader.place), gap.keyword]
    never = (_NEVER_COMPARED - {"contains"}) | unknown
    if draft.is_later:
        never |= {"contains"}
    return next((word for word in words if word in never), "")


def _facts(gap: Gap, reader: JsonSchema, writer: JsonSchema) -> Mapping[str, str]:
    value = gap.reader.value.get(gap.keyword) if isinstance(gap.reader.value, dict) else None
    text = "" if isinstance(value, dict | list) or value is None else written(value)
    keyword = _uncompared(gap) or gap.keyword
    telling = keyword != gap.keyword or keyword not in _NEVER_COMPARED
    said = f"`{gap.keyword}` is {text}, and " if telling and 0 < len(text) <= _LONGEST_VALUE else ""
    return {
        "where": _where(gap),
        "keyword": keyword,
        "name": gap.name,
        "reason": said + gap.reason,
        "reader_draft": draft_words(draft_of(reader.document)),
        "writer_draft": draft_words(draft_of(writer.document)),
    }


def _where(gap: Gap) -> str:
    steps = tokens(gap.reader.place)
    if gap.kind in {GapKind.OPEN, GapKind.FORBIDDEN, GapKind.MISSING} and gap.name:
        if gap.keyword == "patternProperties":
            words = path_words([*steps, "patternProperties", gap.name])
        else:
            words = property_words(gap.name, steps)
    elif gap.kind in {GapKind.OPEN, GapKind.FORBIDDEN}:
        words = path_words([*steps, gap.keyword])
    else:
        words = path_words(steps)
    return f"{words} of the referenced schema `{gap.reader.text.name}`" if gap.reader.text.name else words


def _place(gap: Gap) -> str:
    place = gap.reader.place
    for step in (*gap.keyword.split("/"), *gap.steps) if gap.keyword else ():
        place = child(place, step)
    return place


def _overlap(one: str, other: str) -> bool:
    """Whether one of the places is around the other, or they are the same."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def _remarks(reader: JsonSchema, writer: JsonSchema) -> Iterator[JsonSchemaDifference]:
    if not any(f'"{keyword}"' in reader.text for keyword in REMARKS):
        return
    before = {one.place: one.value for one in writer.library.everything() if not one.text.name}
    for one in reader.library.everything():
        earlier = before.get(one.place)
        if one.text.name or not isinstance(one.value, dict) or not isinstance(earlier, dict):
            continue
        for keyword in REMARKS:
            mine, theirs = one.value.get(keyword), earlier.get(keyword)
            if isinstance(mine, str) and mine != theirs:
                facts = {
                    "where": path_words(tokens(one.place)),
                    "keyword": keyword,
                    "name": "",
                    "reader_value": written(mine),
                    "writer_value": "none" if theirs is None else written(theirs),
                }
                yield JsonSchemaDifference(
                    rules.FORMAT_NOT_COMPARED,
                    child(one.place, keyword),
                    child(one.place, keyword),
                    one.place if theirs is None else child(one.place, keyword),
                    facts,
                    reader_node=None,
                    writer_node=None,
                )
