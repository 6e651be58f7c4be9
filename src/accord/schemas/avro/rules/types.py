"""Rules about the types of values."""

from typing import Final

from accord.findings import Severity
from accord.schemas.rules import Example, Rule, Telling, Wire

TYPE_CHANGED: Final = Rule(
    id="AVRO_TYPE_CHANGED",
    error_types=("TYPE_MISMATCH",),
    purpose="What is written as one type must be readable as the other.",
    remedy="Keep the type, widen it along Avro's promotions, or accept both types in a union.",
    message="{writer} writes {writer_type} for {where}, and {reader} reads {reader_type}",
    why=(
        "The bytes do not say what type they are of; the schemas do. Avro turns int into long, float or double, long "
        "into float or double, float into double, and string and bytes into each other. It has no way to make "
        "{reader_type} of {writer_type}, so decoding such a record fails."
    ),
    description="the {writer} schema writes {writer_type} where the {reader} schema reads {reader_type} (at path '{path}')",
    example=Example(
        old='{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "long"}]}',
        new='{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "string"}]}',
        facts={"where": "`total` of `Order`", "reader_type": "string", "writer_type": "long"},
    ),
    wire=Wire(
        value='{"total": 1250}',
        pieces=(("c4 13", "`total`: 1250, zig-zag, seven bits a byte"),),
        outcome=(
            "Knowing both schemas, the reader refuses before it looks at a byte. One that did not would take c4 13 "
            "for the length of a string of 1250 bytes, of which none is there."
        ),
    ),
    who=(
        "Readers with the other type, with every record: new readers and the old records on the topic, old readers and "
        "all new records, as far as the change is not one of Avro's promotions in that direction."
    ),
    ways=(
        "Add a field of the new type beside the old one, fill both, move the readers, then remove the old one.",
        "Widen in the direction that Avro converts: the widened side has to be the reader, so consumers go first.",
    ),
)

UNION_BRANCH_MISSING: Final = Rule(
    id="AVRO_UNION_BRANCH_MISSING",
    error_types=("MISSING_UNION_BRANCH",),
    purpose="Every branch that can be written must be readable by some branch of the reader's union.",
    remedy="Keep the branch. To be rid of it, stop writing it first, and remove it when no such record is left.",
    message="{writer} writes {writer_type} for {where}, and no branch of the union in {reader} reads it",
    why=(
        "In front of a value of a union stands the number of the branch that was written. Where that branch is "
        "{writer_type}, the reader finds nothing in its own union to read it with, so decoding the record fails. "
        "Records with other branches still decode, so it shows only when such a record comes along."
    ),
    description="no branch of the union at path '{path}' of the {reader} schema reads {writer_type} of the {writer} schema",
    example=Example(
        old='{"type": "record", "name": "Order", "fields": [{"name": "note", "type": ["null", "string", "int"]}]}',
        new='{"type": "record", "name": "Order", "fields": [{"name": "note", "type": ["null", "string"]}]}',
        facts={"where": "`note` of `Order`", "writer_type": "int"},
    ),
    wire=Wire(
        value='{"note": 7}',
        pieces=(
            ("04", "`note`: branch 2 of the writer's union, int; numbers are zig-zag, so 2 is 04"),
            ("0e", "`note`: 7"),
        ),
        outcome="The reader knows that an int follows, has no branch to put it in, and stops.",
    ),
    who=(
        "Readers without the branch, with the records that hold it and no others: new readers and such old records if "
        "it was removed, old readers and such new records if it was added."
    ),
    ways=(
        "To add a branch, upgrade every consumer before a producer writes it.",
        "Instead of a branch, add a field of its own with a default: old readers pass over it.",
    ),
)

FIXED_SIZE_CHANGED: Final = Rule(
    id="AVRO_FIXED_SIZE_CHANGED",
    error_types=("FIXED_SIZE_MISMATCH",),
    purpose="A fixed keeps its size.",
    remedy="Restore the size; for another size, add a type with another name.",
    message="the fixed `{fixed}` has {reader_size} bytes in {reader} and {writer_size} in {writer}",
    why=(
        "A fixed travels as its bytes and nothing else. A reader that takes {reader_size} bytes where {writer_size} "
        "were written would read everything after them from the wrong place; Avro refuses to try."
    ),
    description="the fixed at path '{path}' of the {reader} schema has another size than in the {writer} schema",
    example=Example(
        old='{"type": "fixed", "name": "Checksum", "size": 2}',
        new='{"type": "fixed", "name": "Checksum", "size": 4}',
        facts={"fixed": "Checksum", "reader_size": "4", "writer_size": "2"},
    ),
    wire=Wire(
        value='"ok"',
        pieces=(("6f 6b", "2 bytes, with no length in front of them"),),
        outcome="The reader refuses before it looks at a byte: 4 bytes are not there to be read.",
    ),
    who="Readers with the other size, with every record that holds the type, in both directions.",
    ways=(
        "Let the field be a union of the two types, under two names; consumers go first.",
        "Where sizes keep changing, use bytes: they carry their length.",
    ),
)

