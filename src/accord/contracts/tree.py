"""The port to a project's files, wherever they are: in a folder, or in a commit of a Git repository."""

import os
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Protocol

from accord.errors import ConfigurationError

PASSED_OVER: Final = frozenset(("node_modules", "__pycache__"))


class Tree(Protocol):
    """Files by their path relative to a root, with slashes."""

    @property
    def name(self) -> str:
        """What to call it, as in ``--against``: ``dir:contracts``, ``git:main``."""

    def paths(self) -> Iterable[str]:
        """Every file, in order of name."""

    def read(self, path: str) -> bytes:
        """What is in a file. Raises ConfigurationError if it cannot be read."""


class Folder:
    """The files of a folder that this process can see."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.name = f"dir:{root}"

    def paths(self) -> Iterable[str]:
        """Every file below, in order of name.

        Folders whose name begins with a dot are passed over, and those where other tools keep what they fetch and make. One that
        cannot be looked into is listed with a slash at its end: what is in it is not gone.
        """
        found, closed = list[str](), list[OSError]()
        for folder, folders, files in os.walk(self.root, onerror=closed.append):
            folders[:] = [name for name in folders if not name.startswith(".") and name not in PASSED_OVER]
            inside = Path(folder).relative_to(self.root)
            found += [(inside / name).as_posix() for name in files]
        refused = [error.filename for error in closed if isinstance(error, PermissionError)]
        found += [f"{Path(folder).relative_to(self.root).as_posix()}/" for folder in refused]
        return sorted(found)

    def read(self, path: str) -> bytes:
        """What is in a file."""
        place = self.root / path
        try:
            if path.endswith("/"):
                os.scandir(place).close()
            # Whoever reads a pipe waits for somebody to write.
            if not stat.S_ISREG(place.stat().st_mode):
                raise ConfigurationError(f"{place} cannot be read: it is no file", hint="take it out")
            return place.read_bytes()
        except OSError as error:
            raise ConfigurationError(
                f"{place} cannot be read: {error.strerror}", hint="see that this user may read it"
            ) from error
