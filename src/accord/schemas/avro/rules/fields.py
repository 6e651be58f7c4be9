"""Rules about the fields of records: which there are, and which of the other side's they stand for."""

from typing import Final

from accord.findings import Severity
from accord.schemas.model import CompatibilityLevel
from accord.schemas.rules import Example, Rule, Telling, Wire

_ID: Final = (("06", "`id`: 3 bytes follow; lengths are zig-zag, so 3 is 06"), ("61 2d 31", "`id`: a-1"))

FIELD_WITHOUT_DEFAULT: Final = Rule(
    id="AVRO_FIELD_WITHOUT_DEFAULT",
    error_types=("READER_FIELD_MISSING_DEFAULT_VALUE",),
    purpose="A field that only the reader has needs a default.",
    remedy=(
        "Give the field a default. If it is an old field under a new name, list the old name among its aliases. "
        "A field that readers still need has to stay in what is written."
    ),
    message="field `{field}` of `{record}` has no default in {reader}, and {writer} does not write it",
    why=(
        "Avro data carries no field names: a reader finds the fields that the writer's schema lists, in that order. "
        "What is written with {writer} holds nothing for `{field}`, and without a default the reader has no value to "
        "put there, so decoding the record fails."
    ),
    description=(
        "field '{field}' at path '{path}' of the {reader} schema has no default and the {writer} schema lacks it"
    ),
    example=Example(
        old='{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}',
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
            '{"name": "email", "type": "string"}]}'
        ),
        facts={"field": "email", "record": "Order"},
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=_ID,
        outcome=(
            "The record ends here. The reader has `id` and nothing for `email`: it stops, and would with every record "
            "that version 1 wrote."
        ),
    ),
    who=(
        "Readers that have the field and no default for it, with every record that was written without it: new "
        "readers and the old records on the topic if the field was added, old readers and all new records if it was "
        "removed."
    ),
    ways=(
        (
            "Take two steps: add the field with a default, and have every producer fill it; drop the default once the old "
            "records have expired."
        ),
        "To remove a field, first give it a default in a version that all consumers take over, and then remove it.",
    ),
)

FIELD_MATCHES_SEVERAL: Final = Rule(
    id="AVRO_FIELD_MATCHES_SEVERAL",
    purpose="A field of the reader takes its value from one field of the writer.",
    remedy="Remove the alias that names a second field of the writer.",
    message="by name and aliases, field `{field}` of `{record}` in {reader} stands for {matches} of {writer} at once",
    why=(
        "A reader's field takes the value of the writer's field that has its name or one of its aliases. With "
        "{matches} all present there is no telling which value is meant: some decoders stop, and others take one of "
        "the values without a word."
    ),
    description="field '{field}' of the {reader} schema stands for several fields of the {writer} schema by name and alias",
    example=Example(
        old=(
            '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "long"}, '
            '{"name": "amount", "type": "long"}]}'
        ),
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "total", "type": "long", '
            '"aliases": ["amount"]}]}'
        ),
        facts={"field": "total", "record": "Order", "matches": "`total` and `amount`"},
    ),
    wire=Wire(
        value='{"total": 1, "amount": 2}',
        pieces=(("02", "`total`: 1, zig-zag"), ("04", "`amount`: 2")),
        outcome=(
            "Both values are for `total`. Accord's decoder takes the one that was written under its very name and drops "
            "the other, and fastavro stops."
        ),
        read='{"total": 1}',
    ),
    who="Readers with the alias, with every record that holds both fields, for as long as the topic keeps them.",
    ways=(
        "To merge two fields, stop writing one of them first, and add the alias when no record holds both.",
    ),
)

