"""A request and a response, as data."""

from dataclasses import dataclass
from typing import Literal

Method = Literal["GET", "POST", "PUT", "DELETE"]


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask: ``path`` is below the registry's address, and already quoted."""

    method: Method
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What was answered."""

    status: int
    body: bytes

    @property
    def ok(self) -> bool:
        """Whether the answer is the one that was asked for."""
        return 200 <= self.status < 300  # noqa: PLR2004 -- HTTP's success
