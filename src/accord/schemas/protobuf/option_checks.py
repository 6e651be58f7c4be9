"""Options: that somebody defines them, and that their values are of the type that they have."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Final

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.difference import ProtobufDifference
from accord.schemas.protobuf.lone import lone, words_for
from accord.schemas.protobuf.option_setter import OptionSetter, is_custom
from accord.schemas.protobuf.resolution import scope_of, within
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.protobuf.used_options import UsedOption, options_of

# What looks like an option of a field, and is a part of its declaration.
_PARTS_OF_A_FIELD: Final = frozenset({"default", "json_name"})


def of_options(schema: ProtobufSchema) -> Iterator[ProtobufDifference]:
    """One for each option that nobody defines, or defines otherwise."""
    for used in options_of(schema):
        option = used.option
        place = within(used.scope, used.name) if used.name else used.scope
        place = "" if place == scope_of(schema.file) else place
        where = words_for(schema, used.scope, used.name)
        if not _is_defined(schema, used):
            yield lone(rules.OPTION_UNKNOWN, place, {"option": option.name, "where": where})
        elif not _is_understood(schema, used):
            problem = f"the option `{option.name}` cannot have this value"
            yield lone(rules.DECLARATION_NOT_ALLOWED, place, {"where": where, "problem": problem})


def _is_defined(schema: ProtobufSchema, used: UsedOption) -> bool:
    first = used.option.path[0]
    if first.is_extension:
        return schema.definitions.extension(first.name, used.scope) is not None
    return first.name in used.holder.DESCRIPTOR.fields_by_name or _is_part(used)


def _is_part(used: UsedOption) -> bool:
    is_of_field = used.holder.DESCRIPTOR.name == "FieldOptions"
    return is_of_field and used.option.name in _PARTS_OF_A_FIELD


def _is_understood(schema: ProtobufSchema, used: UsedOption) -> bool:
    """Whether the option can be set as it is; without types for it nobody can tell."""
    if _is_part(used):
        return True
    pool = schema.files.pool if is_custom(used.option) else None
    if pool is None and is_custom(used.option):
        return True
    options = used.holder()
    OptionSetter(schema.definitions, pool).set(SimpleNamespace(options=options), (used.option,), used.scope)
    return options.ByteSize() > 0
