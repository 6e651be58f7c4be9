"""Rules about what an object must hold because it holds something else."""

from typing import Final

from accord.schemas.model import SchemaType
from accord.schemas.rules import Example, Rule, Wire

_CARD: Final = '{"card": {"type": "string"}, "cvc": {"type": "string"}}'

DEPENDENCY_ADDED: Final = Rule(
    id="JSON_DEPENDENCY_ADDED",
    error_types=("DEPENDENCY_ARRAY_ADDED", "DEPENDENCY_ARRAY_EXTENDED", "DEPENDENCY_ARRAY_CHANGED"),
    purpose="One property does not begin to require another.",
    remedy="Leave the dependency as it was.",
    message="where {where} has `{name}`, {reader} requires {names} as well, and {writer} does not",
    why=(
        "With `dependentRequired` (`dependencies` up to draft 7) an object that has `{name}` is valid only if it has "
        "{names} as well. A document with the one and without the other is valid under {writer}, and is not under "
        "{reader}."
    ),
    description="the {reader} schema asks at path '{path}' for properties that the {writer} schema does not ask for",
    example=Example(
        old=f'{{"type": "object", "properties": {_CARD}}}',
        new=f'{{"type": "object", "properties": {_CARD}, "dependencies": {{"card": ["cvc"]}}}}',
        facts={"where": "the document", "name": "card", "names": "`cvc`"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"card": "4242"}',
        outcome="The document has `card`, so the reader looks for `cvc` and finds nothing: it is not valid.",
    ),
    who=(
        "Consumers that validate what they read and know the dependency, with the documents that have the one property "
        "without the other."
    ),
    ways=(
        "Have every producer send both first; add the dependency when the other documents have expired.",
        "Check it in the application that reads, and let the schema stay as it is.",
    ),
)

DEPENDENT_SCHEMA_ADDED: Final = Rule(
    id="JSON_DEPENDENT_SCHEMA_ADDED",
    error_types=("DEPENDENCY_SCHEMA_ADDED",),
    purpose="A property does not begin to ask more of the object that has it.",
    remedy="Leave the dependent schema out.",
    message="where {where} has `{name}`, {reader} applies one more schema to it, and {writer} does not",
    why=(
        "With `dependentSchemas` (`dependencies` up to draft 7) an object that has `{name}` must be valid under one more "
        "schema. A document that has it and does not fit that schema is valid under {writer}, and is not under {reader}."
    ),
    description="the {reader} schema has a dependent schema at path '{path}' and the {writer} schema has none",
    example=Example(
        old=f'{{"type": "object", "properties": {_CARD}}}',
        new=(
            f'{{"type": "object", "properties": {_CARD}, '
            '"dependencies": {"card": {"properties": {"cvc": {"minLength": 3}}}}}'
        ),
        facts={"where": "the document", "name": "card"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"card": "4242", "cvc": "1"}',
        outcome=(
            "The document has `card`, so the reader asks for a `cvc` of 3 characters at least: the document is not valid."
        ),
    ),
    who=(
        "Consumers that validate what they read and know the dependency, with the documents that have the property and "
        "do not fit."
    ),
    ways=(
        "Have every producer keep to it first; add it when the other documents have expired.",
        "Check it in the application that reads, and let the schema stay as it is.",
    ),
)
