"""Changing the text of an Avro schema: what it takes to move a type or a field from another schema into it."""

import json
from collections.abc import Collection
from dataclasses import dataclass

from accord.schemas.avro.canonical import field_text, type_text
from accord.schemas.avro.compatibility import AvroDifference
from accord.schemas.avro.model import Field, NamedType, Record, Ref, Type
from accord.schemas.avro.schema import AvroSchema
from accord.schemas.avro.tree import nodes_in
from accord.schemas.fixes import Proposal
from accord.schemas.json_source import JsonSource
from accord.schemas.json_text import JsonValue
from accord.schemas.pointers import child, parent, tokens

_NAMED = ("record", "error", "enum", "fixed")


@dataclass(frozen=True, slots=True)
class Problem:
    """A difference and the two schemas; the text of ``candidate`` is what can be changed."""

    difference: AvroDifference
    candidate: AvroSchema
    earlier: AvroSchema

    @property
    def source(self) -> JsonSource:
        """The text before any change."""
        return self.candidate.source

    def proposal(self, summary: str, changed: JsonSource, place: str) -> Proposal:
        """A proposal whose change shows at ``place``, or in the field whose type stands there."""
        shown = parent(place) if place.endswith("/type") else place
        return Proposal(summary, self.source.excerpt(shown), changed.excerpt(shown), changed.text)

    def instead(self, node: Type, place: str) -> JsonValue:
        """``node`` of the earlier schema as it may stand at ``place`` instead of what does now."""
        return self._moved(node, place, _names_without(self.candidate, place))

    def beside(self, node: Type, place: str) -> JsonValue:
        """``node`` of the earlier schema as it may join what stands at ``place``."""
        return self._moved(node, place, self.candidate.types.keys())

    def _moved(self, node: Type, place: str, known: Collection[str]) -> JsonValue:
        return json.loads(type_text(node, self.earlier.types, space_at(self.source, place), known=known))

    def earlier_field(self, field: Field, record: Record) -> JsonValue:
        """``field`` of the earlier schema as it may stand in ``record``."""
        text = field_text(field, self.earlier.types, record.name.space, known=self.candidate.types.keys())
        return json.loads(text)


def renamed(schema: AvroSchema, definition: NamedType, short: str) -> JsonSource:
    """The text with another short name for ``definition``, wherever it is used."""
    source = schema.source
    if definition.place is not None:
        source = _with_last_part(source, child(definition.place, "name"), short)
    for node in nodes_in(schema.root):
        if isinstance(node, Ref) and node.name == definition.name.full and node.place is not None:
            inner = child(node.place, "type")
            source = _with_last_part(source, inner if inner in source else node.place, short)
    return source


def space_at(source: JsonSource, place: str) -> str:
    """The namespace in force at ``place``."""
    node, space = source.document, ""
    for step in tokens(place):
        if isinstance(node, dict) and node.get("type") in _NAMED:
            given, own = str(node.get("name", "")), node.get("namespace")
            before, dot, _ = given.rpartition(".")
            space = before if dot else own if isinstance(own, str) else space
        node = node[int(step)] if isinstance(node, list) else node[step]
    return space


def _names_without(schema: AvroSchema, place: str) -> set[str]:
    """The names that stay defined when what stands at ``place`` goes."""
    inside: set[str] = set()
    outside: set[str] = set()
    for node in nodes_in(schema.root):
        if isinstance(node, NamedType):
            goes = node.place is not None and f"{node.place}/".startswith(f"{place}/")
            (inside if goes else outside).add(node.name.full)
    return (set(schema.types) - inside) | outside


def _with_last_part(source: JsonSource, place: str, short: str) -> JsonSource:
    before, dot, _ = str(source.value(place)).rpartition(".")
    return source.with_value(place, f"{before}{dot}{short}")
