"""From the words of ``--against`` to a baseline."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from accord.client import Registry
from accord.contracts.check.baseline import Baseline, FilesBaseline
from accord.contracts.check.earlier_files import earlier_project
from accord.contracts.check.git_baseline import GitBaseline
from accord.contracts.check.registry_baseline import RegistryBaseline
from accord.contracts.git import GitTree, Repository
from accord.contracts.model import Project
from accord.contracts.tree import Folder
from accord.errors import ConfigurationError

_HINT: Final = "say git:REF, registry:NAME, registry:URL or dir:PATH, for example --against git:main"


def open_baseline(
    against: str, project: Project, tree: Folder, *, registry: Callable[[str], Registry]
) -> Baseline:
    """What ``against`` names, for a ``project`` that was loaded from ``tree``.

    ``registry`` gives the registry of an environment's name or URL; it stays the caller's to close. A branch of Git is
    taken where ours left it. Raises ConfigurationError.
    """
    kind, colon, what = against.partition(":")
    if not colon or not what:
        raise ConfigurationError(f"'{against}' names nothing to compare with", hint=_HINT)
    if kind == "git":
        return _git(what, project, tree)
    if kind == "registry":
        name = f"registry {what}" if "://" not in what else "registry"
        return RegistryBaseline(registry(what), name, project.schemas)
    if kind == "dir":
        return _folder(Path(what), project, tree)
    raise ConfigurationError(f"'{kind}' is no kind of thing to compare with", hint=_HINT)


def default_against(folder: Path, base: str | None) -> str:
    """What to compare with where nobody said it: the ``base`` of a pull request, else Git's default branch.

    Raises ConfigurationError where there is neither.
    """
    repository = Repository(folder)
    if base is not None:
        # What the clone calls by that name itself may be older than what the pull request is for.
        return f"git:{repository.remote_or_own(base)}"
    branch = repository.default_branch()
    if branch is None:
        raise ConfigurationError("nobody said what to compare with", hint=_HINT)
    return f"git:{branch}"


def _git(ref: str, project: Project, tree: Folder) -> Baseline:
    repository = Repository(tree.root)
    then = GitTree(repository, repository.base_of(ref))
    then.name = f"git:{ref}"
    return GitBaseline(then.name, earlier_project(project, tree, then), repository, then.commit)


def _folder(path: Path, project: Project, tree: Folder) -> Baseline:
    if not path.is_dir():
        raise ConfigurationError(f"{path} is no folder", hint="name the folder of another checkout")
    then = _ComparableFolder(path)
    return FilesBaseline(then.name, earlier_project(project, tree, then))


class _ComparableFolder(Folder):
    """A folder as an EarlierTree."""

    def holds(self, path: str, data: bytes) -> bool:
        """Whether exactly this is in a file."""
        return self.read(path) == data

    def fetch(self, paths: Iterable[str]) -> None:
        """Nothing is read ahead."""