LOGICAL_TYPE_CHANGED: Final = Rule(
    id="AVRO_LOGICAL_TYPE_CHANGED",
    purpose="A value keeps its logical type: its unit, its scale, its meaning.",
    remedy="Keep the logical type. For another one, add a field with another name.",
    message="{where} is {writer_type} in {writer} and {reader_type} in {reader}: it decodes, and {effect}",
    why=(
        "A logical type is not on the wire and is not compared; only the schemas say what a number means. Readers that "
        "go by the logical type of their own schema, those in Java among them, take what was written as {writer_type} "
        "for {reader_type}. Readers that go by the writer's, such as fastavro, keep the meaning and get a value of "
        "another kind than their schema says. Accord's decoder converts a unit or a scale, and nothing else."
    ),
    description="the {writer} schema writes {writer_type} where the {reader} schema reads {reader_type} (at path '{path}')",
    example=Example(
        old=(
            '{"type": "record", "name": "Order", "fields": [{"name": "at", "type": '
            '{"type": "long", "logicalType": "timestamp-millis"}}]}'
        ),
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "at", "type": '
            '{"type": "long", "logicalType": "timestamp-micros"}}]}'
        ),
        facts={
            "where": "`at` of `Order`",
            "reader_type": "timestamp-micros",
            "writer_type": "timestamp-millis",
            "effect": "a value can be taken for one 1000 times smaller",
        },
    ),
    wire=Wire(
        value='{"at": 1795392000000}',
        pieces=(("80 c0 9e db c0 68", "`at`: 1795392000000, zig-zag, seven bits a byte"),),
        outcome=(
            "Milliseconds since 1970, the writer meant: 2026-11-23. A reader that takes the number for microseconds "
            "gets 1970-01-21 18:43:12, and nothing fails. Accord's decoder knows both schemas and gets 2026-11-23."
        ),
        read='{"at": "2026-11-23T00:00:00+00:00"}',
    ),
    who=(
        "Applications behind readers that go by their own schema: new readers with the old records, old readers with "
        "all new records. Nothing fails; the values are wrong."
    ),
    ways=(
        (
            "If the old logical type was simply wrong about what producers wrote, the change mends it: there is nothing "
            "to do."
        ),
    ),
    severity=Severity.WARNING,
    telling=Telling.ONCE,
)

LOGICAL_TYPE_ON_ONE_SIDE: Final = Rule(
    id="AVRO_LOGICAL_TYPE_ON_ONE_SIDE",
    purpose="A logical type that comes or goes says what a value was all along.",
    remedy="See to it that what was written before is what the logical type says, and that applications expect it.",
    message=(
        "{where} is {writer_type} in {writer} and {reader_type} in {reader}: it decodes, and applications get a value of "
        "another kind"
    ),
    why=(
        "A logical type is not on the wire and is not compared: it says what the values of a plain type are, and they "
        "stay as they were. With {reader_type} applications get a value of another kind than with {writer_type}. "
        "Where the values are not what the logical type says, decoders that go by it may stop at them."
    ),
    description="the {writer} schema writes {writer_type} where the {reader} schema reads {reader_type} (at path '{path}')",
    example=Example(
        old='{"type": "record", "name": "Order", "fields": [{"name": "at", "type": "long"}]}',
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "at", "type": '
            '{"type": "long", "logicalType": "timestamp-millis"}}]}'
        ),
        facts={"where": "`at` of `Order`", "reader_type": "timestamp-millis", "writer_type": "long"},
    ),
    wire=Wire(
        value='{"at": 1795392000000}',
        pieces=(("80 c0 9e db c0 68", "`at`: 1795392000000, zig-zag, seven bits a byte"),),
        outcome=(
            "A number, the writer meant; if it was of milliseconds since 1970, the new schema says so now. Accord's "
            "decoder gives the moment 2026-11-23, and fastavro, which goes by the writer's schema, the number."
        ),
        read='{"at": "2026-11-23T00:00:00+00:00"}',
    ),
    who="Applications that handle the value, when their schema changes: a moment where there was a number, or a number again.",
    ways=("If producers wrote something else, seconds for instance, add a field with another name instead.",),
    severity=Severity.INFO,
    telling=Telling.ONCE,
)
