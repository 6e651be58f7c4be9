"""Reads, against the barest application on the same HTTP server."""

import itertools
from collections.abc import Sequence

from benchmarks.registry import logs, processes, schemas
from benchmarks.registry.load import Requests, get
from benchmarks.registry.plan import Plan
from benchmarks.registry.processes import Server
from benchmarks.registry.rounds import Side, judge, measure
from benchmarks.report import Section, below

CONNECTIONS = 64
_SIZE = 1024
_RATIO_PERCENT = 70
_SPREAD = 5


def reads(plan: Plan) -> Section:
    """``GET /schemas/ids/{id}`` and ``GET /subjects/{subject}/versions/latest``."""
    section = Section(f"Reads, {CONNECTIONS} connections, {plan.known:,} schemas of 1 KiB")
    log = plan.folder / "reads.db"
    logs.write(log, logs.one_version_each(schemas.orders(_SIZE), plan.known))
    with processes.accord(log) as accord:
        for name, path in (
            ("GET /schemas/ids/{id}", _by_id),
            ("GET /subjects/{subject}/versions/latest", _latest),
        ):
            paths = [path(number) for number in range(1, plan.known + 1)]
            body, media_type = accord.fetch(paths[0])
            with processes.bare(plan.folder, body, media_type) as bare:
                sides = (_side("bare", bare, paths), _side(name, accord, paths))
                section.say(f"`{name}`, an answer of {len(body):,} bytes:")
                seen = measure(
                    sides, rounds=plan.rounds, seconds=plan.read_s, connections=CONNECTIONS, into=section
                )
            ours = seen[name]
            judge(ours, seen["bare"], _RATIO_PERCENT, into=section)
            spread = ours.p99_ms / ours.p50_ms
            section.goals.append(below(f"{name}, p99 at {CONNECTIONS} connections", spread, _SPREAD, "x p50"))
    return section


def in_turn(requests: Sequence[bytes]) -> Requests:
    """The requests over and over, each connection beginning elsewhere."""
    step = max(len(requests) // CONNECTIONS, 1)

    def of_connection(number: int) -> itertools.chain[bytes]:
        start = number * step % len(requests)
        return itertools.chain(requests[start:], itertools.cycle(requests))

    return of_connection


def _side(name: str, server: Server, paths: Sequence[str]) -> Side:
    return Side(name, server, in_turn([get(path) for path in paths]))


def _by_id(number: int) -> str:
    return f"/schemas/ids/{number}"


def _latest(number: int) -> str:
    return f"/subjects/{logs.subject_of(number)}/versions/latest"
