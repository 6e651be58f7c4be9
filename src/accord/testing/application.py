"""What an application's workers do with a record, with neither threads nor brokers."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from accord.client import ReaderReport
from accord.streams.dedupe import Dedupe, MemoryMarks
from accord.streams.durations import milliseconds
from accord.streams.groups import Dispatch, Group
from accord.streams.handlers import Context, Output
from accord.streams.record import Record
from accord.testing.clock import VirtualClock


class HasGroups(Protocol):
    """An App."""

    @property
    def groups(self) -> Sequence[Group]:
        """What was declared, by group."""

    def readers(self) -> Sequence[ReaderReport]:
        """What the registry is told of who reads what."""


Publish = Callable[[Record[Any], Sequence[Output]], None]


def handle_of(
    group: Group, publish: Publish, clock: VirtualClock
) -> Callable[[Record[Any]], Awaitable[None] | None]:
    """What handles a record of the group: finds its handler, runs it, publishes what that gives."""
    return _Handling(group, publish, clock).handle


class _Handling:
    def __init__(self, group: Group, publish: Publish, clock: VirtualClock) -> None:
        self._group = group
        self._publish = publish
        self._dispatch = Dispatch(group)
        self._once = None if group.choices.dedupe is None else _Once(group.choices.dedupe, clock)

    def handle(self, record: Record[Any]) -> Awaitable[None] | None:
        context = self._dispatch.context(record)
        if context is None:
            return None
        mark = None
        if self._once is not None:
            mark = self._once.mark(self._group.name, context)
            if self._once.holds(mark):
                return None
        returned = context.handler.call(context)
        if context.handler.is_async:
            return self._await(context, returned, mark)
        self._finish(context, returned, mark)
        return None

    async def _await(self, context: Context, returning: Awaitable[object], mark: bytes | None) -> None:
        self._finish(context, await returning, mark)

    def _finish(self, context: Context, returned: object, mark: bytes | None) -> None:
        self._publish(context.record, context.handler.outputs(context, returned))
        if self._once is not None and mark is not None:
            self._once.add(mark)


class _Once:
    """Marks of the harness's own: those of an application outlive a test."""

    def __init__(self, dedupe: Dedupe, clock: VirtualClock) -> None:
        self._dedupe = dedupe
        self._clock = clock
        self._marks = MemoryMarks()

    def mark(self, group: str, context: Context) -> bytes:
        return self._dedupe.mark(group, context.origin, context.record)

    def holds(self, mark: bytes) -> bool:
        return self._marks.holds(mark, now=self._clock.now())

    def add(self, mark: bytes) -> None:
        now = self._clock.now()
        self._marks.add(mark, now=now, until=now + milliseconds(self._dedupe.within) / 1000)
