"""A typed value -> Avro's binary form, strictly: what the schema does not allow is an error with the field's path.

The schema is walked once, and Python source comes out: a function from a value to bytes. It checks a value, has the bytes
of its parts in local variables or looks them up, and joins them in the end.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from accord.codecs.avro import logical, runtime
from accord.codecs.avro.binding import ModelBinding
from accord.codecs.avro.choosing import Choosing
from accord.codecs.avro.logical import Logical, logical_of
from accord.codecs.avro.pieces import Piece, append, joined
from accord.codecs.avro.runtime import LEAST, MOST, Fields, Misfit, Needed
from accord.codecs.avro.source import Function, Key, Names, Nth, Source, Told, chunks, fail, is_plain, word
from accord.codecs.avro.types import (
    NULL,
    Array,
    AvroType,
    Datum,
    Enumeration,
    Fixed,
    Map,
    Primitive,
    Record,
    Union,
    short_name,
)
from accord.codecs.errors import InvalidEvent
from accord.codecs.models import Model

STRING: Final = Primitive("string")

NAMES: Final = {
    **logical.NAMES,
    "NUMBER": runtime.NUMBER,
    "PAIR": runtime.PAIR,
    "TAIL": runtime.TAIL,
    "DOUBLE": runtime.DOUBLE.pack,
    "FLOAT": runtime.FLOAT.pack,
    "Enum": Enum,
    "symbol_of": runtime.symbol_of,
    "number_of": runtime.number_of,
    "wrong_int": runtime.wrong_int,
    "wrong_long": runtime.wrong_long,
    "text_of": runtime.text_of,
}


def encoder(type_: AvroType, binding: ModelBinding) -> Callable[[Datum], bytes]:
    """The function from a value to bytes; records without a class in ``binding`` are dicts. It raises InvalidEvent."""
    source = Source(f"encode_{short_name(type_)}", dict(NAMES))
    code = source.function("def encode(value):")
    with code.block("try:"):
        pieces = _Writing(source, binding, _shared(type_), Choosing(source, binding)).pieces(
            code, type_, "value"
        )
        code.line(f"return {joined(pieces)}")
    fail(code)
    return source.compiled("encode", _told)


def _told(error: Exception, path: str) -> Exception:
    match error:
        case RecursionError():
            return InvalidEvent("the value is nested too deeply, or contains itself")
        case Misfit():
            return InvalidEvent(error.reason, path=path)
        case UnicodeEncodeError():
            return InvalidEvent(f"the string cannot be written as UTF-8: {error.reason}", path=path)
        case _:
            return error


@dataclass(slots=True)
class _Writing:
    source: Source
    binding: ModelBinding
    shared: frozenset[str]
    choosing: Choosing
    functions: dict[str, str] = field(default_factory=dict)

    def pieces(self, code: Function, type_: AvroType, value: str) -> list[Piece]:
        """Add what checks ``value``, a variable, and what the pieces need; return these."""
        match type_:
            case Primitive() | Fixed():
                return self._stored(code, type_, value)
            case Enumeration():
                return self._symbol(code, type_, value)
            case Record(name=name) if name in self.shared:
                return self._called(code, self._function_of(type_), value)
            case _ if code.crowded:
                return self._called(code, self._function(type_), value)
            case Array():
                return self._array(code, type_, value)
            case Map():
                return self._map(code, type_, value)
            case Union():
                return self._union(code, type_, value)
            case Record():
                return self._record(code, type_, value)

    def _function_of(self, record: Record) -> str:
        name = self.functions.get(record.name)
        if name is None:
            name = self.functions[record.name] = self.source.fresh(f"write_{word(short_name(record))}_")
            self._body(record, name)
        return name

    def _function(self, type_: AvroType) -> str:
        name = self.source.fresh("write_")
        self._body(type_, name)
        return name

    def _called(self, code: Function, function: str, value: str) -> list[Piece]:
        written = self.source.fresh("written")
        code.line(f"{written} = {function}({value})")
        return [written]

    def _body(self, type_: AvroType, name: str) -> None:
        code = self.source.function(f"def {name}(value):")
        write = self._record if isinstance(type_, Record) else self.pieces
        code.line(f"return {joined(write(code, type_, 'value'))}")  # type: ignore[arg-type]  # a Record for _record

    # What is stored as it is

    def _stored(self, code: Function, type_: Primitive | Fixed, value: str) -> list[Piece]:
        meant = logical_of(type_)
        if meant is not None:
            return self._meant(code, type_, meant, value)
        if isinstance(type_, Fixed):
            told = self._needed(f"{type_.size} bytes are")
            code.line(
                f"if not isinstance({value}, bytes) or len({value}) != {type_.size}: raise {told}({value})"
            )
            return [value]
        match type_.name:
            case "null":
                code.line(f"if {value} is not None: raise {self._needed('null is')}({value})")
                return []
            case "boolean":
                refused = f"raise {self._needed('a boolean is')}({value})"
                code.line(f"if {value} is not True and {value} is not False: {refused}")
                return [f"(b'\\x01' if {value} else b'\\x00')"]
            case "int" | "long" as name:
                fits = f"{LEAST[name]} <= {value} <= {MOST[name]}"
                code.line(f"if type({value}) is not int or not {fits}: raise wrong_{name}({value})")
            case "float" | "double" as name:
                code.line(f"if type({value}) is not float: {value} = number_of({name!r}, {value})")
            case "bytes":
                code.line(f"if not isinstance({value}, bytes): raise {self._needed('bytes are')}({value})")
            case _:
                code.line(f"if type({value}) is not str: {value} = text_of({value})")
        return self._plain(code, type_, value)

    def _plain(self, code: Function, type_: Primitive | Fixed, value: str) -> list[Piece]:
        """The pieces of a value that has been checked."""
        match type_.name if isinstance(type_, Primitive) else "fixed":
            case "int" | "long":
                return [f"NUMBER[{value}]"]
            case "double":
                return [f"DOUBLE({value})"]
            case "float":
                told: Told = lambda _, names: Misfit(f"{names[value]} does not fit a float (32 bits)")  # noqa: E731
                packed = self.source.fresh("packed")
                code.line(f"{packed} = FLOAT({value})", told=told)
                return [packed]
            case "bytes":
                return [f"NUMBER[len({value})]", value]
            case "string":
                encoded = self.source.fresh("text")
                code.line(f"{encoded} = {value}.encode()")
                return [f"NUMBER[len({encoded})]", encoded]
            case _:
                return [value]

    def _meant(self, code: Function, type_: Primitive | Fixed, meant: Logical, value: str) -> list[Piece]:
        python = self.source.known(f"{meant.python.__name__}_", meant.python)
        article = "an" if meant.python is int else "a"
        refused = self._needed(f"{article} {meant.python.__name__} is", f" for {short_name(type_)}")
        code.line(
            f"if type({value}) is not {python} and not {self.choosing.holds(meant, value)}: raise {refused}({value})"
        )
        stored = self.source.fresh("stored")
        if meant.stored_code:
            made = meant.stored_code.format(value, self.source.fresh("span"))
        else:
            made = f"{self.source.known('to_stored_', meant.to_stored)}({value})"
        code.line(f"{stored} = {made}", told=_told_by(meant.to_stored, value))
        if meant.usual_bits:
            return self._large(code, stored, meant.usual_bits)
        return self._plain(code, type_, stored)

    def _large(self, code: Function, number: str, bits: int) -> list[Piece]:
        """The pieces of a number that is usually large, fourteen bits a piece."""
        raw = self.source.fresh("raw")
        pieces = [self.source.fresh("bits") for _ in range(0, bits + 14, 14)]
        *pairs, tail = (f"{raw} >> {shift}" if shift else raw for shift in range(0, bits + 14, 14))
        code.line(f"{raw} = {number} + {number}")
        with code.block(f"if {raw} >= {1 << bits}:"):
            for piece, pair in zip(pieces, pairs, strict=False):
                code.line(f"{piece} = PAIR[{pair} & {runtime.FOURTEEN_BITS - 1}]")
            code.line(f"{pieces[-1]} = TAIL[{tail}]")
        with code.block("else:"):
            code.line(f"{' = '.join(pieces[1:])} = b''")
            code.line(f"{pieces[0]} = NUMBER[{number}]")
        return list(pieces)

    def _needed(self, what: str, purpose: str = "") -> str:
        """The name of what makes the exception."""
        return self.source.known("needed_", _needed(what, purpose))

    # Enums

    def _symbol(self, code: Function, type_: Enumeration, value: str) -> list[Piece]:
        class_ = self.binding.enum_of(type_.name)
        numbers = {symbol: runtime.NUMBER[number] for number, symbol in enumerate(type_.symbols)}
        known = self.source.known("symbols_", numbers)
        refused = _needed(f"one of {', '.join(type_.symbols)} is")
        told: Told = lambda _, names: refused(names[value])  # noqa: E731
        piece = self.source.fresh("symbol")
        if class_:
            member = self.source.known(f"{word(class_.__name__)}_", class_)
            name = self.source.known("needed_", refused)
            code.line(f"if type({value}) is not {member}: raise {name}({value})")
            code.line(f"{piece} = {known}[{value}._name_]", told=told)
        else:
            code.line(
                f"{piece} = {known}[{value} if type({value}) is str else symbol_of({value})]", told=told
            )
        return [piece]

    # Many

    def _array(self, code: Function, type_: Array, value: str) -> list[Piece]:
        code.line(f"if not isinstance({value}, (list, tuple)): raise {self._needed('a list is')}({value})")
        out, item = self.source.fresh("out"), self.source.fresh("item")
        code.line(f"{out} = [NUMBER[len({value})]] if {value} else []")
        nth = Nth(out, others=1)
        with code.block(f"for {item} in {value}:"), code.at(nth):
            nth.each = append(code, out, self.pieces(code, type_.items, item))
        return [f"*{out}", b"\0"]

    def _map(self, code: Function, type_: Map, value: str) -> list[Piece]:
        code.line(f"if not isinstance({value}, dict): raise {self._needed('a dict is')}({value})")
        out, key, item = (self.source.fresh(stem) for stem in ("out", "key", "item"))
        code.line(f"{out} = [NUMBER[len({value})]] if {value} else []")
        with code.block(f"for {key}, {item} in {value}.items():"):
            with code.at("{key}"):
                pieces = self._stored(code, STRING, key)
            with code.at(Key(key)):
                append(code, out, [*pieces, *self.pieces(code, type_.values, item)])
        return [f"*{out}", b"\0"]

    def _record(self, code: Function, record: Record, value: str) -> list[Piece]:
        model = self.binding.model_of(record.name)
        if model:
            class_ = model.type
            name = self.source.known(f"{word(class_.__name__)}_", class_)
            refused = self._needed(f"a {class_.__name__} is")
            code.line(
                f"if type({value}) is not {name} and not isinstance({value}, {name}): raise {refused}({value})"
            )
            told = _lacking(value)
        else:
            refused = self._needed("a dict is", f" for {short_name(record)}")
            code.line(f"if not isinstance({value}, dict): raise {refused}({value})")
            fields = Fields(short_name(record), frozenset(item.name for item in record.fields))
            unfit = self.source.known("unfit_", fields.unfit)
            code.line(f"if len({value}) != {len(record.fields)}: raise {unfit}({value})")
            told = _unfit(fields, value)
        parts = _parts(record, model, value)
        pieces: list[Piece] = []
        for item in record.fields:
            part = self.source.fresh(f"{word(item.name)}_")
            code.line(f"{part} = {parts[item.name]}", told=told)
            with code.at(f".{item.name}"):
                pieces += self.pieces(code, item.type, part)
        return pieces

    # One of several

    def _union(self, code: Function, union: Union, value: str) -> list[Piece]:
        chosen = self.source.fresh("chosen")
        if len(union.branches) == 2 and NULL in union.branches:  # noqa: PLR2004 -- the optional
            null = union.branches.index(NULL)
            with code.block(f"if {value} is None:"):
                code.line(f"{chosen} = {runtime.NUMBER[null]!r}")
            with code.block("else:"):
                self._branch(code, union, 1 - null, value, chosen)
            return [chosen]
        names = ", ".join(map(short_name, union.branches))
        refused = f"raise {self._needed(f'one of {names} is')}({value})"
        first, *others = chunks(self.choosing.tests(union, value)) or [()]
        self._first_of(code, union, first, value, chosen)
        with code.block("else:") if first else nullcontext():
            code.line(f"{chosen} = None" if others else refused)
        for part in others:
            with code.block(f"if {chosen} is None:"):
                self._first_of(code, union, part, value, chosen)
        if others:
            code.line(f"if {chosen} is None: {refused}")
        return [chosen]

    def _first_of(
        self, code: Function, union: Union, tests: Sequence[tuple[int, str]], value: str, chosen: str
    ) -> None:
        keyword = "if"
        for index, test in tests:
            with code.block(f"{keyword} {test}:"):
                self._branch(code, union, index, value, chosen)
            keyword = "elif"

    def _branch(self, code: Function, union: Union, index: int, value: str, chosen: str) -> None:
        pieces = self.pieces(code, union.branches[index], value)
        code.line(f"{chosen} = {joined([runtime.NUMBER[index], *pieces])}")


@lru_cache(maxsize=1024)
def _needed(what: str, purpose: str = "") -> Needed:
    return Needed(what, purpose)


def _parts(record: Record, model: Model | None, value: str) -> dict[str, str]:
    """How the fields of ``value`` are reached, by name."""
    if model is None:
        return {item.name: f"{value}[{item.name!r}]" for item in record.fields}
    attributes = {item.name: item.attribute for item in model.fields}
    return {
        name: f"{value}.{attribute}" if is_plain(attribute) else f"getattr({value}, {attribute!r})"
        for name, attribute in attributes.items()
    }


def _told_by(to_stored: Callable[[Any], Any], value: str) -> Told:
    """The function knows why what says the same as it has failed."""

    def told(error: Exception, names: Names) -> Exception | None:
        try:
            to_stored(names[value])
        except ValueError as reason:
            return Misfit(str(reason))
        return error

    return told


def _unfit(fields: Fields, value: str) -> Told:
    def told(error: Exception, names: Names) -> Exception | None:
        return fields.unfit(names[value]) if isinstance(error, KeyError) else error

    return told


def _lacking(value: str) -> Told:
    def told(error: Exception, names: Names) -> Exception | None:
        if isinstance(error, AttributeError):
            return Misfit(f"the {type(names[value]).__name__} lacks an attribute: {error}")
        return error

    return told


def _shared(type_: AvroType) -> frozenset[str]:
    """The names of the records that are used in several places, or in themselves."""
    uses: Counter[str] = Counter()

    def count(type_: AvroType) -> None:
        match type_:
            case Array(items=inner) | Map(values=inner):
                count(inner)
            case Union(branches=branches):
                for branch in branches:
                    count(branch)
            case Record():
                uses[type_.name] += 1
                if uses[type_.name] == 1:
                    for item in type_.fields:
                        count(item.type)

    count(type_)
    return frozenset(name for name, number in uses.items() if number > 1)
