"""Routes on the path as it was sent: a subject may hold a slash, and ``a%2Fb`` is one segment."""

from starlette.types import ASGIApp, Receive, Scope, Send


class RawPath:
    """Puts the undecoded path in place of the decoded one; a slash at the end does not count."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http":
            path = scope["raw_path"].decode("latin-1")
            scope["path"] = path.removesuffix("/") or "/"
        await self._app(scope, receive, send)
