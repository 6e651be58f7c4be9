"""``python -m benchmarks.contracts [PART ...]``: print what was measured, and what became of each goal.

A whole run is also kept, as it was printed, in ``benchmarks/results``.
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.contracts.check import check
from benchmarks.report import Section, conclusion
from benchmarks.surroundings import load_average, surroundings

PARTS: Mapping[str, Callable[[], Section]] = {"check": check}

_PACKAGES = ("accord-kafka", "avro", "pyyaml")
_RESULTS = Path(__file__).parents[1] / "results"


def main() -> None:
    """Run the parts that were named, all of them if none was."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.contracts", description=__doc__)
    parser.add_argument("parts", nargs="*", type=_part, metavar="PART", help=", ".join(PARTS))
    asked = parser.parse_args()
    day = time.strftime("%Y-%m-%d")
    said = _run(asked.parts or list(PARTS), day)
    if not asked.parts:
        (_RESULTS / f"{day}-contracts.md").write_text(said, encoding="utf-8")


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
    say(f"# {day}: contracts")
    say(surroundings(Path.cwd(), _PACKAGES))
    sections = []
    for part in parts:
        sections.append(PARTS[part]())
        say(str(sections[-1]))
    say(conclusion(sections))
    say(f"This took {time.monotonic() - began:.0f} s. {load_average()}")
    return "\n\n".join(said) + "\n"


main()
