"""What becomes of each thing that a writer's schema writes, in the eyes of a reader's schema.

``resolve`` walks both schemas once. The plan that comes out is what decoders are generated from.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from accord.codecs.avro.binding import PLAIN, ModelBinding
from accord.codecs.avro.defaults import Defaults
from accord.codecs.avro.logical import Logical, resolved
from accord.codecs.avro.types import (
    NO_DEFAULT,
    Array,
    AvroType,
    Enumeration,
    Field,
    Fixed,
    Map,
    Primitive,
    Record,
    Union,
    short_name,
)
from accord.codecs.models import Model

PROMOTIONS: Final[Mapping[tuple[str, str], str]] = {
    ("int", "long"): "",
    ("int", "float"): "float",
    ("int", "double"): "float",
    ("long", "float"): "float",
    ("long", "double"): "float",
    ("float", "double"): "",
    ("string", "bytes"): "encoded",
    ("bytes", "string"): "decoded",
}
"""What a reader of the second type makes of a value of the first; "" where it is the same."""


class Unreadable(Exception):
    """The reader's schema cannot read what the writer's schema writes."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A primitive or fixed: read as ``type``, made into another by ``promotion``, meant as ``logical``, ``called`` so."""

    type: Primitive | Fixed
    promotion: str = ""
    logical: Logical | None = None
    called: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A symbol of an enum: what stands for each, None where the reader knows nothing."""

    written: tuple[str, ...]
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """An array."""

    items: "Plan"


@dataclass(frozen=True, slots=True)
class Keyed:
    """A map."""

    values: "Plan"


@dataclass(frozen=True, slots=True)
class Either:
    """A union of the writer's; it says which branch follows."""

    branches: tuple["Plan", ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A branch that the reader does not know hurts only the records that use it."""

    reason: str


@dataclass(slots=True, eq=False)
class Made:
    """A record: what is written in order, ``target`` "" for what the reader does not know, and what was not written.

    It may contain itself, so it is compared by identity and filled after it is made.
    """

    record: Record
    model: Model | None
    steps: Sequence[tuple[str, "Plan", str]] = ()
    defaults: Sequence[tuple[str, Callable[[], Any]]] = ()
    refused: str = ""
    uses: int = 1


Plan = Stored | Chosen | Listed | Keyed | Either | Refused | Made


def resolve(writer: AvroType, reader: AvroType, binding: ModelBinding) -> Plan:
    """The plan for all that ``writer`` writes; records without a class in ``binding`` become dicts.

    Raises Unreadable if ``reader`` cannot read it, whatever the bytes.
    """
    return _Resolver(binding).resolve(writer, reader)


@dataclass(slots=True)
class _Resolver:
    binding: ModelBinding
    skipping: bool = False
    records: dict[tuple[str, str], Made] = field(default_factory=dict)

    def resolve(self, writer: AvroType, reader: AvroType) -> Plan:
        if isinstance(writer, Union):
            return Either(tuple(self._or_refused(branch, reader) for branch in writer.branches))
        if isinstance(reader, Union):
            return self._first_readable(writer, _branches_for(writer, reader))
        match writer, reader:
            case Primitive(), Primitive():
                return Stored(
                    writer, _promotion(writer, reader), self._meant(writer, reader), short_name(reader)
                )
            case Fixed(), Fixed() if writer.size == reader.size:
                return Stored(writer, "", self._meant(writer, reader), short_name(reader))
            case Enumeration(), Enumeration():
                return self._symbols(writer, reader)
            case Array(), Array():
                return Listed(self.resolve(writer.items, reader.items))
            case Map(), Map():
                return Keyed(self.resolve(writer.values, reader.values))
            case Record(), Record():
                return self._record(writer, reader)
        raise Unreadable(f"{short_name(writer)} is no {short_name(reader)}")

    def _meant(self, writer: Primitive | Fixed, reader: Primitive | Fixed) -> Logical | None:
        # What nobody reads has no meaning.
        return None if self.skipping else resolved(writer, reader)

    def _first_readable(self, writer: AvroType, branches: Sequence[AvroType]) -> Plan:
        *others, last = branches
        for branch in others:
            with suppress(Unreadable):
                return self.resolve(writer, branch)
        return self.resolve(writer, last)

    def _or_refused(self, writer: AvroType, reader: AvroType) -> Plan:
        try:
            return self.resolve(writer, reader)
        except Unreadable as error:
            return Refused(f"the writer's choice cannot be read: {error}")

    def _symbols(self, writer: Enumeration, reader: Enumeration) -> Plan:
        known = [symbol if symbol in reader.symbols else reader.default for symbol in writer.symbols]
        class_ = self.binding.enum_of(reader.name)
        values = tuple((class_[symbol] if class_ else symbol) if symbol else None for symbol in known)
        return Chosen(writer.symbols, values)

    def _record(self, writer: Record, reader: Record) -> Plan:
        names = (writer.name, reader.name)
        made = self.records.get(names)
        if made is not None:
            if made.refused:
                raise Unreadable(made.refused)
            made.uses += 1
            return made
        made = self.records[names] = Made(reader, self.binding.model_of(reader.name))
        try:
            self._fill(made, writer, reader)
        except Unreadable as error:
            # The next use is as unreadable as this one, and so is what was planned meanwhile and leads back here.
            made.refused = str(error)
            raise
        return made

    def _fill(self, made: Made, writer: Record, reader: Record) -> None:
        # As though the writer had used the reader's names: what an alias finds is gone from under its old name.
        # Of two fields that claim the same alias the first gets it.
        written = {item.name for item in writer.fields}
        renamed = [item for item in reversed(reader.fields) if item.name not in written]
        known = {item.name: item for item in reader.fields}
        known |= {alias: item for item in renamed for alias in item.aliases}
        missing = {item.name: item for item in reader.fields}
        steps: list[tuple[str, Plan, str]] = []
        for item in writer.fields:
            target = known.get(item.name)
            if target is None:
                steps.append((item.name, _Resolver(PLAIN, skipping=True).resolve(item.type, item.type), ""))
            else:
                missing.pop(target.name, None)
                steps.append((item.name, self._field(item, target), target.name))
        made.steps = steps
        made.defaults = self._defaults(missing.values())

    def _field(self, writer: Field, reader: Field) -> Plan:
        try:
            return self.resolve(writer.type, reader.type)
        except Unreadable as error:
            raise Unreadable(f"field {writer.name}: {error}") from error

    def _defaults(self, missing: Iterable[Field]) -> list[tuple[str, Callable[[], Any]]]:
        defaults = []
        for item in missing:
            if item.default is NO_DEFAULT:
                raise Unreadable(f"the field {item.name} is needed, is not written and has no default")
            try:
                defaults.append((item.name, Defaults(self.binding).maker(item)))
            except (TypeError, ValueError, LookupError, AttributeError, OverflowError) as error:
                raise Unreadable(f"the default of the field {item.name} is not of its type") from error
        return defaults


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


def _promotion(writer: Primitive, reader: Primitive) -> str:
    if writer.name == reader.name:
        return ""
    try:
        return PROMOTIONS[writer.name, reader.name]
    except KeyError:
        raise Unreadable(f"{short_name(writer)} is no {short_name(reader)}") from None
