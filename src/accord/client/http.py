"""A request and a response, as data."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from accord.errors import ConfigurationError

_NO_PORT: Final = re.compile(r":(?!\d+(/|,|$)).*")

ANSWER_LIMIT_BYTES: Final = 64 * 2**20

Method = Literal["GET", "POST", "PUT", "DELETE"]


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask: ``path`` is below the registry's address, and already quoted.

    An answer that is longer than ``answer_limit_bytes`` (decompressed) is not taken. With None it may be of any length,
    and last as long as parts of it keep coming.
    """

    method: Method
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    answer_limit_bytes: int | None = ANSWER_LIMIT_BYTES


@dataclass(frozen=True, slots=True)
class Response:
    """What was answered; the names of ``headers`` are in lower case."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        """Whether the answer is the one that was asked for."""
        return 200 <= self.status < 300  # noqa: PLR2004 -- HTTP's success

    @property
    def blames_the_asker(self) -> bool:
        """Whether asking another node of the same registry would not help."""
        return 400 <= self.status < 500  # noqa: PLR2004 -- HTTP's client errors


def unsendable(reason: Exception) -> ConfigurationError:
    """The request cannot be written down: a name is too long, or a text holds half a character."""
    return ConfigurationError(
        f"the request to the registry cannot be sent: {reason}",
        hint="look at the names and the schema in it: a name may be too long, and a lone surrogate is no character",
    )


def shown(text: str) -> str:
    """The text without what may be credentials: what stands before an ``@``, or after a colon and is no port."""
    scheme, mark, rest = text.rpartition("://")
    return scheme + mark + _NO_PORT.sub(":…", rest.rpartition("@")[2])
