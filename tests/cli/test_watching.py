"""Commands that run again when files change."""

import threading
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from accord.cli import watching
from accord.cli.output import Output, pass_output
from accord.cli.watching import again_and_again, changes_in, watchable
from accord.errors import ConfigurationError


def test_a_command_runs_at_once_and_after_every_change_and_the_last_answer_counts() -> None:
    answers = iter([1, 0])

    assert again_and_again(Output(quiet=True), lambda: next(answers), ["a change"]) == 0
    assert next(answers, None) is None


def test_what_goes_wrong_is_told_and_does_not_end_the_watching(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise ConfigurationError("the file is torn", hint="save it whole")

    assert again_and_again(Output(quiet=True), fail, ["a change"]) == 2
    assert capsys.readouterr().err.count("the file is torn") == 2


def test_without_the_flag_a_command_runs_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    runs, watched = [], []

    @click.command()
    @click.option("--project", type=click.Path(path_type=Path), default=tmp_path)
    @pass_output
    @watchable
    def command(output: Output, project: Path) -> int:
        del output
        runs.append(project)
        return 0

    def one_change(folder: Path) -> list[str]:
        watched.append(folder)
        return ["a change"]

    monkeypatch.setattr(watching, "changes_in", one_change)

    CliRunner().invoke(command, [], obj=Output(quiet=True), catch_exceptions=False)
    assert (runs, watched) == ([tmp_path], [])

    CliRunner().invoke(command, ["--watch"], obj=Output(quiet=True), catch_exceptions=False)
    assert (runs, watched) == ([tmp_path] * 3, [tmp_path])


def test_a_file_that_is_written_is_a_change(tmp_path: Path) -> None:
    changes = iter(changes_in(tmp_path))
    # Nobody knows when the watching has begun: the file is written until it is seen.
    seen = threading.Event()

    def write() -> None:
        number = 0
        while not seen.wait(0.05):
            number += 1
            (tmp_path / "order.avsc").write_text(str(number))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert next(changes)
    finally:
        seen.set()
        writer.join()
