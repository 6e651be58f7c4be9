"""``python -m benchmarks``: print every ratio, with the versions and the machine it was measured on."""

import os
import platform
from importlib.metadata import version

from benchmarks import codec

PACKAGES = ("accord-kafka", "confluent-kafka", "fastavro", "uvicorn")


def main() -> None:
    """Print the surroundings, then one line a ratio."""
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.2f}")
    print(", ".join(f"{package} {version(package)}" for package in PACKAGES))
    for ratio in codec.ratios():
        print(ratio)


main()
