import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from accord.cli.main import cli, run


def settings_shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, dict[str, object]]:
    assert run([*arguments, "config", "show", "--format", "json"]) == 0
    document = json.loads(capsys.readouterr().out)
    return {row["name"]: row for row in document["settings"]}


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_setting_that_nobody_gave_has_its_default(capsys: pytest.CaptureFixture[str]) -> None:
    shown = settings_shown(capsys)

    assert shown["serve.port"]["value"] == 8081
    assert shown["serve.port"]["source"] == "default"


def test_the_file_wins_over_the_default(empty_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty_folder / "accord.toml").write_text("[serve]\nport = 9000\n")

    shown = settings_shown(capsys)

    assert shown["serve.port"]["value"] == 9000
    assert shown["serve.port"]["source"] == str(empty_folder / "accord.toml")


def test_the_environment_wins_over_the_file(
    empty_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "accord.toml").write_text("[serve]\nport = 9000\n")
    monkeypatch.setenv("ACCORD_SERVE_PORT", "9001")

    shown = settings_shown(capsys)

    assert shown["serve.port"]["value"] == 9001
    assert shown["serve.port"]["source"] == "ACCORD_SERVE_PORT"


def test_a_flag_wins_over_everything(
    empty_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "accord.toml").write_text('log_format = "text"\n')
    monkeypatch.setenv("ACCORD_LOG_FORMAT", "text")

    shown = settings_shown(capsys, "--log-format", "json")

    assert shown["log_format"]["value"] == "json"
    assert shown["log_format"]["source"] == "flag"


def test_the_nearest_file_upward_is_used(
    empty_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "accord.toml").write_text("[serve]\nport = 9000\n")
    below = empty_folder / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    assert settings_shown(capsys)["serve.port"]["value"] == 9000


def test_a_variable_that_cannot_be_used_is_shown_as_such(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCORD_SERVE_PORT", "many")

    shown = settings_shown(capsys)

    assert shown["serve.port"]["value"] == "many"
    assert shown["serve.port"]["source"] == "ACCORD_SERVE_PORT (cannot be used)"


def test_a_flag_of_the_file_is_true_or_false(empty_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty_folder / "accord.toml").write_text("[demo]\nkeep = true\n[cluster]\nup = { brokers = 5 }\n")

    shown = settings_shown(capsys)

    assert shown["demo.keep"]["value"] is True
    assert shown["cluster.up.brokers"]["value"] == 5


def test_dashes_and_underscores_name_the_same_setting(
    empty_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty_folder / "accord.toml").write_text('log-format = "json"\n')

    assert settings_shown(capsys)["log_format"]["value"] == "json"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[serve]\nprot = 1\n", ["'serve.prot' is not a setting", "did you mean 'port'"]),
        ("[serve]\nport = 'many'\n", ["'serve.port'", "not a valid integer"]),
        ("[serve]\nport = true\n", ["'serve.port'", "True is neither text nor a whole number"]),
        ("[serve]\nlog = ['memory:']\n", ["'serve.log'", "neither text nor a whole number"]),
        ("[cluster]\ndir = { here = 1 }\n", ["'cluster.dir'", "neither text nor a whole number"]),
        ("quiet = 1\n", ["'quiet'", "1 is neither true nor false"]),
        ("[cluster.up]\nbrokers = 4\n", ["'cluster.up.brokers'", "not one of '1', '3', '5'"]),
        ("[sevre]\nport = 1\n", ["'sevre' is not a setting", "did you mean 'serve'"]),
        ("serve = 1\n", ["'serve'"]),
        ("serve = \n", ["cannot be read"]),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_what_is_wrong(
    empty_folder: Path, capsys: pytest.CaptureFixture[str], text: str, words: list[str]
) -> None:
    (empty_folder / "accord.toml").write_text(text)

    assert run(["config", "show"]) == 2

    said = capsys.readouterr().err
    assert all(word in said for word in [*words, "accord.toml"]), said


def test_all_faults_of_a_file_are_told_at_once(
    empty_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (empty_folder / "accord.toml").write_text("colour = 1\n[serve]\nport = 'x'\n")

    assert run(["config", "show"]) == 2

    said = capsys.readouterr().err
    assert "'colour'" in said
    assert "'serve.port'" in said


def test_a_named_file_replaces_the_nearest(empty_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty_folder / "accord.toml").write_text("[serve]\nport = 9000\n")
    other = empty_folder / "other.toml"
    other.write_text("[serve]\nport = 9002\n")

    assert settings_shown(capsys, "--config", str(other))["serve.port"]["value"] == 9002


def test_a_setting_is_called_like_its_flag() -> None:
    with cli.make_context("accord", [], resilient_parsing=True) as root:
        flags = [
            option
            for command in commands(root, cli)
            for option in command.params
            if isinstance(option, click.Option)
        ]

    assert flags
    assert [
        option.name for option in flags if f"--{str(option.name).replace('_', '-')}" not in option.opts
    ] == []


def commands(context: click.Context, command: click.Command) -> Iterator[click.Command]:
    yield command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            assert child is not None
            yield from commands(context, child)
