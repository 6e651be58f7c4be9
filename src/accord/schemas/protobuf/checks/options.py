"""Options: that somebody defines them, and that their values are of the type that they have."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Final

from google.protobuf.descriptor_pb2 import FieldDescriptorProto

from accord.schemas.protobuf import rules
from accord.schemas.protobuf.checks.lone import lone, words_for
from accord.schemas.protobuf.checks.used_options import UsedOption, options_of
from accord.schemas.protobuf.comparison.difference import ProtobufDifference
from accord.schemas.protobuf.descriptors.option_setter import OptionSetter, is_custom
from accord.schemas.protobuf.model import PARTS_OF_A_FIELD, Label, NamePart, Text, Word
from accord.schemas.protobuf.resolution import scope_of, within
from accord.schemas.protobuf.schema import ProtobufSchema

_TYPES: Final = {
    int(number): name.removeprefix("TYPE_").lower() for name, number in FieldDescriptorProto.Type.items()
}
_WORDS_OF: Final = {"bool": Word, "enum": Word, "string": Text, "bytes": Text}
"""How a value is written of an option of some types."""


def of_options(schema: ProtobufSchema) -> Iterator[ProtobufDifference]:
    """One for each option that nobody defines, or defines otherwise."""
    seen: set[tuple[str, str, str, str]] = set()
    for used in options_of(schema):
        option, name = used.option, used.option.name
        place = within(used.scope, used.name) if used.name else used.scope
        place = "" if place == scope_of(schema.file) else place
        where = words_for(schema, used.scope, used.name)
        key = used.holder.DESCRIPTOR.name, used.scope, used.name, name
        kind = _kind(schema, used)
        if kind is None and not _is_part(used):
            yield lone(rules.OPTION_UNKNOWN, place, {"option": name, "where": where}, used.node)
        elif not _is_understood(schema, used, kind):
            problem = f"the option `{name}` cannot have this value"
            yield lone(rules.DECLARATION_NOT_ALLOWED, place, {"where": where, "problem": problem}, used.node)
        elif key in seen and not _is_list(schema, option.path[0], used):
            problem = f"the option `{name}` is set twice"
            yield lone(rules.DECLARATION_NOT_ALLOWED, place, {"where": where, "problem": problem}, used.node)
        seen.add(key)


def _kind(schema: ProtobufSchema, used: UsedOption) -> str | None:
    """The type of the option's first part as schema text names it, None where nobody defines it."""
    first = used.option.path[0]
    if first.is_extension:
        found = schema.definitions.extension(first.name, used.scope)
        return None if found is None else str(found.field.type)
    defined = used.holder.DESCRIPTOR.fields_by_name.get(first.name)
    return None if defined is None else _TYPES[defined.type]


def _is_list(schema: ProtobufSchema, first: NamePart, used: UsedOption) -> bool:
    if first.is_extension:
        found = schema.definitions.extension(first.name, used.scope)
        return found is not None and found.field.label is Label.REPEATED
    defined = used.holder.DESCRIPTOR.fields_by_name.get(first.name)
    return defined is not None and defined.is_repeated


def _is_part(used: UsedOption) -> bool:
    is_of_field = used.holder.DESCRIPTOR.name == "FieldOptions"
    return is_of_field and used.option.name in PARTS_OF_A_FIELD


def _is_understood(schema: ProtobufSchema, used: UsedOption, kind: str | None) -> bool:
    """Whether the option can be set as it is; without types for it nobody can tell."""
    if _is_part(used):
        return True
    if (
        len(used.option.path) == 1
        and kind in _WORDS_OF
        and not isinstance(used.option.value, _WORDS_OF[kind])
    ):
        return False
    pool = schema.files.pool if is_custom(used.option) else None
    if pool is None and is_custom(used.option):
        return True
    options = used.holder()
    OptionSetter(schema.definitions, pool).set(SimpleNamespace(options=options), (used.option,), used.scope)
    return options.ByteSize() > 0
