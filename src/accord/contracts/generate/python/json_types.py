"""From a JSON Schema to what is declared in Python, as far as type hints go.

What a value must be beyond its type (lengths, patterns, bounds) stays with the schema: the codec checks it on both sides.
What another document defines is declared here again.
"""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import NoneType
from typing import Any, Final
from urllib.parse import unquote

from accord.contracts.generate.python.names import Kind, attribute_for, class_name, unique
from accord.contracts.generate.python.shapes import Attribute, Class, Refusal, Shape, Shapes
from accord.contracts.generate.python.words import (
    ANY,
    BOOL,
    BYTES,
    DICT,
    FLOAT,
    INT,
    LIST,
    NONE,
    STR,
    Either,
    Expression,
    Hint,
    Items,
    Members,
    Name,
    Of,
    OneOf,
    Plain,
    either,
    hint_of,
    is_optional,
)
from accord.schemas import JsonDocuments, ParsedSchema, json_documents
from accord.schemas.pointers import child

Node = Any
"""A part of a schema: an object, True or False."""

_FORMATS: Final[Mapping[str, Name]] = {
    "date-time": hint_of(dt.datetime),
    "date": hint_of(dt.date),
    "uuid": hint_of(uuid.UUID),
}
_SCALARS: Final[Mapping[str, Hint]] = {"null": NONE, "boolean": BOOL, "integer": INT, "number": FLOAT}
_OF_VALUES: Final[Sequence[tuple[type, Hint]]] = (
    (bool, BOOL),
    (float, FLOAT),
    (list, Of(LIST, (ANY,))),
    (dict, Of(DICT, (STR, ANY))),
    (NoneType, NONE),
)
_TELLING: Final = frozenset(
    {"$ref", "additionalProperties", "allOf", "anyOf", "const", "enum", "items", "oneOf", "patternProperties",
     "prefixItems", "properties", "required", "type"}
)  # fmt: skip
_OF_OBJECTS: Final = ("properties", "additionalProperties", "patternProperties", "required")


@dataclass(frozen=True, slots=True)
class _At:
    """A place: a document's URI, and a JSON pointer."""

    uri: str
    pointer: str

    def to(self, *steps: str | int) -> "_At":
        pointer = self.pointer
        for step in steps:
            pointer = child(pointer, step)
        return _At(self.uri, pointer)


class _Inexpressible(Exception):
    """No class can hold it."""


def json_shapes(parsed: ParsedSchema, kind: Kind, *, root: str) -> Shapes:
    """What the schema declares; the whole is the class called ``root``."""
    documents = json_documents(parsed)
    making = _Making(documents, kind)
    at = _At(documents.root, "")
    try:
        hint = making.hint(documents.texts[documents.root], at, root)
        making.finish()
        if not isinstance(hint, Name) or hint.home:
            making.refuse(at, "the whole value", "it is no object with members that have names")
    except RecursionError:
        making.refuse(at, "the whole value", "it is nested too deep")
        hint = ANY
    return Shapes(tuple(making.shapes.values()), hint, tuple(making.refusals))