FIELD_VALUES_LOST: Final = Rule(
    id="AVRO_FIELD_VALUES_LOST",
    purpose="A renamed field keeps its values only for readers that know both names.",
    remedy="Upgrade the consumers before the producers: the new schema knows both names, and older ones one of them.",
    message=(
        "{reader} reads the default of `{field}` of `{record}` where {writer} writes `{other}`, which is the same field "
        "under another name"
    ),
    why=(
        "Fields are matched by name and by the aliases that the reader lists. `{field}` of the reader matches nothing "
        "that {writer} writes, so it takes its default, and the values of `{other}` are passed over: no error says so."
    ),
    description="the {reader} schema reads the default of field '{field}' where the {writer} schema writes '{other}'",
    example=Example(
        old=(
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
            '{"name": "total", "type": "long", "default": 0}]}'
        ),
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
            '{"name": "amount", "type": "long", "default": 0, "aliases": ["total"]}]}'
        ),
        facts={"field": "total", "other": "amount", "record": "Order"},
        level=CompatibilityLevel.FORWARD,
    ),
    wire=Wire(
        value='{"id": "a-1", "amount": 1250}',
        pieces=(*_ID, ("c4 13", "`amount`: 1250, zig-zag, seven bits a byte")),
        outcome="Version 1 knows no `amount`: its readers pass over 1250, and `total` is 0.",
        read='{"id": "a-1", "total": 0}',
        candidate_writes=True,
    ),
    who=(
        "Readers that know the field under the one name only, with every record that was written under the other. "
        "Nothing fails; the values are missing."
    ),
    ways=(
        "Keep the name, and say in `doc` what it stands for today.",
        "Write both fields for as long as readers of the old name are around.",
    ),
    severity=Severity.WARNING,
    telling=Telling.ONCE,
)

FIELD_LOOKS_RENAMED: Final = Rule(
    id="AVRO_FIELD_LOOKS_RENAMED",
    purpose="A renamed field says what it was called before.",
    remedy="List the old name among the aliases of the new field, and upgrade the consumers before the producers.",
    message=(
        "{reader} reads the default of `{field}` of `{record}` where {writer} writes `{other}`, which looks like the "
        "same field under another name"
    ),
    why=(
        "One field went and one of the same type came, and all words of one name are in the other, so this may be one "
        "field; it is a guess, and refuses nothing. Fields are matched by name and by the aliases that the reader lists: "
        "`{field}` of the reader matches nothing that {writer} writes, so it takes its default, and the values of "
        "`{other}` are passed over."
    ),
    description="the {reader} schema reads the default of field '{field}' where the {writer} schema writes '{other}'",
    example=Example(
        old=(
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
            '{"name": "total", "type": "long", "default": 0}]}'
        ),
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
            '{"name": "total_cents", "type": "long", "default": 0}]}'
        ),
        facts={"field": "total_cents", "other": "total", "record": "Order"},
    ),
    wire=Wire(
        value='{"id": "a-1", "total": 1250}',
        pieces=(*_ID, ("c4 13", "`total`: 1250, zig-zag, seven bits a byte")),
        outcome="The reader knows no `total`: it passes over 1250, and `total_cents` is 0.",
        read='{"id": "a-1", "total_cents": 0}',
    ),
    who=(
        "If it is one field, readers that know it under one name only, with every record that was written under the "
        "other: new readers and the old records, and old readers and all new records. Nothing fails; the values are "
        "missing."
    ),
    ways=(
        "If they are two different fields, there is nothing to do.",
        "Keep the name, and say in `doc` what it stands for today.",
        "Write both fields for as long as old readers or old records are around.",
    ),
    severity=Severity.INFO,
    telling=Telling.ONCE,
)

ALIAS_AMBIGUOUS: Final = Rule(
    id="AVRO_ALIAS_AMBIGUOUS",
    purpose="An alias stands for one thing.",
    remedy="Leave the alias to the one field or type that it is about.",
    message="the alias `{alias}` of {owner} is {other} as well",
    why=(
        "A decoder gives what was written under the name `{alias}` to one of the two, and the other goes without. "
        "Decoders do not agree on which: where one takes a value, another takes a default, or stops."
    ),
    description="the alias at path '{path}' stands for two things",
    example=Example(
        old=(
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
            '{"name": "amount", "type": "long"}]}'
        ),
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
            '{"name": "net", "type": "long", "default": 0, "aliases": ["amount"]}, '
            '{"name": "gross", "type": "long", "default": 0, "aliases": ["amount"]}]}'
        ),
        facts={"alias": "amount", "owner": "`gross` of `Order`", "other": "an alias of `net`"},
    ),
    wire=Wire(
        value='{"id": "a-1", "amount": 1250}',
        pieces=(*_ID, ("c4 13", "`amount`: 1250, zig-zag, seven bits a byte")),
        outcome="Accord's decoder gives 1250 to `net`, the first that claims it, and fastavro gives it to `gross`.",
        read='{"id": "a-1", "net": 1250, "gross": 0}',
    ),
    who="Readers of the new schema, with every record that was written under the name of the alias.",
    ways=("If both should have the value, read it under one name, and let the application fill the other.",),
    severity=Severity.WARNING,
)
