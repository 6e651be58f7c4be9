"""Which operation a path and a method mean: a tree of the paths' segments.

Segments arrive as they were sent and are decoded one by one: a slash within one was sent as %2F. A slash at the end of a
path does not count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from accord.registry.http.context_path import Narrowing, entered
from accord.registry.http.errors import MethodNotAllowed, PathNotFound
from accord.registry.http.exchange import UNMATCHED, Request, Response
from accord.registry.http.operation import Operation

_MOST_KEPT: Final = 4096
_LONGEST_KEPT: Final = 256


class Resource:
    """A path and what can be done there: HEAD comes with GET, and OPTIONS with everything."""

    __slots__ = ("_allowed", "names", "operations", "path")

    def __init__(self, path: str) -> None:
        self.path = path
        self.names = tuple(segment.strip("{}") for segment in path.split("/") if segment.startswith("{"))
        self.operations: dict[str, Operation] = {}
        self._allowed: tuple[str, ...] = ()

    def add(self, operation: Operation) -> None:
        """Let ``operation`` be done here."""
        self.operations[operation.method] = operation
        if operation.method == "GET":
            self.operations["HEAD"] = operation
        self._allowed = (*self.operations, "OPTIONS")

    async def other(self, request: Request) -> Response:
        """Answer a method that is no operation. Raises PathNotFound, MethodNotAllowed."""
        if not self.operations:
            raise PathNotFound
        if request.method != "OPTIONS":
            raise MethodNotAllowed(self._allowed)
        return Response(headers={"allow": ", ".join(self._allowed)})


NOWHERE: Final = Resource(UNMATCHED)
"""Where a path leads that is none of ours."""


class Router:
    """Finds out what paths mean. It keeps what it has found: most who ask, ask what was asked before."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._top = _Branch()
        for operation in operations:
            branch = self._top
            for segment in operation.path.split("/"):
                branch = branch.grown(segment)
            if branch.resource is NOWHERE:
                branch.resource = Resource(operation.path)
            branch.resource.add(operation)
        self._known: dict[bytes, _Target] = {}

    def find(self, request: Request) -> Resource:
        """The resource that ``request`` means; it knows its route, its segments and its whole query then.

        Raises MalformedContext.
        """
        raw_path = request.scope["raw_path"]
        target = self._known.get(raw_path) or self._target(raw_path)
        request.route, request.segments = target.resource.path, target.segments
        if target.narrowing is not None:
            request.query = target.narrowing.of(request.query)
        return target.resource

    def _target(self, raw_path: bytes) -> "_Target":
        target = self._walk(raw_path.decode("latin-1").removesuffix("/") or "/")
        if len(raw_path) <= _LONGEST_KEPT and target.resource is not NOWHERE:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[raw_path] = target
        return target

    def _walk(self, path: str) -> "_Target":
        path, narrowing = entered(path)
        branch = self._top
        values: list[str] = []
        for segment in path.split("/"):
            below = branch.named.get(segment)
            if below is None:
                below = branch.filled
                # Nothing is not something to fill in.
                if below is None or not segment:
                    return _Target(NOWHERE, {}, None)
                values.append(unquote(segment))
            branch = below
        return _Target(branch.resource, dict(zip(branch.resource.names, values, strict=False)), narrowing)


@dataclass(frozen=True, slots=True)
class _Target:
    """Where a path leads, what stands in it where the resource's path has names, and what it adds to the query."""

    resource: Resource
    segments: Mapping[str, str]
    narrowing: Narrowing | None


class _Branch:
    """What may follow in a path: segments by their own words, and one that can be anything."""

    __slots__ = ("filled", "named", "resource")

    def __init__(self) -> None:
        self.named: dict[str, _Branch] = {}
        self.filled: _Branch | None = None
        self.resource = NOWHERE

    def grown(self, segment: str) -> "_Branch":
        """The branch that ``segment`` of an operation's path leads to."""
        if not segment.startswith("{"):
            return self.named.setdefault(segment, _Branch())
        if self.filled is None:
            self.filled = _Branch()
        return self.filled
