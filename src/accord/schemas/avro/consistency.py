"""What can only be checked once every definition of a schema has been seen."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Final

from accord.schemas.avro.defaults import Defaults
from accord.schemas.avro.model import (
    NO_DEFAULT,
    PRIMITIVES,
    NamedType,
    Primitive,
    Record,
    Ref,
    Type,
    Union,
)
from accord.schemas.avro.tree import nodes_in
from accord.schemas.errors import InvalidSchema
from accord.schemas.json_text import quote, shown
from accord.schemas.pointers import child

# Some tenths of a second.
_MOST_STEPS: Final = 200_000
# To look for a name that is like another takes as long as the product of their lengths, for each of them.
_LONGEST_ALIKE: Final = 200
_MOST_ALIKE: Final = 500


def check_consistency(root: Type, types: Mapping[str, NamedType], *, strict: bool) -> None:
    """Check that every name is defined, that branches can be told apart, and, if ``strict``, that defaults fit.

    Raises InvalidSchema.
    """
    nodes = [node for node in nodes_in(root) if not isinstance(node, Primitive)]
    for node in nodes:
        if isinstance(node, Ref) and node.name not in types:
            raise _undefined(node, types)
    defaults = Defaults(types, steps=_MOST_STEPS)
    for node in nodes:
        if isinstance(node, Union):
            _check_branches(node)
        elif isinstance(node, Record) and strict:
            _check_defaults(node, defaults)


def _undefined(node: Ref, types: Mapping[str, NamedType]) -> InvalidSchema:
    near = _like(node.name, types)
    hint = f"did you mean {near[0]!r}? Otherwise " if near else ""
    return InvalidSchema(
        f"the type {shown(node.name)} is not defined",
        path=node.place or "",
        hint=f"{hint}define it in this schema, or refer to the schema that does",
    )


def _like(name: str, types: Mapping[str, NamedType]) -> list[str]:
    if len(name) > _LONGEST_ALIKE:
        return []
    known = [*PRIMITIVES, *(other for other in types if len(other) <= _LONGEST_ALIKE)]
    return get_close_matches(name, known[:_MOST_ALIKE], n=1)


def _check_branches(union: Union) -> None:
    seen: set[str] = set()
    for branch in union.branches:
        if isinstance(branch, Union):
            raise InvalidSchema(
                "a union stands directly in a union",
                path=branch.place or "",
                hint="put its branches into the outer one",
            )
        label = _label(branch)
        if label in seen:
            raise InvalidSchema(
                f"the union has two branches {shown(str(label))}",
                path=branch.place or "",
                hint="remove one of the two",
            )
        seen.add(label)


def _label(branch: Type) -> str:
    """What a branch of a union is told apart by: its full name, or its kind."""
    if isinstance(branch, Primitive):
        return branch.kind
    if isinstance(branch, Ref):
        return branch.name
    if isinstance(branch, NamedType):
        return branch.name.full
    return branch.kind


def _check_defaults(record: Record, defaults: Defaults) -> None:
    for field in record.fields:
        if field.default is NO_DEFAULT:
            continue
        if not defaults.fits(field.default, field.type, default_of=(record, field)):
            raise InvalidSchema(
                f"the default {quote(field.default)} of the field {shown(field.name)} does not fit its type",
                path=child(field.place or "", "default"),
                hint="give a default of that type, or change the type",
            )
