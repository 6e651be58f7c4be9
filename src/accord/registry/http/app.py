"""The composition root: paths and what every request passes through, around one node."""

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.types import ASGIApp

from accord.registry.http.errors import CODES, LEGACY_CODES, Codes
from accord.registry.http.metrics import RegistryMetrics
from accord.registry.http.middleware.access_log import AccessLog
from accord.registry.http.middleware.context_path import ContextPath
from accord.registry.http.middleware.exchange import Exchange
from accord.registry.http.middleware.faults import Faults
from accord.registry.http.middleware.measurement import Measurement
from accord.registry.http.middleware.negotiation import Negotiation
from accord.registry.http.middleware.raw_path import RawPath
from accord.registry.http.middleware.request_id import RequestId
from accord.registry.http.operation import Operation, routes
from accord.registry.http.resource import not_found
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


def create_app(node: RegistryNode, *, legacy_error_codes: bool = False) -> Starlette:
    """The registry's REST API; ``node`` must have been started.

    With ``legacy_error_codes`` an incompatible schema is refused with the code 409, as before Confluent's 8.1.
    """
    metrics = RegistryMetrics(node.state)
    codes = LEGACY_CODES if legacy_error_codes else CODES
    operations = operations_of(node, metrics, codes)
    exempt = frozenset(
        (method, operation.path)
        for operation in operations
        if operation.media_type
        for method in (operation.method, "HEAD")
    )
    app = _Registry(
        routes=routes(operations),
        middleware=[
            Middleware(Exchange),
            Middleware(RequestId),
            Middleware(AccessLog),
            Middleware(Measurement, metrics=metrics),
            Middleware(Faults, codes=codes),
            Middleware(RawPath),
            Middleware(ContextPath),
            Middleware(Negotiation, exempt=exempt),
        ],
    )
    app.router.redirect_slashes = False
    app.router.default = not_found
    return app


class _Registry(Starlette):
    """Leaves out Starlette's own two layers for errors: ``Faults`` answers them all, at a fraction of the cost."""

    def build_middleware_stack(self) -> ASGIApp:
        app: ASGIApp = self.router
        for cls, args, kwargs in reversed(self.user_middleware):
            app = cls(app, *args, **kwargs)
        return app
