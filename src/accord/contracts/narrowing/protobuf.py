"""Protobuf: messages of the file lose the fields that nobody asks for."""

import base64
from collections.abc import Iterable, Mapping
from typing import Final

from google.protobuf.descriptor_pb2 import DescriptorProto, FieldDescriptorProto, FileDescriptorProto

from accord.contracts.narrowing.paths import Narrowed, Paths
from accord.schemas import ParsedSchema, Schema, parse

_MESSAGES: Final = (FieldDescriptorProto.TYPE_MESSAGE, FieldDescriptorProto.TYPE_GROUP)


def narrowed_protobuf(schema: ParsedSchema, paths: Paths, referenced: Mapping[str, Schema]) -> Narrowed:
    """The schema with these fields of its first message alone."""
    file = FileDescriptorProto.FromString(base64.b64decode(schema.formatted("serialized")))
    narrowing = _Narrowing(file, referenced)
    if file.message_type:
        narrowing.mark(narrowing.first, paths)
        narrowing.cut()
    text = base64.b64encode(file.SerializeToString()).decode()
    return Narrowed(Schema(text, schema.type, schema.references), tuple(paths.unknown()))


class _Narrowing:
    def __init__(self, file: FileDescriptorProto, referenced: Mapping[str, Schema]) -> None:
        package = f".{file.package}" if file.package else ""
        self.first = f"{package}.{file.message_type[0].name}" if file.message_type else ""
        self._own = dict(_messages(package, file.message_type))
        self._imported = _imported(referenced)
        self._wanted: dict[str, set[int]] = {}
        self._whole: set[str] = set()

    def mark(self, message: str, paths: Paths) -> None:
        """Want these fields of a message, and of those in it."""
        known = self._own.get(message) or self._imported.get(message)
        if known is None:
            return
        for name, place in paths.below.items():
            field = next((one for one in known.field if one.name == name), None)
            if field is None:
                continue
            place.found()
            self._wanted.setdefault(message, set()).add(field.number)
            if field.type not in _MESSAGES:
                continue
            for inner in self._values_of(field):
                if place.is_whole:
                    self._mark_whole(inner)
                self.mark(inner, place)

    def cut(self) -> None:
        """Take the fields away that nobody wants, and the oneofs without fields."""
        for name, message in self._own.items():
            if name in self._whole or message.options.map_entry:
                continue
            wanted = self._wanted.get(name, set())
            kept = [field for field in message.field if field.number in wanted]
            oneofs = sorted({field.oneof_index for field in kept if field.HasField("oneof_index")})
            for field in kept:
                if field.HasField("oneof_index"):
                    field.oneof_index = oneofs.index(field.oneof_index)
            declared = [message.oneof_decl[index] for index in oneofs]
            copies = [FieldDescriptorProto.FromString(field.SerializeToString()) for field in kept]
            names = [one.SerializeToString() for one in declared]
            del message.field[:], message.oneof_decl[:]
            message.field.extend(copies)
            for one in names:
                message.oneof_decl.add().ParseFromString(one)

    def _values_of(self, field: FieldDescriptorProto) -> Iterable[str]:
        """The message that a field holds; of a map that of its values."""
        inner = self._own.get(field.type_name)
        if inner is None or not inner.options.map_entry:
            return (field.type_name,)
        return tuple(one.type_name for one in inner.field if one.name == "value" and one.type in _MESSAGES)

    def _mark_whole(self, message: str) -> None:
        known = self._own.get(message)
        if known is None or message in self._whole:
            return
        self._whole.add(message)
        for field in known.field:
            if field.type in _MESSAGES:
                self._mark_whole(field.type_name)


def _messages(prefix: str, messages: Iterable[DescriptorProto]) -> Iterable[tuple[str, DescriptorProto]]:
    for message in messages:
        name = f"{prefix}.{message.name}"
        yield name, message
        yield from _messages(name, message.nested_type)


def _imported(referenced: Mapping[str, Schema]) -> dict[str, DescriptorProto]:
    found: dict[str, DescriptorProto] = {}
    known: dict[str, Schema] = {}
    for name, schema in referenced.items():
        text = parse(schema, referenced=known, strict=False).formatted("serialized")
        file = FileDescriptorProto.FromString(base64.b64decode(text))
        found |= dict(_messages(f".{file.package}" if file.package else "", file.message_type))
        known[name] = schema
    return found
