"""A schema as it is compared: fields by their numbers, with types as far as the comparison tells them apart."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum as Enumeration
from enum import auto
from functools import cached_property
from sys import intern
from typing import Final, NamedTuple, TypeAlias

from accord.schemas.protobuf.comparison.features import Features, features_of
from accord.schemas.protobuf.descriptors.known_files import known_files
from accord.schemas.protobuf.model import (
    Enum,
    Field,
    FieldType,
    Group,
    Label,
    MapType,
    Message,
    NamedType,
    NamePart,
    OneOf,
    Option,
    Word,
)
from accord.schemas.protobuf.resolution import Definitions, all_groups, scope_of, within

MessageNode: TypeAlias = Message | Group


class Kind(Enumeration):
    """The kinds of types that nothing can be swapped between. An enum counts as a number."""

    SCALAR = auto()
    MESSAGE = auto()
    GROUP = auto()
    MAP = auto()


class Family(Enumeration):
    """Scalars that may be swapped for each other."""

    NONE = auto()
    VARINT = auto()
    ZIGZAG = auto()
    FIXED_32 = auto()
    FIXED_64 = auto()
    FLOAT = auto()
    DOUBLE = auto()
    LENGTH = auto()

    @property
    def is_numeric(self) -> bool:
        """Whether many of them may stand in one run of bytes."""
        return self is not Family.LENGTH and self is not Family.NONE


FAMILIES: Final[Mapping[str, Family]] = {
    **dict.fromkeys(("int32", "int64", "uint32", "uint64", "bool"), Family.VARINT),
    **dict.fromkeys(("sint32", "sint64"), Family.ZIGZAG),
    **dict.fromkeys(("fixed32", "sfixed32"), Family.FIXED_32),
    **dict.fromkeys(("fixed64", "sfixed64"), Family.FIXED_64),
    **dict.fromkeys(("string", "bytes"), Family.LENGTH),
    "float": Family.FLOAT,
    "double": Family.DOUBLE,
}
"""The families of the scalars by name; enums belong to VARINT."""


class TypeShape(NamedTuple):
    """A type of a field.

    ``name`` is that of a scalar or the full one of an enum or message; ``local`` is the full name of a message without
    the package; it ``is_elsewhere`` if another file defines it. ``key`` and ``value`` are those of a map.
    """

    kind: Kind
    family: Family = Family.NONE
    name: str = ""
    local: str = ""
    is_elsewhere: bool = False
    key: "TypeShape | None" = None
    value: "TypeShape | None" = None

    def __str__(self) -> str:
        return f"map<{self.key}, {self.value}>" if self.kind is Kind.MAP else self.name


class FieldShape(NamedTuple):
    """A field; ``label`` is the one that it has in meaning.

    Of fields that ``look`` the same nothing is to be said; it is "" where messages of other files have to be looked at.
    """

    node: Field
    label: Label | None
    type: TypeShape
    look: str


@dataclass(frozen=True, slots=True, eq=False)
class OneOfShape:
    """A oneof and its fields by number."""

    node: OneOf
    fields: Mapping[int, FieldShape]


@dataclass(frozen=True, slots=True, eq=False)
class MessageShape:
    """A message: ``plain`` fields outside of oneofs, by number as ``in_oneofs``; what else is in it by name.

    ``local`` is the full name without the package; ``is_own`` is whether the text of the schema defines the message.
    ``looks`` are those of the plain fields, ``required`` is which of these are. Two messages with one ``content`` are the
    same to the comparison; it is "" where that cannot be told of the message alone.
    """

    node: MessageNode
    name: str
    local: str
    is_own: bool
    plain: Mapping[int, FieldShape]
    oneofs: Mapping[str, OneOfShape]
    in_oneofs: Mapping[int, FieldShape]
    messages: "Mapping[str, MessageShape]"
    looks: frozenset[str]
    required: tuple[FieldShape, ...]
    content: str


class Shapes:
    """The shapes of a schema. Those of the files beside it are made when a field asks for one of their messages.

    Groups are left out, as Confluent's checker does, unless they are to be taken ``with_groups``: as what they are in an
    edition, messages in fields that are delimited.
    """

    def __init__(self, definitions: Definitions, *, with_groups: bool = False) -> None:
        self._definitions = definitions
        self._takes_groups = with_groups
        self._files = {**known_files(), **definitions.others, _OWN: definitions.own}
        self._messages: dict[tuple[str, str], MessageShape] = {}
        self._made: set[str] = set()
        self.file: Final = definitions.own
        self.package: Final = scope_of(self.file)
        self.messages: Final = self._make(_OWN)
        """The messages at the top of the schema's own file, by name."""

    def message(self, name: str) -> MessageShape | None:
        """The message of that full name, which some field has for its type; None if nobody defines it."""
        defined = self._definitions.types.get(name)
        if defined is None:
            return None
        if defined.path not in self._made:
            self._make(defined.path)
        return self._messages[defined.path, name]

    @cached_property
    def with_groups(self) -> "Shapes":
        """The same with the groups."""
        return Shapes(self._definitions, with_groups=True)

    def _make(self, path: str) -> Mapping[str, MessageShape]:
        self._made.add(path)
        file = self._files[path]
        return self._inside(file.messages, scope_of(file), features_of(file), path)

    def _inside(
        self, nodes: Iterable[MessageNode], scope: str, features: Features, path: str
    ) -> Mapping[str, MessageShape]:
        return {node.name: self._message(node, within(scope, node.name), features, path) for node in nodes}

    def _message(self, node: MessageNode, name: str, inherited: Features, path: str) -> MessageShape:
        message = node if isinstance(node, Message) else _message_of(node)
        if self._takes_groups:
            message = _without_groups(message)
        features = inherited.within(message.options)
        oneofs = {
            oneof.name: OneOfShape(oneof, self._fields(oneof.fields, name, features.within(oneof.options)))
            for oneof in message.oneofs
        }
        # A group that is left out may be the type of a field all the same.
        self._inside(all_groups(message), name, features, path)
        plain = self._fields(message.fields, name, features)
        messages = self._inside(message.messages, name, features, path)
        shape = MessageShape(
            node,
            name,
            self._local(name, path),
            path == _OWN,
            plain,
            oneofs,
            {tag: field for oneof in oneofs.values() for tag, field in oneof.fields.items()},
            messages,
            frozenset(field.look for field in plain.values() if field.look),
            tuple(field for field in plain.values() if field.label is Label.REQUIRED),
            _content(plain, oneofs, messages),
        )
        # Of several messages with one name the last counts.
        self._messages[path, name] = shape
        return shape

    def _fields(self, fields: Iterable[Field], scope: str, features: Features) -> Mapping[int, FieldShape]:
        return {field.tag: self._field(field, scope, features) for field in fields}

    def _field(self, field: Field, scope: str, features: Features) -> FieldShape:
        type_ = self._type(field.type, scope)
        if type_.kind is Kind.MESSAGE and features.is_delimited(field):
            type_ = type_._replace(kind=Kind.GROUP)
        label, look = features.label_of(field), self._look(type_)
        return FieldShape(field, label, type_, intern(f"{field.tag} {label} {look}") if look else "")

    def _type(self, type_: FieldType, scope: str) -> TypeShape:
        if isinstance(type_, MapType):
            key, value = self._type(type_.key, scope), self._type(type_.value, scope)
            return TypeShape(Kind.MAP, key=key, value=value)
        if type_.name in FAMILIES:
            return TypeShape(Kind.SCALAR, FAMILIES[type_.name], type_.name)
        defined = self._definitions.type(type_.name, scope)
        if defined is None:
            # Nobody looks for what the values of a map are.
            return TypeShape(Kind.MESSAGE, name=type_.name, local=type_.name)
        if isinstance(defined.node, Enum):
            return TypeShape(Kind.SCALAR, Family.VARINT, defined.name)
        local = self._local(defined.name, defined.path)
        return TypeShape(Kind.MESSAGE, name=defined.name, local=local, is_elsewhere=defined.path != _OWN)

    def _look(self, type_: TypeShape) -> str:
        """All that the comparison tells apart of a type, "" where messages of other files have to be looked at."""
        if type_.key is not None and type_.value is not None:
            value = self._look(type_.value)
            return f"<{self._look(type_.key)}, {value}>" if value else ""
        if type_.is_elsewhere and type_.name not in self._definitions.settled:
            return ""
        return f"{type_.kind.value} {type_.family.value} {type_.name if type_.is_elsewhere else type_.local}"

    def _local(self, name: str, path: str) -> str:
        package = self._files[path].package
        return name.removeprefix(f"{package}.") if package else name


