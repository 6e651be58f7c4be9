"""The ports: where records come from, where they go, and who is told how far it is."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from accord.registry.log.port import Record
from accord.transfer.reports import NO_REPORTS, Merge


class Watcher(Protocol):
    """Is told what goes on while something takes long."""

    def doing(self, text: str, *, total: int | None = None) -> None:
        """A task begins; ``total`` is how many steps it has, if that is known."""

    def moved(self, done: int) -> None:
        """So many steps of the task are done."""

    def warn(self, text: str) -> None:
        """Something that whoever moves a registry should know."""

    def left_out(self, text: str) -> None:
        """Something that is there could not be moved."""


@dataclass(frozen=True, slots=True)
class Row:
    """A registry as the row of its records, oldest first, to be gone through once.

    ``exact`` says that they are the log's own, and not composed from what the registry told. ``reports`` are the records
    of its second log, None where it has none, as registries of others do.
    """

    records: Iterable[Record]
    exact: bool = True
    reports: Sequence[Record] | None = None

    def same(self, record: Record) -> Hashable:
        """What makes two records equal: one that was composed carries the time of its composition."""
        return record if self.exact else (record.key, record.value)


class Source(Protocol):
    """Somewhere that a registry's records come from."""

    @property
    def name(self) -> str:
        """What to call it: its address, without credentials."""

    def read(self, watcher: Watcher) -> Row:
        """Every record; going through them may raise AccordError, too."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it: so many were written, so many stood there from an earlier try; ``what`` they are.

    ``differences`` is what a look at the target found otherwise afterwards, ``reports`` what became of the second log.
    """

    written: int
    found: int
    what: str = "records"
    differences: tuple[str, ...] = ()
    reports: Merge = NO_REPORTS


class Target(Protocol):
    """Somewhere that a row of records can be put."""

    @property
    def name(self) -> str:
        """What to call it: its address, without credentials."""

    def take(self, row: Row, watcher: Watcher) -> Taken:
        """Put the records there, in order; what an earlier try left there is gone on with.

        Raises TargetDiffers if something else is there, with nothing changed, or another AccordError.
        """
