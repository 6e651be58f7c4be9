"""Schemas that change as people change them, and the Protobuf library, which has to agree with the verdict.

A schema is drawn as a ``World``: its messages and enums by name, which use each other by name only. It is written down
in the words of its syntax; what that cannot say is left out.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any, Final, TypeAlias

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from accord.findings import Severity
from accord.schemas import Schema
from accord.schemas.protobuf import rules
from accord.schemas.protobuf.comparison.verdict import differences
from accord.schemas.protobuf.evolution.pair_warnings import pair_warnings
from accord.schemas.protobuf.schema import ProtobufSchema, parse_protobuf

Record: TypeAlias = Any
"""A message of the library: what it has depends on its class."""
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

FAMILIES = [
    ["int32", "int64", "uint32", "uint64", "bool", "E0", "E1"],
    ["sint32", "sint64"],
    ["fixed32", "sfixed32"],
    ["fixed64", "sfixed64"],
    ["string", "bytes"],
    ["float"],
    ["double"],
]
ENUMS = ["E0", "E1"]
SCALARS = [type_ for family in FAMILIES for type_ in family]
MESSAGES = ["M0", "M1", "M2"]
KEYS = ["bool", "string", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "sfixed32"]
LABELS = ["", "optional", "repeated", "required"]
SYNTAXES = ["proto2", "proto3", "edition"]
DETAILS = ["default", "unpacked", "unchecked"]
DEFAULTS = {"string": '"d"', "bytes": '"d"', "bool": "true", "float": "0.5", "double": "0.5"}

NAMES_ONLY = {
    rules.NUMBER_REUSED.id,
    rules.FIELD_NUMBER_CHANGED.id,
    rules.JSON_NAME_CHANGED.id,
    rules.ENUM_CONSTANT_CHANGED.id,
    rules.MESSAGE_INDEX_MOVED.id,
    rules.RESERVATION_BROKEN.id,
}
"""What is warned of though the values under each number stay as they were written."""


@dataclass
class Slot:
    """A field: a map if it has a ``key``; of a ``group`` this is the type of what is in it."""

    name: str
    tag: int
    type: str
    label: str
    key: str = ""
    oneof: str = ""
    group: str = ""
    details: list[str] = field(default_factory=list)
    is_extension: bool = False


@dataclass
class World:
    """A schema. What is ``elsewhere`` stands in another file, what is ``inside`` in the first message."""

    syntax: str
    messages: dict[str, list[Slot]]
    enums: dict[str, dict[int, str]]
    closed: list[str]
    elsewhere: list[str]
    inside: list[str]


class Maker:
    """Draws worlds; every name and number that it gives is new."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.numbers = count(1)

    def world(self) -> World:
        enums = {name: self.constants() for name in ENUMS}
        world = World(
            self.one(*SYNTAXES), {}, enums, self.few(ENUMS), self.few([*ENUMS, "M1"]), self.few(["M2"])
        )
        for name in MESSAGES:
            world.messages[name] = [self.slot() for _ in range(self.draw(st.integers(0, 4)))]
        return world

    def constants(self) -> dict[int, str]:
        return {number: self.name("C") for number in [0, *self.few([1, 2, 3, -1])]}

    def slot(self) -> Slot:
        slot = Slot(
            self.name("field"), next(self.numbers), self.type(), self.one(*LABELS), details=self.few(DETAILS)
        )
        slot.key = self.one("", "", "", self.one(*KEYS))
        slot.oneof = self.one("", "", "pick", "choose")
        slot.group = self.one("", "", "", "int32", "string")
        slot.is_extension = not self.draw(st.integers(0, 7))
        return slot

    def type(self) -> str:
        return str(self.one(*self.one(SCALARS, ENUMS, MESSAGES)))

    def one(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def few(self, choices: list[Any]) -> list[Any]:
        return list(self.draw(st.lists(st.sampled_from(choices), unique=True)))

    def name(self, word: str) -> str:
        return f"{word}_{next(self.numbers)}"

    def some(self, world: World) -> list[Slot]:
        """Fields of one message."""
        slots = world.messages[self.one(*MESSAGES)]
        return [slot for slot in slots if self.draw(st.booleans())]


# What happens to schemas: each changes the world in place.


def add(maker: Maker, world: World) -> None:
    world.messages[maker.one(*MESSAGES)].insert(0, maker.slot())


def remove(maker: Maker, world: World) -> None:
    del world.messages[maker.one(*MESSAGES)][:1]


def reorder(maker: Maker, world: World) -> None:
    world.messages[maker.one(*MESSAGES)].reverse()


def rename(maker: Maker, world: World) -> None:
    for slot in maker.some(world):
        slot.name += "_id"


def renumber(maker: Maker, world: World) -> None:
    for slot in maker.some(world):
        slot.tag = next(maker.numbers)


def retype(maker: Maker, world: World) -> None:
    for slot in maker.some(world):
        slot.type = maker.type()


def swap(maker: Maker, world: World) -> None:
    """The types become others that the registry takes for as good."""
    for slot in maker.some(world):
        slot.type = maker.one(*next((one for one in FAMILIES if slot.type in one), MESSAGES))
        family = next((one for one in FAMILIES if slot.key in one), [""])
        slot.key = maker.one(slot.key, *(key for key in family if key in KEYS))


def relabel(maker: Maker, world: World) -> None:
    for slot in maker.some(world):
        slot.label = maker.one(*LABELS)


def make_map(maker: Maker, world: World) -> None:
    for slot in maker.some(world):
        slot.key = maker.one("", *KEYS)


def make_group(maker: Maker, world: World) -> None:
    for slot in maker.some(world):
        slot.group = maker.one("", "int32", "int64", "string")


def regroup(maker: Maker, world: World) -> None:
    for slot in maker.some(world):
        slot.oneof = maker.one("", "pick", "choose", "other")


def change_details(maker: Maker, world: World) -> None:
    for slot in maker.some(world):
        slot.details = maker.few(DETAILS)


def change_enum(maker: Maker, world: World) -> None:
    name = maker.one(*ENUMS)
    world.enums[name] = {**maker.constants(), **maker.one({}, world.enums[name])}
    world.closed = maker.few(ENUMS)


def move(maker: Maker, world: World) -> None:
    world.elsewhere = maker.few([*ENUMS, "M1"])


def reorder_messages(_: Maker, world: World) -> None:
    world.messages = dict(reversed(world.messages.items()))


def change_syntax(maker: Maker, world: World) -> None:
    world.syntax = maker.one(*SYNTAXES)


CHANGES = [
    add,
    remove,
    reorder,
    rename,
    renumber,
    retype,
    swap,
    relabel,
    make_map,
    make_group,
    regroup,
    change_details,
    change_enum,
    move,
    reorder_messages,
    change_syntax,
]


# Writing a world down.


def parsed(world: World) -> ProtobufSchema:
    """The world as a schema, with the other file beside it."""
    other = Schema(file_text(world, "q", is_elsewhere=True))
    return parse_protobuf(Schema(file_text(world, "p", is_elsewhere=False)), {"q.proto": other})


def file_text(world: World, package: str, *, is_elsewhere: bool) -> str:
    """One of the two files."""
    head = 'edition = "2023";' if world.syntax == "edition" else f'syntax = "{world.syntax}";'
    imports = "" if is_elsewhere else 'import "q.proto";'
    enums = [enum_text(world, name) for name in ENUMS if (name in world.elsewhere) is is_elsewhere]
    names = [name for name in world.messages if (name in world.elsewhere) is is_elsewhere]
    messages = [message_text(world, name) for name in names if name not in world.inside]
    extends = [text for name in names for text in extends_text(world, name)]
    return "\n".join([head, f"package {package};", imports, *enums, *messages, *extends])


def enum_text(world: World, name: str) -> str:
    is_closed = world.syntax == "edition" and name in world.closed
    constants = [f"{constant} = {number};" for number, constant in world.enums[name].items()]
    return f"enum {name} {{ {'option features.enum_type = CLOSED;' * is_closed} {' '.join(constants)} }}"


def message_text(world: World, name: str) -> str:
    slots = [slot for slot in world.messages[name] if not is_extension(world, slot)]
    plain = [slot_text(world, name, slot) for slot in slots if not oneof_of(slot)]
    oneofs = [
        f"oneof {oneof} {{ {' '.join(slot_text(world, name, slot) for slot in slots if oneof_of(slot) == oneof)} }}"
        for oneof in dict.fromkeys(filter(None, map(oneof_of, slots)))
    ]
    ranges = "extensions 1000 to 2000;" * (world.syntax != "proto3")
    inner = [message_text(world, other) for other in world.inside if name == MESSAGES[0]]
    return "\n".join([f"message {name} {{", *plain, *oneofs, ranges, *inner, "}"])


def extends_text(world: World, name: str) -> Iterator[str]:
    for slot in world.messages[name]:
        if is_extension(world, slot):
            label = slot.label if slot.label == "repeated" else "optional"
            plain = replace(slot, tag=1000 + slot.tag, label=label, key="", oneof="", group="")
            yield f"extend {full_name(world, name)} {{ {slot_text(world, name, plain)} }}"


def is_extension(world: World, slot: Slot) -> bool:
    return slot.is_extension and world.syntax != "proto3"


def oneof_of(slot: Slot) -> str:
    return "" if slot.key or slot.label == "repeated" else slot.oneof


def full_name(world: World, name: str) -> str:
    if name in world.inside:
        return f"p.{MESSAGES[0]}.{name}"
    return f"q.{name}" if name in world.elsewhere else f"p.{name}"


def type_of(world: World, message: str, slot: Slot) -> str:
    """The type that the field of ``message`` can have: the other file knows no message of this one."""
    if slot.type not in (*ENUMS, *MESSAGES):
        return slot.type
    return "int32" if message in world.elsewhere and slot.type not in world.elsewhere else slot.type


def slot_text(world: World, message: str, slot: Slot) -> str:
    type_ = type_of(world, message, slot)
    words = full_name(world, type_) if type_ in (*ENUMS, *MESSAGES) else type_
    if slot.key:
        return f"map<{slot.key}, {words}> {slot.name} = {slot.tag};"
    label = label_of(world, slot, type_)
    if world.syntax == "proto2" and slot.group:
        return f"{label} group G{slot.tag} = {slot.tag} {{ optional {slot.group} x = 1; }}"
    options = ", ".join(options_of(world, slot, type_))
    return f"{label} {words} {slot.name} = {slot.tag} {f'[{options}]' * bool(options)};"


def label_of(world: World, slot: Slot, type_: str) -> str:
    if oneof_of(slot) or slot.label == "repeated":
        return "" if oneof_of(slot) else "repeated"
    if world.syntax == "proto2":
        is_required = slot.label == "required" and type_ not in MESSAGES and not slot.group
        return "required" if is_required else "optional"
    return "optional" if world.syntax == "proto3" and slot.label == "optional" else ""


def options_of(world: World, slot: Slot, type_: str) -> Iterator[str]:
    is_edition, is_message = world.syntax == "edition", type_ in MESSAGES
    is_alone = not oneof_of(slot) and slot.label != "repeated" and not is_message
    presence = {"": "IMPLICIT", "required": "LEGACY_REQUIRED"}.get(slot.label)
    is_explicit = world.syntax == "proto2" or not is_alone or slot.tag > 1000
    if is_edition and is_alone and presence and slot.tag < 1000 and type_ not in world.closed:
        yield f"features.field_presence = {presence}"
    elif "default" in slot.details and is_alone and (is_explicit or is_edition):
        constants = [*world.enums[type_].values()] if type_ in ENUMS else []
        yield f"default = {constants[-1] if constants else DEFAULTS.get(type_, '7')}"
    if (
        slot.label == "repeated"
        and not is_message
        and type_ not in ("string", "bytes")
        and "unpacked" in slot.details
    ):
        yield "features.repeated_field_encoding = EXPANDED" if is_edition else "packed = false"
    if is_edition and type_ == "string" and "unchecked" in slot.details:
        yield "features.utf8_validation = NONE"
    if is_edition and is_message and slot.group:
        yield "features.message_encoding = DELIMITED"


@st.composite
def evolutions(draw: Any) -> tuple[World, World]:
    """A world and what became of it."""
    maker = Maker(draw)
    old = maker.world()
    new = deepcopy(old)
    for _ in range(draw(st.integers(1, 3))):
        draw(st.sampled_from(CHANGES))(maker, new)
    return old, new


# Values, and what became of them.

F: Final = FieldDescriptor
LIMITS = {
    **dict.fromkeys((F.TYPE_INT32, F.TYPE_SINT32, F.TYPE_SFIXED32), (-(2**31), 2**31 - 1)),
    **dict.fromkeys((F.TYPE_INT64, F.TYPE_SINT64, F.TYPE_SFIXED64), (-(2**63), 2**63 - 1)),
    **dict.fromkeys((F.TYPE_UINT32, F.TYPE_FIXED32), (0, 2**32 - 1)),
    **dict.fromkeys((F.TYPE_UINT64, F.TYPE_FIXED64), (0, 2**64 - 1)),
}


def fields_of(message: Record, pool: DescriptorPool) -> dict[int, FieldDescriptor]:
    """The fields and extensions by number."""
    return {
        one.number: one for one in (*message.DESCRIPTOR.fields, *pool.FindAllExtensions(message.DESCRIPTOR))
    }


def get(message: Record, one: FieldDescriptor) -> Any:
    return message.Extensions[one] if one.is_extension else getattr(message, one.name)


def fill(draw: Draw, message: Record, pool: DescriptorPool, depth: int = 2) -> Record:
    """Set some fields; below ``depth`` only those that have to be."""
    fields = fields_of(message, pool)
    chosen = {oneof.name: draw(st.sampled_from([None, *oneof.fields])) for oneof in message.DESCRIPTOR.oneofs}
    for one in fields.values():
        oneof = one.containing_oneof
        is_wanted = depth > 0 and (draw(st.booleans()) if oneof is None else chosen[oneof.name] is one)
        if one.is_required or is_wanted:
            put(draw, message, one, pool, depth)
    return message


def put(draw: Draw, message: Record, one: FieldDescriptor, pool: DescriptorPool, depth: int) -> None:
    if one.message_type is not None and one.message_type.GetOptions().map_entry:
        key, value = one.message_type.fields
        for _ in range(draw(st.integers(1, 2))):
            entry, values = draw(scalars(key)), get(message, one)
            if value.message_type is None:
                values[entry] = draw(scalars(value))
            else:
                fill(draw, values[entry], pool, depth - 1)
    elif one.is_repeated:
        for _ in range(draw(st.integers(1, 2))):
            if one.message_type is None:
                get(message, one).append(draw(scalars(one)))
            else:
                fill(draw, get(message, one).add(), pool, depth - 1)
    elif one.message_type is not None:
        get(message, one).SetInParent()
        fill(draw, get(message, one), pool, depth - 1)
    elif one.is_extension:
        message.Extensions[one] = draw(scalars(one))
    else:
        setattr(message, one.name, draw(scalars(one)))


def scalars(one: FieldDescriptor) -> st.SearchStrategy[Any]:
    if one.type in LIMITS:
        lowest, highest = LIMITS[one.type]
        return st.sampled_from([0, 1, 2, lowest, highest, highest // 2, lowest // 2])
    if one.enum_type is not None:
        return st.sampled_from([constant.number for constant in one.enum_type.values])
    if one.type == F.TYPE_BOOL:
        return st.booleans()
    if one.type in (F.TYPE_FLOAT, F.TYPE_DOUBLE):
        return st.sampled_from([0.0, 0.5, -1.0, 2.0**70])
    return st.sampled_from(["", "a", "é"] if one.type == F.TYPE_STRING else [b"", b"a", b"\xff", b"\x08\x01"])


def lost(written: Record, read: Record, pools: tuple[DescriptorPool, DescriptorPool]) -> Iterator[str]:
    """What of the message ``written`` is not in the message ``read``, or there and not in the other; as words."""
    theirs, mine = fields_of(written, pools[0]), fields_of(read, pools[1])
    sent, got = ({one.number for one, _ in message.ListFields()} for message in (written, read))
    if got - sent:
        yield f"{got - sent} were not sent"
    if not read.IsInitialized():
        yield f"{read.FindInitializationErrors()} is missing"
    for number in theirs.keys() & mine.keys():
        ours, other = mine[number], theirs[number]
        if number in sent and ours.has_presence and number not in got:
            yield f"{number} is not set"
        elif number in sent or not (
            ours.is_repeated or other.is_repeated or ours.message_type or other.message_type
        ):
            yield from unlike(get(written, other), get(read, ours), f"{number}", pools)


def unlike(sent: Any, got: Any, where: str, pools: tuple[DescriptorPool, DescriptorPool]) -> Iterator[str]:
    if isinstance(sent, Message) and isinstance(got, Message):
        yield from (f"{where}: {what}" for what in lost(sent, got, pools))
    elif hasattr(sent, "items") and hasattr(got, "items"):
        keys = {plain(key): key for key in got}
        if {plain(key) for key in sent} != set(keys):
            yield f"{where}: the keys {[*sent]} came out as {[*got]}"
        else:
            for key, value in sent.items():
                yield from unlike(value, got[keys[plain(key)]], where, pools)
    elif is_many(sent) or is_many(got):
        several, others = (list(one) if is_many(one) else [one] for one in (sent, got))
        if len(several) != len(others):
            yield f"{where}: {len(several)} values came out as {len(others)}"
        else:
            for value, other in zip(several, others, strict=True):
                yield from unlike(value, other, where, pools)
    elif plain(sent) != plain(got):
        yield f"{where}: {sent!r} came out as {got!r}"


def is_many(value: Any) -> bool:
    return hasattr(value, "append")


def plain(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value


def message_class(schema: ProtobufSchema, name: str) -> tuple[type[Message], DescriptorPool]:
    pool = schema.files.pool
    assert pool is not None, schema.text
    return GetMessageClass(pool.FindMessageTypeByName(name)), pool


@pytest.mark.soak
@settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(evolutions(), st.data())
def test_a_reader_that_nothing_is_said_of_reads_every_value_as_it_was_written(
    worlds: tuple[World, World], data: st.DataObject
) -> None:
    old, new = (parsed(world) for world in worlds)
    for writer, reader in ((old, new), (new, old)):
        if differences(reader, writer):
            continue
        warnings = [one for one in pair_warnings(reader, writer) if one.rule.severity is Severity.WARNING]
        told = {one.rule.id for one in warnings}
        for name in set(writer.message_names()) & set(reader.message_names()):
            if rules.MESSAGE_INDEX_MOVED.id not in told:
                assert writer.indexes_of(name) == reader.indexes_of(name)
            if told <= NAMES_ONLY:
                sender, theirs = message_class(writer, name)
                receiver, mine = message_class(reader, name)
                sent = fill(data.draw, sender(), theirs)
                note(f"{writer.text}\nwrites\n{sent}")
                got = receiver.FromString(sent.SerializeToString())
                assert list(lost(sent, got, (theirs, mine))) == []


def test_a_closed_enum_sets_aside_what_an_open_one_may_hold_and_that_is_told() -> None:
    text = "package p; enum E {ZERO = 0;} message M {optional E e = 1;}"
    writer, reader = (
        parse_protobuf(Schema(f'syntax = "{syntax}"; {text}'), {}) for syntax in ("proto3", "proto2")
    )
    sender, theirs = message_class(writer, "p.M")
    receiver, mine = message_class(reader, "p.M")
    sent = sender(e=99)
    got = receiver.FromString(sent.SerializeToString())
    assert list(lost(sent, got, (theirs, mine))) == ["1 is not set"]
    assert differences(reader, writer) == ()
    assert [one.rule.id for one in pair_warnings(reader, writer)] == [rules.ENUM_NUMBERS_LOST.id]
