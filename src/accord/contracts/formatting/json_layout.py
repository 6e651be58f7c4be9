"""The layout of JSON: a value on one line if it fits there, else its members on lines of their own.

Nothing is read and written again: strings, numbers and the order of keys are the author's, character by character.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

WIDTH: Final = 100
_INDENT: Final = "  "
_CLOSINGS: Final = {"{": "}", "[": "]"}
_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_OPEN_MEMBERS: Final = frozenset(
    ('"fields"', '"properties"', '"$defs"', '"definitions"', '"patternProperties"')
)
"""Their values are lists of things to read one by one, however short."""


@dataclass(frozen=True, slots=True)
class _Container:
    """An object or a list; the keys of an object are raw strings, those of a list ""."""

    opening: str
    members: "tuple[tuple[str, _Value], ...]"

    @property
    def closing(self) -> str:
        return _CLOSINGS[self.opening]


_Value: TypeAlias = str | _Container


def json_layout(text: str) -> str:
    """The layout of a text that is known to be one JSON value without comments."""
    value = _read(iter(_TOKEN.findall(text)))
    return "\n".join(_written(value, "", "", is_open=True)) + "\n"


def _read(tokens: Iterator[str]) -> _Value:
    return _value(next(tokens), tokens)


def _value(first: str, rest: Iterator[str]) -> _Value:
    if first not in _CLOSINGS:
        return first
    members: list[tuple[str, _Value]] = []
    for following in rest:
        if following == _CLOSINGS[first]:
            break
        if following == ",":
            continue
        if first == "{":
            next(rest)
            members.append((following, _read(rest)))
        else:
            members.append(("", _value(following, rest)))
    return _Container(first, tuple(members))


def _written(value: _Value, indent: str, key: str, *, is_open: bool) -> Iterator[str]:
    """The lines of a value that stands behind its key; only the first has no indentation of its own."""
    head = f"{key}: " if key else ""
    if isinstance(value, str):
        yield f"{indent}{head}{value}"
        return
    line = f"{indent}{head}{_on_one_line(value)}"
    # A comma may follow.
    if not value.members or (not is_open and len(line) < WIDTH and not _holds_a_list_to_read(value)):
        yield line
        return
    yield f"{indent}{head}{value.opening}"
    last = len(value.members) - 1
    for index, (name, member) in enumerate(value.members):
        *lines, end = _written(member, indent + _INDENT, name, is_open=name in _OPEN_MEMBERS)
        yield from lines
        yield end if index == last else f"{end},"
    yield f"{indent}{value.closing}"


def _on_one_line(value: _Value) -> str:
    if isinstance(value, str):
        return value
    inner = (
        f"{name}: {_on_one_line(member)}" if name else _on_one_line(member) for name, member in value.members
    )
    return f"{value.opening}{', '.join(inner)}{value.closing}"


def _holds_a_list_to_read(value: _Container) -> bool:
    return any(
        isinstance(member, _Container)
        and ((bool(member.members) and name in _OPEN_MEMBERS) or _holds_a_list_to_read(member))
        for name, member in value.members
    )
