"""A descriptor as the .proto file that says the same."""

from collections.abc import Iterable, Iterator
from typing import Final

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    Edition,
    EnumDescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    MethodDescriptorProto,
    ServiceDescriptorProto,
    SymbolVisibility,
)
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError
from google.protobuf.message import Message as ProtoMessage
from google.protobuf.message_factory import GetMessageClass
from google.protobuf.text_encoding import CUnescape
from google.protobuf.text_format import MessageToString

from accord.schemas.errors import InvalidSchema
from accord.schemas.protobuf.descriptors.option_setter import Holder
from accord.schemas.protobuf.model import (
    MAX_TAG,
    Aggregate,
    Enum,
    EnumConstant,
    Extend,
    Extensions,
    Field,
    File,
    Group,
    Import,
    ImportKind,
    Label,
    Message,
    NamedType,
    NamePart,
    Number,
    OneOf,
    Option,
    Options,
    OptionValue,
    Range,
    Reserved,
    Rpc,
    Service,
    Text,
    Visibility,
    Word,
)
from accord.schemas.protobuf.text.option_reader import read_fields
from accord.schemas.protobuf.text.tokens import shortened

_LABELS: Final = {
    FieldDescriptorProto.LABEL_OPTIONAL: Label.OPTIONAL,
    FieldDescriptorProto.LABEL_REQUIRED: Label.REQUIRED,
    FieldDescriptorProto.LABEL_REPEATED: Label.REPEATED,
}
# The registry's peers print these options first and in this order, the others by their numbers.
_RANKS: Final = {
    name: rank
    for rank, name in enumerate(
        (
            "java_package", "java_outer_classname", "java_multiple_files", "java_generate_equals_and_hash",
            "java_string_check_utf8", "optimize_for", "ctype", "packed", "jstype",
        )
    )
}  # fmt: skip
_VISIBILITIES: Final = {
    SymbolVisibility.VISIBILITY_EXPORT: Visibility.EXPORT,
    SymbolVisibility.VISIBILITY_LOCAL: Visibility.LOCAL,
}


def described(proto: FileDescriptorProto, pool: DescriptorPool | None = None) -> File:
    """The file that ``proto`` describes; its custom options are understood as far as ``pool`` defines them."""
    return _Reader(proto, pool).file()


def is_text(proto: ProtoMessage) -> bool:
    """Whether every string in ``proto`` is UTF-8, which the library does not look for; other strings it gives as bytes."""
    waiting = [proto]
    while waiting:
        for field, value in waiting.pop().ListFields():
            values = value if field.is_repeated else (value,)
            if field.message_type is not None:
                # There are maps in extensions alone, which are told as they are.
                waiting += () if field.message_type.GetOptions().map_entry else values
            elif field.type == FieldDescriptor.TYPE_STRING and any(isinstance(one, bytes) for one in values):
                return False
    return True


