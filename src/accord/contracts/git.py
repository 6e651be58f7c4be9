"""The files of a project as a commit of its Git repository has them, by way of the ``git`` program."""

import hashlib
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from accord.errors import ConfigurationError

MOST_CHANGES: Final = 200
"""How many changes of a file are looked back on."""

_ENDINGS: Final = (".avsc", ".json", ".proto", ".yaml", ".yml", ".toml")
_REMOTE: Final = "origin"
_DEEPEN: Final = (
    "fetch the whole history: `git fetch --unshallow` here, `fetch-depth: 0` for GitHub's actions/checkout, "
    "`GIT_DEPTH: 0` in GitLab"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A commit in which a file was changed, and the file's path there, from the top of the repository."""

    commit: str
    path: str


class Repository:
    """The repository that ``folder`` lies in. Raises ConfigurationError where there is none, or no ``git``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._last_words = ""
        told = self._run("rev-parse", "--show-prefix", "--is-shallow-repository", "--show-cdup")
        if told is None:
            raise ConfigurationError(
                f"{folder.resolve()} lies in no Git repository that can be read{self._last_words}",
                hint="run it inside of one, or compare with a folder: --against dir:PATH",
            )
        self.prefix, shallow, _ = told.decode().split("\n", 2)
        """The path of ``folder`` from the top of the repository, with a slash at its end; "" for the top."""
        self.is_shallow = shallow == "true"

    def commit_of(self, ref: str) -> str:
        """The commit that a branch, a tag or an abbreviated commit stands for; a branch may be the remote's alone.

        Raises ConfigurationError where there is none.
        """
        for name in (ref, f"{_REMOTE}/{ref}"):
            found = self._commit(name)
            if found is not None:
                return found
        if self._commit("HEAD") is None:
            raise ConfigurationError(
                f"git knows no commit by the name '{ref}', and no other one here",
                hint="commit what there is, and then change it",
            )
        raise ConfigurationError(
            f"git knows no commit by the name '{ref}'",
            hint=f"fetch it: `git fetch {_REMOTE} {ref}`" + (f"; or {_DEEPEN}" if self.is_shallow else ""),
        )

    def base_of(self, ref: str) -> str:
        """The commit to compare the work here with: that of ``ref``, or if it is a branch, the one where ours left it.

        Raises ConfigurationError where that cannot be found.
        """
        commit, head = self.commit_of(ref), self._commit("HEAD")
        if head is None or head == commit or not self._is_branch(ref):
            return commit
        found = self._run("merge-base", head, commit)
        if found is not None:
            return found.decode().strip()
        if not self.is_shallow:
            return commit
        raise ConfigurationError(
            f"git does not find where this branch left '{ref}': the clone is shallow, its history is cut off",
            hint=_DEEPEN,
        )

    def default_branch(self) -> str | None:
        """The branch that the others come from, as far as can be told; None if it cannot."""
        told = self._run("symbolic-ref", "--quiet", "--short", f"refs/remotes/{_REMOTE}/HEAD")
        if told is not None:
            return told.decode().strip()
        names = ("main", "master", f"{_REMOTE}/main", f"{_REMOTE}/master")
        return next((name for name in names if self._commit(name) is not None), None)

    def remote_or_own(self, branch: str) -> str:
        """The name of the branch as the remote has it, if that was fetched; else its own name."""
        remote = f"{_REMOTE}/{branch}"
        return remote if self._commit(remote) is not None else branch

    def changes(self, commit: str, path: str) -> Sequence[Moment]:
        """The commits up to ``commit`` that changed a file (from the top of the repository), newest first.

        It is followed where it had another name; ``MOST_CHANGES`` are told at most.
        """
        told = self._log(commit, "--follow", "--name-only", path)
        return [Moment(parts[0], parts[-1]) for parts in told if len(parts) > 1]

    def commits(self, commit: str, paths: Sequence[str]) -> Sequence[str]:
        """The commits up to ``commit`` that changed any of these files, newest first; ``MOST_CHANGES`` at most."""
        return [parts[0] for parts in self._log(commit, "--full-history", *paths)]

    def blobs(self, names: Sequence[str]) -> Iterator[bytes | None]:
        """What stands under each name, ``<commit>:<path>`` or the id of a blob; None where nothing does."""
        told = self._run("cat-file", "--batch", data="".join(f"{name}\n" for name in names).encode())
        if told is None:
            raise ConfigurationError(
                f"git does not give the files of {self.folder}{self._last_words}",
                hint="`git fsck` tells what is wrong with the repository",
            )
        at = 0
        for _ in names:
            end = told.index(b"\n", at)
            head = told[at:end].split(b" ")
            at = end + 1
            if head[-1] == b"missing" or not head[-1].isdigit():
                yield None
                continue
            size = int(head[-1])
            yield told[at : at + size]
            at += size + 1

    def files_of(self, commit: str) -> dict[str, str]:
        """The ids of the blobs by the paths of the files below the folder, from there; links are passed over."""
        told = self._run("ls-tree", "-r", "-z", "--full-tree", commit, "--", self.prefix or ".")
        found = {}
        for line in filter(None, (told or b"").split(b"\0")):
            facts, _, path = line.partition(b"\t")
            mode, kind, blob = facts.decode().split(" ")
            if kind == "blob" and mode != "120000":
                found[path.decode("utf-8", "surrogateescape").removeprefix(self.prefix)] = blob
        return found

    def _commit(self, name: str) -> str | None:
        told = self._run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        return None if told is None else told.decode().strip()

    def _is_branch(self, ref: str) -> bool:
        for name in (ref, f"{_REMOTE}/{ref}"):
            told = self._run("rev-parse", "--symbolic-full-name", name)
            if told is not None:
                return told.startswith((b"refs/heads/", b"refs/remotes/"))
        return False

    def _log(self, commit: str, *arguments: str) -> Iterator[list[str]]:
        """Per commit its id and the paths that were asked for. The last arguments are paths."""
        options = [one for one in arguments if one.startswith("--")]
        paths = [f":(top,literal){one}" for one in arguments if not one.startswith("--")]
        told = self._run("log", "-z", f"-n{MOST_CHANGES}", "--format=%x01%H", *options, commit, "--", *paths)
        for entry in filter(None, (told or b"").decode("utf-8", "surrogateescape").split("\x01")):
            yield [part for part in re.split(r"[\0\n]", entry) if part]

    def _run(self, *arguments: str, data: bytes | None = None) -> bytes | None:
        """What git answers; None where it refuses. Raises ConfigurationError where there is no git."""
        command = ["git", "-C", str(self.folder), *arguments]
        try:
            done = subprocess.run(command, input=data, capture_output=True, check=False)
        except FileNotFoundError as error:
            raise ConfigurationError(
                "the program `git` is not installed, or not on the PATH",
                hint="install it, or compare with a folder: --against dir:PATH",
            ) from error
        if done.returncode == 0:
            return done.stdout
        words = done.stderr.decode("utf-8", "replace").strip().split("\n")[0].removeprefix("fatal: ")
        self._last_words = f" ({words})" if words else ""
        return None


class GitTree:
    """The files of the folder ``repo`` as the commit of ``ref`` has them; a Tree. Raises ConfigurationError.

    Folders whose name begins with a dot are passed over, as in a ``Folder``.
    """

    def __init__(self, repo: Path | Repository, ref: str) -> None:
        self.repository = repo if isinstance(repo, Repository) else Repository(repo)
        self.name = f"git:{ref}"
        self.commit = self.repository.commit_of(ref)
        self._read: dict[str, bytes] = {}

    def paths(self) -> Iterable[str]:
        """Every file, in order of name."""
        return sorted(self._blobs)

    def read(self, path: str) -> bytes:
        """What is in a file. The first call reads all files that a project could have, in one go."""
        if path not in self._read:
            self.fetch(path for path in self._blobs if path.endswith(_ENDINGS))
        if path not in self._read:
            self.fetch([path])
        if path not in self._read:
            raise ConfigurationError(f"{path} is not in {self.name}", hint="look at `git ls-tree -r`")
        return self._read[path]

    def fetch(self, paths: Iterable[str]) -> None:
        """Read these files now, in one go; those that are not there are passed over."""
        wanted = [path for path in paths if path in self._blobs and path not in self._read]
        if not wanted:
            return
        found = self.repository.blobs([self._blobs[path] for path in wanted])
        for path, data in zip(wanted, found, strict=True):
            if data is not None:
                self._read[path] = data

    def holds(self, path: str, data: bytes) -> bool:
        """Whether exactly this is in a file; nothing is read for that."""
        blob = self._blobs.get(path)
        return blob is not None and blob == _id_of(data, len(blob))

    @cached_property
    def _blobs(self) -> dict[str, str]:
        files = self.repository.files_of(self.commit)
        return {path: blob for path, blob in files.items() if not _is_hidden(path)}


def _id_of(data: bytes, length: int) -> str:
    """The id that git gives a blob; 40 digits are SHA-1, which is its name for it and no protection."""
    kind = hashlib.sha1(usedforsecurity=False) if length == 40 else hashlib.sha256()  # noqa: PLR2004 -- see above
    kind.update(b"blob %d\0" % len(data))
    kind.update(data)
    return kind.hexdigest()


def _is_hidden(path: str) -> bool:
    return any(folder.startswith(".") for folder in path.split("/")[:-1])
