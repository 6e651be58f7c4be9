"""Changes to a Protobuf schema that people make, and who may be upgraded first after each; the tests read every one."""

from typing import Final

from accord.schemas.changes import Change
from accord.schemas.deploy_order import DeployOrder


def _file(*declarations: str, syntax: str = "proto3", package: str = "shop") -> str:
    return "\n".join([f'syntax = "{syntax}";', f"package {package};", *declarations])


def _message(name: str, *lines: str) -> str:
    return f"message {name} {{ {' '.join(lines)} }}"


def _order(*lines: str, syntax: str = "proto3") -> str:
    return _file(_message("Order", "reserved 15;", *lines), syntax=syntax)


def _proto2(*lines: str) -> str:
    return _order(*lines, syntax="proto2")


def _status(*constants: str, syntax: str = "proto3") -> str:
    numbered = " ".join(f"{name} = {number};" for number, name in enumerate(constants))
    label = "optional " if syntax == "proto2" else ""
    order = _message("Order", f"{label}Status status = 1;")
    return _file(order, f"enum Status {{ {numbered} }}", syntax=syntax)


_ID: Final = "string id = 1;"
_ORDER: Final = _message("Order", _ID)
_REFUND: Final = _message("Refund", "string reason = 1;")
_PARTS: Final = (_message("Part", "string key = 1;", "int32 value = 2;"),)
_CARD: Final = "string card = 2;"
_IBAN: Final = "string iban = 3;"

_FIELDS: Final = (
    Change(
        "a field is added",
        _order(_ID),
        _order(_ID, "string note = 2;"),
        DeployOrder.EITHER_ORDER,
        "Old readers set the field aside: to them it is not there.",
    ),
    Change(
        "a field is removed, its number and name are reserved",
        _order(_ID, "string note = 2;"),
        _order("reserved 2;", 'reserved "note";', _ID),
        DeployOrder.EITHER_ORDER,
        "New readers set the field of old records aside; old readers take it for not set.",
    ),
    Change(
        "a field is removed, and nothing is reserved",
        _order(_ID, "string note = 2;"),
        _order(_ID),
        DeployOrder.EITHER_ORDER,
        "A later version may give the number to another field: see PROTOBUF_REMOVED_FIELD_NOT_RESERVED.",
    ),
    Change(
        "a number is given to another field",
        _order(_ID, "string note = 2;"),
        _order(_ID, "string phone = 2;"),
        DeployOrder.EITHER_ORDER,
        "The values of the one are read as the other's: see PROTOBUF_NUMBER_REUSED.",
    ),
    Change(
        "a field is renamed",
        _order(_ID, "int64 total = 2;"),
        _order(_ID, "int64 total_cents = 2;"),
        DeployOrder.EITHER_ORDER,
        "In JSON it has another name, unless `json_name` keeps it.",
    ),
    Change(
        "a field gets another number",
        _order(_ID, "string note = 2;"),
        _order("reserved 2;", _ID, "string note = 3;"),
        DeployOrder.EITHER_ORDER,
        "Nobody finds the values of the others: see PROTOBUF_FIELD_NUMBER_CHANGED.",
    ),
    Change(
        "the fields change places",
        _order(_ID, "string note = 2;"),
        _order("string note = 2;", _ID),
        DeployOrder.EITHER_ORDER,
    ),
    Change(
        "a required field is added, or removed",
        _proto2("required string id = 1;"),
        _proto2("required string id = 1;", "required string note = 2;"),
        DeployOrder.NO_SAFE_ORDER,
        "Those without the field read what the others write, and set it aside.",
    ),
    Change(
        "a text, bytes or a message becomes required",
        _proto2("optional string id = 1;"),
        _proto2("required string id = 1;"),
        DeployOrder.EITHER_ORDER,
        "New readers stop at records that lack it: see PROTOBUF_FIELD_BECAME_REQUIRED.",
    ),
    Change(
        "a number becomes required",
        _proto2("optional int32 parts = 1;"),
        _proto2("required int32 parts = 1;"),
        DeployOrder.NO_SAFE_ORDER,
        "Old readers take what is written with it; the registry refuses either direction.",
    ),
    Change(
        "a default changes",
        _proto2("optional int32 parts = 1 [default = 1];"),
        _proto2("optional int32 parts = 1 [default = 2];"),
        DeployOrder.EITHER_ORDER,
        "A field that is not set says something else to each: see PROTOBUF_DEFAULT_CHANGED.",
    ),
)

