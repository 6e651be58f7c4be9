"""Rules about how often a field may, or must, be there."""

from typing import Final

from accord.findings import Severity
from accord.schemas.protobuf.rules.examples import ID, example, message
from accord.schemas.rules import Rule, Telling, Wire

_REQUIRED_READERS: Final = (
    "Parsers of Java, C++ and Go refuse such a record. The one of Python hands it out, tells of it only to those who ask "
    "(`IsInitialized`), and refuses to write it again."
)

FIELD_NUMERIC_LABEL_CHANGED: Final = Rule(
    id="PROTOBUF_FIELD_NUMERIC_LABEL_CHANGED",
    error_types=("FIELD_NUMERIC_LABEL_CHANGED",),
    purpose="A number keeps its label: `optional`, `required` or `repeated`.",
    remedy="Keep the label, and give the list, or the single number, a field with a number of its own.",
    message="{writer} writes {writer_type} for {where}, and {reader} reads {reader_type}: {effect}",
    why=(
        "A list of numbers is usually packed: one run of bytes with its length in front. A reader of a single number "
        "expects another wire type there, sets the whole list aside as unknown, and says nothing. The other way round a "
        "reader of a list takes a single number for a list of one."
    ),
    description="the number at path '{path}' has another label in the {reader} schema than in the {writer} schema",
    example=example(
        message("Order", "string id = 1;", "repeated int32 sizes = 2;"),
        message("Order", "string id = 1;", "optional int32 sizes = 2;"),
        {
            "where": "`sizes` of `Order`",
            "writer_type": "repeated int32",
            "reader_type": "optional int32",
            "effect": "a packed list is set aside as unknown, all of it, and the field seems not to be set",
        },
    ),
    wire=Wire(
        value='{"id": "a-1", "sizes": [38, 40]}',
        pieces=(ID, ("12 02 26 28", "field 2, `sizes`, in wire type 2: 2 bytes follow, 38 and 40")),
        outcome=(
            "The reader expects wire type 0 for field 2. It sets the list aside, and the order has no size: all of it is "
            "lost, not only what does not fit into one number. A list that is not packed would give its last number."
        ),
        read='{"id": "a-1"}',
    ),
    who=(
        "Readers of a single number, with every record that holds a list: new readers and old records, or old readers "
        "and new records. Readers of a list lose nothing. Where `required` comes in, readers that have it stop at records "
        "without the field."
    ),
    ways=(
        "In proto3 a number without any label may become `repeated`, and back, as far as the registry is concerned: the way back loses the lists all the same, and Accord warns of it.",
        "Strings, bytes and messages may change between single and `repeated`: a reader of one takes the last.",
    ),
)

REQUIRED_FIELD_ADDED: Final = Rule(
    id="PROTOBUF_REQUIRED_FIELD_ADDED",
    error_types=("REQUIRED_FIELD_ADDED",),
    purpose="A field that old records do not have cannot be required.",
    remedy="Make the field `optional`, and let the application say what it needs.",
    message="{where} is required in {reader}, and {writer} does not have it",
    why=(
        "A required field has to be in every record. What is written with {writer} cannot hold it, so to {reader} all of "
        "it is incomplete. " + _REQUIRED_READERS
    ),
    description="the {reader} schema requires the field at path '{path}' that the {writer} schema lacks",
    example=example(
        message("Order", "required string id = 1;"),
        message("Order", "required string id = 1;", "required string email = 2;"),
        {"where": "`email` of `Order`"},
        syntax="proto2",
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=(ID,),
        outcome=(
            "The record ends here, and there is no field 2 in it. "
            + _REQUIRED_READERS
            + " Here is what that one makes "
            "of it."
        ),
        read='{"id": "a-1"}',
    ),
    who=(
        "Readers that require the field, with every record that was written without it: new readers and all old records "
        "if it was added, old readers and all new records if it was removed."
    ),
    ways=(
        "`required` is for ever: it can be neither added nor removed in safety, which is why proto3 does without it.",
    ),
)

REQUIRED_FIELD_REMOVED: Final = Rule(
    id="PROTOBUF_REQUIRED_FIELD_REMOVED",
    error_types=("REQUIRED_FIELD_REMOVED",),
    purpose="A required field stays, because somebody may still require it.",
    remedy="Keep the field. To be rid of it, first make it `optional` everywhere, then remove it.",
    message="{where} is required in {writer}, and {reader} does not have it",
    why=(
        "The reader sets the value aside as unknown, and takes the rest. It is the other direction that breaks: whoever "
        "still has {writer} refuses every record that is written without the field. " + _REQUIRED_READERS
    ),
    description="the {reader} schema lacks the field at path '{path}' that the {writer} schema requires",
    example=example(
        message("Order", "required string id = 1;", "required string email = 2;"),
        message("Order", "required string id = 1;"),
        {"where": "`email` of `Order`"},
        syntax="proto2",
    ),
    wire=Wire(
        value='{"id": "a-1", "email": "a@b.c"}',
        pieces=(ID, ("12 05 61 40 62 2e 63", "field 2, `email`, in wire type 2: 5 bytes follow, a@b.c")),
        outcome=(
            "The reader knows no field 2 and sets it aside: nothing fails here. A record that it writes itself ends "
            "after the id, and to a reader with version 1 that is no complete order."
        ),
        read='{"id": "a-1"}',
    ),
    who=(
        "Readers that still require the field, from the first record on that is written without it. Readers without it "
        "lose its value, and nothing else."
    ),
    ways=(
        "Make it `optional` in a version of its own, at level NONE, and wait until every reader has that version; then remove it.",
    ),
)