class _Reader:
    def __init__(self, proto: FileDescriptorProto, pool: DescriptorPool | None) -> None:
        self._proto = proto
        self._is_edition = proto.syntax == "editions"
        self._options = _OptionReader(pool)

    def file(self) -> File:
        proto = self._proto
        return File(
            syntax=None if self._is_edition else proto.syntax or None,
            edition=Edition.Name(proto.edition).removeprefix("EDITION_") if self._is_edition else None,
            package=proto.package if proto.HasField("package") else None,
            imports=tuple(_imports(proto)),
            options=self._options.of(proto),
            messages=tuple(map(self._message, proto.message_type)),
            enums=tuple(map(self._enum, proto.enum_type)),
            extends=tuple(self._extends(proto.extension)),
            services=tuple(map(self._service, proto.service)),
        )

    def _message(self, proto: DescriptorProto) -> Message:
        groups = _names_of_groups(proto)
        plain = [one for one in proto.field if one.proto3_optional or not one.HasField("oneof_index")]
        return Message(
            proto.name,
            fields=self._fields(plain),
            oneofs=tuple(self._oneofs(proto)),
            groups=self._groups(plain, proto),
            # The entries of maps stay messages: a record's index counts them.
            messages=tuple(self._message(one) for one in proto.nested_type if one.name not in groups),
            enums=tuple(map(self._enum, proto.enum_type)),
            extends=tuple(self._extends(proto.extension)),
            extensions=tuple(
                Extensions((Range(one.start, min(one.end - 1, MAX_TAG)),), self._options.of(one))
                for one in proto.extension_range
            ),
            reserved=_reserved(
                (Range(one.start, one.end - 1) for one in proto.reserved_range), proto.reserved_name
            ),
            options=self._options.of(proto),
            visibility=_VISIBILITIES.get(proto.visibility, Visibility.DEFAULT),
        )

    def _oneofs(self, proto: DescriptorProto) -> Iterator[OneOf]:
        inside: dict[int, list[FieldDescriptorProto]] = {}
        for field in proto.field:
            if field.HasField("oneof_index"):
                inside.setdefault(field.oneof_index, []).append(field)
        for index, oneof in enumerate(proto.oneof_decl):
            members = inside.get(index, [])
            # The oneof around an ``optional`` field of proto3 is made up by the compiler.
            if any(field.proto3_optional for field in members):
                continue
            fields = self._fields(members, in_oneof=True)
            groups = self._groups(members, proto, in_oneof=True)
            yield OneOf(oneof.name, fields, groups, self._options.of(oneof))

    def _fields(self, fields: Iterable[FieldDescriptorProto], *, in_oneof: bool = False) -> tuple[Field, ...]:
        return tuple(
            self._field(field, in_oneof=in_oneof)
            for field in fields
            if field.type != FieldDescriptorProto.TYPE_GROUP
        )

    def _groups(
        self, fields: Iterable[FieldDescriptorProto], around: DescriptorProto, *, in_oneof: bool = False
    ) -> tuple[Group, ...]:
        groups = [field for field in fields if field.type == FieldDescriptorProto.TYPE_GROUP]
        if not groups:
            return ()
        inside = {nested.name: nested for nested in around.nested_type}
        return tuple(
            Group(
                _short(field),
                field.number,
                None if in_oneof else _LABELS[field.label],
                self._fields(inside[_short(field)].field) if _short(field) in inside else (),
            )
            for field in groups
        )

    def _field(self, proto: FieldDescriptorProto, *, in_oneof: bool = False) -> Field:
        label = None if in_oneof else self._label(proto)
        options = (*self._options.of(proto), *_special_options(proto))
        return Field(proto.name, NamedType(_type_name(proto)), proto.number, label, options)

    def _label(self, proto: FieldDescriptorProto) -> Label | None:
        label = _LABELS[proto.label]
        has_none = self._is_edition or (self._proto.syntax == "proto3" and not proto.proto3_optional)
        return None if has_none and label is not Label.REPEATED else label

    def _extends(self, fields: Iterable[FieldDescriptorProto]) -> Iterator[Extend]:
        """One declaration for each extended message."""
        added: dict[str, list[FieldDescriptorProto]] = {}
        for field in fields:
            added.setdefault(field.extendee, []).append(field)
        for extended, its in added.items():
            yield Extend(NamedType(extended), self._fields(its))

    def _enum(self, proto: EnumDescriptorProto) -> Enum:
        return Enum(
            proto.name,
            tuple(EnumConstant(one.name, one.number, self._options.of(one)) for one in proto.value),
            _reserved((Range(one.start, one.end) for one in proto.reserved_range), proto.reserved_name),
            self._options.of(proto),
            _VISIBILITIES.get(proto.visibility, Visibility.DEFAULT),
        )

    def _service(self, proto: ServiceDescriptorProto) -> Service:
        return Service(proto.name, tuple(map(self._rpc, proto.method)), self._options.of(proto))

    def _rpc(self, proto: MethodDescriptorProto) -> Rpc:
        return Rpc(
            proto.name,
            NamedType(proto.input_type),
            NamedType(proto.output_type),
            proto.client_streaming,
            proto.server_streaming,
            self._options.of(proto),
        )


