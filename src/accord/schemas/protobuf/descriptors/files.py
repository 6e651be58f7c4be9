"""A .proto file as a descriptor, the form in which the Protobuf library takes it."""

from collections.abc import Iterator
from typing import Final, TypeAlias

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

from accord.schemas.protobuf.descriptors.field_values import default_value, entry_name
from accord.schemas.protobuf.descriptors.option_setter import OptionSetter
from accord.schemas.protobuf.model import (
    MAX_TAG,
    Enum,
    Extend,
    Extensions,
    Field,
    File,
    Group,
    ImportKind,
    Label,
    MapType,
    Message,
    NamedType,
    OptionValue,
    Rpc,
    Service,
    Text,
    Visibility,
    Word,
    option_in,
)
from accord.schemas.protobuf.resolution import SCALARS, Definitions, scope_of, within

_FieldAndOneof: TypeAlias = tuple[Field | Group, int | None]

_LABELS: Final = {
    None: FieldDescriptorProto.LABEL_OPTIONAL,
    Label.OPTIONAL: FieldDescriptorProto.LABEL_OPTIONAL,
    Label.REQUIRED: FieldDescriptorProto.LABEL_REQUIRED,
    Label.REPEATED: FieldDescriptorProto.LABEL_REPEATED,
}
_VISIBILITIES: Final = {
    Visibility.EXPORT: SymbolVisibility.VISIBILITY_EXPORT,
    Visibility.LOCAL: SymbolVisibility.VISIBILITY_LOCAL,
}
# Extensions of a message set may have every number there is.
_END_OF_MESSAGE_SET: Final = 2**31 - 1


def describe(path: str, file: File, definitions: Definitions, setter: OptionSetter) -> FileDescriptorProto:
    """The descriptor of ``file`` under the name ``path``; its names are looked up in ``definitions``."""
    return _Describer(file, definitions, setter).file(path)


