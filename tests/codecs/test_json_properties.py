"""Random schemas and values: what is written is what the schema allows, and is read as what it was.

The judge is the ``jsonschema`` package. It differs from what validates here in known ways, which the schemas stay away
from: ``multipleOf`` where doubles are not exact (it divides them, here the digits count that are written), patterns beyond
what Python and ECMA have in common, and formats (it knows few, and here they bind writers only).
"""

import dataclasses
import json
import uuid
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any, Final

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import msgspec
import pydantic
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.codecs import Codec, InvalidData, InvalidEvent, codec_for, derive_schema
from accord.schemas import Schema, SchemaType

DRAFTS: Final[Mapping[str, type[Any]]] = {
    "http://json-schema.org/draft-04/schema#": jsonschema.Draft4Validator,
    "http://json-schema.org/draft-06/schema#": jsonschema.Draft6Validator,
    "http://json-schema.org/draft-07/schema#": jsonschema.Draft7Validator,
    "https://json-schema.org/draft/2019-09/schema": jsonschema.Draft201909Validator,
    "https://json-schema.org/draft/2020-12/schema": jsonschema.Draft202012Validator,
}
NAMES: Final = st.sampled_from(["a", "b", "c", "0", "x y", "\u00e9"])
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
NUMBERS: Final = st.integers(-3, 3) | st.integers() | st.floats(-1e9, 1e9, width=32)
SCALARS: Final = st.none() | st.booleans() | NUMBERS | TEXTS
VALUES: Final = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)
LEAVES: Final = st.one_of(
    st.just({}),
    st.fixed_dictionaries(
        {"type": st.sampled_from(["null", "boolean", "integer", "number", "string", "array", "object"])}
    ),
    st.fixed_dictionaries({"type": st.just(["string", "null"])}),
    st.fixed_dictionaries({"type": st.just("integer"), "minimum": st.integers(-3, 3)}),
    st.fixed_dictionaries({"type": st.just("integer"), "multipleOf": st.integers(1, 3)}),
    st.fixed_dictionaries({"type": st.just("number"), "maximum": st.integers(-3, 3)}),
    st.fixed_dictionaries(
        {"type": st.just("string"), "minLength": st.integers(0, 2), "maxLength": st.integers(2, 4)}
    ),
    st.fixed_dictionaries({"type": st.just("string"), "pattern": st.sampled_from(["^a", "b$", "[0-9]"])}),
    st.fixed_dictionaries({"enum": st.lists(SCALARS, min_size=1, max_size=3, unique_by=repr)}),
)


def composed(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(
        st.fixed_dictionaries(
            {
                "type": st.just("object"),
                "properties": st.dictionaries(NAMES, inner, max_size=3),
                "additionalProperties": st.booleans() | inner,
            },
            optional={"required": st.lists(NAMES, min_size=1, max_size=2, unique=True)},
        ),
        st.fixed_dictionaries(
            {"type": st.just("array"), "items": inner}, optional={"maxItems": st.integers(0, 3)}
        ),
        st.fixed_dictionaries({"type": st.just("array"), "uniqueItems": st.booleans()}),
        st.fixed_dictionaries({"anyOf": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"oneOf": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"allOf": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"not": inner}),
    )


SCHEMAS: Final = st.recursive(LEAVES, composed, max_leaves=6)


def codec_of(draft: str, schema: dict[str, Any]) -> Codec[Any]:
    return codec_for(Schema(json.dumps({"$schema": draft, **schema}), SchemaType.JSON))


def holds(draft: str, schema: dict[str, Any], value: Any) -> None:
    codec = codec_of(draft, schema)
    text = json.dumps(value, ensure_ascii=False).encode()
    if DRAFTS[draft](schema).is_valid(value):
        assert codec.decode(codec.encode(value)) == value
        assert codec.decode(text) == value
        return
    with pytest.raises(InvalidEvent):
        codec.encode(value)
    with pytest.raises(InvalidData):
        codec.decode(text)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(draft=st.sampled_from(list(DRAFTS)), schema=SCHEMAS, value=VALUES)
def test_any_value_is_judged_as_the_specification_says(
    draft: str, schema: dict[str, Any], value: Any
) -> None:
    holds(draft, schema, value)


@pytest.mark.soak
@settings(max_examples=10_000, suppress_health_check=list(HealthCheck), deadline=None)
@given(draft=st.sampled_from(list(DRAFTS)), schema=SCHEMAS, value=VALUES)
def test_very_many_values_are_judged_as_the_specification_says(
    draft: str, schema: dict[str, Any], value: Any
) -> None:
    holds(draft, schema, value)


def near(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that the schema is likely to allow."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "properties" in schema:
        inner = {name: near(one) for name, one in schema["properties"].items()}
        asked = {name: inner.get(name, SCALARS) for name in schema.get("required", [])}
        return st.fixed_dictionaries(
            asked, optional={name: inner[name] for name in inner.keys() - asked.keys()}
        )
    if "items" in schema:
        return st.lists(near(schema["items"]), max_size=3)
    for keyword in ("anyOf", "oneOf", "allOf"):
        if keyword in schema:
            return st.one_of(*map(near, schema[keyword]))
    return NEAR.get(str(schema.get("type")), VALUES)


NEAR: Final[Mapping[str, st.SearchStrategy[Any]]] = {
    "string": TEXTS | st.sampled_from(["a", "ab", "b", "7"]),
    "integer": st.integers(),
    "number": NUMBERS,
    "boolean": st.booleans(),
    "null": st.none(),
}


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), draft=st.sampled_from(list(DRAFTS)), schema=SCHEMAS)
def test_values_that_a_schema_is_made_for_survive(
    data: st.DataObject, draft: str, schema: dict[str, Any]
) -> None:
    holds(draft, schema, data.draw(near(schema)))


