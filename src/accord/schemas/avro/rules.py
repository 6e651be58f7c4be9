"""The rules of Avro compatibility, as values."""

from typing import Final

from accord.schemas.rules import Rule

FIELD_WITHOUT_DEFAULT: Final = Rule(
    id="AVRO_FIELD_WITHOUT_DEFAULT",
    error_type="READER_FIELD_MISSING_DEFAULT_VALUE",
    purpose="A field that only the reader has needs a default.",
    remedy="Give the field a default, or keep writing it.",
    message="the field `{field}` has no default in {reader}, and {writer} does not write it",
    why=(
        "Avro data carries no field names: a reader takes the fields that the writer's schema lists, in that order. "
        "What was written with {writer} holds nothing for `{field}`, and without a default the reader has no value to "
        "put there, so decoding the record fails."
    ),
    description="field '{field}' at path '{path}' of the {reader_word} schema has no default, and the {writer_word} schema does not write it",
    page="",
)

TYPE_CHANGED: Final = Rule(
    id="AVRO_TYPE_CHANGED",
    error_type="TYPE_MISMATCH",
    purpose="What was written as one type must be readable as the other.",
    remedy="Keep the type, widen it along Avro's promotions, or accept both in a union.",
    message="{writer} writes {writer_type} where {reader} reads {reader_type}",
    why=(
        "The bytes say nothing about their type; the reader decides what they mean. Avro turns int into long, float or "
        "double, long into float or double, float into double, and string and bytes into each other. It has no way to "
        "make {reader_type} of {writer_type}, so decoding the record fails."
    ),
    description="the {writer_word} schema writes {writer_type} where the {reader_word} schema reads {reader_type} (at path '{path}')",
    page="",
)

UNION_BRANCH_MISSING: Final = Rule(
    id="AVRO_UNION_BRANCH_MISSING",
    error_type="MISSING_UNION_BRANCH",
    purpose="Every branch that can be written must be readable by some branch of the reader's union.",
    remedy="Keep the branch in the union; stop writing it first, and remove it when no such record is left.",
    message="no branch of the union in {reader} can read {writer_type}, which {writer} writes",
    why=(
        "In front of a value of a union stands the number of the branch that was written. Where that branch is "
        "{writer_type}, the reader finds nothing in its own union to read it with, so decoding the record fails. "
        "Records with other branches still decode, so this shows only when such a record comes along."
    ),
    description="the union at path '{path}' of the {reader_word} schema has no branch that reads {writer_type} of the {writer_word} schema",
    page="",
)

NAME_CHANGED: Final = Rule(
    id="AVRO_NAME_CHANGED",
    error_type="NAME_MISMATCH",
    purpose="A record, enum or fixed is known by its name.",
    remedy="Keep the name, or list the old one among the aliases of the reader's type.",
    message="{reader} calls `{reader_name}` what {writer} calls `{writer_name}`",
    why=(
        "A reader takes a record, enum or fixed for its own only if the name is the same or one of its aliases. "
        "Otherwise it sees two unrelated types, so decoding the record fails. The namespace is not compared."
    ),
    description="the type at path '{path}' of the {reader_word} schema has another name than in the {writer_word} schema",
    page="",
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
    description="the enum at path '{path}' of the {reader_word} schema lacks {symbols} of the {writer_word} schema and has no default",
    page="",
)

FIXED_SIZE_CHANGED: Final = Rule(
    id="AVRO_FIXED_SIZE_CHANGED",
    error_type="FIXED_SIZE_MISMATCH",
    purpose="A fixed keeps its size.",
    remedy="Restore the size; for another size, add a type with another name.",
    message="the fixed `{fixed}` has {reader_size} bytes in {reader} and {writer_size} in {writer}",
    why=(
        "A fixed travels as its bytes and nothing else, so the reader takes {reader_size} bytes where "
        "{writer_size} were written. Everything after them would be read from the wrong place; Avro refuses instead."
    ),
    description="the fixed at path '{path}' of the {reader_word} schema has another size than in the {writer_word} schema",
    page="",
)

FIELD_MATCHES_SEVERAL: Final = Rule(
    id="AVRO_FIELD_MATCHES_SEVERAL",
    error_type="",
    purpose="A field of the reader takes its value from one field of the writer.",
    remedy="Remove the alias that names a second field of the writer.",
    message="by its name and aliases the field `{field}` in {reader} stands for {matches} of {writer} at once",
    why=(
        "A reader's field takes the value of the writer's field that has its name or one of its aliases. With "
        "{matches} present there is no telling which value is meant, so no record can be decoded."
    ),
    description="field '{field}' of the {reader_word} schema matches several fields of the {writer_word} schema by name and alias",
    page="",
)

RULES: Final = (
    FIELD_WITHOUT_DEFAULT,
    TYPE_CHANGED,
    UNION_BRANCH_MISSING,
    NAME_CHANGED,
    ENUM_SYMBOLS_MISSING,
    FIXED_SIZE_CHANGED,
    FIELD_MATCHES_SEVERAL,
)
