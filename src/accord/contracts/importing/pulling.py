"""Copies of schemas that others own: which files there are to be, and how a folder stands to that.

The folder has an index, which says of each file its subject and version. It is what loading knows subjects by, and what
tells a copy, which may be replaced, from a file that is somebody's own.
"""

import fnmatch
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from accord.client import Registry
from accord.contracts.importing.subjects import found_schemas, paths_of
from accord.contracts.loading.pulled import INDEX, read_index
from accord.errors import AccordError, ConfigurationError
from accord.schemas import Subject


class NothingMatches(AccordError):
    """The registry has no such subject."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Pulled:
    """Text by path, the index included; ``notes`` say what was left out."""

    files: Mapping[str, str]
    notes: tuple[str, ...] = ()


def pull(registry: Registry, patterns: Sequence[str]) -> Pulled:
    """The newest schemas of the subjects that any of ``patterns`` matches, and all that they refer to.

    Raises NothingMatches for a pattern that matches none, RegistryError.
    """
    registered = {one.subject: one for one in registry.schemas(latest_only=True)}
    wanted: set[Subject] = set()
    for pattern in patterns:
        matching = {subject for subject in registered if fnmatch.fnmatchcase(subject, pattern)}
        if not matching:
            raise NothingMatches(
                f"{registry.url} has no subject '{pattern}'",
                hint="`*` stands for any characters; put a pattern in quotes",
            )
        wanted |= matching
    waiting = list(wanted)
    while waiting:
        for reference in registered[waiting.pop()].schema.references:
            if reference.subject in registered and reference.subject not in wanted:
                wanted.add(reference.subject)
                waiting.append(reference.subject)
    found, notes = found_schemas(registered[subject] for subject in wanted)
    paths = {subject: path.removeprefix("./") for subject, path in paths_of(found, ".").items()}
    index = {
        paths[one.subject]: {"subject": one.subject, "version": registered[one.subject].version}
        for one in found
    }
    files = {paths[one.subject]: one.text for one in found}
    return Pulled({**files, INDEX: json.dumps(index, indent=2, sort_keys=True) + "\n"}, notes)


def behind(folder: Path, pulled: Pulled) -> tuple[str, ...]:
    """The files that are not what they should be. What was pulled before and is not asked for now does not count."""
    there = read_index(_text(folder / INDEX) or "")
    merged = _with_others(pulled, there)
    return tuple(path for path, text in merged.items() if _text(folder / path) != text)


def write(folder: Path, pulled: Pulled) -> tuple[str, ...]:
    """Bring the folder to it, and tell which files changed.

    Raises ConfigurationError where a file stands in the way that was not pulled: nothing is written then.
    """
    there = read_index(_text(folder / INDEX) or "")
    changed = behind(folder, pulled)
    foreign = [path for path in changed if path not in {*there, INDEX} and (folder / path).exists()]
    if foreign:
        raise ConfigurationError(
            f"{', '.join(str(folder / path) for path in foreign)} is there and was not pulled",
            hint="move it, or pull into another folder",
        )
    merged = _with_others(pulled, there)
    for path in changed:
        try:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(merged[path].encode())
        except OSError as error:
            raise ConfigurationError(
                f"{folder / path} cannot be written: {error.strerror}",
                hint="see that this user may write there",
            ) from error
    return changed


def _with_others(pulled: Pulled, there: Mapping[str, Mapping[str, object]]) -> dict[str, str]:
    """The files, with an index that keeps what was pulled before."""
    index = {**there, **json.loads(pulled.files[INDEX])}
    return {**pulled.files, INDEX: json.dumps(index, indent=2, sort_keys=True) + "\n"}


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
