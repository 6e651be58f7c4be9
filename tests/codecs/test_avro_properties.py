"""Our codec and two independent ones, fastavro and the Avro project's own: the same bytes and values for any schemas."""

import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import avro.errors
import avro.io
import avro.schema
import fastavro
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.codecs import Codec, DataFault, InvalidData, InvalidEvent, codec_for
from accord.schemas import Schema

Node = Any
"""A part of a schema as JSON, in which every named type is only called by its name."""

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)

# What adds or takes a time zone may go a day further, and datetimes end there.
MOMENTS = st.datetimes(datetime.fromordinal(2), datetime.fromordinal(date.max.toordinal() - 1))


def _millis(moment: Any) -> Any:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _logical(underlying: str, name: str, **more: int) -> dict[str, object]:
    return {"type": underlying, "logicalType": name, **more}


def _amounts(largest: int, places: int) -> st.SearchStrategy[Any]:
    return st.decimals(-largest, largest, places=places, allow_nan=False, allow_infinity=False)


PRIMITIVES: dict[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "int": st.integers(-(2**31), 2**31 - 1) | st.integers(-100, 100),
    "long": st.integers(-(2**63), 2**63 - 1) | st.integers(-(2**20), 2**20),
    "float": st.floats(width=32, allow_nan=False),
    "double": st.floats(allow_nan=False),
    "bytes": st.binary(max_size=8) | st.binary(min_size=60, max_size=70),
    "string": text | st.text("aé€😀", min_size=15, max_size=70),
}

# fastavro knows neither duration nor uuid on fixed nor nanoseconds: test_avro_logical.py has these.
LOGICAL: list[tuple[Node, st.SearchStrategy[Any]]] = [
    (_logical("int", "date"), st.dates()),
    (_logical("int", "time-millis"), st.times().map(_millis)),
    (_logical("long", "time-micros"), st.times()),
    (_logical("long", "timestamp-millis"), MOMENTS.map(_millis).map(lambda moment: moment.replace(tzinfo=UTC))),
    (_logical("long", "timestamp-micros"), MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC))),
    (_logical("long", "local-timestamp-millis"), MOMENTS.map(_millis)),
    (_logical("long", "local-timestamp-micros"), MOMENTS),
    (_logical("string", "uuid"), st.uuids()),
    (_logical("bytes", "decimal", precision=8, scale=3), _amounts(9999, 3)),
]  # fmt: skip

# One of each group at most in a union: fastavro writes the first branch that could hold a value, and so would a reader of
# two branches that both fit take the first, where the specification and ours ask for the very type.
GROUPS: list[list[str]] = [
    ["boolean"],
    ["int", "long", "float", "double"],
    ["string", "enum"],
    # Bytes are a list to it, too.
    ["bytes", "fixed", "array"],
    ["map", "record"],
]

# A reader of theirs also takes text for the first branch of a union that is bytes, and the other way round.
GROUPS_FOR_READERS = [
    ["boolean"],
    ["int", "long", "float", "double"],
    ["string", "enum", "bytes", "fixed", "array"],
    ["map", "record"],
]


@dataclass
class Types:
    """A schema in the making: ``named`` holds each named type once."""

    named: dict[str, Node] = field(default_factory=dict)
    logical: bool = True
    groups: list[list[str]] = field(default_factory=lambda: GROUPS)

    def fresh(self) -> str:
        return f"T{len(self.named)}"

    def text(self, node: Node) -> str:
        return json.dumps(self.whole(node, set()))

    def whole(self, node: Node, defined: set[str]) -> Node:
        """The node with each named type written out where it first comes."""
        if isinstance(node, list):
            return [self.whole(branch, defined) for branch in node]
        if isinstance(node, str):
            if node not in self.named or node in defined:
                return node
            defined.add(node)
            node = self.named[node]
        inner = {key: self.whole(node[key], defined) for key in ("items", "values") if key in node}
        if "fields" in node:
            inner["fields"] = [{**one, "type": self.whole(one["type"], defined)} for one in node["fields"]]
        return {**node, **inner}


def nodes(draw: st.DrawFn, types: Types, depth: int, kind: str = "") -> Node:
    kinds = ["primitive", "logical" if types.logical else "primitive", "enum", "fixed", "named"]
    deeper = ["array", "map", "record", "record", "union"] if depth else []
    match kind or draw(st.sampled_from([*kinds, *deeper])):
        case "logical":
            return draw(st.sampled_from([node for node, _ in LOGICAL]))
        case "named" if types.named:
            return draw(st.sampled_from(sorted(types.named)))
        case "enum":
            symbols = draw(st.lists(st.sampled_from("ABCDEF"), min_size=1, max_size=4, unique=True))
            return _define(types, {"type": "enum", "symbols": symbols})
        case "fixed":
            decimal = {"logicalType": "decimal", "precision": 5, "scale": 2} if types.logical else {}
            size = draw(st.integers(4, 6))
            return _define(types, {"type": "fixed", "size": size, **(decimal if draw(st.booleans()) else {})})
        case "array":
            return {"type": "array", "items": nodes(draw, types, depth - 1)}
        case "map":
            return {"type": "map", "values": nodes(draw, types, depth - 1)}
        case "record":
            return records(draw, types, depth - 1)
        case "union":
            return unions(draw, types, depth - 1)
        case str(name) if name in PRIMITIVES:
            return name
        case _:
            return draw(st.sampled_from(sorted(PRIMITIVES)))


