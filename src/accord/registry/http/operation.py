"""What the API can do, as data: routes, the description of the API and tests are made from the same rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from starlette.routing import Route

from accord.errors import AccordError
from accord.registry.http.parameters import LIMIT, OFFSET, Parameter
from accord.registry.http.resource import Endpoint, resource

Method: TypeAlias = Literal["GET", "POST", "PUT", "DELETE"]

PAGE: Final = (OFFSET, LIMIT)


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path.

    ``query`` are the parameters that it reads, ``body`` is the type of what is sent, ``answer`` that of what comes back
    (None: nothing), ``errors`` are those that the API's users must expect. Its summary is the first line of what
    ``endpoint`` says of itself.
    """

    method: Method
    path: str
    endpoint: Endpoint
    answer: Any
    query: tuple[Parameter, ...] = ()
    body: Any = None
    errors: tuple[type[AccordError], ...] = ()
    status: int = 200
    media_type: str = ""

    @property
    def summary(self) -> str:
        """What it is for."""
        return (self.endpoint.__doc__ or "").partition("\n")[0].rstrip(".")


def routes(operations: Iterable[Operation]) -> list[Route]:
    """A route for each path, in the order in which the paths first appear."""
    by_path: dict[str, dict[str, Endpoint]] = {}
    for operation in operations:
        by_path.setdefault(operation.path, {})[operation.method] = operation.endpoint
    return [resource(path.replace("}", ":segment}"), **methods) for path, methods in by_path.items()]