@dataclass(slots=True)
class _Making:
    documents: JsonDocuments
    kind: Kind
    shapes: dict[_At, Shape] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    _classes: dict[_At, Name] = field(default_factory=dict)
    _open: set[_At] = field(default_factory=set)

    def refuse(self, at: _At, what: str, reason: str) -> None:
        place = at.pointer if at.uri == self.documents.root else ""
        self.refusals.append(Refusal(place, what, reason))

    def finish(self) -> None:
        """Name the attributes, now that every class has its name."""
        classes = {shape.name for shape in self.shapes.values()}
        for at, shape in self.shapes.items():
            if isinstance(shape, Class):
                self.shapes[at] = replace(shape, attributes=tuple(self._named(shape, classes, at)))

    def hint(self, node: Node, at: _At, words: str) -> Hint:
        """The type hint of what ``node`` allows; ``words`` are for the name of a class."""
        try:
            return self._hint(node, at, words)
        except _Inexpressible as error:
            self.refuse(at, f"'{at.pointer or '/'}'", str(error))
            return ANY

    def _hint(self, node: Node, at: _At, words: str) -> Hint:
        if not isinstance(node, dict):
            if node is False:
                raise _Inexpressible("it allows nothing at all")
            return ANY
        if isinstance(node.get("$ref"), str):
            return self._referred(node["$ref"])
        if "allOf" in node:
            return self._hint(self._merged(node, at), at, words)
        if "const" in node or "enum" in node:
            return self._values(node)
        for keyword in ("anyOf", "oneOf"):
            if keyword in node and not all(map(_only_asks, node[keyword])):
                return self._alternatives(node, keyword, at, words)
        types = node.get("type")
        if isinstance(types, list):
            hints = [
                self._of_type(node, one, at, words)
                for one in types
                if one != "integer" or "number" not in types
            ]
            return self._joined(hints)
        return self._of_type(node, types if isinstance(types, str) else _implied(node), at, words)

    def _referred(self, reference: str) -> Hint:
        uri, _, pointer = reference.partition("#")
        at = _At(uri or self.documents.root, unquote(pointer))
        node = self._found(at)
        if at in self._classes:
            return self._classes[at]
        if at in self._open:
            raise _Inexpressible("it contains itself with no object in between")
        self._open.add(at)
        try:
            words = at.pointer.rpartition("/")[2] or at.uri.rstrip("/").rpartition("/")[2].partition(".")[0]
            return self._hint(node, at, class_name(_title(node) or words))
        finally:
            self._open.discard(at)

    def _found(self, at: _At) -> Node:
        found: Node = self.documents.texts.get(at.uri, True)
        for token in at.pointer.split("/")[1:]:
            name = token.replace("~1", "/").replace("~0", "~")
            if isinstance(found, dict) and name in found:
                found = found[name]
            elif isinstance(found, list) and name.isdigit() and int(name) < len(found):
                found = found[int(name)]
            else:
                return True
        return found

    def _merged(self, node: Node, at: _At) -> Node:
        """An allOf of objects as one object; what says nothing of the type of a value is the codec's to look at."""
        rest = {key: value for key, value in node.items() if key != "allOf"}
        told = [part for part in node["allOf"] if _tells(self._resolved(part))]
        if not told or (len(told) == 1 and not _tells(rest)):
            return told[0] if told else rest
        merged: dict[str, Any] = {"type": "object", "properties": {}, "required": []}
        for part in (*map(self._resolved, told), rest):
            if part.get("type", "object") != "object" or part.keys() & {"enum", "const"}:
                raise _Inexpressible("it says several things of one value that is no object (allOf)")
            if "allOf" in part:
                part = self._merged(part, at)  # noqa: PLW2901 -- the same part, put together
            if any(key in part and not all(map(_only_asks, part[key])) for key in ("anyOf", "oneOf")):
                raise _Inexpressible("it mixes members with alternatives (allOf with anyOf or oneOf)")
            merged["properties"].update(part.get("properties", {}))
            merged["required"] = [*merged["required"], *part.get("required", [])]
            merged |= {key: part[key] for key in ("additionalProperties", "patternProperties") if key in part}
        return {**rest, **merged}

    def _resolved(self, node: Node) -> Node:
        seen = set()
        while isinstance(node, dict) and isinstance(node.get("$ref"), str) and node["$ref"] not in seen:
            seen.add(node["$ref"])
            uri, _, pointer = node["$ref"].partition("#")
            node = self._found(_At(uri or self.documents.root, unquote(pointer)))
        return node

    def _values(self, node: Node) -> Hint:
        values = [node["const"]] if "const" in node else list(node["enum"])
        if any(isinstance(one, Decimal) for one in values):
            # A hint has no constants with fractions.
            values = [1.0 if _is_whole(one) or isinstance(one, Decimal) else one for one in values]
        literals = tuple(dict.fromkeys(one for one in values if isinstance(one, str) or _is_whole(one)))
        hints: list[Hint] = [OneOf(literals)] if literals else []
        hints += [hint for kind, hint in _OF_VALUES if any(type(one) is kind for one in values)]
        return self._joined(hints)

    def _alternatives(self, node: Node, keyword: str, at: _At, words: str) -> Hint:
        if any(key in node for key in _OF_OBJECTS):
            raise _Inexpressible(f"it has members of its own beside its alternatives ({keyword})")
        hints = [
            self._hint(
                one,
                at.to(keyword, number),
                f"{words}{number + 1}" if not _title(one) else class_name(_title(one)),
            )
            for number, one in enumerate(node[keyword])
        ]
        return self._joined(hints)

    def _joined(self, hints: Sequence[Hint]) -> Hint:
        """One of several types, if the kind of class can tell them apart when it reads."""
        members = [
            inner for hint in hints for inner in (hint.members if isinstance(hint, Either) else (hint,))
        ]
        literals = [value for hint in members if isinstance(hint, OneOf) for value in hint.values]
        members = [hint for hint in members if not isinstance(hint, OneOf)]
        if literals and not (STR in members and all(isinstance(one, str) for one in literals)):
            members.append(OneOf(tuple(dict.fromkeys(literals))))
        if ANY in members:
            return ANY
        joined = either(members)
        if isinstance(joined, Either) and self.kind != "pydantic":
            self._tell_apart(joined.members)
        return joined

    def _tell_apart(self, members: Sequence[Hint]) -> None:
        kinds = [kind for member in members for kind in _kinds(member)]
        for kind in ("string", "array"):
            if kinds.count(kind) > 1:
                raise _Inexpressible(
                    f"several alternatives are of the type {kind}, which do not show in the data"
                )
        if kinds.count("object") > 1 and not self._tag([one for one in members if "object" in _kinds(one)]):
            raise _Inexpressible(
                "several alternatives are objects, and no required member has another constant in each of them"
                if self.kind == "msgspec"
                else "several alternatives are objects, which dataclasses do not tell apart"
            )

    def _tag(self, objects: Sequence[Hint]) -> bool:
        """Let a member that is another constant in each of the classes tell them apart."""
        found = [at for hint in objects for at, name in self._classes.items() if name == hint]
        shapes = [shape for at in found if isinstance(shape := self.shapes.get(at), Class)]
        if self.kind != "msgspec" or len(shapes) != len(objects):
            return False
        for name in dict.fromkeys(one.name for shape in shapes for one in shape.attributes) or [""]:
            tags = [_tag_of(shape, name) for shape in shapes]
            if None not in tags and len(set(tags)) == len(tags):
                for at, shape, tag in zip(found, shapes, tags, strict=True):
                    others = tuple(one for one in shape.attributes if one.name != name)
                    self.shapes[at] = replace(shape, attributes=others, tag=(name, str(tag)))
                return True
        return len({shape.tag for shape in shapes}) == len(shapes) and all(shape.tag for shape in shapes)

    def _of_type(self, node: Node, type_: str | None, at: _At, words: str) -> Hint:
        match type_:
            case "string":
                is_bytes = node.get("contentEncoding") == "base64" and self.kind != "pydantic"
                return BYTES if is_bytes else _FORMATS.get(node.get("format", ""), STR)
            case "array":
                return Of(LIST, (self._items(node, at, words),))
            case "object":
                return self._object(node, at, words)
            case str() if type_ in _SCALARS:
                return _SCALARS[type_]
            case _:
                return ANY

    def _items(self, node: Node, at: _At, words: str) -> Hint:
        items = node.get("items", True)
        if "prefixItems" in node or isinstance(items, list):
            raise _Inexpressible("its items have a type each, by their position")
        return self._hint(items, at.to("items"), words)

    def _object(self, node: Node, at: _At, words: str) -> Hint:
        properties = node.get("properties")
        others = [
            (at.to("patternProperties", key), value)
            for key, value in node.get("patternProperties", {}).items()
        ]
        additional = node.get("additionalProperties", True)
        if isinstance(additional, dict):
            others.append((at.to("additionalProperties"), additional))
        if not properties and (others or additional is not False):
            # Of several rules for members the name decides, which no hint tells.
            values = self._hint(others[0][1], others[0][0], words) if len(others) == 1 else ANY
            return Of(DICT, (STR, values))
        if others:
            raise _Inexpressible("it has members without a name beside those that have one")
        return self._class(node, properties or {}, at, words)

    def _class(self, node: Node, properties: Mapping[str, Node], at: _At, words: str) -> Hint:
        used = {name.name for name in self._classes.values()}
        # The whole has the name that its module was made for.
        is_root = at == _At(self.documents.root, "")
        title = _title(node)
        wanted = words if is_root or not title else class_name(title)
        name = self._classes[at] = Name(unique(class_name(wanted), used), "")
        required = node.get("required", [])
        attributes = [
            self._attribute(key, value, at.to("properties", key), name.name, is_required=key in required)
            for key, value in properties.items()
        ]
        doc = node.get("description") or f"What the JSON Schema calls {title or at.pointer or 'the whole'}."
        self.shapes[at] = Class(name.name, str(doc), tuple(attributes))
        return name

    def _attribute(self, key: str, node: Node, at: _At, owner: str, *, is_required: bool) -> Attribute:
        hint = self.hint(node, at, f"{owner}{class_name(key)}")
        doc = str(node.get("description", "")) if isinstance(node, dict) else ""
        if is_required:
            return Attribute(key, key, hint, doc=doc)
        default = _default(node, hint)
        if default is None:
            optional = hint if hint == ANY or is_optional(hint) else either([hint, NONE])
            return Attribute(key, key, optional, Plain(None), doc=doc)
        return Attribute(key, key, hint, default, is_fresh=isinstance(default, Items | Members), doc=doc)

    def _named(self, shape: Class, classes: set[str], at: _At) -> Iterator[Attribute]:
        used: list[str] = []
        for one in shape.attributes:
            attribute = attribute_for(one.name, self.kind, classes=classes, used=used)
            used.append(attribute)
            if self.kind == "dataclass" and attribute != one.name:
                reason = "Python cannot have it as the name of a field here"
                self.refuse(at.to("properties", one.name), f"the member '{one.name}' of {shape.name}", reason)
            yield replace(one, attribute=attribute)