class _Describer:
    def __init__(self, file: File, definitions: Definitions, setter: OptionSetter) -> None:
        self._file = file
        self._definitions = definitions
        self._setter = setter

    def file(self, path: str) -> FileDescriptorProto:
        file, scope = self._file, scope_of(self._file)
        proto = FileDescriptorProto(name=path)
        if file.package is not None:
            proto.package = file.package
        _describe_imports(proto, file)
        proto.message_type.extend(self._message(one, scope) for one in file.messages)
        proto.enum_type.extend(self._enum(one, scope) for one in file.enums)
        proto.service.extend(self._service(one, scope) for one in file.services)
        for extend in file.extends:
            proto.extension.extend(self._extensions(extend, scope))
        self._setter.set(proto, file.options, scope)
        if file.edition is not None:
            proto.syntax = "editions"
            proto.edition = Edition.Value(f"EDITION_{file.edition}")
        elif file.syntax is not None:
            proto.syntax = file.syntax
        return proto

    def _message(self, message: Message, scope: str) -> DescriptorProto:
        full = within(scope, message.name)
        proto = DescriptorProto(name=message.name)
        for oneof in message.oneofs:
            self._setter.set(proto.oneof_decl.add(name=oneof.name), oneof.options, full)
        proto.field.extend(self._field(one, full, index) for one, index in _fields_of(message))
        self._add_own_oneofs(proto)
        proto.nested_type.extend(self._nested(message, full))
        proto.enum_type.extend(self._enum(one, full) for one in message.enums)
        for extend in message.extends:
            proto.extension.extend(self._extensions(extend, full))
        is_set = option_in(message.options, "message_set_wire_format") == Word("true")
        for extensions in message.extensions:
            self._describe_numbers(proto, extensions, full, _END_OF_MESSAGE_SET if is_set else MAX_TAG + 1)
        for reserved in message.reserved:
            proto.reserved_name.extend(reserved.names)
            for numbers in reserved.ranges:
                proto.reserved_range.add(start=numbers.first, end=_after(numbers.last))
        self._setter.set(proto, message.options, full)
        if message.visibility in _VISIBILITIES:
            proto.visibility = _VISIBILITIES[message.visibility]
        return proto

    def _nested(self, message: Message, full: str) -> Iterator[DescriptorProto]:
        """The nested messages, and behind them those that groups and maps bring with them.

        A message's index, which stands in front of every record, is then the same here and in the text.
        """
        for one in message.messages:
            yield self._message(one, full)
        for field, _ in _fields_of(message):
            if isinstance(field, Group):
                yield self._message(Message(field.name, fields=field.fields), full)
            elif isinstance(field.type, MapType):
                yield self._entry(field, field.type, full)

    def _entry(self, field: Field, kind: MapType, full: str) -> DescriptorProto:
        """The message that the entries of a map are."""
        proto = DescriptorProto(name=entry_name(field.name))
        scope = within(full, proto.name)
        # What a map's features say is said of its keys and values.
        features = tuple(option for option in field.options if option.path[0].name == "features")
        proto.field.append(self._field(Field("key", kind.key, 1, options=features), scope, None))
        proto.field.append(self._field(Field("value", kind.value, 2, options=features), scope, None))
        proto.options.map_entry = True
        return proto

    def _field(self, field: Field | Group, scope: str, oneof: int | None) -> FieldDescriptorProto:
        if isinstance(field, Group):
            own = NamedType(f".{within(scope, field.name)}")
            field = Field(field.field_name, own, field.tag, field.label)
        proto = FieldDescriptorProto(name=field.name, number=field.tag, label=_LABELS[field.label])
        if isinstance(field.type, MapType):
            proto.label = FieldDescriptorProto.LABEL_REPEATED
            proto.type = FieldDescriptorProto.TYPE_MESSAGE
            proto.type_name = f".{within(scope, entry_name(field.name))}"
        else:
            self._describe_type(proto, field.type, scope)
        if oneof is not None:
            proto.oneof_index = oneof
        if self._file.is_proto3 and field.label is Label.OPTIONAL:
            proto.proto3_optional = True
        given = field.option("json_name")
        if isinstance(given, Text):
            proto.json_name = given.value
        default = field.option("default")
        if default is not None:
            self._describe_default(proto, default, str(field.type))
        self._setter.set(proto, field.options, scope)
        return proto

    def _describe_type(self, proto: FieldDescriptorProto, kind: NamedType, scope: str) -> None:
        if kind.name in SCALARS:
            proto.type = FieldDescriptorProto.Type.Value(f"TYPE_{kind.name.upper()}")
            return
        found = self._definitions.type(kind.name, scope)
        proto.type_name = kind.name if found is None else f".{found.name}"
        if found is None:
            return
        if isinstance(found.node, Enum):
            proto.type = FieldDescriptorProto.TYPE_ENUM
        elif isinstance(found.node, Group):
            proto.type = FieldDescriptorProto.TYPE_GROUP
        else:
            proto.type = FieldDescriptorProto.TYPE_MESSAGE

    def _describe_default(self, proto: FieldDescriptorProto, value: OptionValue, kind: str) -> None:
        text = default_value(value, kind)
        if text is not None:
            proto.default_value = text

    def _add_own_oneofs(self, proto: DescriptorProto) -> None:
        """Every ``optional`` field of proto3 is in a oneof of its own, behind the others."""
        names = {one.name for one in proto.field} | {one.name for one in proto.oneof_decl}
        latest: dict[str, str] = {}
        for field in proto.field:
            if not field.proto3_optional:
                continue
            first = field.name if field.name.startswith("_") else f"_{field.name}"
            name = latest.get(first, first)
            while name in names:
                name = f"X{name}"
            names.add(name)
            latest[first] = name
            field.oneof_index = len(proto.oneof_decl)
            proto.oneof_decl.add(name=name)

    def _extensions(self, extend: Extend, scope: str) -> Iterator[FieldDescriptorProto]:
        found = self._definitions.type(extend.name.name, scope)
        for field in extend.fields:
            proto = self._field(field, scope, None)
            proto.extendee = extend.name.name if found is None else f".{found.name}"
            yield proto

    def _describe_numbers(self, proto: DescriptorProto, extensions: Extensions, scope: str, end: int) -> None:
        model = DescriptorProto.ExtensionRange()
        self._setter.set(model, extensions.options, scope)
        for numbers in extensions.ranges:
            last = end if numbers.last == MAX_TAG else _after(numbers.last)
            proto.extension_range.add(start=numbers.first, end=last).MergeFrom(model)

    def _enum(self, enum: Enum, scope: str) -> EnumDescriptorProto:
        proto = EnumDescriptorProto(name=enum.name)
        for constant in enum.constants:
            added = proto.value.add(name=constant.name, number=constant.tag)
            self._setter.set(added, constant.options, scope)
        for reserved in enum.reserved:
            proto.reserved_name.extend(reserved.names)
            for numbers in reserved.ranges:
                proto.reserved_range.add(start=numbers.first, end=numbers.last)
        self._setter.set(proto, enum.options, scope)
        if enum.visibility in _VISIBILITIES:
            proto.visibility = _VISIBILITIES[enum.visibility]
        return proto

    def _service(self, service: Service, scope: str) -> ServiceDescriptorProto:
        full = within(scope, service.name)
        proto = ServiceDescriptorProto(name=service.name)
        proto.method.extend(self._rpc(rpc, full) for rpc in service.rpcs)
        self._setter.set(proto, service.options, full)
        return proto

    def _rpc(self, rpc: Rpc, scope: str) -> MethodDescriptorProto:
        proto = MethodDescriptorProto(name=rpc.name)
        proto.input_type = f".{self._definitions.full_name(rpc.request.name, scope)}"
        proto.output_type = f".{self._definitions.full_name(rpc.response.name, scope)}"
        if rpc.is_request_streamed:
            proto.client_streaming = True
        if rpc.is_response_streamed:
            proto.server_streaming = True
        self._setter.set(proto, rpc.options, scope)
        return proto


def _describe_imports(proto: FileDescriptorProto, file: File) -> None:
    for one in file.imports:
        if one.kind is ImportKind.OPTION:
            proto.option_dependency.append(one.path)
            continue
        if one.kind is ImportKind.PUBLIC:
            proto.public_dependency.append(len(proto.dependency))
        if one.kind is ImportKind.WEAK:
            proto.weak_dependency.append(len(proto.dependency))
        proto.dependency.append(one.path)


def _fields_of(message: Message) -> Iterator[_FieldAndOneof]:
    """All fields in the order of the text, those of a oneof with its index."""
    fields: list[_FieldAndOneof] = [(field, None) for field in message.fields]
    fields += [(group, None) for group in message.groups]
    for index, oneof in enumerate(message.oneofs):
        fields += [(field, index) for field in oneof.fields]
        fields += [(group, index) for group in oneof.groups]
    yield from sorted(fields, key=lambda one: one[0].span.start)


def _after(last: int) -> int:
    """The end of a range that does not include its end; a descriptor holds 32 bits."""
    return min(last + 1, 2**31 - 1)
