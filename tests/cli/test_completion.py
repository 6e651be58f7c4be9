"""What a shell is told about how a command line may go on."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.shell_completion import BashComplete

import accord
import accord.testing
from accord.cli import completing
from accord.cli.commands import COMMANDS
from accord.cli.main import run
from accord.cli.options import environment_options, project_option
from accord.schemas import Schema

SHELLS = ("bash", "zsh", "fish")


def completed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """What may stand in place of the last of ``words``."""
    monkeypatch.setenv("COMP_WORDS", " ".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words) - 1))
    monkeypatch.setenv("_ACCORD_COMPLETE", "bash_complete")
    assert run([]) == 0
    return [line.partition(",")[2] for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("shell", SHELLS)
def test_every_shell_gets_a_script_that_asks_accord(capsys: pytest.CaptureFixture[str], shell: str) -> None:
    assert run(["completion", shell]) == 0
    assert f"_ACCORD_COMPLETE={shell}_complete" in capsys.readouterr().out


def test_commands_are_completed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert completed(capsys, monkeypatch, "accord", "") == list(COMMANDS)
    assert completed(capsys, monkeypatch, "accord", "expl") == ["explain"]


def test_flags_and_choices_are_completed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert completed(capsys, monkeypatch, "accord", "--ver") == ["--version", "--verbose"]
    assert completed(capsys, monkeypatch, "accord", "completion", "z") == ["zsh"]


@click.command("try-subject")
@project_option
@environment_options
@click.argument("subject", shell_complete=completing.subjects)
@click.argument("contract", shell_complete=completing.contracts)
def trial(**_: object) -> None:
    """Complete names."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What a shell is told in place of the last word, after ``trial``."""

    def ask(*words: str) -> list[str]:
        monkeypatch.setenv("COMP_WORDS", " ".join(("trial", *words)))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        told = BashComplete(trial, {}, "trial", "_TRIAL_COMPLETE").complete()
        return [line.partition(",")[2] for line in told.splitlines()]

    return ask


def test_subjects_are_those_of_the_registry_at_that_moment(
    asked: Callable[..., list[str]], tmp_path: Path
) -> None:
    with accord.testing.registry() as registry, accord.Registry(registry.url) as client:
        for subject in ("orders-value", "orders-key", "users-value"):
            client.register(subject, Schema('"string"'))

        assert sorted(asked("--registry", registry.url, "ord")) == ["orders-key", "orders-value"]
        (tmp_path / "accord.toml").write_text(f'[environments.dev]\nregistry = "{registry.url}"\n')
        assert asked("--project", str(tmp_path), "u") == ["users-value"]
        assert asked("--project", str(tmp_path), "--env", "") == ["dev"]


def test_contracts_are_those_of_the_project(asked: Callable[..., list[str]]) -> None:
    example = Path(__file__).parents[2] / "examples" / "orders"
    assert asked("--project", str(example), "any-subject", "") == ["orders.created"]


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "nonsense"])
def test_where_no_registry_answers_nothing_is_offered(asked: Callable[..., list[str]], url: str) -> None:
    assert asked("--registry", url, "ord") == []
