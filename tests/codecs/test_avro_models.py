"""Codecs for classes write and read the same bytes as those for dicts, whatever the schema."""

import dataclasses
import json
import types
import uuid
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.codecs import codec_for
from accord.schemas import Schema

Node = Any
Made = tuple[Node, Any, Any, Any]
"""A type, its hint, and a value of it as a dict or what else there is without classes, and with them."""

Make = Callable[[str, list[tuple[str, Any]]], Any]

MAKERS: dict[str, Make] = {
    "dataclass": dataclasses.make_dataclass,
    "slots": lambda name, fields: dataclasses.make_dataclass(name, fields, slots=True),
    "frozen": lambda name, fields: dataclasses.make_dataclass(name, fields, frozen=True),
    "frozen slots": lambda name, fields: dataclasses.make_dataclass(name, fields, frozen=True, slots=True),
    "keywords": lambda name, fields: dataclasses.make_dataclass(name, fields, kw_only=True),
    "struct": msgspec.defstruct,
    "frozen struct": lambda name, fields: msgspec.defstruct(name, fields, frozen=True, kw_only=True),
}

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=70)
SIMPLE: list[tuple[Node, Any, st.SearchStrategy[Any]]] = [
    ("boolean", bool, st.booleans()),
    ("int", int, st.integers(-(2**31), 2**31 - 1)),
    ("long", int, st.integers(-(2**63), 2**63 - 1)),
    ("double", float, st.floats(allow_nan=False)),
    ("bytes", bytes, st.binary(max_size=70)),
    ("string", str, text),
    ({"type": "int", "logicalType": "date"}, date, st.dates()),
    ({"type": "long", "logicalType": "time-micros"}, time, st.times()),
    ({"type": "long", "logicalType": "local-timestamp-micros"}, datetime, st.datetimes()),
    ({"type": "string", "logicalType": "uuid"}, uuid.UUID, st.uuids()),
    (
        {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
        Decimal,
        st.decimals(-99999, 99999, places=2, allow_nan=False, allow_infinity=False),
    ),
]


class Drawing:
    """Draws types with their values, so that both forms of a value come about together."""

    def __init__(self, draw: st.DrawFn, make: Make) -> None:
        self.draw = draw
        self.make = make
        self.names = 0

    def name(self) -> str:
        self.names += 1
        return f"T{self.names}"

    def any(self, depth: int) -> Made:
        kinds = [
            self.simple,
            self.enum,
            *([self.array, self.map, self.optional, self.record] if depth else []),
        ]
        made: Made = self.draw(st.sampled_from(kinds))(depth - 1)
        return made

    def simple(self, _: int) -> Made:
        node, hint, values = self.draw(st.sampled_from(SIMPLE))
        value = self.draw(values)
        return node, hint, value, value

    def enum(self, _: int) -> Made:
        name = self.name()
        class_ = Enum(name, ["A", "B", "C"])  # type: ignore[misc]  # made at run time
        member = self.draw(st.sampled_from(list(class_)))
        return {"type": "enum", "name": name, "symbols": ["A", "B", "C"]}, class_, member.name, member

    def array(self, depth: int) -> Made:
        node, hint, value, instance = self.any(depth)
        count = self.draw(st.integers(0, 3))
        return (
            {"type": "array", "items": node},
            types.GenericAlias(list, (hint,)),
            [value] * count,
            [instance] * count,
        )

    def map(self, depth: int) -> Made:
        node, hint, value, instance = self.any(depth)
        keys = self.draw(st.lists(text, max_size=3, unique=True))
        made = {"type": "map", "values": node}
        return (
            made,
            types.GenericAlias(dict, (str, hint)),
            dict.fromkeys(keys, value),
            dict.fromkeys(keys, instance),
        )

    def optional(self, depth: int) -> Made:
        node, hint, value, instance = self.draw(st.sampled_from([self.simple, self.enum, self.record]))(depth)
        empty = self.draw(st.booleans())
        branches = self.draw(st.permutations(["null", node]))
        return branches, hint | None, None if empty else value, None if empty else instance

    def record(self, depth: int) -> Made:
        name = self.name()
        fields = [(f"f{number}", *self.any(max(depth, 0))) for number in range(self.draw(st.integers(0, 5)))]
        node = {
            "type": "record",
            "name": name,
            "fields": [{"name": one[0], "type": one[1]} for one in fields],
        }
        class_ = self.make(name, [(one[0], one[2]) for one in fields])
        instance = class_(**{one[0]: one[4] for one in fields})
        return node, class_, {one[0]: one[3] for one in fields}, instance


@st.composite
def records(draw: st.DrawFn) -> Made:
    """A record, in the form of some kind of class."""
    return Drawing(draw, MAKERS[draw(st.sampled_from(sorted(MAKERS)))]).record(2)


def check_that_a_class_is_written_and_read_as_its_dict(made: Made) -> None:
    node, class_, value, instance = made
    schema = Schema(json.dumps(node))
    plain, typed = codec_for(schema), codec_for(schema, model=class_)
    written = typed.encode(instance)
    assert written == plain.encode(value)
    assert typed.decode(written) == instance
    assert plain.decode(written) == value
    read = codec_for(schema, reader=schema, model=class_).decode(b"before" + written, 6)
    assert (read, type(read)) == (instance, class_)


@settings(max_examples=20)
@given(made=records())
def test_a_class_is_written_and_read_as_its_dict_is(made: Made) -> None:
    check_that_a_class_is_written_and_read_as_its_dict(made)


@pytest.mark.soak
@pytest.mark.timeout(1800)
@settings(max_examples=3000, deadline=None, suppress_health_check=list(HealthCheck))
@given(made=records())
def test_many_classes(made: Made) -> None:
    check_that_a_class_is_written_and_read_as_its_dict(made)