_TYPES: Final = (
    Change(
        "int32 becomes int64",
        _order("int32 total = 1;"),
        _order("int64 total = 1;"),
        DeployOrder.EITHER_ORDER,
        "Old readers keep the lower 32 bits of a number that needs more: upgrade the consumers first.",
    ),
    Change(
        "int32 becomes sint32",
        _order("int32 total = 1;"),
        _order("sint32 total = 1;"),
        DeployOrder.NO_SAFE_ORDER,
    ),
    Change(
        "int64 becomes string",
        _order("int64 total = 1;"),
        _order("string total = 1;"),
        DeployOrder.NO_SAFE_ORDER,
    ),
    Change(
        "float becomes double",
        _order("float total = 1;"),
        _order("double total = 1;"),
        DeployOrder.NO_SAFE_ORDER,
    ),
    Change(
        "string becomes bytes, or bytes string",
        _order("string id = 1;"),
        _order("bytes id = 1;"),
        DeployOrder.EITHER_ORDER,
        "Readers of a string stop at bytes that are not UTF-8.",
    ),
    Change(
        "a number becomes an enum",
        _order("int32 status = 1;"),
        _status("OPEN", "PAID"),
        DeployOrder.EITHER_ORDER,
        "Numbers that are none of its constants have no name; an enum of proto2 sets them aside.",
    ),
    Change(
        "a field holds another message",
        _file(_message("Order", "Part part = 1;"), *_PARTS, _message("Piece", "int32 value = 2;")),
        _file(_message("Order", "Piece part = 1;"), *_PARTS, _message("Piece", "int32 value = 2;")),
        DeployOrder.NO_SAFE_ORDER,
        "What has the same number and type in both is read as it was written.",
    ),
    Change(
        "a list of messages becomes a map",
        _file(_message("Order", "repeated Part parts = 1;"), *_PARTS),
        _file(_message("Order", "map<string, int32> parts = 1;"), *_PARTS),
        DeployOrder.NO_SAFE_ORDER,
        "The bytes are the same if the message has the key in field 1 and the value in field 2.",
    ),
    Change(
        "the values of a map become of another type",
        _order("map<string, int32> parts = 1;"),
        _order("map<string, string> parts = 1;"),
        DeployOrder.NO_SAFE_ORDER,
    ),
)

_LABELS: Final = (
    Change(
        "a field of proto3 becomes optional, or no longer is",
        _order("int32 discount = 1;"),
        _order("optional int32 discount = 1;"),
        DeployOrder.EITHER_ORDER,
        "What is zero on the one side is not set on the other: see PROTOBUF_PRESENCE_CHANGED.",
    ),
    Change(
        "a number of proto3 becomes repeated",
        _order("int32 sizes = 1;"),
        _order("repeated int32 sizes = 1;"),
        DeployOrder.EITHER_ORDER,
        "Old readers set a packed list aside, all of it: upgrade the consumers first.",
    ),
    Change(
        "a number of proto3 that is optional becomes repeated",
        _order("optional int32 sizes = 1;"),
        _order("repeated int32 sizes = 1;"),
        DeployOrder.NO_SAFE_ORDER,
        "New readers take a single number for a list of one; old ones set a packed list aside.",
    ),
    Change(
        "a text, bytes or a message becomes repeated",
        _order("string notes = 1;"),
        _order("repeated string notes = 1;"),
        DeployOrder.EITHER_ORDER,
        "Old readers take the last of a list, or merge its messages: upgrade the consumers first.",
    ),
)

