"""``/``: nothing is there; the field asks for it to see whether somebody answers."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accord.registry.http.bodies import answer
from accord.registry.http.resource import resource


async def read(request: Request) -> Response:  # noqa: ARG001 -- an endpoint's signature
    """Nothing, in JSON."""
    return answer({})


def routes() -> list[Route]:
    """The path."""
    return [resource("/", GET=read, POST=read)]
