"""Rules about the numbers and names of fields: whether they still mean what they meant."""

from typing import Final

from accord.findings import Severity
from accord.schemas.protobuf.rules.examples import ID, example, message
from accord.schemas.rules import Rule, Telling, Wire

_PHONE: Final = ("12 02 35 35", "field 2, `phone`, in wire type 2: 2 bytes follow, 55")
_NEVER_AGAIN: Final = "Numbers are not scarce: give every new field one that no field ever had."

NUMBER_REUSED: Final = Rule(
    id="PROTOBUF_NUMBER_REUSED",
    purpose="A number belongs to one field for ever.",
    remedy="Give the new field a number that no field ever had, and reserve the old one.",
    message=(
        "number {number} of `{message}` is `{writer_field}` in {writer} and `{reader_field}` in {reader}: the values of the "
        "one are taken for the other's"
    ),
    why=(
        "A reader finds a value by the number of its field, and by nothing else. What was written as `{writer_field}` is "
        "`{reader_field}` to it, and no error tells. If the two are one field under two names, nothing is wrong with the "
        "values; then only the name in JSON changed, which `json_name` can keep."
    ),
    description="the number at path '{path}' is of another field in the {reader} schema than in the {writer} schema",
    example=example(
        message("Order", "string id = 1;", "string phone = 2;"),
        message("Order", "string id = 1;", "string note = 2;"),
        {"number": "2", "message": "Order", "writer_field": "phone", "reader_field": "note"},
    ),
    wire=Wire(
        value='{"id": "a-1", "phone": "55"}',
        pieces=(ID, _PHONE),
        outcome="Field 2 is the note to the reader: the phone number of somebody is shown as what they have to say.",
        read='{"id": "a-1", "note": "55"}',
    ),
    who=(
        "Readers of either schema, with every record of the other that has the field: for as long as the topic keeps "
        "such records, and for as long as a producer or consumer is not upgraded."
    ),
    ways=(
        _NEVER_AGAIN,
        "If it is the same field under a new name, keep its name in JSON with `json_name`: then nothing is told.",
        "When a field goes, `reserved` its number and its name: then nobody can take them by mistake.",
    ),
    severity=Severity.WARNING,
    telling=Telling.ONCE,
)

FIELD_NUMBER_CHANGED: Final = Rule(
    id="PROTOBUF_FIELD_NUMBER_CHANGED",
    purpose="A field keeps its number.",
    remedy="Keep the number.",
    message="{where} has the number {writer_number} in {writer} and {reader_number} in {reader}: its values are not found",
    why=(
        "Numbers are on the wire, names are not. A reader that looks for `{field}` under {reader_number} does not see what "
        "stands under {writer_number}: it sets that aside as unknown and goes on as if the field had not been set."
    ),
    description="the field at path '{path}' has another number in the {reader} schema than in the {writer} schema",
    example=example(
        message("Order", "string id = 1;", "string note = 2;"),
        message("Order", "reserved 2;", "string id = 1;", "string note = 3;"),
        {
            "where": "`note` of `Order`",
            "field": "note",
            "writer_number": "2",
            "reader_number": "3",
        },
    ),
    wire=Wire(
        value='{"id": "a-1", "note": "hi"}',
        pieces=(ID, ("12 02 68 69", "field 2, `note`, in wire type 2: 2 bytes follow, hi")),
        outcome="The reader knows no field 2 and sets it aside. The order has no note.",
        read='{"id": "a-1"}',
    ),
    who="Readers of either schema, with every record of the other that has the field. Nothing fails.",
    ways=(
        "To move a field on purpose, have producers fill both numbers until every reader knows the new one.",
    ),
    severity=Severity.WARNING,
    telling=Telling.ONCE,
)

JSON_NAME_CHANGED: Final = Rule(
    id="PROTOBUF_JSON_NAME_CHANGED",
    purpose="A field keeps its name in JSON.",
    remedy="Keep the name in JSON with `json_name`.",
    message="{where} is called `{writer_json}` in the JSON of {writer} and `{reader_json}` in that of {reader}",
    why=(
        "On the wire a field is a number, so bytes are read as before. In JSON it is its name: a proxy, a sink or a log that "
        "reads JSON does not find `{writer_json}` under `{reader_json}`, and parsers that keep to the specification "
        "refuse a name that they do not know."
    ),
    description="the field at path '{path}' has another name in JSON in the {reader} schema than in the {writer} schema",
    example=example(
        message("Order", "string id = 1;", "int64 total = 2;"),
        message("Order", "string id = 1;", "int64 total_cents = 2;"),
        {"where": "`total_cents` of `Order`", "writer_json": "total", "reader_json": "totalCents"},
    ),
    wire=Wire(
        value='{"id": "a-1", "total": "1250"}',
        pieces=(ID, ("10 e2 09", "field 2, `total`, in wire type 0: 1250, seven bits a byte")),
        outcome=(
            "These bytes are read as before, under the new name. The same record in JSON is refused: Protobuf's own parser "
            "knows no `total` there."
        ),
        read='{"id": "a-1", "totalCents": "1250"}',
    ),
    who="Whoever exchanges records as JSON: REST proxies, stream processors and sinks, and those who read what they wrote.",
    ways=(
        "Where nobody exchanges JSON, there is nothing to do but to rename the field in the code.",
        "The text format, `accord` and tools like it know a field by its name as well; `json_name` does not help there.",
    ),
    severity=Severity.WARNING,
    telling=Telling.ONCE,
)

