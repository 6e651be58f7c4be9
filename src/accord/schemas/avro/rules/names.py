"""Rules about the names of records, enums and fixeds."""

from typing import Final

from accord.findings import Severity
from accord.schemas.rules import Example, Rule, Telling, Wire

NAME_CHANGED: Final = Rule(
    id="AVRO_NAME_CHANGED",
    error_types=("NAME_MISMATCH",),
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
    purpose="A type stays in its namespace.",
    remedy="Keep the namespace, or list the old full name among the aliases of the type.",
    message="{types}: {writer} writes those of {writer_space}, and {reader} reads them as those of {reader_space}",
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

_NET: Final = (
    '{"type": "record", "name": "net.Price", "fields": [{"name": "net", "type": "long", "default": 0}]}'
)
_GROSS: Final = (
    '{"type": "record", "name": "gross.Price", "fields": [{"name": "gross", "type": "long", "default": 0}]}'
)

BRANCHES_NAMED_ALIKE: Final = Rule(
    id="AVRO_BRANCHES_NAMED_ALIKE",
    purpose="The branches of a union differ in their short names.",
    remedy="Give each branch a short name of its own, such as OrderV1 and OrderV2, before records are written.",
    message="{types} are branches of one union, for {where}, and only their namespaces tell them apart",
    why=(
        "Every branch is told apart by its full name. Confluent's registry and many decoders compare short names when "
        "they look for the branch of the reader: they take the first that fits for all of {types}. Where its "
        "fields have defaults, what was written is passed over without an error; otherwise decoding stops."
    ),
    description="branches of the union at path '{path}' have one short name: {types}",
    example=Example(
        old=f'{{"type": "record", "name": "Order", "fields": [{{"name": "price", "type": [{_NET}, {_GROSS}]}}]}}',
        new=(
            f'{{"type": "record", "name": "Order", "fields": [{{"name": "price", "type": [{_NET}, {_GROSS}]}}, '
            '{"name": "note", "type": "string", "default": ""}]}'
        ),
        facts={"types": "`net.Price` and `gross.Price`", "where": "`price` of `Order`"},
    ),
    wire=Wire(
        value='{"price": {"gross": 1250}}',
        pieces=(
            ("02", "`price`: branch 1 of the union, gross.Price; numbers are zig-zag, so 1 is 02"),
            ("c4 13", "`gross`: 1250, zig-zag, seven bits a byte"),
        ),
        outcome=(
            "Accord's decoder compares full names first, and so does Avro's Java library: the reader gets `gross` 1250. "
            "fastavro compares Price with Price, takes net.Price, which comes first, and gives `net` 0."
        ),
        read='{"price": {"gross": 1250}, "note": ""}',
    ),
    who=(
        "Readers that compare short names, as soon as their schema is not the very one that the record was written "
        "with: then every record with another branch than the first of that name. And on a check, nobody learns of it: "
        "the verdict compares short names as well."
    ),
    ways=(
        "For branches that are in use already, see to it that every consumer's decoder compares full names.",
        "Instead of a union of versions, let one record grow by fields with defaults.",
    ),
    severity=Severity.WARNING,
)
