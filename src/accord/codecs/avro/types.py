"""An Avro schema as a tree of types with every name resolved: what encoders and decoders are compiled from."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from accord.schemas import InvalidSchema, Schema

PRIMITIVES: Final = frozenset({"null", "boolean", "int", "long", "float", "double", "bytes", "string"})
NO_DEFAULT: Final = object()

Datum = Any
"""A value of some Avro type, as Python has it."""

Json = Any
"""A value as ``json`` reads it."""


@dataclass(frozen=True, slots=True)
class Primitive:
    """One of the eight; ``logical`` is a logical type this build understands on it, or ""."""

    name: str
    logical: str = ""
    precision: int = 0
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Fixed:
    """So many bytes."""

    name: str
    size: int
    aliases: frozenset[str] = frozenset()
    logical: str = ""
    precision: int = 0
    scale: int = 0


@dataclass(frozen=True, slots=True)
class Enumeration:
    """One of these symbols; ``default`` ("" for none) stands in for symbols that a reader does not know."""

    name: str
    symbols: tuple[str, ...]
    aliases: frozenset[str] = frozenset()
    default: str = ""


@dataclass(frozen=True, slots=True)
class Array:
    """Many of one type."""

    items: "AvroType"


@dataclass(frozen=True, slots=True)
class Map:
    """Values of one type by string."""

    values: "AvroType"


@dataclass(frozen=True, slots=True)
class Union:
    """Exactly one of the branches."""

    branches: tuple["AvroType", ...]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a record; ``default`` is JSON, or NO_DEFAULT."""

    name: str
    type: "AvroType"
    default: Json = NO_DEFAULT
    aliases: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Record:
    """Fields in order. It may contain itself, so it is compared by identity and filled after it is made."""

    name: str
    aliases: frozenset[str] = frozenset()
    fields: tuple[Field, ...] = ()


AvroType = Primitive | Fixed | Enumeration | Array | Map | Union | Record

NULL: Final = Primitive("null")

# Where a logical type is meaningful; anywhere else it is ignored, as the Avro specification asks.
LOGICAL_TYPES: Final = frozenset(
    {
        ("int", "date"),
        ("int", "time-millis"),
        ("long", "time-micros"),
        ("long", "timestamp-millis"),
        ("long", "timestamp-micros"),
        ("long", "timestamp-nanos"),
        ("long", "local-timestamp-millis"),
        ("long", "local-timestamp-micros"),
        ("long", "local-timestamp-nanos"),
        ("string", "uuid"),
        ("bytes", "decimal"),
        ("fixed", "decimal"),
        ("fixed", "uuid"),
        ("fixed", "duration"),
    }
)
FIXED_SIZES: Final = {"uuid": 16, "duration": 12}


def short_name(type_: AvroType) -> str:
    """What a person calls the type: ``string``, ``timestamp-millis``, ``Address``."""
    match type_:
        case Primitive(name=name, logical=logical):
            return logical or name
        case Array():
            return "array"
        case Map():
            return "map"
        case Union():
            return "union"
        case _:
            return type_.name.rpartition(".")[2]


def load(schema: Schema, referenced: Mapping[str, Schema] | None = None) -> AvroType:
    """The tree of ``schema``; ``referenced`` holds what it refers to, each after what it needs itself.

    Raises InvalidSchema. Only names and structure are looked at: the schema is one that a registry has accepted or
    that ``accord.schemas.parse`` has.
    """
    loader = _Loader()
    for needed in (referenced or {}).values():
        loader.load(_json(needed.text), "")
    return loader.load(_json(schema.text), "")


