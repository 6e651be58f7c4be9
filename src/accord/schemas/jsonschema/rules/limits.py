"""Rules about the limits of single values: how long, how great, how many, of what form."""

from typing import Final

from accord.schemas.model import SchemaType
from accord.schemas.rules import Example, Rule, Wire

_WHO: Final = (
    "Consumers that validate what they read and have the tighter limit, with the documents beyond it and no others: it "
    "shows only when such a document comes along."
)
_MESSAGE: Final = "{reader} has {reader_limit} for {where}, and {writer} {writer_limit}"

UPPER_LIMIT_TIGHTENED: Final = Rule(
    id="JSON_UPPER_LIMIT_TIGHTENED",
    error_types=(
        "MAX_LENGTH_DECREASED",
        "MAX_LENGTH_ADDED",
        "MAXIMUM_DECREASED",
        "MAXIMUM_ADDED",
        "EXCLUSIVE_MAXIMUM_DECREASED",
        "EXCLUSIVE_MAXIMUM_ADDED",
        "MAX_ITEMS_DECREASED",
        "MAX_ITEMS_ADDED",
        "MAX_PROPERTIES_DECREASED",
        "MAX_PROPERTIES_ADDED",
    ),
    purpose="An upper limit does not fall below what was allowed before.",
    remedy="Keep the limit, or raise it.",
    message=_MESSAGE,
    why=(
        "A document in which {where} is {beyond} can be valid under {writer}, and is not under {reader}. Where a limit "
        "was not there before, everything beyond it was allowed."
    ),
    description="the {reader} schema has a tighter upper limit than the {writer} schema at path '{path}'",
    example=Example(
        old='{"type": "object", "properties": {"code": {"type": "string", "maxLength": 8}}}',
        new='{"type": "object", "properties": {"code": {"type": "string", "maxLength": 4}}}',
        facts={
            "where": "`code`",
            "reader_limit": "`maxLength` 4",
            "writer_limit": "`maxLength` 8",
            "beyond": "longer than 4 characters",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"code": "SUMMER"}',
        outcome="The reader allows 4 characters and finds 6: the document is not valid.",
    ),
    who=_WHO,
    ways=(
        "Have the producers keep to the tighter limit first, and tighten the schema when nothing beyond it is left.",
        "Check the tighter limit in the application, and let the schema stay as it is.",
    ),
)

LOWER_LIMIT_TIGHTENED: Final = Rule(
    id="JSON_LOWER_LIMIT_TIGHTENED",
    error_types=(
        "MINIMUM_ADDED",
        "MINIMUM_INCREASED",
        "MIN_LENGTH_ADDED",
        "MIN_LENGTH_INCREASED",
        "EXCLUSIVE_MINIMUM_INCREASED",
        "EXCLUSIVE_MINIMUM_ADDED",
        "MIN_ITEMS_INCREASED",
        "MIN_ITEMS_ADDED",
        "MIN_PROPERTIES_INCREASED",
        "MIN_PROPERTIES_ADDED",
    ),
    purpose="A lower limit does not rise above what was allowed before.",
    remedy="Keep the limit, or lower it.",
    message=_MESSAGE,
    why=(
        "A document in which {where} is {beyond} can be valid under {writer}, and is not under {reader}. Where a limit "
        "was not there before, everything beyond it was allowed."
    ),
    description="the {reader} schema has a tighter lower limit than the {writer} schema at path '{path}'",
    example=Example(
        old='{"type": "object", "properties": {"quantity": {"type": "integer"}}}',
        new='{"type": "object", "properties": {"quantity": {"type": "integer", "minimum": 1}}}',
        facts={
            "where": "`quantity`",
            "reader_limit": "`minimum` 1",
            "writer_limit": "no `minimum`",
            "beyond": "less than 1",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"quantity": 0}',
        outcome="The reader asks for 1 at least and finds 0: the document is not valid.",
    ),
    who=_WHO,
    ways=(
        "Have the producers keep to the tighter limit first, and tighten the schema when nothing beyond it is left.",
        "Check the tighter limit in the application, and let the schema stay as it is.",
    ),
)