def _define(types: Types, node: dict[str, Any]) -> str:
    name = types.fresh()
    types.named[name] = {"name": name, **node}
    return name


def records(draw: st.DrawFn, types: Types, depth: int) -> str:
    name = _define(types, {"type": "record", "fields": []})
    fields = []
    for number in range(draw(st.integers(0, 5))):
        # A record that is not whole yet may only contain itself where there is a way out.
        again = draw(st.integers(0, 6)) == 0
        node = draw(st.sampled_from([["null", name], {"type": "array", "items": name}])) if again else None
        fields.append({"name": f"f{number}", "type": node or closed(draw, types, depth, {name})})
    types.named[name]["fields"] = fields
    return name


def closed(draw: st.DrawFn, types: Types, depth: int, open_: set[str]) -> Node:
    """A node that is no record which has yet to be filled."""
    node = nodes(draw, types, depth)
    unfilled = isinstance(node, str) and node in types.named and types.named[node].get("fields") == []
    return "string" if unfilled or (isinstance(node, str) and node in open_) else node


def unions(draw: st.DrawFn, types: Types, depth: int) -> Node:
    groups = draw(st.lists(st.sampled_from(types.groups), min_size=1, max_size=3, unique_by=tuple))
    branches = [nodes(draw, types, depth, draw(st.sampled_from(group))) for group in groups]
    branches.insert(draw(st.integers(0, len(branches))), "null")
    return branches


def value_of(draw: st.DrawFn, types: Types, node: Node, depth: int = 6) -> Any:
    if isinstance(node, list):
        return value_of(draw, types, draw(st.sampled_from(node)) if depth > 0 else "null", depth - 1)
    if isinstance(node, str) and node in PRIMITIVES:
        return draw(PRIMITIVES[node])
    node = types.named[node] if isinstance(node, str) else node
    for logical, values in LOGICAL:
        if node == logical:
            return draw(values)
    match node["type"]:
        case "enum":
            return draw(st.sampled_from(node["symbols"]))
        case "fixed" if "logicalType" in node:
            return draw(_amounts(999, 2))
        case "fixed":
            return draw(st.binary(min_size=node["size"], max_size=node["size"]))
        case "array":
            count = draw(st.integers(0, 3)) if depth > 0 else 0
            return [value_of(draw, types, node["items"], depth - 1) for _ in range(count)]
        case "map":
            keys = draw(st.lists(text, max_size=3, unique=True)) if depth > 0 else []
            return {key: value_of(draw, types, node["values"], depth - 1) for key in keys}
        case _:
            return {one["name"]: value_of(draw, types, one["type"], depth - 1) for one in node["fields"]}


@st.composite
def cases(draw: st.DrawFn, *, logical: bool = True, depth: int = 3) -> tuple[str, Any]:
    """The text of a schema, and a value of it."""
    types = Types(logical=logical)
    node = nodes(draw, types, depth)
    return types.text(node), value_of(draw, types, node)


def fastavro_bytes(schema: str, value: Any) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(out, fastavro.parse_schema(json.loads(schema)), value)
    return out.getvalue()


def fastavro_value(schema: str, data: bytes, reader: str | None = None) -> Any:
    parsed = fastavro.parse_schema(json.loads(reader)) if reader else None
    return fastavro.schemaless_reader(io.BytesIO(data), fastavro.parse_schema(json.loads(schema)), parsed)


def avro_value(schema: str, data: bytes, reader: str) -> Any:
    reading = avro.io.DatumReader(avro.schema.parse(schema), avro.schema.parse(reader))
    return reading.read(avro.io.BinaryDecoder(io.BytesIO(data)))


def codec_of(schema: str, reader: str | None = None) -> Codec[Any]:
    return codec_for(Schema(schema), reader=Schema(reader) if reader else None)


def check_that_bytes_and_values_are_fastavros(case: tuple[str, Any]) -> None:
    schema, value = case
    codec = codec_of(schema)
    data = codec.encode(value)
    assert data == fastavro_bytes(schema, value)
    assert codec.decode(data) == value
    assert codec.decode(data) == fastavro_value(schema, data)
    assert codec.decode(b"before" + data, 6) == value


