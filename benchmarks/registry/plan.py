"""How long and how large: the whole run, and a quick one to work with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plan:
    """What every part needs to know; times in seconds, sizes in schemas."""

    folder: Path
    rounds: int = 5
    read_s: float = 2
    write_rounds: int = 3
    write_s: float = 4
    disk_s: float = 1
    known: int = 1000
    versions: int = 200
    check_s: float = 2
    check_calls: int = 20
    start_rounds: int = 3
    starts: Sequence[int] = (1_000, 10_000, 100_000)


def quick(folder: Path) -> Plan:
    """Less of everything: enough to see whether a change was one."""
    return Plan(
        folder,
        rounds=3,
        read_s=0.8,
        write_rounds=2,
        write_s=1.5,
        disk_s=0.4,
        check_s=0.5,
        check_calls=5,
        start_rounds=1,
    )
