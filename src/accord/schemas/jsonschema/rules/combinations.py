"""Rules about schemas that are put together from others: oneOf, anyOf, allOf, not, and lists of types."""

from typing import Final

from accord.schemas.model import SchemaType
from accord.schemas.rules import Example, Rule, Wire

_KINDS: Final = "{writer} allows {writer_kind} for {where}, and {reader} {reader_kind}"
_WHO: Final = (
    "Consumers that validate what they read, with the documents that fit the writer's combination and not theirs, and no "
    "others."
)

BRANCH_REMOVED: Final = Rule(
    id="JSON_BRANCH_REMOVED",
    error_types=("SUM_TYPE_NARROWED",),
    purpose="A branch that could be written stays allowed.",
    remedy="Keep the branch. To be rid of it, stop writing it first, and remove it when no such document is left.",
    message=_KINDS,
    why=(
        "Each branch of `oneOf`, of `anyOf` or of a list of types is one more kind of value that is valid. With fewer "
        "of them, documents written under {writer} may hold a kind of value that {reader} has no branch for."
    ),
    description="the combined type at path '{path}' of the {reader} schema has fewer branches than in the {writer} schema",
    example=Example(
        old=(
            '{"type": "object", "properties": {"note": {"oneOf": '
            '[{"type": "string"}, {"type": "integer"}, {"type": "null"}]}}}'
        ),
        new='{"type": "object", "properties": {"note": {"oneOf": [{"type": "string"}, {"type": "null"}]}}}',
        facts={
            "where": "`note`",
            "reader_kind": "a string or null",
            "writer_kind": "a string, an integer or null",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"note": 7}',
        outcome="The reader allows a string or null and finds a number: the document is not valid.",
    ),
    who=(
        "Consumers without the branch, with the documents that hold it and no others: new consumers and such old "
        "documents if it was removed, old consumers and such new documents if it was added."
    ),
    ways=(
        "To add a branch, upgrade every consumer before a producer writes it.",
        "Instead of a branch, add a property of its own that may be left out.",
    ),
)

BRANCHES_CHANGED: Final = Rule(
    id="JSON_BRANCHES_CHANGED",
    error_types=("COMBINED_TYPE_SUBSCHEMAS_CHANGED",),
    purpose="Every part of a combination has a counterpart that allows as much.",
    remedy="Let each part stay as it was, or change it in compatible ways only; add what is new as another branch.",
    message=_KINDS,
    why=(
        "The parts of a combination are the branches of `oneOf`, `anyOf` and `allOf`, the types of a list, and keywords "
        "that stand side by side. Each part of {writer} is set beside one of {reader}, and here there is none for one of "
        "them that allows all that it allows: documents written with that part may not be valid under {reader}."
    ),
    description=(
        "a part of the combined type at path '{path}' of the {writer} schema has no compatible counterpart in the "
        "{reader} schema"
    ),
    example=Example(
        old=(
            '{"type": "object", "properties": {"paid": {"oneOf": [{"type": "null"}, '
            '{"type": "object", "properties": {"amount": {"type": "number"}}}]}}}'
        ),
        new=(
            '{"type": "object", "properties": {"paid": {"oneOf": [{"type": "null"}, '
            '{"type": "object", "properties": {"amount": {"type": "string"}}}]}}}'
        ),
        facts={
            "where": "`paid`",
            "reader_kind": "null or an object under other rules",
            "writer_kind": "null or an object",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"paid": {"amount": 12}}',
        outcome="The one branch wants null and the other a string for `amount`, so neither takes it: it is not valid.",
    ),
    who=_WHO,
    ways=("Keep the old branch beside the new one until no document that needs it is left.",),
)

