"""Python source in the making: functions of lines, each of which knows which part of a value it is about.

A line that raises is found again by its number in the traceback, so code that works pays nothing for telling where it failed.
"""

import itertools
import keyword
import linecache
import re
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from types import TracebackType
from typing import Any, Final, NamedTuple, Protocol, TypeVar

# Python allows 20 blocks within each other, and compiles a long function more slowly than two short ones.
MOST_NESTED: Final = 8
MOST_LINES: Final = 400

# An elif is a block within the one before, to those who compile it.
MOST_CASES: Final = 100

T = TypeVar("T")

_numbers = itertools.count(1)

Names = Mapping[str, Any]
"""The local variables of a function at the moment when it failed."""


class Step(Protocol):
    """One step of a path that only the values tell."""

    def shown(self, names: Names) -> str:
        """The step as a path has it."""


@dataclass(slots=True)
class Nth:
    """The place of the next item: ``items`` already holds ``each`` entries for each one before, and ``others``."""

    items: str
    each: int = 1
    others: int = 0

    def shown(self, names: Names) -> str:
        """The place in brackets."""
        return f"[{(len(names[self.items]) - self.others) // self.each}]"


@dataclass(frozen=True, slots=True)
class Key:
    """The key of an entry."""

    name: str

    def shown(self, names: Names) -> str:
        """The key in braces."""
        return f"{{{names[self.name]!r}}}"


Told = Callable[[Exception, Names], Exception | None]
"""What an exception on a line means, or None if it means what it says."""


class Mark(NamedTuple):
    """What a line is about, and how its exceptions are told."""

    path: tuple[str | Step, ...]
    told: Told | None

    def shown(self, names: Names) -> str:
        """The path from the function's value to the line's."""
        return "".join(step if isinstance(step, str) else step.shown(names) for step in self.path)


def source_of(function: Callable[..., object]) -> str:
    """The source of a function that was generated, and of all that it calls of its own."""
    return "".join(linecache.getlines(function.__code__.co_filename))


@lru_cache(maxsize=4096)
def word(name: str) -> str:
    """The name as a part of a variable's."""
    return re.sub(r"^(?=[^a-zA-Z])", "n", re.sub(r"[^a-zA-Z0-9_]", "_", name))


def chunks(cases: Sequence[T]) -> list[Sequence[T]]:
    """The cases, in as many parts as they need."""
    return [cases[first : first + MOST_CASES] for first in range(0, len(cases), MOST_CASES)]


def is_plain(name: str) -> bool:
    """Whether code can say the name after a dot, or as a keyword."""
    return name.isascii() and name.isidentifier() and not keyword.iskeyword(name)


@dataclass(slots=True)
class Function:
    """One function, line by line."""

    lines: list[str] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    path: tuple[str | Step, ...] = ()
    depth: int = 0

    def line(self, text: str, *, told: Told | None = None) -> None:
        """Add a line at this depth."""
        self.lines.append("    " * self.depth + text)
        self.marks.append(Mark(self.path, told))

    @contextmanager
    def block(self, head: str) -> Iterator[None]:
        """What is added meanwhile belongs to ``head``."""
        self.line(head)
        self.depth += 1
        yield
        self.depth -= 1

    @contextmanager
    def at(self, step: str | Step) -> Iterator[None]:
        """What is added meanwhile is about this part of the value."""
        outside = self.path
        self.path = (*outside, step)
        yield
        self.path = outside

    @property
    def crowded(self) -> bool:
        """Whether what comes next had better be a function of its own."""
        return self.depth > MOST_NESTED or len(self.lines) > MOST_LINES


@dataclass(slots=True)
class Source:
    """Functions, and ``names``: what they find under names that are not their own."""

    title: str
    names: dict[str, Any]
    functions: list[Function] = field(default_factory=list)
    _taken: int = 0
    _known: dict[int, str] = field(default_factory=dict)

    def fresh(self, stem: str) -> str:
        """A name that nothing has."""
        self._taken += 1
        return f"{stem}{self._taken}"

    def known(self, stem: str, value: object) -> str:
        """The name under which the code finds ``value``."""
        name = self._known.get(id(value))
        if name is None:
            name = self._known[id(value)] = self.fresh(stem)
            self.names[name] = value
        return name

    def function(self, head: str) -> Function:
        """A new function; what its lines say stands one step deeper."""
        function = Function()
        function.line(head)
        function.depth = 1
        self.functions.append(function)
        return function

    def compiled(self, main: str, finish: Callable[[Exception, str], Exception]) -> Callable[..., Any]:
        """The function called ``main``, ready to run; ``finish`` makes of an exception and its path what callers see."""
        lines = [line for function in self.functions for line in (*function.lines, "")]
        # Between two functions lies one empty line, which never raises.
        marks = [mark for function in self.functions for mark in (*function.marks, Mark((), None))]
        file_name = f"<accord avro {word(self.title)} {next(_numbers)}>"
        text = "\n".join(lines)
        compiled = Compiled(file_name, marks, finish)
        self.names["failed"] = compiled.failed
        exec(compile(text, file_name, "exec", dont_inherit=True), self.names)  # noqa: S102 -- the text was made here, of quoted names
        linecache.cache[file_name] = (len(text), None, [f"{line}\n" for line in lines], file_name)
        function: Callable[..., Any] = self.names[main]
        weakref.finalize(function, linecache.cache.pop, file_name, None).atexit = False
        return function


def fail(code: Function) -> None:
    """Add what becomes of exceptions; raised outside of the handler, what is raised does not hold on to them."""
    with code.block("except Exception as error:"):
        code.line("failure = failed(error)")
    code.line("raise failure")


@dataclass(slots=True)
class Compiled:
    """The functions of a source, and what their lines are about."""

    file_name: str
    marks: list[Mark]
    finish: Callable[[Exception, str], Exception]

    def failed(self, error: Exception) -> Exception:
        """What to raise for an exception of these functions: what it means, with the path of what it is about."""
        path = ""
        told: Told | None = None
        names: Names = {}
        traceback: TracebackType | None = error.__traceback__
        while traceback is not None and not isinstance(error, RecursionError):
            frame = traceback.tb_frame
            if frame.f_code.co_filename == self.file_name:
                mark, names = self.marks[traceback.tb_lineno - 1], frame.f_locals
                path, told = path + mark.shown(names), mark.told
            traceback = traceback.tb_next
        meant = told(error, names) if told else None
        return self.finish(meant or error, path.lstrip("."))
