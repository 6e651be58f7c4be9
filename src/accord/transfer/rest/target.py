"""A registry that runs, as a target: everything is registered with the ids and versions that it has in the source."""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from accord.client import IncompatibleSchema, NotFound, Registry, RegistryRefused
from accord.registry.core.errors import IdHeld
from accord.registry.core.state import RegistryState
from accord.registry.log import records
from accord.registry.log.port import Record
from accord.transfer.continuation import shown
from accord.transfer.counting import Counted
from accord.transfer.errors import PlaceRefused, TargetDiffers
from accord.transfer.ports import Row, Taken, Watcher
from accord.transfer.rest.comparison import conflicts, differences, every_version
from accord.transfer.rest.exchanges import ExtendLog
from accord.transfer.rest.plan import Plan, plan
from accord.transfer.rest.source import RegistrySource

SHOWN: Final = 10
BATCH: Final = 500
"""So many records go into one request."""


class RegistryTarget:
    """A registry that may hold other subjects already; ``force`` lets subjects that have versions take more."""

    def __init__(
        self, registry: Registry, *, name: str, now_ms: Callable[[], int], force: bool = False
    ) -> None:
        self._registry = registry
        self._source = RegistrySource(registry, name=name, now_ms=now_ms)
        self._force = force
        self.name = name

    def take(self, row: Row, watcher: Watcher) -> Taken:
        """Bring everything in, and look whether it is there afterwards.

        Raises TargetDiffers, with nothing changed, if the registry holds something else in the place of anything, and
        PlaceRefused if subjects must be opened by force; RegistryError if it cannot be asked.
        """
        coming = list(row.records)
        wanted = state_of(coming, watcher)
        held = self._source.read(watcher)
        there = list(held.records)
        if held.exact and there == coming[: len(there)]:
            return self._extend(coming, len(there), watcher)
        found = state_of(there, watcher)
        _require_room(self.name, conflicts(wanted, found))
        work = plan(wanted, found, force=self._force)
        _require_no_force(work)
        refused = self._carry_out(work, watcher)
        after = state_of(self._source.read(watcher).records, watcher)
        _tell_of_forgotten_ids(wanted, after, watcher)
        total = sum(1 for _ in every_version(wanted))
        left = (*refused, *differences(wanted, after))
        return Taken(work.registrations, total - work.registrations, what="versions", differences=left)

    def _extend(self, coming: Sequence[Record], found: int, watcher: Watcher) -> Taken:
        """Go on with an Accord registry's own log, which holds the first ``found`` records and no others."""
        watcher.doing(f"writing the log of {self.name}", total=len(coming) - found)
        position = self._source.end
        for begin in range(found, len(coming), BATCH):
            batch = tuple(coming[begin : begin + BATCH])
            position = self._registry.ask(ExtendLog(batch, position))
            watcher.moved(min(begin + BATCH, len(coming)) - found)
        after = state_of(self._source.read(watcher).records, watcher)
        return Taken(
            len(coming) - found, found, differences=tuple(differences(state_of(coming, watcher), after))
        )

    def _carry_out(self, work: Plan, watcher: Watcher) -> list[str]:
        """Take the steps; answers what was refused, each with the reason."""
        watcher.doing(f"writing to {self.name}", total=len(work.steps))
        refused = []
        try:
            for step in Counted(work.steps, watcher):
                try:
                    self._registry.ask(step.exchange)
                except (NotFound, RegistryRefused, IncompatibleSchema) as error:
                    refused.append(f"{step.words} was refused: {error.message}")
        except BaseException:
            if work.opened:
                watcher.warn(
                    f"{len(work.opened)} subjects may still be in the mode IMPORT: run this again, it goes on where it was"
                )
            raise
        return refused


def state_of(row: Iterable[Record], watcher: Watcher) -> RegistryState:
    """What the records add up to. Raises PlaceRefused if one contradicts others."""
    state = RegistryState()
    for record in row:
        try:
            event = records.decode(record)
        except records.Undecodable as error:
            watcher.left_out(f"the record {shown(record.key)}: {error.message}")
            continue
        try:
            if event is not None:
                state.apply(event, record.timestamp_ms)
        except IdHeld as error:
            raise PlaceRefused(
                f"the records contradict each other: {error.message}",
                hint="`accord registry doctor` says what is wrong with them, and --mend writes them without that",
            ) from error
    return state


def _require_room(name: str, found: Iterable[str]) -> None:
    told = list(found)
    if told:
        raise TargetDiffers(
            f"{name} holds something else in {len(told)} places, and nothing was changed: {gathered(told)}",
            hint="import into an empty registry or another context",
        )


def _require_no_force(work: Plan) -> None:
    if work.crowded:
        raise PlaceRefused(
            f"{len(work.crowded)} subjects have versions already and are to get more: {gathered(work.crowded)}",
            hint="look whether they are the same subjects; if so, say --force, which opens them for import all the same",
        )


def _tell_of_forgotten_ids(wanted: RegistryState, after: RegistryState, watcher: Watcher) -> None:
    for context, ids in wanted.id_spaces.items():
        there = after.id_spaces.get(context)
        highest = 0 if there is None else there.highest
        if ids.highest > highest:
            watcher.warn(
                f"the ids up to {ids.highest} were given once in the context '{context}'; the target, which cannot be told, "
                f"gives those after {highest} again"
            )


def gathered(words: Sequence[str]) -> str:
    """Some of many sentences, one on a line."""
    more = [f"… and {len(words) - SHOWN} more"] if len(words) > SHOWN else []
    return "".join(f"\n  - {one}" for one in (*words[:SHOWN], *more))
