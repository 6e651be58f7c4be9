"""A registry that runs, as a target: everything is registered with the ids and versions that it has in the source."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from accord.client import IncompatibleSchema, NotFound, Registry, RegistryRefused, Unauthorized
from accord.registry.core.events import ContextDeleted, ContextSet
from accord.registry.core.state import RegistryState
from accord.registry.log import records
from accord.registry.log.lines import record_line
from accord.registry.log.port import Position, Record
from accord.transfer.counting import Counted
from accord.transfer.errors import PlaceRefused, TargetDiffers
from accord.transfer.inspection import inspected
from accord.transfer.ports import Row, Taken, Watcher
from accord.transfer.reports import NO_REPORTS, Merge, counted, live, merged
from accord.transfer.rest.comparison import conflicts, differences, every_version
from accord.transfer.rest.exchanges import ExtendLog, ExtendReports
from accord.transfer.rest.plan import Plan, plan
from accord.transfer.rest.source import RegistrySource
from accord.transfer.rest.states import served, state_of
from accord.transfer.words import gathered, scope_words, shown

BATCH: Final = 500
"""So many records go into one request, unless they are large."""
BATCH_BYTES: Final = 4 * 2**20
"""So large is a request, unless a single record is larger; a server takes 16 MiB."""

ATTEMPTS: Final = 5
"""How often reports are tried again because somebody else has reported meanwhile."""

_ENDS_ELSEWHERE: Final = 42205

Same: TypeAlias = Callable[[Record], Hashable]
"""What makes two records equal."""


class RegistryTarget:
    """A registry that may hold other subjects already; ``force`` lets subjects that have versions take more."""

    def __init__(
        self, registry: Registry, *, name: str, now_ms: Callable[[], int], force: bool = False
    ) -> None:
        self._registry = registry
        self._source = RegistrySource(registry, name=name, now_ms=now_ms)
        self._now_ms = now_ms
        self._force = force
        self.name = name

    def take(self, row: Row, watcher: Watcher) -> Taken:
        """Bring everything in, and look whether it is there afterwards.

        Raises TargetDiffers, with nothing changed, if the registry holds something else in the place of anything, and
        PlaceRefused if subjects must be opened by force; RegistryError if it cannot be asked.
        """
        taken = self._take_schemas(row, watcher)
        reports = self._take_reports(row.reports or (), watcher)
        return replace(
            taken, reports=reports, differences=(*taken.differences, *self._missing(reports, watcher))
        )

    def _take_schemas(self, row: Row, watcher: Watcher) -> Taken:
        coming = list(row.records)
        log = self._source.log(watcher)
        there = None if log is None else list(log)
        if there is not None and _is_beginning(there, coming, row.same):
            return self._extend(list(inspected(coming, watcher)), len(there), row.same, watcher)
        wanted = state_of(coming, watcher)
        found = self._state(wanted, watcher)
        _require_room(self.name, conflicts(wanted, found))
        work = plan(wanted, found, force=self._force)
        _require_no_force(work)
        _tell_of_settings_beside(work, watcher)
        if there is not None:
            self._remember_ids(wanted, found)
        registered, refused = self._carry_out(work, watcher)
        after = self._state(wanted, watcher)
        _tell_of_forgotten_ids(wanted, after, watcher)
        total = sum(1 for _ in every_version(wanted))
        left = (*refused, *differences(wanted, after, beside=work.beside))
        return Taken(registered, total - work.registrations, what="versions", differences=left)

    def _take_reports(self, coming: Sequence[Record], watcher: Watcher) -> Merge:
        """Put reports beside those that are there; others may report meanwhile. Raises TargetDiffers, RegistryError."""
        kept = live(coming)
        if not kept:
            return NO_REPORTS
        what = f"{counted(len(kept))} of readers, deployments and the like"
        for _ in range(ATTEMPTS):
            try:
                there = self._source.reports(watcher)
                if there is None:
                    watcher.left_out(f"{what}: {self.name} keeps none, only an Accord registry does")
                    return NO_REPORTS
                return self._merge(there, coming)
            except Unauthorized:
                watcher.left_out(f"{what}: {self.name} does not let us write its second log")
                return NO_REPORTS
            except RegistryRefused as error:
                if error.error_code != _ENDS_ELSEWHERE:
                    raise
        raise TargetDiffers(
            f"others reported to {self.name} each of the {ATTEMPTS} times that reports were to be written there",
            hint="run this again: it goes on where it was",
        )

    def _missing(self, merge: Merge, watcher: Watcher) -> Iterator[str]:
        """What a look at the registry afterwards does not find of what was written."""
        if not merge.missing:
            return
        absent = merged(self._source.reports(watcher) or (), merge.missing).missing
        if absent:
            yield f"not there afterwards: {counted(len(absent))}, the first is {shown(absent[0].key)}"

    def _merge(self, there: Iterable[Record], coming: Iterable[Record]) -> Merge:
        merge = merged(there, coming)
        position = self._source.reports_end
        for batch in batches(merge.missing):
            position = self._registry.ask(ExtendReports(batch, position))
        return merge

    def _state(self, wanted: RegistryState, watcher: Watcher) -> RegistryState:
        """What the registry serves now, also of what is set for names that it does not list."""
        log = self._source.log(watcher)
        if log is not None:
            return served(log)
        return served(self._source.told(watcher, scopes={*wanted.configs, *wanted.modes}))

    def _extend(self, coming: Sequence[Record], found: int, same: Same, watcher: Watcher) -> Taken:
        """Go on with an Accord registry's own log, which holds the first ``found`` records and no others."""
        watcher.doing(f"writing the log of {self.name}", total=len(coming) - found)
        position, written = self._source.end, found
        for batch in batches(coming[found:]):
            try:
                position = self._registry.ask(ExtendLog(batch, position))
            except RegistryRefused as error:
                if error.error_code != _ENDS_ELSEWHERE:
                    raise
                position = self._end_of(coming[: written + len(batch)], same, watcher)
            written += len(batch)
            watcher.moved(written - found)
        after = list(self._source.log(watcher) or ())
        if len(after) > len(coming):
            watcher.warn(f"somebody has written to {self.name} meanwhile, after what was brought in")
        return Taken(len(coming) - found, found, differences=tuple(_other_records(coming, after, same)))

    def _end_of(self, brought: Sequence[Record], same: Same, watcher: Watcher) -> Position:
        """Where the log ends if it holds ``brought`` and nothing else: an answer may have been lost on the way.

        Raises TargetDiffers if somebody else wrote.
        """
        there = list(self._source.log(watcher) or ())
        if len(there) == len(brought) and _is_beginning(there, brought, same):
            return self._source.end
        ours = sum(same(one) == same(other) for one, other in zip(there, brought, strict=False))
        raise TargetDiffers(
            f"somebody wrote to {self.name} meanwhile; {ours:,} of the records are there",
            hint="stop whoever writes to it and take an empty registry: its log can only be gone on with",
        )

    def _remember_ids(self, wanted: RegistryState, found: RegistryState) -> None:
        """Tell an Accord registry, which takes that as a record, the highest ids that belong to nothing any more."""
        told = []
        for context, ids in wanted.id_spaces.items():
            there = found.id_spaces.get(context)
            known = max(0 if there is None else there.highest, *ids.contents, 0)
            if ids.highest > known:
                listed = context in wanted.contexts or context in found.contexts
                event = (ContextSet if listed else ContextDeleted)(context, ids.highest)
                told.append(records.encode(event, self._now_ms()))
        if told:
            try:
                self._registry.ask(ExtendLog(tuple(told), self._source.end))
            except (RegistryRefused, NotFound, Unauthorized):
                # Whoever may not, or came too late, is told at the end which ids are forgotten.
                return

    def _carry_out(self, work: Plan, watcher: Watcher) -> tuple[int, list[str]]:
        """Take the steps; answers how many versions were registered, and what was refused, each with the reason."""
        watcher.doing(f"writing to {self.name}", total=len(work.steps))
        registered, refused = 0, []
        try:
            for step in Counted(work.steps, watcher):
                try:
                    self._registry.ask(step.exchange)
                    registered += step.is_registration
                except (NotFound, RegistryRefused, IncompatibleSchema) as error:
                    refused.append(f"{step.words} was refused: {error.message}")
        except BaseException:
            if work.opened:
                watcher.warn(
                    f"{len(work.opened)} subjects may still be in the mode IMPORT: run this again, it goes on where it was"
                )
            raise
        return registered, refused


