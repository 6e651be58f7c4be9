"""``python -m benchmarks.sdk [PART ...]``: print what was measured, and what became of each goal.

A whole run is also kept, as it was printed, in ``benchmarks/results``.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.registry.processes import LOAD_CORE, on_core
from benchmarks.report import Section, conclusion
from benchmarks.sdk.avro import avro
from benchmarks.sdk.awaited import awaited
from benchmarks.sdk.consume import consume
from benchmarks.sdk.json import json
from benchmarks.sdk.memory import memory
from benchmarks.sdk.produce import produce
from benchmarks.sdk.protobuf import protobuf
from benchmarks.surroundings import load_average, surroundings

PARTS: Mapping[str, Callable[[], Section]] = {
    "avro": avro,
    "json": json,
    "protobuf": protobuf,
    "produce": produce,
    "awaited": awaited,
    "consume": consume,
    "memory": memory,
}

_PACKAGES = (
    "accord-kafka",
    "confluent-kafka",
    "fastavro",
    "jsonschema",
    "jsonschema-rs",
    "msgspec",
    "protobuf",
    "pydantic",
)
_RESULTS = Path(__file__).parents[1] / "results"
_METHOD = """\
Everything runs on one core. The sides of a comparison take turns in this process; a figure is the processor time of a side's
best round, so that a slow moment of the machine counts for nobody."""


def main() -> None:
    """Run the parts that were named, all of them if none was."""
    if sys.platform != "linux":
        raise SystemExit("The process is tied to a core, which needs Linux.")
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sdk", description=__doc__)
    parser.add_argument("parts", nargs="*", type=_part, metavar="PART", help=", ".join(PARTS))
    asked = parser.parse_args()
    day = time.strftime("%Y-%m-%d")
    with on_core(LOAD_CORE):
        said = _run(asked.parts or list(PARTS), day)
    if not asked.parts:
        (_RESULTS / f"{day}-sdk.md").write_text(said, encoding="utf-8")


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"'{name}' is none of {', '.join(PARTS)}")
    return name


def _run(parts: Sequence[str], day: str) -> str:
    """Print everything as it comes, and return it."""
    said: list[str] = []

    def say(text: str) -> None:
        print(f"{text}\n", flush=True)
        said.append(text)

    began = time.monotonic()
    say(f"# {day}: SDK")
    say(surroundings(Path.cwd(), _PACKAGES))
    say(_METHOD)
    sections = []
    for part in parts:
        sections.append(PARTS[part]())
        say(str(sections[-1]))
    say(conclusion(sections))
    say(f"This took {time.monotonic() - began:.0f} s. {load_average()}")
    return "\n\n".join(said) + "\n"


main()
