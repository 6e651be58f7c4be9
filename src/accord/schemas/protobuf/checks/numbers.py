"""The numbers of fields: which Protobuf allows, and that no two fields share one."""

from collections.abc import Iterable, Iterator

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.checks.lone import fields_of, lone, messages_of, name_of, words_for
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.evolution.ranges import Ranges
from accord.schemas.protobuf.model import MAX_TAG, Field, Group
from accord.schemas.protobuf.resolution import extends_in, types_in, within
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.sentences import listed_shortly

_OF_PROTOBUF = range(19000, 20000)


def of_numbers(schema: ProtobufSchema) -> Iterator[ProtobufDifference]:
    """One for each number that is not allowed, or not to more than one field."""
    for name, message in messages_of(schema):
        yield from _of_message(schema, name, [*fields_of(message)])
        reserved = Ranges(each for one in message.reserved for each in one.ranges)
        names = {name for one in message.reserved for name in one.names}
        extensions = Ranges(each for one in message.extensions for each in one.ranges)
        for field in fields_of(message):
            yield from _of_reserved(schema, name, field, reserved, names)
            if field.tag in extensions:
                where = words_for(schema, name, name_of(field))
                problem = f"its number {field.tag} is left to extensions"
                facts = {"where": where, "problem": problem}
                place = within(name, name_of(field))
                yield lone(rules.DECLARATION_NOT_ALLOWED, place, facts, field)
    for name, node in types_in(schema.file):
        if isinstance(node, Group):
            yield from _of_message(schema, name, node.fields)
    for extend, scope in extends_in(schema.file):
        for field in extend.fields:
            yield from _not_allowed(schema, scope, field)


def _of_message(
    schema: ProtobufSchema, name: str, fields: Iterable[Field | Group]
) -> Iterator[ProtobufDifference]:
    by_number: dict[int, list[Field | Group]] = {}
    for field in fields:
        by_number.setdefault(field.tag, []).append(field)
        yield from _not_allowed(schema, name, field)
    for number, sharing in by_number.items():
        if len(sharing) > 1:
            names = listed_shortly([f"`{name_of(field)}`" for field in sharing])
            facts = {"names": names, "owner": words_for(schema, name), "number": str(number)}
            place = within(name, name_of(sharing[1]))
            yield lone(rules.NUMBER_DUPLICATED, place, facts, sharing[1])


def _not_allowed(schema: ProtobufSchema, scope: str, field: Field | Group) -> Iterator[ProtobufDifference]:
    if field.tag < 1:
        problem = "the lowest is 1"
    elif field.tag > MAX_TAG:
        problem = f"the highest is {MAX_TAG}"
    elif field.tag in _OF_PROTOBUF:
        problem = "19000 to 19999 belong to Protobuf itself"
    else:
        return
    where = words_for(schema, scope, name_of(field))
    facts = {"where": where, "number": str(field.tag), "problem": problem}
    yield lone(rules.NUMBER_NOT_ALLOWED, within(scope, name_of(field)), facts, field)


def _of_reserved(
    schema: ProtobufSchema, message: str, field: Field | Group, reserved: Ranges, names: set[str]
) -> Iterator[ProtobufDifference]:
    taken = [f"the number {field.tag}"] if field.tag in reserved else []
    taken += [f"the name `{name_of(field)}`"] if name_of(field) in names else []
    if taken:
        facts = {
            "where": words_for(schema, message, name_of(field)),
            "what": listed_shortly(taken),
            "owner": words_for(schema, message),
        }
        yield lone(rules.RESERVED_IN_USE, within(message, name_of(field)), facts, field)
