"""From an Avro schema to what is declared in Python: exactly what the codec takes for its types."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import cast

from accord.codecs.avro.binding import FITTING, PLAIN
from accord.codecs.avro.defaults import JSON_TYPES, Defaults
from accord.codecs.avro.types import (
    NO_DEFAULT,
    Array,
    AvroType,
    Enumeration,
    Field,
    Fixed,
    Json,
    Map,
    Primitive,
    Record,
    Union,
    load,
)
from accord.contracts.generate.python.names import Kind, attribute_for, is_identifier, is_member
from accord.contracts.generate.python.shapes import Attribute, Choice, Class, Refusal, Shape, Shapes
from accord.contracts.generate.python.words import (
    DICT,
    LIST,
    STR,
    Call,
    Expression,
    Hint,
    Items,
    MemberOf,
    Members,
    Name,
    Of,
    either,
    expression_of,
    hint_of,
)
from accord.schemas import ParsedSchema, Schema
from accord.schemas.avro import model as written
from accord.schemas.avro.schema import AvroSchema


def named_types(parsed: ParsedSchema) -> Mapping[str, written.NamedType]:
    """The types with names, by full name: those that the schema itself defines, and those it refers to."""
    return cast("AvroSchema", parsed).types


def defines(parsed: ParsedSchema) -> Iterator[str]:
    """The full names of the records and enums that the schema's own text defines, as they come."""
    for name, type_ in named_types(parsed).items():
        if type_.place is not None and not isinstance(type_, written.Fixed):
            yield name


def root_name(parsed: ParsedSchema) -> written.Name | None:
    """The name of the whole, if it has one."""
    root = cast("AvroSchema", parsed).root
    return root.name if isinstance(root, written.NamedType) else None


def avro_shapes(parsed: ParsedSchema, kind: Kind, *, called: Mapping[str, Name]) -> Shapes:
    """What the schema declares; ``called`` says how each record and enum is called, and where it is declared.

    Those without a home are declared here.
    """
    making = _Making(parsed, kind, called)
    root = making.hint(load(Schema(parsed.formatted("resolved"))))
    return Shapes(tuple(making.shapes.values()), root, tuple(making.refusals))


@dataclass(slots=True)
class _Making:
    parsed: ParsedSchema
    kind: Kind
    called: Mapping[str, Name]
    shapes: dict[str, Shape] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    _begun: set[str] = field(default_factory=set)
    _attributes: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def hint(self, type_: AvroType) -> Hint:
        match type_:
            case Primitive() | Fixed():
                named = type_.name if isinstance(type_, Primitive) else "fixed"
                return hint_of(FITTING[type_.logical or named])
            case Array(items=items):
                return Of(LIST, (self.hint(items),))
            case Map(values=values):
                return Of(DICT, (STR, self.hint(values)))
            case Union(branches=branches):
                return either([self.hint(branch) for branch in branches])
            case Enumeration():
                return self._enumeration(type_)
            case Record():
                return self._record(type_)

    def _enumeration(self, type_: Enumeration) -> Hint:
        # Python has no member called None: such symbols stay strings.
        if not all(map(is_member, type_.symbols)):
            return STR
        name = self.called[type_.name]
        if not name.home and type_.name not in self.shapes:
            doc = self._written(type_.name).doc or f"The Avro enum {type_.name}."
            self.shapes[type_.name] = Choice(name.name, doc, type_.symbols)
        return name

    def _record(self, type_: Record) -> Hint:
        name = self.called[type_.name]
        if type_.name in self._begun:
            return name
        self._begun.add(type_.name)
        told = cast("written.Record", self._written(type_.name))
        self._attributes[type_.name] = self._named(type_, told)
        attributes = tuple(
            self._attribute(type_, item, said.doc or "")
            for item, said in zip(type_.fields, told.fields, strict=True)
        )
        # What a record holds is declared before it, so that defaults find it.
        if not name.home:
            self.shapes[type_.name] = Class(
                name.name, told.doc or f"The Avro record {type_.name}.", attributes
            )
        return name

    def _named(self, record: Record, told: written.Record) -> Mapping[str, str]:
        found: dict[str, str] = {}
        home = self.called[record.name].home
        classes = {name.name for name in self.called.values() if name.home == home}
        for item, said in zip(record.fields, told.fields, strict=True):
            found[item.name] = attribute_for(item.name, self.kind, classes=classes, used=list(found.values()))
            if self.kind == "dataclass" and found[item.name] != item.name and not home:
                reason = (
                    "it is the name of a class here"
                    if is_identifier(item.name) and item.name in classes
                    else "Python cannot have it as the name of a field"
                )
                what = f"the field '{item.name}' of {record.name}"
                self.refusals.append(Refusal(said.place or "", what, reason))
        return found

    def _attribute(self, record: Record, item: Field, doc: str) -> Attribute:
        hint = self.hint(item.type)
        default = None if item.default is NO_DEFAULT else self._default(item.type, item.default)
        return Attribute(
            item.name,
            self._attributes[record.name][item.name],
            hint,
            default,
            is_fresh=isinstance(default, Items | Members) or _makes_record(default, self.called),
            doc=doc,
        )

    def _default(self, type_: AvroType, default: Json) -> Expression | None:
        """The default as an expression; None if it is none of the type, which registries let pass."""
        try:
            return self._expression(type_, default)
        except (TypeError, ValueError, LookupError, AttributeError, OverflowError):
            return None

    def _expression(self, type_: AvroType, default: Json) -> Expression:
        match type_:
            case Union(branches=branches):
                return self._expression(_branch(branches, default), default)
            case Enumeration(name=name, symbols=symbols):
                if default not in symbols:
                    raise ValueError(f"{default!r} is no symbol of {name}")
                is_class = all(map(is_member, symbols))
                return MemberOf(self.called[name], default) if is_class else expression_of(default)
            case Array(items=items):
                return Items(tuple(self._expression(items, item) for item in default))
            case Map(values=values):
                return Members(tuple((key, self._expression(values, item)) for key, item in default.items()))
            case Record():
                return self._instance(type_, default)
            case _:
                return expression_of(Defaults(PLAIN).value(type_, default))

    def _instance(self, record: Record, default: Json) -> Expression:
        keywords = []
        attributes = self._attributes[record.name]
        for item in record.fields:
            value = default.get(item.name, item.default)
            if value is NO_DEFAULT:
                raise LookupError(item.name)
            keywords.append((attributes[item.name], self._expression(item.type, value)))
        return Call(self.called[record.name], keywords=tuple(keywords))

    def _written(self, name: str) -> written.NamedType:
        return named_types(self.parsed)[name]


def _makes_record(default: Expression | None, called: Mapping[str, Name]) -> bool:
    return isinstance(default, Call) and default.called in called.values()


def _branch(branches: tuple[AvroType, ...], default: Json) -> AvroType:
    """The branch that a default is meant for: the first that it looks like."""
    for branch in branches:
        match branch:
            case Array():
                looks = isinstance(default, list)
            case Map() | Record():
                looks = isinstance(default, dict)
            case Primitive(name=name):
                looks = isinstance(default, JSON_TYPES.get(name, str))
            case _:
                looks = isinstance(default, str)
        if looks:
            return branch
    raise TypeError(f"{default!r} is of no branch of the union")
