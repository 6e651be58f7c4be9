"""What is asked before something is changed, and what a no means."""

import io

import pytest

from accord.cli.agreeing import NotAgreed, require_agreement


def test_a_yes_leads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    require_agreement("Apply this?")


@pytest.mark.parametrize("answer", ["n\n", "\n"])
def test_everything_else_is_a_no_and_no_interruption(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(answer))
    with pytest.raises(NotAgreed, match="nothing was changed") as told:
        require_agreement("Apply this?")
    assert told.value.exit_code == 1
