"""The composition root: operations and what every request passes through, around one node."""

import time
from collections.abc import Sequence

from accord.registry.http.errors import CODES, LEGACY_CODES, Codes
from accord.registry.http.exchange import AskerGone, Endpoint, Receive, Request, Scope, Send
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.middleware.access_log import tell
from accord.registry.http.middleware.delivery import deliver
from accord.registry.http.middleware.faults import refusal
from accord.registry.http.middleware.negotiation import negotiate
from accord.registry.http.middleware.request_id import RequestIds
from accord.registry.http.operation import Operation
from accord.registry.http.router import Router
from accord.registry.http.routes import root
from accord.registry.http.routes.compatibility import Compatibility
from accord.registry.http.routes.config import Configs
from accord.registry.http.routes.contexts import Contexts
from accord.registry.http.routes.description import Description
from accord.registry.http.routes.mode import Modes
from accord.registry.http.routes.operations import Operations
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
    return Registry(operations_of(node, metrics, codes), metrics, codes)


class Registry:
    """An ASGI application that does ``operations``."""

    def __init__(self, operations: Sequence[Operation], metrics: RegistryMetrics, codes: Codes) -> None:
        self._router = Router(operations)
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
            try:
                response = await self._endpoint(request)(request)
            except AskerGone:
                raise
            except Exception as error:  # noqa: BLE001 -- the border: whatever it is, who asked is told, and the log
                response = refusal(error, request, self._codes)
            status = response.status
            await deliver(response, request, send)
        except AskerGone:
            pass
        finally:
            seconds = time.perf_counter() - began
            self._metrics.durations.add(seconds, (request.route, request.method, status))
            tell(request, status, seconds)

    def _endpoint(self, request: Request) -> Endpoint:
        """What answers ``request``. Raises HttpError."""
        resource = self._router.find(request)
        operation = resource.operations.get(request.method)
        if operation is None or not operation.media_type:
            negotiate(request)
        return resource.other if operation is None else operation.endpoint
