"""Sample values of a schema, spelled as JSON: enough of them to meet every branch of a union and every symbol.

They are for reading: what a codec writes of them is what any writer of that schema might.
"""

import base64
from collections.abc import Iterator, Mapping
from typing import Any, Final

from accord.codecs import InvalidData, InvalidEvent, codec_for
from accord.codecs.avro.types import (
    Array,
    AvroType,
    Enumeration,
    Fixed,
    Map,
    Primitive,
    Record,
    Union,
    load,
)
from accord.codecs.spelling import spelling_for
from accord.schemas import ParsedSchema, Schema, SchemaType, json_documents

Json = Any

MOST: Final = 20
"""So many samples of a schema at most."""

_DEEPEST: Final = 6
_PLAIN: Final[Mapping[str, Json]] = {
    "null": None,
    "boolean": True,
    "int": 1,
    "long": 1,
    "float": 1.5,
    "double": 1.5,
    "string": "text",
    "bytes": "AAEC",
    "date": "2026-03-01",
    "time-millis": "12:00:00",
    "time-micros": "12:00:00",
    "timestamp-millis": "2026-03-01T12:00:00Z",
    "timestamp-micros": "2026-03-01T12:00:00Z",
    "timestamp-nanos": 1,
    "local-timestamp-millis": "2026-03-01T12:00:00",
    "local-timestamp-micros": "2026-03-01T12:00:00",
    "local-timestamp-nanos": 1,
    "uuid": "6f1c1a52-5f0e-4a3b-9d55-0f6d2d6c1f00",
    "duration": {"months": 1, "days": 2, "milliseconds": 3},
}
_FORMATS: Final[Mapping[str, str]] = {
    "date-time": "2026-03-01T12:00:00Z",
    "date": "2026-03-01",
    "time": "12:00:00Z",
    "uuid": "6f1c1a52-5f0e-4a3b-9d55-0f6d2d6c1f00",
    "email": "somebody@example.com",
    "uri": "https://example.com/",
}


def samples_of(schema: ParsedSchema) -> tuple[Json, ...]:
    """Different values that the schema can write; none where none was found."""
    codec = codec_for(schema)
    spelling = spelling_for(schema, codec)
    found: list[Json] = []
    for value in _candidates(schema):
        try:
            again = spelling.spell(codec.decode(codec.encode(spelling.read(value))))
        except (InvalidEvent, InvalidData):
            continue
        if again not in found:
            found.append(again)
    return tuple(found)


def _candidates(schema: ParsedSchema) -> Iterator[Json]:
    match schema.type:
        case SchemaType.AVRO:
            root = load(Schema(schema.formatted("resolved")))
            yield from (_avro(root, number, 0) for number in range(MOST))
        case SchemaType.JSON:
            documents = json_documents(schema)
            making = _Json(documents.texts)
            yield from (making.value(documents.texts[documents.root], number) for number in range(MOST))
        case SchemaType.PROTOBUF:
            # Nothing is required: a record may be empty.
            yield {}


def _avro(type_: AvroType, number: int, depth: int) -> Json:
    match type_:
        case Record(fields=fields):
            return {item.name: _avro(item.type, number, depth + 1) for item in fields}
        case Union(branches=branches):
            return _branch(branches, number, depth)
        case Enumeration(symbols=symbols):
            return symbols[number % len(symbols)]
        case Array(items=items):
            return [_avro(items, number, depth + 1)] if depth < _DEEPEST and number % 2 == 0 else []
        case Map(values=values):
            return {"key": _avro(values, number, depth + 1)} if depth < _DEEPEST and number % 2 == 0 else {}
        case Primitive() | Fixed() if type_.logical == "decimal":
            return "0." + "1" * type_.scale if type_.scale else "1"
        case Fixed(size=size) if not type_.logical:
            return base64.b64encode(bytes(size)).decode()
        case _:
            return _PLAIN[type_.logical or type_.name]


def _branch(branches: tuple[AvroType, ...], number: int, depth: int) -> Json:
    chosen = branches[number % len(branches)]
    if depth >= _DEEPEST:
        chosen = next((one for one in branches if one == Primitive("null")), chosen)
    value = _avro(chosen, number // len(branches), depth)
    others = [one for one in branches if one != Primitive("null")]
    if value is None or len(others) == 1:
        return value
    return {_tag(chosen): value}


def _tag(branch: AvroType) -> str:
    match branch:
        case Array():
            return "array"
        case Map():
            return "map"
        case Union():
            return "union"
        case _:
            return branch.name


class _Json:
    """Values of JSON Schemas, by their types; what a pattern or a bound asks for is not looked for."""

    def __init__(self, texts: Mapping[str, Json]) -> None:
        self._texts = texts

    def value(self, node: Json, number: int, depth: int = 0) -> Json:
        """The value for that number."""
        if not isinstance(node, dict):
            return "text"
        if "$ref" in node:
            return self.value(self._found(node["$ref"]), number, depth + 1)
        for key in ("enum", "examples"):
            if node.get(key):
                return node[key][number % len(node[key])]
        if "const" in node:
            return node["const"]
        for key in ("oneOf", "anyOf"):
            if node.get(key):
                return self.value(node[key][number % len(node[key])], number // len(node[key]), depth + 1)
        types = node.get("type", "object" if "properties" in node else "string")
        if isinstance(types, list):
            types = types[number % len(types)]
        return self._of_type(str(types), node, number, depth)

    def _of_type(self, type_: str, node: Mapping[str, Json], number: int, depth: int) -> Json:
        match type_:
            case "object":
                return self._object(node, number, depth)
            case "array":
                is_long = node.get("minItems", 0) or (depth < _DEEPEST and number % 2 == 0)
                return [self.value(node.get("items", True), number, depth + 1)] if is_long else []
            case "integer" | "number":
                return int(node.get("minimum", 1))
            case "boolean":
                return True
            case "null":
                return None
            case _:
                text = _FORMATS.get(node.get("format", ""), "text")
                return text.ljust(node.get("minLength", 0), "t")[: node.get("maxLength", len(text))]

    def _object(self, node: Mapping[str, Json], number: int, depth: int) -> Json:
        required = set(node.get("required", ()))
        is_full = number % 2 == 0 and depth < _DEEPEST
        parts = [node, *(self._resolved(part) for part in node.get("allOf", ()))]
        value: dict[str, Json] = {}
        for part in parts:
            required |= set(part.get("required", ()))
            for key, member in part.get("properties", {}).items():
                if is_full or key in required:
                    value[key] = self.value(member, number, depth + 1)
        return value

    def _resolved(self, node: Json) -> Mapping[str, Json]:
        found = self._found(node["$ref"]) if isinstance(node, dict) and "$ref" in node else node
        return found if isinstance(found, dict) else {}

    def _found(self, reference: str) -> Json:
        uri, _, pointer = reference.partition("#")
        found: Json = self._texts.get(uri, True)
        for token in pointer.split("/")[1:]:
            step = token.replace("~1", "/").replace("~0", "~")
            if isinstance(found, dict) and step in found:
                found = found[step]
            else:
                return True
        return found
