"""The JSON Schema of a class, as draft 7, which every client reads.

What msgspec and pydantic say of their classes, with three additions: the root stands at the top under its full name, a
datetime is a ``date-time``, and objects are closed. A registry lets a closed object grow optional members for readers
that are upgraded first; into an open one, old data may already have put anything under the new name.
"""

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from importlib import import_module
from typing import Any, Final, get_args

import msgspec

from accord.codecs.errors import ModelDoesNotFit
from accord.codecs.jsonschema.reach import converted_classes
from accord.codecs.models import Hint, Model, alternatives, is_model, model_of, origin_of, plain
from accord.schemas import Schema, SchemaType

Node = Any
"""A part of a schema's text."""

_DRAFT: Final = "http://json-schema.org/draft-07/schema#"
_PREFIX: Final = "#/definitions/"
# A time of day of this format has an offset; the ones that programs have mostly have none.
_FORMATS_OF_OTHERS: Final = frozenset({"time", "partial-time"})


def derive_schema(model: type, *, namespace: str | None = None) -> Schema:
    """The schema of ``model``, titled ``<namespace>.<class>``. Raises ModelDoesNotFit."""
    known = model_of(model)
    try:
        node, definitions = _rooted(*_validated(known) if known.kind == "pydantic" else _plain(known))
    except (TypeError, ValueError, RuntimeError) as error:
        raise ModelDoesNotFit(
            f"no JSON Schema follows from {model.__qualname__}",
            [" ".join(str(error).split())],
            hint="give the schema's text instead: contract(..., schema=...)",
        ) from error
    title = f"{namespace}.{model.__name__}" if namespace else model.__name__
    root = {
        "$schema": _DRAFT,
        "title": title,
        **{key: value for key, value in node.items() if key != "title"},
    }
    if definitions:
        root["definitions"] = definitions
    return Schema(json.dumps(_adapted(root), separators=(",", ":"), ensure_ascii=False), SchemaType.JSON)


def _plain(model: Model) -> tuple[Node, dict[str, Node]]:
    definitions: dict[str, Node] = {}

    def foreign(class_: type) -> Node:
        if not is_model(class_):
            raise TypeError(f"{class_.__qualname__} is no type that JSON has a form for")
        node, inner = _validated(model_of(class_))
        definitions.update(inner)
        return node

    (reference,), components = msgspec.json.schema_components(
        [model.type], schema_hook=foreign, ref_template=f"{_PREFIX}{{name}}"
    )
    for class_ in converted_classes(model.type):
        _name_moments(class_, components)
    return reference, {**components, **definitions}


def _rooted(reference: Node, definitions: dict[str, Node]) -> tuple[Node, dict[str, Node]]:
    """The schema that is referred to, apart from the others; those that refer to it refer to the whole."""
    root = reference.get("$ref")
    if root is None:
        return reference, definitions
    name = root.removeprefix(_PREFIX)
    others = {key: _redirected(value, root) for key, value in definitions.items() if key != name}
    return _redirected(definitions[name], root), others


def _redirected(node: Node, root: str) -> Node:
    if isinstance(node, dict):
        return {
            key: "#" if key == "$ref" and value == root else _redirected(value, root)
            for key, value in node.items()
        }
    return [_redirected(item, root) for item in node] if isinstance(node, list) else node


def _validated(model: Model) -> tuple[Node, dict[str, Node]]:
    """What pydantic says of what it writes."""
    adapter = import_module("pydantic").TypeAdapter(model.type)
    node = adapter.json_schema(mode="serialization", by_alias=True, ref_template=f"{_PREFIX}{{model}}")
    return node, node.pop("$defs", {})


def _name_moments(class_: type, components: Mapping[str, Node]) -> None:
    properties = components.get(class_.__name__, {}).get("properties", {})
    for item in model_of(class_).fields:
        _name_moments_in(item.type, properties.get(item.name, {}))


def _name_moments_in(hint: Hint, node: Node) -> None:
    hints = alternatives(plain(hint))
    if datetime in hints and str not in hints:
        for branch in node.get("anyOf", [node]):
            if branch.get("type") == "string":
                branch["format"] = "date-time"
    for one in hints:
        arguments = get_args(one)
        if origin_of(one) in (list, set, frozenset) and isinstance(node.get("items"), dict):
            _name_moments_in(arguments[0], node["items"])
        elif origin_of(one) is dict and isinstance(node.get("additionalProperties"), dict):
            _name_moments_in(arguments[1], node["additionalProperties"])


def _adapted(node: Node) -> Node:
    """A schema with all its parts as draft 7 says it, its objects closed."""
    adapted: dict[str, Node] = {}
    for key, value in node.items():
        if key in _PARTS:
            adapted[key] = _PARTS[key](value)
        elif key != "format" or value not in _FORMATS_OF_OTHERS:
            adapted[key] = value
    if "prefixItems" in adapted:
        others = adapted.pop("items", True)
        adapted["items"] = adapted.pop("prefixItems")
        adapted["additionalItems"] = others
    if "properties" in adapted:
        adapted.setdefault("additionalProperties", False)
    return adapted


def _part(node: Node) -> Node:
    return _adapted(node) if isinstance(node, dict) else node


def _each(nodes: Iterable[Node]) -> list[Node]:
    return [_part(node) for node in nodes]


def _by_name(nodes: Mapping[str, Node]) -> dict[str, Node]:
    return {name: _part(node) for name, node in nodes.items()}


_PARTS: Final[Mapping[str, Callable[[Node], Node]]] = {
    "properties": _by_name,
    "patternProperties": _by_name,
    "definitions": _by_name,
    "additionalProperties": _part,
    "items": _part,
    "propertyNames": _part,
    "prefixItems": _each,
    "anyOf": _each,
    "oneOf": _each,
    "allOf": _each,
    "description": inspect.cleandoc,
}
