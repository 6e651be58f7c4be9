"""Rules about messages as wholes: where they are, and what they are called."""

from typing import Final

from accord.findings import Severity
from accord.schemas.model import SchemaType
from accord.schemas.protobuf.rules.examples import ID, example, message, proto
from accord.schemas.rules import Example, Rule, Telling, Wire

_ORDER: Final = message("Order", "string id = 1;")

PACKAGE_CHANGED: Final = Rule(
    id="PROTOBUF_PACKAGE_CHANGED",
    error_types=("PACKAGE_CHANGED",),
    purpose="A file keeps its package.",
    remedy="Keep the package. A new one is a new schema: register it under a subject of its own.",
    message="{writer} has {writer_package}, and {reader} has {reader_package}",
    why=(
        "The package is the first part of the full name of every message. Names are not on the wire, so the bytes still "
        "decode. But whatever goes by the full name does not find the messages any more: schemas that import this one, "
        "values packed into `google.protobuf.Any`, and code that looks a message up by its name."
    ),
    description="the package of the {reader} schema is not that of the {writer} schema (at path '{path}')",
    example=Example(
        old=proto(_ORDER),
        new=proto(_ORDER, package="billing"),
        facts={"writer_package": "the package `shop`", "reader_package": "the package `billing`"},
        type=SchemaType.PROTOBUF,
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=(ID,),
        outcome=(
            "There is no package in these bytes: a reader of `billing.Order` reads them as one of `shop.Order` does. In an "
            "`Any` the name `shop.Order` would stand beside them, and a reader that knows only `billing.Order` has "
            "nothing to unpack it with."
        ),
        read='{"id": "a-1"}',
    ),
    who=(
        "Programs that go by full names, with the first record whose schema has the other package; and everything that "
        "is built from a file that imports this one. Readers of plain records read on."
    ),
    ways=(
        "Where only generated code should have another home, set an option such as `java_package` or `go_package`: it is not compared.",
        "To move for good, give the new package a subject and a topic of its own, and write both for a while.",
    ),
)

MESSAGE_REMOVED: Final = Rule(
    id="PROTOBUF_MESSAGE_REMOVED",
    error_types=("MESSAGE_REMOVED",),
    purpose="A message that can be written stays known to readers.",
    remedy="Put the message back. Mark it `deprecated` to keep people from using it.",
    message="{writer} has a message `{message}`, and {reader} has none of that name",
    why=(
        "A subject may hold records of any message of its file, and a number in front of each record says which. A "
        "reader without `{message}` has no type for such a record, nor for a field of that type. A message that was "
        "only renamed counts as removed: code, `google.protobuf.Any` and imports know it by its name."
    ),
    description="the {reader} schema lacks the message at path '{path}' of the {writer} schema",
    example=example(
        f"{_ORDER}\n{message('Refund', 'string reason = 1;')}", _ORDER, {"message": "shop.Refund"}
    ),
    wire=Wire(
        value='{"reason": "late"}',
        message="Refund",
        pieces=(("0a 04 6c 61 74 65", "field 1, `reason`, in wire type 2: 4 bytes follow, late"),),
        outcome=(
            "In front stands 02 02: the path to the message has one step, 1, which is the second message of the file "
            "(both numbers zig-zag). A reader with the new schema has no second message, and none called `Refund`: it "
            "stops. A program that takes every record of the topic for an `Order` does not even notice: field 1 is a "
            "string there too, and it gets an order with the id late."
        ),
    ),
    who=(
        "Readers without the message, with the records that hold it and no others: new readers and such old records if "
        "it was removed, old readers and such new records if it was added."
    ),
    ways=(
        "To rename a message, keep the old one beside the new one until no record and no program has it any more.",
        "To split a file, import the part that moves out; a message that other messages use has to keep its full name.",
    ),
)

MESSAGE_INDEX_MOVED: Final = Rule(
    id="PROTOBUF_MESSAGE_INDEX_MOVED",
    purpose="Messages keep their places in the file.",
    remedy="Add new messages after the others, and leave those in the order that they are in.",
    message="messages are at other places in {reader} than in {writer}: {moved}",
    why=(
        "A record does not say by name which message it holds, but by its place in the file: the first is 0, and one inside "
        "of another has the places of both. A reader that looks the place up in the schema that the record was written "
        "with finds the right message. One that goes by the newest schema, or by its own file, takes the record for "
        "whatever stands there now; and a producer that is told to write with the newest version, while its code is built "
        "from the file of an older one, writes places that are wrong for everybody."
    ),
    description="messages have other places in the {reader} schema than in the {writer} schema (at path '{path}')",
    example=example(
        _ORDER,
        "\n".join([message("Header", "string trace = 1;"), _ORDER]),
        {"moved": "`Order` at 1 instead of 0 (where `Header` is)"},
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=(ID,),
        outcome=(
            "In front stands 00, short for the first message of the file. In version 1 that is `Order`. In the new file it "
            "is `Header`, of which field 1 is a text as well: a reader that looks there finds a header with the trace a-1. "
            "As an `Order` the bytes are read as ever."
        ),
        message="Order",
        read='{"id": "a-1"}',
    ),
    who=(
        "Readers that do not look the place up in the schema of the record, and everybody who reads from a producer whose "
        "code and whose schema are of different versions."
    ),
    ways=(
        "One message for each file, and so for each subject, has the place 0 for ever.",
        "Where everybody looks the place up in the schema of the record, and producers register the file that they are built from, there is nothing to do.",
    ),
    severity=Severity.WARNING,
    telling=Telling.ONCE,
)
