"""What every exchange is made of."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar
from urllib.parse import quote

import msgspec

from accord.client.errors import RegistryError
from accord.client.http import Request, Response
from accord.client.refusals import not_a_registry, refusal
from accord.errors import ConfigurationError

A = TypeVar("A")


class Exchange(ABC, Generic[A]):
    """One question, and how to read its answer."""

    __slots__ = ()

    @property
    def repeatable(self) -> bool:
        """Whether asking twice does no more than asking once."""
        return True

    @property
    @abstractmethod
    def request(self) -> Request:
        """What to send."""

    @abstractmethod
    def read(self, body: bytes) -> A:
        """What the body of a success means.

        Raises UnusableAnswer; msgspec.DecodeError, ValueError or RecursionError if it is no registry's.
        """

    def refuse(self, response: Response) -> RegistryError:
        """What an answer means that is not the one asked for."""
        return refusal(response)

    def interpret(self, response: Response) -> A:
        """The answer. Raises RegistryError."""
        if not response.ok:
            raise self.refuse(response)
        try:
            return self.read(response.body)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise not_a_registry(response, str(error)) from error


@dataclass(frozen=True, slots=True)
class WithBody(Exchange[tuple[A, bytes]]):
    """Another exchange, whose answer comes with the body that it was read from."""

    exchange: Exchange[A]

    @property
    def repeatable(self) -> bool:
        """As of the other exchange."""
        return self.exchange.repeatable

    @property
    def request(self) -> Request:
        """As of the other exchange."""
        return self.exchange.request

    def read(self, body: bytes) -> tuple[A, bytes]:
        """The answer, and the body."""
        return self.exchange.read(body), body


def quoted(segment: str, *, what: str) -> str:
    """The name of a ``what`` as one segment of a path: it may hold slashes and colons, or be nothing but dots.

    Raises ConfigurationError if it is empty: the path would be another one.
    """
    if not segment:
        # Most likely a variable that nobody filled.
        raise ConfigurationError(
            f"the registry was asked for a {what} without a name", hint=f"name the {what}"
        )
    return quote(segment, safe="") if segment.strip(".") else segment.replace(".", "%2E")


def query(**parameters: str | int | None) -> tuple[tuple[str, str], ...]:
    """The parameters that say something: a flag that is off and what is None are left out."""
    return tuple(
        (name, "true" if value is True else str(value))
        for name, value in parameters.items()
        if value is not None and value is not False
    )
