"""Rules about what Protobuf does not allow in a schema, and the registry lets pass."""

from typing import Final

from accord.findings import Severity
from accord.schemas.model import SchemaType
from accord.schemas.protobuf.rules.examples import ID, message, proto
from accord.schemas.rules import Example, Rule, Wire

_REFUSED: Final = (
    "Confluent's registry does not look at it, and lets the schema in; so does Accord, unless it is strict. `protoc` "
    "refuses the file, and with it every tool that is built on it: no code can be generated, and nobody who builds from "
    "the schema can read or write a record."
)
_NO_READER: Final = Wire(
    value='{"id": "a-1"}',
    pieces=(ID,),
    outcome="Nothing is wrong with these bytes. There is no reader for them: `protoc` makes none from the new file.",
)
_WHO: Final = (
    "Everybody who builds from the schema, `protoc` first of all. Readers that the registry's own library drives may go "
    "on without noticing."
)
_ORDER: Final = message("Order", "string id = 1;")


def _example(new: str, facts: dict[str, str]) -> Example:
    return Example(old=proto(_ORDER), new=new, facts=facts, type=SchemaType.PROTOBUF)


NUMBER_NOT_ALLOWED: Final = Rule(
    id="PROTOBUF_NUMBER_NOT_ALLOWED",
    purpose="Field numbers are from 1 to 536870911, without 19000 to 19999.",
    remedy="Give the field another number.",
    message="{where} has the number {number}: {problem}",
    why=(
        "A number is on the wire in 29 bits, 0 means that nothing follows, and Protobuf keeps 19000 to 19999 for itself. "
        + _REFUSED
    ),
    description="the field at path '{path}' has a number that Protobuf does not allow",
    example=_example(
        proto(message("Order", "string id = 1;", "string email = 19500;")),
        {
            "where": "`email` of `Order`",
            "number": "19500",
            "problem": "19000 to 19999 belong to Protobuf itself",
        },
    ),
    wire=_NO_READER,
    who=_WHO,
    severity=Severity.WARNING,
)

NUMBER_DUPLICATED: Final = Rule(
    id="PROTOBUF_NUMBER_DUPLICATED",
    purpose="A number belongs to one field, or one constant.",
    remedy="Give one of them another number.",
    message="{names} of {owner} have the same number {number}",
    why=(
        "Values are found by their numbers, so one of two fields with the same number can never be read. Constants of an "
        "enum may share a number if `option allow_alias = true` says that it is meant. " + _REFUSED
    ),
    description="two declarations at path '{path}' have the same number",
    example=_example(
        proto(message("Order", "string id = 1;", "string email = 1;")),
        {"names": "`id` and `email`", "owner": "`Order`", "number": "1"},
    ),
    wire=_NO_READER,
    who=_WHO,
    severity=Severity.WARNING,
)

NAME_DUPLICATED: Final = Rule(
    id="PROTOBUF_NAME_DUPLICATED",
    purpose="A name stands for one thing.",
    remedy="Give one of them another name.",
    message="{what} {name} is declared twice in {owner}",
    why=(
        "Fields, oneofs, messages and enums in one scope share one set of names, the constants of all enums in it too. The "
        "names of fields in JSON have to differ as well, and those of constants without the name of the enum in front. "
        + _REFUSED
        + " Of fields of proto2 that share a name in JSON `protoc` only warns; the library of Python refuses those."
    ),
    description="a name is declared twice at path '{path}'",
    example=_example(
        proto(message("Order", "string id = 1;", "int64 id = 2;")),
        {"what": "the name", "name": "`id`", "owner": "`Order`"},
    ),
    wire=_NO_READER,
    who=_WHO,
    severity=Severity.WARNING,
)

RESERVED_IN_USE: Final = Rule(
    id="PROTOBUF_RESERVED_IN_USE",
    purpose="What is reserved is not used.",
    remedy="Give the field another number or name, or take it out of what is reserved if that is a mistake.",
    message="{where} takes {what}, which {owner} itself reserves",
    why=(
        "A number or name is reserved because records or programs may still know something else by it. "
        + _REFUSED
    ),
    description="what stands at path '{path}' takes what is reserved",
    example=_example(
        proto(message("Order", "reserved 2;", "string id = 1;", "string email = 2;")),
        {"where": "`email` of `Order`", "what": "the number 2", "owner": "`Order`"},
    ),
    wire=_NO_READER,
    who=_WHO,
    severity=Severity.WARNING,
)

