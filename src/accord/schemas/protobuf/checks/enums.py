"""The constants of enums: that there are some, that the first is 0, and which share a number."""

from collections.abc import Iterator

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.checks.lone import enums_of, lone, words_for
from accord.schemas.protobuf.checks.reservations import reservation_problem
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.evolution.ranges import Ranges
from accord.schemas.protobuf.model import Enum, EnumConstant, Word, option_in
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
        yield from _of_names(schema, name, enum)


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
    alias = option_in(enum.options, "allow_alias")
    may_share = alias == Word("true")
    if alias is not None and not (may_share and shared):
        problem = "it says whether it allows aliases, and has none"
        yield lone(
            rules.DECLARATION_NOT_ALLOWED, name, {"where": words_for(schema, name), "problem": problem}, enum
        )
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
    problem = reservation_problem(enum.reserved)
    if problem:
        facts = {"where": words_for(schema, name), "problem": problem}
        yield lone(rules.DECLARATION_NOT_ALLOWED, name, facts, enum)


def _of_names(schema: ProtobufSchema, name: str, enum: Enum) -> Iterator[ProtobufDifference]:
    """Of constants that have one name in languages that put the name of the enum in front themselves."""
    seen: dict[str, EnumConstant] = {}
    for constant in enum.constants:
        short = _pascal_case(_without_prefix(constant.name, enum.name))
        other = seen.setdefault(short, constant)
        if other.tag != constant.tag and other.name != constant.name:
            facts = {
                "what": "the short name",
                "name": f"`{short}`, of `{other.name}` and of `{constant.name}`,",
                "owner": words_for(schema, name),
            }
            yield lone(rules.NAME_DUPLICATED, within(name, constant.name), facts, constant)


def _without_prefix(constant: str, enum: str) -> str:
    """The name without that of the enum in front, in whatever case and with whatever underscores."""
    prefix = enum.replace("_", "").lower()
    at = 0
    for letter in prefix:
        while constant[at : at + 1] == "_":
            at += 1
        if constant[at : at + 1].lower() != letter:
            return constant
        at += 1
    return constant[at:].lstrip("_") or constant


def _pascal_case(name: str) -> str:
    return "".join(part[:1].upper() + part[1:].lower() for part in name.split("_"))
