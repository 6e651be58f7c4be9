"""Going on where an earlier try was interrupted. Pure."""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass

from accord.registry.log.port import Record
from accord.transfer.errors import TargetDiffers
from accord.transfer.words import shown


@dataclass(slots=True)
class Continuation:
    """What is still to be written to a target that holds ``existing``, the beginning of what is to be there.

    ``same`` tells what makes two records equal for this target.
    """

    target: str
    existing: Iterable[Record]
    same: Callable[[Record], Hashable]
    found: int = 0

    def rest(self, records: Iterable[Record]) -> Iterator[Record]:
        """Those of ``records`` that are not there yet. Raises TargetDiffers if anything else is there."""
        wanted = iter(records)
        for held in self.existing:
            coming = next(wanted, None)
            if coming is None:
                raise self._differs(f"has more records than the {self.found} that are to be put there")
            if self.same(coming) != self.same(held):
                raise self._differs(f"holds something else: its record {self.found} is {shown(held.key)}")
            self.found += 1
        yield from wanted

    def _differs(self, what: str) -> TargetDiffers:
        return TargetDiffers(
            f"{self.target} {what}",
            hint="name a place that is new or empty; only an interrupted import of the same source goes on where it was",
        )
