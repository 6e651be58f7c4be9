"""Files that are made of a project: what they hold, and how a folder is brought to it.

A file that was made says so in one of its first lines, and holds the fingerprint of what it was made of. Files without such
a line are somebody's own: they are never overwritten and never removed.
"""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from accord.contracts.generate import rules
from accord.contracts.model import SourceFile
from accord.errors import ConfigurationError
from accord.findings import Finding, Fix

_MARK_WITHIN: Final = 2000
"""How many characters of a file are looked at for the mark: a licence may stand above it."""


@dataclass(frozen=True, slots=True)
class MadeFile:
    """A file as it should be. ``path`` is relative to the folder that it is made into, with slashes."""

    path: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Made:
    """What one generator makes of a project: files, what it could not make, and what else there is to say."""

    files: tuple[MadeFile, ...]
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the files of a folder, or would: paths relative to it."""

    unchanged: tuple[str, ...] = ()
    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """A folder, and which of its files are whose: ``command`` makes those that name it.

    ``looked_at`` are patterns of the files that may be left over from an earlier run.
    """

    folder: Path
    command: str
    looked_at: tuple[str, ...]

    @property
    def mark(self) -> str:
        """What a file says that was made by the command."""
        return f"Made by `accord {self.command}`"

    def write(self, made: Sequence[MadeFile], *, complete: bool = True) -> Outcome:
        """Bring the folder to ``made``: write what differs and, if that is all, remove what was made once and is no longer.

        Nothing is written where a file stands in the way that was not made so.
        """
        there = self._there(made)
        foreign = tuple(self._foreign(there))
        if foreign:
            return Outcome(findings=foreign)
        written = [file for file in made if there.get(file.path) != file.text]
        for file in written:
            _write(self.folder / file.path, file.text)
        left_over = self._left_over(made) if complete else ()
        for path in left_over:
            (self.folder / path).unlink()
        return Outcome(
            unchanged=tuple(file.path for file in made if file not in written),
            written=tuple(file.path for file in written),
            removed=left_over,
        )

    def check(self, made: Sequence[MadeFile], *, complete: bool = True) -> Outcome:
        """The same without changing anything: a finding for each file that is not as it should be."""
        there = self._there(made)
        left_over = self._left_over(made) if complete else ()
        return Outcome(
            unchanged=tuple(file.path for file in made if there.get(file.path) == file.text),
            findings=(
                *self._foreign(there),
                *self._stale(made, there),
                *(
                    rules.LEFT_OVER.finding(
                        SourceFile(self._shown(path), _read(self.folder / path) or "").at(1, 1),
                        {"file": self._shown(path), "command": self.command},
                    )
                    for path in left_over
                ),
            ),
        )

    def _there(self, made: Iterable[MadeFile]) -> Mapping[str, str]:
        found = {file.path: _read(self.folder / file.path) for file in made}
        return {path: text for path, text in found.items() if text is not None}

    def _foreign(self, there: Mapping[str, str]) -> Iterator[Finding]:
        for path, text in there.items():
            if not self._is_ours(text):
                shown = self._shown(path)
                yield rules.FOREIGN.finding(
                    SourceFile(shown, text).at(1, 1), {"file": shown, "command": self.command}
                )

    def _stale(self, made: Iterable[MadeFile], there: Mapping[str, str]) -> Iterator[Finding]:
        for file in made:
            shown, text = self._shown(file.path), there.get(file.path)
            facts = {"file": shown, "command": self.command}
            if text is None:
                yield rules.MISSING.finding(SourceFile(shown, "").at(1, 1), facts)
            elif text != file.text and self._is_ours(text):
                line, fix = _difference(text, file.text, self.command)
                yield rules.STALE.finding(SourceFile(shown, text).at(line, 1), facts, fixes=(fix,))

    def _left_over(self, made: Iterable[MadeFile]) -> tuple[str, ...]:
        wanted = {file.path for file in made}
        found = sorted(
            path.relative_to(self.folder).as_posix()
            for pattern in self.looked_at
            for path in self.folder.glob(pattern)
            if path.is_file()
        )
        return tuple(
            path for path in found if path not in wanted and self._is_ours(_read(self.folder / path) or "")
        )

    def _is_ours(self, text: str) -> bool:
        return self.mark in text[:_MARK_WITHIN]

    def _shown(self, path: str) -> str:
        return (self.folder / path).as_posix()


def in_one_line(text: str) -> str:
    """A path or a name as it may stand in a comment: whatever would end the line is escaped."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _difference(before: str, after: str, command: str) -> tuple[int, Fix]:
    """The first line that differs, from 1, and the lines to exchange."""
    changed = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[2:]
    first = next((line for line in changed if line.startswith("@@")), "@@ -1 +1 @@")
    number = int(first.split()[1].lstrip("-").partition(",")[0])
    return max(number, 1), Fix(
        f"run `accord {command}` again",
        "\n".join(line[1:] for line in changed if line.startswith("-")),
        "\n".join(line[1:] for line in changed if line.startswith("+")),
        after,
    )


def _read(path: Path) -> str | None:
    """The text of a file; None where there is none, and "" where it is no text."""
    try:
        return path.read_bytes().decode(errors="replace")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror}", hint="see that this user may read it"
        ) from error


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror}", hint="see that this user may write there"
        ) from error
