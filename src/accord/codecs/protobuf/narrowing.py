"""Numbers that a reader would take for others: Protobuf cuts off what does not fit the reader's type, and says nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message_factory import GetMessageClass

from accord.codecs.codec import Decode
from accord.codecs.errors import DataFault, InvalidData
from accord.codecs.protobuf.messages import parser
from accord.codecs.protobuf.misfit import Misfit
from accord.codecs.protobuf.wellknown import DynamicMessage

_INT32: Final = range(-(2**31), 2**31)
_INT64: Final = range(-(2**63), 2**63)
_UINT32: Final = range(2**32)
_UINT64: Final = range(2**64)
_RANGES: Final[Mapping[int, range]] = {
    FieldDescriptor.TYPE_INT32: _INT32,
    FieldDescriptor.TYPE_SINT32: _INT32,
    FieldDescriptor.TYPE_SFIXED32: _INT32,
    FieldDescriptor.TYPE_ENUM: _INT32,
    FieldDescriptor.TYPE_INT64: _INT64,
    FieldDescriptor.TYPE_SINT64: _INT64,
    FieldDescriptor.TYPE_SFIXED64: _INT64,
    FieldDescriptor.TYPE_UINT32: _UINT32,
    FieldDescriptor.TYPE_FIXED32: _UINT32,
    FieldDescriptor.TYPE_UINT64: _UINT64,
    FieldDescriptor.TYPE_FIXED64: _UINT64,
    FieldDescriptor.TYPE_BOOL: range(2),
}


def without_loss(decode: Decode[object], writer: Descriptor, reader: Descriptor) -> Decode[object]:
    """``decode``, or if the reader's numbers are narrower, one that refuses records whose numbers do not fit.

    It reads these as the writer meant them first, so that they take twice as long.
    """
    narrowing = _Narrowing()
    plan = narrowing.plan(writer, reader)
    if not narrowing.found:
        return decode
    parse = parser(GetMessageClass(writer))

    def decode_checked(data: bytes, start: int = 0, /) -> object:
        try:
            plan.check(parse(data, start))
        except Misfit as misfit:
            raise InvalidData(misfit.reason, fault=misfit.fault, path=misfit.path) from None
        return decode(data, start)

    return decode_checked


@dataclass(slots=True)
class _Plan:
    """What to look at in one message: numbers and what they must fit, and messages within."""

    numbers: dict[str, tuple[FieldDescriptor, range]] = field(default_factory=dict)
    messages: dict[str, tuple[FieldDescriptor, "_Plan"]] = field(default_factory=dict)

    def check(self, message: DynamicMessage) -> None:
        """Raise Misfit for the first number that does not fit."""
        for name, (one, allowed) in self.numbers.items():
            for value in _values(message, one):
                if value not in allowed:
                    raise Misfit(
                        f"{value} does not fit the reader's type", DataFault.NOT_READABLE_AS_CONTRACT
                    ).within(f".{name}")
        for name, (one, plan) in self.messages.items():
            for value in _values(message, one):
                try:
                    plan.check(value)
                except Misfit as misfit:
                    raise misfit.within(f".{name}") from None


@dataclass(slots=True)
class _Narrowing:
    found: bool = False
    plans: dict[tuple[str, str], _Plan] = field(default_factory=dict)

    def plan(self, writer: Descriptor, reader: Descriptor) -> _Plan:
        key = (writer.full_name, reader.full_name)
        if key in self.plans:
            return self.plans[key]
        plan = self.plans[key] = _Plan()
        for written in writer.fields:
            read = reader.fields_by_number.get(written.number)
            if read is None:
                continue
            if written.type in _RANGES and read.type in _RANGES:
                has, takes = _RANGES[written.type], _RANGES[read.type]
                if has[0] < takes[0] or has[-1] > takes[-1]:
                    plan.numbers[written.name] = (written, takes)
                    self.found = True
            elif written.message_type is not None and read.message_type is not None:
                plan.messages[written.name] = (written, self.plan(written.message_type, read.message_type))
        return plan


def _values(message: DynamicMessage, one: FieldDescriptor) -> Iterator[DynamicMessage]:
    if not one.is_repeated:
        if one.message_type is None or message.HasField(one.name):
            yield getattr(message, one.name)
    elif one.message_type is not None and one.message_type.GetOptions().map_entry:
        for key, value in getattr(message, one.name).items():
            yield _Entry(key, value)
    else:
        yield from getattr(message, one.name)


@dataclass(frozen=True, slots=True)
class _Entry:
    """One of a map, as a message."""

    key: object
    value: object

    def HasField(self, _name: str) -> bool:  # noqa: N802 -- a message's own name
        """An entry has both."""
        return True
