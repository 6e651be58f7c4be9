"""Rules about the symbols of enums."""

from typing import Final

from accord.findings import Severity
from accord.schemas.rules import Example, Rule, Telling, Wire

_VOID: Final = (("04", "symbol 2 of the writer's enum, VOID; numbers are zig-zag, so 2 is 04"),)

ENUM_SYMBOLS_MISSING: Final = Rule(
    id="AVRO_ENUM_SYMBOLS_MISSING",
    error_types=("MISSING_ENUM_SYMBOLS",),
    purpose="A symbol that can be written must be known to the reader, or the reader's enum needs a default.",
    remedy="Put the symbols back, or give the enum a default that stands for symbols the reader does not know.",
    message="{reader} does not know {symbols} of the enum `{enum}`, which {writer} can write",
    why=(
        "An enum travels as a number, and the writer's schema says which symbol it stands for. A reader that knows "
        "neither the symbol nor a default for unknown ones has no value to give, so decoding the record fails. It "
        "shows only when a record with such a symbol comes along."
    ),
    description="the enum at path '{path}' of the {reader} schema lacks {symbols} of the {writer} schema and has no default",
    example=Example(
        old='{"type": "enum", "name": "Status", "symbols": ["OPEN", "PAID", "VOID"]}',
        new='{"type": "enum", "name": "Status", "symbols": ["OPEN", "PAID"]}',
        facts={"enum": "Status", "symbols": "VOID"},
    ),
    wire=Wire(
        value='"VOID"',
        pieces=_VOID,
        outcome="The reader knows that VOID was meant, has no such symbol and no default, and stops.",
    ),
    who=(
        "Readers without the symbol, with the records that hold it and no others: new readers and such old records if "
        "it was removed, old readers and such new records if it was added."
    ),
    ways=(
        "Begin every enum with a symbol such as UNKNOWN and make it the default, before a symbol has to be added.",
        "To add a symbol without a default, upgrade every consumer before a producer writes it.",
        "To remove one, stop writing it, and wait until no record with it is left.",
    ),
)

ENUM_SYMBOLS_READ_AS_DEFAULT: Final = Rule(
    id="AVRO_ENUM_SYMBOLS_READ_AS_DEFAULT",
    purpose="A symbol that was removed should not be in use any more.",
    remedy="Put the symbols back until no record with them is left.",
    message="{reader} reads {symbols} of the enum `{enum}`, which {writer} can write, as its default `{default}`",
    why=(
        "The default of the enum stands in for every symbol that the reader does not know, so old records with "
        "{symbols} decode, and say `{default}` from now on. No error tells; what they said is lost to the reader."
    ),
    description="the enum at path '{path}' of the {reader} schema reads {symbols} of the {writer} schema as its default",
    example=Example(
        old='{"type": "enum", "name": "Status", "symbols": ["OPEN", "PAID", "VOID"]}',
        new='{"type": "enum", "name": "Status", "symbols": ["OPEN", "PAID"], "default": "OPEN"}',
        facts={"enum": "Status", "symbols": "VOID", "default": "OPEN"},
    ),
    wire=Wire(
        value='"VOID"',
        pieces=_VOID,
        outcome="The reader knows that VOID was meant, has no such symbol, and takes its default OPEN instead.",
        read='"OPEN"',
    ),
    who=(
        "Applications behind new readers, with every old record that holds a removed symbol: an order that was void is "
        "open again. Nothing fails."
    ),
    ways=(
        "Choose a default that claims nothing, such as UNKNOWN, so that no application takes it for a fact.",
        "Stop writing the symbol first; remove it when such records have expired.",
    ),
    severity=Severity.WARNING,
    telling=Telling.NEW_READER,
)
