"""Schemas that change as people change them, and a decoder that has to agree with the verdict.

A schema is drawn as a ``World``: its named types by full name, the first of them the whole, which use each other by
name only. So recursion costs nothing, and where a definition is written is drawn as well: in the text itself or in a
schema that the text refers to.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from itertools import count
from typing import Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.codecs import codec_for
from accord.schemas import (
    CompatibilityLevel,
    CompatibilityReport,
    Earlier,
    ParsedSchema,
    Schema,
    Version,
    check_compatibility,
    parse,
)

Json: TypeAlias = Any
World: TypeAlias = dict[str, Json]
Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "null": st.none(),
    "boolean": st.booleans(),
    "int": st.integers(-(2**31), 2**31 - 1),
    "long": st.integers(-(2**63), 2**63 - 1),
    "float": st.floats(width=32, allow_nan=False, allow_infinity=False),
    "double": st.floats(width=32, allow_nan=False, allow_infinity=False),
    "bytes": st.text(max_size=3).map(str.encode),
    "string": st.text(max_size=3),
}
DEFAULTS = {
    "null": None,
    "boolean": True,
    "int": 7,
    "long": 7,
    "float": 0.5,
    "double": 0.5,
    "bytes": "b",
    "string": "s",
}
PRIMITIVES = list(VALUES)
PROMOTIONS = {
    "int": ["long", "float", "double"],
    "long": ["float", "double", "int"],
    "float": ["double"],
    "bytes": ["string"],
    "string": ["bytes"],
}
SYMBOLS = ["RED", "GREEN", "BLUE", "GREY"]
NO_DEFAULT = object()


class Maker:
    """Draws worlds; every name that it gives is new."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.numbers = count()

    def world(self) -> World:
        names = [self.type_name() for _ in range(self.draw(st.integers(1, 4)))]
        kinds = ["record", *(self.one("record", "record", "enum", "fixed") for _ in names[1:])]
        return {names[index]: self.definition(kind, names, index) for index, kind in enumerate(kinds)}

    def definition(self, kind: str, names: list[str], index: int) -> Json:
        if kind == "fixed":
            return {"type": kind, "size": self.draw(st.integers(1, 3))}
        if kind == "enum":
            return {"type": kind, "symbols": self.symbols()}
        fields = [self.field(names, index) for _ in range(self.draw(st.integers(0, 3)))]
        return {"type": kind, "fields": fields}

    def symbols(self) -> Json:
        return self.draw(st.permutations(SYMBOLS))[: self.draw(st.integers(1, 4))]

    def field(self, names: list[str], index: int) -> Json:
        """A field of the record ``index``; the default follows from the type when it is written."""
        type_ = self.type(names[index + 1 :], names)
        return {"name": self.name("f"), "type": type_, "default": self.yes()}

    def type(self, direct: list[str], names: list[str]) -> Json:
        """A type; only inside of what may be empty it uses others than the ``direct`` ones, so that values end."""
        kind = self.one("primitive", "array", "map", "union", *(["named"] * 3 if direct else []))
        if kind == "primitive":
            return self.one(*PRIMITIVES)
        if kind == "named":
            return self.one(*direct)
        if kind == "union":
            return self.union(self.draw(st.lists(st.sampled_from(names), max_size=2, unique=True)))
        return {"type": kind, "items" if kind == "array" else "values": self.type(names, names)}

    def union(self, branches: list[Json]) -> Json:
        """The branches, and primitive ones, so that values end."""
        primitives = self.draw(st.lists(st.sampled_from(PRIMITIVES), min_size=1, max_size=3, unique=True))
        fresh = [primitive for primitive in primitives if primitive not in branches]
        return self.draw(st.permutations([*branches, *fresh]))

    def one(self, *choices: Any) -> Any:
        return self.draw(st.sampled_from(choices))

    def yes(self) -> bool:
        return bool(self.draw(st.booleans()))

    def name(self, letter: str) -> str:
        return f"{letter}{next(self.numbers)}"

    def type_name(self) -> str:
        return f"{self.one('', 'a', 'a.b')}.{self.name('T')}".lstrip(".")

    def record(self, world: World) -> tuple[int, list[Json]]:
        """Some record's number and fields."""
        name = self.one(*(name for name, definition in world.items() if "fields" in definition))
        return list(world).index(name), world[name]["fields"]

    def fields(self, world: World) -> list[Json]:
        """Some field, if there is one where it is looked for."""
        _, fields = self.record(world)
        return [self.one(*fields)] if fields else []