_OWN: Final = ""
"""The path under which the schema's own file goes."""


def _content(
    plain: Mapping[int, FieldShape], oneofs: Mapping[str, OneOfShape], messages: Mapping[str, MessageShape]
) -> str:
    """What is in a message, "" where something leads elsewhere, or a number is given twice."""
    held = {"": plain, **{name: oneof.fields for name, oneof in oneofs.items()}}
    fields = [field for some in held.values() for field in some.values()]
    looks = [field.look for field in fields]
    inner = [one.content for one in messages.values()]
    if not all(looks) or not all(inner) or len({field.node.tag for field in fields}) < len(fields):
        return ""
    words = [f"{name}: {', '.join(sorted(one.look for one in some.values()))}" for name, some in held.items()]
    nested = [f"{name} {content}" for name, content in zip(messages, inner, strict=True)]
    return intern(f"{{{'; '.join(sorted([*words, *nested]))}}}")


_DELIMITED: Final = Option((NamePart("features"), NamePart("message_encoding")), Word("DELIMITED"))


def _without_groups(message: Message) -> Message:
    """The message with its groups taken apart, as an edition would have it."""
    return replace(
        message,
        fields=(*message.fields, *map(_field_of, message.groups)),
        oneofs=tuple(
            replace(oneof, fields=(*oneof.fields, *map(_field_of, oneof.groups)), groups=())
            for oneof in message.oneofs
        ),
        groups=(),
        messages=(*message.messages, *map(_message_of, all_groups(message))),
    )


def _field_of(group: Group) -> Field:
    type_ = NamedType(group.name)
    spans = group.span, group.name_span, group.tag_span
    return Field(group.field_name, type_, group.tag, group.label, (_DELIMITED,), *spans)


def _message_of(group: Group) -> Message:
    return Message(group.name, group.fields, span=group.span, name_span=group.name_span)