COMBINATION_CHANGED: Final = Rule(
    id="JSON_COMBINATION_CHANGED",
    error_types=("COMBINED_TYPE_CHANGED",),
    purpose="Parts stay combined in the way that they were.",
    remedy="Keep the keyword that combines them.",
    message="{where} has to fit {reader_criterion} in {reader}, and {writer_criterion} in {writer}",
    why=(
        "A value fits `anyOf` if at least one branch takes it, `oneOf` if exactly one does, and `allOf` if all do; a list "
        "of types counts as `anyOf`. What fits one way need not fit another, even with the same branches: a value that "
        "two branches of {writer} take may be one too many for {reader}, or one too few."
    ),
    description="the {reader} schema combines otherwise than the {writer} schema at path '{path}'",
    example=Example(
        old=(
            '{"type": "object", "properties": {"price": {"anyOf": '
            '[{"type": "number"}, {"type": "integer"}]}}}'
        ),
        new=(
            '{"type": "object", "properties": {"price": {"oneOf": '
            '[{"type": "number"}, {"type": "integer"}]}}}'
        ),
        facts={
            "where": "`price`",
            "reader_criterion": "exactly one branch of its `oneOf`",
            "writer_criterion": "one branch of its `anyOf` or more",
        },
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"price": 12}',
        outcome="12 is an integer and a number, so both branches take it, and the reader allows one: it is not valid.",
    ),
    who=_WHO,
    ways=(
        (
            "Where every two branches exclude each other, `anyOf` and `oneOf` mean the same: keep the one that is there, "
            "or let the change in with force."
        ),
    ),
)

CONDITION_ADDED: Final = Rule(
    id="JSON_CONDITION_ADDED",
    error_types=("PRODUCT_TYPE_EXTENDED",),
    purpose="A value has no more conditions to meet than before.",
    remedy="Leave the new part of `allOf` out.",
    message="{where} has to meet {reader_count} conditions at once in {reader}, and {writer_count} in {writer}",
    why=(
        "A value is valid under `allOf` only if every one of its parts takes it; kinds of keywords that stand side by "
        "side count as such parts. There are more of them in {reader} than in {writer}, and a document that meets the "
        "old conditions need not meet the new ones."
    ),
    description="the allOf at path '{path}' of the {reader} schema has more parts than in the {writer} schema",
    example=Example(
        old='{"allOf": [{"type": "object", "required": ["id"]}]}',
        new='{"allOf": [{"type": "object", "required": ["id"]}, {"type": "object", "required": ["email"]}]}',
        facts={"where": "the document", "reader_count": "2", "writer_count": "1"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        outcome="The first part takes it, and the second asks for `email`: the document is not valid.",
    ),
    who="Consumers that validate what they read and know the condition, with the documents that do not meet it.",
    ways=(
        "Have every producer meet the condition first; add it when the other documents have expired.",
        "Check the condition in the application that reads, and let the schema stay as it is.",
    ),
)

NEGATION_EXTENDED: Final = Rule(
    id="JSON_NEGATION_EXTENDED",
    error_types=("NOT_TYPE_EXTENDED",),
    purpose="What was not forbidden stays allowed.",
    remedy="Let `not` forbid what it did before, or less.",
    message="{reader} forbids {reader_kind} for {where}, and {writer} {writer_kind}",
    why=(
        "`not` turns a schema round: the more the schema below it allows, the more is forbidden. The one in {reader} "
        "allows something that the one in {writer} does not, so a document that was valid may be forbidden now."
    ),
    description="the {reader} schema forbids at path '{path}' what the {writer} schema does not",
    example=Example(
        old='{"type": "object", "properties": {"code": {"not": {"type": "integer"}}}}',
        new='{"type": "object", "properties": {"code": {"not": {"type": "number"}}}}',
        facts={"where": "`code`", "reader_kind": "a number", "writer_kind": "an integer"},
        type=SchemaType.JSON,
    ),
    wire=Wire(
        value='{"code": 1.5}',
        outcome="1.5 is no integer, so version 1 takes it, and it is a number, which the reader forbids: it is not valid.",
    ),
    who="Consumers that validate what they read and forbid more, with the documents that hold it and no others.",
    ways=("Say what is allowed instead of what is forbidden: a list of types can be widened at any time.",),
)
