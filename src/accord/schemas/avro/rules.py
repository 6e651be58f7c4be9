"""The rules of Avro compatibility, as values."""

from typing import Final

from accord.findings import Severity
from accord.schemas.model import CompatibilityLevel
from accord.schemas.rules import Example, Rule

FIELD_WITHOUT_DEFAULT: Final = Rule(
    id="AVRO_FIELD_WITHOUT_DEFAULT",
    error_type="READER_FIELD_MISSING_DEFAULT_VALUE",
    purpose="A field that only the reader has needs a default.",
    remedy=(
        "Give the field a default. If it is an old field under a new name, list the old name among its aliases. "
        "A field that readers still need has to stay in what is written."
    ),
    message="field `{field}` of `{record}` has no default in {reader}, and {writer} does not write it",
    why=(
        "Avro data carries no field names: a reader finds the fields that the writer's schema lists, in that order. "
        "What is written with {writer} holds nothing for `{field}`, and without a default the reader has no value to "
        "put there, so decoding the record fails."
    ),
    description=(
        "field '{field}' at path '{path}' of the {reader} schema has no default and the {writer} schema lacks it"
    ),
    example=Example(
        old='{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}',
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
            '{"name": "email", "type": "string"}]}'
        ),
        facts={"field": "email", "record": "Order"},
    ),
)

TYPE_CHANGED: Final = Rule(
    id="AVRO_TYPE_CHANGED",
    error_type="TYPE_MISMATCH",
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
)

UNION_BRANCH_MISSING: Final = Rule(
    id="AVRO_UNION_BRANCH_MISSING",
    error_type="MISSING_UNION_BRANCH",
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
)

NAME_CHANGED: Final = Rule(
    id="AVRO_NAME_CHANGED",
    error_type="NAME_MISMATCH",
    purpose="A record, enum or fixed is known by its name.",
    remedy="Keep the name, or list the old one among the aliases of the reader's type.",
    message="the {kind} for {where} is `{writer_name}` in {writer} and `{reader_name}` in {reader}",
    why=(
        "A reader takes a record, enum or fixed for its own only if it has the same name, or one of the reader's "
        "aliases. Otherwise these are two unrelated types to it, so decoding the record fails. The namespace is not "
        "compared."
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
)

ENUM_SYMBOLS_MISSING: Final = Rule(
    id="AVRO_ENUM_SYMBOLS_MISSING",
    error_type="MISSING_ENUM_SYMBOLS",
    purpose="A symbol that can be written must be known to the reader, or the reader's enum needs a default.",
    remedy="Put the symbols back, or give the enum a default that stands for symbols the reader does not know.",
    message="{reader} does not know {symbols} of the enum `{enum}`, which {writer} can write",
    why=(
        "An enum travels as a number, and the writer's schema says which symbol it stands for. A reader that knows "
        "neither the symbol nor a default for unknown ones has no value to give, so decoding the record fails. It "
        "shows only when a record with such a symbol comes along."
    ),
    description="the enum at path '{path}' of the {reader} schema lacks {symbols} of the {writer} schema and has no default",
    example=Example(
        old='{"type": "enum", "name": "Status", "symbols": ["OPEN", "PAID", "VOID"]}',
        new='{"type": "enum", "name": "Status", "symbols": ["OPEN", "PAID"]}',
        facts={"enum": "Status", "symbols": "VOID"},
    ),
)

FIXED_SIZE_CHANGED: Final = Rule(
    id="AVRO_FIXED_SIZE_CHANGED",
    error_type="FIXED_SIZE_MISMATCH",
    purpose="A fixed keeps its size.",
    remedy="Restore the size; for another size, add a type with another name.",
    message="the fixed `{fixed}` has {reader_size} bytes in {reader} and {writer_size} in {writer}",
    why=(
        "A fixed travels as its bytes and nothing else. A reader that takes {reader_size} bytes where {writer_size} "
        "were written would read everything after them from the wrong place; Avro refuses to try."
    ),
    description="the fixed at path '{path}' of the {reader} schema has another size than in the {writer} schema",
    example=Example(
        old='{"type": "fixed", "name": "Digest", "size": 16}',
        new='{"type": "fixed", "name": "Digest", "size": 32}',
        facts={"fixed": "Digest", "reader_size": "32", "writer_size": "16"},
    ),
)

FIELD_MATCHES_SEVERAL: Final = Rule(
    id="AVRO_FIELD_MATCHES_SEVERAL",
    error_type="",
    purpose="A field of the reader takes its value from one field of the writer.",
    remedy="Remove the alias that names a second field of the writer.",
    message="by name and aliases, field `{field}` of `{record}` in {reader} stands for {matches} of {writer} at once",
    why=(
        "A reader's field takes the value of the writer's field that has its name or one of its aliases. With "
        "{matches} all present there is no telling which value is meant, so no record can be decoded."
    ),
    description="field '{field}' of the {reader} schema stands for several fields of the {writer} schema by name and alias",
    example=Example(
        old=(
            '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "long"}, '
            '{"name": "amount", "type": "long"}]}'
        ),
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "long", '
            '"aliases": ["amount"]}]}'
        ),
        facts={"field": "total", "record": "Order", "matches": "`total` and `amount`"},
    ),
)

DEFAULT_UNREADABLE: Final = Rule(
    id="AVRO_DEFAULT_UNREADABLE",
    error_type="",
    purpose="A default fits its type in the way that the Avro specification asks for.",
    remedy="Give a default that fits the type; in a union, the type of its first branch.",
    message="the default of {where} is one that not every reader accepts: {problem}",
    why=(
        "Confluent's registry lets this default pass, and so does Accord. The Avro specification does not: of the "
        "readers that need the default some fail, and the others do not agree on the value."
    ),
    description="the default at path '{path}' is not one that the Avro specification allows",
    example=Example(
        old='{"type": "record", "name": "Order", "fields": []}',
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "status", "default": "NONE", '
            '"type": {"type": "enum", "name": "Status", "symbols": ["OPEN", "PAID"]}}]}'
        ),
        facts={"where": "`status` of `Order`", "problem": "`NONE` is not a symbol of the enum `Status`"},
        level=CompatibilityLevel.BACKWARD,
    ),
    severity=Severity.WARNING,
)

RULES: Final = (
    FIELD_WITHOUT_DEFAULT,
    TYPE_CHANGED,
    UNION_BRANCH_MISSING,
    NAME_CHANGED,
    ENUM_SYMBOLS_MISSING,
    FIXED_SIZE_CHANGED,
    FIELD_MATCHES_SEVERAL,
    DEFAULT_UNREADABLE,
)
