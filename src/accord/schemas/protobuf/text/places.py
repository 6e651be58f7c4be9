"""Where something stands in the text of a .proto file.

A place is a full name: ``org.accord.Order`` for a message or enum, ``org.accord.Order.id`` for a field, a oneof or a
constant, and "" for the whole file. It may also be written as the registry's peers do, ``#/Order/Item/2``: messages
without the package, and then the number of a field or the name of a oneof.
"""

from collections.abc import Iterator
from functools import cached_property
from typing import Final

from accord.schemas.protobuf.model import (
    NOWHERE,
    Enum,
    Field,
    File,
    Group,
    Message,
    Span,
)
from accord.schemas.protobuf.resolution import all_groups, extends_in, scope_of, types_in, within
from accord.schemas.protobuf.text.tokens import position

_PATH: Final = "#/"


class Places:
    """The places in one text, which ``file`` was read from."""

    def __init__(self, text: str, file: File) -> None:
        self._text = text
        self._file = file
        self._fragments: dict[str, str] = {}

    def locate(self, place: str) -> tuple[int, int]:
        """Line and column, from 1, of what ``place`` names, or of the nearest around it that is there."""
        span = self._span(place)
        return (1, 1) if span is None else position(self._text, span.start)

    def fragment(self, place: str) -> str:
        """What stands at ``place`` in the text; "" where nothing does."""
        name = self._full_name(place)
        span = self._spans.get(name)
        if span is None:
            return ""
        # One string for all that is said of one place.
        return self._fragments.setdefault(name, self._text[span.start : span.end])

    def _span(self, place: str) -> Span | None:
        name = self._full_name(place)
        while name and name not in self._spans:
            name = name.rpartition(".")[0]
        return self._spans.get(name)

    def _full_name(self, place: str) -> str:
        if not place.startswith(_PATH):
            return place
        name = scope_of(self._file)
        for step in filter(None, place.removeprefix(_PATH).split("/")):
            name = self._numbered.get((name, int(step))) or name if step.isdecimal() else within(name, step)
        return name

    @cached_property
    def _spans(self) -> dict[str, Span]:
        spans: dict[str, Span] = {}
        for name, span in self._named():
            if span != NOWHERE:
                spans.setdefault(name, span)
        return spans

    @cached_property
    def _numbered(self) -> dict[tuple[str, int], str]:
        """The full names of fields by message and number; by oneof and number, too."""
        numbered: dict[tuple[str, int], str] = {}
        for scope, node in types_in(self._file):
            if isinstance(node, Message):
                for name, field in _members(node, scope):
                    numbered.setdefault((name, field.tag), within(scope, _name_of(field)))
            elif isinstance(node, Group):
                for field in node.fields:
                    numbered.setdefault((scope, field.tag), within(scope, field.name))
        return numbered

    def _named(self) -> Iterator[tuple[str, Span]]:
        scope = scope_of(self._file)
        for name, node in types_in(self._file):
            yield name, node.span
            if isinstance(node, Message):
                yield from _named_in_message(node, name)
            elif isinstance(node, Enum):
                for constant in node.constants:
                    yield within(name, constant.name), constant.span
            else:
                for field in node.fields:
                    yield within(name, field.name), field.span
        for service in self._file.services:
            yield within(scope, service.name), service.span
            for rpc in service.rpcs:
                yield within(within(scope, service.name), rpc.name), rpc.span
        for extend, inside in extends_in(self._file):
            for field in extend.fields:
                yield within(inside, field.name), field.span


def _named_in_message(message: Message, scope: str) -> Iterator[tuple[str, Span]]:
    for _, field in _members(message, scope):
        yield within(scope, _name_of(field)), field.span
    for oneof in message.oneofs:
        yield within(scope, oneof.name), oneof.span


def _members(message: Message, scope: str) -> Iterator[tuple[str, Field | Group]]:
    """The fields by the name of what holds them: the message, and for those of a oneof that, too."""
    yield from ((scope, field) for field in message.all_fields)
    yield from ((scope, group) for group in all_groups(message))
    for oneof in message.oneofs:
        yield from ((within(scope, oneof.name), field) for field in oneof.fields)
        yield from ((within(scope, oneof.name), group) for group in oneof.groups)


def _name_of(field: Field | Group) -> str:
    return field.field_name if isinstance(field, Group) else field.name
