"""Rules about enums: which numbers readers know, and what they call them."""

from typing import Final

from accord.findings import Severity
from accord.schemas.protobuf.rules.examples import example, message
from accord.schemas.rules import Rule, Telling, Wire

_VOID: Final = ("08 02", "field 1, `status`, in wire type 0: 2, VOID")


def _status(*constants: str, label: str = "") -> str:
    lines = [f"{name} = {number};" for number, name in enumerate(constants)]
    enum = "\n".join(["enum Status {", *(f"  {line}" for line in lines), "}"])
    return f"{message('Order', f'{label}Status status = 1;')}\n{enum}"


ENUM_NUMBERS_LOST: Final = Rule(
    id="PROTOBUF_ENUM_NUMBERS_LOST",
    purpose="A closed enum knows every number that can be written.",
    remedy="Put the constants back, or upgrade the readers before anybody writes new ones.",
    message="{reader} sets {numbers} of {where} aside, which {writer} can write: the enum `{enum}` is closed",
    why=(
        "The enums of proto2 are closed: a number that is none of its constants is set aside as unknown, and the field seems "
        "not to be set, so that it is read as its default. In a list it is missing, and of a map the whole entry. No error "
        "tells, and Confluent's registry does not look at the constants of enums."
    ),
    description="the closed enum at path '{path}' of the {reader} schema lacks numbers that the {writer} schema writes",
    example=example(
        _status("OPEN", "PAID", "VOID", label="optional "),
        _status("OPEN", "PAID", label="optional "),
        {"where": "`Status`", "enum": "Status", "numbers": "2 (`VOID`)"},
        syntax="proto2",
    ),
    wire=Wire(
        value='{"status": "VOID"}',
        pieces=(_VOID,),
        outcome=(
            "The reader knows no 2 and sets it aside. Asked for the status of an order that is void, it gives the default, "
            "which is OPEN."
        ),
        read="{}",
    ),
    who=(
        "Readers whose enum lacks the number, with the records that hold it: new readers and such old records if it was "
        "removed, old readers and such new records if it was added. Java, C++ and Python do so; Go and some others keep "
        "the number."
    ),
    ways=(
        "Begin every enum with a constant such as STATUS_UNSPECIFIED, so that a default claims nothing.",
        "In proto3, and in editions by default, enums are open: an unknown number is kept.",
        "To remove a constant, stop writing it, and wait until no record with it is left.",
    ),
    severity=Severity.WARNING,
)

ENUM_NUMBERS_UNNAMED: Final = Rule(
    id="PROTOBUF_ENUM_NUMBERS_UNNAMED",
    purpose="A number that can be written has a name for readers.",
    remedy="Put the constants back, marked `deprecated`, until no record with them is left.",
    message="{reader} has no name for {numbers} of {where}, which {writer} can write",
    why=(
        "The enums of proto3 are open: a reader keeps a number that is none of its constants, and hands it out as that bare "
        "number (in Java as UNRECOGNIZED). Nothing is lost, but applications that go by the names have nothing to go by."
    ),
    description="the enum at path '{path}' of the {reader} schema has no names for numbers that the {writer} schema writes",
    example=example(
        _status("OPEN", "PAID", "VOID"),
        _status("OPEN", "PAID"),
        {"where": "`Status`", "enum": "Status", "numbers": "2 (`VOID`)"},
    ),
    wire=Wire(
        value='{"status": "VOID"}',
        pieces=(_VOID,),
        outcome="The reader knows no 2, and hands out the 2.",
        read='{"status": 2}',
    ),
    who="Applications behind new readers, with every old record that holds such a number.",
    ways=("Let applications treat every number that they do not know as one that says nothing.",),
    severity=Severity.INFO,
    telling=Telling.NEW_READER,
)

ENUM_CONSTANT_CHANGED: Final = Rule(
    id="PROTOBUF_ENUM_CONSTANT_CHANGED",
    purpose="A number of an enum stands for one thing for ever.",
    remedy="Give each constant its number back, and new ones numbers that none ever had.",
    message="numbers of {where} have other names in {reader} than in {writer}: {constants}",
    why=(
        "A constant travels as its number. Where the number has another name for the reader, it takes what was written for "
        "that, and no error tells; fields that are not set count as 0, so another name for 0 changes those as well. If it is "
        "only a new name for the same thing, the bytes are read as they were meant, and JSON is not: there a constant is its "
        "name."
    ),
    description="numbers of the enum at path '{path}' have other names in the {reader} schema than in the {writer} schema",
    example=example(
        _status("OPEN", "PAID", "VOID"),
        _status("OPEN", "VOID", "PAID"),
        {"where": "`Status`", "constants": "1 is `VOID` instead of `PAID` and 2 is `PAID` instead of `VOID`"},
    ),
    wire=Wire(
        value='{"status": "VOID"}',
        pieces=(_VOID,),
        outcome="To the reader 2 is PAID: the order that was void has been paid.",
        read='{"status": "PAID"}',
    ),
    who="Readers of either schema, with every record of the other that holds such a number.",
    ways=(
        "To rename a constant, keep the old name beside the new one with `option allow_alias = true`.",
        "When a constant goes, `reserved` its number and its name.",
    ),
    severity=Severity.WARNING,
    telling=Telling.ONCE,
)
