"""Files that are written where none are: what is there already is somebody's, and stays as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Written:
    """What became of new files, by path: ``unchanged`` stood there already just so, ``left_alone`` say something else."""

    written: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    left_alone: tuple[str, ...] = ()


def write_new(folder: Path, files: Mapping[str, str]) -> Written:
    """Write those of ``files`` (text by path) that are not there. Raises ConfigurationError where that cannot be done."""
    compared = compare(folder, files)
    for path in compared.written:
        place = folder / path
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            # "x": what another program has made in the meantime is not overwritten either.
            with place.open("x", encoding="utf-8", newline="\n") as file:
                file.write(files[path])
        except OSError as error:
            raise ConfigurationError(
                f"{place} cannot be written: {error.strerror}", hint="see that this user may write there"
            ) from error
    return compared


def compare(folder: Path, files: Mapping[str, str]) -> Written:
    """What ``write_new`` would do, without doing it. Raises ConfigurationError where a file cannot be read."""
    written, unchanged, left_alone = [], [], []
    for path, text in files.items():
        place = folder / path
        try:
            there = _content(place)
        except OSError as error:
            raise ConfigurationError(
                f"{place} cannot be read: {error.strerror}", hint="see that this user may read it"
            ) from error
        if there is None:
            written.append(path)
        elif there.replace(b"\r\n", b"\n") == text.encode():
            unchanged.append(path)
        else:
            left_alone.append(path)
    return Written(tuple(written), tuple(unchanged), tuple(left_alone))


def _content(place: Path) -> bytes | None:
    """What is in a file, None where there is none; nothing where a link leads to nothing."""
    if not place.exists():
        return b"" if place.is_symlink() else None
    return place.read_bytes()