class _OptionReader:
    """Reads the options that a descriptor holds."""

    def __init__(self, pool: DescriptorPool | None) -> None:
        self._pool = pool

    def of(self, holder: Holder) -> Options:
        """The options of ``holder``."""
        if not holder.options.ByteSize():
            return ()
        known = self._understood(holder.options)
        options: list[Option] = []
        entries = read_fields(MessageToString(known)).entries
        for name, value in sorted(entries, key=lambda entry: _RANKS.get(entry[0], len(_RANKS))):
            part = _part(name)
            if part.is_extension or known.DESCRIPTOR.fields_by_name[name].is_repeated:
                options.append(Option((part,), value))
            else:
                options += _options((part,), value)
        return tuple(options)

    def _understood(self, options: ProtoMessage) -> ProtoMessage:
        """The options with those extensions that the pool knows."""
        if self._pool is None:
            return options
        try:
            known = GetMessageClass(self._pool.FindMessageTypeByName(options.DESCRIPTOR.full_name))()
            known.ParseFromString(options.SerializePartialToString())
        except (KeyError, DecodeError):
            return options
        return known


def _options(path: tuple[NamePart, ...], value: OptionValue) -> Iterator[Option]:
    """The options that say ``value``; a message is told field by field."""
    if not isinstance(value, Aggregate):
        yield Option(path, value)
        return
    for name, inner in value.entries:
        yield from _options((*path, _part(name)), inner)


def _part(name: str) -> NamePart:
    return NamePart(name.strip("[]"), is_extension=name.startswith("["))


def _imports(proto: FileDescriptorProto) -> Iterator[Import]:
    # A weak import, of which text keeps nothing, is one like others here.
    public = frozenset(proto.public_dependency)
    for index, path in enumerate(proto.dependency):
        yield Import(path, ImportKind.PUBLIC if index in public else ImportKind.PLAIN)
    for path in proto.option_dependency:
        yield Import(path, ImportKind.OPTION)


def _reserved(ranges: Iterable[Range], names: Iterable[str]) -> tuple[Reserved, ...]:
    """A declaration for each range and each name."""
    return (*(Reserved((one,)) for one in ranges), *(Reserved((name,)) for name in names))


def _type_name(proto: FieldDescriptorProto) -> str:
    return proto.type_name or FieldDescriptorProto.Type.Name(proto.type).removeprefix("TYPE_").lower()


def _special_options(proto: FieldDescriptorProto) -> Iterator[Option]:
    """The default and the JSON name, where they are given."""
    if proto.HasField("default_value"):
        yield Option((NamePart("default"),), _default(proto))
    if proto.HasField("json_name"):
        yield Option((NamePart("json_name"),), Text(proto.json_name, proto.json_name.encode()))


def _default(proto: FieldDescriptorProto) -> OptionValue:
    written = proto.default_value
    if proto.type == FieldDescriptorProto.TYPE_STRING:
        return Text(written, written.encode())
    if proto.type == FieldDescriptorProto.TYPE_BYTES:
        try:
            data = CUnescape(written)
        except ValueError as error:
            raise InvalidSchema(
                f"the default of the field `{shortened(proto.name)}` in the descriptor does not stand for bytes",
                hint="write each byte that is no plain letter as a backslash and three octal digits",
            ) from error
        return Text(data.decode("latin-1"), data)
    return Number(written) if written[:1].isdigit() or written.startswith("-") else Word(written)


def _names_of_groups(proto: DescriptorProto) -> set[str]:
    names = [_short(field) for field in proto.field if field.type == FieldDescriptorProto.TYPE_GROUP]
    groups = set(names)
    if len(groups) < len(names):
        raise InvalidSchema(
            f"two groups of `{shortened(proto.name)}` in the descriptor are the same message",
            hint="give each group a message of its own",
        )
    return groups


def _short(proto: FieldDescriptorProto) -> str:
    """The name of the field's type without what is around it."""
    return proto.type_name.rpartition(".")[2]
