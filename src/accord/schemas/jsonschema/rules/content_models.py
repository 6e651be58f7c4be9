"""Rules about the content model of objects: what may stand in a document beside the properties that are described."""

from typing import Final

from accord.schemas.model import SchemaType
from accord.schemas.rules import Example, Rule, Wire

_OPEN: Final = '{"type": "object", "properties": {"id": {"type": "string"}}}'
_LENIENT: Final = (
    "If nobody sends properties that are not described, set the compatibility policy of the subject to LENIENT: this "
    "change is then let in."
)
_WHO: Final = (
    "Consumers that validate what they read, with the documents that hold such a property and no others. Where no "
    "producer ever sent one, nobody breaks; the schemas alone do not tell."
)

PROPERTY_ADDED_TO_OPEN_MODEL: Final = Rule(
    id="JSON_PROPERTY_ADDED_TO_OPEN_MODEL",
    error_types=("OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL",),
    purpose="To describe a property is to limit what an open content model allowed under its name.",
    remedy="Let the value of the property be anything, or compare with the policy LENIENT.",
    message=(
        "{reader} allows {reader_kind} for {where}, and {writer} anything, because it does not describe it and its content "
        "model is open"
    ),
    why=(
        "An object is open unless its schema says `additionalProperties: false`, or limits the other properties in "
        "another way: a document may hold properties that nobody described, with any value. So {where} is not new: "
        "{writer} allows it already, as a number, a list, anything, and from all that {reader} takes {reader_kind} only. "
        "A document that holds something else there is valid under {writer} and not under {reader}."
    ),
    description=(
        "the {reader} schema describes a property at path '{path}' that the open content model of the {writer} schema "
        "allows with any value"
    ),
    example=Example(
        old=_OPEN,
        new='{"type": "object", "properties": {"id": {"type": "string"}, "email": {"type": "string"}}}',
        facts={"where": "`email`", "reader_kind": "a string"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1", "email": 7}',
        outcome=(
            "Version 1 says nothing about `email`, so any value is valid there. The reader asks for a string and finds a "
            "number: the document is not valid."
        ),
    ),
    who=_WHO,
    ways=(
        _LENIENT,
        (
            "Add the property with a schema that allows anything, such as `true`, and check its type in the application; "
            "this passes under STRICT too."
        ),
        (
            "Begin a new subject with closed content models (`additionalProperties: false`): properties that may be left "
            "out can then be added at BACKWARD at any time. To close a model that is open is itself refused."
        ),
        "Begin with `additionalProperties` of a schema, say strings: new properties that it covers can be added.",
    ),
)

PROPERTY_REMOVED_FROM_CLOSED_MODEL: Final = Rule(
    id="JSON_PROPERTY_REMOVED_FROM_CLOSED_MODEL",
    error_types=("PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL",),
    purpose="What a closed content model does not describe, it forbids.",
    remedy="Keep the property, or open the content model.",
    message="{writer} describes {where}, and {reader} forbids it, because it does not describe it and is closed",
    why=(
        "With `additionalProperties: false` an object may hold the properties that its schema describes, and no others. "
        "Removing {where} from such a schema does not mean that nobody looks at it any more: it means that a document "
        "that holds it is not valid. Under {writer} such documents are."
    ),
    description=(
        "the closed content model of the {reader} schema lacks the property at path '{path}' of the {writer} schema"
    ),
    example=Example(
        old=(
            '{"type": "object", "properties": {"id": {"type": "string"}, "email": {"type": "string"}}, '
            '"additionalProperties": false}'
        ),
        new='{"type": "object", "properties": {"id": {"type": "string"}}, "additionalProperties": false}',
        facts={"where": "`email`"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1", "email": "a@example.com"}',
        outcome="The reader knows `id` and allows nothing else: the document is not valid.",
    ),
    who=(
        "Consumers that validate what they read and do not know the property, with every document that holds it: new "
        "consumers and the old documents if it was removed, old consumers and the new documents if it was added."
    ),
    ways=(
        "Keep the property, and mark it with `deprecated: true` (draft 2019-09 and later) or in its description.",
        "Open the content model: opening it is allowed at BACKWARD, and consumers pass over what they do not know.",
        "To add a property while old consumers are closed, upgrade them before a producer sends it.",
        (
            "The compatibility policy LENIENT lets this in, for those who remove what nobody sends any more. Documents that "
            "hold the property stay invalid."
        ),
    ),
)

PROPERTY_ADDED_NOT_COVERED: Final = Rule(
    id="JSON_PROPERTY_ADDED_NOT_COVERED",
    error_types=("PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",),
    purpose="A new property allows all that the rule for other properties allowed under its name.",
    remedy="Describe the property so that it allows at least what it allowed before.",
    message=(
        "{reader} allows {reader_kind} for {where}, and {writer} {writer_kind}, as for other properties that it does not "
        "describe"
    ),
    why=(
        "The content model of {writer} is neither open nor closed: `additionalProperties` or `patternProperties` say "
        "what the properties may be that are not described. Under {writer} {where} is one of those, and allows "
        "{writer_kind}. Such a document is not valid under {reader} unless it happens to be {reader_kind} as well."
    ),
    description=(
        "the {reader} schema describes a property at path '{path}' more narrowly than the partially open content "
        "model of the {writer} schema"
    ),
    example=Example(
        old=(
            '{"type": "object", "properties": {"id": {"type": "string"}}, '
            '"additionalProperties": {"type": "string"}}'
        ),
        new=(
            '{"type": "object", "properties": {"id": {"type": "string"}, "total": {"type": "integer"}}, '
            '"additionalProperties": {"type": "string"}}'
        ),
        facts={"where": "`total`", "reader_kind": "an integer", "writer_kind": "a string"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1", "total": "1250"}',
        outcome=(
            "To version 1 `total` is one of the other properties, and these are strings. The reader asks for an integer: "
            "the document is not valid."
        ),
    ),
    who=_WHO,
    ways=(_LENIENT, "Allow both in the new property: the old kind of value and the new one."),
)

PROPERTY_REMOVED_NOT_COVERED: Final = Rule(
    id="JSON_PROPERTY_REMOVED_NOT_COVERED",
    error_types=("PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL",),
    purpose="A property may go if the rule for other properties allows what it held.",
    remedy="Keep the property, or let `additionalProperties` allow what it held.",
    message=(
        "{writer} allows {writer_kind} for {where}, and {reader} {reader_kind}, as for other properties that it does not "
        "describe"
    ),
    why=(
        "The content model of {reader} is neither open nor closed: `additionalProperties` or `patternProperties` say "
        "what the properties may be that are not described. Under {reader} {where} is one of those, so only "
        "{reader_kind} is valid there, and documents written under {writer} hold {writer_kind}."
    ),
    description=(
        "the partially open content model of the {reader} schema does not cover the property at path '{path}' of the "
        "{writer} schema"
    ),
    example=Example(
        old=(
            '{"type": "object", "properties": {"id": {"type": "string"}, "total": {"type": "integer"}}, '
            '"additionalProperties": {"type": "string"}}'
        ),
        new=(
            '{"type": "object", "properties": {"id": {"type": "string"}}, '
            '"additionalProperties": {"type": "string"}}'
        ),
        facts={"where": "`total`", "reader_kind": "a string", "writer_kind": "an integer"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1", "total": 1250}',
        outcome=(
            "To the reader `total` is one of the other properties, and these are strings. It finds a number: the document "
            "is not valid."
        ),
    ),
    who=(
        "Consumers that validate what they read and do not describe the property, with every document that holds it: new "
        "consumers and the old documents if it was removed, old consumers and the new documents if it was added."
    ),
    ways=(
        "Keep the property, and mark it with `deprecated: true` (draft 2019-09 and later) or in its description.",
        "Leave `additionalProperties` out, which allows any other property.",
        (
            "The compatibility policy LENIENT lets this in, for those who remove what nobody sends any more. Documents that "
            "hold the property stay invalid."
        ),
    ),
)

CONTENT_MODEL_CLOSED: Final = Rule(
    id="JSON_CONTENT_MODEL_CLOSED",
    error_types=("ADDITIONAL_PROPERTIES_REMOVED", "UNEVALUATED_PROPERTIES_REMOVED"),
    purpose="A content model that is open stays open.",
    remedy="Leave other properties allowed.",
    message="{reader} forbids every property of {where} that it does not describe, and {writer} allows {writer_kind} there",
    why=(
        "Without `{keyword}: false`, {writer} lets documents hold properties that nobody described. With it, {reader} "
        "forbids them, and with them every document that holds one: a typing error, a field of a newer producer, a remark of "
        "somebody else. To open a content model is safe for readers; to close one is not."
    ),
    description="the {reader} schema forbids at path '{path}' other properties that the {writer} schema allows",
    example=Example(
        old=_OPEN,
        new='{"type": "object", "properties": {"id": {"type": "string"}}, "additionalProperties": false}',
        facts={"where": "the document", "writer_kind": "anything", "keyword": "additionalProperties"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1", "note": "by hand"}',
        outcome="The reader knows `id` and allows nothing else: the document is not valid.",
    ),
    who=_WHO,
    ways=(
        _LENIENT,
        (
            "Decide on open or closed when a subject begins. Closed models let properties be added at BACKWARD, open ones "
            "let them be removed."
        ),
        "Look for documents with other properties before you let the schema in.",
    ),
)

CONTENT_MODEL_NARROWED: Final = Rule(
    id="JSON_CONTENT_MODEL_NARROWED",
    error_types=("ADDITIONAL_PROPERTIES_NARROWED", "UNEVALUATED_PROPERTIES_NARROWED"),
    purpose="Properties that are not described keep what they may be.",
    remedy="Let other properties be what they were before.",
    message=(
        "{reader} allows {reader_kind} for properties of {where} that it does not describe, and {writer} {writer_kind}"
    ),
    why=(
        "`{keyword}` says what the properties may be that a schema does not describe; where it is missing, they may be "
        "anything. A document whose other properties are not {reader_kind} can be valid under {writer}, and is not under "
        "{reader}."
    ),
    description="the {reader} schema limits at path '{path}' other properties more than the {writer} schema",
    example=Example(
        old=_OPEN,
        new=(
            '{"type": "object", "properties": {"id": {"type": "string"}}, '
            '"additionalProperties": {"type": "string"}}'
        ),
        facts={
            "where": "the document",
            "reader_kind": "a string",
            "writer_kind": "anything",
            "keyword": "additionalProperties",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1", "weight": 2.5}',
        outcome="`weight` is not described, and the reader takes strings only there: the document is not valid.",
    ),
    who=_WHO,
    ways=(_LENIENT, "Look for documents with other properties before you let the schema in."),
)
