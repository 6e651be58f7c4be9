"""``/mode``: everything can be read and written here; nothing else can be chosen yet."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accord.registry.core.errors import ModeNotFound
from accord.registry.http.bodies import answer
from accord.registry.http.requests import flag, subject_of
from accord.registry.http.resource import resource

_MODE: Final = {"mode": "READWRITE"}


async def read(request: Request) -> Response:  # noqa: ARG001 -- an endpoint's signature
    """The mode of all subjects."""
    return answer(_MODE)


async def read_subject(request: Request) -> Response:
    """The mode of one subject, which has none of its own."""
    if not flag(request, "defaultToGlobal"):
        raise ModeNotFound(subject_of(request))
    return answer(_MODE)


def routes() -> list[Route]:
    """The paths."""
    return [resource("/mode", GET=read), resource("/mode/{subject:segment}", GET=read_subject)]
