"""Rules about what an object must hold."""

from typing import Final

from accord.schemas.model import SchemaType
from accord.schemas.rules import Example, Rule, Wire

_ID: Final = '{"type": "object", "properties": {"id": {"type": "string"}}}'
_CLOSED: Final = '{"type": "object", "properties": {"id": {"type": "string"}}, "additionalProperties": false}'

PROPERTY_BECAME_REQUIRED: Final = Rule(
    id="JSON_PROPERTY_BECAME_REQUIRED",
    error_types=("REQUIRED_ATTRIBUTE_ADDED",),
    purpose="What could be left out may be missing.",
    remedy="Leave the property out of `required`.",
    message="{reader} requires {where}, and {writer} does not",
    why=(
        "A document without {where} is valid under {writer}, and is not under {reader}. That every producer happens to "
        "fill the property is not written anywhere, so it does not count."
    ),
    description="the {reader} schema requires the property at path '{path}' and the {writer} schema does not",
    example=Example(
        old='{"type": "object", "properties": {"id": {"type": "string"}, "email": {"type": "string"}}}',
        new=(
            '{"type": "object", "properties": {"id": {"type": "string"}, "email": {"type": "string"}}, '
            '"required": ["email"]}'
        ),
        facts={"where": "`email`"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        outcome="The reader looks for `email` and finds nothing: the document is not valid.",
    ),
    who=(
        "Consumers that validate what they read and require the property, with the documents that leave it out and no "
        "others: new consumers and such old documents if it became required, old consumers and such new documents if it "
        "may be left out from now on."
    ),
    ways=(
        "Have every producer fill the property first; require it when the documents without it have expired.",
        "To stop requiring a property, upgrade every consumer before a producer leaves it out.",
    ),
)

REQUIRED_PROPERTY_ADDED_TO_OPEN_MODEL: Final = Rule(
    id="JSON_REQUIRED_PROPERTY_ADDED_TO_OPEN_MODEL",
    error_types=("REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",),
    purpose="A property that only the reader knows cannot be required.",
    remedy="Leave the property out of `required`, and let its value be anything.",
    message="{reader} describes {where} and requires it, and {writer} does not know it",
    why=(
        "Two things stand against it. What is written under {writer} need not hold {where}, and {reader} does not take "
        "a document without it. And the content model of {writer} is open: it allows properties that it does not "
        "describe, with any value, so a document may hold {where} already, as something else than {reader_kind}."
    ),
    description=(
        "the {reader} schema requires a property at path '{path}' that the {writer} schema, whose content model is "
        "open, does not have"
    ),
    example=Example(
        old=_ID,
        new=(
            '{"type": "object", "properties": {"id": {"type": "string"}, "email": {"type": "string"}}, '
            '"required": ["email"]}'
        ),
        facts={"where": "`email`", "reader_kind": "a string"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        outcome="The reader looks for `email` and finds nothing: the document is not valid.",
    ),
    who=(
        "Consumers that validate what they read and require the property: new consumers with every old document if it "
        "was added, old consumers with every new document if it was removed."
    ),
    ways=(
        (
            "Take two steps: add the property without requiring it, have every producer fill it, and require it when the "
            "old documents have expired."
        ),
        "To remove a required property, first stop requiring it in a version that all consumers take over.",
        (
            "Once the property is optional, the compatibility policy LENIENT lets it in: it takes for granted that nobody "
            "sends properties that are not described."
        ),
    ),
)

REQUIRED_PROPERTY_ADDED_TO_CLOSED_MODEL: Final = Rule(
    id="JSON_REQUIRED_PROPERTY_ADDED_TO_CLOSED_MODEL",
    error_types=("REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL",),
    purpose="A property that the writer does not describe cannot be required by the reader.",
    remedy="Leave the property out of `required`.",
    message="{reader} describes {where} and requires it, and {writer} does not know it",
    why=(
        "The content model of {writer} is not open: it forbids properties that it does not describe, or limits them. So "
        "what is written under it does not hold {where}, or need not, and {reader} does not take a document without "
        "it. As a property that may be left out, it could be added."
    ),
    description=(
        "the {reader} schema requires a property at path '{path}' that the {writer} schema, whose content model is "
        "not open, does not have"
    ),
    example=Example(
        old=_CLOSED,
        new=(
            '{"type": "object", "properties": {"id": {"type": "string"}, "email": {"type": "string"}}, '
            '"required": ["email"], "additionalProperties": false}'
        ),
        facts={"where": "`email`"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        outcome="The reader looks for `email` and finds nothing: the document is not valid.",
    ),
    who=(
        "Consumers that validate what they read and require the property: new consumers with every old document if it "
        "was added, old consumers with every new document if it was removed."
    ),
    ways=(
        (
            "Take two steps: add the property without requiring it, have every producer fill it, and require it when the "
            "old documents have expired."
        ),
        "To remove a required property, first stop requiring it in a version that all consumers take over.",
    ),
)

REQUIRED_DEFAULT_ADDED_TO_OPEN_MODEL: Final = Rule(
    id="JSON_REQUIRED_DEFAULT_ADDED_TO_OPEN_MODEL",
    error_types=("REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL",),
    purpose="A default does not make a new property safe where any property could be there before.",
    remedy="Leave the property out of `required`, and let its value be anything; or compare with the policy LENIENT.",
    message=(
        "{reader} describes {where} and requires it, with a default, and {writer} allows anything there, because its "
        "content model is open"
    ),
    why=(
        "The content model of {writer} is open, and it does not describe {where}: a document may hold the property with "
        "any value, where {reader} allows {reader_kind}. The default helps with documents that leave it out, and only for "
        "readers that fill in defaults before they validate; to JSON Schema a default is a remark, and a required "
        "property is missing if it is not there."
    ),
    description=(
        "the {reader} schema requires a property with a default at path '{path}' and the content model of the "
        "{writer} schema is open"
    ),
    example=Example(
        old=_ID,
        new=(
            '{"type": "object", "properties": {"id": {"type": "string"}, '
            '"email": {"type": "string", "default": ""}}, "required": ["email"]}'
        ),
        facts={"where": "`email`", "reader_kind": "a string"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1", "email": 7}',
        outcome=(
            "Version 1 says nothing about `email`, so any value is valid. The reader asks for a string there: the document "
            "is not valid, and the default does not come into it."
        ),
    ),
    who=(
        "Consumers that validate what they read: with documents that hold another value under that name; and, unless they "
        "fill in defaults first, with every document that leaves the property out."
    ),
    ways=(
        (
            "If nobody sends properties that are not described, set the compatibility policy of the subject to LENIENT: this "
            "change is then let in."
        ),
        "Do not count on the default: not to require the property says the same to every validator.",
    ),
)
