"""A project in a Git repository, made once; and projects that are no files at all."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.contracts.check.git_repository import GitRepository
from tests.contracts.check.order_files import ID, TOTAL, Files, MemoryTree, contract, record

from accord.contracts.loading import load
from accord.contracts.model import Project


@pytest.fixture(scope="session")
def tree() -> Callable[[Files], MemoryTree]:
    return MemoryTree


@pytest.fixture(scope="session")
def loaded() -> Callable[[Files], Project]:
    """A project of files that are only said, without anything wrong with them."""

    def load_files(files: Files) -> Project:
        project = load(MemoryTree(files))
        assert project.findings == (), [finding.message for finding in project.findings]
        return project

    return load_files


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> GitRepository:
    """Three commits on main, the second with the tag v2; a branch `work` that left main at the second."""
    repository = GitRepository(tmp_path_factory.mktemp("repository"))
    repository.git("init", "--quiet", "--initial-branch", "main")
    bare = "bare/Payment.avsc"
    repository.commit("One", **{
        "accord.toml": "",
        "shop/OrderCreated.avsc": record(ID, ("total", "int")),
        "shop/orders.odcs.yaml": contract("compatibility: BACKWARD"),
        bare: record(("id", "string"), name="Payment"),
    })  # fmt: skip
    repository.commit("Two", **{"shop/OrderCreated.avsc": record(ID, TOTAL)})
    repository.git("tag", "v2")
    repository.git("branch", "work")
    repository.commit("Three", **{"shop/OrderCreated.avsc": record(ID, TOTAL, ("note", "string", ""))})
    repository.git("checkout", "--quiet", "work")
    return repository


@pytest.fixture
def repository(template: GitRepository, tmp_path: Path) -> GitRepository:
    """A copy of it that may be changed; `work` is checked out."""
    folder = tmp_path / "repository"
    shutil.copytree(template.folder, folder)
    return GitRepository(folder)