# What happens to schemas: each changes the world in place or returns another.


def add_field(maker: Maker, world: World) -> None:
    index, fields = maker.record(world)
    fields.insert(maker.draw(st.integers(0, len(fields))), maker.field(list(world), index))


def remove_field(maker: Maker, world: World) -> None:
    _, fields = maker.record(world)
    del fields[:1]


def reorder_fields(maker: Maker, world: World) -> None:
    _, fields = maker.record(world)
    fields.reverse()


def rename_field(maker: Maker, world: World) -> None:
    for field in maker.fields(world):
        field["aliases"] = [field["name"]] if maker.yes() else []
        field["name"] = maker.name("f")


def replace_field(maker: Maker, world: World) -> None:
    """A field goes on under a new name, and another takes the old one."""
    _, fields = maker.record(world)
    if fields:
        old = fields[0]["name"]
        type_ = fields[0]["type"] if fields[0]["type"] in PRIMITIVES else maker.one(*PRIMITIVES)
        fields[0] = {**fields[0], "name": maker.name("f"), "aliases": [old]}
        fields.append({"name": old, "type": type_, "default": True})


def retype_field(maker: Maker, world: World) -> None:
    index, fields = maker.record(world)
    if fields:
        fields[0]["type"] = maker.type(list(world)[index + 1 :], list(world))


def promote(maker: Maker, world: World) -> None:
    for container, key in types_in(world):
        if isinstance(container, dict) and container[key] in PRIMITIVES:
            container[key] = maker.one(container[key], *PROMOTIONS.get(container[key], []))


def allow_null(maker: Maker, world: World) -> None:
    for field in maker.fields(world):
        if not isinstance(field["type"], list) and field["type"] != "null":
            field["type"] = maker.draw(st.permutations(["null", field["type"]]))


def change_unions(maker: Maker, world: World) -> None:
    for container, key in types_in(world):
        if isinstance(container[key], list):
            kept = maker.draw(st.permutations(container[key]))[maker.draw(st.integers(0, 1)) :]
            container[key] = maker.union(kept)


def change_enums(maker: Maker, world: World) -> None:
    for definition in world.values():
        if "symbols" in definition:
            definition["symbols"] = maker.symbols()
            definition["default"] = maker.one(None, *definition["symbols"])


def resize(maker: Maker, world: World) -> None:
    for definition in world.values():
        if "size" in definition:
            definition["size"] = maker.draw(st.integers(1, 3))


def rename_type(maker: Maker, world: World) -> World:
    old = maker.one(*world)
    new = maker.one(maker.type_name(), f"elsewhere.{old.rpartition('.')[2]}")
    world[old]["aliases"] = [old] if maker.yes() else []
    for container, key in types_in(world):
        if container[key] == old:
            container[key] = new
    return {new if name == old else name: definition for name, definition in world.items()}


CHANGES: list[Callable[[Maker, World], World | None]] = [
    add_field,
    remove_field,
    reorder_fields,
    rename_field,
    replace_field,
    retype_field,
    promote,
    allow_null,
    change_unions,
    change_enums,
    resize,
    rename_type,
]


def types_in(world: World) -> Iterator[tuple[Json, Any]]:
    """Every (container, key) at which a type is used."""
    for definition in world.values():
        for field in definition.get("fields", []):
            yield from types_at(field, "type")


def types_at(container: Json, key: Any) -> Iterator[tuple[Json, Any]]:
    yield container, key
    node = container[key]
    if isinstance(node, list):
        for index in range(len(node)):
            yield from types_at(node, index)
    elif isinstance(node, dict):
        yield from types_at(node, "items" if "items" in node else "values")


# Writing a world down.


def default_of(world: World, type_: Json) -> Json:
    if isinstance(type_, list):
        return NO_DEFAULT if type_[0] in list(world) else default_of(world, type_[0])
    if isinstance(type_, dict):
        return [] if "items" in type_ else {}
    if type_ in DEFAULTS:
        return DEFAULTS[type_]
    definition = world[type_]
    if "symbols" in definition:
        return definition["symbols"][0]
    if "size" in definition:
        return "x" * definition["size"]
    inner = {field["name"]: default_of(world, field["type"]) for field in definition["fields"]}
    return NO_DEFAULT if NO_DEFAULT in inner.values() else inner


