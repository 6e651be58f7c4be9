"""The port to a project's files, wherever they are: in a folder, or in a commit of a Git repository."""

import os
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

        Folders whose name begins with a dot are passed over, and those where other tools keep what they fetch and make.
        """
        found = []
        for folder, folders, files in os.walk(self.root):
            folders[:] = [name for name in folders if not name.startswith(".") and name not in PASSED_OVER]
            inside = Path(folder).relative_to(self.root)
            found += [(inside / name).as_posix() for name in files]
        return sorted(found)

    def read(self, path: str) -> bytes:
        """What is in a file."""
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            raise ConfigurationError(
                f"{self.root / path} cannot be read: {error.strerror}", hint="see that this user may read it"
            ) from error
