"""What is declared of a field and does not go with its type, or with the syntax."""

from typing import Final

from accord.schemas.protobuf.evolution.readings import MESSAGE, Coding, WireType
from accord.schemas.protobuf.evolution.slot import Slot
from accord.schemas.protobuf.model import Enum, Field, Text, Word
from accord.schemas.protobuf.schema import ProtobufSchema

_TEXTS: Final = frozenset({"string", "bytes"})
_LONG_NUMBERS: Final = frozenset({"int64", "uint64", "sint64", "fixed64", "sfixed64"})


def field_problem(schema: ProtobufSchema, slot: Slot) -> str:
    """What is wrong with the declaration, "" if nothing is."""
    node, coding = slot.node, slot.coding
    if not isinstance(node, Field) or coding is None:
        return ""
    found = (
        _of_default(schema, node, slot, coding),
        _of_packing(schema, node, coding),
        _of_other_options(node, coding),
        _of_type(schema, slot),
    )
    return next(filter(None, found), "")


def _of_default(schema: ProtobufSchema, node: Field, slot: Slot, coding: Coding) -> str:
    default = node.option("default")
    if default is None:
        return ""
    if schema.file.is_proto3:
        return "proto3 has no defaults"
    is_single = coding.kind in _TEXTS or coding.can_be_packed
    if slot.is_repeated or not is_single:
        return "only a single value has a default"
    if (coding.kind in _TEXTS) != isinstance(default, Text):
        return "its default is of another type"
    return "" if slot.label is not None else "what does not tell zero from unset has no default"


def _of_packing(schema: ProtobufSchema, node: Field, coding: Coding) -> str:
    if node.option("packed") is None:
        return ""
    if schema.file.edition is not None:
        return "in editions the feature repeated_field_encoding says what is packed"
    return "" if coding.is_repeated and coding.can_be_packed else "only lists of numbers are packed"


def _of_other_options(node: Field, coding: Coding) -> str:
    json_name = node.option("json_name")
    if isinstance(json_name, Text) and json_name.value.startswith("[") and json_name.value.endswith("]"):
        return "a name in JSON does not stand in brackets"
    if node.option("jstype") not in (None, Word("JS_NORMAL")) and coding.kind not in _LONG_NUMBERS:
        return "only whole numbers of 64 bits have a jstype"
    if Word("true") in (node.option("lazy"), node.option("unverified_lazy")) and coding.kind != MESSAGE:
        return "only messages are lazy"
    is_message = coding.wire_type is WireType.GROUP or coding.kind == MESSAGE
    if node.option("features.message_encoding") is not None and not is_message:
        return "only messages have an encoding"
    return ""


def _of_type(schema: ProtobufSchema, slot: Slot) -> str:
    if slot.is_map and slot.oneof is not None:
        return "a map cannot stand in a oneof"
    if slot.is_map and slot.value is None:
        return "nobody defines the type of its values"
    if slot.type is None or not isinstance(slot.type.node, Enum):
        return ""
    is_of_proto2 = schema.file.is_proto3 and schema.slots.is_closed(slot.type)
    return f"proto3 cannot use `{slot.type.name}`, an enum of proto2" if is_of_proto2 else ""
