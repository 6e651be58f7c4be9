"""What lint looks for in an Avro schema."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Final

from accord.contracts.lint import schema_rules as rules
from accord.contracts.lint import words
from accord.contracts.lint.problem import Problem, Remedy
from accord.contracts.lint.style import Style
from accord.contracts.lint.telling import FEW, counted, told
from accord.findings import Fix
from accord.schemas.avro.model import Enum, Field, Kind, NamedType, Primitive, Record, Type, Union
from accord.schemas.avro.schema import AvroSchema
from accord.schemas.json_source import JsonSource
from accord.schemas.json_text import JsonValue
from accord.schemas.pointers import child
from accord.schemas.tags import TAGS_PROPERTY

_NULL: Final = "null"
_JSON_TYPES: Final[Mapping[Kind, Callable[[object], bool]]] = {
    Kind.NULL: lambda value: value is None,
    Kind.BOOLEAN: lambda value: isinstance(value, bool),
    **dict.fromkeys(
        (Kind.INT, Kind.LONG), lambda value: isinstance(value, int) and not isinstance(value, bool)
    ),
    **dict.fromkeys(
        (Kind.FLOAT, Kind.DOUBLE),
        lambda value: value is not None and not isinstance(value, bool | list | dict),
    ),
    **dict.fromkeys((Kind.STRING, Kind.BYTES, Kind.FIXED, Kind.ENUM), lambda value: isinstance(value, str)),
    Kind.ARRAY: lambda value: isinstance(value, list),
    **dict.fromkeys((Kind.MAP, Kind.RECORD), lambda value: isinstance(value, dict)),
}
"""Whether a default looks like one of a type; a union in a union is not allowed."""
_MILLIS: Final = {"type": "long", "logicalType": "timestamp-millis"}
_UUID: Final = {"type": "string", "logicalType": "uuid"}


def problems_in(schema: AvroSchema, style: Style) -> Iterator[Problem]:
    """Everything about the types that the text itself defines."""
    root = schema.resolve(schema.root)
    if not isinstance(root, Record | Union):
        yield Problem(rules.TOP_NOT_RECORD, "", {"what": f"of the type {root.kind}"})
    for node in schema.types.values():
        if node.place is None:
            continue
        yield from _naming(node, style)
        if isinstance(node, Record):
            yield from _record(schema, node, style)
        elif isinstance(node, Enum):
            yield from _enum(schema, node, style)


def _naming(node: NamedType, style: Style) -> Iterator[Problem]:
    if not style.record.fullmatch(node.name.short):
        facts = {"name": node.name.short, "pattern": style.record_names}
        yield Problem(rules.RECORD_NAME, f"{node.place}/name", facts)


def _record(schema: AvroSchema, record: Record, style: Style) -> Iterator[Problem]:
    name = record.name.short
    if not record.doc and record.place == "":
        yield Problem(rules.DOC_MISSING, "/name", {"name": name, "what": "its `doc`"})
    silent = [field.name for field in record.fields if not field.doc]
    if silent:
        facts = {"name": name, "count": counted(len(silent), "field"), "fields": told(silent)}
        yield Problem(rules.FIELD_DOC_MISSING, f"{record.place}/name", facts)
    if len(record.fields) >= FEW and not any(field.has_default for field in record.fields):
        facts = {"name": name, "count": counted(len(record.fields), "field")}
        yield Problem(rules.FIELDS_STAY_FOR_EVER, f"{record.place}/name", facts)
    for field in record.fields:
        yield from _field(schema, field, style)


def _field(schema: AvroSchema, field: Field, style: Style) -> Iterator[Problem]:
    place, around = f"{field.place}/name", field.place or ""
    branches = _branches(schema, field.type)
    is_nullable = len(branches) > 1 and any(_is(branch, Kind.NULL) for branch in branches)
    facts = {"name": field.name}
    if not style.field.fullmatch(field.name):
        yield Problem(rules.FIELD_NAME, place, {**facts, "pattern": style.field_names}, around)
    if is_nullable and not field.has_default:
        remedies = (partial(_null_first, schema.source, around),)
        yield Problem(rules.NULLABLE_WITHOUT_DEFAULT, place, facts, around, remedies)
    if isinstance(field.type, Union) and field.has_default:
        yield from _default(schema, field, field.type)
    if not is_nullable and field.doc and words.sounds_optional(field.doc):
        yield Problem(rules.REQUIRED_LOOKS_OPTIONAL, place, facts, around)
    for branch in branches:
        yield from _plain(schema, field, branch)


def _default(schema: AvroSchema, field: Field, union: Union) -> Iterator[Problem]:
    first = schema.resolve(union.branches[0]) if union.branches else None
    if first is None or _JSON_TYPES[first.kind](field.default):
        return
    remedies: tuple[Remedy, ...] = ()
    if field.default is None:
        remedies = (partial(_null_first, schema.source, field.place or ""),)
    facts = {"name": field.name, "branch": first.kind.value}
    yield Problem(rules.DEFAULT_NOT_FIRST, f"{field.place}/name", facts, field.place or "", remedies)


def _plain(schema: AvroSchema, field: Field, branch: Type) -> Iterator[Problem]:
    """What a field's name promises of its values and the type does not say."""
    place, around = f"{field.place}/name", field.place or ""
    if not isinstance(branch, Primitive):
        return
    kind, logical = branch.kind, branch.properties.get("logicalType")
    facts = {"name": field.name, "type": kind.value}
    if words.is_personal(field.name) and kind in {Kind.STRING, Kind.BYTES} and not _is_tagged(schema, field):
        yield Problem(rules.PERSONAL_UNTAGGED, place, facts, around)
    if logical is not None:
        return
    if words.is_moment(field.name) and kind in {Kind.INT, Kind.LONG, Kind.STRING, Kind.DOUBLE}:
        yield Problem(rules.MOMENT_UNTYPED, place, facts, around, _typing(schema, branch, Kind.LONG))
    elif words.is_date(field.name) and kind in {Kind.INT, Kind.LONG, Kind.STRING}:
        yield Problem(rules.DATE_UNTYPED, place, facts, around)
    elif words.is_money(field.name) and kind in {Kind.FLOAT, Kind.DOUBLE}:
        yield Problem(rules.MONEY_AS_FLOAT, place, facts, around)
    elif words.is_uuid(field.name) and kind is Kind.STRING:
        yield Problem(rules.UUID_UNTYPED, place, facts, around, _typing(schema, branch, Kind.STRING))


