"""Rules about the types of fields."""

from typing import Final

from accord.schemas.protobuf.rules.examples import ID, example, message
from accord.schemas.rules import Rule, Wire

_BESIDE: Final = (
    "Add a field with a number of its own beside the old one, fill both, move the readers, then remove the old one and "
    "reserve its number and name."
)
_BOTH_WAYS: Final = (
    "Readers with the other type, with every record that has the field: new readers and the old records on the topic, "
    "old readers and all new records."
)

FIELD_KIND_CHANGED: Final = Rule(
    id="PROTOBUF_FIELD_KIND_CHANGED",
    error_types=("FIELD_KIND_CHANGED",),
    purpose="A field stays a plain value, a message or a map.",
    remedy="Keep the type, and give the new one a field with a number of its own.",
    message="{writer} writes {writer_type} for {where}, and {reader} reads {reader_type}: {effect}",
    why=(
        "A value is found by the number of its field. Beside the number stands its wire type: a plain number, so and so "
        "many bytes, or bytes of a given length, but not what they mean. A reader that expects another wire type sets "
        "the value aside as unknown, without an error. One that expects the same wire type takes the bytes for what its "
        "own schema says: strings, bytes, messages, maps and packed lists all look alike there."
    ),
    description="the field at path '{path}' is of another kind in the {reader} schema than in the {writer} schema",
    example=example(
        message("Order", "string id = 1;", "string customer = 2;")
        + "\n"
        + message("Customer", "string name = 1;"),
        message("Order", "string id = 1;", "Customer customer = 2;")
        + "\n"
        + message("Customer", "string name = 1;"),
        {
            "where": "`customer` of `Order`",
            "writer_type": "string",
            "reader_type": "`Customer`",
            "effect": "the bytes of the one are taken for the fields of the other",
        },
    ),
    wire=Wire(
        value='{"id": "a-1", "customer": "Ann"}',
        pieces=(ID, ("12 03 41 6e 6e", "field 2, `customer`, in wire type 2: 3 bytes follow, Ann")),
        outcome=(
            "The reader takes Ann for the fields of a `Customer`: 41 would be field 8, of eight bytes, and two are there. "
            "It stops. That is luck: the text might be empty, and then it is a customer without a name, or happen to "
            "make sense as fields, and then nobody notices."
        ),
    ),
    who=_BOTH_WAYS,
    ways=(_BESIDE,),
)

FIELD_SCALAR_KIND_CHANGED: Final = Rule(
    id="PROTOBUF_FIELD_SCALAR_KIND_CHANGED",
    error_types=("FIELD_SCALAR_KIND_CHANGED",),
    purpose="A plain value keeps the way in which it is encoded.",
    remedy=(
        "Keep the type, or stay within its family: int32, int64, uint32, uint64, bool and enums; sint32 and sint64; "
        "fixed32 and sfixed32; fixed64 and sfixed64; string and bytes."
    ),
    message="{writer} writes {writer_type} for {where}, and {reader} reads {reader_type}: {effect}",
    why=(
        "Beside the number of a field stands only its wire type. A reader that expects another one sets the value aside "
        "as unknown and goes on as if the field had not been set: no error tells. One that expects the same wire type "
        "reads the bytes in its own way, so that a zig-zag number, or the bits of a fraction, come out as another number."
    ),
    description=(
        "the field at path '{path}' is a scalar of another family in the {reader} schema than in the {writer} schema"
    ),
    example=example(
        message("Order", "string id = 1;", "int64 total = 2;"),
        message("Order", "string id = 1;", "sint64 total = 2;"),
        {
            "where": "`total` of `Order`",
            "writer_type": "int64",
            "reader_type": "sint64",
            "effect": "every number comes out as another one, 1 as -1 and 2 as 1",
        },
    ),
    wire=Wire(
        value='{"id": "a-1", "total": "1250"}',
        pieces=(ID, ("10 e2 09", "field 2, `total`, in wire type 0: 1250, seven bits a byte")),
        outcome=(
            "The reader takes the number for zig-zag, where even ones are twice what is meant: it finds 625, and says "
            "nothing. Had the type become string or double, the wire type would not be the one it expects: it would set "
            "the number aside and find no total at all, again without a word."
        ),
        read='{"id": "a-1", "total": "625"}',
    ),
    who=_BOTH_WAYS,
    ways=(_BESIDE,),
)

FIELD_NAMED_TYPE_CHANGED: Final = Rule(
    id="PROTOBUF_FIELD_NAMED_TYPE_CHANGED",
    error_types=("FIELD_NAMED_TYPE_CHANGED",),
    purpose="A field keeps the message that it holds.",
    remedy="Keep the type, and give the new one a field with a number of its own.",
    message="{writer} writes {writer_type} for {where}, and {reader} reads {reader_type}: {effect}",
    why=(
        "The bytes of a message do not say which one it is. A reader goes through them with the fields of its own type: "
        "numbers that both have are taken for each other, and the rest is set aside as unknown. It stops only where "
        "bytes happen to make no sense."
    ),
    description="the field at path '{path}' holds another message in the {reader} schema than in the {writer} schema",
    example=example(
        "\n".join(
            [
                message("Order", "string id = 1;", "Address to = 2;"),
                message("Address", "string street = 1;"),
                message("Place", "string city = 1;"),
            ]
        ),
        "\n".join(
            [
                message("Order", "string id = 1;", "Place to = 2;"),
                message("Address", "string street = 1;"),
                message("Place", "string city = 1;"),
            ]
        ),
        {
            "where": "`to` of `Order`",
            "writer_type": "`Address`",
            "reader_type": "`Place`",
            "effect": "fields with the same number are taken for each other",
        },
    ),
    wire=Wire(
        value='{"id": "a-1", "to": {"street": "Elm Rd"}}',
        pieces=(
            ID,
            ("12 08", "field 2, `to`, in wire type 2: 8 bytes follow"),
            ("0a 06 45 6c 6d 20 52 64", "field 1 of it, `street`: 6 bytes follow, Elm Rd"),
        ),
        outcome="Field 1 of a `Place` is its city. The reader finds the street there, and says nothing.",
        read='{"id": "a-1", "to": {"city": "Elm Rd"}}',
    ),
    who=_BOTH_WAYS,
    ways=(_BESIDE,),
)
