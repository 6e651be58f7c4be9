"""The composition root: operations and what every request passes through, around one node."""

import time
from collections.abc import Sequence

from accord.registry.core.state import RegistryState
from accord.registry.http.errors import CODES, LEGACY_CODES, Codes
from accord.registry.http.exchange import AskerGone, Receive, Request, Response, Scope, Send
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.middleware.access_log import tell
from accord.registry.http.middleware.delivery import deliver
from accord.registry.http.middleware.faults import refusal
from accord.registry.http.middleware.negotiation import negotiate
from accord.registry.http.middleware.request_id import RequestIds
from accord.registry.http.operation import Operation
from accord.registry.http.recall import Recalled
from accord.registry.http.router import Router
from accord.registry.http.routes import root
from accord.registry.http.routes.compatibility import Compatibility
from accord.registry.http.routes.config import Configs
from accord.registry.http.routes.contexts import Contexts
from accord.registry.http.routes.description import Description
from accord.registry.http.routes.mode import Modes
from accord.registry.http.routes.operations import Operations
from accord.registry.http.routes.reports import Reports
from accord.registry.http.routes.schemas import Schemas
from accord.registry.http.routes.subjects import Subjects
from accord.registry.node import RegistryNode


def operations_of(node: RegistryNode, metrics: RegistryMetrics, codes: Codes = CODES) -> list[Operation]:
    """Everything that the API can do, the most asked for first; its description tells errors by ``codes``."""
    operations = [
        *Schemas(node).operations(),
        *Subjects(node, metrics).operations(),
        *Compatibility(node).operations(),
        *Configs(node).operations(),
        *Modes(node).operations(),
        *Contexts(node).operations(),
        *Reports(node, metrics).operations(),
        *root.operations(),
        *Operations(node, metrics).operations(),
    ]
    return [*operations, *Description(operations, codes).operations()]


def create_app(node: RegistryNode, *, legacy_error_codes: bool = False) -> "Registry":
    """The registry's REST API; ``node`` must have been started.

    With ``legacy_error_codes`` an incompatible schema is refused with the code 409, as before Confluent's 8.1.
    """
    metrics = RegistryMetrics(node.state)
    codes = LEGACY_CODES if legacy_error_codes else CODES
    return Registry(operations_of(node, metrics, codes), node.state, metrics, codes)


class Registry:
    """An ASGI application that does ``operations``."""

    def __init__(
        self, operations: Sequence[Operation], state: RegistryState, metrics: RegistryMetrics, codes: Codes
    ) -> None:
        self._router = Router(operations)
        self._state = state
        # With an answer goes what else was found out about the request: its route and the answer's media type.
        self._recalled = Recalled[tuple[Response, str, bytes]](state)
        self._metrics = metrics
        self._codes = codes
        self._request_ids = RequestIds()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            raise NotImplementedError(f"only HTTP is served here, not {scope['type']}")
        began = time.perf_counter()
        request = Request(scope, receive)
        request.id = self._request_ids.of(request.headers)
        status = 0
        try:
            question = request.method, scope["raw_path"], request.query, request.headers.get(b"accept")
            recalled = self._recalled.recall(question)
            if recalled is None:
                response = await self._answer(request, question)
            else:
                response, request.route, request.media_type = recalled
            status = response.status
            await deliver(response, request, send)
        except AskerGone:
            pass
        finally:
            seconds = time.perf_counter() - began
            self._metrics.durations.add(seconds, (request.route, request.method, status))
            tell(request, status, seconds)

    async def _answer(self, request: Request, question: tuple[str, bytes, bytes, bytes | None]) -> Response:
        """What ``request`` is answered; ``question`` is all that a recalled answer depends on. Raises AskerGone."""
        found_in = self._state.revision
        try:
            resource = self._router.find(request)
            operation = resource.operations.get(request.method)
            if operation is None or not operation.media_type:
                negotiate(request)
            if operation is None:
                return await resource.other(request)
            response = await operation.endpoint(request)
        except AskerGone:
            raise
        except Exception as error:  # noqa: BLE001 -- the border: whatever it is, who asked is told, and the log
            return refusal(error, request, self._codes)
        if operation.recalled:
            weight = len(response.body) + sum(map(len, filter(None, question)))
            told = response, request.route, request.media_type
            self._recalled.keep(question, told, found_in=found_in, weight_bytes=weight)
        return response
