"""A registry that runs, as a source: its own log where it gives that, else everything that its REST API tells."""

from collections.abc import Callable, Iterator

from accord.client import Registry, Unauthorized
from accord.registry.log.port import START, LoggedRecord, Record
from accord.transfer.ports import Row, Watcher
from accord.transfer.rest.composition import composed
from accord.transfer.rest.exchanges import Perhaps, TellLog
from accord.transfer.rest.interview import interview


class RegistrySource:
    """The records of a registry that runs; nothing in it is changed, and others may use it meanwhile."""

    def __init__(self, registry: Registry, *, name: str, now_ms: Callable[[], int]) -> None:
        self._registry = registry
        self._now_ms = now_ms
        self.name = name
        self.end = START
        """Where the log ended when its last record was read."""

    def read(self, watcher: Watcher) -> Row:
        """The log's own records if the registry is an Accord one, else records composed from what it tells.

        Raises RegistryError.
        """
        watcher.doing(f"reading the log of {self.name}")
        first = self._first(watcher)
        if first is not None:
            return Row(self._log(first))
        at_ms = self._now_ms()
        return Row(composed(interview(self._registry, watcher, at_ms=at_ms), at_ms=at_ms), exact=False)

    def _first(self, watcher: Watcher) -> list[LoggedRecord] | None:
        try:
            return self._registry.ask(Perhaps(TellLog(START)))
        except Unauthorized:
            watcher.warn(
                f"{self.name} does not let us read its log: what was erased is not told, nor which ids it had"
            )
            return None

    def _log(self, first: list[LoggedRecord]) -> Iterator[Record]:
        logged = first
        while logged:
            yield from (one.record for one in logged)
            self.end = logged[-1].position
            logged = self._registry.ask(TellLog(logged[-1].position))
