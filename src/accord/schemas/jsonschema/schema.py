"""A JSON Schema that is known to be valid."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from accord.schemas.errors import InvalidSchema
from accord.schemas.json_source import JsonSource
from accord.schemas.json_text import JsonValue, read_json_exactly, written
from accord.schemas.jsonschema.containment.ground import Ground, ground_of
from accord.schemas.jsonschema.containment.library import Library
from accord.schemas.jsonschema.contents import Content
from accord.schemas.jsonschema.model import CombinedNode, Node, ObjectNode
from accord.schemas.jsonschema.node_contents import node_contents
from accord.schemas.jsonschema.reading.drafts import Draft
from accord.schemas.jsonschema.reading.patterns import matching_effort
from accord.schemas.jsonschema.reading.tree import read_schema
from accord.schemas.model import Reference, Schema, SchemaType


@dataclass(frozen=True, eq=False)
class JsonSchema:
    """A parsed JSON Schema.

    ``document`` is the text as a JSON value, digit for digit, ``root`` the same as the nodes that are compared, with all
    that the ``referenced`` schemas bring. ``text`` is what of the schema's text was read; what follows says nothing.
    """

    schema: Schema
    referenced: Mapping[str, Schema]
    document: JsonValue = field(repr=False)
    text: str = field(repr=False)
    root: Node = field(repr=False)

    @property
    def type(self) -> SchemaType:
        """The format."""
        return SchemaType.JSON

    @property
    def references(self) -> tuple[Reference, ...]:
        """What the schema refers to, as given."""
        return self.schema.references

    @cached_property
    def canonical(self) -> str:
        """The text that is stored and hashed: compact, with the keys in the order they have."""
        return written(self.document)

    @cached_property
    def normalized(self) -> str:
        """The canonical text with the keys of every object sorted (``normalize=true``)."""
        return written(self.document, in_order=True)

    def formatted(self, name: str) -> str:
        """See ``ParsedSchema``: this format has no other text forms."""
        del name
        return self.canonical

    def position(self, place: str) -> tuple[int, int]:
        """See ``ParsedSchema``."""
        return self.source.position(place)

    @cached_property
    def library(self) -> Library:
        """The schema with all that it refers to, by the specification."""
        return self.library_in(None)

    def library_in(self, draft: Draft | None) -> Library:
        """The same as another ``draft`` than it declares."""
        referenced = {name: read_json_exactly(one.text)[0] for name, one in self.referenced.items()}
        return Library(self.document, referenced, draft=draft)

    @cached_property
    def ground(self) -> Ground:
        """Every schema that it leads to, by the specification."""
        return ground_of(self.library.root)

    @cached_property
    def contents(self) -> Mapping[Node, Content]:
        """What its nodes say as the registry's comparison sees it."""
        return node_contents(self.root)

    def effort_with(self, other: "JsonSchema") -> int:
        """About how many pairs of branches, and of patterns and names, there are to compare the two."""
        matchings = self.matching * other.naming + other.matching * self.naming
        return self.branching * other.branching + matchings

    @cached_property
    def branching(self) -> int:
        """How many members the largest combination in it has."""
        return max((len(one.members) for one in self.contents if isinstance(one, CombinedNode)), default=0)

    @cached_property
    def matching(self) -> int:
        """What it takes to match one name with all of its patterns, where most of them take 1."""
        patterns = (name for one in self.contents if isinstance(one, ObjectNode) for name in one.patterns)
        return sum(map(matching_effort, patterns))

    @cached_property
    def naming(self) -> int:
        """How many properties it names."""
        return sum(len(one.properties) for one in self.contents if isinstance(one, ObjectNode))

    @cached_property
    def source(self) -> JsonSource:
        """The text as it was written, and the places in it."""
        return JsonSource(self.text)


def parse_json_schema(schema: Schema, referenced: Mapping[str, Schema]) -> JsonSchema:
    """Parse ``schema``, whose references are in ``referenced`` in an order in which each follows what it needs."""
    document, end = read_json_exactly(schema.text)
    values = {name: _document_of(name, needed) for name, needed in referenced.items()}
    return JsonSchema(schema, referenced, document, schema.text[:end], read_schema(document, values))


def _document_of(name: str, schema: Schema) -> JsonValue:
    try:
        return read_json_exactly(schema.text)[0]
    except InvalidSchema as error:
        raise InvalidSchema(
            f"the referenced schema {name!r} is not valid: {error.message}", hint=error.hint
        ) from error
