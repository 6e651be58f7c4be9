"""The table of changes: the order that each asks for is advised, and real records decode, or do not, as it says."""

import io
import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import fastavro
import pytest

from accord.codecs import InvalidData, codec_for
from accord.schemas import (
    CompatibilityLevel,
    DeployOrder,
    Earlier,
    Schema,
    Version,
    check_compatibility,
    parse,
)
from accord.schemas.avro.changes import CHANGES
from accord.schemas.changes import Change

NEW_READS_OLD = {DeployOrder.EITHER_ORDER, DeployOrder.CONSUMERS_FIRST}
OLD_READS_NEW = {DeployOrder.EITHER_ORDER, DeployOrder.PRODUCERS_FIRST}

changes = pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.what)


@changes
def test_the_advice_is_the_order_of_the_table(change: Change) -> None:
    earlier = [Earlier(Version(1), parse(Schema(change.old)))]
    report = check_compatibility(parse(Schema(change.new)), earlier, level=CompatibilityLevel.NONE)
    assert report.deployment.order is change.order


@changes
def test_a_direction_said_to_be_safe_decodes_every_record_and_another_does_not(change: Change) -> None:
    assert readable(reader=change.new, writer=change.old) == (change.order in NEW_READS_OLD)
    assert readable(reader=change.old, writer=change.new) == (change.order in OLD_READS_NEW)


@pytest.mark.parametrize(
    ("what", "written", "read"),
    [
        ("a field with a default is added", {"id": "a"}, {"id": "a", "note": None}),
        ("a field is renamed, the old name is an alias", {"id": "a", "total": 5}, {"id": "a", "amount": 5}),
        (
            "a field with a default is renamed without an alias",
            {"id": "a", "total": 5},
            {"id": "a", "amount": 0},
        ),
        ("an enum with a default loses a symbol", {"status": "VOID"}, {"status": "UNKNOWN"}),
        ("the symbols of an enum change places", {"status": "PAID"}, {"status": "PAID"}),
    ],
)
def test_what_new_readers_make_of_old_records_is_what_the_table_warns_of(
    what: str, written: Any, read: Any
) -> None:
    (change,) = (one for one in CHANGES if one.what == what)
    assert by_accord(change.new, change.old, written) == read
    assert by_fastavro(change.new, change.old, written) == read


@pytest.mark.parametrize(
    ("what", "written", "read"),
    [
        ("a field with a default is removed", {"id": "a"}, {"id": "a", "note": None}),
        (
            "a field with a default is renamed, the old name is an alias",
            {"id": "a", "amount": 5},
            {"id": "a", "total": 0},
        ),
        ("an enum with a default gets a symbol", {"status": "VOID"}, {"status": "UNKNOWN"}),
    ],
)
def test_what_old_readers_make_of_new_records_is_what_the_table_warns_of(
    what: str, written: Any, read: Any
) -> None:
    (change,) = (one for one in CHANGES if one.what == what)
    assert by_accord(change.old, change.new, written) == read
    assert by_fastavro(change.old, change.new, written) == read


def test_no_two_changes_have_the_same_words() -> None:
    assert len({change.what for change in CHANGES}) == len(CHANGES)


def readable(*, reader: str, writer: str) -> bool:
    """Whether both decoders take every sample of what the writer writes."""
    return all(decodes(reader, writer, value) for value in samples(json.loads(writer)))


def decodes(reader: str, writer: str, value: Any) -> bool:
    try:
        by_accord(reader, writer, value)
        by_fastavro(reader, writer, value)
    except (InvalidData, fastavro.read.SchemaResolutionError):
        return False
    return True


def by_accord(reader: str, writer: str, value: Any) -> Any:
    data = codec_for(Schema(writer)).encode(value)
    return codec_for(Schema(writer), reader=Schema(reader)).decode(data)


def by_fastavro(reader: str, writer: str, value: Any) -> Any:
    buffer = io.BytesIO()
    written, read = fastavro.parse_schema(json.loads(writer)), fastavro.parse_schema(json.loads(reader))
    fastavro.schemaless_writer(buffer, written, value)
    buffer.seek(0)
    return fastavro.schemaless_reader(buffer, written, read)


PLAIN: dict[str, list[Any]] = {
    "null": [None],
    "int": [7],
    "long": [7, 2**40],
    "float": [0.5],
    "double": [0.5],
    "string": ["a"],
    "bytes": [b"a"],
}


def samples(type_: Any) -> Iterator[Any]:
    """Values of the type, with every symbol and every branch among them."""
    if isinstance(type_, list):
        for branch in type_:
            yield from samples(branch)
    elif isinstance(type_, str):
        yield from PLAIN[type_]
    elif type_["type"] == "record":
        names = [field["name"] for field in type_["fields"]]
        for values in itertools.product(*(samples(field["type"]) for field in type_["fields"])):
            yield dict(zip(names, values, strict=True))
    elif type_["type"] == "enum":
        yield from type_["symbols"]
    elif type_["type"] == "fixed":
        yield b"x" * type_["size"]
    elif type_["type"] == "array":
        yield from ([one] for one in samples(type_["items"]))
    elif type_["type"] == "map":
        yield from ({"k": one} for one in samples(type_["values"]))
    else:
        yield datetime(2026, 11, 23, tzinfo=UTC)