def _json(text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError as error:
        if text in PRIMITIVES:
            return text
        raise InvalidSchema(f"the schema is not JSON: {error}") from error


@dataclass(slots=True)
class _Loader:
    names: dict[str, AvroType] = field(default_factory=dict)

    def load(self, node: Json, namespace: str) -> AvroType:
        if isinstance(node, str):
            return self._named(node, namespace)
        if isinstance(node, list):
            return Union(tuple(self.load(branch, namespace) for branch in node))
        if not isinstance(node, dict) or "type" not in node:
            raise InvalidSchema(f"{json.dumps(node)} is not an Avro type")
        try:
            return self._complex(node, namespace)
        except (KeyError, TypeError) as error:
            raise InvalidSchema(f"the {node['type']} {node.get('name', '')} lacks {error}") from error

    def _named(self, name: str, namespace: str) -> AvroType:
        if name in PRIMITIVES:
            return Primitive(name)
        for full in (name,) if "." in name else (f"{namespace}.{name}" if namespace else name, name):
            if full in self.names:
                return self.names[full]
        raise InvalidSchema(f"the type '{name}' is not defined")

    def _complex(self, node: Mapping[str, Any], namespace: str) -> AvroType:
        match node["type"]:
            case "record" | "error":
                return self._record(node, namespace)
            case "enum":
                name, _ = _full_name(node, namespace)
                enumeration = Enumeration(name, _symbols(node), _aliases(node, name), node.get("default", ""))
                self.names[name] = enumeration
                return enumeration
            case "fixed":
                name, _ = _full_name(node, namespace)
                fixed = Fixed(name, _size(node), _aliases(node, name), *_logical(node, "fixed"))
                self.names[name] = fixed
                return fixed
            case "array":
                return Array(self.load(node["items"], namespace))
            case "map":
                return Map(self.load(node["values"], namespace))
            case str(name) if name in PRIMITIVES:
                return Primitive(name, *_logical(node, name))
            case other:
                return self.load(other, namespace)

    def _record(self, node: Mapping[str, Any], namespace: str) -> Record:
        name, namespace = _full_name(node, namespace)
        record = Record(name, _aliases(node, name))
        self.names[name] = record
        record.fields = tuple(
            Field(
                _name(item),
                self.load(item["type"], namespace),
                item.get("default", NO_DEFAULT),
                frozenset(item.get("aliases", ())),
            )
            for item in node["fields"]
        )
        return record


def _full_name(node: Mapping[str, Any], namespace: str) -> tuple[str, str]:
    name = _name(node)
    space, dot, _ = name.rpartition(".")
    if dot:
        return name, space
    space = node.get("namespace", namespace)
    return (f"{space}.{name}" if space else name), space


def _symbols(node: Mapping[str, Any]) -> tuple[str, ...]:
    symbols = node["symbols"]
    if not isinstance(symbols, list) or not all(isinstance(symbol, str) for symbol in symbols):
        raise InvalidSchema(f"the symbols of the enum {node['name']} are no list of strings")
    return tuple(symbols)


def _name(node: Mapping[str, Any]) -> str:
    name = node["name"]
    if not isinstance(name, str) or not name:
        raise InvalidSchema(f"{name!r} is no name")
    return name


def _size(node: Mapping[str, Any]) -> int:
    """A number and nothing else: it becomes part of generated code."""
    size = node["size"]
    if type(size) is not int or size < 0:
        raise InvalidSchema(
            f"the size of the fixed {node['name']} is {size!r}, and a number of bytes is needed"
        )
    return size


def _aliases(node: Mapping[str, Any], full_name: str) -> frozenset[str]:
    space = full_name.rpartition(".")[0]
    return frozenset(
        alias if "." in alias or not space else f"{space}.{alias}" for alias in node.get("aliases", ())
    )


def _logical(node: Mapping[str, Any], underlying: str) -> tuple[str, int, int]:
    logical = node.get("logicalType", "")
    if (underlying, logical) not in LOGICAL_TYPES:
        return "", 0, 0
    if underlying == "fixed" and node["size"] != FIXED_SIZES.get(logical, node["size"]):
        return "", 0, 0
    if logical != "decimal":
        return logical, 0, 0
    precision, scale = node.get("precision", 0), node.get("scale", 0)
    legal = (
        isinstance(precision, int) and isinstance(scale, int) and 0 <= scale <= precision and precision > 0
    )
    return ("decimal", precision, scale) if legal else ("", 0, 0)
