"""Changing the text of a JSON Schema: what it takes to give keywords, properties and items another state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from accord.schemas.fixes import Proposal
from accord.schemas.json_source import JsonSource
from accord.schemas.json_text import JsonValue
from accord.schemas.jsonschema.comparison.difference import JsonSchemaDifference
from accord.schemas.jsonschema.model import Node
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.pointers import child, parent, tokens

_LONGEST_SHOWN: Final = 100
_REMARKS: Final = ("title", "description", "$comment", "default", "examples", "deprecated")
_FRAME: Final = ("$schema", "$id", "id", "definitions", "$defs")
_PLAIN: Final[dict[str, JsonValue]] = {
    "string": "",
    "integer": 0,
    "number": 0,
    "boolean": False,
    "array": [],
    "object": {},
}
_REST_OF: Final = {
    "properties": ("additionalProperties", "unevaluatedProperties"),
    "items": ("additionalItems", "unevaluatedItems"),
    "prefixItems": ("items", "unevaluatedItems"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A difference and the two schemas; the text of ``candidate`` is what can be changed."""

    difference: JsonSchemaDifference
    candidate: JsonSchema
    earlier: JsonSchema
    candidate_reads: bool

    @property
    def source(self) -> JsonSource:
        """The text before any change."""
        return self.candidate.source

    @property
    def here(self) -> Node | None:
        """The candidate's node."""
        return self.difference.reader_node if self.candidate_reads else self.difference.writer_node

    @property
    def there(self) -> Node | None:
        """The earlier schema's node."""
        return self.difference.writer_node if self.candidate_reads else self.difference.reader_node

    @property
    def spot(self) -> str | None:
        """Where the candidate's node is, or what is around it; None in a referenced schema."""
        return self._spot(self.here, of_reader=self.candidate_reads)

    @property
    def earlier_spot(self) -> str | None:
        """The same of the earlier schema."""
        return self._spot(self.there, of_reader=not self.candidate_reads)

    def _spot(self, node: Node | None, *, of_reader: bool) -> str | None:
        if node is not None:
            return node.place
        return self.difference.reader_place if of_reader else self.difference.writer_place

    @property
    def mine(self) -> JsonValue:
        """What the candidate has at its spot, None for nothing."""
        return _value(self.source, self.spot)

    @property
    def theirs(self) -> JsonValue:
        """What the earlier schema has at its spot, None for nothing."""
        return _value(self.earlier.source, self.earlier_spot)

    def proposal(self, summary: str, changed: JsonSource, place: str) -> Proposal:
        """A proposal whose change shows at ``place``."""
        return Proposal(summary, self.source.excerpt(place), changed.excerpt(place), changed.text)

    def keyword_proposal(self, summary: str, changed: JsonSource, spot: str, keyword: str) -> Proposal:
        """A proposal that changes a keyword of the schema at ``spot``; a small schema is shown as a whole."""
        return self.keywords_proposal(summary, changed, spot, [keyword])

    def keywords_proposal(
        self, summary: str, changed: JsonSource, spot: str, keywords: Sequence[str]
    ) -> Proposal:
        """The same for several keywords."""
        if spot and len(self.source.excerpt(spot)) <= _LONGEST_SHOWN:
            return self.proposal(summary, changed, spot)
        places = [child(spot, keyword) for keyword in keywords]
        before, after = (
            "\n".join(filter(None, map(source.excerpt, places))) for source in (self.source, changed)
        )
        return Proposal(summary, before, after, changed.text)

    @property
    def lacking(self) -> str | None:
        """The candidate's schema that does not list what the earlier one does."""
        if self.here is None or self.spot is None:
            return self.spot
        # The node is then the rule for what is not listed.
        above = parent(self.spot)
        return parent(above) if tokens(self.spot)[-2:-1] == ["patternProperties"] else above


@dataclass(frozen=True, slots=True)
class Entry:
    """A property or an item that one schema lists and the other does not, by where the one lists it."""

    place: str

    @property
    def owner(self) -> str:
        """The schema that lists it."""
        return parent(parent(self.place))

    @property
    def keyword(self) -> str:
        """The keyword that lists it."""
        return tokens(self.place)[-2]

    @property
    def name(self) -> str:
        """Its name, or its number."""
        return tokens(self.place)[-1]

    @property
    def is_property(self) -> bool:
        """Whether it is a property, or else an item."""
        return self.keyword == "properties"

    @property
    def noun(self) -> str:
        """What it is."""
        return "property" if self.is_property else "item"

    @property
    def rests(self) -> tuple[str, str]:
        """The keywords about what is not listed."""
        return _REST_OF[self.keyword]

    def put_into(self, source: JsonSource, owner: str, value: JsonValue) -> JsonSource:
        """``source`` with the entry in the schema at ``owner``."""
        listing = child(owner, self.keyword)
        if self.is_property:
            if listing in source:
                return source.with_member(listing, self.name, value)
            return source.with_member(owner, self.keyword, {self.name: value})
        if listing in source:
            return source.with_item(listing, int(self.name), value)
        return source.with_member(owner, self.keyword, [value])

    def place_in(self, owner: str) -> str:
        """Where it stands in the schema at ``owner``."""
        return child(child(owner, self.keyword), self.name)


def requiring(source: JsonSource, owner: str, name: str) -> JsonSource:
    """``source`` with the property required by the object at ``owner``."""
    place = child(owner, "required")
    names = source.value(place) if place in source else []
    return source if name in names else source.with_member(owner, "required", [*names, name])


def not_requiring(source: JsonSource, owner: str, name: str) -> JsonSource:
    """``source`` with the property left out of what the object at ``owner`` requires."""
    place = child(owner, "required")
    if place not in source:
        return source
    names = [one for one in source.value(place) if one != name]
    return source.with_value(place, names) if names else source.without(place)


def remarks(schema: JsonValue) -> JsonValue:
    """A schema that allows anything, with what ``schema`` says beside its rules."""
    return {key: schema[key] for key in _REMARKS if key in schema} if isinstance(schema, dict) else {}


def rules_of(schema: JsonValue) -> dict[str, JsonValue]:
    """What ``schema`` says of a value, without remarks and what only names it or is defined in it; {} if it is no object."""
    if not isinstance(schema, dict):
        return {}
    return {key: value for key, value in schema.items() if key not in _REMARKS and key not in _FRAME}


def plain_default(schema: JsonValue) -> JsonValue:
    """A value of the type of ``schema`` that says nothing, None where more than the type has a say."""
    if not isinstance(schema, dict) or not schema.keys() <= {"type", "title", "description"}:
        return None
    given = schema.get("type")
    return _PLAIN.get(given) if isinstance(given, str) else None


def _value(source: JsonSource, place: str | None) -> JsonValue:
    return source.value(place) if place is not None and place in source else None
