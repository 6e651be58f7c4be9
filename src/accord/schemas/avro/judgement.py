"""Defaults that the registry lets pass: what the specification says against them, down to what they hold."""

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from accord.schemas.avro.defaults import Defaults
from accord.schemas.avro.model import (
    Array,
    Definition,
    Enum,
    Fixed,
    Kind,
    Map,
    NamedType,
    Record,
    Ref,
    Type,
    Union,
)
from accord.schemas.json_text import JsonValue, quote

_LAST_BYTE: Final = "\u00ff"


class Doubt(NamedTuple):
    """What is wrong with a default; ``is_minor`` if only readers before Avro 1.12 mind."""

    problem: str
    is_minor: bool = False


_NO_FIT: Final = Doubt("it does not fit the type")


class Judge:
    """Judges the defaults of one schema, whose ``types`` are at hand."""

    def __init__(self, types: Mapping[str, NamedType]) -> None:
        self._types = types
        self._defaults = Defaults(types)
        self._symbols: dict[str, frozenset[str]] = {}
        # Branches that lead into each other would otherwise be tried over and over.
        self._known: dict[tuple[int, int], Doubt | None] = {}

    def worst(self, value: JsonValue, type_: Type) -> Doubt | None:
        """The first thing that every reader minds about ``value``, or else the first that some do."""
        node = self._types[type_.name] if isinstance(type_, Ref) else type_
        key = id(value), id(node)
        if key not in self._known:
            self._known[key] = self._judged(value, node)
        return self._known[key]

    def _judged(self, value: JsonValue, node: Definition) -> Doubt | None:
        if not self._defaults.fits(value, node):
            return _NO_FIT
        minor = None
        for doubt in self._doubts(value, node):
            if not doubt.is_minor:
                return doubt
            minor = minor or doubt
        return minor

    def _doubts(self, value: JsonValue, node: Definition) -> Iterator[Doubt]:
        held: Iterator[tuple[JsonValue, Type]] = iter(())
        if isinstance(node, Record):
            # What the value leaves out comes from the defaults of the fields, and these are told of on their own.
            held = ((value[field.name], field.type) for field in node.fields if field.name in value)
        elif isinstance(node, Array):
            held = ((item, node.items) for item in value)
        elif isinstance(node, Map):
            held = ((item, node.values) for item in value.values())
        elif isinstance(node, Union):
            yield from self._doubts_of_branches(value, node)
        else:
            yield from self._doubts_of_text(value, node)
        for item, type_ in held:
            doubt = self.worst(item, type_)
            if doubt is not None:
                yield doubt

    def _doubts_of_branches(self, value: JsonValue, union: Union) -> Iterator[Doubt]:
        """Those about the first branch that has the least against it, and that it is not the first of all."""
        found = [self.worst(value, branch) for branch in union.branches]
        fitting = [doubt for doubt in found if doubt is not _NO_FIT]
        chosen = next((doubt for doubt in fitting if doubt is None or doubt.is_minor), fitting[0])
        if chosen is not None:
            yield chosen
        elif found[0] is not None:
            yield Doubt("it fits another branch of the union than the first", is_minor=True)

    def _doubts_of_text(self, value: JsonValue, node: Definition) -> Iterator[Doubt]:
        if isinstance(node, Enum):
            if value not in self._symbols_of(node):
                yield Doubt(f"{quote(value)} is not a symbol of the enum `{node.name.short}`")
        elif isinstance(node, Fixed) and len(value) != node.size:
            yield Doubt(f"it has {len(value)} bytes, and the fixed `{node.name.short}` has {node.size}")
        elif node.kind in {Kind.BYTES, Kind.FIXED} and max(value, default="") > _LAST_BYTE:
            yield Doubt("it holds characters above \\u00ff, which are no bytes")

    def _symbols_of(self, enum: Enum) -> frozenset[str]:
        if enum.name.full not in self._symbols:
            self._symbols[enum.name.full] = frozenset(enum.symbols)
        return self._symbols[enum.name.full]
