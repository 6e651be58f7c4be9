"""Avro's binary form -> a typed value, resolved from the writer's schema to the reader's.

``compile_decoder`` walks both schemas once and returns one function; records cost no look at a schema again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from accord.codecs.avro.binary import PRIMITIVE_READERS, Damage, Input, Read, read_string, text_of
from accord.codecs.avro.binding import PLAIN, ModelBinding
from accord.codecs.avro.defaults import Defaults
from accord.codecs.avro.logical import logical_of
from accord.codecs.avro.types import (
    NO_DEFAULT,
    Array,
    AvroType,
    Datum,
    Enumeration,
    Field,
    Fixed,
    Map,
    Primitive,
    Record,
    Union,
    short_name,
)
from accord.codecs.codec import Decode
from accord.codecs.errors import DataFault, InvalidData

PROMOTIONS: Final[Mapping[tuple[str, str], Callable[[Any], Any] | None]] = {
    ("int", "long"): None,
    ("int", "float"): float,
    ("int", "double"): float,
    ("long", "float"): float,
    ("long", "double"): float,
    ("float", "double"): None,
    ("string", "bytes"): str.encode,
    ("bytes", "string"): text_of,
}
"""What a reader of the second type makes of a value of the first; None where it is the same."""


class Unreadable(Exception):
    """The reader's schema cannot read what the writer's schema writes."""


def compile_decoder(writer: AvroType, reader: AvroType, binding: ModelBinding) -> Decode[Any]:
    """The function from bytes to a value of the reader's schema; it raises InvalidData.

    Records without a class in ``binding`` become dicts. Raises InvalidData at once if the reader's schema cannot read
    what the writer's schema writes, whatever the bytes.
    """
    try:
        read = _Compiler(binding).compile(writer, reader)
    except Unreadable as error:
        raise InvalidData(
            f"the writer's schema cannot be read as the reader's: {error}",
            fault=DataFault.NOT_READABLE_AS_CONTRACT,
            hint="the two are incompatible; look at the compatibility level of the subject",
        ) from error

    def decode(data: bytes, start: int = 0, /) -> Datum:
        source = Input(data, start)
        try:
            value = read(source)
            source.finish()
        except Damage as damage:
            path = "".join(reversed(damage.path)).lstrip(".")
            raise InvalidData(damage.reason, fault=damage.fault, path=path) from damage.__cause__
        except RecursionError:
            raise InvalidData("the data is nested too deeply", fault=DataFault.MALFORMED) from None
        return value

    return decode


@dataclass(slots=True)
class _Compiler:
    binding: ModelBinding
    records: dict[tuple[str, str], Read] = field(default_factory=dict)
    unreadable: dict[tuple[str, str], str] = field(default_factory=dict)

    def compile(self, writer: AvroType, reader: AvroType) -> Read:
        if isinstance(writer, Union):
            return _union([self._compile_or_refuse(branch, reader) for branch in writer.branches])
        if isinstance(reader, Union):
            return self._first_readable(writer, _branches_for(writer, reader))
        match writer, reader:
            case Primitive(), Primitive():
                return _primitive(writer, reader)
            case Fixed(), Fixed() if writer.size == reader.size:
                return _meant(writer, reader, lambda source: source.take(writer.size))
            case Enumeration(), Enumeration():
                return _enumeration(writer, reader, self.binding)
            case Array(), Array():
                return _array(self.compile(writer.items, reader.items))
            case Map(), Map():
                return _map(self.compile(writer.values, reader.values))
            case Record(), Record():
                return self._record(writer, reader)
        raise Unreadable(f"{short_name(writer)} is no {short_name(reader)}")

    def _first_readable(self, writer: AvroType, branches: Sequence[AvroType]) -> Read:
        *others, last = branches
        for branch in others:
            with suppress(Unreadable):
                return self.compile(writer, branch)
        return self.compile(writer, last)

    def _compile_or_refuse(self, writer: AvroType, reader: AvroType) -> Read:
        """A branch that the reader does not know hurts only the records that use it."""
        try:
            return self.compile(writer, reader)
        except Unreadable as error:
            return _refusal(error)

    def _record(self, writer: Record, reader: Record) -> Read:
        names = (writer.name, reader.name)
        if names in self.unreadable:
            raise Unreadable(self.unreadable[names])
        if names in self.records:
            # A record may contain itself: what reads it is known by the time there is one to read.
            return lambda source: self.records[names](source)  # noqa: PLW0108 -- looked up late
        self.records[names] = PRIMITIVE_READERS["null"]
        try:
            self.records[names] = self._mapping(writer, reader)
        except Unreadable as error:
            # The next use is as unreadable as this one, and so is what was compiled meanwhile and leads back here.
            self.unreadable[names] = str(error)
            self.records[names] = _refusal(error)
            raise
        return self.records[names]

    def _mapping(self, writer: Record, reader: Record) -> Read:
        # As though the writer had used the reader's names: what an alias finds is gone from under its old name.
        # Of two fields that claim the same alias the first gets it.
        written = {item.name for item in writer.fields}
        renamed = [item for item in reversed(reader.fields) if item.name not in written]
        known = {item.name: item for item in reader.fields}
        known |= {alias: item for item in renamed for alias in item.aliases}
        missing = {item.name: item for item in reader.fields}
        steps: list[tuple[str, Read, str]] = []
        for item in writer.fields:
            target = known.get(item.name)
            if target is None:
                steps.append((f".{item.name}", _Compiler(PLAIN).compile(item.type, item.type), ""))
            else:
                missing.pop(target.name, None)
                steps.append((f".{item.name}", self._field(item, target), target.name))
        return _steps(steps, self._defaults(missing.values()), _build(reader, self.binding))

    def _field(self, writer: Field, reader: Field) -> Read:
        try:
            return self.compile(writer.type, reader.type)
        except Unreadable as error:
            raise Unreadable(f"field {writer.name}: {error}") from error

    def _defaults(self, missing: Iterable[Field]) -> list[tuple[str, Callable[[], Any]]]:
        defaults = []
        for item in missing:
            if item.default is NO_DEFAULT:
                raise Unreadable(f"the field {item.name} is needed, is not written and has no default")
            try:
                defaults.append((item.name, Defaults(self.binding).maker(item)))
            except (TypeError, ValueError, LookupError, AttributeError) as error:
                raise Unreadable(f"the default of the field {item.name} is not of its type") from error
        return defaults


def _refusal(error: Unreadable) -> Read:
    reason = f"the writer's choice cannot be read: {error}"

    def refuse(source: Input) -> Datum:  # noqa: ARG001 -- a Read
        raise Damage(DataFault.NOT_READABLE_AS_CONTRACT, reason)

    return refuse


def _branches_for(writer: AvroType, union: Union) -> Sequence[AvroType]:
    """The reader's branches for what was written, the best first; raises Unreadable if there is none.

    A type of the very name is meant and no other, then one that has the name among its aliases. Only without either do
    short names count, and any of these that can read it will do. What has no name goes by its type, or is promoted.
    """
    alike = [branch for branch in union.branches if type(branch) is type(writer)]
    if isinstance(writer, Record | Enumeration | Fixed):
        named = [branch for branch in alike if isinstance(branch, Record | Enumeration | Fixed)]
        found: Sequence[AvroType] = (
            [branch for branch in named if branch.name == writer.name]
            or [branch for branch in named if writer.name in branch.aliases]
            or [branch for branch in named if short_name(branch) == short_name(writer)]
        )
    elif isinstance(writer, Primitive):
        primitives = [branch for branch in alike if isinstance(branch, Primitive)]
        found = [branch for branch in primitives if branch.name == writer.name] or [
            branch for branch in primitives if (writer.name, branch.name) in PROMOTIONS
        ]
    else:
        found = alike
    if not found:
        raise Unreadable(f"{short_name(writer)} is none of {', '.join(map(short_name, union.branches))}")
    return found


def _union(branches: Sequence[Read]) -> Read:
    count = len(branches)

    def read_union(source: Input) -> Datum:
        index = source.long()
        if not 0 <= index < count:
            raise Damage(DataFault.MALFORMED, f"branch {index} of a union of {count}")
        return branches[index](source)

    return read_union


def _primitive(writer: Primitive, reader: Primitive) -> Read:
    read = PRIMITIVE_READERS[writer.name]
    if writer.name == reader.name:
        return _meant(writer, reader, read)
    try:
        promote = PROMOTIONS[writer.name, reader.name]
    except KeyError:
        raise Unreadable(f"{short_name(writer)} is no {short_name(reader)}") from None
    if promote is None:
        return _meant(writer, reader, read)
    return _meant(writer, reader, lambda source: promote(read(source)))


def _meant(writer: Primitive | Fixed, reader: Primitive | Fixed, read: Read) -> Read:
    """Read what is meant for what is stored; the same function where there is no difference."""
    logical, written = logical_of(reader), logical_of(writer)
    if logical is None:
        return read
    if written is not None and written.meaning == logical.meaning:
        # The same meaning in another unit or scale: the writer knows which it stored.
        logical = written
    name, to_meant = short_name(reader), logical.to_meant

    def read_meant(source: Input) -> Datum:
        stored = read(source)
        try:
            return to_meant(stored)
        except (ValueError, OverflowError) as error:
            raise Damage(DataFault.MALFORMED, f"{stored!r} is no {name}: {error}") from error

    return read_meant


def _enumeration(writer: Enumeration, reader: Enumeration, binding: ModelBinding) -> Read:
    known = [symbol if symbol in reader.symbols else reader.default for symbol in writer.symbols]
    class_ = binding.enum_of(reader.name)
    values: list[Any] = [class_[symbol] if class_ and symbol else symbol for symbol in known]

    def read_symbol(source: Input) -> Datum:
        index = source.long()
        if not 0 <= index < len(values):
            raise Damage(DataFault.MALFORMED, f"symbol {index} of an enum of {len(values)}")
        if not known[index]:
            reason = f"the reader does not know the symbol {writer.symbols[index]}"
            raise Damage(DataFault.NOT_READABLE_AS_CONTRACT, reason)
        return values[index]

    return read_symbol


def _array(read: Read) -> Read:
    def read_array(source: Input) -> list[Any]:
        items: list[Any] = []
        for count in source.blocks():
            for _ in range(count):
                try:
                    items.append(read(source))
                except Damage as damage:
                    damage.path.append(f"[{len(items)}]")
                    raise
        return items

    return read_array


def _map(read: Read) -> Read:
    def read_map(source: Input) -> dict[str, Any]:
        items: dict[str, Any] = {}
        for count in source.blocks():
            for _ in range(count):
                key = read_string(source)
                try:
                    items[key] = read(source)
                except Damage as damage:
                    damage.path.append(f"{{{key!r}}}")
                    raise
        return items

    return read_map


def _build(record: Record, binding: ModelBinding) -> Callable[[dict[str, Any]], Any]:
    class_ = binding.class_of(record.name)
    if class_ is None:
        return lambda values: values

    def build(values: dict[str, Any]) -> Datum:
        try:
            return class_(**values)
        except Exception as error:
            reason = f"{class_.__name__} refuses the values: {type(error).__name__}: {error}"
            raise Damage(DataFault.REFUSED_BY_MODEL, reason) from error

    return build


def _steps(
    steps: Sequence[tuple[str, Read, str]],
    defaults: Sequence[tuple[str, Callable[[], Any]]],
    build: Callable[[dict[str, Any]], Any],
) -> Read:
    def read_record(source: Input) -> Datum:
        values: dict[str, Any] = {}
        for step, read, name in steps:
            try:
                value = read(source)
            except Damage as damage:
                damage.path.append(step)
                raise
            if name:
                values[name] = value
        for name, default in defaults:
            values[name] = default()
        return build(values)

    return read_record
