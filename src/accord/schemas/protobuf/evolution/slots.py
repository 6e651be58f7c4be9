"""The messages and enums of a schema as readers know them, worked out when they are asked for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeAlias

from accord.schemas.protobuf.comparison.features import Features, features_of
from accord.schemas.protobuf.descriptors.field_values import json_name
from accord.schemas.protobuf.descriptors.known_files import known_files
from accord.schemas.protobuf.evolution.enums import EnumOutline
from accord.schemas.protobuf.evolution.memory import digest
from accord.schemas.protobuf.evolution.outlines import Outline
from accord.schemas.protobuf.evolution.readings import ENUM, GROUP, MAP, MESSAGE, Coding
from accord.schemas.protobuf.evolution.slot import Slot
from accord.schemas.protobuf.model import (
    Enum,
    Field,
    File,
    Group,
    Label,
    MapType,
    Message,
    NamedType,
    OneOf,
    Text,
)
from accord.schemas.protobuf.resolution import SCALARS, Defined, Definitions, types_in, within


def _json_name(node: Field | Group, name: str) -> str:
    """The name in JSON: as given, or made of the name."""
    given = node.option("json_name") if isinstance(node, Field) else None
    return given.value if isinstance(given, Text) else json_name(name)


def declared_in(around: Message | OneOf) -> Iterator[Field | Group]:
    """The fields that stand right in a message or a oneof, groups among them."""
    yield from around.fields
    yield from around.groups


_Facts: TypeAlias = tuple[str, str, str, str, bool, Label | None, str]


@dataclass(frozen=True, slots=True)
class _Around:
    """What a field is declared in: the scope ``name``, which is the message ``owner`` unless that is extended in it."""

    name: str
    owner: str
    path: str
    features: Features
    oneof: OneOf | None = None
    is_extension: bool = False


class Slots:
    """The slots of the messages that one schema may use."""

    def __init__(self, definitions: Definitions) -> None:
        self.definitions: Final = definitions
        self._messages: dict[str, Outline] = {}
        self._enums: dict[str, EnumOutline] = {}
        self._around: dict[tuple[str, str], Features] = {}

    def outline(self, message: Defined) -> Outline:
        """What readers know of ``message``: its slots, extensions among them; of two with one number the first counts."""
        known = self._messages.get(message.name)
        if known is None:
            own = [*self._of(message)]
            slots = [*own, *self._extensions.get(message.name, ())]
            first = {slot.number: slot for slot in reversed(slots)}
            by_number = {slot.number: slot for slot in slots if first[slot.number] is slot}
            again = own if len(by_number) < len(slots) else []
            declared = {(slot.number, slot.name): slot for slot in reversed(again)}
            local = self.local(message.name)
            known = self._messages[message.name] = Outline(message, local, by_number, declared)
        return known

    def of(self, message: Defined) -> Mapping[int, Slot]:
        """The slots of ``message`` by number."""
        return self.outline(message).slots

    def enum(self, enum: Defined) -> EnumOutline | None:
        """What readers know of ``enum``; None if it is none."""
        if not isinstance(enum.node, Enum):
            return None
        known = self._enums.get(enum.name)
        if known is None:
            of_schema = self.local(enum.name), not enum.path, self.is_closed(enum)
            known = self._enums[enum.name] = EnumOutline(enum.node, enum.name, *of_schema)
        return known

    def message(self, node: Message | Group) -> Defined | None:
        """The message whose declaration ``node`` is."""
        return self._by_node.get(id(node))

    def slot(self, around: Message | Group, node: Field | Group) -> Slot | None:
        """The slot that ``node`` declares in ``around``, also where its number is another field's as well.

        A field may stand for a group, as it does in an edition.
        """
        message = self.message(around)
        if message is None:
            return None
        name, outline = node.field_name if isinstance(node, Group) else node.name, self.outline(message)
        slot = outline.slots.get(node.tag)
        if slot is not None and slot.name == name:
            return slot
        return outline.declared.get((node.tag, name))

    def is_closed(self, enum: Defined) -> bool:
        """Whether a reader sets aside numbers that are none of the enum's."""
        options = enum.node.options if isinstance(enum.node, Enum) else ()
        return self._features(enum).within(options).enum_type == "CLOSED"

    def local(self, name: str) -> str:
        """The full name without the package of the schema."""
        package = self.definitions.own.package
        return name.removeprefix(f"{package}.") if package else name

    def _of(self, message: Defined) -> Iterator[Slot]:
        node, around = (
            message.node,
            _Around(message.name, message.name, message.path, self._features(message)),
        )
        if isinstance(node, Group):
            yield from (self._slot(field, around) for field in node.fields)
        if not isinstance(node, Message):
            return
        around = replace(around, features=around.features.within(node.options))
        yield from (self._slot(field, around) for field in declared_in(node))
        for oneof in node.oneofs:
            inside = replace(around, features=around.features.within(oneof.options), oneof=oneof)
            yield from (self._slot(field, inside) for field in declared_in(oneof))

    @cached_property
    def own_messages(self) -> Mapping[str, Defined]:
        """The messages that the text itself defines, by their name without the package."""
        return self._own(Message)

    @cached_property
    def own_enums(self) -> Mapping[str, EnumOutline]:
        """The enums that the text itself defines, by their name without the package."""
        outlines = {local: self.enum(enum) for local, enum in self._own(Enum).items()}
        return {local: outline for local, outline in outlines.items() if outline is not None}

    def _own(self, kind: type[Message | Enum]) -> Mapping[str, Defined]:
        types = types_in(self.definitions.own)
        return {self.local(name): Defined(name, node, "") for name, node in types if isinstance(node, kind)}

    @cached_property
    def _by_node(self) -> Mapping[int, Defined]:
        return {id(defined.node): defined for defined in self.definitions.types.values()}

    @cached_property
    def _extensions(self) -> Mapping[str, list[Slot]]:
        """The extension fields by the message that they extend."""
        found: dict[str, list[Slot]] = {}
        for added in self.definitions.extensions.values():
            extended = self.definitions.type(added.extended.name, added.scope)
            if extended is not None:
                features = self._features(Defined(added.name, extended.node, added.path))
                around = _Around(added.scope, extended.name, added.path, features, is_extension=True)
                found.setdefault(extended.name, []).append(self._slot(added.field, around))
        return found

    def _slot(self, field: Field | Group, around: _Around) -> Slot:
        name = field.field_name if isinstance(field, Group) else field.name
        label = field.label if isinstance(field, Group) else around.features.label_of(field)
        words, coding, type_ = self._typed(field, around)
        if around.oneof or (label is None and coding is not None and coding.kind in (MESSAGE, GROUP)):
            label = Label.OPTIONAL
        # An edition says by a feature what is required, and the label is not written.
        written = field.label or (label if label is Label.REQUIRED else None)
        key = value = None
        if isinstance(field, Field) and isinstance(field.type, MapType):
            label = Label.REPEATED
            key, value = (
                self._coding(part, around.features, self._type(part, around))
                for part in (field.type.key, field.type.value)
            )
        enum = None if type_ is None else self.enum(type_)
        default = field.option("default") if isinstance(field, Field) else None
        facts: _Facts = (
            name,
            _json_name(field, name),
            self.local(around.owner),
            within(around.name, name),
            not around.path,
            label,
            f"{written} {words}" if written else words,
        )
        further = around.oneof and around.oneof.name, around.is_extension, enum and enum.content
        codings = [coding and coding.words for coding in (coding, key, value)]
        content = digest(field.tag, facts, further, default, codings)
        of_type = coding, type_, enum, key, value, default
        return Slot(field, field.tag, *facts, *of_type, around.oneof, around.is_extension, content)

    def _typed(self, field: Field | Group, around: _Around) -> tuple[str, Coding | None, Defined | None]:
        """The type in words, its coding, and what it is."""
        is_repeated = field.label is Label.REPEATED
        if isinstance(field, Group):
            group = self.definitions.types.get(within(around.name, field.name))
            return f"group `{field.name}`", Coding(GROUP, is_repeated=is_repeated), group
        if isinstance(field.type, MapType):
            value = self._type(field.type.value, around)
            words = f"map<{field.type.key}, {self._named(field.type.value, value)}>"
            return words, Coding(MAP, is_repeated=True), value
        type_, features = self._type(field.type, around), around.features
        named = self._named(field.type, type_)
        coding = self._coding(field.type, features.within(field.options), type_)
        if coding is not None and coding.kind == MESSAGE and features.is_delimited(field):
            coding = replace(coding, kind=GROUP)
        if coding is not None and is_repeated:
            is_packed = coding.can_be_packed and features.is_packed(field)
            coding = replace(coding, is_repeated=True, is_packed=is_packed)
        return named if field.type.name in SCALARS else f"`{named}`", coding, type_

    def _coding(self, named: NamedType, features: Features, type_: Defined | None) -> Coding | None:
        if named.name in SCALARS:
            return Coding(named.name, checks_text=features.utf8_validation == "VERIFY")
        if type_ is None:
            return None
        if isinstance(type_.node, Enum):
            outline = self.enum(type_)
            return Coding(ENUM, numbers=frozenset() if outline is None else outline.numbers)
        return Coding(MESSAGE)

    def _type(self, named: NamedType, around: _Around) -> Defined | None:
        return None if named.name in SCALARS else self.definitions.type(named.name, around.name)

    def _named(self, named: NamedType, type_: Defined | None) -> str:
        return named.name.removeprefix(".") if type_ is None else self.local(type_.name)

    def _features(self, defined: Defined) -> Features:
        """What holds in the scope around ``defined``."""
        key = defined.path, defined.name.rpartition(".")[0]
        if key not in self._around:
            self._around[key] = self._features_in(*key)
        return self._around[key]

    def _features_in(self, path: str, whole: str) -> Features:
        features = features_of(self._file(path))
        scope = ""
        for part in whole.split(".") if whole else ():
            scope = within(scope, part)
            around = self.definitions.types.get(scope)
            if around is not None and isinstance(around.node, Message):
                features = features.within(around.node.options)
        return features

    def _file(self, path: str) -> File:
        """The file of that path; where there is none, nothing is said."""
        if not path:
            return self.definitions.own
        return self.definitions.others.get(path) or known_files().get(path) or File()
