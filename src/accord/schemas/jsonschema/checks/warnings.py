"""What the registry lets pass in a schema, and the specification does not, or what does nothing in it."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from textwrap import shorten
from typing import Final

from accord.schemas.json_text import quote
from accord.schemas.jsonschema.checks.contradictions import circles, contradictions
from accord.schemas.jsonschema.checks.effects import idle_keywords
from accord.schemas.jsonschema.checks.metaschema import is_portable, violations
from accord.schemas.jsonschema.comparison.difference import JsonSchemaDifference
from accord.schemas.jsonschema.containment.ground import Ground
from accord.schemas.jsonschema.containment.library import Subschema
from accord.schemas.jsonschema.containment.proof import Proof
from accord.schemas.jsonschema.containment.reach import Reach
from accord.schemas.jsonschema.explanation.places import path_words
from accord.schemas.jsonschema.reading.drafts import Draft, draft_of, draft_words
from accord.schemas.jsonschema.rules import warnings_schema as rules
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.pointers import child, parent, tokens
from accord.schemas.rules import Rule

# Nobody reads more of one kind, and a schema that holds more has one reason for all.
_MOST: Final = 100
_LONGEST: Final = 60


def warnings_of(schema: JsonSchema) -> Iterator[JsonSchemaDifference]:
    """One for each place where validators may disagree with the author, or with each other."""
    library = schema.library
    own = sorted((one for one in library.everything() if not one.text.name), key=lambda one: one.place)
    ground = schema.ground
    proof = Proof(ground.root, ground)
    yield from _text_after(schema)
    yield from _unknown_draft(schema)
    yield from islice(_violations(schema), _MOST)
    yield from islice(_patterns(own), _MOST)
    yield from islice(_circles(ground), _MOST)
    yield from islice(_contradictions(proof, ground.reach), _MOST)
    yield from islice(_defaults(proof, ground.reach), _MOST)
    yield from islice(_idle(own), _MOST)


def _text_after(schema: JsonSchema) -> Iterator[JsonSchemaDifference]:
    rest = schema.schema.text[len(schema.text) :].strip()
    if rest:
        value = shorten(rest, width=_LONGEST, placeholder=" ...")
        yield _difference(rules.TEXT_AFTER_SCHEMA, "", {"value": f"`{value}`"})


def _unknown_draft(schema: JsonSchema) -> Iterator[JsonSchemaDifference]:
    document = schema.document
    declared = document.get("$schema") if isinstance(document, dict) else None
    if isinstance(declared, str) and draft_of(document, otherwise=Draft.DRAFT_4) is not draft_of(document):
        facts = {"value": quote(declared), "draft": draft_words(draft_of(document))}
        yield _difference(rules.DRAFT_UNKNOWN, "/$schema", facts)


def _violations(schema: JsonSchema) -> Iterator[JsonSchemaDifference]:
    draft = draft_of(schema.document)
    for one in violations(schema.document, draft):
        facts = {
            "where": path_words(tokens(parent(one.place))),
            "keyword": one.keyword,
            "value": quote(one.value),
            "draft": draft_words(draft),
            "expected": one.expected,
        }
        yield _difference(rules.SCHEMA_BREAKS_DRAFT, one.place, facts)


def _patterns(schemas: Iterable[Subschema]) -> Iterator[JsonSchemaDifference]:
    for one in schemas:
        value = one.value if isinstance(one.value, dict) else {}
        named = value.get("patternProperties")
        places = {child(one.place, "pattern"): value.get("pattern")}
        places |= {
            child(child(one.place, "patternProperties"), name): name
            for name in (named if isinstance(named, dict) else ())
        }
        for place, pattern in places.items():
            if isinstance(pattern, str) and not is_portable(pattern):
                facts = {"where": path_words(tokens(one.place)), "value": quote(pattern)}
                yield _difference(rules.PATTERN_NOT_PORTABLE, place, facts)


def _circles(ground: Ground) -> Iterator[JsonSchemaDifference]:
    for one in circles(ground):
        if not one.text.name:
            yield _difference(rules.REFERENCE_CIRCULAR, one.place, {"where": path_words(tokens(one.place))})


def _contradictions(proof: Proof, reach: Reach) -> Iterator[JsonSchemaDifference]:
    for one, reason in contradictions(proof, reach):
        if not one.text.name:
            facts = {"where": path_words(tokens(one.place)), "reason": reason}
            yield _difference(rules.NO_VALUE_POSSIBLE, one.place, facts)


def _defaults(proof: Proof, reach: Reach) -> Iterator[JsonSchemaDifference]:
    for one in sorted(reach, key=lambda one: one.place):
        if one.text.name or not isinstance(one.value, dict) or "default" not in one.value:
            continue
        default = one.value["default"]
        if proof.takes(one, default) is False:
            facts = {"where": path_words(tokens(one.place)), "value": quote(default)}
            yield _difference(rules.DEFAULT_NOT_VALID, child(one.place, "default"), facts)


def _idle(schemas: Iterable[Subschema]) -> Iterator[JsonSchemaDifference]:
    for schema in schemas:
        for _, keyword, reason in idle_keywords(schema):
            facts = {"where": path_words(tokens(schema.place)), "keyword": keyword, "reason": reason}
            yield _difference(rules.KEYWORD_WITHOUT_EFFECT, child(schema.place, keyword), facts)


def _difference(rule: Rule, place: str, facts: Mapping[str, str]) -> JsonSchemaDifference:
    return JsonSchemaDifference(rule, place, place, None, facts, reader_node=None, writer_node=None)
