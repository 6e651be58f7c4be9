"""Sending, and waiting for the answer, in the thread that asks. It loads the HTTP library, which takes its time."""

import contextlib
from collections.abc import Callable

import httpx2

from accord.client.errors import ClientClosed
from accord.client.http import Response
from accord.client.settings import RegistrySettings
from accord.client.talk import Send, Unanswered
from accord.client.transport import Receipt, client_options, http_request, time_for
from accord.client.troubles import TROUBLES, unanswered


class Sender:
    """Connections to a registry. To make one raises ConfigurationError where the settings make no sense."""

    def __init__(
        self,
        settings: RegistrySettings,
        *,
        transport: httpx2.BaseTransport | None,
        clock: Callable[[], float],
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._client = httpx2.Client(**client_options(settings), transport=transport)

    def send(self, step: Send) -> Response | Unanswered:
        """What came of a request. Raises ClientClosed, and ConfigurationError if it cannot be sent."""
        if self._client.is_closed:
            raise ClientClosed
        request = http_request(self._client, step)
        try:
            return self._receive(request, step)
        except (*TROUBLES, RuntimeError) as trouble:
            if self._client.is_closed:
                raise ClientClosed from trouble
            if isinstance(trouble, RuntimeError):
                raise
            return unanswered(trouble, step, self._settings)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()

    def _receive(self, request: httpx2.Request, step: Send) -> Response:
        time_s, started = time_for(step, self._settings), self._clock()
        with contextlib.closing(self._client.send(request, stream=True)) as answer:
            receipt = Receipt(answer, limit_bytes=step.request.answer_limit_bytes)
            for part in answer.iter_bytes():
                receipt.take(part)
                if time_s is not None and self._clock() - started >= time_s:
                    raise TimeoutError
            return receipt.response()
