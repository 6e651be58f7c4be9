"""A Protobuf schema that is known to be valid."""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from weakref import ReferenceType

from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.message import DecodeError

from accord.schemas.errors import InvalidSchema
from accord.schemas.model import Reference, Schema, SchemaType
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.comparison.shapes import Shapes
from accord.schemas.protobuf.descriptors.described import described, is_text
from accord.schemas.protobuf.descriptors.file_set import FileSet
from accord.schemas.protobuf.evolution.slots import Slots
from accord.schemas.protobuf.model import File, Message
from accord.schemas.protobuf.resolution import Definitions, all_groups, scope_of, uses_in, within
from accord.schemas.protobuf.text.extensions import without_extensions
from accord.schemas.protobuf.text.normal import normal_form
from accord.schemas.protobuf.text.parse import parse_file
from accord.schemas.protobuf.text.places import Places
from accord.schemas.protobuf.text.printer import file_text
from accord.schemas.protobuf.text.tokens import refusal, shortened
from accord.schemas.sentences import listed_shortly


class Comparison(NamedTuple):
    """With which ``other`` schema one was compared, and what was ``found``.

    ``kept`` says of messages of the reader, and of the writer, whether the one has all that is in the other.
    """

    other: "ReferenceType[ProtobufSchema]"
    found: tuple[ProtobufDifference, ...]
    kept: dict[tuple[str, str], bool]


@dataclass(slots=True)
class Latest:
    """The latest comparisons of a schema, as the reader and as the writer: a verdict and its warnings take the same two."""

    reading: Comparison | None = None
    writing: Comparison | None = None


@dataclass(frozen=True, eq=False)
class ProtobufSchema:
    """A parsed Protobuf schema.

    ``text`` is what ``file`` was read from and its places point into: the text that was sent, or what stands for it
    where a descriptor was sent.
    """

    schema: Schema
    referenced: Mapping[str, Schema]
    text: str
    files: FileSet
    latest: Latest = field(default_factory=Latest, repr=False)

    @property
    def type(self) -> SchemaType:
        """The format."""
        return SchemaType.PROTOBUF

    @property
    def references(self) -> tuple[Reference, ...]:
        """What the schema refers to, as given."""
        return self.schema.references

    @property
    def file(self) -> File:
        """The declarations of the schema's own text; the messages for the entries of maps are maps."""
        return self.definitions.own

    @property
    def definitions(self) -> Definitions:
        """What the names in the schema mean."""
        return self.files.definitions

    @cached_property
    def has_edition(self) -> bool:
        """Whether the text, or one that it refers to, declares an edition."""
        return any(file.edition for file in (self.file, *self.files.referenced.values()))

    @cached_property
    def canonical(self) -> str:
        """See ``ParsedSchema``."""
        return file_text(self.files.own)

    @cached_property
    def normalized(self) -> str:
        """See ``ParsedSchema``."""
        return file_text(normal_form(self.definitions))

    def formatted(self, name: str) -> str:
        """See ``ParsedSchema``.

        ``serialized`` is the base64 of a FileDescriptorProto; ``ignore_extensions`` the canonical text without
        extensions, the numbers left to them, and options that are extensions other than Confluent's.
        """
        if name == "serialized":
            return base64.b64encode(
                self.files.descriptor.SerializePartialToString(deterministic=True)
            ).decode()
        if name == "ignore_extensions":
            return file_text(without_extensions(self.files.own))
        return self.canonical

    @cached_property
    def shapes(self) -> Shapes:
        """The messages as they are compared."""
        return Shapes(self.definitions)

    @cached_property
    def slots(self) -> Slots:
        """The fields of the messages as the wire knows them."""
        return Slots(self.definitions)

    @cached_property
    def places(self) -> Places:
        """The places in the text."""
        return Places(self.text, self.file)

    def position(self, place: str) -> tuple[int, int]:
        """See ``ParsedSchema``; a descriptor in base64 has but one place."""
        return self.places.locate(place) if self.text == self.schema.text else (1, 1)

    def fragment(self, place: str) -> str:
        """What stands at ``place`` in the text; "" where nothing does."""
        return self.places.fragment(place)

    def message_names(self) -> Iterator[str]:
        """The full names of the messages, each before those inside of it."""
        return iter(dict.fromkeys(self._names.values()))

    def indexes_of(self, name: str) -> tuple[int, ...]:
        """The positions that lead to the message of that full name, from the top of the text; raises KeyError."""
        return self._indexes[name]

    def message_at(self, indexes: tuple[int, ...]) -> str:
        """The full name of the message that these positions lead to; raises KeyError."""
        return self._names[indexes]

    @cached_property
    def local_indexes(self) -> Mapping[str, tuple[int, ...]]:
        """The positions of the messages by their full names without the package."""
        space = f"{self.file.package}." if self.file.package else ""
        return {name.removeprefix(space): self.indexes_of(name) for name in self.message_names()}

    def outermost_field(self, name: str) -> str | None:
        """The full name of the field ``name`` of one of the outermost messages; None if none of them has it."""
        for message in self.file.messages:
            fields = {field.name for field in message.all_fields}
            groups = {group.field_name for group in all_groups(message)}
            if name in fields | groups:
                return within(within(scope_of(self.file), message.name), name)
        return None

    @cached_property
    def _names(self) -> dict[tuple[int, ...], str]:
        # As they are written: a record's index counts the messages for the entries of maps.
        return dict(_indexed(self.files.own.messages, scope_of(self.file), ()))

    @cached_property
    def _indexes(self) -> Mapping[str, tuple[int, ...]]:
        """Of two messages with one name the first counts."""
        return {name: indexes for indexes, name in reversed(self._names.items())}


