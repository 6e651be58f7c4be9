"""A check against two hundred versions, in each format: through the server, and the function alone."""

import itertools
import json
import statistics
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from accord.registry.core.config import Config
from accord.registry.core.events import ConfigSet
from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    ParsedSchema,
    SchemaType,
    Version,
    check_compatibility,
    parse,
)
from benchmarks.registry import logs, processes, schemas
from benchmarks.registry.load import drive, post, shared
from benchmarks.registry.plan import Plan
from benchmarks.registry.processes import Server
from benchmarks.registry.schemas import Pattern
from benchmarks.registry.wide import FIELDS, Wide, wide
from benchmarks.report import Section, below

_COLUMNS = ("format", "verdict", "first", "plain", "verbose", "function alone, CPU", "server's memory then")
_LEVEL = CompatibilityLevel.BACKWARD_TRANSITIVE
_LIMIT_MS = 50


def checks(plan: Plan) -> Section:
    """``POST /compatibility/subjects/{subject}/versions`` by one client, each time with another schema."""
    section = Section(f"Check against {plan.versions} versions ({_LEVEL}), {FIELDS} fields, one client")
    section.say(
        "Medians, and in brackets the mean of the server's processor time; every call brings a schema that was never seen before. First is the first check after the start,"
        " when no version has been parsed yet."
    )
    rows = []
    for kind in SchemaType:
        of_format = wide(kind)
        log = plan.folder / f"checks-{kind}.db"
        versions = logs.one_subject(kind, of_format.fitting, plan.versions, first_id=1)
        logs.write(log, [ConfigSet(None, Config(level=_LEVEL)), *versions])
        cases = (_Case(kind, "compatible", of_format.fitting), _Case(kind, "refused", of_format.refused))
        with processes.accord(log) as server:
            for case in cases:
                seen = _through(plan, server, case, section)
                held = f"{server.memory_bytes() / 1e6:.0f} MB in {server.processes()} processes"
                rows.append((*seen, *_alone(plan, of_format, case), held))
    section.table(_COLUMNS, rows)
    return section


@dataclass(frozen=True, slots=True)
class _Case:
    """What is checked, and what should come of it."""

    kind: SchemaType
    verdict: str
    pattern: Pattern

    @property
    def name(self) -> str:
        return f"{self.kind}, {self.verdict}"


def _through(plan: Plan, server: Server, case: _Case, section: Section) -> Sequence[str]:
    """The cells of a row that come through the server."""
    path, template = f"/compatibility/subjects/{case.kind}/versions", case.pattern.body()
    numbers = itertools.count(plan.versions + 1)
    began = time.perf_counter()
    body, _ = server.fetch(path, schemas.fill(template, next(numbers)))
    cells = [case.kind, case.verdict, f"{(time.perf_counter() - began) * 1000:.1f} ms"]
    if json.loads(body)["is_compatible"] is not (case.verdict == "compatible"):
        section.errors.append(f"{case.name}: answered with {body!r}")
    for words, query in (("plain", ""), ("verbose", "?verbose=true")):
        requests = shared(post(path + query, schemas.fill(template, number)) for number in numbers)
        warm_up = drive(server.port, requests, connections=1, seconds=plan.check_s / 4)
        before = server.cpu_s()
        outcome = drive(server.port, requests, connections=1, seconds=plan.check_s)
        cpu_ms = (server.cpu_s() - before) / max(len(outcome.latencies_us), 1) * 1000
        seen_ms = outcome.latency_us(0.5) / 1000
        cells.append(f"{seen_ms:.2f} ms (CPU {cpu_ms:.2f})")
        asked = f"check against {plan.versions} versions, {case.name}, {words}"
        section.goals.append(
            below(asked, seen_ms, _LIMIT_MS, "ms", remark=f"{cpu_ms:.1f} ms of processor time")
        )
        wrong = Counter(warm_up.errors) + Counter(outcome.errors)
        section.errors += [f"{case.name}, {words}: {count} times {what}" for what, count in wrong.items()]
    return cells


def _alone(plan: Plan, of_format: Wide, case: _Case) -> Sequence[str]:
    """The median of the processor time of a check among schemas that are parsed, after one that is not counted."""
    earlier = [
        Earlier(Version(number), parse(of_format.fitting.numbered(number)))
        for number in range(1, plan.versions + 1)
    ]
    numbers = range(plan.versions + 1, plan.versions + 1 + plan.check_calls + 1)
    taken = [_check_ms(parse(case.pattern.numbered(number)), earlier) for number in numbers]
    return [f"{statistics.median(taken[1:]):.2f} ms"]


def _check_ms(candidate: ParsedSchema, earlier: Sequence[Earlier]) -> float:
    began = time.thread_time()
    check_compatibility(candidate, earlier, level=_LEVEL)
    return (time.thread_time() - began) * 1000