_ONEOFS: Final = (
    Change(
        "one field moves into a new oneof",
        _order(_ID, _CARD),
        _order(_ID, f"oneof payment {{ {_CARD} }}"),
        DeployOrder.EITHER_ORDER,
    ),
    Change(
        "several fields move into a new oneof",
        _order(_ID, _CARD, _IBAN),
        _order(_ID, f"oneof payment {{ {_CARD} {_IBAN} }}"),
        DeployOrder.PRODUCERS_FIRST,
        "Of an old record with more than one of them new readers keep the last.",
    ),
    Change(
        "a field moves into a oneof that is there",
        _order(_ID, f"oneof payment {{ {_CARD} }}", _IBAN),
        _order(_ID, f"oneof payment {{ {_CARD} {_IBAN} }}"),
        DeployOrder.NO_SAFE_ORDER,
        "Old readers keep its values, outside of a oneof that seems to be empty.",
    ),
    Change(
        "a oneof gets a field",
        _order(_ID, f"oneof payment {{ {_CARD} }}"),
        _order(_ID, f"oneof payment {{ {_CARD} {_IBAN} }}"),
        DeployOrder.CONSUMERS_FIRST,
    ),
    Change(
        "a oneof loses a field",
        _order(_ID, f"oneof payment {{ {_CARD} {_IBAN} }}"),
        _order("reserved 3;", 'reserved "iban";', _ID, f"oneof payment {{ {_CARD} }}"),
        DeployOrder.PRODUCERS_FIRST,
    ),
    Change(
        "the fields of a oneof stand on their own",
        _order(_ID, f"oneof payment {{ {_CARD} {_IBAN} }}"),
        _order(_ID, _CARD, _IBAN),
        DeployOrder.CONSUMERS_FIRST,
    ),
)

_ENUMS: Final = (
    Change(
        "an enum gets a constant",
        _status("OPEN", "PAID"),
        _status("OPEN", "PAID", "VOID"),
        DeployOrder.EITHER_ORDER,
        "Old readers have no name for it, and keep the number.",
    ),
    Change(
        "an enum of proto2 gets a constant",
        _status("OPEN", "PAID", syntax="proto2"),
        _status("OPEN", "PAID", "VOID", syntax="proto2"),
        DeployOrder.EITHER_ORDER,
        "Old readers set it aside and take the default: upgrade the consumers first.",
    ),
    Change(
        "the constants of an enum change numbers",
        _status("OPEN", "PAID", "VOID"),
        _status("OPEN", "VOID", "PAID"),
        DeployOrder.EITHER_ORDER,
        "The one is read as the other: see PROTOBUF_ENUM_CONSTANT_CHANGED.",
    ),
)

_MESSAGES: Final = (
    Change(
        "a message is added after the others",
        _file(_ORDER),
        _file(_ORDER, _REFUND),
        DeployOrder.CONSUMERS_FIRST,
        "Old readers read every record of the messages that they know.",
    ),
    Change(
        "a message is removed",
        _file(_ORDER, _REFUND),
        _file(_ORDER),
        DeployOrder.PRODUCERS_FIRST,
        "New readers read every record of the messages that are left.",
    ),
    Change(
        "a message is renamed",
        _file(_ORDER),
        _file(_message("Purchase", _ID)),
        DeployOrder.NO_SAFE_ORDER,
        "The bytes are the same; whoever goes by the name does not find the message.",
    ),
    Change(
        "the messages change places",
        _file(_ORDER, _REFUND),
        _file(_REFUND, _ORDER),
        DeployOrder.EITHER_ORDER,
        "The place stands in front of every record: see PROTOBUF_MESSAGE_INDEX_MOVED.",
    ),
    Change(
        "the package changes",
        _file(_ORDER),
        _file(_ORDER, package="billing"),
        DeployOrder.NO_SAFE_ORDER,
        "The bytes are the same; whoever goes by full names does not find the messages.",
    ),
    Change(
        "options, comments or services change",
        _file(_ORDER),
        _file('option java_package = "shop";', "// What somebody bought.", _ORDER, "service Shop { }"),
        DeployOrder.EITHER_ORDER,
    ),
)

CHANGES: Final = (*_FIELDS, *_TYPES, *_LABELS, *_ONEOFS, *_ENUMS, *_MESSAGES)
