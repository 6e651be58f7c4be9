"""Rules about the types of fields."""

from typing import Final

from accord.findings import Severity
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
            "effect": (
                "the bytes are taken for the fields of a message: the reader stops, or finds what nobody wrote"
            ),
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

FIELD_MISREAD: Final = Rule(
    id="PROTOBUF_FIELD_MISREAD",
    purpose="A value is read as what it was written as.",
    remedy="Keep the type, and give the new one a field with a number of its own.",
    message="{writer} writes {writer_type} for {where}, and {reader} reads {reader_type}: {effect}",
    why=(
        "Confluent's registry does not look here: not at the types of fields that leave a oneof, not into groups, and not at "
        "extensions. So it calls this compatible, and so does Accord. The bytes say otherwise: beside the number of a field "
        "stands only its wire type, and a reader that expects another one loses the value, while one that expects the same "
        "takes the bytes for what its own schema says."
    ),
    description="the field at path '{path}' of the {reader} schema does not read what the {writer} schema writes",
    example=example(
        message("Order", "oneof way {", "  string id = 1;", "  int64 total = 2;", "}"),
        message("Order", "optional string id = 1;", "optional string total = 2;"),
        {
            "where": "`total` of `Order`",
            "writer_type": "int64",
            "reader_type": "optional string",
            "effect": "the value is set aside as unknown, and the field seems not to be set",
        },
    ),
    wire=Wire(
        value='{"total": "1250"}',
        pieces=(("10 e2 09", "field 2, `total`, in wire type 0: 1250, seven bits a byte"),),
        outcome=(
            "The reader expects a text, which has wire type 2. It sets the number aside and finds no total at all, without a "
            "word."
        ),
        read="{}",
    ),
    who=_BOTH_WAYS,
    ways=(_BESIDE,),
    severity=Severity.WARNING,
)

FIELD_NARROWED: Final = Rule(
    id="PROTOBUF_FIELD_NARROWED",
    purpose="What can be written fits into the type that it is read as.",
    remedy="Keep the wider type. To widen one, upgrade the consumers first.",
    message="{writer} writes {writer_type} for {where}, and {reader} reads {reader_type}: {effect}",
    why=(
        "The two types share a wire type, so a number of the one is a number of the other, and Confluent's registry lets "
        "them change places. The reader does not check that it fits: it drops what it has no room for, as a cast does, and "
        "says nothing. Numbers that both types hold are read as they were written."
    ),
    description="the field at path '{path}' of the {reader} schema holds less than the {writer} schema writes",
    example=example(
        message("Order", "string id = 1;", "int64 total = 2;"),
        message("Order", "string id = 1;", "int32 total = 2;"),
        {
            "where": "`total` of `Order`",
            "writer_type": "int64",
            "reader_type": "int32",
            "effect": "numbers of more than 32 bits lose the upper ones",
        },
    ),
    wire=Wire(
        value='{"id": "a-1", "total": "4294967301"}',
        pieces=(ID, ("10 85 80 80 80 10", "field 2, `total`, in wire type 0: 4294967301, seven bits a byte")),
        outcome="The reader keeps the lower 32 bits and has an order of 5.",
        read='{"id": "a-1", "total": 5}',
    ),
    who=(
        "Readers with the narrower type, with the records whose number does not fit and no others: new readers and old "
        "records if the type was narrowed, old readers and new records if it was widened."
    ),
    ways=(
        "If no record holds such a number, and none will, there is nothing to do.",
        "Where numbers of another range are wanted, add a field with a number of its own.",
    ),
    severity=Severity.WARNING,
)

BYTES_READ_AS_TEXT: Final = Rule(
    id="PROTOBUF_BYTES_READ_AS_TEXT",
    purpose="What is read as a text was written as one.",
    remedy="Keep bytes, or make sure that they are always UTF-8.",
    message="{writer} writes {writer_type} for {where}, and {reader} reads {reader_type}: {effect}",
    why=(
        "Strings and bytes look alike on the wire, and Confluent's registry lets them change places. A text has to be "
        "UTF-8, though. What was written as bytes need not be, and a parser of proto3 then refuses the whole record."
    ),
    description="the field at path '{path}' of the {reader} schema is a string and bytes in the {writer} schema",
    example=example(
        message("Order", "string id = 1;", "bytes digest = 2;"),
        message("Order", "string id = 1;", "string digest = 2;"),
        {
            "where": "`digest` of `Order`",
            "writer_type": "bytes",
            "reader_type": "string",
            "effect": "the reader stops at bytes that are not UTF-8",
        },
    ),
    wire=Wire(
        value='{"id": "a-1", "digest": "/w=="}',
        pieces=(ID, ("12 01 ff", "field 2, `digest`, in wire type 2: 1 byte follows, ff")),
        outcome="No text of UTF-8 holds the byte ff: the reader stops.",
    ),
    who=(
        "Readers of a string, with the records whose bytes are not UTF-8 and no others. Readers of bytes take every string."
    ),
    severity=Severity.WARNING,
)
