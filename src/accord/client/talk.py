"""What a driver has to do for a registry's client, as data; all else is decided in generators that yield these steps.

A talk is such a generator: it yields a step, gets back what the step gave, and returns the answer. It does nothing
itself, so that one driver can hold it with threads and another with asyncio.
"""

from collections.abc import Generator, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from accord.client.errors import RegistryUnavailable, UnusableAnswer
from accord.client.http import Request

A = TypeVar("A")


@dataclass(frozen=True, slots=True)
class Send:
    """Send a request to an address; gives Response or Unanswered."""

    url: str
    request: Request
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Unanswered:
    """Nothing usable came back; ``sent`` is False if the registry certainly did not see the request."""

    error: RegistryUnavailable | UnusableAnswer
    sent: bool


@dataclass(frozen=True, slots=True)
class GetToken:
    """Ask for the token that is good now; gives it."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Let some time pass."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Recall:
    """Give what is remembered under ``key``, or hold the talk and remember its answer for ``keep_s`` seconds.

    Whoever misses the same key at the same time shares one talk, unless their ``manners`` of asking differ.
    """

    key: Hashable
    talk: "Talk[Any]"
    keep_s: float
    manner: Hashable = None


@dataclass(frozen=True, slots=True)
class Load:
    """Give the body of the answer to a request that is kept on disk, or None."""

    request: Request


@dataclass(frozen=True, slots=True)
class Keep:
    """Keep the body of the answer to a request on disk."""

    request: Request
    body: bytes


Step: TypeAlias = Send | GetToken | Wait | Recall | Load | Keep
Talk: TypeAlias = Generator[Step, Any, A]
