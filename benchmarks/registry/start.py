"""How long the registry takes to start, and what it holds in memory then."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.registry.core.events import Event
from benchmarks.registry import logs, processes, schemas
from benchmarks.registry.load import drive, get, shared
from benchmarks.registry.plan import Plan
from benchmarks.report import Goal, Section, below

_COLUMNS = (
    "schemas",
    "log",
    "process start to first answer",
    "processor time",
    "per schema, over empty",
    "memory at the first answer",
    "peak of that",
    "per schema, over empty",
    "memory when each was read once",
)
_SIZES = (1024, 2048)
_FULL = 100_000
_START_S = 4
_MEMORY_MB = 400
_EMPTY_S = 1
_CONNECTIONS = 16
_USE_S = 60
# The processor time of an empty start varies by a tenth of what 10,000 schemas take.
_GROWTH = 1.2


@dataclass(frozen=True, slots=True)
class _Start:
    """The quickest start over a log of ``count`` schemas, the least processor time, and the most memory of all."""

    count: int
    log_bytes: int
    seconds: float
    cpu_s: float
    memory_bytes: int
    peak_bytes: int
    used_bytes: int


def start(plan: Plan) -> Section:
    """Empty, and with more and more schemas; the last of them is the first that is asked for."""
    section = Section("Start, schemas of 1 to 2 KiB (Avro), a subject each")
    section.say(
        f"Best of {plan.start_rounds}; the log was read or written before, so it is in the system's cache. Memory is what"
        " all processes of the server hold (resident)."
    )
    empty, *filled = [_started(plan, count) for count in (0, *plan.starts)]
    section.table(_COLUMNS, [_row(each, empty) for each in (empty, *filled)])
    section.goals.append(_quick_enough("empty start", empty, _EMPTY_S))
    for each in filled:
        if each.count == _FULL:
            section.goals += [
                _quick_enough(f"start on {each.count:,} schemas", each, _START_S),
                below(
                    f"memory with {each.count:,} schemas, at its peak",
                    each.peak_bytes / 1e6,
                    _MEMORY_MB,
                    "MB",
                ),
            ]
    fewer, more = filled[-2:]
    growth = _us_each(more, empty) / _us_each(fewer, empty)
    asked = f"start, processor time per schema with {more.count:,} against {fewer.count:,}"
    section.goals.append(below(asked, growth, _GROWTH, "times"))
    return section


def _quick_enough(what: str, seen: _Start, limit_s: float) -> Goal:
    return below(what, seen.seconds, limit_s, "s", remark=f"{seen.cpu_s:.2f} s of processor time")


def _started(plan: Plan, count: int) -> _Start:
    log = plan.folder / f"start-{count}.db"
    logs.write(log, _mixed(count))
    seen = [_once(log, count, use=last) for last in (*[False] * (plan.start_rounds - 1), True)]
    log.unlink()
    return _Start(
        count,
        seen[0].log_bytes,
        min(each.seconds for each in seen),
        min(each.cpu_s for each in seen),
        max(each.memory_bytes for each in seen),
        max(each.peak_bytes for each in seen),
        seen[-1].used_bytes,
    )


def _once(log: Path, count: int, *, use: bool) -> _Start:
    size = log.stat().st_size
    with processes.accord(log, first=f"/schemas/ids/{count}" if count else "/subjects") as server:
        cpu_s, memory, peak = server.cpu_s(), server.memory_bytes(), server.peak_memory_bytes()
        if use:
            requests = (get(f"/schemas/ids/{number}") for number in range(1, count + 1))
            drive(server.port, shared(requests), connections=_CONNECTIONS, seconds=_USE_S)
        return _Start(count, size, server.started_s, cpu_s, memory, peak, server.memory_bytes())


def _mixed(count: int) -> Iterable[Event]:
    each = [logs.one_version_each(schemas.orders(size), count) for size in _SIZES]
    return (
        event for number, pair in enumerate(zip(*each, strict=True)) for event in (pair[number % len(pair)],)
    )


def _row(seen: _Start, empty: _Start) -> Sequence[str]:
    of_schemas = seen.count > 0
    return (
        f"{seen.count:,}",
        f"{seen.log_bytes / 1e6:.1f} MB",
        f"{seen.seconds:.2f} s",
        f"{seen.cpu_s:.2f} s",
        f"{_us_each(seen, empty):.1f} us" if of_schemas else "",
        f"{seen.memory_bytes / 1e6:.0f} MB",
        f"{seen.peak_bytes / 1e6:.0f} MB",
        f"{(seen.memory_bytes - empty.memory_bytes) / seen.count:,.0f} B" if of_schemas else "",
        f"{seen.used_bytes / 1e6:.0f} MB",
    )


def _us_each(seen: _Start, empty: _Start) -> float:
    """Processor time, not the clock: what else runs on the machine would show in the difference."""
    return (seen.cpu_s - empty.cpu_s) / seen.count * 1e6
