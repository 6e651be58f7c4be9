"""Everything that a schema can refer to: itself, and the schemas it was registered with. Nothing is ever fetched."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from accord.schemas.errors import InvalidSchema
from accord.schemas.json_text import JsonValue, quote
from accord.schemas.jsonschema.reading.drafts import Draft, draft_of
from accord.schemas.jsonschema.reading.spots import Spot, based
from accord.schemas.jsonschema.reading.uris import fragment_of, pointer_tokens, resolved, without_fragment
from accord.schemas.pointers import index_in

# Later drafts look for names only where schemas stand.
_SCHEMA_MAPS: Final = frozenset(
    {"properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"}
)
_SCHEMAS: Final = frozenset(
    {
        "additionalProperties", "allOf", "anyOf", "oneOf", "not", "items", "prefixItems", "contains", "if", "then", "else",
        "propertyNames", "unevaluatedItems", "unevaluatedProperties",
    }
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Document:
    """One text, found under ``uri``; ``root`` is the whole of it."""

    root: Spot
    uri: str

    @cached_property
    def named(self) -> Mapping[str, Spot]:
        """The schemas that have a URI of their own, by it; raises InvalidSchema where two have the same."""
        found: dict[str, Spot] = {}
        for uri, spot in self._names(self.root):
            if found.setdefault(uri, spot).pointer != spot.pointer and self.root.draft.is_later:
                raise spot.refusal(
                    f"two schemas have the URI {quote(uri)}", hint="give each `$id` and `$anchor` once"
                )
        return {self.uri: self.root, self.root.base: self.root, **found}

    def find(self, uri: str, reference: str) -> Spot | None:
        """What ``uri``, written as ``reference``, stands for; None where that is not here."""
        if reference.startswith("#") and not self.root.draft.is_later:
            return self.named.get(reference) or self._pointed(self.root, fragment_of(uri))
        if uri in self.named:
            return self.named[uri]
        whole = self.named.get(without_fragment(uri))
        return None if whole is None else self._pointed(whole, fragment_of(uri))

    def _pointed(self, whole: Spot, fragment: str) -> Spot | None:
        if not fragment:
            return whole
        if not fragment.startswith("/"):
            return self.named.get(f"#{fragment}")
        spot = whole
        for token in pointer_tokens(fragment):
            if isinstance(spot.value, dict) and token in spot.value:
                spot = spot.at(token)
            elif isinstance(spot.value, list) and (index := index_in(spot.value, token)) is not None:
                spot = spot.at(index)
            else:
                return None
        return spot

    def _names(self, spot: Spot) -> Iterator[tuple[str, Spot]]:
        """The URIs of ``spot`` and of what it holds, the outer ones first."""
        level = [spot]
        while level:
            for here in level:
                if isinstance(here.value, dict):
                    yield from _own_names(here)
            level = [inner for here in level for inner in _inside(here)]


class Library:
    """The schema ``text`` and, by name, all those that it was registered with."""

    def __init__(self, text: JsonValue, referenced: Mapping[str, JsonValue]) -> None:
        draft = draft_of(text)
        base = based(text, draft, "")
        self.root: Final = Spot(text, draft, base=base)
        self._documents = {"": Document(self.root, base)}
        self._by_uri: dict[str, Document] = {}
        _check_draft(self.root)
        for name, value in referenced.items():
            uri = resolved(base, name)
            own = Draft.DRAFT_2020_12 if draft.is_later else _older(draft_of(value, otherwise=draft), draft)
            root = Spot(value, own, document=name, base=based(value, own, without_fragment(uri)))
            _check_draft(root)
            self._documents[name] = self._by_uri[uri] = Document(root, uri)

    def find(self, spot: Spot, reference: str) -> tuple[str, Spot]:
        """What ``reference`` at ``spot`` refers to, and its URI; raises InvalidSchema where that is not at hand."""
        uri = resolved(spot.base, reference)
        found = self._documents[spot.document].find(uri, reference) if reference else None
        if found is None and uri in self._by_uri:
            found = self._by_uri[uri].root
        if found is None and without_fragment(uri) in self._by_uri:
            found = self._by_uri[without_fragment(uri)].find(uri, reference)
        if found is None:
            raise self._unresolved(spot, uri, reference)
        if not isinstance(found.value, dict | bool):
            raise spot.refusal(
                f"{quote(reference)} refers to {quote(found.value)}, which is no schema",
                hint="let it point at an object, or at true or false",
            )
        return uri, found

    def _unresolved(self, spot: Spot, uri: str, reference: str) -> InvalidSchema:
        complaint = f"the reference {quote(reference)} leads nowhere"
        whole = without_fragment(uri)
        if reference.startswith("#") or whole in self._by_uri or not whole:
            return spot.refusal(complaint, hint="define what it points at, or correct it")
        known = ", ".join(sorted(self._by_uri)) or "there are none"
        return spot.refusal(
            f"{complaint}: no schema of the name {quote(whole)} was given (references: {known}), and nothing is fetched",
            hint=f"register that schema under a subject of its own, and list it among the references as {quote(whole)}",
        )


def _check_draft(root: Spot) -> None:
    if isinstance(root.value, dict):
        root.string("$schema")


def _older(draft: Draft, otherwise: Draft) -> Draft:
    """A document is read as those that refer to it, unless it names another of the drafts that are read alike."""
    return otherwise if draft.is_later else draft


def _own_names(spot: Spot) -> Iterator[tuple[str, Spot]]:
    own = spot.value.get(spot.draft.id_keyword)
    if isinstance(own, str) and own:
        if not own.startswith("#"):
            yield spot.base, spot
        if not spot.draft.is_later:
            # Older drafts name a part of the document with an id such as "#address".
            yield own, spot
    if not spot.draft.is_later:
        return
    for keyword in ("$anchor", "$dynamicAnchor"):
        anchor = spot.value.get(keyword)
        if isinstance(anchor, str):
            yield f"{spot.base}#{anchor}", spot


def _inside(spot: Spot) -> Iterator[Spot]:
    if isinstance(spot.value, list):
        yield from spot.items()
    elif isinstance(spot.value, dict):
        for key, value in spot.value.items():
            if not isinstance(value, dict | list):
                continue
            if not spot.draft.is_later:
                if key not in {"enum", "const"}:
                    yield spot.at(key)
            elif key in _SCHEMAS:
                yield spot.at(key)
            elif key in _SCHEMA_MAPS and isinstance(value, dict):
                mapping = spot.at(key)
                yield from (mapping.at(name) for name in value)