def batches(row: Iterable[Record]) -> Iterator[tuple[Record, ...]]:
    """The records, so many at a time as one request holds."""
    batch: list[Record] = []
    size = 0
    for record in row:
        length = len(record_line(record))
        if batch and (len(batch) >= BATCH or size + length > BATCH_BYTES):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(record)
        size += length
    if batch:
        yield tuple(batch)


def _is_beginning(there: Sequence[Record], coming: Sequence[Record], same: Same) -> bool:
    return len(there) <= len(coming) and all(
        same(one) == same(other) for one, other in zip(there, coming, strict=False)
    )


def _other_records(coming: Sequence[Record], after: Sequence[Record], same: Same) -> Iterator[str]:
    """The first place where the log is not what was brought in."""
    for place, record in enumerate(coming):
        if place >= len(after):
            yield f"the log ends after {place:,} of the {len(coming):,} records"
            return
        if same(after[place]) != same(record):
            yield f"record {place} is {shown(after[place].key)} instead of {shown(record.key)}"
            return


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


def _tell_of_settings_beside(work: Plan, watcher: Watcher) -> None:
    for scope in work.beside:
        watcher.warn(
            f"what is set for {scope_words(scope)} stays as it is there, because other subjects are there too: "
            "--force sets it as in the source"
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
