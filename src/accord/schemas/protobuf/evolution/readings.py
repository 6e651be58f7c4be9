"""What a reader makes of the bytes of a value that were written for another type: the wire tells little of the type."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

ENUM: Final = "enum"
MESSAGE: Final = "message"
GROUP: Final = "group"
MAP: Final = "map"
"""What a coding can be beside the scalars, whose names are those of schema text."""


class WireType(Enum):
    """What stands on the wire beside the number of a field: how to find the end of its value, not what it means."""

    VARINT = auto()
    FIXED_32 = auto()
    FIXED_64 = auto()
    LENGTH = auto()
    GROUP = auto()


class Outcome(Enum):
    """What happens to a value."""

    LOST = auto()
    """It is set aside as unknown: the field seems not to be set."""
    MISREAD = auto()
    """It comes out as something else, or the reader stops."""
    NARROWED = auto()
    """Some values come out as others: those that the reader's type cannot hold."""
    GARBLED = auto()
    """Bytes are no text, so that a reader of text may stop."""
    LAST_ONLY = auto()
    """Of several values one is left."""


@dataclass(frozen=True, slots=True)
class Coding:
    """How the values of a field stand on the wire.

    ``kind`` is the name of a scalar, or ENUM, MESSAGE, GROUP or MAP. ``numbers`` are those of the constants of an enum.
    ``checks_text`` is whether a reader of a string stops at bytes that are not UTF-8.
    """

    kind: str
    is_repeated: bool = False
    is_packed: bool = False
    checks_text: bool = False
    numbers: frozenset[int] = frozenset()

    @property
    def wire_type(self) -> WireType:
        """That of one value that is not packed."""
        return _WIRE_TYPES[self.kind]

    @property
    def words(self) -> str:
        """All but the numbers in a string."""
        return f"{self.kind} {self.is_repeated:d}{self.is_packed:d}{self.checks_text:d}"

    @property
    def can_be_packed(self) -> bool:
        """Whether many values may stand in one run of bytes."""
        return self.wire_type in _NUMERIC


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a value, in words that go on after a colon."""

    outcome: Outcome
    effect: str


_NUMERIC: Final = frozenset({WireType.VARINT, WireType.FIXED_32, WireType.FIXED_64})
_WIRE_TYPES: Final = {
    **dict.fromkeys(
        ("int32", "int64", "uint32", "uint64", "bool", ENUM, "sint32", "sint64"), WireType.VARINT
    ),
    **dict.fromkeys(("fixed32", "sfixed32", "float"), WireType.FIXED_32),
    **dict.fromkeys(("fixed64", "sfixed64", "double"), WireType.FIXED_64),
    **dict.fromkeys(("string", "bytes", MESSAGE, MAP), WireType.LENGTH),
    GROUP: WireType.GROUP,
}
_RANGES: Final = {
    "bool": range(2),
    **dict.fromkeys(("int32", "sint32", "sfixed32", ENUM), range(-(2**31), 2**31)),
    **dict.fromkeys(("int64", "sint64", "sfixed64"), range(-(2**63), 2**63)),
    **dict.fromkeys(("uint32", "fixed32"), range(2**32)),
    **dict.fromkeys(("uint64", "fixed64"), range(2**64)),
}
_ZIGZAG: Final = frozenset({"sint32", "sint64"})
_FRACTIONS: Final = frozenset({"float", "double"})

_ONLY_TRUE: Final = "every number but 0 comes out as true"
_SET_ASIDE: Final = Reading(
    Outcome.LOST, "the value is set aside as unknown, and the field seems not to be set"
)
_LIST_SET_ASIDE: Final = Reading(
    Outcome.LAST_ONLY, "a packed list is set aside as unknown, all of it, and the field seems not to be set"
)
_LAST: Final = Reading(Outcome.LAST_ONLY, "of a list only the last is left")
_MERGED: Final = Reading(
    Outcome.LAST_ONLY,
    "the messages of a list are merged into one, in which later values put out earlier ones",
)


def readings(writer: Coding, reader: Coding) -> Iterator[Reading]:
    """What happens to some of the values that are written for ``writer`` and read for ``reader``; none if nothing does.

    Messages are taken for the same: whether their fields fit is for others to say.
    """
    if writer.is_packed:
        yield from _of_packed(writer, reader)
    elif writer.wire_type is reader.wire_type:
        yield from _of_value(writer, reader)
        if writer.is_repeated and not reader.is_repeated:
            yield _MERGED if reader.kind in (MESSAGE, GROUP) else _LAST
    elif writer.wire_type is WireType.LENGTH and reader.can_be_packed and reader.is_repeated:
        yield Reading(Outcome.MISREAD, "the bytes are taken for a packed list of numbers")
    else:
        yield _SET_ASIDE


def _of_packed(writer: Coding, reader: Coding) -> Iterator[Reading]:
    if reader.can_be_packed and reader.is_repeated:
        if writer.wire_type is reader.wire_type:
            yield from _of_value(writer, reader)
        else:
            effect = "a packed list falls into other numbers, or into none at all, and then the reader stops"
            yield Reading(Outcome.MISREAD, effect)
    elif reader.can_be_packed:
        yield _LIST_SET_ASIDE
    elif reader.wire_type is WireType.LENGTH:
        yield Reading(Outcome.MISREAD, f"the numbers of a packed list are taken for {_CONTENTS[reader.kind]}")
    else:
        yield _SET_ASIDE


_CONTENTS: Final = {
    "string": "letters",
    "bytes": "the bytes themselves",
    MESSAGE: "the fields of a message",
    MAP: "an entry of the map",
}


def _of_value(writer: Coding, reader: Coding) -> Iterator[Reading]:
    """Of one value whose wire type is the one that the reader expects."""
    if writer.wire_type is WireType.LENGTH:
        yield from _of_bytes(writer, reader)
    elif writer.wire_type is WireType.GROUP:
        return
    elif (writer.kind in _FRACTIONS) != (reader.kind in _FRACTIONS):
        yield Reading(
            Outcome.MISREAD, "the bits of the one are taken for those of the other, so it is another number"
        )
    elif (writer.kind in _ZIGZAG) != (reader.kind in _ZIGZAG):
        other = "1 as -1 and 2 as 1" if reader.kind in _ZIGZAG else "-1 as 1 and 1 as 2"
        effect = _ONLY_TRUE if reader.kind == "bool" else f"every number comes out as another one, {other}"
        yield Reading(Outcome.MISREAD, effect)
    elif writer.kind not in _FRACTIONS:
        yield from _of_number(writer, reader)


def _of_bytes(writer: Coding, reader: Coding) -> Iterator[Reading]:
    pair = writer.kind, reader.kind
    if pair == ("bytes", "string"):
        stops = "the reader stops at" if reader.checks_text else "the reader makes what it can of"
        yield Reading(Outcome.GARBLED, f"{stops} bytes that are not UTF-8")
    elif pair in _BYTES_TAKEN:
        yield Reading(Outcome.MISREAD, _BYTES_TAKEN[pair])


_AS_FIELDS: Final = (
    "the bytes are taken for the fields of a message: the reader stops, or finds what nobody wrote"
)
_AS_ENTRY: Final = "the bytes are taken for an entry of the map: the reader stops, or finds what nobody wrote"
_AS_TEXT: Final = "the reader gets the encoded {} in place of a text, and stops where that is not UTF-8"
_BYTES_TAKEN: Final = {
    ("string", MESSAGE): _AS_FIELDS,
    ("bytes", MESSAGE): _AS_FIELDS,
    ("string", MAP): _AS_ENTRY,
    ("bytes", MAP): _AS_ENTRY,
    (MESSAGE, "string"): _AS_TEXT.format("message"),
    (MAP, "string"): _AS_TEXT.format("entries"),
    (MESSAGE, "bytes"): "the reader gets the encoded message",
    (MAP, "bytes"): "the reader gets the encoded entries",
    (
        MESSAGE,
        MAP,
    ): "each message is taken for an entry, its field 1 for the key and its field 2 for the value",
    (MAP, MESSAGE): "each entry is taken for a message with the key in field 1 and the value in field 2",
}


def _of_number(writer: Coding, reader: Coding) -> Iterator[Reading]:
    if {writer.kind, reader.kind} == {ENUM}:
        return
    written, read = _RANGES[writer.kind], _RANGES[reader.kind]
    if writer.numbers:
        written = range(min(writer.numbers), max(writer.numbers) + 1)
    if written.start >= read.start and written.stop <= read.stop:
        return
    if reader.kind == "bool":
        yield Reading(Outcome.NARROWED, _ONLY_TRUE)
        return
    effects = []
    if written.start < 0 <= read.start:
        effects.append("negative numbers come out as large ones")
    if written.stop > read.stop and read.start < 0 and written.stop - 1 <= 2 * read.stop - 1:
        effects.append(f"numbers above {read.stop - 1} come out as negative ones")
    elif written.stop > read.stop or written.start < read.start < 0:
        effects.append("numbers of more than 32 bits lose the upper ones")
    yield Reading(Outcome.NARROWED, " and ".join(effects))
