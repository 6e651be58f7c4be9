"""On what it was measured, and with what."""

import os
import platform
import sqlite3
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import psutil


def surroundings(folder: Path, packages: Sequence[str]) -> str:
    """A paragraph about the machine, its disk under ``folder``, the versions of ``packages`` and the load."""
    versions = ", ".join(f"{package} {version(package)}" for package in packages)
    memory_gib = psutil.virtual_memory().total / 2**30
    return (
        f"{platform.system()} {platform.release()} {platform.machine()}, {os.cpu_count()} cores ({_processor()}), {memory_gib:.0f} GiB, logs"
        f" on {_file_system(folder)}; Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}."
        f" {load_average()}"
    )


def load_average() -> str:
    """What else the machine is doing: its load now."""
    return "Load average {:.2f} {:.2f} {:.2f}.".format(*os.getloadavg())


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown"
    )


def _file_system(folder: Path) -> str:
    mounts = [each for each in psutil.disk_partitions(all=True) if folder.is_relative_to(each.mountpoint)]
    return max(mounts, key=lambda each: len(each.mountpoint)).fstype if mounts else sys.platform