CONTAINS_TIGHTENED: Final = Rule(
    id="JSON_CONTAINS_TIGHTENED",
    error_types=(
        "MIN_CONTAINS_INCREASED",
        "MIN_CONTAINS_ADDED",
        "MAX_CONTAINS_DECREASED",
        "MAX_CONTAINS_ADDED",
    ),
    purpose="How many items of one kind a list must hold, or may, does not get stricter.",
    remedy="Keep the limit, or widen it.",
    message=_MESSAGE,
    why=(
        "`minContains` and `maxContains` count the items of a list that fit the schema under `contains`; with `contains` "
        "alone, one such item is asked for. A list with {beyond} can be valid under {writer}, and is not under {reader}."
    ),
    description="the {reader} schema limits what a list contains more than the {writer} schema at path '{path}'",
    example=Example(
        old=(
            '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "array", '
            '"contains": {"const": "paid"}, "minContains": 1}'
        ),
        new=(
            '{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "array", '
            '"contains": {"const": "paid"}, "minContains": 2}'
        ),
        facts={
            "where": "the document",
            "reader_limit": "`minContains` 2",
            "writer_limit": "`minContains` 1",
            "beyond": "fewer than 2 such items",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='["open", "paid"]',
        outcome="The reader looks for two items that are paid and finds one: the document is not valid.",
    ),
    who=(
        "Consumers that validate what they read and have the tighter limit, with the lists beyond it and no others. "
        "Before draft 2019-09 there is no such limit, and validators pass over the keywords."
    ),
    ways=("Count in the application, and let the schema stay as it is.",),
)

MULTIPLE_OF_TIGHTENED: Final = Rule(
    id="JSON_MULTIPLE_OF_TIGHTENED",
    error_types=("MULTIPLE_OF_EXPANDED", "MULTIPLE_OF_CHANGED", "MULTIPLE_OF_ADDED"),
    purpose="Numbers keep the steps in which they were allowed.",
    remedy="Keep `multipleOf`, or choose a number that divides it.",
    message=_MESSAGE,
    why=(
        "With `multipleOf` a number is valid only if dividing it leaves nothing. A document in which {where} is "
        "{beyond} can be valid under {writer}, and is not under {reader}."
    ),
    description="the {reader} schema asks for other multiples than the {writer} schema at path '{path}'",
    example=Example(
        old='{"type": "object", "properties": {"amount": {"type": "integer", "multipleOf": 5}}}',
        new='{"type": "object", "properties": {"amount": {"type": "integer", "multipleOf": 10}}}',
        facts={
            "where": "`amount`",
            "reader_limit": "`multipleOf` 10",
            "writer_limit": "`multipleOf` 5",
            "beyond": "no multiple of 10",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"amount": 15}',
        outcome="15 is a multiple of 5, as version 1 asks, and none of 10: the document is not valid.",
    ),
    who=(
        "Consumers that validate what they read, with the documents that hold a number between their steps and no others."
    ),
    ways=(
        (
            "To go from one step to another that fits neither way, allow the greatest number that divides both, until the "
            "old documents have expired."
        ),
    ),
)

PATTERN_CHANGED: Final = Rule(
    id="JSON_PATTERN_CHANGED",
    error_types=("PATTERN_CHANGED", "PATTERN_ADDED"),
    purpose="Strings keep the pattern that they were written to.",
    remedy="Keep the pattern, or drop it.",
    message=_MESSAGE,
    why=(
        "A string is valid only if it matches the pattern of the reader's schema. Whether every string that matches "
        "one pattern matches another cannot be told of patterns in general, so another pattern counts as a narrower "
        "one, even where it happens to be wider."
    ),
    description="the {reader} schema has another pattern than the {writer} schema at path '{path}'",
    example=Example(
        old='{"type": "object", "properties": {"sku": {"type": "string", "pattern": "^[A-Z0-9]+$"}}}',
        new='{"type": "object", "properties": {"sku": {"type": "string", "pattern": "^[A-Z]+$"}}}',
        facts={
            "where": "`sku`",
            "reader_limit": "the pattern `^[A-Z]+$`",
            "writer_limit": "the pattern `^[A-Z0-9]+$`",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"sku": "CUP42"}',
        outcome="The reader allows capital letters and finds digits as well: the document is not valid.",
    ),
    who=(
        "Consumers that validate what they read, with the documents whose string does not match their pattern and no others."
    ),
    ways=(
        "Allow both with `anyOf`: the old pattern in one branch and the new one in another.",
        "If the new pattern is wider for certain, let it in with force; nothing can break then.",
    ),
)

UNIQUE_ITEMS_ADDED: Final = Rule(
    id="JSON_UNIQUE_ITEMS_ADDED",
    error_types=("UNIQUE_ITEMS_ADDED",),
    purpose="Where items could be equal, equal items may be there.",
    remedy="Leave `uniqueItems` out.",
    message="{reader} wants every item of {where} to differ from the others, and {writer} does not",
    why=(
        "With `uniqueItems` a list is valid only if no two items are equal. A list with the same item twice can be "
        "valid under {writer}, and is not under {reader}."
    ),
    description="the {reader} schema asks for unique items at path '{path}' and the {writer} schema does not",
    example=Example(
        old='{"type": "object", "properties": {"tags": {"type": "array"}}}',
        new='{"type": "object", "properties": {"tags": {"type": "array", "uniqueItems": true}}}',
        facts={"where": "`tags`"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"tags": ["new", "new"]}',
        outcome="The reader finds the same item twice: the document is not valid.",
    ),
    who="Consumers that validate what they read, with the documents that hold an item twice and no others.",
    ways=("Drop what is there twice in the application that reads, and let the schema stay as it is.",),
)