def written(world: World, node: Json, done: set[str]) -> Json:
    """The type as JSON, with the definition of every name that is not ``done`` yet."""
    if isinstance(node, list):
        return [written(world, branch, done) for branch in node]
    if isinstance(node, dict):
        return {key: inner if key == "type" else written(world, inner, done) for key, inner in node.items()}
    if node not in world or node in done:
        return node
    done.add(node)
    space, _, short = node.rpartition(".")
    json_ = {"name": short, "namespace": space, **world[node]}
    if "fields" in json_:
        json_["fields"] = [written_field(world, field, done) for field in json_["fields"]]
    return json_


def written_field(world: World, field: Json, done: set[str]) -> Json:
    default = default_of(world, field["type"]) if field["default"] else NO_DEFAULT
    json_ = {**field, "type": written(world, field["type"], done), "default": default}
    return {key: value for key, value in json_.items() if value is not NO_DEFAULT}


def reach(world: World, name: str, seen: set[str]) -> set[str]:
    """The types that a value of the type may hold."""
    if name in world and name not in seen:
        seen.add(name)
        for container, key in types_in({name: world[name]}):
            if isinstance(container[key], str):
                reach(world, container[key], seen)
    return seen


@st.composite
def spellings(draw: Any, world: World) -> ParsedSchema:
    """The world as a text; what leads nowhere back may be in schemas that the text refers to."""
    names, done = list(world), set[str]()
    referenced = {}
    for index in range(len(names) - 1, 0, -1):
        if draw(st.booleans()) and reach(world, names[index], set()) <= set(names[index:]):
            referenced[names[index]] = Schema(json.dumps(written(world, names[index], done)))
    return parse(Schema(json.dumps(written(world, names[0], done))), referenced=referenced)


def value_of(draw: Draw, world: World, type_: Json, depth: int = 3) -> Any:
    """A value of the type; below ``depth`` it holds as little as it can."""
    if isinstance(type_, list):
        small = [branch for branch in type_ if branch in PRIMITIVES]
        return value_of(draw, world, draw(st.sampled_from(type_ if depth > 0 else small)), depth)
    if isinstance(type_, dict):
        sizes = draw(st.integers(0, 2 if depth > 0 else 0))
        values = [
            value_of(draw, world, type_.get("items", type_.get("values")), depth - 1) for _ in range(sizes)
        ]
        return values if "items" in type_ else {f"k{index}": value for index, value in enumerate(values)}
    if type_ in VALUES:
        return draw(VALUES[type_])
    definition = world[type_]
    if "symbols" in definition:
        return draw(st.sampled_from(definition["symbols"]))
    if "size" in definition:
        return draw(st.binary(min_size=definition["size"], max_size=definition["size"]))
    return {field["name"]: value_of(draw, world, field["type"], depth - 1) for field in definition["fields"]}


@st.composite
def evolutions(draw: Any) -> tuple[World, World]:
    """A world and what became of it."""
    maker = Maker(draw)
    old = maker.world()
    new = deepcopy(old)
    for _ in range(draw(st.integers(1, 3))):
        new = draw(st.sampled_from(CHANGES))(maker, new) or new
    return old, new


def check(reader: ParsedSchema, writer: ParsedSchema) -> CompatibilityReport:
    return check_compatibility(reader, [Earlier(Version(1), writer)], level=CompatibilityLevel.BACKWARD)


def differences(reader: ParsedSchema, writer: ParsedSchema) -> list[str]:
    """What stands against it, without the texts of the schemas."""
    return [message for message in check(reader, writer).messages if message.startswith("{errorType:")]


slowly = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.soak
@slowly
@given(evolutions(), st.data())
def test_a_reader_judged_compatible_decodes_what_was_written_into_its_own_schema(
    worlds: tuple[World, World], data: st.DataObject
) -> None:
    for writes, reads in (worlds, reversed(worlds)):
        writer, reader = data.draw(spellings(writes)), data.draw(spellings(reads))
        if not check(reader, writer).compatible:
            continue
        sent, expected = (Schema(one.formatted("resolved")) for one in (writer, reader))
        record = codec_for(sent).encode(value_of(data.draw, writes, next(iter(writes))))
        codec_for(expected).encode(codec_for(sent, reader=expected).decode(record))


@slowly
@given(evolutions(), st.data())
def test_it_makes_no_difference_where_a_type_is_defined(
    worlds: tuple[World, World], data: st.DataObject
) -> None:
    old, new = (data.draw(spellings(world)) for world in worlds)
    whole_old, whole_new = (parse(Schema(one.formatted("resolved"))) for one in (old, new))
    assert differences(new, old) == differences(whole_new, whole_old)
    assert differences(new, whole_new) == differences(whole_new, new) == differences(new, new)
