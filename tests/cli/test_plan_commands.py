"""``accord plan``, ``apply`` and ``drift`` of a project that has schemas alone; with topics: test_plan_commands_on_kafka."""

import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accord.cli.main import run
from accord.client import Registry
from accord.contracts.plan.ports import World
from accord.contracts.plan.saved import SavedPlan
from accord.contracts.plan.steps import Step
from accord.schemas import Schema
from accord.testing import LoopbackRegistry
from accord.testing import registry as serve

ORDER = '{"type": "record", "name": "Order", "doc": "An order.", "fields": [%s]}'
ID = '{"name": "id", "type": "string", "doc": "Its id."}'
EMAIL = '{"name": "email", "type": "string", "doc": "Where to write to."}'


@pytest.fixture(scope="module")
def served() -> Iterator[LoopbackRegistry]:
    with serve() as registry:
        yield registry


@pytest.fixture
def registry(served: LoopbackRegistry) -> Iterator[Registry]:
    """A registry without subjects."""
    with Registry(served.url) as client:
        yield client
        for permanent in (False, True):
            for subject in client.subjects(deleted=permanent):
                client.delete_subject(subject, permanent=permanent)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: LoopbackRegistry) -> Path:
    (tmp_path / "accord.toml").write_text(
        f'[project]\nscope = ["Order"]\n[environments.test]\nregistry = "{served.url}"\n', encoding="utf-8"
    )
    (tmp_path / "Order.avsc").write_text(ORDER % ID, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """A terminal; what is written here was typed."""

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stdin", terminal)
    return terminal


def types(terminal: io.StringIO, text: str) -> None:
    terminal.write(text)
    terminal.seek(0)


@pytest.mark.usefixtures("registry")
def test_a_plan_is_shown_and_changes_nothing(capsys: pytest.CaptureFixture[str], registry: Registry) -> None:
    assert run(["plan"]) == 0
    told = capsys.readouterr()
    assert "  + schema        Order-value  the first version, from Order.avsc" in told.out
    assert "1 to add, 0 to change, 0 to replace, 0 to delete." in told.out
    assert registry.subjects() == []


def test_programs_are_told_by_the_exit_code_whether_there_is_something_to_do(registry: Registry) -> None:
    assert run(["plan", "--detailed-exitcode"]) == 5
    assert run(["apply", "--yes"]) == 0
    assert registry.subjects() == ["Order-value"]
    assert run(["plan", "--detailed-exitcode"]) == 0


@pytest.mark.usefixtures("registry")
def test_a_plan_as_json_is_alone_on_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["plan", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert (document["schema_version"], document["command"], document["ok"]) == (1, "plan", True)
    assert [(step["symbol"], step["step"], step["name"]) for step in document["steps"]] == [
        ("+", "register schema", "Order-value")
    ]


def test_a_break_is_refused_and_nothing_is_saved_or_applied(
    project: Path, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["apply", "--yes"]) == 0
    (project / "Order.avsc").write_text(ORDER % f"{ID}, {EMAIL}", encoding="utf-8")
    (project / "Other.avsc").write_text('{"type": "record"', encoding="utf-8")
    assert run(["plan", "--output", "plan.json", "--detailed-exitcode"]) == 1
    assert not (project / "plan.json").exists()
    told = capsys.readouterr()
    assert "error[AVRO_FIELD_WITHOUT_DEFAULT]" in told.out
    assert "error[CONTRACT_SCHEMA_INVALID]" in told.out
    assert "2 parts refused: nothing is applied." in told.out
    assert run(["apply", "--yes"]) == 1
    assert registry.versions("Order-value") == [1]


def test_one_step_is_one_step(project: Path, capsys: pytest.CaptureFixture[str], registry: Registry) -> None:
    assert run(["apply", "--yes"]) == 0
    (project / "Order.avsc").write_text(ORDER % f'{ID}, {EMAIL[:-1]}, "default": ""}}', encoding="utf-8")
    capsys.readouterr()
    assert run(["apply", "--yes"]) == 0
    assert "\n1 step done: " in capsys.readouterr().err
    assert registry.versions("Order-value") == [1, 2]


def test_whoever_is_interrupted_is_told_how_far_it_went(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    registry: Registry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (project / "Other.avsc").write_text((ORDER % ID).replace("Order", "OrderOther", 1), encoding="utf-8")

    def interrupted(plan: SavedPlan, _: World, *, report: Callable[[Step], None]) -> None:
        report(plan.steps[0])
        raise KeyboardInterrupt

    monkeypatch.setattr("accord.cli.commands.apply.apply_plan", interrupted)
    assert run(["apply", "--yes"]) == 130
    assert "1 of 2 steps are done; run it again for the rest" in capsys.readouterr().err
    assert registry.subjects() == []


def test_a_saved_plan_is_applied_without_a_question_and_once(
    registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", "--output", "plan.json"]) == 0
    assert run(["apply", "plan.json"]) == 0
    assert registry.versions("Order-value") == [1]
    capsys.readouterr()
    assert run(["apply", "plan.json"]) == 1
    assert (
        "the plan is not applied: since it was made, subject Order-value changed" in capsys.readouterr().err
    )


def test_a_plan_that_somebody_edited_is_not_applied(
    project: Path, registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["plan", "--output", "plan.json"]) == 0
    file = project / "plan.json"
    file.write_text(file.read_text(encoding="utf-8").replace("Order-value", "Other-value"), encoding="utf-8")
    assert run(["apply", "plan.json"]) == 2
    assert "plan.json was edited since the plan was made" in capsys.readouterr().err
    assert registry.subjects() == []


def test_without_a_terminal_nothing_is_applied_unless_somebody_said_yes(
    registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["apply"]) == 2
    assert "nobody is here to agree to the plan" in capsys.readouterr().err
    assert registry.subjects() == []


@pytest.mark.parametrize(("answer", "exit_code", "subjects"), [("y\n", 0, ["Order-value"]), ("n\n", 1, [])])
def test_at_a_terminal_somebody_is_asked(
    registry: Registry, typed: io.StringIO, answer: str, exit_code: int, subjects: list[str]
) -> None:
    types(typed, answer)
    assert run(["apply"]) == exit_code
    assert registry.subjects() == subjects


def test_what_is_deleted_is_named_on_the_command_line_where_nobody_can_type(
    registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["apply", "--yes"]) == 0
    registry.register("OrderTrial-value", Schema('"string"'))
    assert run(["apply", "--yes"]) == 0
    assert "subject OrderTrial-value lies in this project's scope" in capsys.readouterr().out
    assert run(["apply", "--yes", "--allow-delete"]) == 2
    assert "--confirm OrderTrial-value" in capsys.readouterr().err
    assert run(["apply", "--yes", "--allow-delete", "--confirm", "OrderTrial-value"]) == 0
    assert registry.subjects() == ["Order-value"]


@pytest.mark.parametrize(
    ("answer", "exit_code", "left"),
    [("OrderTrial-value\n", 0, ["Order-value"]), ("yes\n", 2, ["OrderTrial-value"])],
)
def test_at_a_terminal_the_name_of_what_is_deleted_is_typed(
    registry: Registry, typed: io.StringIO, answer: str, exit_code: int, left: list[str]
) -> None:
    registry.register("OrderTrial-value", Schema('"string"'))
    types(typed, answer)
    assert run(["apply", "--allow-delete"]) == exit_code
    assert registry.subjects() == left


def test_drift_is_a_report_like_any_other(registry: Registry, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["apply", "--yes"]) == 0
    assert run(["drift"]) == 0
    registry.register("OrderTrial-value", Schema('"string"'))
    capsys.readouterr()
    assert run(["drift", "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["command"] == "drift"
    assert [one["rule"] for one in document["findings"]] == ["DRIFT_SUBJECT_NOT_IN_GIT"]
    assert run(["drift", "--exit-zero"]) == 0


def test_drift_of_a_folder_without_anything_is_no_success(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "Order.avsc").unlink()
    assert run(["drift"]) == 2
    assert "there is no schema file and no contract to compare with" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["plan"], ["apply", "--yes"], ["drift"]])
def test_a_registry_that_cannot_be_reached_is_told_with_its_address(
    command: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert run([*command, "--registry", "http://127.0.0.1:9"]) == 3
    assert "http://127.0.0.1:9" in capsys.readouterr().err


def test_a_project_with_topics_needs_a_cluster(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "orders.odcs.yaml").write_text(
        "apiVersion: v3.2.0\nkind: DataContract\nid: orders\nname: Orders\nversion: 1.0.0\nstatus: active\n"
        "schema:\n  - name: Order\n    physicalName: orders\n    physicalType: topic\n"
        "    authoritativeDefinitions: [{type: implementation, url: Order.avsc}]\n"
        "customProperties:\n  - {property: kafka, vendor: accord, value: {partitions: 1}}\n",
        encoding="utf-8",
    )
    assert run(["plan"]) == 2
    assert "no Kafka cluster is named" in capsys.readouterr().err
