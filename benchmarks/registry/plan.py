"""How long and how large: the whole run, and a quick one to work with."""

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


def quick(folder: Path) -> Plan:
    """Less of everything: enough to see whether a change was one."""
    return Plan(folder, rounds=3, read_s=0.8, write_rounds=2, write_s=1.5, disk_s=0.4)
