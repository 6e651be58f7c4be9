"""Schemas in their texts, and what the references between them refer to, by the specification."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import unquote, urldefrag, urljoin

from accord.schemas.json_text import JsonValue, written
from accord.schemas.jsonschema.reading.drafts import Draft, draft_of
from accord.schemas.pointers import child, index_in, tokens

METASCHEMAS: Final[Mapping[Draft, str]] = {
    Draft.DRAFT_4: "http://json-schema.org/draft-04/schema#",
    Draft.DRAFT_6: "http://json-schema.org/draft-06/schema#",
    Draft.DRAFT_7: "http://json-schema.org/draft-07/schema#",
    Draft.DRAFT_2019_09: "https://json-schema.org/draft/2019-09/schema",
    Draft.DRAFT_2020_12: "https://json-schema.org/draft/2020-12/schema",
}
_AGES: Final = {draft: age for age, draft in enumerate(METASCHEMAS)}

# No reference in use resolves to it by accident: the name is reserved for what does not exist.
_HOME: Final = "https://schemas.invalid/"
_ONE: Final = (
    "not", "if", "then", "else", "contains", "propertyNames", "additionalProperties", "additionalItems",
    "unevaluatedItems", "unevaluatedProperties", "contentSchema", "items",
)  # fmt: skip
_MANY: Final = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_NAMED: Final = (
    "properties",
    "patternProperties",
    "definitions",
    "$defs",
    "dependentSchemas",
    "dependencies",
)


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """A schema document, known by its ``uri``; ``name`` is what references call it, "" for the schema itself.

    ``parts`` are the schemas in it that somebody asked for, by their places.
    """

    name: str
    uri: str
    root: JsonValue
    library: "Library" = field(repr=False)
    parts: "dict[str, Subschema]" = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Subschema:
    """A schema within a text, at the JSON pointer ``place``; references in it start out from the URI ``base``.

    There is one for each place, so that they can be told apart quickly.
    """

    text: Text
    place: str
    value: JsonValue = field(repr=False)
    base: str = field(repr=False)
    draft: Draft

    def child(self, *steps: str | int) -> "Subschema":
        """The schema some steps further down."""
        place = self.place
        for step in steps:
            place = child(place, step)
        known = self.text.parts.get(place)
        return known or self._part(place, steps)

    def _part(self, place: str, steps: tuple[str | int, ...]) -> "Subschema":
        value = self.value
        for step in steps:
            value = value[step]
        base, draft = _scope(value, self.base, self.draft)
        part = self.text.parts[place] = Subschema(self.text, place, value, base, draft)
        return part

    def children(self) -> Iterator["Subschema"]:
        """Every schema directly below this one, whatever the draft makes of the keyword."""
        value = self.value if isinstance(self.value, dict) else {}
        for keyword in _ONE:
            if isinstance(value.get(keyword), dict | bool):
                yield self.child(keyword)
        for keyword in _MANY:
            if isinstance(value.get(keyword), list):
                yield from (self.child(keyword, index) for index in range(len(value[keyword])))
        for keyword in _NAMED:
            if isinstance(value.get(keyword), dict):
                yield from (self.child(keyword, name) for name in value[keyword])

    def resolve(self, reference: str) -> "Subschema | None":
        """What ``reference`` refers to here, None where that is not at hand."""
        return self.text.library.resolve(self, reference)


class Library:
    """A schema with all that it refers to; nothing is fetched.

    ``referenced`` holds the documents by the names that references give them. With a ``draft``, everything is read as
    that draft means it, whatever the texts declare.
    """

    def __init__(
        self, root: JsonValue, referenced: Mapping[str, JsonValue], *, draft: Draft | None = None
    ) -> None:
        self._draft = draft
        otherwise = draft_of(root)
        self.root = self._shelve(Text("", f"{_HOME}schema", root, self), otherwise)
        self._named = {
            name: self._shelve(Text(name, joined(_HOME, name), value, self), otherwise)
            for name, value in referenced.items()
        }

    @property
    def roots(self) -> tuple[Subschema, ...]:
        """The schema and the documents that it refers to."""
        return self.root, *self._named.values()

    @cached_property
    def spelled_out(self) -> str:
        """All of it as text."""
        return repr([(root.text.name, root.draft.value, written(root.value)) for root in self.roots])

    def everything(self) -> Iterator[Subschema]:
        """All schemas in all texts."""
        waiting = list(self.roots)
        while waiting:
            one = waiting.pop()
            yield one
            waiting += one.children()

    def resolve(self, subschema: Subschema, reference: str) -> Subschema | None:
        """What ``reference`` within ``subschema`` refers to, None where that is not at hand."""
        relative, _, fragment = reference.partition("#")
        # References are registered under names that need not be URIs: the name as it is written comes first.
        resource = self._named.get(relative) or self._resource(joined(subschema.base, relative))
        if resource is None or not fragment:
            return resource
        if fragment.startswith("/"):
            return _descend(resource, unquote(fragment))
        return self._index.anchors.get((resource.base, fragment))

    def resolve_dynamic(self, subschema: Subschema, reference: str) -> Subschema | None:
        """What a ``$dynamicRef`` refers to, None also where that depends on the way that led there."""
        several = self._index.dynamic.get(reference.partition("#")[2], 0) > 1
        return None if several else self.resolve(subschema, reference)

    def resolve_recursive(self, subschema: Subschema, reference: str) -> Subschema | None:
        """What a ``$recursiveRef`` refers to, None also where that depends on the way that led there."""
        return None if self._index.dynamic.get("") else self.resolve(subschema, reference)

    def _resource(self, uri: str) -> Subschema | None:
        plain = next((one for one in self.roots if uri in {one.base, one.text.uri}), None)
        return plain or self._index.resources.get(uri)

    @cached_property
    def _index(self) -> "_Index":
        return _Index(self.everything())

    def _shelve(self, text: Text, otherwise: Draft) -> Subschema:
        declared = self._draft or draft_of(text.root, otherwise=otherwise)
        base, _ = _scope(text.root, text.uri, declared)
        root = text.parts[""] = Subschema(text, "", text.root, base, declared)
        return root


class _Index:
    """Schemas by what they are called: resources by their URIs, anchors by theirs and a name."""

    def __init__(self, schemas: Iterable[Subschema]) -> None:
        self.resources: dict[str, Subschema] = {}
        self.anchors: dict[tuple[str, str], Subschema] = {}
        self.dynamic: dict[str, int] = {}
        for one in schemas:
            if isinstance(one.value, dict):
                self._add(one, one.value)

    def _add(self, one: Subschema, value: Mapping[str, JsonValue]) -> None:
        identifier = _identifier(value, one.draft)
        if identifier.startswith("#"):
            self.anchors.setdefault((one.base, identifier[1:]), one)
        elif identifier:
            self.resources.setdefault(one.base, one)
        for keyword in ("$anchor", "$dynamicAnchor"):
            anchor = value.get(keyword)
            if isinstance(anchor, str) and one.draft.is_later:
                self.anchors.setdefault((one.base, anchor), one)
        dynamic = value.get("$dynamicAnchor")
        if isinstance(dynamic, str):
            self.dynamic[dynamic] = self.dynamic.get(dynamic, 0) + 1
        if value.get("$recursiveAnchor") is True:
            self.dynamic[""] = self.dynamic.get("", 0) + 1


def is_since(draft: Draft, first: Draft) -> bool:
    """Whether it is the draft ``first`` or a later one."""
    return _AGES[draft] >= _AGES[first]


def joined(base: str, relative: str) -> str:
    """The URI without a fragment that ``relative`` means where ``base`` is the base."""
    if not relative or relative.startswith("#"):
        return base
    try:
        return urldefrag(urljoin(base, relative))[0]
    except ValueError:
        return base


def _descend(resource: Subschema, pointer: str) -> Subschema | None:
    found = resource
    for token in tokens(pointer):
        if isinstance(found.value, list) and (index := index_in(found.value, token)) is not None:
            found = found.child(index)
        elif isinstance(found.value, dict) and token in found.value:
            found = found.child(token)
        else:
            return None
    return found


def _scope(value: JsonValue, base: str, draft: Draft) -> tuple[str, Draft]:
    """The base and the draft inside of a schema."""
    if not isinstance(value, dict):
        return base, draft
    identifier = _identifier(value, draft)
    if not identifier or identifier.startswith("#"):
        return base, draft
    return joined(base, identifier), draft_of(value, otherwise=draft)


def _identifier(value: Mapping[str, JsonValue], draft: Draft) -> str:
    """The ``$id`` of a schema, "" where it has none; beside ``$ref`` older drafts do not see it."""
    if "$ref" in value and not draft.is_later:
        return ""
    identifier = value.get(draft.id_keyword)
    return identifier if isinstance(identifier, str) else ""
