"""A registry that runs, as a source: its own log where it gives that, else everything that its REST API tells."""

from collections.abc import Callable, Iterable, Iterator

from accord.client import Registry, Unauthorized
from accord.registry.core.contexts import Scope
from accord.registry.log.port import START, LoggedRecord, Record
from accord.transfer.errors import UnknownShape
from accord.transfer.ports import Row, Watcher
from accord.transfer.rest.composition import composed
from accord.transfer.rest.exchanges import TellLog, TellReports
from accord.transfer.rest.interview import interview


class RegistrySource:
    """The records of a registry that runs; nothing in it is changed, and others may use it meanwhile."""

    def __init__(self, registry: Registry, *, name: str, now_ms: Callable[[], int]) -> None:
        self._registry = registry
        self._now_ms = now_ms
        self._forbidden = False
        self.name = name
        self.end = START
        """Where the log ended when its last record was read."""
        self.reports_end = START
        """The same of the second log."""

    def read(self, watcher: Watcher) -> Row:
        """The log's own records if the registry is an Accord one, else records composed from what it tells.

        Raises RegistryError.
        """
        log = self.log(watcher)
        if log is not None:
            return Row(log, reports=self._reports_if_let(watcher))
        told = self.told(watcher)
        if self._forbidden:
            watcher.warn(
                f"{self.name} does not let us read its log: what was erased is not told, nor which ids it had"
            )
        return Row(told, exact=False)

    def log(self, watcher: Watcher) -> Iterator[Record] | None:
        """The log's own records; None if the registry gives no log, or not to us. Raises RegistryError."""
        watcher.doing(f"reading the log of {self.name}")
        try:
            first = self._registry.ask(TellLog(START))
        except Unauthorized:
            self._forbidden = True
            return None
        return None if first is None else self._records(first)

    def reports(self, watcher: Watcher) -> list[Record] | None:
        """The records of the second log; None if the registry has none. Raises RegistryError."""
        watcher.doing(f"reading the reports of {self.name}")
        # One answer has all of it. Whoever asked for what came since might never be done.
        logged = self._registry.ask(TellReports(START))
        self.reports_end = logged[-1].position if logged else START
        return None if logged is None else [one.record for one in logged]

    def _reports_if_let(self, watcher: Watcher) -> list[Record] | None:
        try:
            return self.reports(watcher)
        except Unauthorized:
            watcher.left_out(
                f"the reports of readers, deployments and the like that {self.name} does not let us read"
            )
            return None

    def told(self, watcher: Watcher, *, scopes: Iterable[Scope] = ()) -> Iterator[Record]:
        """Records composed of what the registry tells; ``scopes`` are asked about even if it does not list them.

        Raises RegistryError.
        """
        at_ms = self._now_ms()
        return composed(interview(self._registry, watcher, at_ms=at_ms, scopes=scopes), at_ms=at_ms)

    def _records(self, first: list[LoggedRecord]) -> Iterator[Record]:
        self.end = START
        logged: list[LoggedRecord] | None = first
        while logged:
            yield from (one.record for one in logged)
            self.end = logged[-1].position
            logged = self._registry.ask(TellLog(self.end))
            if logged is None:
                raise UnknownShape(
                    f"{self.name} gave a part of its log and then something else",
                    hint="check what proxies stand before the registry",
                )
