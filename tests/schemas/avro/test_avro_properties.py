"""What must hold for any schema: the verdict against a decoder, the canonical text against the parser."""

import io
import json
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, TypeAlias

import fastavro
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    InvalidSchema,
    Schema,
    Version,
    check_compatibility,
    parse,
)

Json: TypeAlias = Any
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

NUMBERS = ["int", "long", "float", "double"]
SYMBOLS = ["RED", "GREEN", "BLUE", "GREY"]
# What survives a conversion between bytes and string.
letters = st.text(alphabet="abcxyz", max_size=4)


class Maker:
    """Draws Avro schemas: every named type has a name of its own."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.numbers = count()

    def any(self, depth: int = 2) -> Json:
        kinds = ["primitive", "enum", "fixed", "union"]
        if depth:
            kinds += ["array", "map", "record"]
        kind = self.draw(st.sampled_from(kinds))
        return getattr(self, f"_{kind}")(depth - 1 if depth else 0)

    def record(self, depth: int = 2) -> Json:
        fields = [self.field(depth) for _ in range(self.draw(st.integers(0, 3)))]
        return {"type": "record", "name": self.name("R"), "fields": fields}

    def field(self, depth: int) -> Json:
        type_ = self.any(depth)
        field = {"name": self.name("f"), "type": type_}
        if self.draw(st.booleans()):
            field["default"] = default_of(type_)
        return field

    def name(self, letter: str) -> str:
        return f"{letter}{next(self.numbers)}"

    def _primitive(self, _depth: int) -> Json:
        return self.draw(st.sampled_from(["null", "boolean", *NUMBERS, "bytes", "string"]))

    def _enum(self, _depth: int) -> Json:
        symbols = self.draw(st.lists(st.sampled_from(SYMBOLS), min_size=1, max_size=3, unique=True))
        enum = {"type": "enum", "name": self.name("E"), "symbols": symbols}
        if self.draw(st.booleans()):
            enum["default"] = symbols[-1]
        return enum

    def _fixed(self, _depth: int) -> Json:
        return {"type": "fixed", "name": self.name("F"), "size": self.draw(st.integers(1, 3))}

    def _array(self, depth: int) -> Json:
        return {"type": "array", "items": self.any(depth)}

    def _map(self, depth: int) -> Json:
        return {"type": "map", "values": self.any(depth)}

    def _record(self, depth: int) -> Json:
        return self.record(depth)

    def _union(self, depth: int) -> Json:
        """Branches that a Python value tells apart."""
        choices = [["null"], NUMBERS, ["boolean"], ["string"], ["bytes"]]
        picked = self.draw(st.lists(st.sampled_from(choices), min_size=1, max_size=3, unique_by=id))
        branches = [self.draw(st.sampled_from(one)) for one in picked]
        return [*branches, self.record(depth)] if self.draw(st.booleans()) else branches


def default_of(type_: Json) -> Json:
    """Some default of the type."""
    if isinstance(type_, list):
        return default_of(type_[0])
    if isinstance(type_, str):
        plain = {"null": None, "boolean": False, "bytes": "", "string": "s", "float": 0.5, "double": 1.5}
        return plain.get(type_, 7)
    if type_["type"] == "record":
        return {field["name"]: default_of(field["type"]) for field in type_["fields"]}
    empty: dict[str, Any] = {
        "array": [],
        "map": {},
        "fixed": "x" * type_.get("size", 0),
        "enum": type_.get("symbols", [""])[0],
    }
    return empty[type_["type"]]


def places(type_: Json) -> Iterator[tuple[Json, Any]]:
    """Every (container, key) at which a type stands, outermost first."""
    if isinstance(type_, list):
        for index, branch in enumerate(type_):
            yield type_, index
            yield from places(branch)
    elif isinstance(type_, dict):
        for key in {"array": ["items"], "map": ["values"]}.get(type_["type"], []):
            yield type_, key
            yield from places(type_[key])
        for field in type_.get("fields", []):
            yield field, "type"
            yield from places(field["type"])


def records(type_: Json) -> list[Json]:
    inner = [container[key] for container, key in places(type_)]
    return [one for one in (type_, *inner) if isinstance(one, dict) and one["type"] == "record"]


def named(type_: Json, kind: str) -> list[Json]:
    inner = [container[key] for container, key in places(type_)]
    return [one for one in (type_, *inner) if isinstance(one, dict) and one["type"] == kind]


def evolve(maker: Maker, schema: Json) -> Json:
    """The schema after one change such as people make, some harmless and some not."""
    draw, schema = maker.draw, json.loads(json.dumps(schema))
    change = draw(
        st.sampled_from(
            ["add", "remove", "rename", "retype", "promote", "nullable", "symbols", "branch", "reorder"]
        )
    )
    record = draw(st.sampled_from(records(schema)))
    fields = record["fields"]
    if change == "add":
        fields.insert(draw(st.integers(0, len(fields))), maker.field(1))
    elif change == "symbols" and (enums := named(schema, "enum")):
        draw(st.sampled_from(enums))["symbols"] = draw(st.permutations(SYMBOLS))[: draw(st.integers(1, 4))]
        for enum in enums:
            enum.pop("default", None)
            if draw(st.booleans()):
                enum["default"] = enum["symbols"][0]
    elif change == "branch" and (unions := [one for _, one in _unions(schema)]):
        union = draw(st.sampled_from(unions))
        union.insert(draw(st.integers(0, len(union))), draw(st.sampled_from(["null", "string", *NUMBERS])))
    elif fields:
        _change_field(maker, fields, draw(st.integers(0, len(fields) - 1)), change)
    return schema


def _unions(schema: Json) -> list[tuple[Any, Json]]:
    return [(key, container[key]) for container, key in places(schema) if isinstance(container[key], list)]


def _change_field(maker: Maker, fields: list[Json], index: int, change: str) -> None:
    draw, field = maker.draw, fields[index]
    if change == "remove":
        del fields[index]
    elif change == "reorder":
        fields.reverse()
    elif change == "rename":
        field["aliases"] = [field["name"]] if draw(st.booleans()) else []
        field["name"] = maker.name("f")
    elif change == "retype":
        field["type"] = maker.any(1)
        field.pop("default", None)
    elif change == "promote" and field["type"] in NUMBERS:
        field["type"] = draw(st.sampled_from(NUMBERS))
        field.pop("default", None)
    elif change == "nullable" and not isinstance(field["type"], list) and field["type"] != "null":
        field["type"] = ["null", field["type"]]
        field["default"] = None


def value_of(draw: Draw, type_: Json) -> Any:
    """A value that ``type_`` can hold."""
    if isinstance(type_, list):
        return value_of(draw, draw(st.sampled_from(type_)))
    if isinstance(type_, dict):
        return _value_of_complex(draw, type_)
    return draw(
        {
            "null": st.none(),
            "boolean": st.booleans(),
            "int": st.integers(-(2**31), 2**31 - 1),
            "long": st.integers(-(2**63), 2**63 - 1),
            "float": st.floats(width=32, allow_nan=False, allow_infinity=False),
            "double": st.floats(allow_nan=False, allow_infinity=False),
            "bytes": letters.map(str.encode),
            "string": letters,
        }[type_]
    )


def _value_of_complex(draw: Draw, type_: Json) -> Any:
    kind = type_["type"]
    if kind == "record":
        return {field["name"]: value_of(draw, field["type"]) for field in type_["fields"]}
    if kind == "enum":
        return draw(st.sampled_from(type_["symbols"]))
    if kind == "fixed":
        return draw(st.binary(min_size=type_["size"], max_size=type_["size"]))
    size = draw(st.integers(0, 2))
    if kind == "array":
        return [value_of(draw, type_["items"]) for _ in range(size)]
    return {f"k{index}": value_of(draw, type_["values"]) for index in range(size)}


@st.composite
def evolutions(draw: Any) -> tuple[Json, Json]:
    """A schema and what became of it."""
    maker = Maker(draw)
    old = new = maker.record()
    for _ in range(draw(st.integers(1, 2))):
        new = evolve(maker, new)
    return old, new


def reads(reader: Json, writer: Json, value: Any) -> Any:
    """``value`` written with one schema and read with the other."""
    buffer = io.BytesIO()
    fastavro.schemaless_writer(buffer, fastavro.parse_schema(writer), value)
    buffer.seek(0)
    return fastavro.schemaless_reader(buffer, fastavro.parse_schema(writer), fastavro.parse_schema(reader))


slowly = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)


@slowly
@given(evolutions(), st.data())
def test_a_reader_judged_compatible_decodes_what_the_writer_wrote(
    pair: tuple[Json, Json], data: st.DataObject
) -> None:
    old, new = pair
    try:
        parsed_old, parsed_new = parse(Schema(json.dumps(old))), parse(Schema(json.dumps(new)))
    except InvalidSchema:
        return
    earlier = [Earlier(Version(1), parsed_old)]
    if check_compatibility(parsed_new, earlier, level=CompatibilityLevel.BACKWARD).compatible:
        reads(new, old, value_of(data.draw, old))
    if check_compatibility(parsed_new, earlier, level=CompatibilityLevel.FORWARD).compatible:
        reads(old, new, value_of(data.draw, new))


@slowly
@given(
    evolutions(),
    st.sampled_from([level for level in CompatibilityLevel if level is not CompatibilityLevel.NONE]),
    st.sampled_from(["as it is", "strict"]),
)
def test_every_fix_that_is_offered_helps_and_breaks_nothing_else(
    pair: tuple[Json, Json], level: CompatibilityLevel, policy: str
) -> None:
    try:
        old, new = (parse(Schema(json.dumps(one, indent=1))) for one in pair)
    except InvalidSchema:
        return
    earlier = [Earlier(Version(1), old)]
    before = check_compatibility(new, earlier, level=level, strict=policy == "strict")
    for finding in before.findings:
        for fix in finding.fixes:
            after = check_compatibility(
                parse(Schema(fix.schema)), earlier, level=level, strict=policy == "strict"
            )
            assert len(after.objections) < len(before.objections)
            assert fix.before != fix.after


@slowly
@given(evolutions())
def test_a_schema_reads_what_it_wrote_itself(pair: tuple[Json, Json]) -> None:
    schema = parse(Schema(json.dumps(pair[0])))
    report = check_compatibility(
        schema, [Earlier(Version(1), schema)], level=CompatibilityLevel.FULL_TRANSITIVE
    )
    assert report.compatible


@st.composite
def decorated(draw: Any) -> Json:
    """A schema with namespaces, documentation, aliases, orders and properties strewn over it."""
    schema = Maker(draw).record()
    for container, key in [({"": schema}, ""), *places(schema)]:
        node = container[key]
        if isinstance(node, dict):
            node.update(draw(properties))
            if "name" in node:
                node.update(draw(extras))
        if "name" in container:
            container.update(draw(field_extras))
    return schema


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.text(max_size=3)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
property_names = st.sampled_from(["z-prop", "connect.name", "logicalType", "precision", "scale"])
property_values = json_values | st.sampled_from(["decimal", "duration", "uuid", "date", 4, 2])
properties = st.dictionaries(property_names, property_values, max_size=3)
field_extras = st.fixed_dictionaries(
    {},
    optional={
        "order": st.sampled_from(["ascending", "DESCENDING", "ignore"]),
        "doc": st.text(max_size=3),
        "pii": st.booleans(),
    },
)
extras = st.fixed_dictionaries(
    {},
    optional={
        "doc": st.text(max_size=4),
        "namespace": st.sampled_from(["", "a", "a.b", "c"]),
        "aliases": st.lists(st.sampled_from(["Old", "a.Old", "x.y.Older"]), max_size=2, unique=True),
    },
)


@slowly
@given(decorated(), st.sampled_from([None, 2]))
def test_canonical_and_normalized_text_are_settled(schema: Json, indent: int | None) -> None:
    parsed = parse(Schema(json.dumps(schema, indent=indent, ensure_ascii=indent is None)))
    again = parse(Schema(parsed.canonical))
    assert again.canonical == parsed.canonical
    assert again.normalized == parsed.normalized
    assert parse(Schema(parsed.normalized)).normalized == parsed.normalized


WORDS = {
    "type", "name", "namespace", "doc", "aliases", "fields", "items", "values", "symbols", "size", "default", "order",
}  # fmt: skip


def shuffled(draw: Draw, node: Json) -> Json:
    """The same type or field with the words of the specification in another order; other members keep theirs."""
    if isinstance(node, list):
        return [shuffled(draw, inner) for inner in node]
    if not isinstance(node, dict):
        return node
    keys = draw(st.permutations(list(node)))
    others = iter([key for key in node if key not in WORDS])
    order = [key if key in WORDS else next(others) for key in keys]
    deeper = {"type", "fields", "items", "values"}
    return {key: shuffled(draw, node[key]) if key in deeper else node[key] for key in order}


@pytest.mark.soak
@slowly
@given(decorated(), st.sampled_from([None, 0, 3]), st.data())
def test_the_order_of_words_white_space_and_escapes_leave_the_canonical_text_as_it_is(
    schema: Json, indent: int | None, data: st.DataObject
) -> None:
    plain = parse(Schema(json.dumps(schema)))
    other = parse(Schema(json.dumps(shuffled(data.draw, schema), indent=indent, ensure_ascii=indent == 0)))
    assert other.canonical == plain.canonical
    assert parse(Schema(json.dumps(schema, sort_keys=True))).normalized == plain.normalized


@pytest.mark.soak
@slowly
@given(decorated())
def test_neither_spelling_changes_what_a_schema_reads_and_writes(schema: Json) -> None:
    parsed = parse(Schema(json.dumps(schema)))
    for text in (parsed.canonical, parsed.normalized):
        earlier = [Earlier(Version(1), parse(Schema(text)))]
        assert check_compatibility(parsed, earlier, level=CompatibilityLevel.FULL).compatible