def root_title(parsed: ParsedSchema) -> str:
    """The title of the whole; "" where there is none."""
    documents = json_documents(parsed)
    root = documents.texts[documents.root]
    title = root.get("title") if isinstance(root, dict) else None
    return title if isinstance(title, str) else ""


def _title(node: Node) -> str:
    title = node.get("title") if isinstance(node, dict) else None
    return title.rpartition(".")[2] if isinstance(title, str) and " " not in title else str(title or "")


def _tells(node: Node) -> bool:
    """Whether it says something of the type of a value, or of its members."""
    return isinstance(node, dict) and not _TELLING.isdisjoint(node)


def _only_asks(node: Node) -> bool:
    """Whether an alternative says only which members must be there."""
    return isinstance(node, dict) and node.keys() <= {"required", "not"}


def _implied(node: Node) -> str | None:
    """The type that keywords speak of, where none is told."""
    if (
        "properties" in node
        or "patternProperties" in node
        or isinstance(node.get("additionalProperties"), dict)
    ):
        return "object"
    return "array" if "items" in node else None


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _kinds(hint: Hint) -> frozenset[str]:
    """The JSON types of which there may be one only among alternatives."""
    match hint:
        case OneOf(values=values):
            return frozenset("string" if isinstance(value, str) else "integer" for value in values)
        case Of(origin=origin):
            return frozenset({"array" if origin == LIST else "object"})
        case Name() if hint in (INT, FLOAT, BOOL, NONE):
            return frozenset()
        case Name() if hint.home:
            return frozenset({"string"})
        case _:
            return frozenset({"object"})


def _tag_of(shape: Class, name: str) -> str | None:
    """The constant that a required member of the class is."""
    for one in shape.attributes:
        if (
            one.name == name
            and one.default is None
            and isinstance(one.hint, OneOf)
            and len(one.hint.values) == 1
        ):
            [value] = one.hint.values
            return value if isinstance(value, str) else None
    return None


def _default(node: Node, hint: Hint) -> Expression | None:
    """The default that a schema tells, where a plain value says it."""
    if not isinstance(node, dict) or "default" not in node:
        return None
    value = node["default"]
    match hint:
        case OneOf(values=values):
            return Plain(value) if value in values and not isinstance(value, bool) else None
        case Of(origin=origin) if value == [] and origin == LIST:
            return Items(())
        case Of(origin=origin) if value == {} and origin == DICT:
            return Members(())
        case Name():
            fits = {STR: str, INT: int, BOOL: bool}.get(hint)
            return Plain(value) if fits is not None and type(value) is fits else None  # type: ignore[arg-type]  # a scalar
        case _:
            return None
