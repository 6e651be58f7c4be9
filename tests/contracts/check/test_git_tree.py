"""The files of a project as a commit has them."""

from pathlib import Path

import pytest
from tests.contracts.check.git_repository import GitRepository

from accord.contracts.git import GitTree, Repository
from accord.errors import ConfigurationError


def test_a_commit_is_read_like_a_folder(template: GitRepository) -> None:
    tree = GitTree(template.folder, "main~2")
    assert tree.name == "git:main~2"
    assert list(tree.paths()) == [
        "accord.toml", "bare/Payment.avsc", "shop/OrderCreated.avsc", "shop/orders.odcs.yaml",
    ]  # fmt: skip
    assert b'"int"' in tree.read("shop/OrderCreated.avsc")


def test_what_is_the_same_is_known_without_reading_it(template: GitRepository) -> None:
    tree = GitTree(template.folder, "v2")
    own = (template.folder / "shop/OrderCreated.avsc").read_bytes()
    assert tree.holds("shop/OrderCreated.avsc", own)
    assert not tree.holds("shop/OrderCreated.avsc", own + b" ")
    assert not tree.holds("elsewhere.avsc", own)


def test_a_project_in_a_folder_of_the_repository_has_paths_from_there(template: GitRepository) -> None:
    tree = GitTree(template.folder / "shop", "main")
    assert list(tree.paths()) == ["OrderCreated.avsc", "orders.odcs.yaml"]
    assert b"note" in tree.read("OrderCreated.avsc")


def test_a_branch_is_taken_where_ours_left_it(template: GitRepository) -> None:
    repository = Repository(template.folder)
    assert repository.base_of("main") == template.git("rev-parse", "v2")


@pytest.mark.parametrize("ref", ["v2", "main~2", "main^0"])
def test_a_tag_or_a_commit_is_taken_as_it_is(template: GitRepository, ref: str) -> None:
    assert Repository(template.folder).base_of(ref) == template.git("rev-parse", f"{ref}^{{commit}}")


def test_a_worktree_is_as_good_as_the_repository(repository: GitRepository, tmp_path: Path) -> None:
    place = tmp_path / "beside"
    repository.git("worktree", "add", "--quiet", str(place), "main")
    assert b"note" in GitTree(place, "HEAD").read("shop/OrderCreated.avsc")
    assert Repository(place).default_branch() == "main"


def test_a_submodule_is_a_repository_of_its_own(repository: GitRepository, template: GitRepository) -> None:
    repository.git(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(template.folder), "contracts"
    )
    tree = GitTree(repository.folder / "contracts", "HEAD")
    assert "shop/OrderCreated.avsc" in tree.paths()
    assert Repository(repository.folder / "contracts").prefix == ""
    repository.commit("A submodule")
    assert not any(path.startswith("contracts") for path in GitTree(repository.folder, "HEAD").paths())


def test_a_branch_that_only_the_remote_has_is_found(template: GitRepository, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    template.git("clone", "--quiet", "--branch", "work", str(template.folder), str(clone))
    repository = Repository(clone)
    assert repository.commit_of("main") == template.git("rev-parse", "main")
    assert repository.remote_or_own("main") == "origin/main"
    assert repository.remote_or_own("nowhere") == "nowhere"


def test_a_clone_without_history_says_what_to_fetch(template: GitRepository, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    address = f"file://{template.folder}"
    template.git(
        "clone", "--quiet", "--depth", "1", "--no-single-branch", "--branch", "work", address, str(clone)
    )
    with pytest.raises(ConfigurationError, match="shallow") as refused:
        Repository(clone).base_of("main")
    assert "fetch-depth: 0" in refused.value.hint
    with pytest.raises(ConfigurationError, match="no commit by the name 'v1'") as refused:
        Repository(clone).commit_of("v1")
    assert "fetch-depth: 0" in refused.value.hint


def test_a_name_that_is_none_is_refused(template: GitRepository) -> None:
    with pytest.raises(ConfigurationError, match="no commit by the name '--all'"):
        GitTree(template.folder, "--all")


def test_a_folder_outside_of_any_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no Git repository") as refused:
        Repository(tmp_path)
    assert "dir:PATH" in refused.value.hint


def test_a_machine_without_git_is_told_so(
    template: GitRepository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigurationError, match="`git` is not installed"):
        Repository(template.folder)


def test_names_of_files_may_be_odd(repository: GitRepository) -> None:
    name = 'shop/Bestellung "größer" ein\tneues.avsc'
    repository.commit("Odd", **{name: "{}"})
    assert GitTree(repository.folder, "HEAD").read(name) == b"{}"
    assert [one.path for one in Repository(repository.folder).changes("HEAD", name)] == [name]


def test_a_file_is_followed_where_it_had_another_name(repository: GitRepository) -> None:
    repository.git("mv", "shop/OrderCreated.avsc", "shop/Placed.avsc")
    repository.commit("Move")
    changes = Repository(repository.folder).changes("HEAD", "shop/Placed.avsc")
    assert [one.path for one in changes] == ["shop/Placed.avsc"] + ["shop/OrderCreated.avsc"] * 2


def test_hidden_folders_are_passed_over(repository: GitRepository) -> None:
    repository.commit(
        "Hidden", **{".github/workflows/a.yml": "x", "shop/.b/c.avsc": "x", ".hidden.yaml": "x"}
    )
    assert not any("a.yml" in path or "c.avsc" in path for path in GitTree(repository.folder, "HEAD").paths())


def test_a_repository_without_a_commit_asks_for_the_first_one(tmp_path: Path) -> None:
    repository = GitRepository(tmp_path)
    repository.git("init", "--quiet")
    with pytest.raises(ConfigurationError) as refused:
        Repository(tmp_path).commit_of("main")
    assert refused.value.hint == "commit what there is, and then change it"
