"""New registrations on a disk that is waited for."""

import itertools
from collections.abc import Iterator

from benchmarks.registry import disk, processes, schemas
from benchmarks.registry.load import Requests, post, shared
from benchmarks.registry.plan import Plan
from benchmarks.registry.rounds import Result, Side, measure
from benchmarks.report import Section, at_least, below

CLIENTS = 32
_SIZE = 1024
_P99_MS = 50
_EACH = "(a) a subject each"
_OWN = "each client its own subject evolving"
_ONE = "(b) one subject evolving"
_RATES = {_EACH: 2000, _ONE: 500}


def writes(plan: Plan) -> Section:
    """Ever new subjects; a subject for each client, evolving; one subject for all, evolving."""
    section = Section(f"New registrations, SQLite, durable, {CLIENTS} clients, Avro of 1 KiB, BACKWARD")
    section.say(disk.described(plan.folder, plan.disk_s))
    for number, (name, requests) in enumerate(((_EACH, _each()), (_OWN, _own()), (_ONE, _one()))):
        with processes.accord(plan.folder / f"writes-{number}.db") as accord:
            section.say(f"{name}:")
            seen = measure(
                (Side(name, accord, requests),),
                rounds=plan.write_rounds,
                seconds=plan.write_s,
                connections=CLIENTS,
                into=section,
            )
        _judge(section, seen[name])
    section.say(disk.described(plan.folder, plan.disk_s))
    return section


def _judge(section: Section, seen: Result) -> None:
    rate = _RATES.get(seen.name)
    if rate is not None:
        section.goals += [
            at_least(f"new registrations, {seen.name}", seen.rate, rate, "/s"),
            below(f"new registrations, {seen.name}, p99", seen.p99_ms, _P99_MS, "ms"),
        ]


def _each() -> Requests:
    template = schemas.orders(_SIZE).body()
    return shared(
        post(f"/subjects/each-{number:08d}/versions", schemas.fill(template, number))
        for number in itertools.count(1)
    )


def _own() -> Requests:
    template, numbers = schemas.revisions(_SIZE).body(), itertools.count(1)

    def of_connection(connection: int) -> Iterator[bytes]:
        path = f"/subjects/own-{connection:02d}/versions"
        return (post(path, schemas.fill(template, number)) for number in numbers)

    return of_connection


def _one() -> Requests:
    template = schemas.revisions(_SIZE).body()
    return shared(
        post("/subjects/one/versions", schemas.fill(template, number)) for number in itertools.count(1)
    )
