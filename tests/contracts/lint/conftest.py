from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

import pytest

from accord.contracts.lint import Style, lint
from accord.contracts.loading import load
from accord.contracts.model import Project, ProjectSettings
from accord.findings import Finding

Files: TypeAlias = Mapping[str, str]


class MemoryTree:
    """A project that is in no folder."""

    name = "memory"

    def __init__(self, files: Files) -> None:
        self._files = files

    def paths(self) -> Iterable[str]:
        return sorted(self._files)

    def read(self, path: str) -> bytes:
        return self._files[path].encode()


@pytest.fixture
def project_of() -> Callable[[Files], Project]:
    return lambda files: load(MemoryTree(files))


@pytest.fixture
def linted() -> Callable[..., tuple[Finding, ...]]:
    """What loading and lint say of a project of these files: content by path."""

    def findings_of(files: Files, style: Style | None = None, **settings: object) -> tuple[Finding, ...]:
        project = load(MemoryTree(files), settings=ProjectSettings(**settings))  # type: ignore[arg-type] # any of them
        known = {"LINT_DOC_MISSING", "AVRO_FIELD_WITHOUT_DEFAULT"}
        return (*project.findings, *lint(project, style or Style(), known_rules=known))

    return findings_of
