"""What is said of a value that is read as another type is what the runtime makes of its bytes."""

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FieldDescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import DecodeError, Message
from google.protobuf.message_factory import GetMessageClass

from accord.schemas.protobuf.evolution.readings import Coding, Outcome, readings

SAMPLES: dict[str, Sequence[Any]] = {
    "bool": (False, True),
    **dict.fromkeys(("int32", "sint32", "sfixed32"), (0, 1, 2, 77, -1, -2, 2**31 - 1, -(2**31))),
    **dict.fromkeys(
        ("int64", "sint64", "sfixed64"), (0, 1, 2, 77, -1, 2**31, 2**32 + 1, 2**63 - 1, -(2**63))
    ),
    **dict.fromkeys(("uint32", "fixed32"), (0, 1, 2, 77, 2**31, 2**32 - 1)),
    **dict.fromkeys(("uint64", "fixed64"), (0, 1, 2, 77, 2**31, 2**32 - 1, 2**32, 2**63, 2**64 - 1)),
    **dict.fromkeys(("float", "double"), (0.0, 1.0, -1.5, 1250.0)),
    "string": ("", "a", "abcd", "\n\x01a"),
    "bytes": (b"", b"a", b"\xff", b"\n\x01a"),
}
SHAPES = ("single", "list", "packed")


def coding(kind: str, shape: str) -> Coding:
    is_packed = shape == "packed" and kind not in ("string", "bytes")
    return Coding(kind, is_repeated=shape != "single", is_packed=is_packed, checks_text=True)


def class_of(coded: Coding) -> type[Message]:
    """A message whose field ``v`` is coded so."""
    file = FileDescriptorProto(name="a.proto", syntax="proto3")
    message = file.message_type.add(name="M")
    field = message.field.add(name="v", number=1, label=FieldDescriptorProto.LABEL_OPTIONAL)
    field.type = FieldDescriptorProto.Type.Value(f"TYPE_{coded.kind.upper()}")
    if coded.is_repeated:
        field.label = FieldDescriptorProto.LABEL_REPEATED
        if coded.can_be_packed:
            field.options.packed = coded.is_packed
    pool = DescriptorPool()
    pool.Add(file)
    return GetMessageClass(pool.FindMessageTypeByName("M"))


def values_read(writer: Coding, reader: Coding) -> tuple[list[Any], list[Any]]:
    """Everything that was written, and what the reader makes of it; "stops" where it does."""
    samples = [[value] for value in SAMPLES[writer.kind] if writer.is_repeated or value]
    if writer.is_repeated:
        samples.append([*SAMPLES[writer.kind]])
    written, read = class_of(writer), class_of(reader)
    found: list[Any] = []
    for values in samples:
        message = written(v=values) if writer.is_repeated else written(v=values[0])
        try:
            value = read.FromString(message.SerializeToString()).v  # type: ignore[attr-defined]  # of this message
        except DecodeError:
            value = "stops"
        found.append(list(value) if reader.is_repeated and value != "stops" else [value])
    return samples, found


def is_same(written: list[Any], read: list[Any]) -> bool:
    texts = (
        [value.encode() if isinstance(value, str) and value != "stops" else value for value in values]
        for values in (written, read)
    )
    one, other = texts
    return one == other


@pytest.mark.parametrize(("writer_shape", "reader_shape"), [*product(SHAPES, SHAPES)])
def test_a_value_is_kept_exactly_where_nothing_is_said_of_it(writer_shape: str, reader_shape: str) -> None:
    for one, other in product(SAMPLES, SAMPLES):
        writer, reader = coding(one, writer_shape), coding(other, reader_shape)
        said = [reading.effect for reading in readings(writer, reader)]
        written, read = values_read(writer, reader)
        kept = [values for values, found in zip(written, read, strict=True) if is_same(values, found)]
        assert (len(kept) < len(written)) == bool(said), (writer, reader, said, read)


@pytest.mark.parametrize(
    ("writer", "reader", "outcome", "effect"),
    [
        ("int32", "sint32", Outcome.MISREAD, "1 as -1 and 2 as 1"),
        ("sint32", "int32", Outcome.MISREAD, "-1 as 1 and 1 as 2"),
        ("int64", "string", Outcome.LOST, "set aside as unknown"),
        ("float", "fixed32", Outcome.MISREAD, "the bits of the one"),
        ("int64", "bool", Outcome.NARROWED, "every number but 0 comes out as true"),
        ("int64", "int32", Outcome.NARROWED, "more than 32 bits lose the upper ones"),
        ("uint32", "int32", Outcome.NARROWED, "above 2147483647 come out as negative ones"),
        ("uint64", "int64", Outcome.NARROWED, "above 9223372036854775807 come out as negative ones"),
        ("int32", "uint64", Outcome.NARROWED, "negative numbers come out as large ones"),
        ("bytes", "string", Outcome.GARBLED, "not UTF-8"),
    ],
)
def test_what_is_said_names_what_happens(writer: str, reader: str, outcome: Outcome, effect: str) -> None:
    (reading,) = readings(Coding(writer), Coding(reader))
    assert reading.outcome is outcome
    assert effect in reading.effect


@pytest.mark.parametrize(
    ("writer", "reader", "told"),
    [
        (Coding("int32", is_repeated=True, is_packed=True), Coding("int32"), ["a packed list is set aside"]),
        (Coding("int32", is_repeated=True), Coding("int32"), ["of a list only the last is left"]),
        (Coding("message", is_repeated=True), Coding("message"), ["are merged into one"]),
        (Coding("int64", is_repeated=True), Coding("int32"), ["more than 32 bits", "only the last"]),
        (Coding("string"), Coding("string", is_repeated=True), []),
        (Coding("group"), Coding("message"), ["set aside as unknown"]),
        (Coding("enum", numbers=frozenset({0, 1})), Coding("bool"), []),
        (Coding("enum", numbers=frozenset({0, 2})), Coding("bool"), ["every number but 0"]),
        (Coding("enum", numbers=frozenset({-1, 0})), Coding("uint32"), ["negative numbers"]),
        (Coding("int64"), Coding("enum"), ["more than 32 bits"]),
        (Coding("map"), Coding("message", is_repeated=True), ["the key in field 1"]),
    ],
)
def test_lists_and_what_is_no_scalar(writer: Coding, reader: Coding, told: list[str]) -> None:
    said = [reading.effect for reading in readings(writer, reader)]
    assert len(said) == len(told)
    assert all(part in effect for part, effect in zip(told, said, strict=True))
