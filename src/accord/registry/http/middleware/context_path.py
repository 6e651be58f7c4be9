"""``/contexts/.eu/subjects/orders`` means ``/subjects/:.eu:orders``: a context before a path qualifies what follows."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote, unquote

from starlette.types import ASGIApp, Receive, Scope, Send

from accord.registry.core.contexts import EVERY_CONTEXT, Context, is_qualified
from accord.registry.http.errors import MalformedContext

_PREFIX: Final = ["", "contexts"]
# Before a subject in the path, by what the path begins with.
_SUBJECT_AT: Final = {"subjects": 1, "compatibility": 2, "config": 1, "mode": 1}
_SETTINGS: Final = frozenset({"config", "mode"})


class ContextPath:
    """Rewrites a path below a context to the one that it stands for."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request. Raises MalformedContext."""
        if scope["type"] == "http" and scope["path"].startswith("/contexts/"):
            _rewrite(scope)
        await self._app(scope, receive, send)


def _rewrite(scope: Scope) -> None:
    segments = scope["path"].split("/")
    if segments[:2] != _PREFIX or len(segments) < 4:  # noqa: PLR2004 -- "", contexts, its name, and a path
        return
    name = unquote(segments[2]).removeprefix(":").removesuffix(":")
    if ":" in name:
        raise MalformedContext(name)
    context = Context(f".{name.lstrip('.')}")
    rest = segments[3:]
    scope["path"] = "/" + "/".join(_qualified(context, rest))
    parameter = _parameter(rest)
    if parameter:
        scope["query_string"] = _with_parameter(scope["query_string"], parameter, context)


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
    return "subjectPrefix" if rest == ["subjects"] else ""


def _with_parameter(query: bytes, name: str, context: Context) -> bytes:
    given = [part for part in query.decode("latin-1").split("&") if part]
    others = [part for part in given if part.partition("=")[0] != name]
    values = [part.partition("=")[2] for part in given if part.partition("=")[0] == name]
    value = _in(context, unquote(values[0].replace("+", " ")) if values else "")
    return "&".join([*others, f"{name}={quote(value, safe='')}"]).encode("latin-1")


def _in(context: Context, subject: str) -> str:
    return subject if is_qualified(subject) or subject.startswith(EVERY_CONTEXT) else f":{context}:{subject}"
