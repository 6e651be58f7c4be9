"""The project as its files were in another tree, read again only as far as they are not the same."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Protocol

from accord.contracts.loading import load
from accord.contracts.loading.files import Files
from accord.contracts.model import DataContract, Project, SchemaFile
from accord.contracts.tree import Tree


class EarlierTree(Tree, Protocol):
    """A tree that can tell quickly whether a file is the same."""

    def holds(self, path: str, data: bytes) -> bool:
        """Whether exactly this is in a file."""

    def fetch(self, paths: Iterable[str]) -> None:
        """Read these files now, in one go; those that are not there are passed over."""


def earlier_project(project: Project, now: Tree, then: EarlierTree) -> Project:
    """What ``project``, which was loaded from ``now``, was in ``then``.

    What the two trees have alike, and nothing else of the project hangs on, is the very same value in both: to compare it
    costs nothing.
    """
    files_now, files_then = Files(now, project.settings), Files(then, project.settings)
    paths_now, paths_then = _relevant(files_now), _relevant(files_then)
    changed = {path for path in paths_now & paths_then if not then.holds(path, now.read(path))}
    changed |= paths_now ^ paths_then
    if not changed:
        return project
    touched = _connected(project, changed)
    part = _load(project, then, touched & paths_then)
    if part.findings:
        # Files that were joined then and are not now: only all of them together tell.
        return _load(project, then, paths_then)
    return replace(
        part,
        contracts=(
            *part.contracts,
            *(contract for contract in project.contracts if contract.source.path not in touched),
        ),
        schemas={
            **part.schemas,
            **{subject: file for subject, file in project.schemas.items() if file.source.path not in touched},
        },
        claims=(*part.claims, *(claim for claim in project.claims if claim.source.path not in touched)),
    )


def _load(project: Project, tree: EarlierTree, paths: Iterable[str]) -> Project:
    wanted = sorted(paths)
    tree.fetch(wanted)
    return load(_Part(tree, wanted), settings=project.settings)


class _Part:
    """Some files of a tree."""

    def __init__(self, tree: Tree, paths: Iterable[str]) -> None:
        self.name = tree.name
        self._tree = tree
        self._paths = tuple(paths)

    def paths(self) -> Iterable[str]:
        return self._paths

    def read(self, path: str) -> bytes:
        return self._tree.read(path)


def _relevant(files: Files) -> set[str]:
    return {*files.contracts, *files.claims, *files.schemas, *files.pulled}


def _connected(project: Project, changed: set[str]) -> set[str]:
    """The files that hang together with one that has changed, by references and by contracts."""
    neighbours: dict[str, set[str]] = {}
    for one, other in _edges(project):
        neighbours.setdefault(one, set()).add(other)
        neighbours.setdefault(other, set()).add(one)
    found, waiting = set(changed), list(changed)
    while waiting:
        for path in neighbours.get(waiting.pop(), ()):
            if path not in found:
                found.add(path)
                waiting.append(path)
    return found


def _edges(project: Project) -> Iterator[tuple[str, str]]:
    by_subject: Mapping[str, SchemaFile] = {str(name): file for name, file in project.schemas.items()}
    for file in project.schemas.values():
        for reference in file.references:
            if reference.subject in by_subject:
                yield file.source.path, by_subject[reference.subject].source.path
    for contract in project.contracts:
        for file in _schemas_of(contract):
            yield contract.source.path, file.source.path
    topics: dict[str, str] = {contract.id: contract.source.path for contract in project.contracts}
    for claim in project.claims:
        if claim.contract in topics:
            yield claim.source.path, topics[claim.contract]


def _schemas_of(contract: DataContract) -> Iterator[SchemaFile]:
    for event in contract.events:
        yield event.schema
    if contract.key.schema is not None:
        yield contract.key.schema
