"""The synchronous driver: does what talks ask for, in the thread that asks."""

import contextlib
import random
import ssl
import time
from collections.abc import Callable, Hashable, Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from accord.client.addresses import Credentials
from accord.client.exchanges import Exchange
from accord.client.flights import SingleFlight
from accord.client.memory import Caching, Memory
from accord.client.patience import Patience
from accord.client.questions import Questions
from accord.client.settings import RegistrySettings
from accord.client.shelf import Shelf
from accord.client.talk import GetToken, Keep, Load, Recall, Send, Step, Talk, Wait

if TYPE_CHECKING:
    import httpx2

A = TypeVar("A")


class Registry(Questions):
    """A schema registry that speaks Confluent's REST API, at ``url``: an address, several, or RegistrySettings.

    ``auth``, ``verify`` and ``timeout_s`` are those of RegistrySettings, for whom needs no others. Safe to share between
    threads. Every method raises RegistryError: NotFound, IncompatibleSchema, Unauthorized, RegistryRefused,
    UnusableAnswer, or RegistryUnavailable when no usable answer came with all ``patience``. Answers that stay true are
    remembered as ``caching`` says; what stays true for ever is also kept in the folder ``keep_in``, and used while the
    registry is away, so that a program can start again during an outage. To make one raises ConfigurationError where the settings make no sense (nothing is
    sent yet), and so does a question that cannot be sent. When the client is closed, questions raise ClientClosed.
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
        transport: "httpx2.BaseTransport | None" = None,
        sleep: Callable[[float], object] = time.sleep,
        clock: Callable[[], float] = time.monotonic,
        dice: Callable[[], float] = random.random,
    ) -> None:
        # A command that names this class in its types, and asks no registry, does not wait for the HTTP library.
        from accord.client.sending import Sender  # noqa: PLC0415

        self._settings = RegistrySettings.of(url, auth=auth, verify=verify, timeout_s=timeout_s)
        self._sender = Sender(self._settings, transport=transport, clock=clock)
        caching = caching or Caching()
        self._flights: SingleFlight[Hashable, Any] = SingleFlight(Memory(caching.capacity, clock))
        self._shelf = Shelf(Path(keep_in), self._settings.urls) if keep_in is not None else None
        self._sleep = sleep
        super().__init__(
            self._settings, self._flights, patience or Patience(), caching, dice, keeps=keep_in is not None
        )

    def ask(self, exchange: Exchange[A], *, patience: Patience | None = None) -> A:
        """Have one exchange with the registry; what can be repeated is tried again while it is unavailable."""
        return self._hold(self._asking.ask(exchange, patience=patience))

    def close(self) -> None:
        """Let go of the connections."""
        self._sender.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _hold(self, talk: Talk[A]) -> A:
        """Do what a talk asks for, until it has its answer."""
        result: object = None
        # A talk that is broken off ends now, and not when its memory is freed.
        with contextlib.closing(talk):
            while True:
                try:
                    step = talk.send(result)
                except StopIteration as end:
                    answer: A = end.value
                    return answer
                result = self._do(step)

    def _do(self, step: Step) -> object:
        match step:
            case Send():
                return self._sender.send(step)
            case Wait(seconds):
                return self._sleep(seconds)
            case GetToken():
                return self._settings.current_token()
            case Recall(key, talk, keep_s, manner):
                return self._flights.get(key, lambda: self._hold(talk), keep_s=keep_s, manner=manner)
            case Load(request):
                return self._shelf.load(request) if self._shelf else None
            case Keep(request, body):
                if self._shelf:
                    self._shelf.keep(request, body)
                return None
