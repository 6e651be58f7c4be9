"""Type hints and expressions as values, and how they are spelled where other things have names too.

A class may have a field called ``date`` whose type is ``date``: what the hint names would then be the field. So code is
composed of values first, and spelled when every name of a module is known.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from types import NoneType
from typing import Any, Final, TypeAlias
from uuid import UUID

from accord.codecs import Duration


@dataclass(frozen=True, slots=True)
class Name:
    """What is called by a name: from the module ``home``, "" for the one that is being written, or builtins.

    ``preferred`` is what it is called here, where that is not its name.
    """

    name: str
    home: str = "builtins"
    preferred: str = ""


@dataclass(frozen=True, slots=True)
class Of:
    """A generic type with its arguments: ``list[str]``."""

    origin: Name
    arguments: "tuple[Hint, ...]"


@dataclass(frozen=True, slots=True)
class Either:
    """One of several types, each once."""

    members: "tuple[Hint, ...]"


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of these very values: strings, whole numbers, booleans."""

    values: tuple[str | int | bool, ...]


Hint: TypeAlias = Name | Of | Either | OneOf

NONE: Final = Name("None", "")


@dataclass(frozen=True, slots=True)
class Plain:
    """A value that is written as Python shows it."""

    value: str | bytes | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Call:
    """A call."""

    called: Name
    arguments: "tuple[Expression, ...]" = ()
    keywords: "tuple[tuple[str, Expression], ...]" = ()


@dataclass(frozen=True, slots=True)
class MemberOf:
    """A member of a class: ``Status.NEW``."""

    owner: Name
    name: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    items: "tuple[Expression, ...]"


@dataclass(frozen=True, slots=True)
class Members:
    """A dict."""

    members: "tuple[tuple[str, Expression], ...]"


Expression: TypeAlias = Plain | Name | Call | MemberOf | Items | Members

STR, INT, FLOAT, BOOL, BYTES = Name("str"), Name("int"), Name("float"), Name("bool"), Name("bytes")
LIST, DICT = Name("list"), Name("dict")
ANY: Final = Name("Any", "typing")

_HINTS: Final[Mapping[type, Name]] = {
    NoneType: NONE,
    bool: BOOL,
    int: INT,
    float: FLOAT,
    bytes: BYTES,
    str: STR,
    date: Name("date", "datetime"),
    time: Name("time", "datetime"),
    datetime: Name("datetime", "datetime"),
    UUID: Name("UUID", "uuid"),
    Decimal: Name("Decimal", "decimal"),
    Duration: Name("Duration", "accord"),
}


def hint_of(class_: type) -> Name:
    """The hint of a scalar's class."""
    return _HINTS[class_]


def either(members: Iterable[Hint]) -> Hint:
    """One of the members; None comes last, as people write it."""
    found = list(dict.fromkeys(members))
    found.sort(key=lambda member: member == NONE)
    return found[0] if len(found) == 1 else Either(tuple(found))


def is_optional(hint: Hint) -> bool:
    """Whether None is allowed."""
    return hint == NONE or (isinstance(hint, Either) and NONE in hint.members)


def expression_of(value: Any) -> Expression:  # noqa: ANN401 -- a scalar of any logical type
    """An expression that makes a scalar."""
    match value:
        case float() if not math.isfinite(value):
            return Call(FLOAT, (Plain(str(value)),))
        case datetime():
            zone = (("tzinfo", Name("UTC", "datetime")),) if value.tzinfo else ()
            parts = (value.year, value.month, value.day, value.hour, value.minute, value.second)
            return Call(hint_of(datetime), _numbers(*parts, value.microsecond), zone)
        case date():
            return Call(hint_of(date), _numbers(value.year, value.month, value.day))
        case time():
            return Call(hint_of(time), _numbers(value.hour, value.minute, value.second, value.microsecond))
        case Decimal() | UUID():
            return Call(hint_of(type(value)), (Plain(str(value)),))
        case Duration():
            return Call(hint_of(Duration), _numbers(value.months, value.days, value.milliseconds))
        case _:
            return Plain(value)