@pytest.mark.soak
@settings(max_examples=10_000, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data(), draft=st.sampled_from(list(DRAFTS)), schema=SCHEMAS)
def test_very_many_values_that_a_schema_is_made_for_survive(
    data: st.DataObject, draft: str, schema: dict[str, Any]
) -> None:
    holds(draft, schema, data.draw(near(schema)))


SOUND: Final = b'{"a":[1,-2.5e3,"x\\u0041",null,true],"b":{"a":"","c":"2026-01-01T00:00:00Z"}}'


@dataclasses.dataclass
class Inner:
    a: str
    c: datetime


@dataclasses.dataclass
class Outer:
    a: list[Any]
    b: Inner


OUTER: Final = derive_schema(Outer, type=SchemaType.JSON)
CODECS: Final[Mapping[Any, Codec[Any]]] = {model: codec_for(OUTER, model=model) for model in (None, Outer)}


@settings(max_examples=300)
@given(
    at=st.integers(0, len(SOUND)),
    cut=st.integers(0, 6),
    put=st.binary(max_size=3) | st.sampled_from([b'"', b"}", b"[", b","]),
)
def test_damaged_data_is_read_or_refused_and_nothing_else_happens(at: int, cut: int, put: bytes) -> None:
    data = SOUND[:at] + put + SOUND[at + cut :]
    for codec in CODECS.values():
        with suppress(InvalidData):
            codec.decode(data)


class Color(Enum):
    RED = "red"
    BLUE = "blue"


@dataclasses.dataclass
class Part:
    name: str
    count: int
    made_at: datetime
    price: Decimal
    color: Color
    note: str | None = None


@dataclasses.dataclass
class Whole:
    id: uuid.UUID
    day: date
    took: timedelta
    ratio: float
    raw: bytes
    main: Part
    parts: list[Part]
    by_name: dict[str, Part]
    days: list[date | None]


class PartStruct(msgspec.Struct):
    name: str
    count: int
    made_at: datetime
    price: Decimal
    color: Color
    note: str | None = None


class WholeStruct(msgspec.Struct):
    id: uuid.UUID
    day: date
    took: timedelta
    ratio: float
    raw: bytes
    main: PartStruct
    parts: list[PartStruct]
    by_name: dict[str, PartStruct]
    days: list[date | None]


class PartModel(pydantic.BaseModel):
    name: str
    count: int
    made_at: datetime
    price: Decimal
    color: Color
    note: str | None = None


class WholeModel(pydantic.BaseModel):
    id: uuid.UUID
    day: date
    ratio: float
    main: PartModel
    parts: list[PartModel]
    by_name: dict[str, PartModel]
    days: list[date | None]


ZONES: Final = st.just(UTC) | st.integers(-1439, 1439).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
MOMENTS: Final = st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 1, 1), timezones=ZONES)  # noqa: DTZ001 -- the zones are added
PART_VALUES: Final = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "count": st.integers(-(2**63), 2**63 - 1),
        "made_at": MOMENTS,
        "price": st.decimals(allow_nan=False, allow_infinity=False),
        "color": st.sampled_from(Color),
        "note": st.none() | TEXTS,
    }
)


def wholes(whole: type[Any], part: type[Any]) -> st.SearchStrategy[Any]:
    parts = PART_VALUES.map(lambda values: part(**values))
    strategies: dict[str, st.SearchStrategy[Any]] = {
        "id": st.uuids(),
        "day": st.dates(),
        "took": st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=10_000)),
        "ratio": st.floats(allow_nan=False, allow_infinity=False),
        "raw": st.binary(max_size=5),
        "main": parts,
        "parts": st.lists(parts, max_size=3),
        "by_name": st.dictionaries(TEXTS, parts, max_size=2),
        "days": st.lists(st.none() | st.dates(), max_size=3),
    }
    if whole is WholeModel:
        del strategies["took"], strategies["raw"]
    return st.fixed_dictionaries(strategies).map(lambda values: whole(**values))


@pytest.mark.parametrize(
    ("whole", "part"), [(Whole, Part), (WholeStruct, PartStruct), (WholeModel, PartModel)]
)
def test_instances_survive_and_are_what_their_schema_allows(whole: type[Any], part: type[Any]) -> None:
    schema = derive_schema(whole, type=SchemaType.JSON)
    codec = codec_for(schema, model=whole)
    judge = jsonschema.Draft7Validator(json.loads(schema.text))

    @settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
    @given(event=wholes(whole, part))
    def holds_for(event: Any) -> None:
        text = codec.encode(event)
        assert codec.decode(text) == event
        assert judge.is_valid(json.loads(text))

    holds_for()