def _is_tagged(schema: AvroSchema, field: Field) -> bool:
    if field.properties.get(TAGS_PROPERTY):
        return True
    metadata = schema.schema.metadata
    tagged = metadata.tags if metadata is not None and metadata.tags else {}
    return any(path.rpartition(".")[2] == field.name for path in tagged)


def _typing(schema: AvroSchema, branch: Primitive, kind: Kind) -> tuple[Remedy, ...]:
    if branch.kind is not kind or branch.place is None:
        return ()
    return (partial(_typed, schema.source, branch.place, kind),)


def _enum(schema: AvroSchema, enum: Enum, style: Style) -> Iterator[Problem]:
    name = enum.name.short
    odd = [symbol for symbol in enum.symbols if not style.symbol.fullmatch(symbol)]
    if odd:
        place = f"{enum.place}/symbols/{enum.symbols.index(odd[0])}"
        facts = {"name": odd[0], "enum": name, "symbols": told(odd), "pattern": style.symbol_names}
        yield Problem(rules.SYMBOL_NAME, place, facts)
    if enum.default is None:
        remedies = tuple(
            partial(_with_default, schema.source, enum.place or "", symbol)
            for symbol in enum.symbols
            if words.means_unknown(symbol)
        )
        yield Problem(rules.ENUM_WITHOUT_DEFAULT, f"{enum.place}/name", {"name": name}, "", remedies)


def _branches(schema: AvroSchema, node: Type) -> tuple[Type, ...]:
    definition = schema.resolve(node)
    return definition.branches if isinstance(definition, Union) else (definition,)


def _is(node: Type, kind: Kind) -> bool:
    return isinstance(node, Primitive) and node.kind is kind


def _null_first(source: JsonSource, place: str) -> Fix | None:
    at = child(place, "type")
    branches = source.value(at)
    # A branch that is written out may hold numbers that would not be written back digit for digit.
    if not isinstance(branches, list) or not all(isinstance(branch, str) for branch in branches):
        return None
    ordered: JsonValue = [_NULL, *(branch for branch in branches if branch != _NULL)]
    changed = source.with_value(at, ordered).with_member(place, "default", None)
    return _fix("let it be null by default", source, changed, place)


def _typed(source: JsonSource, place: str, kind: Kind) -> Fix | None:
    if not isinstance(source.value(place), str):
        return None
    if kind is Kind.LONG:
        changed = source.with_value(place, _MILLIS)
        return _fix("say that it is in milliseconds since 1970, if it is", source, changed, place)
    return _fix("say that it is a UUID", source, source.with_value(place, _UUID), place)


def _with_default(source: JsonSource, place: str, symbol: str) -> Fix | None:
    changed = source.with_member(place, "default", symbol)
    return _fix(f"let readers take {symbol} for what they do not know", source, changed, place)


def _fix(summary: str, source: JsonSource, changed: JsonSource, place: str) -> Fix:
    return Fix(summary, source.fragment(place), changed.fragment(place), changed.text)