def _numbers(*numbers: int) -> tuple[Plain, ...]:
    return tuple(map(Plain, numbers))


@dataclass(slots=True)
class Scope:
    """The names of one module: ``taken`` are those that its classes and their fields have.

    Whatever is spelled and comes from elsewhere is remembered, to be imported.
    """

    taken: frozenset[str]
    _known: dict[tuple[str, str], str] = field(default_factory=dict)

    def hint(self, hint: Hint) -> str:
        """The text of a type hint."""
        match hint:
            case Name():
                return self.name(hint)
            case Of():
                return f"{self.name(hint.origin)}[{', '.join(map(self.hint, hint.arguments))}]"
            case Either():
                return " | ".join(map(self.hint, hint.members))
            case OneOf():
                return f"{self.name(Name('Literal', 'typing'))}[{', '.join(map(quoted, hint.values))}]"

    def expression(self, expression: Expression) -> str:
        """The text of an expression."""
        match expression:
            case Plain():
                return quoted(expression.value)
            case Name():
                return self.name(expression)
            case MemberOf():
                return f"{self.name(expression.owner)}.{expression.name}"
            case Call():
                given = [self.expression(argument) for argument in expression.arguments]
                given += [f"{name}={self.expression(value)}" for name, value in expression.keywords]
                return f"{self.name(expression.called)}({', '.join(given)})"
            case Items():
                return f"[{', '.join(map(self.expression, expression.items))}]"
            case Members():
                members = [f"{quoted(name)}: {self.expression(value)}" for name, value in expression.members]
                return f"{{{', '.join(members)}}}"

    def name(self, name: Name) -> str:
        """What something is called here."""
        key = (name.home, name.name)
        if not name.home:
            return name.name
        if key not in self._known:
            others = self.taken | set(self._known.values())
            called = name.preferred or name.name
            while called in others:
                called += "_"
            self._known[key] = called
        return self._known[key]

    def imports(self) -> list[str]:
        """The lines that import what was spelled, in the order that sorters of imports want."""
        lines: list[str] = []
        group = None
        for home, names in sorted(self._homes().items(), key=lambda item: _order_of_home(item[0])):
            if group not in (None, _order_of_home(home)[0]):
                lines.append("")
            group = _order_of_home(home)[0]
            own = [name for name, called in names if name == called]
            statements = [own] if own else []
            statements += [[name] for name, called in names if name != called]
            for members in sorted(statements, key=lambda one: _order_of_name(one[0])):
                shown = [name if name in own else f"{name} as {dict(names)[name]}" for name in members]
                lines += _import(home, shown)
        return lines

    def _homes(self) -> Mapping[str, list[tuple[str, str]]]:
        homes: dict[str, list[tuple[str, str]]] = {}
        for (home, name), called in sorted(self._known.items(), key=lambda item: _order_of_name(item[0][1])):
            if home != "builtins" or called != name:
                homes.setdefault(home, []).append((name, called))
        return homes


def quoted(value: object) -> str:
    """A value as Python shows it, text in double quotes where that needs no more escapes."""
    text = repr(value)
    if isinstance(value, str) and text.startswith("'") and '"' not in value:
        inner = text[1:-1].replace("\\'", "'")
        return f'"{inner}"'
    return text


_THIRD_PARTIES: Final = frozenset({"accord", "msgspec", "pydantic"})
_LONGEST_LINE: Final = 88


def _order_of_home(home: str) -> tuple[int, int, str]:
    if home.startswith("."):
        module = home.lstrip(".")
        return 2, len(module) - len(home), module
    return int(home.partition(".")[0] in _THIRD_PARTIES), 0, home


def _order_of_name(name: str) -> tuple[int, str]:
    """Constants, then classes, then the others."""
    if name.isupper() and len(name) > 1:
        return 0, name
    return (1 if name[:1].isupper() else 2), name


def _import(home: str, names: list[str]) -> list[str]:
    line = f"from {home} import {', '.join(names)}"
    if len(line) <= _LONGEST_LINE:
        return [line]
    return [f"from {home} import (", *(f"    {name}," for name in names), ")"]
