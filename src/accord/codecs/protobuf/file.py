"""The file of a schema as the Protobuf library knows it, in a pool of its own: two files may define the same names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message

from accord.codecs.errors import DataFault, InvalidData, ModelDoesNotFit
from accord.schemas import InvalidSchema, ParsedSchema, Schema, parse

Indexes = tuple[int, ...]
"""Which message of a file, from the outermost inwards."""


@dataclass(frozen=True, slots=True)
class ProtobufFile:
    """A schema's messages."""

    parsed: "_ParsedProtobuf"
    pool: DescriptorPool

    @classmethod
    def of(cls, schema: Schema | ParsedSchema, referenced: Mapping[str, Schema]) -> "ProtobufFile":
        """The file of ``schema``; one that is parsed brings what it refers to. Raises InvalidSchema."""
        parsed = cast(
            "_ParsedProtobuf", parse(schema, referenced=referenced) if isinstance(schema, Schema) else schema
        )
        pool = parsed.files.pool
        if pool is None:
            raise InvalidSchema(
                "the Protobuf library does not take this schema",
                hint="compile it with protoc: it says what is wrong",
            )
        return cls(parsed, pool)

    def message(self, name: str) -> Descriptor:
        """The message of that full name."""
        return self.pool.FindMessageTypeByName(name)

    def indexes_of(self, name: str) -> Indexes:
        """Which message of the file that one is."""
        return self.parsed.indexes_of(name)

    def name_at(self, indexes: Indexes) -> str:
        """The full name of the message there. Raises InvalidData."""
        try:
            return self.parsed.message_at(indexes)
        except KeyError:
            raise InvalidData(
                f"the record says it is message {_spelled(indexes)} of its schema, which has no such message",
                fault=DataFault.WRONG_MESSAGE_INDEXES,
            ) from None

    def name_for(self, model: type | None) -> str:
        """The full name of the message that ``model`` stands for, or of the first one for dicts. Raises ModelDoesNotFit."""
        names = list(self.parsed.message_names())
        if model is None:
            return self._first(names)
        descriptor = getattr(model, "DESCRIPTOR", None)
        if descriptor is not None:
            if descriptor.full_name in names:
                return cast("str", descriptor.full_name)
            raise _misfit(model, f"it has no message {descriptor.full_name}", names)
        alike = [name for name in names if name.rpartition(".")[2] == model.__name__]
        found = alike or self._events(names)
        if len(found) != 1:
            raise _misfit(
                model, f"{'several' if alike else 'no'} messages are called {model.__name__}", names
            )
        return found[0]

    def counterpart(self, name: str, other: "ProtobufFile") -> str:
        """The full name here of what ``other`` calls ``name``: the same, or the same within another package.

        Raises InvalidData if there is none, so that neither can be read as the other.
        """
        names = list(self.parsed.message_names())
        if name in names:
            return name
        for one in names:
            if self.local_name(one) == other.local_name(name):
                return one
        raise InvalidData(
            f"one of the schemas has a message {name}, and the other has none of that name",
            fault=DataFault.NOT_READABLE_AS_CONTRACT,
            hint=f"it has {', '.join(names) or 'no messages'}",
        )

    def local_name(self, name: str) -> str:
        """The name without the package."""
        package = self.message(name).file.package
        return name.removeprefix(f"{package}.") if package else name

    def _events(self, names: list[str]) -> list[str]:
        """The outermost messages that are no part of another one."""
        parts = {
            field.message_type.full_name
            for name in names
            for field in self.message(name).fields
            if field.message_type is not None and field.message_type.full_name != name
        }
        return [name for name in names if len(self.indexes_of(name)) == 1 and name not in parts]

    def _first(self, names: list[str]) -> str:
        if not names:
            raise ModelDoesNotFit(
                "no record can be written with this schema",
                ["it has no messages"],
                hint="schemas without messages are for others to refer to",
            )
        return names[0]


def descriptor_of(class_: type[Message]) -> Descriptor:
    """What a generated class was generated from."""
    return cast("Descriptor", class_.DESCRIPTOR)


class _Files(Protocol):
    @property
    def pool(self) -> DescriptorPool | None: ...


class _ParsedProtobuf(ParsedSchema, Protocol):
    @property
    def files(self) -> _Files: ...

    def message_names(self) -> Iterator[str]: ...

    def indexes_of(self, name: str) -> Indexes: ...

    def message_at(self, indexes: Indexes) -> str: ...


def _misfit(model: type, problem: str, names: list[str]) -> ModelDoesNotFit:
    return ModelDoesNotFit(
        f"{model.__qualname__} does not fit its schema",
        [problem],
        hint=f"call the class as one of its messages: {', '.join(names) or 'there are none'}",
    )


def _spelled(indexes: Indexes) -> str:
    return ".".join(map(str, indexes))
