"""Rules about the names of records, enums and fixeds."""

from typing import Final

from accord.findings import Severity
from accord.schemas.rules import Example, Rule, Telling, Wire

NAME_CHANGED: Final = Rule(
    id="AVRO_NAME_CHANGED",
    error_type="NAME_MISMATCH",
    purpose="A record, enum or fixed is known by its name.",
    remedy="Keep the name, or list the old one among the aliases of the reader's type.",
    message="the {kind} for {where} is `{writer_name}` in {writer} and `{reader_name}` in {reader}",
    why=(
        "A reader takes a record, enum or fixed for its own only if it has the same name, or one of the reader's "
        "aliases. Otherwise these are two unrelated types by Avro's rules, and decoders that keep to the rules stop. "
        "The namespace is not compared."
    ),
    description="the {kind} at path '{path}' of the {reader} schema has another name than in the {writer} schema",
    example=Example(
        old='{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}',
        new='{"type": "record", "name": "Purchase", "fields": [{"name": "id", "type": "string"}]}',
        facts={
            "where": "the whole value",
            "kind": "record",
            "reader_name": "Purchase",
            "writer_name": "Order",
        },
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=(("06", "`id`: 3 bytes follow; lengths are zig-zag, so 3 is 06"), ("61 2d 31", "`id`: a-1")),
        outcome=(
            "Names are not on the wire. fastavro compares those in the two schemas and stops; Accord's decoder goes by "
            "the fields of a record outside a union, and reads it all the same."
        ),
        read='{"id": "a-1"}',
    ),
    who=(
        "Readers that know one name only, with every record written under the other: new readers and the old records, "
        "old readers and all new records. Decoders differ in how strict they are, so some applications notice first."
    ),
    ways=(
        "An alias helps the reader that lists it: with the old name among the aliases, consumers go first.",
        "For a type that really is another one, use another subject, or a new branch of a union.",
    ),
)

NAMESPACE_CHANGED: Final = Rule(
    id="AVRO_NAMESPACE_CHANGED",
    error_type="",
    purpose="A type stays in its namespace.",
    remedy="Keep the namespace, or list the old full name among the aliases of the type.",
    message="{types} moved: {writer_space} in {writer}, {reader_space} in {reader}",
    why=(
        "Short names are compared here, as the Avro specification and Confluent's registry have it. Avro's Java "
        "library compares full names when it reads an enum or a fixed, and stops at one from another namespace; and "
        "Confluent's Java deserializer looks a generated class up by the full name of the record that was written, so "
        "consumers do not find theirs."
    ),
    description="the type at path '{path}' of the {reader} schema is in another namespace than in the {writer} schema",
    example=Example(
        old=(
            '{"type": "record", "name": "Order", "fields": [{"name": "status", "type": ["null", '
            '{"type": "enum", "name": "Status", "namespace": "shop", "symbols": ["OPEN", "PAID"]}]}]}'
        ),
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "status", "type": ["null", '
            '{"type": "enum", "name": "Status", "namespace": "billing", "symbols": ["OPEN", "PAID"]}]}]}'
        ),
        facts={
            "types": "`Status`",
            "reader_space": "namespace `billing`",
            "writer_space": "namespace `shop`",
        },
    ),
    wire=Wire(
        value='{"status": "PAID"}',
        pieces=(
            ("02", "`status`: branch 1 of the union, the enum; numbers are zig-zag, so 1 is 02"),
            ("02", "`status`: symbol 1, PAID"),
        ),
        outcome=(
            "Names are not on the wire. Accord's decoder and fastavro compare Status with Status and read it; Avro's "
            "Java library compares shop.Status with billing.Status, finds no branch, and stops."
        ),
        read='{"status": "PAID"}',
    ),
    who=(
        "Consumers in Java and others that compare full names: with the new schema and old records, or with an old "
        "schema and new records. Consumers that compare short names notice nothing."
    ),
    ways=(
        "An alias helps the reader that lists it: with the old full name among the aliases, consumers go first.",
    ),
    severity=Severity.WARNING,
    telling=Telling.ONCE,
)
