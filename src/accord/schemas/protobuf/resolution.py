"""What the names in a .proto file mean: the messages, enums and extensions that it and the files beside it define."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Generic, TypeAlias, TypeVar

from accord.schemas.protobuf.model import (
    Enum,
    Extend,
    Field,
    File,
    Group,
    MapType,
    Message,
    NamedType,
)

SCALARS: Final = frozenset(
    {
        "double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64",
        "fixed32", "fixed64", "sfixed32", "sfixed64", "bool", "string", "bytes",
    }
)  # fmt: skip
"""The types that every file knows."""

TypeNode: TypeAlias = Message | Enum | Group
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Defined:
    """A type and where it is defined: its full name and the path of its file, "" for the schema's own."""

    name: str
    node: TypeNode
    path: str


@dataclass(frozen=True, slots=True)
class Added:
    """An extension field: its full name, the message that it extends as written, and the scope of both."""

    name: str
    field: Field
    extended: NamedType
    scope: str
    path: str


@dataclass(frozen=True, slots=True)
class Use:
    """A type that a file uses by name, maybe for the values of a map, and the scope in which the name is looked up."""

    type: NamedType
    scope: str
    is_map_value: bool = False


class _Lookup(Generic[Item]):
    """What names mean inside of scopes, of which there may be as many as a package has dots."""

    def __init__(self, items: Mapping[str, Item]) -> None:
        self._items = items
        self._lasts = frozenset(full.rpartition(".")[2] for full in items)
        self._found: dict[tuple[str, str], Item | None] = {}

    def find(self, name: str, scope: str) -> Item | None:
        """The item that ``name`` means inside ``scope``; None if there is none."""
        if name.rpartition(".")[2] not in self._lasts:
            return None
        key = name, scope
        if key not in self._found:
            found = (self._items[full] for full in candidates(name, scope) if full in self._items)
            self._found[key] = next(found, None)
        return self._found[key]


class Definitions:
    """The definitions of a file, ``own``, and of all files that it may use, ``others``: by path, known ones last.

    As with the registry's peers a name is found in any of these files, imported or not.
    """

    def __init__(self, own: File, others: Mapping[str, File], known: "Definitions | None" = None) -> None:
        self.own = own
        self.others = others
        self._known = known
        self.types: dict[str, Defined] = {} if known is None else dict(known.types)
        """Types by full name; of several the own counts before any other, in one file the last."""
        self.extensions: dict[str, Added] = {} if known is None else dict(known.extensions)
        """Extensions by full name."""
        for path, file in reversed([("", own), *others.items()]):
            self.types.update(_types_of(file, path))
            self.extensions.update(_extensions_of(file, path))
        self._types = _Lookup(self.types)
        self._extensions = _Lookup(self.extensions)

    @cached_property
    def settled(self) -> Collection[str]:
        """The full names of the known types, if they mean the same in every schema; else none.

        They do where nobody else defines anything under the first part of their names.
        """
        if self._known is None:
            return ()
        known = self._known.types
        firsts = {name.partition(".")[0] for name in known}
        others = (name for name, defined in self.types.items() if known.get(name) is not defined)
        return () if any(name.partition(".")[0] in firsts for name in others) else known.keys()

    def file(self, path: str) -> File:
        """The file at ``path``, "" for the own one; raises KeyError."""
        if not path:
            return self.own
        if path in self.others or self._known is None:
            return self.others[path]
        return self._known.file(path)

    def type(self, name: str, scope: str) -> Defined | None:
        """The message or enum that ``name`` means inside ``scope``, a full name; None if there is none."""
        return self._types.find(name, scope)

    def extension(self, name: str, scope: str) -> Added | None:
        """The extension that ``name`` means inside ``scope``; None if there is none."""
        return self._extensions.find(name, scope)

    def full_name(self, name: str, scope: str) -> str:
        """The full name of the type, without a dot in front; the name itself for scalars and what is not found."""
        if name in SCALARS:
            return name
        found = self.type(name, scope)
        return name.removeprefix(".") if found is None else found.name


def within(scope: str, name: str) -> str:
    """The full name of ``name`` defined inside ``scope``, which is "" outside of packages and messages."""
    return f"{scope}.{name}" if scope else name


def scope_of(file: File) -> str:
    """The scope of what stands at the top of the file: its package."""
    return file.package or ""


def types_in(file: File) -> Iterator[tuple[str, TypeNode]]:
    """The types that the file defines by full name, each before those inside of it."""
    yield from _types_in(file.messages, file.enums, scope_of(file))


def uses_in(file: File) -> Iterator[Use]:
    """Every name of a message or enum that the file uses as a type."""
    scope = scope_of(file)
    for message in file.messages:
        yield from _uses_in_message(message, scope)
    yield from _uses_in_extends(file.extends, scope)
    for service in file.services:
        for rpc in service.rpcs:
            yield Use(rpc.request, within(scope, service.name))
            yield Use(rpc.response, within(scope, service.name))


def candidates(name: str, scope: str) -> Iterator[str]:
    """The full names that ``name`` may stand for, the innermost first."""
    if name.startswith("."):
        yield name[1:]
        return
    while scope:
        yield f"{scope}.{name}"
        scope = scope.rpartition(".")[0]
    yield name


def _types_of(file: File, path: str) -> dict[str, Defined]:
    return {name: Defined(name, node, path) for name, node in types_in(file)}


def _types_in(
    messages: tuple[Message, ...], enums: tuple[Enum, ...], scope: str
) -> Iterator[tuple[str, TypeNode]]:
    for message in messages:
        full = within(scope, message.name)
        yield full, message
        for group in all_groups(message):
            yield within(full, group.name), group
        yield from _types_in(message.messages, message.enums, full)
    for enum in enums:
        yield within(scope, enum.name), enum


def all_groups(message: Message) -> Iterator[Group]:
    """The groups in and outside of oneofs."""
    yield from message.groups
    for oneof in message.oneofs:
        yield from oneof.groups


def _extensions_of(file: File, path: str) -> dict[str, Added]:
    extensions: dict[str, Added] = {}
    for extend, scope in extends_in(file):
        for field in extend.fields:
            full = within(scope, field.name)
            extensions.setdefault(full, Added(full, field, extend.name, scope, path))
    return extensions


def extends_in(file: File) -> Iterator[tuple[Extend, str]]:
    """The extensions that the file declares, at its top and inside of messages, and their scopes."""
    scope = scope_of(file)
    for extend in file.extends:
        yield extend, scope
    for name, node in types_in(file):
        if isinstance(node, Message):
            for extend in node.extends:
                yield extend, name


def _uses_in_message(message: Message, scope: str) -> Iterator[Use]:
    full = within(scope, message.name)
    for field in message.all_fields:
        yield from _uses_in_field(field, full)
    for group in all_groups(message):
        for field in group.fields:
            yield from _uses_in_field(field, within(full, group.name))
    yield from _uses_in_extends(message.extends, full)
    for inner in message.messages:
        yield from _uses_in_message(inner, full)


def _uses_in_extends(extends: tuple[Extend, ...], scope: str) -> Iterator[Use]:
    for extend in extends:
        yield Use(extend.name, scope)
        for field in extend.fields:
            yield from _uses_in_field(field, scope)


def _uses_in_field(field: Field, scope: str) -> Iterator[Use]:
    if isinstance(field.type, MapType):
        use = Use(field.type.value, scope, is_map_value=True)
    else:
        use = Use(field.type, scope)
    if use.type.name not in SCALARS:
        yield use