IMPORT_NOT_FOUND: Final = Rule(
    id="PROTOBUF_IMPORT_NOT_FOUND",
    purpose="What is imported is there.",
    remedy="Register the file and refer to it under the name that is imported, or drop the import.",
    message="the schema imports `{file}`, which none of its references is named after",
    why="An import names a file, and a reference of the same name says which schema that is. " + _REFUSED,
    description="an import of the schema has no reference (at path '{path}')",
    example=_example(
        proto(_ORDER, head='import "address.proto";'),
        {"file": "address.proto"},
    ),
    wire=_NO_READER,
    who=_WHO,
    severity=Severity.WARNING,
)

IMPORT_UNUSED: Final = Rule(
    id="PROTOBUF_IMPORT_UNUSED",
    purpose="What is imported is used.",
    remedy="Drop the import.",
    message="the schema imports `{file}` and uses nothing of it",
    why=(
        "Nothing is wrong with it, and `protoc` says so too. But whoever builds from the schema needs the file, and a "
        "reference to a registered schema keeps that one from being deleted."
    ),
    description="an import of the schema is not used (at path '{path}')",
    example=_example(
        proto(_ORDER, head='import "google/protobuf/timestamp.proto";'),
        {"file": "google/protobuf/timestamp.proto"},
    ),
    wire=Wire(
        value='{"id": "a-1"}', pieces=(ID,), outcome="Imports are not on the wire.", read='{"id": "a-1"}'
    ),
    who="Nobody: it is good to know.",
    severity=Severity.INFO,
)

OPTION_UNKNOWN: Final = Rule(
    id="PROTOBUF_OPTION_UNKNOWN",
    purpose="An option is one that Protobuf knows, or an extension that is imported.",
    remedy="Correct the name, or import the file that defines the option.",
    message="nothing defines the option `{option}` of {where}",
    why="Options are fields of messages that Protobuf itself defines, and their extensions. " + _REFUSED,
    description="an option at path '{path}' is not defined",
    example=_example(
        proto(_ORDER, head='option owner = "checkout";'),
        {"option": "owner", "where": "the file"},
    ),
    wire=_NO_READER,
    who=_WHO,
    severity=Severity.WARNING,
)

ENUM_WITHOUT_ZERO: Final = Rule(
    id="PROTOBUF_ENUM_WITHOUT_ZERO",
    purpose="An enum has constants, and in proto3 the first of them is 0.",
    remedy="Begin the enum with a constant such as STATUS_UNSPECIFIED = 0.",
    message="{where} {problem}",
    why=(
        "A field that is not set is read as the first constant of its enum. In proto3 it is not written if it is 0, so 0 has "
        "to be that constant. " + _REFUSED
    ),
    description="the enum at path '{path}' has no first constant that is 0",
    example=_example(
        proto(_ORDER, "enum Status {\n  OPEN = 1;\n}"),
        {"where": "`Status`", "problem": "begins with 1, and the first constant has to be 0"},
    ),
    wire=_NO_READER,
    who=_WHO,
    severity=Severity.WARNING,
)

DECLARATION_NOT_ALLOWED: Final = Rule(
    id="PROTOBUF_DECLARATION_NOT_ALLOWED",
    purpose="A schema keeps to the rules of its syntax.",
    remedy="Write it as the syntax of the file asks for.",
    message="{where}: {problem}",
    why=_REFUSED,
    description="what stands at path '{path}' is not allowed in the syntax of the file",
    example=_example(
        proto(message("Order", "string id = 1;", "int32 parts = 2 [default = 1];")),
        {"where": "`parts` of `Order`", "problem": "proto3 has no defaults"},
    ),
    wire=_NO_READER,
    who=_WHO,
    severity=Severity.WARNING,
)
