"""``python -m benchmarks.registry [--quick] [PART ...]``: print what was measured, and what became of each goal.

A whole run is also kept, as it was printed, in ``benchmarks/results``.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.registry import plan as plans
from benchmarks.registry.checks import checks
from benchmarks.registry.known import known
from benchmarks.registry.plan import Plan
from benchmarks.registry.processes import LOAD_CORE, on_core, work_folder
from benchmarks.registry.reads import reads
from benchmarks.registry.start import start
from benchmarks.registry.writes import writes
from benchmarks.report import Section, conclusion
from benchmarks.surroundings import load_average, surroundings

PARTS: Mapping[str, Callable[[Plan], Section]] = {
    "reads": reads,
    "known": known,
    "writes": writes,
    "checks": checks,
    "start": start,
}

_PACKAGES = (
    "accord-kafka",
    "uvicorn",
    "httptools",
    "uvloop",
    "starlette",
    "msgspec",
    "jsonschema-rs",
    "protobuf",
)
_RESULTS = Path(__file__).parents[1] / "results"
_METHOD = """\
The server is `accord serve --log sqlite:...`, a process tied to one core; the load runs on the other. It is a closed
loop: each connection asks again as soon as it is answered. Sides of a comparison take turns; rate, p50 and p99 are those of a
side's best round, and processor time is that of its cheapest.

Measured elsewhere, for orientation: Confluent Schema Registry 8.1.5, warm, 3,500 reads/s and 2,300
re-registrations/s; Karapace 360/s; a bare ASGI answer 26,000/s. This run measured none of these but the last, which is
called bare here: it answers the same bytes with a length and a type on the same HTTP server."""


def main() -> None:
    """Run the parts that were named, all of them if none was."""
    if sys.platform != "linux":
        raise SystemExit("The server is tied to a core, which needs Linux.")
    parser = argparse.ArgumentParser(prog="python -m benchmarks.registry", description=__doc__)
    parser.add_argument("parts", nargs="*", type=_part, metavar="PART", help=", ".join(PARTS))
    parser.add_argument(
        "--quick", action="store_true", help="shorter and smaller, to work with; nothing is kept"
    )
    asked = parser.parse_args()
    day = time.strftime("%Y-%m-%d")
    with work_folder() as folder, on_core(LOAD_CORE):
        plan = plans.quick(folder) if asked.quick else Plan(folder)
        said = _run(asked.parts or list(PARTS), plan, day)
    if not asked.parts and not asked.quick:
        (_RESULTS / f"{day}-registry.md").write_text(said, encoding="utf-8")


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"'{name}' is none of {', '.join(PARTS)}")
    return name


def _run(parts: Sequence[str], plan: Plan, day: str) -> str:
    """Print everything as it comes, and return it."""
    said: list[str] = []

    def say(text: str) -> None:
        print(f"{text}\n", flush=True)
        said.append(text)

    began = time.monotonic()
    say(f"# {day}: registry")
    say(surroundings(plan.folder, _PACKAGES))
    say(_METHOD)
    sections = []
    for part in parts:
        sections.append(PARTS[part](plan))
        say(str(sections[-1]))
    say(conclusion(sections))
    say(f"This took {time.monotonic() - began:.0f} s. {load_average()}")
    return "\n\n".join(said) + "\n"


main()
