"""Rules about oneofs: of their fields at most one is set."""

from typing import Final

from accord.findings import Severity
from accord.schemas.protobuf.rules.examples import ID, example, message
from accord.schemas.rules import Rule, Wire

_CARD: Final = ("12 02 34 32", "field 2, `card`, in wire type 2: 2 bytes follow, 42")
_IBAN: Final = ("1a 02 44 45", "field 3, `iban`, in wire type 2: 2 bytes follow, DE")

ONEOF_FIELD_REMOVED: Final = Rule(
    id="PROTOBUF_ONEOF_FIELD_REMOVED",
    error_types=("ONEOF_FIELD_REMOVED",),
    purpose="A oneof keeps the fields that can be set in it.",
    remedy="Put the field back into the oneof; mark it `deprecated` to keep people from using it.",
    message="{writer} has {where} in the oneof `{oneof}`, and {reader} does not: {effect}",
    why=(
        "Applications ask a oneof which of its fields is set. Nothing on the wire says that a field belongs to a oneof, "
        "so a reader that lacks the field there sets it aside as unknown, or reads it as a field of its own, and either "
        "way finds the oneof empty. An empty oneof looks as if the writer had set nothing."
    ),
    description="the oneof of the {reader} schema lacks the field at path '{path}' of the {writer} schema",
    example=example(
        message(
            "Order", "string id = 1;", "oneof payment {", "  string card = 2;", "  string iban = 3;", "}"
        ),
        message("Order", "string id = 1;", "oneof payment {", "  string card = 2;", "}"),
        {
            "where": "`iban` of `Order`",
            "oneof": "payment",
            "effect": "the value is set aside as unknown, and the oneof seems to be empty",
        },
    ),
    wire=Wire(
        value='{"id": "a-1", "iban": "DE"}',
        pieces=(ID, _IBAN),
        outcome=(
            "The reader knows no field 3 and sets it aside. `payment` is empty: to the application, nobody has said how "
            "the order is paid."
        ),
        read='{"id": "a-1"}',
    ),
    who=(
        "Readers whose oneof lacks the field, with the records that have it set and no others: new readers and such old "
        "records if it was removed, old readers and such new records if it was added."
    ),
    ways=(
        "To add a field to a oneof, upgrade every consumer before a producer sets it.",
        "To remove one, stop setting it, and wait until no record with it is left.",
        "Let every reader treat an empty oneof as something that it does not know.",
    ),
)

MULTIPLE_FIELDS_MOVED_TO_ONEOF: Final = Rule(
    id="PROTOBUF_MULTIPLE_FIELDS_MOVED_TO_ONEOF",
    error_types=("MULTIPLE_FIELDS_MOVED_TO_ONEOF",),
    purpose="Fields that may be set together do not come into one oneof.",
    remedy="Leave all but one of the fields outside, and give the oneof fields with numbers of their own.",
    message="{fields} stand on their own in {writer} and are in the oneof {where} in {reader}",
    why=(
        "What is written with {writer} may hold all of these fields. A reader that has them in a oneof keeps only the one "
        "that comes last in the bytes, and drops each that came before it. No error tells."
    ),
    description="the {reader} schema has several fields of the {writer} schema in the oneof at path '{path}'",
    example=example(
        message("Order", "string id = 1;", "string card = 2;", "string iban = 3;"),
        message(
            "Order", "string id = 1;", "oneof payment {", "  string card = 2;", "  string iban = 3;", "}"
        ),
        {"where": "`payment` of `Order`", "fields": "`card` and `iban`"},
    ),
    wire=Wire(
        value='{"id": "a-1", "card": "42", "iban": "DE"}',
        pieces=(ID, _CARD, _IBAN),
        outcome="The reader takes field 2 into the oneof, then field 3, which puts it out again: the card is lost.",
        read='{"id": "a-1", "iban": "DE"}',
    ),
    who="Readers with the oneof, with every record that has more than one of the fields set.",
    ways=(
        "One field may move into a new oneof: begin with it, and add new fields beside it.",
        "If the fields were never set together, no record is hurt: make sure of it, then register with force.",
    ),
)

FIELD_MOVED_TO_EXISTING_ONEOF: Final = Rule(
    id="PROTOBUF_FIELD_MOVED_TO_EXISTING_ONEOF",
    error_types=("FIELD_MOVED_TO_EXISTING_ONEOF",),
    purpose="A field does not move into a oneof that is already there.",
    remedy="Leave the field outside, and give the oneof a new field with a number of its own.",
    message="{fields} of {writer}, outside of the oneof {where}, moved into it in {reader}",
    why=(
        "What is written with {writer} may hold such a field together with one that was in the oneof all along. A reader "
        "that has both in the oneof keeps the one that comes last in the bytes and drops the other. No error tells."
    ),
    description="a field of the {writer} schema is in the oneof at path '{path}' of the {reader} schema, which was there before",
    example=example(
        message("Order", "string id = 1;", "oneof payment {", "  string card = 2;", "}", "string iban = 3;"),
        message(
            "Order", "string id = 1;", "oneof payment {", "  string card = 2;", "  string iban = 3;", "}"
        ),
        {"where": "`payment` of `Order`", "fields": "`iban`"},
    ),
    wire=Wire(
        value='{"id": "a-1", "card": "42", "iban": "DE"}',
        pieces=(ID, _CARD, _IBAN),
        outcome="The reader takes field 2 into the oneof, then field 3, which puts it out again: the card is lost.",
        read='{"id": "a-1", "iban": "DE"}',
    ),
    who="Readers with the field in the oneof, with every record that has it set together with another one of the oneof.",
    ways=(
        "If the field was never set together with one of the oneof, no record is hurt: make sure of it, then register with force.",
    ),
)

ONEOF_VALUES_LOST: Final = Rule(
    id="PROTOBUF_ONEOF_VALUES_LOST",
    purpose="Fields that may be set together are not read into one oneof.",
    remedy="Leave the fields where they were, and give the oneof fields with numbers of their own.",
    message="{fields} can be set together in {writer} and are in the oneof {where} in {reader}",
    why=(
        "A reader keeps only that field of a oneof which comes last in the bytes, and drops those before it. No error tells, "
        "and Confluent's registry looks only at single fields that move into a oneof, not at those that come from another."
    ),
    description="the {reader} schema has fields in the oneof at path '{path}' that the {writer} schema can set together",
    example=example(
        message(
            "Order",
            "oneof payment {",
            "  string card = 1;",
            "}",
            "oneof refund {",
            "  string iban = 2;",
            "}",
        ),
        message("Order", "oneof money {", "  string card = 1;", "  string iban = 2;", "}"),
        {"where": "`money` of `Order`", "fields": "`card` and `iban`"},
    ),
    wire=Wire(
        value='{"card": "42", "iban": "DE"}',
        pieces=(
            ("0a 02 34 32", "field 1, `card`, in wire type 2: 2 bytes follow, 42"),
            ("12 02 44 45", "field 2, `iban`, in wire type 2: 2 bytes follow, DE"),
        ),
        outcome="The reader takes field 1 into the oneof, then field 2, which puts it out again: the card is lost.",
        read='{"iban": "DE"}',
    ),
    who="Readers with the oneof, with every record that has more than one of the fields set.",
    ways=("If the fields were never set together, no record is hurt.",),
    severity=Severity.WARNING,
)
