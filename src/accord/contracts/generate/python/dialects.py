"""How classes are written: as msgspec Structs, as dataclasses, as pydantic models.

Fields are given by keyword only: a field that is added anywhere shifts nothing. Instances are frozen: an event is a fact.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from accord.contracts.generate.python.names import Kind
from accord.contracts.generate.python.shapes import Attribute, Choice, Class, Shape
from accord.contracts.generate.python.words import (
    DICT,
    LIST,
    Call,
    Expression,
    Items,
    Members,
    Name,
    Plain,
    Scope,
    quoted,
)

_FACTORY: Final = "default_factory"
_QUOTES: Final = re.compile('"{3,}|"+$')
"""What would end a docstring, or run into its end."""


def written(shape: Shape, kind: Kind, scope: Scope) -> Iterator[str]:
    """The lines of a class."""
    if isinstance(shape, Choice):
        yield from _choice(shape, scope)
        return
    yield _HEADS[kind](shape, scope)
    yield from docstring(shape.doc, "    ")
    if kind == "pydantic":
        yield ""
        yield f"    model_config = {_config(shape, scope)}"
    if shape.attributes:
        yield ""
    for attribute in shape.attributes:
        text = f"    {attribute.attribute}: {scope.hint(attribute.hint)}"
        value = _VALUES[kind](attribute, scope)
        yield f"{text} = {value}" if value else text
        if attribute.doc:
            yield from docstring(attribute.doc, "    ")


def docstring(text: str, margin: str = "") -> Iterator[str]:
    """The lines of a docstring, whatever characters it has."""
    lines = [_escaped(line.rstrip()) for line in text.strip().splitlines()] or [""]
    if len(lines) == 1:
        yield f'{margin}"""{lines[0]}"""'
        return
    yield f'{margin}"""{lines[0]}'
    yield from (f"{margin}{line}" if line else "" for line in lines[1:])
    yield f'{margin}"""'


def _escaped(line: str) -> str:
    text = _QUOTES.sub(lambda run: '\\"' * len(run.group()), line.replace("\\", "\\\\"))
    # What cannot be seen, or turns the direction of what follows, has no place in source.
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _choice(shape: Choice, scope: Scope) -> Iterator[str]:
    yield f"class {shape.name}({scope.name(Name('Enum', 'enum'))}):"
    yield from docstring(shape.doc, "    ")
    yield ""
    for member in shape.members:
        yield f"    {member} = {quoted(member)}"


def _struct_head(shape: Class, scope: Scope) -> str:
    base = scope.name(Name("Struct", "msgspec"))
    tag = f", tag_field={quoted(shape.tag[0])}, tag={quoted(shape.tag[1])}" if shape.tag else ""
    return f"class {shape.name}({base}, frozen=True, kw_only=True{tag}):"


def _dataclass_head(shape: Class, scope: Scope) -> str:
    decorator = scope.name(Name("dataclass", "dataclasses"))
    return f"@{decorator}(frozen=True, slots=True, kw_only=True)\nclass {shape.name}:"


def _pydantic_head(shape: Class, scope: Scope) -> str:
    return f"class {shape.name}({scope.name(Name('BaseModel', 'pydantic'))}):"


def _config(shape: Class, scope: Scope) -> str:
    keywords: list[tuple[str, Expression]] = [("frozen", Plain(value=True))]
    if any(one.attribute.startswith("model_") for one in shape.attributes):
        keywords.append(("protected_namespaces", Name("()", "")))
    if any(one.name != one.attribute for one in shape.attributes):
        keywords.append(("populate_by_name", Plain(value=True)))
    return scope.expression(Call(Name("ConfigDict", "pydantic"), keywords=tuple(keywords)))


def _field_call(
    attribute: Attribute, scope: Scope, *, function: Name, aliases: tuple[str, ...], factory: bool
) -> str:
    """The default, or a call that says more of the field; empty if there is nothing to say."""
    keywords: list[tuple[str, Expression]] = []
    if attribute.name != attribute.attribute:
        keywords += [(alias, Plain(attribute.name)) for alias in aliases]
    default = attribute.default
    if default is not None and factory:
        keywords.append((_FACTORY, _factory(default, scope)))
    elif default is not None and not keywords:
        return scope.expression(default)
    elif default is not None:
        keywords.append(("default", default))
    return scope.expression(Call(function, keywords=tuple(keywords))) if keywords else ""


def _factory(default: Expression, scope: Scope) -> Name:
    match default:
        case Items(items=()):
            return LIST
        case Members(members=()):
            return DICT
        case _:
            return Name(f"lambda: {scope.expression(default)}", "")


def _struct_value(attribute: Attribute, scope: Scope) -> str:
    return _field_call(
        attribute,
        scope,
        function=Name("field", "msgspec"),
        aliases=("name",),
        factory=attribute.is_fresh,
    )


def _dataclass_value(attribute: Attribute, scope: Scope) -> str:
    return _field_call(
        attribute, scope, function=Name("field", "dataclasses"), aliases=(), factory=attribute.is_fresh
    )


def _pydantic_value(attribute: Attribute, scope: Scope) -> str:
    return _field_call(
        attribute,
        scope,
        function=Name("Field", "pydantic"),
        aliases=("validation_alias", "serialization_alias"),
        factory=attribute.is_fresh,
    )


_HEADS: Final[Mapping[Kind, Callable[[Class, Scope], str]]] = {
    "msgspec": _struct_head,
    "dataclass": _dataclass_head,
    "pydantic": _pydantic_head,
}
_VALUES: Final[Mapping[Kind, Callable[[Attribute, Scope], str]]] = {
    "msgspec": _struct_value,
    "dataclass": _dataclass_value,
    "pydantic": _pydantic_value,
}
