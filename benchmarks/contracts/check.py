"""``accord check`` of many contracts against a commit, beside the `avro` package's checker on the same pairs."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import avro.schema
from avro.compatibility import ReaderWriterCompatibilityChecker, SchemaCompatibilityType

from accord.client import Registry
from accord.contracts.check import check as check_project
from accord.contracts.check.opening import open_baseline
from accord.contracts.loading import load
from accord.contracts.readers import known_readers
from accord.contracts.tree import Folder
from accord.schemas import Schema, parse
from benchmarks.contracts.repository import Change, Contracts, add_field, change_type, contracts
from benchmarks.report import Section, below

# Its constructor has no annotations.
new_checker: Callable[[], Any] = ReaderWriterCompatibilityChecker

COUNT = 500
CHANGED = 20
ROUNDS = 5
MOST_S = 2.0


def check() -> Section:
    """The whole command, and what of it is checking."""
    section = Section(f"Check of {COUNT} schemas with their contracts against a commit")
    cases: list[tuple[str, int, Change]] = [
        ("nothing changed", 0, add_field),
        (f"{CHANGED} changed, every reader takes it", CHANGED, add_field),
        (f"{CHANGED} changed, no reader takes it", CHANGED, change_type),
        (f"{COUNT} changed, every reader takes it", COUNT, add_field),
    ]
    with contracts(COUNT) as made:
        rows = []
        for name, count, change in cases:
            with made.changed(count, change):
                runs = [_run(made.folder, breaks=change is change_type) for _ in range(ROUNDS)]
            wall, cpu = min(run[0] for run in runs), min(run[1] for run in runs)
            rows.append([name, f"{wall:.2f}", f"{cpu:.2f}"])
            if count <= CHANGED:
                remark = f"{cpu:.2f} s of processor time"
                goal = below(f"`accord check` of {COUNT}, {name}", wall, MOST_S, "s", remark=remark)
                section.goals.append(goal)
        section.say(
            "The whole command, from its start to its end, best of the rounds in seconds: by the clock, which also counts what "
            "else the machine does, and of processor time, git's included:"
        )
        section.table(["what", "by the clock", "processor"], rows)
        _beside_peers(section, made)
    return section


def _beside_peers(section: Section, made: Contracts) -> None:
    """All pairs: Accord loads files and contracts, asks git, parses, compares and looks at readers; the peer only compares."""
    pairs = list(made.pairs(add_field))
    with made.changed(COUNT, add_field):
        ours = _best_cpu_s(lambda: _checked(made.folder))
    sides: Sequence[tuple[str, float]] = [
        ("Accord: load, git, parse, compare, readers", ours),
        ("`avro` package: parse both, compare", _best_cpu_s(lambda: _checked_by_avro(pairs))),
        ("Accord's parser alone, both texts", _best_cpu_s(lambda: _parsed(pairs))),
        ("`avro` package's parser alone, both texts", _best_cpu_s(lambda: _parsed_by_avro(pairs))),
    ]
    section.say(
        f"All {COUNT} schemas changed, in one process, best of the rounds in seconds of processor time; "
        "the ratio is to Accord's whole check:"
    )
    section.table(["what", "seconds", "ratio"], [[name, f"{s:.3f}", f"{s / ours:.2f}"] for name, s in sides])


def _run(folder: Path, *, breaks: bool) -> tuple[float, float]:
    """How long the command took, by the clock and of processor time."""
    command = [sys.executable, "-m", "accord.cli", "check", "--against", "git:main", "--format", "jsonl"]
    started, before = time.perf_counter(), _children_cpu_s()
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    took = time.perf_counter() - started, _children_cpu_s() - before
    if done.returncode != int(breaks):
        raise SystemExit(f"accord check ended with {done.returncode}: {done.stderr.decode()}")
    return took


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _best_cpu_s(call: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(ROUNDS):
        started = time.process_time()
        call()
        best = min(best, time.process_time() - started)
    return best


def _checked(folder: Path) -> None:
    tree = Folder(folder)
    project = load(tree)
    baseline = open_baseline("git:main", project, tree, registry=_none)
    result = check_project(project, baseline, readers=known_readers(project, None))
    assert result.compatible  # noqa: S101 -- else nothing was measured
    assert sum(one.state == "changed" for one in result.subjects) == COUNT  # noqa: S101


def _none(name: str) -> Registry:
    raise LookupError(name)


def _checked_by_avro(pairs: Sequence[tuple[str, str]]) -> None:
    for before, after in pairs:
        writer, reader = avro.schema.parse(before), avro.schema.parse(after)
        verdict = new_checker().get_compatibility(reader, writer)
        assert verdict.compatibility is SchemaCompatibilityType.compatible  # noqa: S101


def _parsed(pairs: Sequence[tuple[str, str]]) -> None:
    for before, after in pairs:
        parse(Schema(before))
        parse(Schema(after))


def _parsed_by_avro(pairs: Sequence[tuple[str, str]]) -> None:
    for before, after in pairs:
        avro.schema.parse(before)
        avro.schema.parse(after)
