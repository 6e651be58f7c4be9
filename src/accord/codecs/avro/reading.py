"""Avro's binary form -> a typed value, resolved from the writer's schema to the reader's.

The plan is walked once, and Python source comes out: a function from bytes to a value. It knows in ``at`` how far it has
come and in ``end`` where the bytes end; what takes one byte mostly is looked up, and everything else is called.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from accord.codecs.avro import logical, runtime
from accord.codecs.avro.building import NotMade, build
from accord.codecs.avro.resolution import Chosen, Either, Keyed, Listed, Made, Plan, Refused, Stored
from accord.codecs.avro.runtime import LEAST, MOST, Damage, Symbols
from accord.codecs.avro.source import Function, Key, Names, Nth, Source, Told, chunks, fail, word
from accord.codecs.avro.types import Fixed, Primitive, short_name
from accord.codecs.codec import Decode
from accord.codecs.errors import DataFault, InvalidData
from accord.codecs.models import refused_by_model

LONG: Final = Primitive("long")
STRING: Final = Primitive("string")

MOMENTS: Final = {
    "timestamp-millis": "millis_at",
    "timestamp-micros": "micros_at",
    "local-timestamp-millis": "millis_at",
    "local-timestamp-micros": "micros_at",
}
"""What reads numbers that are rarely short."""

NAMES: Final = {
    **logical.NAMES,
    "new": object.__new__,
    "SMALL": runtime.SMALL,
    "BEYOND": runtime.BEYOND,
    "BOOLEAN": runtime.BOOLEAN,
    "MOST_EMPTY": runtime.MAX_EMPTY_ITEMS,
    "double_at": runtime.DOUBLE.unpack_from,
    "float_at": runtime.FLOAT.unpack_from,
    "long_at": runtime.long_at,
    "branch_at": runtime.branch_at,
    "millis_at": runtime.millis_at,
    "micros_at": runtime.micros_at,
    "stretch_at": runtime.stretch_at,
    "sized": runtime.sized,
    "ends_early": runtime.ends_early,
    "too_many": runtime.too_many,
    "left_over": runtime.left_over,
    "no_int": runtime.no_int,
    "no_branch": runtime.no_branch,
    "no_boolean": runtime.no_boolean,
    "unreadable": runtime.unreadable,
}


def decoder(plan: Plan) -> Decode[Any]:
    """The function from bytes to what the plan makes of them; it raises InvalidData."""
    source = Source(f"decode_{_title(plan)}", dict(NAMES))
    code = source.function("def decode(data, start=0, /):")
    code.line("at = start")
    code.line("end = len(data)")
    with code.block("try:"):
        _Reading(source).value(code, plan, "value")
        code.line("if at != end: raise left_over(end - at)")
        code.line("return value")
    fail(code)
    return source.compiled("decode", _told)


def _title(plan: Plan) -> str:
    return short_name(plan.record) if isinstance(plan, Made) else type(plan).__name__


def _told(error: Exception, path: str) -> Exception:
    match error:
        case RecursionError():
            return InvalidData("the data is nested too deeply", fault=DataFault.MALFORMED)
        case Damage(fault=fault, reason=reason):
            return InvalidData(reason, fault=fault, path=path)
        case IndexError():
            return InvalidData("the bytes end within a number", fault=DataFault.TRUNCATED, path=path)
        case struct.error():
            return InvalidData("the bytes end within a number", fault=DataFault.TRUNCATED, path=path)
        case NotMade(class_=class_, error=reason):
            refused = refused_by_model(class_, reason, path=path)
            refused.__cause__ = reason
            return refused
        case UnicodeDecodeError(reason=reason):
            return InvalidData(f"a string that is not UTF-8: {reason}", fault=DataFault.MALFORMED, path=path)
        case _:
            return error


@dataclass(slots=True)
class _Reading:
    source: Source
    functions: dict[Made, str] = field(default_factory=dict)

    def value(self, code: Function, plan: Plan, name: str) -> None:
        """Add what reads a value into the variable ``name``."""
        match plan:
            case Stored():
                self._stored(code, plan, name)
            case Chosen():
                self._symbol(code, plan, name)
            case Refused(reason=reason):
                code.line(f"raise unreadable({reason!r})")
            case Made() if plan.refused:
                code.line(f"raise unreadable({plan.refused!r})")
            case Made() if plan.uses > 1:
                code.line(f"{name}, at = {self._function_of(plan)}(data, at, end)")
            case _ if code.crowded:
                function = self.source.fresh("read_")
                self._function(plan, function)
                code.line(f"{name}, at = {function}(data, at, end)")
            case _:
                self._compound(code, plan, name)

    def _compound(self, code: Function, plan: Listed | Keyed | Either | Made, name: str) -> None:
        match plan:
            case Listed():
                self._array(code, plan, name)
            case Keyed():
                self._map(code, plan, name)
            case Either():
                self._union(code, plan, name)
            case Made():
                self._record(code, plan, name)

    def _function_of(self, plan: Made) -> str:
        name = self.functions.get(plan)
        if name is None:
            name = self.functions[plan] = self.source.fresh(f"read_{word(short_name(plan.record))}_")
            self._function(plan, name)
        return name

    def _function(self, plan: Listed | Keyed | Either | Made, name: str) -> None:
        code = self.source.function(f"def {name}(data, at, end):")
        self._compound(code, plan, "value")
        code.line("return value, at")

    # What is stored as it is

    def _stored(self, code: Function, plan: Stored, name: str) -> None:
        moment = MOMENTS.get(plan.type.logical)
        if moment:
            code.line(f"{name}, at = {moment}(data, at)")
        else:
            self._primitive(code, plan.type, name)
        match plan.promotion:
            case "float":
                code.line(f"{name} = float({name})")
            case "encoded":
                code.line(f"{name} = {name}.encode()")
            case "decoded":
                code.line(f"{name} = {name}.decode()")
        meant = plan.logical
        if meant is None:
            return
        if meant.meant_code:
            made = meant.meant_code.format(name, self.source.fresh("span"))
        else:
            made = f"{self.source.known('to_meant_', meant.to_meant)}({name})"
        code.line(f"{name} = {made}", told=_told_by(meant.to_meant, plan.called, name))

    def _primitive(self, code: Function, type_: Primitive | Fixed, name: str) -> None:
        if isinstance(type_, Fixed):
            self._fixed(code, name, type_.size)
            return
        match type_.name:
            case "null":
                code.line(f"{name} = None")
            case "boolean":
                code.line(f"{name} = BOOLEAN[data[at]]")
                code.line("at += 1")
                code.line(f"if {name} is None: raise no_boolean(data[at - 1])")
            case "int" | "long" as kind:
                code.line(f"{name} = SMALL[data[at]]")
                code.line("at += 1")
                with code.block(f"if {name} is None:"):
                    code.line(f"{name}, at = long_at(data, at - 1)")
                    if kind == "int":
                        code.line(f"if not {LEAST[kind]} <= {name} <= {MOST[kind]}: raise no_int({name})")
            case "double":
                code.line(f"{name} = double_at(data, at)[0]")
                code.line("at += 8")
            case "float":
                code.line(f"{name} = float_at(data, at)[0]")
                code.line("at += 4")
            case "bytes":
                self._stretch(code, name)
            case _:
                self._stretch(code, name, ".decode()")

    def _stretch(self, code: Function, name: str, then: str = "") -> None:
        """A length, and so many bytes."""
        code.line("stop = at + BEYOND[data[at]]")
        code.line("if not at < stop <= end: at, stop = stretch_at(data, at)")
        code.line(f"{name} = data[at + 1:stop]{then}")
        code.line("at = stop")

    def _fixed(self, code: Function, name: str, size: int) -> None:
        code.line(f"stop = at + {size}")
        code.line("if stop > end: raise ends_early(stop - end)")
        code.line(f"{name} = data[at:stop]")
        code.line("at = stop")

    def _symbol(self, code: Function, plan: Chosen, name: str) -> None:
        symbols = Symbols(plan.written, plan.values)
        code.line(f"{name} = {self.source.known('symbols_', symbols.by_byte)}[data[at]]")
        code.line("at += 1")
        longer = self.source.known("symbol_at_", symbols.at)
        code.line(f"if {name} is None: {name}, at = {longer}(data, at - 1)")

    # Many

    def _array(self, code: Function, plan: Listed, name: str) -> None:
        item = self.source.fresh("item")
        code.line(f"{name} = []")
        with self._blocks(code, name), code.at(Nth(name)):
            self.value(code, plan.items, item)
            code.line(f"{name}.append({item})")

    def _map(self, code: Function, plan: Keyed, name: str) -> None:
        key, item = self.source.fresh("key"), self.source.fresh("item")
        code.line(f"{name} = {{}}")
        with self._blocks(code, name):
            self._primitive(code, STRING, key)
            with code.at(Key(key)):
                self.value(code, plan.values, item)
                code.line(f"{name}[{key}] = {item}")

    @contextmanager
    def _blocks(self, code: Function, items: str) -> Iterator[None]:
        """What is added meanwhile is done once for each item; ``items`` holds those of the blocks before."""
        count = self.source.fresh("count")
        self._primitive(code, LONG, count)
        with code.block(f"while {count}:"):
            code.line(f"if {count} < 0: {count}, at = sized(data, at, {count})")
            code.line(
                f"if {count} > end - at and len({items}) + {count} > MOST_EMPTY: raise too_many({count})"
            )
            with code.block(f"for _ in range({count}):"):
                yield
            self._primitive(code, LONG, count)

    # One of several

    def _union(self, code: Function, plan: Either, name: str) -> None:
        branch = self.source.fresh("branch")
        code.line(f"{branch} = data[at]")
        code.line("at += 1")
        code.line(f"if {branch} > 127: {branch}, at = branch_at(data, at - 1)")
        count = len(plan.branches)
        parts = chunks(list(enumerate(plan.branches)))
        if len(parts) == 1:
            self._one_of(code, parts[0], branch, name)
            with code.block("else:"):
                code.line(f"raise no_branch({branch}, {count})")
            return
        code.line(f"if {branch} & 1 or {branch} >= {2 * count}: raise no_branch({branch}, {count})")
        for part in parts:
            with code.block(f"if {2 * part[0][0]} <= {branch} <= {2 * part[-1][0]}:"):
                self._one_of(code, part, branch, name)

    def _one_of(self, code: Function, branches: Sequence[tuple[int, Plan]], branch: str, name: str) -> None:
        keyword = "if"
        for index, plan in branches:
            with code.block(f"{keyword} {branch} == {2 * index}:"):
                self.value(code, plan, name)
            keyword = "elif"

    def _record(self, code: Function, plan: Made, name: str) -> None:
        values: dict[str, str] = {}
        for written, step, target in plan.steps:
            part = self.source.fresh(f"{word(target or written)}_")
            with code.at(f".{written}"):
                self.value(code, step, part)
            if target:
                values[target] = part
        for target, make in plan.defaults:
            values[target] = f"{self.source.known('default_', make)}()"
        in_order = {item.name: values[item.name] for item in plan.record.fields if item.name in values}
        if plan.model is None:
            pairs = ", ".join(f"{field!r}: {value}" for field, value in in_order.items())
            code.line(f"{name} = {{{pairs}}}")
            return
        build(self.source, code, plan.model, in_order, name)


def _told_by(to_meant: Callable[[Any], Any], called: str, name: str) -> Told:
    """The function knows why what says the same as it has failed."""

    def told(error: Exception, names: Names) -> Exception:
        stored = names[name]
        try:
            to_meant(stored)
        except (ValueError, OverflowError) as reason:
            return Damage(DataFault.MALFORMED, f"{stored!r} is no {called}: {reason}")
        return error

    return told
