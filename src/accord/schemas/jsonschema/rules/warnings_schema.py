"""Rules about one schema: what the registry lets pass and the specification does not, or what does nothing."""

from typing import Final

from accord.findings import Severity
from accord.schemas.model import SchemaType
from accord.schemas.rules import Example, Rule, Wire

_DRAFT_7: Final = '"$schema": "http://json-schema.org/draft-07/schema#"'

SCHEMA_BREAKS_DRAFT: Final = Rule(
    id="JSON_SCHEMA_BREAKS_DRAFT",
    purpose="A schema is valid under the metaschema of its draft.",
    remedy="Write the keyword as the draft asks, or declare the draft that it belongs to.",
    message="{where}: `{keyword}` is {value}, and by {draft} it must be {expected}",
    why=(
        "Confluent's registry lets it pass, and so does Accord. Validators that check a schema before they use it refuse "
        "the whole schema; others ignore the keyword, or make of it what they like. So consumers do not agree on "
        "what is valid."
    ),
    description="the keyword '{keyword}' at path '{path}' is not as the draft of the schema asks",
    example=Example(
        old='{"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}',
        new='{"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id", "id"]}',
        facts={
            "where": "the document",
            "keyword": "required",
            "value": '["id", "id"]',
            "draft": "draft 7",
            "expected": "a list of names, none twice",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        outcome="A validator that checks the schema first stops there, and never comes to look at the document.",
    ),
    who="Consumers whose validators check the schema, with every document; they do not start at all.",
    severity=Severity.WARNING,
)

DRAFT_UNKNOWN: Final = Rule(
    id="JSON_DRAFT_UNKNOWN",
    purpose="The draft that a schema declares is one that exists.",
    remedy="Let `$schema` name one of the drafts 4, 6, 7, 2019-09 and 2020-12, or leave it out.",
    message="`$schema` is {value}, which is no draft that is known here; the schema is read as {draft}",
    why=(
        "The draft decides what some keywords mean. The registry reads a schema of an unknown draft as {draft}; what a "
        "validator makes of it is its own affair: some take their newest draft, some refuse the schema."
    ),
    description="the schema declares a draft that is not known, at path '{path}'",
    example=Example(
        old=f'{{{_DRAFT_7}, "type": "string"}}',
        new='{"$schema": "https://example.com/my-draft", "type": "string"}',
        facts={"value": '"https://example.com/my-draft"', "draft": "draft 7"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='"shop"',
        outcome="A validator looks for the draft first, does not find it, and stops; one that guesses goes on.",
    ),
    who="Consumers whose validators go by `$schema`, with every document.",
    severity=Severity.WARNING,
)

TEXT_AFTER_SCHEMA: Final = Rule(
    id="JSON_TEXT_AFTER_SCHEMA",
    purpose="The text of a schema is one JSON value.",
    remedy="Take out what follows the schema.",
    message="after the end of the schema the text goes on with {value}; the registry leaves that out",
    why=(
        "Confluent's registry reads the first JSON value of the text, stores that, and says nothing about the rest. "
        "If the rest was meant to count, as after a merge that went wrong, it does not."
    ),
    description="the text goes on after the end of the schema",
    example=Example(
        old='{"type": "object"}',
        new='{"type": "object"} {"type": "object", "required": ["id"]}',
        facts={"value": '`{"type": "object", "required": ["id"]}`'},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value="{}",
        outcome="The second part of the text asks for `id`, and nobody looks at it: the document is valid.",
        read="{}",
    ),
    who="Whoever wrote the rest and relies on it; nobody else notices.",
    severity=Severity.WARNING,
)

KEYWORD_WITHOUT_EFFECT: Final = Rule(
    id="JSON_KEYWORD_WITHOUT_EFFECT",
    purpose="What is written in a schema should do something.",
    remedy="Take the keyword out, or write it in the way that the draft knows.",
    message="{where}: `{keyword}` does nothing, because {reason}",
    why=(
        "A validator passes over it without a word: documents are valid that it was meant to rule out. It begins to "
        "count when the schema moves to another draft, and then as a change that nobody made."
    ),
    description="the keyword '{keyword}' at path '{path}' does nothing",
    example=Example(
        old='{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}}',
        new=(
            '{"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, '
            '"dependentRequired": {"a": ["b"]}}'
        ),
        facts={
            "where": "the document",
            "keyword": "dependentRequired",
            "reason": "draft 7 does not know it; it came with draft 2019-09",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"a": "x"}',
        outcome="`b` is not there, and the document is valid all the same.",
        read='{"a": "x"}',
    ),
    who="Applications that rely on the keyword: they meet documents that it was meant to rule out.",
    ways=(
        "In drafts 4 to 7 `dependencies` says what `dependentRequired` and `dependentSchemas` say later on.",
        "In drafts 4 to 7 put a `$ref` and its neighbours into an `allOf`; then both count.",
    ),
    severity=Severity.INFO,
)

PATTERN_NOT_PORTABLE: Final = Rule(
    id="JSON_PATTERN_NOT_PORTABLE",
    purpose="A pattern is a regular expression of ECMA-262, the standard behind JavaScript.",
    remedy="Write the pattern without what only some languages know.",
    message="{where}: {value} is no regular expression of ECMA-262",
    why=(
        "The specification asks for regular expressions as JavaScript has them. Confluent's registry takes those of Java, "
        "which know more. Validators in other languages refuse such a schema, or match other strings."
    ),
    description="the pattern at path '{path}' is no regular expression of ECMA-262",
    example=Example(
        old='{"type": "string", "pattern": "\\\\A[a-z]+\\\\z"}',
        new='{"type": "string", "pattern": "\\\\A[a-z]+\\\\z", "description": "a code"}',
        facts={"where": "the document", "value": '"\\\\A[a-z]+\\\\z"'},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='"shop"',
        outcome="A validator in Java takes it; one that holds to the standard does not take the schema.",
    ),
    who="Consumers in other languages than Java, with every document, from the moment they load the schema.",
    ways=(
        "`^` and `$` stand for `\\A` and `\\z`; `[A-Za-z]` says what the flag `(?i)` was for.",
        "Possessive quantifiers such as `a++` can be written as `a+` in almost every pattern.",
    ),
    severity=Severity.WARNING,
)

NO_VALUE_POSSIBLE: Final = Rule(
    id="JSON_NO_VALUE_POSSIBLE",
    purpose="There is a value for every schema, unless it says `false` in plain words.",
    remedy="Correct the keywords that rule each other out.",
    message="{where} can have no value: {reason}",
    why=(
        "The keywords contradict each other, so whatever stands there is not valid. A property of this kind can only be "
        "left out; where it is required, or it is the whole document, nothing is valid at all."
    ),
    description="no value is valid under the schema at path '{path}'",
    example=Example(
        old=(
            '{"type": "object", "properties": {"id": {"type": "string"}, '
            '"code": {"type": "string", "minLength": 8, "maxLength": 4}}}'
        ),
        new=(
            '{"type": "object", "properties": {"id": {"type": "string"}, '
            '"code": {"type": "string", "minLength": 8, "maxLength": 4, "title": "Code"}}}'
        ),
        facts={"where": "`code`", "reason": "`minLength` is 8 and `maxLength` is 4"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        outcome="The document passes because it leaves `code` out; none that has it would.",
        read='{"id": "a-1"}',
    ),
    who="Producers, as soon as they fill the property: the serializer refuses every such document.",
    severity=Severity.WARNING,
)

DEFAULT_NOT_VALID: Final = Rule(
    id="JSON_DEFAULT_NOT_VALID",
    purpose="A default is valid under the schema that it is the default of.",
    remedy="Give a default that the schema allows, or allow this one.",
    message="the default of {where} is {value}, which its own schema does not allow",
    why=(
        "Validators do nothing with a default. Applications, generated classes and forms do: they fill it in where a "
        "document leaves the property out, and what they write then is not valid under the same schema."
    ),
    description="the default at path '{path}' is not valid under its own schema",
    example=Example(
        old='{"type": "object", "properties": {"id": {"type": "string"}, "count": {"type": "integer"}}}',
        new=(
            '{"type": "object", "properties": {"id": {"type": "string"}, "count": {"type": "integer", "default": "none"}}}'
        ),
        facts={"where": "`count`", "value": '"none"'},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        outcome='The document is valid. With its default filled in, `"count": "none"`, it would not be.',
        read='{"id": "a-1"}',
    ),
    who="Applications that fill in defaults, and whoever reads what they pass on.",
    severity=Severity.WARNING,
)

REFERENCE_CIRCULAR: Final = Rule(
    id="JSON_REFERENCE_CIRCULAR",
    purpose="A schema may lead back to itself by way of a part of the value, and not otherwise.",
    remedy="Let the reference stand under a property or an item, or point it at what was meant.",
    message="{where} leads back to itself without a step into the value, so it says nothing",
    why=(
        "To know whether a value is valid, a validator would have to know it already. Some go round in a circle until "
        "they run out of memory, some stop with an error, some take every value."
    ),
    description="the schema at path '{path}' leads back to itself without a step into the value",
    example=Example(
        old=(
            '{"type": "object", "properties": {"next": {"$ref": "#/definitions/next"}}, '
            '"definitions": {"next": {"$ref": "#/definitions/next"}}}'
        ),
        new=(
            '{"type": "object", "properties": {"next": {"$ref": "#/definitions/next"}}, '
            '"definitions": {"next": {"$ref": "#/definitions/next"}}, "title": "Node"}'
        ),
        facts={"where": "the definition `next`"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"next": 1}',
        outcome="`next` is as `next` is: there is no answer. What happens depends on the validator.",
        read='{"next": 1}',
    ),
    who="Consumers and producers that validate, with every document that has a value there.",
    ways=(
        "A list is written as an object with a property that refers to the object: each step is a step inwards.",
    ),
    severity=Severity.WARNING,
)

SCHEMA_WARNINGS: Final = (
    SCHEMA_BREAKS_DRAFT,
    DRAFT_UNKNOWN,
    TEXT_AFTER_SCHEMA,
    PATTERN_NOT_PORTABLE,
    NO_VALUE_POSSIBLE,
    REFERENCE_CIRCULAR,
    DEFAULT_NOT_VALID,
    KEYWORD_WITHOUT_EFFECT,
)
