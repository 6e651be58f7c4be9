"""``python -m fuzz [TARGET [FILE]] [--minutes N]``: fuzz every target in turn, or one, or give one a file again."""

import argparse
import subprocess
import sys
import traceback
from pathlib import Path
from random import SystemRandom
from typing import Final

from fuzz import coverage

with coverage.observed():
    from fuzz import chance
    from fuzz.targets import TARGETS
    from fuzz.watch import Watch, attempt, kind_of, limit_memory

_HERE: Final = Path(__file__).parent
_FINDINGS: Final = _HERE / "findings"
_CORPUS: Final = _HERE / "corpus"


def main() -> int:
    """Do what the command line says; 1 if there is a finding."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("target", nargs="?", default="all", choices=["all", *TARGETS])
    parser.add_argument("file", nargs="?", type=Path, help="a finding to give to the target again")
    parser.add_argument("--minutes", type=float, default=10)
    asked = parser.parse_args()
    if asked.file and not asked.file.is_file():
        parser.error(f"there is no file {asked.file}; findings lie in {_FINDINGS}")
    if asked.file:
        return _replay(asked.target, asked.file)
    if asked.target != "all":
        return _fuzz(asked.target, asked.minutes * 60)
    # A process each: what one target does to memory or to the interpreter is no matter of the next one.
    commands = ([sys.executable, "-m", "fuzz", name, "--minutes", str(asked.minutes)] for name in TARGETS)
    return max(abs(subprocess.run(command, check=False).returncode) for command in commands)


def _fuzz(name: str, seconds: float) -> int:
    target, seed = TARGETS[name], SystemRandom().getrandbits(32)
    watch = Watch(target, _FINDINGS)
    limit_memory()
    if coverage.IS_THERE:
        from fuzz import guidance  # noqa: PLC0415 -- it needs atheris

        guidance.fuzz(target, watch, seconds=seconds, corpus=_CORPUS / name)
    else:
        print(f"{name}: drawn blindly from the number {seed}, as there is no atheris here", flush=True)
        chance.fuzz(target, watch, seconds=seconds, seed=seed)
    return 1 if watch.found else 0


def _replay(name: str, file: Path) -> int:
    error = attempt(TARGETS[name], file.read_bytes())
    if error is None:
        print("nothing is wrong with it")
        return 0
    traceback.print_exception(error)
    print(kind_of(error))
    return 1


sys.exit(main())
