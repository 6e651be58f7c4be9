"""Rules about pairs that the registry's comparison lets pass, although a document can be valid before and not after."""

from typing import Final

from accord.findings import Severity
from accord.schemas.model import CompatibilityPolicy, SchemaType
from accord.schemas.rules import Example, Rule, Wire

_ID: Final = '{"type": "object", "properties": {"id": {"type": "string"}}}'
_WITH_EMAIL: Final = (
    '{"type": "object", "properties": {"id": {"type": "string"}, "email": {"type": "string"}}}'
)
_PROVEN: Final = (
    "Accord goes through both schemas a second time, by the specification alone, and warns of every place where it "
    "cannot prove that the reader takes what the writer allows."
)

PROPERTY_MEETS_OTHER_VALUES: Final = Rule(
    id="JSON_PROPERTY_MEETS_OTHER_VALUES",
    purpose="A name that was not described may have been in use all the same.",
    remedy="Let the value be anything, or make sure that no document holds something else under that name.",
    message="{reader} describes {where}, and {writer} allows anything there",
    why=(
        "At this place the content model of {writer} is open: a document may have {where} already, with any value. "
        "The comparison takes for granted that none has. Where one does, it need not be valid under {reader}."
    ),
    description="the {reader} schema describes what the {writer} schema leaves open at path '{path}'",
    example=Example(
        old=_ID,
        new=_WITH_EMAIL,
        facts={"where": "`email`"},
        type=SchemaType.JSON,
        policy=CompatibilityPolicy.LENIENT,
    ),
    wire=Wire(
        value='{"id": "a-1", "email": false}',
        outcome="`email` was nothing to the writer; the reader wants a string and finds false: not valid.",
    ),
    who=(
        "Consumers that validate what they read, with the documents that hold something else under that name: old "
        "documents if it was described in the new schema, new ones if the description was dropped."
    ),
    ways=(
        "Look through the topic for the name before you describe it: then it is known, not taken for granted.",
        "Close the content model from the first version on, and names come free of meaning.",
        "Choose a name that nobody can have used.",
    ),
    severity=Severity.WARNING,
)

PROPERTY_NO_LONGER_ALLOWED: Final = Rule(
    id="JSON_PROPERTY_NO_LONGER_ALLOWED",
    purpose="A property that may be there has to be allowed by every reader.",
    remedy="Keep the property, or open the content model of the reader.",
    message="{writer} allows {where}, and {reader} does not",
    why=(
        "The content model of {reader} is not open: a document that has {where} is not valid under it, whatever the "
        "value. The comparison takes for granted that no document has it, or does not look there."
    ),
    description="the {reader} schema does not allow what the {writer} schema allows at path '{path}'",
    example=Example(
        old=_WITH_EMAIL.replace("}}}", '}}, "additionalProperties": false}'),
        new=_ID.replace("}}}", '}}, "additionalProperties": false}'),
        facts={"where": "`email`"},
        type=SchemaType.JSON,
        policy=CompatibilityPolicy.LENIENT,
    ),
    wire=Wire(
        value='{"id": "a-1", "email": "a@example.com"}',
        outcome="The reader knows `id` and nothing else; `email` is one property too many: not valid.",
    ),
    who=(
        "Consumers that validate what they read, with every document that has the property: old documents if it was "
        "taken out, new ones if it was added."
    ),
    ways=(
        "Stop writing the property, and take it out when the documents with it have expired.",
        "Keep it as a property that may hold anything.",
    ),
    severity=Severity.WARNING,
)

