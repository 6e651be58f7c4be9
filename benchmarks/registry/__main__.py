"""``python -m benchmarks.registry [--quick] [PART ...]``: print what was measured, and what became of each goal."""

import argparse
import sys
from collections.abc import Callable, Mapping

from benchmarks.registry import plan as plans
from benchmarks.registry.checks import checks
from benchmarks.registry.known import known
from benchmarks.registry.plan import Plan
from benchmarks.registry.processes import LOAD_CORE, on_core, work_folder
from benchmarks.registry.reads import reads
from benchmarks.registry.report import Section
from benchmarks.registry.start import start
from benchmarks.registry.surroundings import surroundings
from benchmarks.registry.writes import writes

PARTS: Mapping[str, Callable[[Plan], Section]] = {
    "reads": reads,
    "known": known,
    "writes": writes,
    "checks": checks,
    "start": start,
}


def main() -> None:
    """Run the parts that were named, all of them if none was."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.registry", description=__doc__)
    parser.add_argument("parts", nargs="*", choices=(*PARTS, []), metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="shorter and smaller, to work with")
    asked = parser.parse_args()
    goals = []
    with work_folder() as folder, on_core(LOAD_CORE):
        plan = plans.quick(folder) if asked.quick else Plan(folder)
        _tell(f"# Registry\n\n{surroundings(folder)}")
        for name in asked.parts or PARTS:
            section = PARTS[name](plan)
            _tell(str(section))
            goals += section.goals
            if section.errors:
                print(f"ERRORS in {name}: {section.errors}", file=sys.stderr)
    _tell("\n".join(["## Goals", "", *(f"- {goal}" for goal in goals)]))


def _tell(text: str) -> None:
    print(f"{text}\n", flush=True)


main()
