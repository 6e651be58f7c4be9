"""The table of changes: the order that each asks for is advised, and the runtime keeps values, or not, as it says."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import DecodeError, Message

from accord.schemas import (
    CompatibilityLevel,
    DeployOrder,
    Earlier,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)
from accord.schemas.changes import Change
from accord.schemas.protobuf.changes import CHANGES

NEW_READS_OLD = {DeployOrder.EITHER_ORDER, DeployOrder.CONSUMERS_FIRST}
OLD_READS_NEW = {DeployOrder.EITHER_ORDER, DeployOrder.PRODUCERS_FIRST}

changes = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)


@changes
def test_the_advice_is_the_order_of_the_table(change: Change) -> None:
    old, new = (parse(Schema(text, SchemaType.PROTOBUF)) for text in (change.old, change.new))
    report = check_compatibility(new, [Earlier(Version(1), old)], level=CompatibilityLevel.NONE)
    assert report.deployment.order is change.order


@changes
def test_values_are_kept_in_the_directions_said_to_be_safe_and_in_no_other_unless_the_table_warns(
    change: Change, message_class: Callable[..., type[Message]]
) -> None:
    for reader, writer, said in (
        (change.new, change.old, change.order in NEW_READS_OLD),
        (change.old, change.new, change.order in OLD_READS_NEW),
    ):
        lost = [*losses(message_class(reader), message_class(writer, first_message(writer)))]
        assert said == (not lost) or change.beware, (said, lost)


@pytest.mark.parametrize(
    ("what", "written", "read"),
    [
        ("int32 becomes int64", {"total": 2**40 + 5}, {1: 5}),
        ("a number of proto3 becomes repeated", {"sizes": [1, 2]}, {}),
        ("a text, bytes or a message becomes repeated", {"notes": ["a", "b"]}, {1: "b"}),
        ("an enum gets a constant", {"status": 2}, {1: 2}),
        ("an enum of proto2 gets a constant", {"status": 2}, {}),
        ("a oneof gets a field", {"id": "a", "iban": "DE"}, {1: "a"}),
        ("a number is given to another field", {"id": "a", "phone": "55"}, {1: "a", 2: "55"}),
    ],
)
def test_what_old_readers_make_of_new_records_is_what_the_table_warns_of(
    what: str, written: Any, read: Any, message_class: Callable[..., type[Message]]
) -> None:
    (change,) = (one for one in CHANGES if one.what == what)
    data = message_class(change.new)(**written).SerializeToString()
    assert by_number(message_class(change.old).FromString(data)) == read


def test_of_an_old_record_with_both_fields_a_reader_with_the_oneof_keeps_the_last(
    message_class: Callable[..., type[Message]],
) -> None:
    (change,) = (one for one in CHANGES if one.what == "several fields move into a new oneof")
    data = message_class(change.old)(card="42", iban="DE").SerializeToString()
    assert by_number(message_class(change.new).FromString(data)) == {3: "DE"}


def test_no_two_changes_have_the_same_words() -> None:
    assert len({change.what for change in CHANGES}) == len(CHANGES)


def first_message(text: str) -> str:
    return text.split("message ", 1)[1].split(maxsplit=1)[0]


def losses(reader: type[Message], writer: type[Message]) -> Iterator[str]:
    """What the reader does not make of the records of the writer as it was written."""
    for record in samples(writer):
        data = record.SerializeToString()
        try:
            read = reader.FromString(data)
        except DecodeError:
            yield f"stops at {record!r}"
            continue
        if by_number(read) != by_number(record) or not read.IsInitialized():
            yield f"takes {record!r} for {read!r}"


def by_number(message: Message) -> dict[int, Any]:
    """The values that are set, under their numbers: a text as its bytes say, a map as its entries."""
    return {
        field.number: plain(field, value) for field, value in message.ListFields() if is_said(field, value)
    }


def is_said(field: FieldDescriptor, value: Any) -> bool:
    """Whether a value says more than nothing does."""
    return field.is_repeated or field.message_type is not None or value != field.default_value


def plain(field: FieldDescriptor, value: Any) -> Any:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        return sorted(({1: key, 2: one} for key, one in value.items()), key=str)
    if field.message_type is not None:
        return [by_number(one) for one in value] if field.is_repeated else by_number(value)
    return [*value] if field.is_repeated else value


PLAIN: dict[str, tuple[Any, ...]] = {
    "TYPE_INT32": (7, -1),
    "TYPE_SINT32": (7, -1),
    "TYPE_INT64": (7, 2**40),
    "TYPE_FLOAT": (0.5,),
    "TYPE_DOUBLE": (0.5,),
    "TYPE_STRING": ("a",),
    "TYPE_BYTES": (b"a", b"\xff"),
}


def samples(kind: type[Message]) -> Iterator[Message]:
    """Records with and without each field, and with every value that there is for it here."""
    fields: Sequence[Any] = kind.DESCRIPTOR.fields
    choices = [[None, *values_of(field)] for field in fields]
    for values in itertools.product(*choices):
        given = {field.name: value for field, value in zip(fields, values, strict=True) if value is not None}
        homes = [
            field.containing_oneof.name for field in fields if field.name in given and field.containing_oneof
        ]
        record = kind(**given)
        if len(homes) == len(set(homes)) and record.IsInitialized():
            yield record


def values_of(field: Any) -> list[Any]:
    if field.message_type is not None and field.message_type.GetOptions().map_entry:
        value = field.message_type.fields_by_name["value"]
        return [{"k": one} for one in values_of(value)]
    if field.message_type is not None:
        inner = [
            {part.name: value for part, value in zip(field.message_type.fields, values, strict=True)}
            for values in itertools.product(*map(values_of, field.message_type.fields))
        ]
        return [inner] if field.is_repeated else inner
    if field.enum_type is not None:
        return [value.number for value in field.enum_type.values if value.number]
    plain_values = [*PLAIN[TYPES[field.type]]]
    return [plain_values, plain_values[:1]] if field.is_repeated else plain_values


TYPES = {number: name for name, number in vars(FieldDescriptor).items() if name.startswith("TYPE_")}
