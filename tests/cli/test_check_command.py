"""``accord check`` as whoever opens a pull request meets it."""

import json
from pathlib import Path

import pytest
from tests.contracts.check.git_repository import GitRepository
from tests.contracts.check.order_files import ID, TOTAL, contract, record

from accord.cli.main import run
from accord.client import ReaderReport
from accord.schemas import Schema
from accord.testing import registry as serve

SUBJECT = "orders.created-value"
CI = ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CHANGE_TARGET", "GITHUB_STEP_SUMMARY")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepository:
    """Orders with a contract, committed to main; the branch `work` is checked out."""
    for name in CI:
        monkeypatch.delenv(name, raising=False)
    repository = GitRepository(tmp_path)
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.commit(
        "One", **{"OrderCreated.avsc": record(ID, TOTAL), "orders.odcs.yaml": contract(), "accord.toml": ""}
    )
    repository.git("checkout", "--quiet", "-b", "work")
    monkeypatch.chdir(tmp_path)
    return repository


def test_nothing_changed_is_fine_and_it_is_said_what_was_compared(
    project: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check"]) == 0
    told = capsys.readouterr()
    assert "comparing with git:main" in told.err
    assert "checked 1 schema against git:main, none new or changed" in told.out
    assert project.git("status", "--porcelain") == ""


def test_a_break_is_told_with_excerpt_caret_and_fix(
    project: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("OrderCreated.avsc", record(ID, TOTAL, ("email", "string")))
    assert run(["check", "--against", "git:main"]) == 1
    told = capsys.readouterr().out
    assert "--> OrderCreated.avsc:4:5" in told
    assert '4 |     {"name": "email", "type": "string"}' in told
    assert "^^^^^^^^" in told
    assert "help: " in told
    assert "the break has no known reader" in told


@pytest.mark.parametrize("format", ["json", "jsonl", "sarif", "junit", "github", "gitlab", "markdown"])
def test_every_format_tells_it(
    project: GitRepository, capsys: pytest.CaptureFixture[str], format: str
) -> None:
    project.write("OrderCreated.avsc", record(ID, TOTAL, ("email", "string")))
    assert run(["check", "--format", format]) == 1
    assert "AVRO_FIELD_WITHOUT_DEFAULT" in capsys.readouterr().out


def test_the_base_of_the_pull_request_is_compared_with(
    project: GitRepository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project.git("branch", "release", "main")
    monkeypatch.setenv("GITHUB_BASE_REF", "release")
    assert run(["check"]) == 0
    assert "comparing with git:release" in capsys.readouterr().err


def test_what_the_contract_allows_for_a_while_turns_nothing(
    project: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("OrderCreated.avsc", record(ID, TOTAL, ("email", "string")))
    allowed = "allow: [{rule: AVRO_FIELD_WITHOUT_DEFAULT, path: email, reason: nothing written yet, until: 2999-12-31}]"
    project.write("orders.odcs.yaml", contract(allowed))
    assert run(["check"]) == 0
    told = capsys.readouterr().out
    assert "nothing written yet" in told
    assert "1 accepted for now" in told


def test_readers_that_the_registry_knows_are_named(
    project: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("OrderCreated.avsc", record(ID))
    with serve() as registry, registry.client() as client:
        client.report_reader(
            ReaderReport(service="billing", subject=SUBJECT, origin="claim", fields=("total",))
        )
        assert run(["check", "--registry", registry.url, "--format", "json"]) == 1
    [finding] = json.loads(capsys.readouterr().out)["findings"]
    assert finding["rule"] == "CONTRACT_READER_FIELD_REMOVED"
    assert [one["reader"] for one in finding["affected"]] == ["billing"]


def test_a_registry_is_compared_with_by_its_environment(
    project: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve() as registry, registry.client() as client:
        client.register(SUBJECT, Schema(record(ID, ("total", "string"))))
        project.write("accord.toml", f'[environments.prod]\nregistry = "{registry.url}"\n')
        assert run(["check", "--against", "registry:prod"]) == 1
    assert "version 1 (registry prod)" in capsys.readouterr().out


def test_a_registry_that_was_named_and_is_away_is_told_by_its_address(
    project: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    with serve() as registry:
        url = registry.url
    project.write("accord.toml", f'[environments.prod]\nregistry = "{url}"\n')
    assert run(["check"]) == 0
    assert "readers that only this registry knows are not looked at" in capsys.readouterr().err
    assert run(["check", "--env", "prod"]) == 3
    assert url.removeprefix("http://") in capsys.readouterr().err


def test_a_schema_that_does_not_parse_is_a_finding_with_its_place(
    project: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("Broken.avsc", '{"type": "record",\n "name": 1}')
    assert run(["check", "--format", "json"]) == 1
    [finding] = json.loads(capsys.readouterr().out)["findings"]
    assert (finding["rule"], finding["at"]["file"]) == ("CONTRACT_SCHEMA_INVALID", "Broken.avsc")


def test_a_folder_without_git_must_be_told_what_to_compare_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["check"]) == 2
    assert "--against dir:PATH" in capsys.readouterr().err


def test_a_bare_folder_is_held_to_the_level_that_is_asked_for(project: GitRepository) -> None:
    project.commit("Bare", **{"bare/A.avsc": record(ID, name="A")})
    project.write("bare/A.avsc", record(ID, TOTAL, name="A"))
    against = ["--against", "git:HEAD"]
    assert run(["check", *against]) == 1
    assert run(["check", *against, "--level", "FORWARD"]) == 0


def test_files_are_told_as_they_are_called_from_here(
    project: GitRepository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("OrderCreated.avsc", record(ID, TOTAL, ("email", "string")))
    monkeypatch.chdir(project.folder.parent)
    folder = project.folder.name
    assert run(["check", "--project", folder, "--against", "git:main", "--format", "github"]) == 1
    assert f"file={folder}/OrderCreated.avsc" in capsys.readouterr().out


def test_a_folder_without_schemas_is_told_so(
    project: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    (project.folder / "empty").mkdir()
    assert run(["check", "--project", "empty", "--against", "git:main"]) == 2
    assert "there is no schema file to check" in capsys.readouterr().err
