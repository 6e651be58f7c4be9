"""Random messages, and random bytes."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import msgspec
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message_factory import GetMessageClass
from hypothesis import given
from hypothesis import strategies as st

from accord.codecs import Codec, InvalidData, codec_for
from accord.codecs.protobuf.file import ProtobufFile
from accord.schemas import Schema, SchemaType

SCALARS: Mapping[str, tuple[st.SearchStrategy[Any], type]] = {
    "int32": (st.integers(-(2**31), 2**31 - 1), int),
    "sint32": (st.integers(-(2**31), 2**31 - 1), int),
    "sfixed32": (st.integers(-(2**31), 2**31 - 1), int),
    "uint32": (st.integers(0, 2**32 - 1), int),
    "fixed32": (st.integers(0, 2**32 - 1), int),
    "int64": (st.integers(-(2**63), 2**63 - 1), int),
    "sint64": (st.integers(-(2**63), 2**63 - 1), int),
    "sfixed64": (st.integers(-(2**63), 2**63 - 1), int),
    "uint64": (st.integers(0, 2**64 - 1), int),
    "fixed64": (st.integers(0, 2**64 - 1), int),
    "double": (st.floats(allow_nan=False), float),
    "float": (st.floats(width=32, allow_nan=False), float),
    "bool": (st.booleans(), bool),
    "string": (st.text(max_size=8), str),
    "bytes": (st.binary(max_size=8), bytes),
    "Kind": (st.sampled_from(["ZERO", "ONE", "MINUS"]), str),
    "Part": (st.fixed_dictionaries({"key": st.text(max_size=3), "n": st.none() | st.integers(0, 9)}), dict),
    "google.protobuf.Timestamp": (
        st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 -- Hypothesis adds the zone
        datetime,
    ),
    "google.protobuf.Duration": (
        st.timedeltas(min_value=timedelta(days=-3_652_500), max_value=timedelta(days=3_652_500)),
        timedelta,
    ),
    "google.protobuf.StringValue": (st.text(max_size=4), str),
}
MESSAGES = {"Part", *(name for name in SCALARS if "." in name)}
KEYS = {"int32", "sint64", "fixed32", "bool", "string"}
PARTS = """
enum Kind { ZERO = 0; ONE = 1; MINUS = -1; }
message Part { string key = 1; optional int32 n = 2; }
"""

Field = tuple[str, st.SearchStrategy[Any], Any]
"""A declaration without name and number, its values, and its type hint."""


def field_kinds() -> list[Field]:
    kinds: list[Field] = []
    for name, (values, hint) in SCALARS.items():
        kinds.append((f"optional {name}", st.none() | values, hint | None))
        kinds.append((f"repeated {name}", st.lists(values, max_size=3), list[hint]))  # type: ignore[valid-type] # a hint made at run time
        if name not in MESSAGES:
            kinds.append((name, values, hint))
        for key in sorted(KEYS):
            keys, key_hint = SCALARS[key]
            entries = st.dictionaries(keys, values, max_size=3)
            kinds.append((f"map<{key}, {name}>", entries, dict[key_hint, hint]))  # type: ignore[valid-type] # a hint made at run time
    return kinds


KINDS = field_kinds()


@cache
def built(chosen: tuple[tuple[int, int], ...]) -> tuple[Any, Codec[Any], Any, Codec[Any]]:
    """Google's class of a message, our codec of dicts, a Struct, and our codec of that."""
    lines = [
        f"{KINDS[kind][0]} f{position} = {number};" for position, (kind, number) in enumerate(chosen, start=1)
    ]
    imports = "".join(
        f'import "google/protobuf/{name}.proto";' for name in ("timestamp", "duration", "wrappers")
    )
    text = f'syntax = "proto3"; package p; {imports} message Event {{ {" ".join(lines)} }} {PARTS}'
    schema = Schema(text, SchemaType.PROTOBUF)
    google = GetMessageClass(ProtobufFile.of(schema, {}).message("p.Event"))
    struct = msgspec.defstruct(
        "Event", [(f"f{position}", KINDS[kind][2]) for position, (kind, _) in enumerate(chosen, start=1)]
    )
    return google, codec_for(schema), struct, codec_for(schema, model=struct)


