"""The constants of enums: that there are some, that the first is 0, and which share a number."""

from collections.abc import Iterator

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.difference import ProtobufDifference
from accord.schemas.protobuf.lone import enums_of, lone, words_for
from accord.schemas.protobuf.model import Enum, EnumConstant, Word, option_in
from accord.schemas.protobuf.ranges import Ranges
from accord.schemas.protobuf.resolution import Defined, within
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.sentences import listed_shortly


def of_enums(schema: ProtobufSchema) -> Iterator[ProtobufDifference]:
    """One for each enum, and each constant, that is not allowed."""
    for name, enum in enums_of(schema):
        is_closed = schema.slots.is_closed(Defined(name, enum, ""))
        yield from _of_first(schema, name, enum, is_closed=is_closed)
        yield from _of_numbers(schema, name, enum)
        yield from _of_reserved(schema, name, enum)


def _of_first(
    schema: ProtobufSchema, name: str, enum: Enum, *, is_closed: bool
) -> Iterator[ProtobufDifference]:
    if not enum.constants:
        problem = "has no constants"
    elif enum.constants[0].tag and not is_closed:
        problem = f"begins with {enum.constants[0].tag}, and the first constant has to be 0"
    else:
        return
    facts = {"where": words_for(schema, name), "problem": problem}
    yield lone(rules.ENUM_WITHOUT_ZERO, name, facts, enum)


def _of_numbers(schema: ProtobufSchema, name: str, enum: Enum) -> Iterator[ProtobufDifference]:
    by_number: dict[int, list[EnumConstant]] = {}
    for constant in enum.constants:
        by_number.setdefault(constant.tag, []).append(constant)
    shared = {number: constants for number, constants in by_number.items() if len(constants) > 1}
    may_share = option_in(enum.options, "allow_alias") == Word("true")
    if may_share and enum.constants and not shared:
        facts = {"where": words_for(schema, name), "problem": "it allows aliases, and has none"}
        yield lone(rules.DECLARATION_NOT_ALLOWED, name, facts, enum)
    for number, constants in () if may_share else shared.items():
        names = listed_shortly([f"`{constant.name}`" for constant in constants])
        facts = {"names": names, "owner": words_for(schema, name), "number": str(number)}
        place = within(name, constants[1].name)
        yield lone(rules.NUMBER_DUPLICATED, place, facts, constants[1])


def _of_reserved(schema: ProtobufSchema, name: str, enum: Enum) -> Iterator[ProtobufDifference]:
    reserved = Ranges(each for one in enum.reserved for each in one.ranges)
    names = {reserved_name for one in enum.reserved for reserved_name in one.names}
    for constant in enum.constants:
        taken = [f"the number {constant.tag}"] if constant.tag in reserved else []
        taken += [f"the name `{constant.name}`"] if constant.name in names else []
        if taken:
            facts = {
                "where": words_for(schema, name, constant.name),
                "what": listed_shortly(taken),
                "owner": words_for(schema, name),
            }
            yield lone(rules.RESERVED_IN_USE, within(name, constant.name), facts, constant)
