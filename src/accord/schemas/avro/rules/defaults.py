"""Rules about the defaults of fields."""

from typing import Final

from accord.findings import Severity
from accord.schemas.rules import Example, Rule, Wire

_ID: Final = (("06", "`id`: 3 bytes follow; lengths are zig-zag, so 3 is 06"), ("61 2d 31", "`id`: a-1"))

DEFAULT_UNREADABLE: Final = Rule(
    id="AVRO_DEFAULT_UNREADABLE",
    purpose="A default fits its type in the way that the Avro specification asks for.",
    remedy="Give a default that fits the type, in all that it holds.",
    message="the default of {where} is one that not every reader accepts: {problem}",
    why=(
        "Confluent's registry lets this default pass, and so does Accord. The Avro specification does not: of the "
        "readers that need the default some fail, and the others do not agree on the value."
    ),
    description="the default at path '{path}' is not one that the Avro specification allows",
    example=Example(
        old='{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}',
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
            '{"name": "status", "default": "NONE", '
            '"type": {"type": "enum", "name": "Status", "symbols": ["OPEN", "PAID"]}}]}'
        ),
        facts={"where": "`status` of `Order`", "problem": '"NONE" is not a symbol of the enum `Status`'},
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=_ID,
        outcome=(
            "The record ends here, so `status` takes its default. Accord's decoder and fastavro give NONE, which is no "
            "Status: applications that know only OPEN and PAID trip over it, and a generated enum has nothing for it."
        ),
        read='{"id": "a-1", "status": "NONE"}',
    ),
    who=(
        "Readers of the schema that need the default: those that read records without the field, which are the old "
        "ones now, and others once the field is removed again. Records that hold the field are not affected."
    ),
    severity=Severity.WARNING,
)

DEFAULT_OF_LATER_BRANCH: Final = Rule(
    id="AVRO_DEFAULT_OF_LATER_BRANCH",
    purpose="The default of a union fits its first branch, as long as there are readers before Avro 1.12.",
    remedy="Put the branch that the default is of first in the union.",
    message="readers before Avro 1.12 do not accept the default of {where}: {problem}",
    why=(
        "Since Avro 1.12 the default of a union may be of any of its branches; before, only of the first. Confluent's "
        "registry lets it pass. Libraries that keep to the older specification may refuse to parse the schema, or drop "
        "the default, and then fail at records without the field."
    ),
    description="the default at path '{path}' fits another branch of the union than the first",
    example=Example(
        old='{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}',
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
            '{"name": "note", "type": ["string", "null"], "default": null}]}'
        ),
        facts={
            "where": "`note` of `Order`",
            "problem": "it fits another branch of the union than the first",
        },
    ),
    wire=Wire(
        value='{"id": "a-1"}',
        pieces=_ID,
        outcome="The record ends here, so `note` takes its default. Accord's decoder and fastavro give null.",
        read='{"id": "a-1", "note": null}',
    ),
    who=(
        "Readers before Avro 1.12 that need the default: those that read records without the field, which are the old "
        "ones now, and others once the field is removed again."
    ),
    ways=("Where every reader is of Avro 1.12 or later, there is nothing to do.",),
    severity=Severity.INFO,
)