# Few shapes, met again and again: making a codec takes longer than using it.
SHAPES: list[tuple[tuple[int, int], ...]] = [
    tuple(
        ((start * 11 + step * 7) % len(KINDS), 1 + position * (1 if start % 2 else 97))
        for position, step in enumerate(range(1 + start % 9))
    )
    for start in range(40)
]


@st.composite
def events(draw: st.DrawFn) -> tuple[tuple[tuple[int, int], ...], dict[str, Any]]:
    shape = draw(st.sampled_from(SHAPES))
    return shape, {f"f{position}": draw(KINDS[kind][1]) for position, (kind, _) in enumerate(shape, start=1)}


def to_google(message: Any, event: Mapping[str, Any]) -> None:
    """Fill a message the long way, as its users do."""
    for name, value in event.items():
        field: FieldDescriptor = message.DESCRIPTOR.fields_by_name[name]
        if isinstance(value, dict) and field.is_repeated:
            for key, item in value.items():
                entry = field.message_type.fields_by_name["value"]  # type: ignore[union-attr] # a map's
                if entry.message_type is not None:
                    put(getattr(message, name)[key], item)
                else:
                    getattr(message, name)[key] = number(entry, item)
        elif field.is_repeated:
            for item in value:
                if field.message_type is not None:
                    put(getattr(message, name).add(), item)
                else:
                    getattr(message, name).append(number(field, item))
        elif value is not None and field.message_type is not None:
            getattr(message, name).SetInParent()
            put(getattr(message, name), value)
        elif value is not None:
            setattr(message, name, number(field, value))


def put(message: Any, value: Any) -> None:
    if isinstance(value, datetime):
        message.FromDatetime(value)
    elif isinstance(value, timedelta):
        message.FromTimedelta(value)
    elif isinstance(value, dict):
        to_google(message, value)
    else:
        message.value = value


def number(field: FieldDescriptor, value: Any) -> Any:
    return value if field.enum_type is None else field.enum_type.values_by_name[value].number


@given(events())
def test_dicts_and_structs_are_written_as_google_writes_and_come_back(
    drawn: tuple[tuple[tuple[int, int], ...], dict[str, Any]],
) -> None:
    shape, event = drawn
    google, dicts, struct, structs = built(shape)
    message = google()
    to_google(message, event)
    expected = message.SerializeToString(deterministic=True)

    assert dicts.encode(event) == expected
    assert dicts.decode(expected) == event
    assert structs.encode(struct(**event)) == expected
    assert structs.decode(expected) == struct(**event)


def spelled(value: Any) -> Any:
    """In a form in which NaN equals itself, and maps have no order."""
    if isinstance(value, dict):
        return sorted((repr(key), repr(spelled(item))) for key, item in value.items())
    return [spelled(item) for item in value] if isinstance(value, list) else repr(value)


@given(events(), st.data())
def test_damaged_bytes_are_a_value_or_invalid_data(
    drawn: tuple[tuple[tuple[int, int], ...], dict[str, Any]], data: st.DataObject
) -> None:
    shape, event = drawn
    google, dicts, _, structs = built(shape)
    damaged = bytearray(dicts.indexes + dicts.encode(event))
    for _ in range(data.draw(st.integers(1, 3))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    body = bytes(damaged[: data.draw(st.integers(0, len(damaged)))])
    for read in (dicts.decode, dicts.decode_indexed, structs.decode, structs.decode_indexed):
        with suppress(InvalidData):
            read(body)
    with suppress(InvalidData):
        # What is read was there: the library makes the same of it.
        value = dicts.decode(body)
        assert spelled(value) == spelled(dicts.decode(google.FromString(body).SerializeToString()))


@given(shape=st.sampled_from(SHAPES), body=st.binary(max_size=40))
def test_random_bytes_are_a_value_or_invalid_data(shape: tuple[tuple[int, int], ...], body: bytes) -> None:
    _, dicts, _, structs = built(shape)
    for read in (dicts.decode, dicts.decode_indexed, structs.decode, structs.decode_indexed):
        with suppress(InvalidData):
            read(body)
