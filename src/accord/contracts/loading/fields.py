"""The fields of a schema by their dotted names: ``customer.address.city``.

Lists, maps and choices take no step of their own: the field of a record in a list is named as if the record stood there.
"""

import base64
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from accord.schemas import ParsedSchema, Schema, SchemaType, parse
from accord.schemas.json_text import read_json_exactly

if TYPE_CHECKING:
    from google.protobuf.descriptor_pb2 import DescriptorProto

MOST_STEPS: Final = 50


class Fields(Protocol):
    """The fields that the values of one schema may have."""

    def names(self, within: Iterable[str] = ()) -> list[str]:
        """The names of the fields below ``within``, those of the outermost record where that is empty."""


def fields_of(parsed: ParsedSchema, referenced: Mapping[str, Schema]) -> Fields:
    """The fields of a schema and of what it refers to."""
    if parsed.type is SchemaType.AVRO:
        return _Avro(parsed, referenced)
    return _Json(parsed, referenced) if parsed.type is SchemaType.JSON else _Protobuf(parsed, referenced)


def is_field(fields: Fields, name: str) -> bool:
    """Whether a value may have the field of that dotted name."""
    steps = name.split(".")
    return len(steps) <= MOST_STEPS and steps[-1] in fields.names(steps[:-1])


def has_field(parsed: ParsedSchema, referenced: Mapping[str, Schema], name: str) -> bool:
    """Whether a value of the schema may have the field of that dotted name."""
    return is_field(fields_of(parsed, referenced), name)


def field_names(
    parsed: ParsedSchema, referenced: Mapping[str, Schema], within: Iterable[str] = ()
) -> list[str]:
    """The names of the fields of a schema below ``within``."""
    return fields_of(parsed, referenced).names(within)


class _Avro:
    def __init__(self, parsed: ParsedSchema, referenced: Mapping[str, Schema]) -> None:
        # Without references the two are the same, and the one is there already.
        self._root = json.loads(parsed.formatted("resolved") if referenced else parsed.canonical)
        self._types: dict[str, Any] = {}
        self._collect(self._root, "")

    def names(self, within: Iterable[str] = ()) -> list[str]:
        records = self._records(self._root, "")
        for step in within:
            records = [
                inner
                for record, space in records
                for field in record["fields"]
                if field["name"] == step
                for inner in self._records(field["type"], space)
            ]
        return [field["name"] for record, _ in records for field in record["fields"]]

    def _collect(self, node: Any, space: str) -> None:  # noqa: ANN401 -- what JSON can say
        if isinstance(node, list):
            for branch in node:
                self._collect(branch, space)
        elif isinstance(node, dict):
            if "name" in node:
                name, space = _full_name(node, space)
                self._types[name] = (node, space)
            for field in node.get("fields", ()):
                self._collect(field["type"], space)
            for part in ("items", "values", "type"):
                self._collect(node.get(part), space)

    def _records(self, node: Any, space: str) -> list[tuple[Any, str]]:  # noqa: ANN401 -- see above
        if isinstance(node, list):
            return [record for branch in node for record in self._records(branch, space)]
        if isinstance(node, str):
            found = self._types.get(node) or self._types.get(f"{space}.{node}")
            return [found] if found is not None and "fields" in found[0] else []
        if not isinstance(node, dict):
            return []
        if "fields" in node:
            return [(node, _full_name(node, space)[1])]
        for part in ("items", "values"):
            if part in node:
                return self._records(node[part], space)
        return self._records(node["type"], space) if isinstance(node.get("type"), dict | list) else []


def _full_name(node: Mapping[str, Any], space: str) -> tuple[str, str]:
    name: str = node["name"]
    if "." in name:
        return name, name.rpartition(".")[0]
    space = node.get("namespace", space)
    return (f"{space}.{name}" if space else name), space


class _Json:
    def __init__(self, parsed: ParsedSchema, referenced: Mapping[str, Schema]) -> None:
        self._root = json.loads(parsed.canonical)
        self._documents = {name: read_json_exactly(schema.text)[0] for name, schema in referenced.items()}
        self._documents |= {
            one["$id"].removesuffix("#"): one
            for one in self._documents.values()
            if isinstance(one, dict) and isinstance(one.get("$id"), str)
        }

    def names(self, within: Iterable[str] = ()) -> list[str]:
        nodes = [(self._root, self._root)]
        for step in within:
            nodes = [
                (document, inner)
                for document, node in self._objects(nodes)
                if (inner := node.get("properties", {}).get(step)) is not None
            ]
        return [name for _, node in self._objects(nodes) for name in node.get("properties", {})]

    def _objects(self, nodes: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
        """All objects that a value may be told by: along references, choices and lists."""
        found: dict[int, tuple[Any, Any]] = {}
        waiting = list(nodes)
        while waiting:
            document, node = waiting.pop()
            if not isinstance(node, dict) or id(node) in found:
                continue
            found[id(node)] = (document, node)
            for word in ("allOf", "anyOf", "oneOf", "prefixItems"):
                waiting += [(document, one) for one in node.get(word, ()) if isinstance(node.get(word), list)]
            for word in ("items", "then", "else", "additionalProperties"):
                one = node.get(word)
                waiting += [(document, each) for each in (one if isinstance(one, list) else [one])]
            if isinstance(reference := node.get("$ref"), str):
                waiting += self._target(document, reference)
        return list(found.values())

    def _target(self, document: Any, reference: str) -> list[tuple[Any, Any]]:  # noqa: ANN401 -- see above
        name, _, fragment = reference.partition("#")
        home = self._documents.get(name) if name else document
        target = home
        for step in fragment.split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            if isinstance(target, list) and key.isdecimal() and int(key) < len(target):
                target = target[int(key)]
            else:
                target = target.get(key) if isinstance(target, dict) else None
        return [] if target is None else [(home, target)]


class _Protobuf:
    def __init__(self, parsed: ParsedSchema, referenced: Mapping[str, Schema]) -> None:
        # Most projects have no such files, and it takes as long to load as a hundred of the others to parse.
        from google.protobuf.descriptor_pb2 import FileDescriptorProto  # noqa: PLC0415

        self._messages: dict[str, DescriptorProto] = {}
        others = {name: parse(schema, referenced=referenced) for name, schema in referenced.items()}
        for one in (*others.values(), parsed):
            self._file = FileDescriptorProto.FromString(base64.b64decode(one.formatted("serialized")))
            self._collect(self._file.message_type, f".{self._file.package}" if self._file.package else "")

    def names(self, within: Iterable[str] = ()) -> list[str]:
        messages = list(self._file.message_type[:1])
        for step in within:
            messages = [
                inner
                for message in messages
                for field in message.field
                if step in {field.name, field.json_name}
                for inner in self._below(field.type_name)
            ]
        return [
            name for message in messages for field in message.field for name in (field.name, field.json_name)
        ]

    def _collect(self, messages: "Iterable[DescriptorProto]", scope: str) -> None:
        for message in messages:
            self._messages[f"{scope}.{message.name}"] = message
            self._collect(message.nested_type, f"{scope}.{message.name}")

    def _below(self, type_name: str) -> "list[DescriptorProto]":
        message = self._messages.get(type_name)
        if message is None:
            return []
        if not message.options.map_entry:
            return [message]
        return [
            inner
            for field in message.field
            if field.name == "value"
            for inner in self._below(field.type_name)
        ]
