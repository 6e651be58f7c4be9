"""The normal form of a .proto file: what carries no meaning in one order, and every name in full.

Messages keep their order, on which the indexes of the wire format depend; so do enums and services.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from accord.schemas.protobuf.model import (
    Enum,
    Extend,
    Extensions,
    Field,
    FieldType,
    File,
    Group,
    Import,
    MapType,
    Message,
    NamedType,
    OneOf,
    Range,
    Reserved,
    Rpc,
    Service,
)
from accord.schemas.protobuf.resolution import SCALARS, Definitions, scope_of, within
from accord.schemas.protobuf.text.normal_options import OptionNormalizer

_Tagged = TypeVar("_Tagged", Field, Group)


def normal_form(definitions: Definitions) -> File:
    """The normal form of the schema's own file, whose names ``definitions`` explains."""
    return _Normalizer(definitions).file()


class _Normalizer:
    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions
        self._options = OptionNormalizer(definitions)

    def file(self) -> File:
        file = self._definitions.own
        scope = scope_of(file)
        # Where the syntax is all there is, it stays: no text at all is no schema.
        is_implied = file.syntax == "proto2" and file != File(syntax="proto2")
        return replace(
            file,
            syntax=None if is_implied else file.syntax,
            imports=_sorted_imports(file.imports),
            options=self._options.normal(file.options, scope),
            messages=tuple(self._message(one, scope) for one in file.messages),
            enums=tuple(self._enum(one, scope) for one in file.enums),
            extends=tuple(self._extends(file.extends, scope)),
            services=tuple(self._service(one, scope) for one in file.services),
        )

    def _message(self, message: Message, scope: str) -> Message:
        full = within(scope, message.name)
        return replace(
            message,
            fields=self._fields(message.fields, full),
            oneofs=self._oneofs(message.oneofs, full),
            groups=self._groups(message.groups, full),
            messages=tuple(self._message(one, full) for one in message.messages),
            enums=tuple(self._enum(one, full) for one in message.enums),
            extends=tuple(self._extends(message.extends, full)),
            extensions=self._extensions(message.extensions, full),
            reserved=_sorted_reserved(message.reserved),
            options=self._options.normal(message.options, full),
        )

    def _fields(self, fields: Iterable[Field], scope: str) -> tuple[Field, ...]:
        return _by_tag(
            replace(
                field,
                type=self._type(field.type, scope),
                options=self._options.normal(field.options, scope),
            )
            for field in fields
        )

    def _groups(self, groups: Iterable[Group], scope: str) -> tuple[Group, ...]:
        return _by_tag(
            replace(group, fields=self._fields(group.fields, within(scope, group.name))) for group in groups
        )

    def _oneofs(self, oneofs: Iterable[OneOf], scope: str) -> tuple[OneOf, ...]:
        """The oneofs by their least number; one without fields says nothing."""
        normal = [
            replace(
                oneof,
                fields=self._fields(oneof.fields, scope),
                groups=self._groups(oneof.groups, scope),
                options=self._options.normal(oneof.options, scope),
            )
            for oneof in oneofs
            if oneof.fields or oneof.groups
        ]
        return tuple(sorted(normal, key=_least_tag))

    def _extends(self, extends: Iterable[Extend], scope: str) -> Iterator[Extend]:
        """One declaration for each extended message, where the first of them is."""
        fields: dict[str, list[Field]] = {}
        for extend in extends:
            fields.setdefault(self._name(extend.name.name, scope), []).extend(extend.fields)
        for name, added in fields.items():
            yield Extend(NamedType(name), self._fields(added, scope))

    def _extensions(self, declared: Iterable[Extensions], scope: str) -> tuple[Extensions, ...]:
        single = [
            Extensions((_plain(numbers),), self._options.normal(one.options, scope))
            for one in declared
            for numbers in one.ranges
        ]
        return tuple(sorted(single, key=lambda one: _numbers(one.ranges[0])))

    def _enum(self, enum: Enum, scope: str) -> Enum:
        constants = (replace(one, options=self._options.normal(one.options, scope)) for one in enum.constants)
        return replace(
            enum,
            constants=tuple(sorted(constants, key=lambda one: (one.tag, one.name))),
            reserved=_sorted_reserved(enum.reserved),
            options=self._options.normal(enum.options, scope),
        )

    def _service(self, service: Service, scope: str) -> Service:
        full = within(scope, service.name)
        return replace(
            service,
            rpcs=tuple(self._rpc(one, full) for one in service.rpcs),
            options=self._options.normal(service.options, full),
        )

    def _rpc(self, rpc: Rpc, scope: str) -> Rpc:
        return replace(
            rpc,
            request=NamedType(self._name(rpc.request.name, scope)),
            response=NamedType(self._name(rpc.response.name, scope)),
            options=self._options.normal(rpc.options, scope),
        )

    def _type(self, kind: FieldType, scope: str) -> FieldType:
        if isinstance(kind, MapType):
            return replace(kind, value=NamedType(self._name(kind.value.name, scope)))
        return NamedType(self._name(kind.name, scope))

    def _name(self, name: str, scope: str) -> str:
        found = None if name in SCALARS else self._definitions.type(name, scope)
        return name if found is None else f".{found.name}"


def _least_tag(oneof: OneOf) -> int:
    tags = [field.tag for field in oneof.fields] + [group.tag for group in oneof.groups]
    return min(tags)


def _by_tag(tagged: Iterable[_Tagged]) -> tuple[_Tagged, ...]:
    return tuple(sorted(tagged, key=lambda one: one.tag))


def _sorted_imports(imports: Sequence[Import]) -> tuple[Import, ...]:
    return tuple(sorted(dict.fromkeys(imports), key=lambda one: (one.kind, one.path)))


def _sorted_reserved(declared: Sequence[Reserved]) -> tuple[Reserved, ...]:
    """One declaration for each number, range and name: first the numbers, then the names."""
    numbers = [_plain(value) for one in declared for value in one.ranges]
    names = [value for one in declared for value in one.names]
    return (
        *(Reserved((value,)) for value in sorted(numbers, key=_numbers)),
        *(Reserved((value,)) for value in sorted(names)),
    )


def _numbers(numbers: Range) -> tuple[int, int]:
    return numbers.first, numbers.last


def _plain(numbers: Range) -> Range:
    return Range(numbers.first, numbers.last)
