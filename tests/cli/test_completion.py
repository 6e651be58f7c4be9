"""What a shell is told about how a command line may go on."""

import pytest

from accord.cli.main import COMMANDS, run

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
