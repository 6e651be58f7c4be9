"""A JSON text and the places of its values: to point at one, and to change one without touching the rest."""

import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from accord.schemas.json_text import JsonValue, without_comments
from accord.schemas.pointers import child, parent

_SPACE: Final = re.compile(r"\s*")
_SCALAR: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s,\]}]+')


@dataclass(frozen=True, slots=True)
class Span:
    """The characters from ``start`` up to ``end``."""

    start: int
    end: int


class JsonSource:
    """One valid JSON text; every change gives a new one. Pointers are JSON pointers."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._plain = without_comments(text)

    def __contains__(self, pointer: str) -> bool:
        return pointer in self._spans

    @cached_property
    def document(self) -> JsonValue:
        """The whole of it."""
        return json.loads(self._plain)

    def value(self, pointer: str) -> JsonValue:
        """What stands at ``pointer``; raises KeyError where nothing does."""
        span = self._spans[pointer]
        return json.loads(self._plain[span.start : span.end])

    def fragment(self, pointer: str) -> str:
        """What stands at ``pointer``, on one line; "" where nothing does."""
        return json.dumps(self.value(pointer), ensure_ascii=False) if pointer in self else ""

    def excerpt(self, pointer: str) -> str:
        """The same with the key where it is the member of an object."""
        fragment, step = self.fragment(pointer), pointer.rpartition("/")[2]
        return fragment if not fragment or not step or step.isdecimal() else f'"{step}": {fragment}'

    def position(self, pointer: str) -> tuple[int, int]:
        """Line and column, from 1, of ``pointer`` or of the nearest value around it that exists."""
        while pointer not in self:
            pointer = pointer.rpartition("/")[0]
        before = self.text[: self._spans[pointer].start]
        return before.count("\n") + 1, len(before) - before.rfind("\n")

    def with_value(self, pointer: str, value: JsonValue) -> "JsonSource":
        """The text with another value at ``pointer``."""
        span = self._spans[pointer]
        return self._spliced(span.start, span.end, self._written(value))

    def with_member(self, pointer: str, key: str, value: JsonValue) -> "JsonSource":
        """The text with the member ``key`` of the object at ``pointer`` set."""
        if child(pointer, key) in self:
            return self.with_value(child(pointer, key), value)
        colon = ":" if self._compact else ": "
        return self._added(pointer, f"{self._written(key)}{colon}{self._written(value)}")

    def with_item(self, pointer: str, index: int, value: JsonValue) -> "JsonSource":
        """The text with ``value`` put into the list at ``pointer`` before the item ``index``, or at its end."""
        following = self._spans.get(child(pointer, index))
        if following is None:
            return self._added(pointer, self._written(value))
        return self._spliced(following.start, following.start, f"{self._written(value)},{self._gap(pointer)}")

    def without(self, pointer: str) -> "JsonSource":
        """The text without the list item or the member at ``pointer``, and without its comma."""
        siblings = self._map.entries[parent(pointer)]
        index = siblings.index(pointer)
        start = self._map.starts[pointer]
        if index + 1 < len(siblings):
            return self._spliced(start, self._map.starts[siblings[index + 1]], "")
        if index:
            start = self._spans[siblings[index - 1]].end
        return self._spliced(start, self._spans[pointer].end, "")

    @cached_property
    def _map(self) -> "_Map":
        return _Map(self._plain)

    @property
    def _spans(self) -> dict[str, Span]:
        return self._map.spans

    @cached_property
    def _compact(self) -> bool:
        return re.search(r'"\s*:\s', self._plain) is None

    def _written(self, value: JsonValue) -> str:
        separators = (",", ":") if self._compact else (", ", ": ")
        return json.dumps(value, ensure_ascii=False, separators=separators)

    def _added(self, pointer: str, written: str) -> "JsonSource":
        """The text with ``written`` as the last entry of the container at ``pointer``."""
        closing = self._spans[pointer].end - 1
        last = len(self._plain[:closing].rstrip())
        if self._plain[last - 1] in "{[":
            return self._spliced(last, closing, written)
        return self._spliced(last, last, f",{self._gap(pointer)}{written}")

    def _gap(self, pointer: str) -> str:
        """The white space between two entries of the container at ``pointer``."""
        opening = self._spans[pointer].start + 1
        first = self._plain[opening : _skip(self._plain, opening)]
        if "\n" in first:
            return first
        return "" if self._compact else " "

    def _spliced(self, start: int, end: int, new: str) -> "JsonSource":
        return JsonSource(self.text[:start] + new + self.text[end:])


class _Map:
    """Where everything is: the spans of all values, and of each container the entries and where they start."""

    def __init__(self, text: str) -> None:
        self.spans: dict[str, Span] = {}
        self.starts: dict[str, int] = {}
        self.entries: dict[str, list[str]] = {}
        self._text = text
        self._scan(_skip(text, 0), "")

    def _scan(self, start: int, pointer: str) -> int:
        opening = self._text[start]
        end = self._scan_container(start, pointer) if opening in "{[" else _token_end(self._text, start)
        self.spans[pointer] = Span(start, end)
        return end

    def _scan_container(self, start: int, pointer: str) -> int:
        text, entries = self._text, self.entries.setdefault(pointer, [])
        is_object = text[start] == "{"
        at = _skip(text, start + 1)
        while text[at] not in "}]":
            begins, step = at, str(len(entries))
            if is_object:
                end = _token_end(text, at)
                step = json.loads(text[at:end])
                at = _skip(text, _skip(text, end) + 1)
            inner = child(pointer, step)
            at = _skip(text, self._scan(at, inner))
            entries.append(inner)
            self.starts[inner] = begins
            if text[at] == ",":
                at = _skip(text, at + 1)
        return at + 1


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _token_end(text: str, at: int) -> int:
    found = _SCALAR.match(text, at)
    return found.end() if found else at + 1
