"""``accord diff`` as whoever looks at a change meets it."""

import json
from pathlib import Path

import pytest
from tests.contracts.check.git_repository import GitRepository
from tests.contracts.check.order_files import ID, TOTAL, contract, record

from accord.cli.main import run

WITH_NOTE = record(ID, TOTAL, ("note", "string", ""))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GitRepository:
    monkeypatch.delenv("GITHUB_BASE_REF", raising=False)
    repository = GitRepository(tmp_path)
    repository.git("init", "--quiet", "--initial-branch", "main")
    repository.commit(
        "One",
        **{
            "OrderCreated.avsc": record(ID, TOTAL),
            "orders.odcs.yaml": contract(),
            "bare/Refund.avsc": record(ID, name="Refund"),
        },
    )
    monkeypatch.chdir(tmp_path)
    return repository


def test_every_schema_that_changed_is_told(
    project: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["diff"]) == 0
    assert "nothing has changed" in capsys.readouterr().out
    project.write("OrderCreated.avsc", WITH_NOTE)
    project.write("bare/New.avsc", record(ID, name="New"))
    assert run(["diff", "--against", "git:main"]) == 0
    told = capsys.readouterr().out
    assert "orders.created-value: OrderCreated.avsc at git:main -> OrderCreated.avsc" in told
    assert '+ note (string, default "")' in told
    assert "Refund" not in told


def test_one_file_is_compared_with_what_it_was(
    project: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("OrderCreated.avsc", WITH_NOTE)
    project.write("bare/Refund.avsc", record(TOTAL, name="Refund"))
    assert run(["diff", "bare/Refund.avsc", "--format", "json"]) == 0
    [found] = json.loads(capsys.readouterr().out)
    assert found["subject"] == "Refund-value"
    assert [(one["kind"], one["field"]) for one in found["changes"]] == [
        ("added", "total"),
        ("removed", "order_id"),
    ]


def test_two_files_of_one_name_are_told_apart_by_their_folders(
    project: GitRepository, capsys: pytest.CaptureFixture[str]
) -> None:
    project.write("changes/OrderCreated.avsc", WITH_NOTE)
    assert run(["diff", "OrderCreated.avsc", "changes/OrderCreated.avsc"]) == 0
    assert "OrderCreated.avsc -> changes/OrderCreated.avsc" in capsys.readouterr().out


def test_two_files_are_compared_wherever_they_are(
    project: GitRepository, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "new.avsc"
    elsewhere.write_text(WITH_NOTE, encoding="utf-8")
    assert run(["diff", "OrderCreated.avsc", str(elsewhere), "--format", "markdown"]) == 0
    assert "| + | note (string, default" in capsys.readouterr().out
    assert project.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["orders.odcs.yaml"], "is no schema of the project"),
        (["OrderCreated.avsc", "orders.odcs.yaml"], "cannot be read as a schema"),
        (["OrderCreated.avsc", "OrderCreated.avsc", "--against", "git:main"], "one version too many"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    project: GitRepository, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert run(["diff", *arguments]) == 2
    assert told in capsys.readouterr().err
    assert project.git("status", "--porcelain") == ""