def latest_comparison(reader: ProtobufSchema, writer: ProtobufSchema) -> Comparison | None:
    """What came of the two, if either was not compared with another schema since."""
    for latest, other in ((reader.latest.reading, writer), (writer.latest.writing, reader)):
        if latest is not None and latest.other() is other:
            return latest
    return None


def parse_protobuf(schema: Schema, referenced: Mapping[str, Schema]) -> ProtobufSchema:
    """Parse ``schema``, whose references are in ``referenced``; raises InvalidSchema."""
    others = {name: _referenced_file(name, needed) for name, needed in referenced.items()}
    text, file = _read(schema.text, others)
    files = FileSet(file, others)
    _check_types(text, files)
    return ProtobufSchema(schema, referenced, text, files)


def _read(text: str, others: Mapping[str, File]) -> tuple[str, File]:
    """The text and its declarations; a descriptor in base64 stands for the text that says the same."""
    try:
        return text, parse_file(text)
    except InvalidSchema:
        proto = _descriptor_in(text)
        if proto is None:
            raise
    # Custom options are understood only with the definitions, which the descriptor itself may bring.
    pool = FileSet(described(proto), others).pool
    written = file_text(described(proto, pool))
    return written, parse_file(written)


def _descriptor_in(text: str) -> FileDescriptorProto | None:
    try:
        padded = text + "=" * (-len(text) % 4)
        proto = FileDescriptorProto.FromString(base64.b64decode(padded, validate=True))
    except (binascii.Error, ValueError, DecodeError):
        return None
    return proto if proto.ListFields() and is_text(proto) else None


def _referenced_file(name: str, needed: Schema) -> File:
    try:
        _, file = _read(needed.text, {})
    except InvalidSchema as error:
        raise InvalidSchema(
            f"the referenced schema {name!r} is not valid: {error.message}",
            path=error.path,
            hint=error.hint,
        ) from error
    return file


def _indexed(
    messages: Sequence[Message], scope: str, around: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], str]]:
    for index, message in enumerate(messages):
        name, path = within(scope, message.name), (*around, index)
        yield path, name
        yield from _indexed(message.messages, name, path)


def _check_types(text: str, files: FileSet) -> None:
    for use in uses_in(files.definitions.own):
        # The registry's peers do not look for what the values of a map are.
        if not use.is_map_value and files.definitions.type(use.type.name, use.scope) is None:
            raise refusal(
                text,
                max(use.type.span.start, 0),
                f"nobody defines the type `{shortened(use.type.name)}`",
                hint=_where_it_could_be(files),
            )


def _where_it_could_be(files: FileSet) -> str:
    missing = [f"`{one.path}`" for one in files.own.imports if files.file(one.path) is None]
    if not missing:
        return "define it, or import the file that does and register that as a reference"
    way = "register what is imported, and list it among the references under the name of the import"
    return f"{way}: {listed_shortly(missing)}"
