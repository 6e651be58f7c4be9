"""From a word such as ``sqlite:registry.db`` to the logs it stands for."""

from pathlib import Path

from accord.registry.log.memory import in_memory
from accord.registry.log.port import LogRefused, Logs
from accord.registry.log.sqlite import open_sqlite


def open_logs(address: str) -> Logs:
    """Open ``sqlite:PATH`` or ``memory:``. Raises LogRefused."""
    kind, _, place = address.partition(":")
    if kind == "sqlite" and place:
        return open_sqlite(Path(place))
    if address == "memory:":
        return in_memory()
    raise LogRefused(
        f"'{address}' names no log", hint="use sqlite:PATH for a file, or memory: to keep nothing"
    )
