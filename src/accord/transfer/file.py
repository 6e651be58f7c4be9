"""A dump as a file, or as standard input and output."""

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Final

from accord.transfer import console, dump
from accord.transfer.counting import Counted
from accord.transfer.dump import DumpHeader
from accord.transfer.errors import PlaceRefused
from accord.transfer.ports import Row, Taken, Watcher
from accord.transfer.reports import Merge, live

_SQLITE: Final = b"SQLite format 3\0"


class FileSource:
    """A dump, or what kafka-console-consumer printed; without a ``path``, on ``stdin``."""

    def __init__(self, path: Path | None, *, stdin: IO[bytes]) -> None:
        self._path = path
        self._stdin = stdin
        self.name = "standard input" if path is None else str(path)

    def read(self, watcher: Watcher) -> Row:
        """Every record, once the whole is known to be there. Raises PlaceRefused, DumpDamaged."""
        watcher.doing(f"reading {self.name}")
        with self._opened() as stream:
            # To its end before anything is used: a dump that was cut off must not be put anywhere.
            lines = list(stream)
        first = lines[0] if lines else b""
        if dump.is_dump(first):
            whole = dump.read(self.name, lines)
            return Row(whole.records, exact=whole.header.exact, reports=whole.reports)
        if console.is_console_output(lines):
            printed = console.read(self.name, lines)
            self._tell(printed, watcher)
            return Row(printed.records)
        raise _no_dump(self.name, first)

    def _tell(self, printed: console.Printed, watcher: Watcher) -> None:
        if not printed.timed:
            watcher.warn(
                f"{self.name} does not say when its records were written (print.timestamp=true does): they get the time 0"
            )
        if printed.without_key:
            watcher.left_out(
                f"records of {self.name} without a key, which no registry reads: {printed.without_key:,}"
            )

    @contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        if self._path is None:
            yield self._stdin
            return
        try:
            with self._path.open("rb") as stream:
                yield stream
        except OSError as error:
            raise PlaceRefused(
                f"{self.name} cannot be read: {error.strerror or error}", hint="name a dump that is there"
            ) from error


class FileTarget:
    """A new dump in a file, which comes to be when it is complete; without a ``path``, on ``stdout``.

    What is no regular file (a pipe, a device) is written straight into.
    """

    def __init__(self, path: Path | None, *, origin: str, now: datetime, stdout: IO[bytes]) -> None:
        self._path = path
        self._origin = origin
        self._now = now
        self._stdout = stdout
        self.name = "standard output" if path is None else str(path)

    def take(self, row: Row, watcher: Watcher) -> Taken:
        """Write the dump; whatever was in the file before is replaced. Raises PlaceRefused."""
        watcher.doing(f"writing {self.name}")
        counted = Counted(row.records, watcher)
        header = DumpHeader(
            self._origin,
            self._now.isoformat(timespec="seconds"),
            f"accord {version('accord-kafka')}",
            row.exact,
        )
        reports = live(row.reports or ())
        lines = dump.write(header, counted, reports)
        if self._path is None:
            self._write_to_stdout(lines)
        elif self._path.exists() and not self._path.is_file():
            _write_into(self._path, lines)
        else:
            # What a symbolic link stands for is replaced, not the link.
            _write_whole(Path(os.path.realpath(self._path)), lines)
        return Taken(counted.count, 0, reports=Merge(tuple(reports)))

    def _write_to_stdout(self, lines: Iterable[bytes]) -> None:
        try:
            self._stdout.writelines(lines)
            self._stdout.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            # What is still in the buffer must not be tried again at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), self._stdout.fileno())
            raise _unwritable(self.name, error) from error


def _write_into(path: Path, lines: Iterable[bytes]) -> None:
    try:
        with path.open("wb") as stream:
            stream.writelines(lines)
    except OSError as error:
        raise _unwritable(path, error) from error


def _write_whole(path: Path, lines: Iterable[bytes]) -> None:
    """All lines or, if they cannot be had, no file: what is there before stays until all are on the disk."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        with os.fdopen(number, "wb") as stream:
            stream.writelines(lines)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException as error:
        Path(name).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unwritable(path, error) from error
        raise


def _unwritable(place: Path | str, error: OSError) -> PlaceRefused:
    return PlaceRefused(
        f"{place} cannot be written: {error.strerror or error}",
        hint="see that its folder exists, that this user may write there, and that the disk has room",
    )


def _no_dump(name: str, first: bytes) -> PlaceRefused:
    if first.startswith(_SQLITE):
        return PlaceRefused(f"{name} is a SQLite file, not a dump", hint=f"write sqlite:{name}")
    return PlaceRefused(
        f"{name} is no dump of a registry",
        hint="a dump is what `accord registry export` writes, or what kafka-console-consumer --from-beginning "
        "--property print.key=true prints of the _schemas topic",
    )
