"""The rules that know no format."""

from typing import Final

from accord.schemas.rules import Example, Rule, Wire

_ORDER: Final = '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}'
_ORDER_WITH_EMAIL: Final = (
    '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
    '{"name": "email", "type": "string", "default": ""}]}'
)
_ID: Final = (("06", "`id`: 3 bytes follow; lengths are zig-zag, so 3 is 06"), ("61 2d 31", "`id`: a-1"))

SCHEMA_TYPE_CHANGED: Final = Rule(
    id="SCHEMA_TYPE_CHANGED",
    purpose="All versions of a subject have one schema type.",
    remedy="Keep the schema type, or register the schema under another subject.",
    message="the new schema is {reader_type}, and {writer} is {writer_type}",
    why=(
        "The three formats have nothing in common on the wire: what was written as {writer_type} cannot be read as "
        "{reader_type}, nor the other way round."
    ),
    description="the new schema is {reader_type} and the old one {writer_type}: no two schema types are compatible",
    example=Example(
        old=_ORDER, new='{"type": "object"}', facts={"reader_type": "JSON", "writer_type": "AVRO"}
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=_ID,
        outcome="A reader of JSON expects text, and no JSON begins with the byte 06: it stops at once.",
    ),
    who=(
        "Readers with the new schema at the first old record, and readers with an old one at the first new record. "
        "Old records stay unreadable for as long as the topic keeps them."
    ),
    ways=(
        (
            "Move to another format by way of another topic: write both for a while, move the consumers, then stop writing "
            "the old one."
        ),
    ),
)

RESERVED_FIELD_REMOVED: Final = Rule(
    id="RESERVED_FIELD_REMOVED",
    error_types=("RESERVED_FIELD_REMOVED", "RESERVED_PROPERTY_REMOVED"),
    purpose="A field name that was reserved once stays reserved.",
    remedy="Put the name back into `confluent:reserved` in the metadata of the new schema.",
    message="{writer} reserves the field name `{field}`, and the metadata of {reader} no longer does",
    why=(
        "A name is reserved because records with a field of that name, of another meaning, may still be around, or "
        "applications that know it. Once it is free again, a later version can give it to a new field, and such "
        "records and applications take one for the other."
    ),
    description="the {writer} schema reserves the field {field}, and the metadata of the {reader} schema does not",
    example=Example(
        old=_ORDER, new=_ORDER, facts={"field": "email"}, old_reserved="email,phone", new_reserved="phone"
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=_ID,
        outcome=(
            "Nothing is wrong with these bytes: both schemas read them. What the rule guards against comes with the "
            "version after, when a field gets the name that is free now."
        ),
        read='{"id": "a-1"}',
    ),
    who=(
        "Nobody yet. Once a later version has a field of that name: readers of it that meet records from before the "
        "name was reserved, and applications that still know the field of that time."
    ),
    ways=(
        (
            "Once no record and no application knows the name any more, let it go on purpose: switch `validateFields` off "
            "for that one registration."
        ),
    ),
)

RESERVED_FIELD_USED: Final = Rule(
    id="RESERVED_FIELD_USED",
    error_types=("FIELD_CONFLICTS_WITH_RESERVED_FIELD", "RESERVED_PROPERTY_CONFLICTS_WITH_PROPERTY"),
    purpose="No field has a name that is reserved.",
    remedy="Give the field another name.",
    message="{reader} has a field `{field}`, and its metadata reserves that name",
    why=(
        "A name is reserved because records with a field of that name, of another meaning, may still be around, or "
        "applications that know it: they would take the new field for the one that they know."
    ),
    description="the {reader} schema has a field {field}, and its metadata reserves that name",
    example=Example(
        old=_ORDER,
        new=_ORDER_WITH_EMAIL,
        facts={"field": "email"},
        old_reserved="email",
        new_reserved="email",
    ),
    wire=Wire(
        value='{"id": "a-1", "email": "x"}',
        pieces=(*_ID, ("02", "`email`: 1 byte follows"), ("78", "`email`: x")),
        outcome=(
            "Version 1 reads `id` and passes over the rest. An application from before the name was reserved has a "
            "field `email` of its own, and takes x for its value."
        ),
        read='{"id": "a-1"}',
        candidate_writes=True,
    ),
    who=(
        "Applications that still know the field as it was before its name was reserved, from the first new record on; "
        "and readers of the new schema that meet records from that time."
    ),
    ways=(
        (
            "Take the name out of `confluent:reserved` if no record and no application knows it any more; that is refused "
            "as RESERVED_FIELD_REMOVED once, so switch `validateFields` off for that one registration."
        ),
    ),
)

SHARED_RULES: Final = (SCHEMA_TYPE_CHANGED, RESERVED_FIELD_REMOVED, RESERVED_FIELD_USED)
