"""How generated code makes an instance of a class from values in variables.

A dataclass's own constructor does no more than keep what it is given, and takes its time for it where the class is frozen.
Where nothing of the class's own would run, the code keeps the values itself: in an instance of a class of the same layout that
is not frozen, which then becomes one of the class.
"""

import dataclasses
import weakref
from collections.abc import Mapping
from types import MemberDescriptorType
from typing import Final

from accord.codecs.avro.source import Function, Names, Source, Told, is_plain, word
from accord.codecs.models import Model

# What dataclasses write has no file.
_GENERATED: Final = "<string>"

_blanks: "weakref.WeakKeyDictionary[type, type | None]" = weakref.WeakKeyDictionary()


class NotMade(Exception):
    """The class refuses the values."""

    def __init__(self, class_: type, error: Exception) -> None:
        super().__init__(class_, error)
        self.class_ = class_
        self.error = error


def build(source: Source, code: Function, model: Model, values: Mapping[str, str], name: str) -> None:
    """Add what makes of ``values``, variables by field name, an instance in the variable ``name``."""
    by_keyword = {item.keyword: values[item.name] for item in model.fields}
    class_ = source.known(f"{word(model.type.__name__)}_", model.type)
    if not _only_keeps(model, by_keyword):
        code.line(f"{name} = {class_}({_arguments(model, by_keyword)})", told=_refused(model.type))
        return
    blank = _blank_of(model.type) if model.type.__dataclass_params__.frozen else None  # type: ignore[attr-defined]
    code.line(f"{name} = {source.known('Blank_', blank)}()" if blank else f"{name} = new({class_})")
    for keyword, value in by_keyword.items():
        code.line(f"{name}.{keyword} = {value}")
    if blank:
        code.line(f"{name}.__class__ = {class_}")


def _refused(class_: type) -> Told:
    def told(error: Exception, _: Names) -> Exception:
        return NotMade(class_, error)

    return told


def _arguments(model: Model, values: Mapping[str, str]) -> str:
    """By position as long as the class's order goes, which is faster, then by keyword."""
    left = dict(values)
    arguments = []
    # Pydantic would tell of what it refuses by its position.
    for keyword in () if model.kind == "pydantic" else model.positional:
        if keyword not in left:
            break
        arguments.append(left.pop(keyword))
    arguments += [f"{keyword}={value}" for keyword, value in left.items() if is_plain(keyword)]
    odd = ", ".join(f"{keyword!r}: {value}" for keyword, value in left.items() if not is_plain(keyword))
    return ", ".join([*arguments, f"**{{{odd}}}"] if odd else arguments)


def _only_keeps(model: Model, values: Mapping[str, str]) -> bool:
    """Whether making an instance is keeping the values in its attributes, and nothing else."""
    class_ = model.type
    if model.kind != "dataclass" or type(class_) is not type or class_.__bases__ != (object,):
        return False
    fields = dataclasses.fields(class_)
    if {item.name for item in fields if item.init} != set(values) or not all(map(is_plain, values)):
        return False
    own = vars(class_)
    frozen = class_.__dataclass_params__.frozen  # type: ignore[attr-defined]  # every dataclass has it
    return (
        all(item.init for item in fields)
        and _is_generated(own.get("__init__"))
        and (_is_generated(own.get("__setattr__")) if frozen else "__setattr__" not in own)
        and not own.keys() & {"__new__", "__post_init__", "__getattribute__"}
        and not any(_intercepts(own.get(name)) for name in values)
        and (not frozen or _blank_of(class_) is not None)
    )


def _is_generated(function: object) -> bool:
    """Whether the method is one that ``dataclasses`` wrote."""
    code = getattr(function, "__code__", None)
    return code is not None and code.co_filename == _GENERATED


def _intercepts(attribute: object) -> bool:
    """Whether setting the attribute is more than keeping it."""
    return hasattr(type(attribute), "__set__") and not isinstance(attribute, MemberDescriptorType)


def _blank_of(class_: type) -> type | None:
    """A class of the same layout that is not frozen, or None if there cannot be one."""
    if class_ not in _blanks:
        _blanks[class_] = _new_blank(class_)
    return _blanks[class_]


def _new_blank(class_: type) -> type | None:
    slots = vars(class_).get("__slots__")
    blank = type("Blank", (), {} if slots is None else {"__slots__": slots})
    try:
        blank().__class__ = class_
    except TypeError:
        return None
    return blank
