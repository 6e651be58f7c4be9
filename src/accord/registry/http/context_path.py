"""``/contexts/.eu/subjects/orders`` means ``/subjects/:.eu:orders``: a context before a path qualifies what follows."""

from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from accord.registry.core.contexts import EVERY_CONTEXT, Context, is_qualified
from accord.registry.http.errors import MalformedContext
from accord.registry.reports.kinds import KINDS

_PREFIX: Final = "/contexts/"
# Before a subject in the path, by what the path begins with.
_SUBJECT_AT: Final = {"subjects": 1, "compatibility": 2, "config": 1, "mode": 1}
_OURS: Final = ["accord", "v1"]
_REPORTS: Final = frozenset(kind.path for kind in KINDS)
_SETTINGS: Final = frozenset({"config", "mode"})


class Narrowing(NamedTuple):
    """What a context before a path asks of the query: that the ``parameter`` names something in ``context``."""

    parameter: str
    context: Context

    def of(self, query: bytes) -> bytes:
        """``query`` with what is asked of it."""
        given = [part for part in query.decode("latin-1").split("&") if part]
        others = [part for part in given if part.partition("=")[0] != self.parameter]
        values = [part.partition("=")[2] for part in given if part.partition("=")[0] == self.parameter]
        value = _in(self.context, unquote(values[0].replace("+", " ")) if values else "")
        return "&".join([*others, f"{self.parameter}={quote(value, safe='')}"]).encode("latin-1")


def entered(path: str) -> tuple[str, Narrowing | None]:
    """The path that ``path`` stands for, and what it asks of the query. Raises MalformedContext."""
    segments = path.split("/") if path.startswith(_PREFIX) else []
    if len(segments) < 4:  # noqa: PLR2004 -- "", contexts, its name, and a path
        return path, None
    name = unquote(segments[2]).removeprefix(":").removesuffix(":")
    if ":" in name:
        raise MalformedContext(name)
    context = Context(f".{name.lstrip('.')}")
    rest = segments[3:]
    parameter = _parameter(rest)
    return "/" + "/".join(_qualified(context, rest)), Narrowing(parameter, context) if parameter else None


def _qualified(context: Context, rest: Sequence[str]) -> list[str]:
    """``rest`` with the subject in it qualified; where a setting names none, it is the context's own."""
    place = _SUBJECT_AT.get(rest[0])
    if place is None:
        return list(rest)
    if len(rest) <= place:
        return [*rest, quote(f":{context}:", safe="")] if rest[0] in _SETTINGS else list(rest)
    return [*rest[:place], quote(_in(context, unquote(rest[place])), safe=""), *rest[place + 1 :]]


def _parameter(rest: Sequence[str]) -> str:
    """The name of the query parameter that names the context on this path."""
    if rest[0] == "schemas":
        return "subject" if rest[1:2] == ["ids"] else "subjectPrefix" if len(rest) == 1 else ""
    if rest[:2] == _OURS:
        return "subject" if rest[2:3] and rest[2] in _REPORTS else ""
    return "subjectPrefix" if rest == ["subjects"] else ""


def _in(context: Context, subject: str) -> str:
    return subject if is_qualified(subject) or subject.startswith(EVERY_CONTEXT) else f":{context}:{subject}"
