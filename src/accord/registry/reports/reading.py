"""From what somebody sends to a report, or to everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from functools import partial
from itertools import islice
from operator import eq
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

import msgspec

from accord.registry.core.contexts import (
    DEFAULT_CONTEXT,
    Context,
    context_of,
    is_context,
    normalized,
    within,
)
from accord.registry.reports.bodies import MAX_DEPTH, PATTERNS
from accord.registry.reports.errors import ReportRefused
from accord.registry.reports.kinds import Kind, ReportKey
from accord.registry.reports.state import Wanted
from accord.schemas import Subject

MOST_FAULTS: Final = 20
"""So many are told of one report."""

# Of a list that is not as it should be, so many are looked at one by one: somebody waits.
_LOOKED_AT: Final = 1000
_SUBJECT: Final = "subject"
_BESIDE: Final = ("reads", "writes")


def read(kind: Kind, sent: bytes, *, context: Context = DEFAULT_CONTEXT) -> dict[str, Any]:
    """The members of the report that was ``sent``; those that may be left out are there, too.

    Subjects mean what they mean to somebody in ``context``. Raises ReportRefused if it is none of its kind, or
    msgspec.DecodeError, UnicodeDecodeError or RecursionError if it is no JSON.
    """
    told = msgspec.json.decode(sent)
    if sent.count(b"[") + sent.count(b"{") > MAX_DEPTH and _lies_deeper(told, MAX_DEPTH):
        raise ReportRefused(kind, [f"lists and objects in it lie deeper than {MAX_DEPTH} levels"])
    _qualify(told, context)
    found = list(islice(_faults(told, kind.body, ""), MOST_FAULTS + 1))
    if found:
        raise ReportRefused(kind, [*found[:MOST_FAULTS], *(["and more"] if len(found) > MOST_FAULTS else [])])
    defaults = {field.encode_name: _default(field) for field in msgspec.structs.fields(kind.body)}
    return {**defaults, **told}


def wanted(values: Mapping[str, str]) -> dict[str, Wanted]:
    """Which reports ``values`` ask for: those that have them; ``:.eu:`` for a subject is any subject in that context."""
    return {
        name: _subject_wanted(value) if name == _SUBJECT else partial(eq, value)
        for name, value in values.items()
    }


def key_of(kind: Kind, values: Mapping[str, str]) -> ReportKey:
    """The key that ``values`` name; members that may be null need no value. Raises ReportRefused if it is not whole."""
    faults, key = [], []
    for name in kind.key:
        value = values.get(name)
        if value is None and must_be_named(kind, name):
            faults.append(f"{name} is missing")
        key.append(normalized(value) if name == _SUBJECT and value else value)
    if faults:
        raise ReportRefused(kind, faults)
    return tuple(key)


def _lies_deeper(told: object, most: int) -> bool:
    level = [told]
    for _ in range(most + 1):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def must_be_named(kind: Kind, name: str) -> bool:
    """Whether a key is not whole without a value for this member."""
    return bool(_complaint(None, kind.types()[name]))


def _subject_wanted(value: str) -> Wanted:
    subject = normalized(value)
    if value and is_context(subject or None):
        context = context_of(subject)
        return lambda one: one is not None and context_of(Subject(one)) == context
    return partial(eq, subject)


def _qualify(told: object, context: Context) -> None:
    """Give the subjects in ``told`` the names by which they are kept; whether they can be names is judged afterwards."""
    if not isinstance(told, dict):
        return
    subject = told.get(_SUBJECT)
    # Nothing stays nothing, and is refused.
    if isinstance(subject, str) and subject:
        told[_SUBJECT] = within(context, subject)
    for beside in map(told.get, _BESIDE):
        for one in beside if isinstance(beside, list) else ():
            _qualify(one, context)


def _default(field: msgspec.structs.FieldInfo) -> object:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return None if field.default is msgspec.NODEFAULT else field.default


def _complaint(value: object, kind: Any) -> str:  # noqa: ANN401 -- any type that msgspec knows
    """What is wrong with ``value`` as a whole, "" if nothing is."""
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        words = str(error).partition(" - at `")[0]
        for pattern, meaning in PATTERNS.items():
            words = words.replace(f"`str` matching regex {pattern!r}", meaning)
        return words
    return ""


def _faults(value: object, kind: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    """Everything that keeps ``value`` from being a ``kind``, each with its place."""
    complaint = _complaint(value, kind)
    if not complaint:
        return
    within_it = list(islice(_faults_inside(value, _core(kind), path), MOST_FAULTS + 1))
    yield from within_it or [f"{path or 'the report'}: {complaint[0].lower()}{complaint[1:]}"]


def _faults_inside(value: object, kind: Any, path: str) -> Iterator[str]:  # noqa: ANN401
    if isinstance(value, dict) and isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        for field in msgspec.structs.fields(kind):
            place = f"{path}.{field.encode_name}" if path else field.encode_name
            if field.encode_name in value:
                yield from _faults(value[field.encode_name], field.type, place)
            elif field.required:
                yield f"{place} is missing"
    elif isinstance(value, list) and get_origin(kind) is list:
        [inner] = get_args(kind)
        for number, item in enumerate(islice(value, _LOOKED_AT)):
            yield from _faults(item, inner, f"{path}[{number}]")


def _core(kind: Any) -> Any:  # noqa: ANN401
    """What ``kind`` is apart from null and from its bounds."""
    if get_origin(kind) is Annotated:
        return _core(get_args(kind)[0])
    if get_origin(kind) in (Union, UnionType):
        choices = [choice for choice in get_args(kind) if choice is not NoneType]
        return _core(choices[0]) if len(choices) == 1 else kind
    return kind
