"""Rules about the types of values, and the values that are allowed one by one."""

from typing import Final

from accord.schemas.model import SchemaType
from accord.schemas.rules import Example, Rule, Wire

TYPE_CHANGED: Final = Rule(
    id="JSON_TYPE_CHANGED",
    error_types=("TYPE_CHANGED",),
    purpose="What was valid as one kind of value must be valid as the other.",
    remedy="Keep the type, or allow the old one beside the new one.",
    message="{writer} allows {writer_kind} for {where}, and {reader} {reader_kind}",
    why=(
        "A JSON document says itself whether a value is a string, a number, an object: nothing is converted on the "
        "way. Where {reader} allows {reader_kind}, a document that was written under {writer} and holds anything else "
        "is not valid."
    ),
    description="the {reader} schema allows another kind of value than the {writer} schema at path '{path}'",
    example=Example(
        old='{"type": "object", "properties": {"total": {"type": "integer"}}}',
        new='{"type": "object", "properties": {"total": {"type": "string"}}}',
        facts={"where": "`total`", "reader_kind": "a string", "writer_kind": "an integer"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"total": 1250}',
        outcome="The reader finds a number where its schema asks for a string: the document is not valid.",
    ),
    who=(
        "Consumers that validate what they read, with every document that holds the other kind of value: new consumers "
        "and the old documents, old consumers and all new ones. Those that do not validate hand the value on, and the "
        "application trips over it."
    ),
    ways=(
        "Allow both types with a list of them, and let the consumers take either until the old documents have expired.",
        "Add a property with another name for the new type, fill both, move the readers, then drop the old one.",
    ),
)

TYPE_NARROWED: Final = Rule(
    id="JSON_TYPE_NARROWED",
    error_types=("TYPE_NARROWED",),
    purpose="Where any number was allowed, a fraction may stand.",
    remedy="Keep `number`.",
    message="{writer} allows any number for {where}, and {reader} whole numbers only",
    why=(
        "`integer` is the part of `number` without fractions: every integer is a valid number, and not the other way "
        "round. A document in which {where} is 12.5 is valid under {writer} and not under {reader}. (12.0 is an integer "
        "to JSON Schema from draft 6 on, and a fraction before.)"
    ),
    description="the {reader} schema allows integers only where the {writer} schema allows numbers, at path '{path}'",
    example=Example(
        old='{"type": "object", "properties": {"total": {"type": "number"}}}',
        new='{"type": "object", "properties": {"total": {"type": "integer"}}}',
        facts={"where": "`total`"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"total": 12.5}',
        outcome="The reader asks for a whole number and finds a fraction: the document is not valid.",
    ),
    who=(
        "Consumers that validate what they read and know only whole numbers there, with the documents that hold a "
        "fraction and no others. Those that do not validate may cut the fraction off without a word."
    ),
    ways=(
        "If no fraction was ever written, check that in the records before you let the schema in.",
        "Add a property for the whole number, such as the total in cents, and keep the other until nobody reads it.",
    ),
)

ENUM_VALUES_MISSING: Final = Rule(
    id="JSON_ENUM_VALUES_MISSING",
    error_types=("ENUM_ARRAY_NARROWED", "ENUM_ARRAY_CHANGED"),
    purpose="A value that was allowed stays allowed.",
    remedy="Put the values back; to be rid of one, stop writing it first.",
    message="{reader} does not allow {values} for {where}, which {writer} does",
    why=(
        "`enum` lists the only values that are valid, and `const` the only one. A document that holds {values} there is "
        "valid under {writer} and not under {reader}. JSON Schema has no value that could stand in for those that a "
        "reader does not know."
    ),
    description="the {reader} schema does not allow every value that the {writer} schema lists at path '{path}'",
    example=Example(
        old='{"type": "object", "properties": {"status": {"enum": ["OPEN", "PAID", "VOID"]}}}',
        new='{"type": "object", "properties": {"status": {"enum": ["OPEN", "PAID"]}}}',
        facts={"where": "`status`", "values": '`"VOID"`'},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"status": "VOID"}',
        outcome="The reader does not list VOID: the document is not valid.",
    ),
    who=(
        "Consumers without the value, with the documents that hold it and no others: new consumers and such old "
        "documents if it was removed, old consumers and such new documents if it was added."
    ),
    ways=(
        "To add a value, upgrade every consumer before a producer writes it.",
        "To remove one, stop writing it, and wait until no document with it is left.",
        "Where values come and go, allow any string, and say in `description` which there are.",
    ),
)
