"""The asynchronous driver: does what talks ask for, in the event loop that asks."""

import asyncio
import contextlib
import random
import ssl
import threading
import time
from collections.abc import Awaitable, Callable, Hashable, Iterable
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx2

from accord.client.addresses import Credentials
from accord.client.errors import ClientClosed
from accord.client.exchanges import Exchange
from accord.client.http import Response
from accord.client.memory import Caching, Memory
from accord.client.patience import Patience
from accord.client.questions import Questions
from accord.client.settings import RegistrySettings
from accord.client.shelf import Shelf
from accord.client.talk import GetToken, Keep, Load, Recall, Send, Step, Talk, Unanswered, Wait
from accord.client.task_flights import TaskFlights
from accord.client.transport import Receipt, client_options, http_request, time_for
from accord.client.troubles import TROUBLES, unanswered
from accord.errors import ConfigurationError

A = TypeVar("A")


class AsyncRegistry(Questions):
    """A Registry whose methods are awaited; everything else is the same.

    It belongs to the event loop of asyncio in which it is first used; in another one, everything raises
    ConfigurationError. A ``token`` that is a function is called in another thread.
    """

    def __init__(
        self,
        url: RegistrySettings | str | Iterable[str],
        *,
        auth: Credentials | None = None,
        verify: ssl.SSLContext | bool | None = None,
        timeout_s: float | None = None,
        patience: Patience | None = None,
        caching: Caching | None = None,
        keep_in: Path | str | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        clock: Callable[[], float] = time.monotonic,
        dice: Callable[[], float] = random.random,
    ) -> None:
        self._settings = RegistrySettings.of(url, auth=auth, verify=verify, timeout_s=timeout_s)
        self._client = httpx2.AsyncClient(**client_options(self._settings), transport=transport)
        caching = caching or Caching()
        self._flights: TaskFlights[Hashable, Any] = TaskFlights(Memory(caching.capacity, clock))
        self._shelf = Shelf(Path(keep_in), self._settings.urls) if keep_in is not None else None
        self._sleep = sleep
        self._loop: asyncio.AbstractEventLoop | None = None
        self._meeting = threading.Lock()
        super().__init__(
            self._settings, self._flights, patience or Patience(), caching, dice, keeps=keep_in is not None
        )

    async def ask(self, exchange: Exchange[A], *, patience: Patience | None = None) -> A:
        """Have one exchange with the registry; what can be repeated is tried again while it is unavailable."""
        return await self._hold(self._asking.ask(exchange, patience=patience))

    async def aclose(self) -> None:
        """Drop what is being asked, and let go of the connections."""
        self._require_its_loop()
        await self._flights.aclose()
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def _hold(self, talk: Talk[A]) -> A:
        """Do what a talk asks for, until it has its answer."""
        self._require_its_loop()
        result: object = None
        # A talk that is broken off ends now, and not when its memory is freed.
        with contextlib.closing(talk):
            while True:
                try:
                    step = talk.send(result)
                except StopIteration as end:
                    answer: A = end.value
                    return answer
                result = await self._do(step)

    async def _do(self, step: Step) -> object:
        match step:
            case Send():
                return await self._send(step)
            case Wait(seconds):
                return await self._sleep(seconds)
            case GetToken():
                return await asyncio.to_thread(self._settings.current_token)
            case Recall(key, talk, keep_s, manner):
                return await self._flights.get(key, lambda: self._hold(talk), keep_s=keep_s, manner=manner)
            case Load(request):
                return await asyncio.to_thread(self._shelf.load, request) if self._shelf else None
            case Keep(request, body):
                if self._shelf:
                    await asyncio.to_thread(self._shelf.keep, request, body)
                return None

    async def _send(self, step: Send) -> Response | Unanswered:
        if self._client.is_closed:
            raise ClientClosed
        request = http_request(self._client, step)
        try:
            async with asyncio.timeout(time_for(step, self._settings)):
                return await self._receive(request, step)
        except (*TROUBLES, RuntimeError) as trouble:
            if self._client.is_closed:
                raise ClientClosed from trouble
            if isinstance(trouble, RuntimeError):
                raise
            return unanswered(trouble, step, self._settings)

    async def _receive(self, request: httpx2.Request, step: Send) -> Response:
        async with contextlib.aclosing(await self._client.send(request, stream=True)) as answer:
            receipt = Receipt(answer, limit_bytes=step.request.answer_limit_bytes)
            async for part in answer.aiter_bytes():
                receipt.take(part)
            return receipt.response()

    def _require_its_loop(self) -> None:
        running = asyncio.get_running_loop()
        with self._meeting:
            self._loop = self._loop or running
        if self._loop is not running:
            raise ConfigurationError(
                "an AsyncRegistry is used in another event loop than the first time",
                hint="make and close one in each event loop, which is in each asyncio.run; threads can share a Registry",
            )