DEFAULT_FILLS_NOTHING_IN: Final = Rule(
    id="JSON_DEFAULT_FILLS_NOTHING_IN",
    purpose="A default does not make up for a property that is not there.",
    remedy="Leave the property out of `required`.",
    message="{reader} requires {where} and gives a default, and a document of {writer} may be without it",
    why=(
        "In JSON Schema a default says something about a property and does nothing: no validator puts it in. Without "
        "{where} a document is not valid under {reader}. Confluent's comparison counts it as compatible for the sake "
        "of the default."
    ),
    description="the {reader} schema requires a property with a default that the {writer} schema does not, at path '{path}'",
    example=Example(
        old='{"type": "object", "properties": {"id": {"type": "string"}, "note": {"type": "string", "default": ""}}}',
        new=(
            '{"type": "object", "properties": {"id": {"type": "string"}, "note": {"type": "string", "default": ""}}, '
            '"required": ["note"]}'
        ),
        facts={"where": "`note`"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        outcome="The reader requires `note` and finds nothing; its default is not looked at: not valid.",
    ),
    who=(
        "Consumers that validate what they read, with every document that leaves the property out. Consumers that fill "
        "in defaults before they validate are not affected."
    ),
    ways=(
        "Have every producer fill the property first, and require it when the documents without it have expired.",
        "Let applications that need the value take the default themselves.",
    ),
    severity=Severity.WARNING,
)

ONE_OF_AMBIGUOUS: Final = Rule(
    id="JSON_ONE_OF_AMBIGUOUS",
    purpose="Under a oneOf a value is valid under one branch, not two.",
    remedy="Tell the branches apart, for instance by a property with a `const` of its own; or use anyOf.",
    message="{where} in {reader}: {reason}, which a oneOf refuses",
    why=(
        "A oneOf takes a value that is valid under exactly one of its branches. Each branch that is added or widened "
        "can make a second one of it for a value that had one before. The comparison pairs the branches of {writer} "
        "with those of {reader}, and does not ask whether another takes the value as well."
    ),
    description="a value of the {writer} schema may be valid under two branches of the {reader} schema at path '{path}'",
    example=Example(
        old='{"oneOf": [{"type": "string"}, {"type": "integer"}]}',
        new='{"oneOf": [{"type": "string"}, {"type": "integer"}, {"type": "number"}]}',
        facts={
            "where": "the document",
            "reason": "a value may be valid under branch 2 and branch 3",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value="5",
        outcome="5 is an integer and, as every integer, a number: two branches take it, so the oneOf does not.",
    ),
    who=(
        "Consumers that validate what they read, with the values that both branches take. Such values were written "
        "before, and are refused now."
    ),
    ways=(
        "With anyOf in place of oneOf it does not matter how many branches take a value.",
        "Objects are told apart best by a required property that has another `const` in every branch.",
    ),
    severity=Severity.WARNING,
)

KEYWORD_NOT_COMPARED: Final = Rule(
    id="JSON_KEYWORD_NOT_COMPARED",
    purpose="What a schema asks for counts, also where the registry's comparison does not look.",
    remedy="Take the keyword back, or make sure that every document is as it asks.",
    message="{where} in {reader}: `{keyword}` is not compared by the registry, and {reason}",
    why=(
        "Confluent's comparison does not look at `{keyword}`, or not in this draft, or only at whether it is there. "
        "Validators do: what {writer} allows need not be valid under {reader}."
    ),
    description="the {reader} schema asks for more than the {writer} schema by '{keyword}' at path '{path}'",
    example=Example(
        old='{"type": "array"}',
        new='{"type": "array", "contains": {"type": "number"}}',
        facts={
            "where": "the document",
            "keyword": "contains",
            "reason": "an array need not hold such items",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='["a"]',
        outcome="The reader looks for a number among the items and finds none: not valid.",
    ),
    who=(
        "Consumers that validate what they read with the schema that asks for more, with the documents that are not as "
        "it asks."
    ),
    ways=(
        _PROVEN,
        "Ask for it under another name first: write documents that fulfil it for a while, and add the keyword when all that do not have expired.",
    ),
    severity=Severity.WARNING,
)

DRAFT_READS_OTHERWISE: Final = Rule(
    id="JSON_DRAFT_READS_OTHERWISE",
    purpose="A schema stays with its draft, or says the same in the other one.",
    remedy="Keep the draft, or write the keyword in the way that the new one means it.",
    message="{where} means another thing in {reader_draft}, that of {reader}, than in {writer_draft}: {reason}",
    why=(
        "The drafts of JSON Schema differ in what some keywords mean: whether 1.0 is an integer, what stands beside a "
        "`$ref`, which keywords are known at all. The comparison reads both schemas, and does not tell these "
        "differences. By {reader_draft} a document that is valid under {writer} need not be valid any more."
    ),
    description="a keyword at path '{path}' means another thing in the draft of the {reader} schema",
    example=Example(
        old=(
            '{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", '
            '"properties": {"count": {"type": "integer"}}}'
        ),
        new=(
            '{"$schema": "http://json-schema.org/draft-04/schema#", "type": "object", '
            '"properties": {"count": {"type": "integer"}}}'
        ),
        facts={
            "where": "`count`",
            "reader_draft": "draft 4",
            "writer_draft": "draft 7",
            "reason": '`type` is "integer", and a value may be an integer written as 1.0',
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"count": 1.0}',
        outcome="Since draft 6 a number without a fraction is an integer however it is written; in draft 4 1.0 is none.",
    ),
    who=(
        "Consumers that validate what they read by the draft of the reader, with the documents that the two drafts do "
        "not agree on."
    ),
    ways=("Change the draft in a version of its own, so that nothing else hides behind it.",),
    severity=Severity.WARNING,
)

DOCUMENT_MAY_BE_REFUSED: Final = Rule(
    id="JSON_DOCUMENT_MAY_BE_REFUSED",
    purpose="What one schema allows and the next does not is a break, whoever calls it compatible.",
    remedy="Let the reader allow what the writer allows at that place.",
    message="{where} in {reader}: {reason}",
    why=(
        "Confluent's comparison finds nothing here: it pairs the parts of the two schemas by their form. By the "
        "specification it cannot be shown that {reader} takes whatever {writer} allows at this place."
    ),
    description="the {reader} schema may refuse what the {writer} schema allows at path '{path}'",
    example=Example(
        old='{"minLength": 2}',
        new='{"type": "string"}',
        facts={
            "where": "the document",
            "reason": (
                '`type` is "string", and a value may be null, true or false, a number, an array or an object'
            ),
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value="5",
        outcome="A keyword about strings says nothing about 5, so it was valid. The reader takes strings only.",
    ),
    who="Consumers that validate what they read, with the documents that the warning speaks of and no others.",
    ways=(
        _PROVEN,
        (
            "A schema that is built of many alternatives may be beyond such a proof and right all the same. Simpler "
            "alternatives, told apart by a `const`, are within it."
        ),
    ),
    severity=Severity.WARNING,
)

FORMAT_NOT_COMPARED: Final = Rule(
    id="JSON_FORMAT_NOT_COMPARED",
    purpose="Some validators check formats and encodings, and most do not.",
    remedy="Nothing has to be done unless consumers switch these checks on.",
    message="{where} has `{keyword}` {reader_value} in {reader}, and {writer_value} in {writer}",
    why=(
        "By the specification such a keyword describes a string, and a validator checks it only if it is asked to. "
        "Confluent's comparison does not look at it. Where consumers do check it, a string that was fine under "
        "{writer} need not be under {reader}."
    ),
    description="the {reader} schema has another '{keyword}' than the {writer} schema at path '{path}'",
    example=Example(
        old='{"type": "string"}',
        new='{"type": "string", "format": "email"}',
        facts={
            "where": "the document",
            "keyword": "format",
            "reader_value": '"email"',
            "writer_value": "none",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='"shop"',
        outcome="A validator that checks formats refuses it, because no address has that form; others take it.",
        read='"shop"',
    ),
    who="Consumers whose validators check formats, with the strings that are not of the format.",
    severity=Severity.INFO,
)

PAIR_WARNINGS: Final = (
    PROPERTY_MEETS_OTHER_VALUES,
    PROPERTY_NO_LONGER_ALLOWED,
    DEFAULT_FILLS_NOTHING_IN,
    ONE_OF_AMBIGUOUS,
    KEYWORD_NOT_COMPARED,
    DRAFT_READS_OTHERWISE,
    DOCUMENT_MAY_BE_REFUSED,
    FORMAT_NOT_COMPARED,
)