def check_that_nothing_cut_short_is_read(case: tuple[str, Any]) -> None:
    schema, value = case
    codec = codec_of(schema)
    whole = codec.encode(value)
    for end in range(0, len(whole), len(whole) // 50 + 1):
        with pytest.raises(InvalidData) as caught:
            codec.decode(whole[:end])
        assert caught.value.fault is DataFault.TRUNCATED


def check_that_noise_breaks_nothing(case: tuple[str, Any], noise: bytes) -> None:
    codec = codec_of(case[0])
    try:
        value = codec.decode(noise)
    except InvalidData:
        return
    assert codec.decode(codec.encode(value)) == value or value != value  # noqa: PLR0124 -- not a number


class Odd:
    """A value of no type at all."""


ODD_VALUES = st.sampled_from(
    [Odd(), True, 1.5, 2**70, "\ud800", b"x", [Odd()], {"f0": Odd()}, {1: 2}, None, ()]
)


def check_that_odd_values_are_written_or_refused(case: tuple[str, Any], odd: Any) -> None:
    codec = codec_of(case[0])
    try:
        data = codec.encode(odd)
    except InvalidEvent:
        return
    codec.decode(data)


@given(case=cases())
def test_our_bytes_and_values_are_fastavros(case: tuple[str, Any]) -> None:
    check_that_bytes_and_values_are_fastavros(case)


@given(case=cases())
def test_a_record_that_was_cut_short_is_never_read(case: tuple[str, Any]) -> None:
    check_that_nothing_cut_short_is_read(case)


@given(case=cases(), noise=st.binary(max_size=30))
def test_noise_is_refused_or_read_but_never_breaks_anything(case: tuple[str, Any], noise: bytes) -> None:
    check_that_noise_breaks_nothing(case, noise)


@given(case=cases(), odd=ODD_VALUES)
def test_odd_values_are_refused_or_written_so_that_they_can_be_read(case: tuple[str, Any], odd: Any) -> None:
    check_that_odd_values_are_written_or_refused(case, odd)


@dataclass(frozen=True)
class Deviations:
    """What another implementation makes otherwise than the specification says, so that no pair of schemas may have it."""

    promoted: Mapping[str, tuple[str, ...]]
    aliases: bool
    enum_defaults: bool
    unwrapping: bool
    changed_items: bool


# fastavro leaves what a default stands for as JSON has it: defaults here look the same in JSON and as values.
# It looks at the items of arrays and maps where there are none, too, and at nothing inside of records until it comes there;
# ours refuses a pair of schemas at once where no value could be read: only pairs that fit are made here.
FASTAVRO = Deviations(
    promoted={
        "int": ("long", "float", "double"),
        "long": ("float", "double"),
        "float": ("double",),
        "string": ("bytes",),
        "bytes": ("string",),
    },
    aliases=True,
    enum_defaults=True,
    unwrapping=True,
    changed_items=True,
)

# The avro package leaves numbers and texts as they were written, does not know aliases or an enum's default for symbols
# that the reader lacks, reads no union as one of its branches, and items only as what has the same type.
# (1 == 1.0, but a long may be another number as a float.)
AVRO = Deviations(
    promoted={"int": ("long", "double")},
    aliases=False,
    enum_defaults=False,
    unwrapping=False,
    changed_items=False,
)

ADDED: list[tuple[Node, Any]] = [
    ("int", 7),
    ("double", 0.5),
    ("string", "new"),
    ("boolean", True),
    (["null", "int"], None),
    (["string", "null"], "x"),
    ({"type": "array", "items": "int"}, [1, 2]),
    ({"type": "map", "values": "string"}, {"a": "b"}),
]


@dataclass
class Evolution:
    """A reader's schema in the making: named types change once, wherever they are used."""

    draw: st.DrawFn
    written: Types
    may: Deviations
    read: Types = field(default_factory=Types)
    needed: set[str] = field(default_factory=set)

    def items(self, node: Node) -> Node:
        if isinstance(node, str) and node in PRIMITIVES and not self.may.changed_items:
            return node
        return self.of(node, branch=not self.may.changed_items)

    def of(self, node: Node, *, branch: bool = False) -> Node:
        if isinstance(node, list):
            return self.union(node)
        if isinstance(node, str) and node in self.written.named:
            return self.named(node)
        if not branch and self.draw(st.integers(0, 5)) == 0 and node != "null":
            return self.draw(st.permutations(["null", self.of(node, branch=True)]))
        match node:
            case str():
                return self.draw(st.sampled_from([node, *self.may.promoted.get(node, ())]))
            case {"type": "array", "items": items}:
                return {"type": "array", "items": self.items(items)}
            case {"type": "map", "values": values}:
                return {"type": "map", "values": self.items(values)}
        return node

    def union(self, branches: list[Node]) -> Node:
        kept = [branch for branch in branches if branch == "null" or self.draw(st.integers(0, 9)) > 0]
        if self.may.unwrapping and len(kept) == 2 and "null" in kept and self.draw(st.integers(0, 5)) == 0:
            return self.of(next(branch for branch in kept if branch != "null"), branch=True)
        return self.draw(st.permutations([self.of(branch, branch=True) for branch in kept]))

    def named(self, name: str) -> str:
        if name in self.read.named:
            return name
        self.read.named[name] = {}
        node = self.written.named[name]
        match node:
            case {"type": "enum", "symbols": symbols}:
                self.read.named[name] = {**node, **self.symbols(symbols)}
            case {"type": "record", "fields": fields}:
                self.read.named[name] = {**node, "fields": self.fields(fields)}
            case _:
                self.read.named[name] = node
        return name

    def symbols(self, symbols: list[str]) -> Node:
        more = self.draw(st.permutations([*symbols, "NEW"]))
        if not self.may.enum_defaults or self.draw(st.booleans()):
            return {"symbols": more}
        kept = [symbol for symbol in more if symbol == "NEW" or self.draw(st.booleans())]
        return {"symbols": kept, "default": "NEW"}

    def fields(self, fields: list[Node]) -> list[Node]:
        read = []
        for one in self.draw(st.permutations(fields)):
            fate = self.draw(st.integers(0, 5))
            if fate == 0:
                continue
            changed = {**one, "type": self.of(one["type"])}
            if fate == 1 and self.may.aliases:
                changed |= {"name": f"now_{one['name']}", "aliases": [one["name"]]}
            read.append(changed)
        for number, (node, default) in enumerate(self.draw(st.lists(st.sampled_from(ADDED), max_size=2))):
            read.append({"name": f"new{number}", "type": node, "default": default})
        return read


@st.composite
def evolutions(draw: st.DrawFn, may: Deviations, *, logical: bool) -> tuple[str, str, Any]:
    """The text of a writer's and of a reader's schema, and a value of the writer's."""
    types = Types(logical=logical, groups=GROUPS_FOR_READERS)
    node = nodes(draw, types, 3)
    evolution = Evolution(draw, types, may)
    reader = evolution.of(node)
    return types.text(node), evolution.read.text(reader), value_of(draw, types, node)


def check_that_what_is_read_is_the_same(
    evolution: tuple[str, str, Any],
    theirs: Callable[[str, bytes, str], Any],
    refusals: tuple[type[Exception], ...],
) -> None:
    writer, reader, value = evolution
    data = codec_of(writer).encode(value)
    try:
        ours = codec_of(writer, reader).decode(data)
    except InvalidData:
        with pytest.raises(refusals):
            theirs(writer, data, reader)
        return
    assert ours == theirs(writer, data, reader)


def fastavro_resolved(writer: str, data: bytes, reader: str) -> Any:
    return fastavro_value(writer, data, reader)


# Bytes that are no UTF-8 cannot be read as a string: a ValueError there.
FASTAVRO_REFUSALS = (fastavro.read.SchemaResolutionError, ValueError)
AVRO_REFUSALS = (avro.errors.SchemaResolutionException,)


@given(evolution=evolutions(FASTAVRO, logical=True))
def test_a_reader_makes_of_it_what_fastavro_makes(evolution: tuple[str, str, Any]) -> None:
    check_that_what_is_read_is_the_same(evolution, fastavro_resolved, FASTAVRO_REFUSALS)


@given(evolution=evolutions(AVRO, logical=False))
def test_a_reader_makes_of_it_what_the_avro_package_makes(evolution: tuple[str, str, Any]) -> None:
    check_that_what_is_read_is_the_same(evolution, avro_value, AVRO_REFUSALS)


MANY = settings(max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.soak
@pytest.mark.timeout(1800)
@MANY
@given(case=cases(depth=4), noise=st.binary(max_size=60), odd=ODD_VALUES)
def test_many_schemas_and_values(case: tuple[str, Any], noise: bytes, odd: Any) -> None:
    check_that_bytes_and_values_are_fastavros(case)
    check_that_nothing_cut_short_is_read(case)
    check_that_noise_breaks_nothing(case, noise)
    check_that_odd_values_are_written_or_refused(case, odd)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@MANY
@given(evolution=evolutions(FASTAVRO, logical=True))
def test_many_readers_and_fastavro(evolution: tuple[str, str, Any]) -> None:
    check_that_what_is_read_is_the_same(evolution, fastavro_resolved, FASTAVRO_REFUSALS)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@MANY
@given(evolution=evolutions(AVRO, logical=False))
def test_many_readers_and_the_avro_package(evolution: tuple[str, str, Any]) -> None:
    check_that_what_is_read_is_the_same(evolution, avro_value, AVRO_REFUSALS)
