"""What the command line says, and with what it says it."""

import json

import pytest

from accord.cli.output import Output


def test_a_document_is_told_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    document = {"doc": ":warning: [red]as it is[/]", "long": "a" * 2000}
    Output().json(document)
    assert json.loads(capsys.readouterr().out) == document


def test_plain_text_is_told_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    Output().result(":on:orders [red]")
    assert capsys.readouterr().out == ":on:orders [red]\n"


def test_talk_has_marks_and_no_colours_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    output = Output()
    output.good("did :on: [it]")
    output.bad("did not")
    output.warn("may bite")
    output.error("failed", hint="try")
    assert capsys.readouterr().err.splitlines() == [
        "✓ did :on: [it]",
        "✗ did not",
        "warning: may bite",
        "error: failed",
        "  help: try",
    ]


def test_colours_can_be_forced(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    Output().warn("may :on: [bite]")
    told = capsys.readouterr().err
    assert "\x1b[" in told
    assert "may :on: [bite]" in told


def test_names_in_a_table_are_whole_where_there_is_no_room(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    Output().table(("subject", "service"), [("orders.created-value", "billing")])
    told = capsys.readouterr().out
    assert "…" not in told
    assert "".join(line.split("  ")[0].strip() for line in told.splitlines()[1:]) == "orders.created-value"