LIST_READ_AS_ONE: Final = Rule(
    id="PROTOBUF_LIST_READ_AS_ONE",
    purpose="What can be a list is read as one.",
    remedy="Keep `repeated`, and give the single value a field with a number of its own.",
    message="{writer} writes {writer_type} for {where}, and {reader} reads {reader_type}: {effect}",
    why=(
        "The values of a list stand one after the other under the same number, and a reader of a single value lets each put "
        "out the one before. Messages are merged instead: fields that are set again are put out, lists grow longer. Numbers "
        "are packed into one run of bytes, which is no single number, so that the reader sets all of them aside. No error "
        "tells of any of it, and Confluent's registry lets it pass."
    ),
    description="the field at path '{path}' of the {reader} schema holds one value and a list in the {writer} schema",
    example=example(
        message("Order", "string id = 1;", "repeated string notes = 2;"),
        message("Order", "string id = 1;", "string notes = 2;"),
        {
            "where": "`notes` of `Order`",
            "writer_type": "repeated string",
            "reader_type": "string",
            "effect": "of a list only the last is left",
        },
    ),
    wire=Wire(
        value='{"id": "a-1", "notes": ["hi", "ho"]}',
        pieces=(
            ID,
            ("12 02 68 69", "field 2, `notes`, in wire type 2: 2 bytes follow, hi"),
            ("12 02 68 6f", "the same again: ho"),
        ),
        outcome="The reader takes hi, and then ho in its place.",
        read='{"id": "a-1", "notes": "ho"}',
    ),
    who=(
        "Readers of a single value, with the records whose list is longer than one; where it is packed, with every record "
        "that has one. Readers of a list take a single value for a list of one."
    ),
    ways=("If no list ever had more than one value, and none is packed, there is nothing to do.",),
    severity=Severity.WARNING,
)

FIELD_BECAME_REQUIRED: Final = Rule(
    id="PROTOBUF_FIELD_BECAME_REQUIRED",
    purpose="What can be left out is not required.",
    remedy="Leave the field `optional`, and let the application say what it needs.",
    message="{where} is required in {reader}, and what {writer} writes may lack it",
    why=(
        "A record without a required field is incomplete. "
        + _REQUIRED_READERS
        + " Confluent's registry refuses this change "
        "for numbers only."
    ),
    description="the {reader} schema requires the field at path '{path}' that the {writer} schema may leave out",
    example=example(
        message("Order", "required string id = 1;", "optional string email = 2;"),
        message("Order", "required string id = 1;", "required string email = 2;"),
        {"where": "`email` of `Order`"},
        syntax="proto2",
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=(ID,),
        outcome=(
            "The record ends here, and there is no field 2 in it. "
            + _REQUIRED_READERS
            + " Here is what that one makes "
            "of it."
        ),
        read='{"id": "a-1"}',
    ),
    who=(
        "Readers that require the field, with the records that lack it: new readers and such old records if it became "
        "required, old readers and such new records if it no longer is."
    ),
    ways=("If no record lacks it, and none will while somebody requires it, there is nothing to do.",),
    severity=Severity.WARNING,
)

PRESENCE_CHANGED: Final = Rule(
    id="PROTOBUF_PRESENCE_CHANGED",
    purpose="A field keeps on telling zero from unset, or not to.",
    remedy="Keep the label `optional`, or keep going without it.",
    message="{where}: {reader} {reader_can} tell zero from unset, and {writer} {writer_can}",
    why=(
        "The values are read as they were written. But without `optional` a zero, an empty text or false is not written at "
        "all, and a reader that asks whether the field is set is told that it is not. The other way round a zero that was "
        "set on purpose can no longer be told from nothing."
    ),
    description="the field at path '{path}' tells zero from unset in one of the two schemas only",
    example=example(
        message("Order", "string id = 1;", "int32 discount = 2;"),
        message("Order", "string id = 1;", "optional int32 discount = 2;"),
        {"where": "`discount` of `Order`", "reader_can": "can", "writer_can": "cannot"},
    ),
    wire=Wire(
        value='{"id": "a-1", "discount": 0}',
        pieces=(ID,),
        outcome="A discount of 0 is not written. The reader, who can tell, finds that no discount was set.",
        read='{"id": "a-1"}',
    ),
    who="Applications that ask whether the field is set, with records of the other schema in which it is zero.",
    ways=("Where nobody asks, there is nothing to do.",),
    severity=Severity.INFO,
    telling=Telling.ONCE,
)

DEFAULT_CHANGED: Final = Rule(
    id="PROTOBUF_DEFAULT_CHANGED",
    purpose="A field that is not set means the same to everybody.",
    remedy="Keep the default.",
    message="{where} that is not set is {writer_default} to {writer} and {reader_default} to {reader}",
    why=(
        "A default is not on the wire: each reader takes the one of its own schema for a field that is not set. Records "
        "that say nothing thereby say something else than they did."
    ),
    description="the field at path '{path}' has another default in the {reader} schema than in the {writer} schema",
    example=example(
        message("Order", "required string id = 1;", "optional int32 parts = 2 [default = 1];"),
        message("Order", "required string id = 1;", "optional int32 parts = 2 [default = 2];"),
        {"where": "`parts` of `Order`", "writer_default": "1", "reader_default": "2"},
        syntax="proto2",
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=(ID,),
        outcome=(
            "The record ends here. Its writer, asked for `parts`, would say 1, and the reader says 2; neither stands here."
        ),
        read='{"id": "a-1"}',
    ),
    who="Readers of either schema, with every record of the other in which the field is not set.",
    ways=("Set the field in every record: then no default counts.",),
    severity=Severity.WARNING,
    telling=Telling.ONCE,
)
