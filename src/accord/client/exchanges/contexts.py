"""Contexts: rooms of their own in one registry, each with its own subjects and ids. Their names begin with a dot."""

from dataclasses import dataclass

import msgspec

from accord.client.exchanges.exchange import Exchange, query, quoted
from accord.client.http import Request


@dataclass(frozen=True, slots=True)
class ListContexts(Exchange[list[str]]):
    """The names of contexts; ``.`` is the default one."""

    context_prefix: str | None = None

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("GET", "/contexts", query(contextPrefix=self.context_prefix))

    def read(self, body: bytes) -> list[str]:
        """The names."""
        return msgspec.json.decode(body, type=list[str])


@dataclass(frozen=True, slots=True)
class DeleteContext(Exchange[None]):
    """Erase a context that has no subjects any more; one that is not there is erased already."""

    context: str

    @property
    def request(self) -> Request:
        """What to send."""
        return Request("DELETE", f"/contexts/{quoted(self.context, what='context')}")

    def read(self, body: bytes) -> None:
        """Nothing is told."""