RESERVATION_BROKEN: Final = Rule(
    id="PROTOBUF_RESERVATION_BROKEN",
    purpose="What was reserved once is used by no field.",
    remedy="Give the field another number and another name, and reserve again what was reserved.",
    message="{where} takes {what}, which {writer} reserves",
    why=(
        "A number is reserved because records with another field under it may still be around, and a name because JSON "
        "or programs may still know it. Readers of this field take the values of that one for its own. The version that "
        "had it may be older than the one compared with."
    ),
    description="the field at path '{path}' of the {reader} schema takes what the {writer} schema reserves",
    example=example(
        message("Order", "reserved 2;", "string id = 1;"),
        message("Order", "string id = 1;", "string note = 2;"),
        {"where": "`note` of `Order`", "what": "the number 2"},
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=(ID,),
        outcome=(
            "Version 1 writes nothing under 2, so there is nothing to go wrong here. Records from before it may go on with "
            "12 02 35 35, the phone number of that time: to the new reader that is the note 55."
        ),
        read='{"id": "a-1"}',
    ),
    who="Readers of the new field that meet records from before the reservation, and readers from that time.",
    ways=(_NEVER_AGAIN,),
    severity=Severity.WARNING,
    telling=Telling.HISTORY,
)

RESERVATION_DROPPED: Final = Rule(
    id="PROTOBUF_RESERVATION_DROPPED",
    purpose="What was reserved once stays reserved.",
    remedy="Reserve it again.",
    message="{writer} reserves {what} of {owner}, and {reader} does not",
    why=(
        "Nothing is wrong yet. But a later version can now give it to a new field, and then records and programs from "
        "before the reservation take the one for the other."
    ),
    description="the {reader} schema does not reserve at path '{path}' what the {writer} schema reserves",
    example=example(
        message("Order", "reserved 2;", 'reserved "phone";', "string id = 1;"),
        message("Order", "string id = 1;"),
        {"what": "the number 2 and the name `phone`", "owner": "`Order`"},
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=(ID,),
        outcome="Nothing is wrong with these bytes. What the rule guards against comes with the version after.",
        read='{"id": "a-1"}',
    ),
    who="Nobody yet: readers of a field that a later version puts there.",
    ways=("Once no record and no program knows the old field any more, let it go.",),
    severity=Severity.INFO,
    telling=Telling.HISTORY,
)

REMOVED_FIELD_NOT_RESERVED: Final = Rule(
    id="PROTOBUF_REMOVED_FIELD_NOT_RESERVED",
    purpose="When a field goes, its number and its name are reserved.",
    remedy="Reserve the number and the name of the field that went.",
    message="{where} is gone, and {reader} does not reserve {what}",
    why=(
        "Removing a field is fine: a reader sets aside what it does not know. But records with the field stay on the topic, "
        "and a later version can give its number, or its name in JSON, to a field of another meaning. Nothing would stop "
        "it, and old values would be read as new ones."
    ),
    description="the {reader} schema lacks the field at path '{path}' of the {writer} schema and does not reserve it",
    example=example(
        message("Order", "string id = 1;", "string phone = 2;"),
        message("Order", "string id = 1;"),
        {"where": "`phone` of `Order`", "what": "its number 2 or its name"},
    ),
    wire=Wire(
        value='{"id": "a-1", "phone": "55"}',
        pieces=(ID, _PHONE),
        outcome=(
            "The reader knows no field 2 and sets it aside. If a later version gives 2 to a note, the same bytes are an "
            "order with the note 55."
        ),
        read='{"id": "a-1"}',
    ),
    who="Nobody yet: readers of a field that a later version puts there.",
    ways=("Instead of removing the field, mark it `deprecated`: that keeps both number and name.",),
    severity=Severity.INFO,
    telling=Telling.HISTORY,
)
