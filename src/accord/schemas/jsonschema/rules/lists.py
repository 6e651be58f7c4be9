"""Rules about the items of lists: those that are described one by one, and those that follow."""

from typing import Final

from accord.schemas.model import SchemaType
from accord.schemas.rules import Example, Rule, Wire

_POINT: Final = '{"type": "array", "items": [{"type": "number"}]}'
_LONGER: Final = (
    "Consumers that validate what they read, with the lists that hold such an item and no others. Where no producer ever "
    "sent one, nobody breaks; the schemas alone do not tell."
)

ITEM_ADDED_TO_OPEN_MODEL: Final = Rule(
    id="JSON_ITEM_ADDED_TO_OPEN_MODEL",
    error_types=("ITEM_ADDED_TO_OPEN_CONTENT_MODEL",),
    purpose="To describe an item is to limit what an open list allowed in its place.",
    remedy="Let the item be anything.",
    message=(
        "{reader} allows {reader_kind} for {where}, and {writer} anything, because it does not describe it and its content "
        "model is open"
    ),
    why=(
        "A schema that describes the items of a list one by one says nothing about those that follow, unless "
        "`additionalItems` does (`items` from draft 2020-12 on): there may be any number of them, of any kind. So {where} "
        "is not new: {writer} allows anything there, and {reader} takes {reader_kind} only."
    ),
    description=(
        "the {reader} schema describes an item at path '{path}' that the open content model of the {writer} schema "
        "allows to be anything"
    ),
    example=Example(
        old=_POINT,
        new='{"type": "array", "items": [{"type": "number"}, {"type": "number"}]}',
        facts={"where": "item 2 of the document", "reader_kind": "a number"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='[1.5, "north"]',
        outcome=(
            "Version 1 says nothing about a second item. The reader asks for a number and finds a string: the document is "
            "not valid."
        ),
    ),
    who=_LONGER,
    ways=(
        "Describe the values as an object: its properties have names, and say what they are when one is added.",
        "Begin with `additionalItems` of a schema, say numbers: items that it covers can be described later.",
    ),
)

ITEM_REMOVED_FROM_CLOSED_MODEL: Final = Rule(
    id="JSON_ITEM_REMOVED_FROM_CLOSED_MODEL",
    error_types=("ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL",),
    purpose="What a closed list does not describe, it forbids.",
    remedy="Keep the item.",
    message="{writer} describes {where}, and {reader} forbids it, because it does not describe it and is closed",
    why=(
        "With `additionalItems: false` (`items: false` from draft 2020-12 on) a list may hold the items that are "
        "described one by one, and no more. A list of {writer} that is as long as it may be is too long for {reader}."
    ),
    description="the closed content model of the {reader} schema lacks the item at path '{path}' of the {writer} schema",
    example=Example(
        old='{"type": "array", "items": [{"type": "number"}, {"type": "number"}], "additionalItems": false}',
        new='{"type": "array", "items": [{"type": "number"}], "additionalItems": false}',
        facts={"where": "item 2 of the document"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value="[1.5, 2.5]",
        outcome="The reader allows one item and finds two: the document is not valid.",
    ),
    who=(
        "Consumers that validate what they read and do not know the item, with the lists that hold it and no others: new "
        "consumers and such old documents if it was removed, old consumers and such new documents if it was added."
    ),
    ways=(
        "Stop writing the item first, and remove it when no list with it is left.",
        "Open the content model: opening it is allowed at BACKWARD.",
    ),
)

ITEM_ADDED_NOT_COVERED: Final = Rule(
    id="JSON_ITEM_ADDED_NOT_COVERED",
    error_types=("ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",),
    purpose="A new item allows all that the rule for further items allowed in its place.",
    remedy="Describe the item so that it allows at least what it allowed before.",
    message="{reader} allows {reader_kind} for {where}, and {writer} {writer_kind}, as for every further item",
    why=(
        "There is a rule in {writer} for the items that it does not describe one by one, and {where} is one of those: it "
        "allows {writer_kind}. Under {reader} it is valid only as {reader_kind}."
    ),
    description=(
        "the {reader} schema describes an item at path '{path}' more narrowly than the partially open content model "
        "of the {writer} schema"
    ),
    example=Example(
        old='{"type": "array", "items": [{"type": "number"}], "additionalItems": {"type": "string"}}',
        new=(
            '{"type": "array", "items": [{"type": "number"}, {"type": "number"}], '
            '"additionalItems": {"type": "string"}}'
        ),
        facts={"where": "item 2 of the document", "reader_kind": "a number", "writer_kind": "a string"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='[1.5, "north"]',
        outcome=(
            "To version 1 the second item is one of the further ones, and these are strings. The reader asks for a number: "
            "the document is not valid."
        ),
    ),
    who=_LONGER,
    ways=("Allow both in the new item: the old kind of value and the new one.",),
)

ITEM_REMOVED_NOT_COVERED: Final = Rule(
    id="JSON_ITEM_REMOVED_NOT_COVERED",
    error_types=("ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",),
    purpose="An item may go if the rule for further items allows what it held.",
    remedy="Keep the item, or let the rule for further items allow what it held.",
    message="{writer} allows {writer_kind} for {where}, and {reader} {reader_kind}, as for every further item",
    why=(
        "There is a rule in {reader} for the items that it does not describe one by one, and {where} is one of those: only "
        "{reader_kind} is valid there, and documents written under {writer} hold {writer_kind}."
    ),
    description=(
        "the partially open content model of the {reader} schema does not cover the item at path '{path}' of the "
        "{writer} schema"
    ),
    example=Example(
        old=(
            '{"type": "array", "items": [{"type": "number"}, {"type": "number"}], '
            '"additionalItems": {"type": "string"}}'
        ),
        new='{"type": "array", "items": [{"type": "number"}], "additionalItems": {"type": "string"}}',
        facts={"where": "item 2 of the document", "reader_kind": "a string", "writer_kind": "a number"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value="[1.5, 2.5]",
        outcome=(
            "To the reader the second item is one of the further ones, and these are strings. It finds a number: the "
            "document is not valid."
        ),
    ),
    who=(
        "Consumers that validate what they read and do not describe the item, with the lists that hold it and no others."
    ),
    ways=("Leave `additionalItems` out, which allows any further item.",),
)

LIST_CLOSED: Final = Rule(
    id="JSON_LIST_CLOSED",
    error_types=("ADDITIONAL_ITEMS_REMOVED", "UNEVALUATED_ITEMS_REMOVED"),
    purpose="A list that may go on may go on.",
    remedy="Leave further items allowed.",
    message="{reader} forbids every item of {where} that it does not describe, and {writer} allows {writer_kind} there",
    why=(
        "Without `{keyword}: false`, {writer} lets a list go on after the items that are described one by one. Under "
        "{reader} a longer list is not valid."
    ),
    description="the {reader} schema forbids at path '{path}' further items that the {writer} schema allows",
    example=Example(
        old=_POINT,
        new='{"type": "array", "items": [{"type": "number"}], "additionalItems": false}',
        facts={"where": "the document", "writer_kind": "anything", "keyword": "additionalItems"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value="[1.5, 2.5]",
        outcome="The reader allows one item and finds two: the document is not valid.",
    ),
    who=_LONGER,
    ways=("Look for longer lists before you let the schema in.",),
)

LIST_NARROWED: Final = Rule(
    id="JSON_LIST_NARROWED",
    error_types=("ADDITIONAL_ITEMS_NARROWED", "UNEVALUATED_ITEMS_NARROWED"),
    purpose="Further items of a list keep what they may be.",
    remedy="Let further items be what they were before.",
    message=(
        "{reader} allows {reader_kind} for items of {where} that it does not describe, and {writer} {writer_kind}"
    ),
    why=(
        "`{keyword}` says what the items may be that follow those that are described one by one; where it is missing, "
        "they may be anything. A list whose further items are not {reader_kind} can be valid under {writer}, and is "
        "not under {reader}."
    ),
    description="the {reader} schema limits at path '{path}' further items more than the {writer} schema",
    example=Example(
        old=_POINT,
        new='{"type": "array", "items": [{"type": "number"}], "additionalItems": {"type": "number"}}',
        facts={
            "where": "the document",
            "reader_kind": "a number",
            "writer_kind": "anything",
            "keyword": "additionalItems",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='[1.5, "north"]',
        outcome="The second item is not described, and the reader takes numbers only there: the document is not valid.",
    ),
    who=_LONGER,
    ways=("Look for longer lists before you let the schema in.",),
)

SCHEMA_ADDED: Final = Rule(
    id="JSON_SCHEMA_ADDED",
    error_types=("SCHEMA_ADDED",),
    purpose="What had no schema could be anything.",
    remedy="Leave the schema out.",
    message="{reader} has a schema for {where}, which allows {reader_kind}, and {writer} has none",
    why=(
        "Where a schema says nothing, every value is valid. With its schema, {reader} limits {where} to {reader_kind}, and a document "
        "that holds something else there can be valid under {writer}."
    ),
    description="the {reader} schema has a schema in a place where the {writer} schema has none",
    example=Example(
        old='{"type": "object", "properties": {"tags": {"type": "array"}}}',
        new='{"type": "object", "properties": {"tags": {"type": "array", "items": {"type": "string"}}}}',
        facts={"where": "an item of `tags`", "reader_kind": "a string"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"tags": ["new", 7]}',
        outcome="The reader asks for strings and finds a number among them: the document is not valid.",
    ),
    who=(
        "Consumers that validate what they read and have the schema, with the documents that hold something else there "
        "and no others."
    ),
    ways=(
        "Describe items when a list begins: an `items` that allows more is let in at any time.",
        "Check the items in the application that reads, and let the schema stay as it is.",
    ),
)
