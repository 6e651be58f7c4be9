import logging
import subprocess
import sys
from pathlib import Path

import click
import pytest

from accord.cli.commands import COMMANDS
from accord.cli.main import run
from accord.errors import AccordError, UnavailableError


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def command_that_raises(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command("config")
    def command() -> None:
        raise error

    monkeypatch.setattr("accord.cli.commands.config.command", command)


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (
            AccordError("the file is gone", hint="make it again"),
            2,
            "error: the file is gone\n  help: make it again",
        ),
        (UnavailableError("nobody answers"), 3, "error: nobody answers"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (click.UsageError("no such thing"), 2, "Error: no such thing"),
        (ZeroDivisionError("oh"), 4, "a fault in accord itself: ZeroDivisionError: oh"),
    ],
)
def test_a_failure_becomes_words_and_an_exit_code(
    error: BaseException,
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    command_that_raises(error, monkeypatch)

    assert run(["config"]) == code

    said = capsys.readouterr().err
    assert words in said
    assert "Traceback" not in said


def test_a_fault_of_our_own_leaves_a_report_with_the_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command_that_raises(ZeroDivisionError("oh"), monkeypatch)

    run(["config"])

    report = Path(capsys.readouterr().err.split("report it with ")[1].strip())
    assert "ZeroDivisionError: oh" in report.read_text()
    report.unlink()


def test_an_unknown_command_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sevre"]) == 2
    assert "No such command 'sevre'" in capsys.readouterr().err


def test_help_lists_every_command_and_imports_next_to_nothing() -> None:
    """How fast it is follows from what it loads: the standard library, click, and the frame of the commands."""
    code = (
        "import sys; known = set(sys.modules); from accord.cli.main import run; run(['--help']);"
        "print(*(set(sys.modules) - known), file=sys.stderr)"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert all(name in told.stdout for name in COMMANDS)
    loaded = {name for name in told.stderr.split() if name.partition(".")[0] not in sys.stdlib_module_names}
    assert {name for name in loaded if name.partition(".")[0] != "click"} == {
        "accord",
        "accord.cli",
        "accord.cli.commands",
        "accord.cli.logs",
        "accord.cli.main",
        "accord.cli.output",
        "accord.cli.settings",
        "accord.contracts",
        "accord.contracts.project_file",
        "accord.errors",
    }


def test_a_command_whose_extra_is_missing_names_the_extra() -> None:
    """In a process of its own: modules that are taken away and loaded again are others to those who hold them."""
    code = (
        "import sys; sys.modules['uvicorn'] = None;"
        "from accord.cli.main import run; sys.exit(run(['serve', '--port', '9']))"
    )

    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert told.returncode == 2
    assert "pip install 'accord-kafka[server]'" in told.stderr


@pytest.mark.parametrize(
    ("flags", "level"), [((), logging.INFO), (("-v",), logging.DEBUG), (("-q",), logging.ERROR)]
)
def test_verbosity_sets_the_level_of_the_log(flags: tuple[str, ...], level: int) -> None:
    assert run([*flags, "config", "show"]) == 0
    assert logging.getLogger().level == level


def test_json_logs_hold_the_fields_they_were_given(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--log-format", "json", "config", "show"])

    logging.getLogger("accord.test").info("served", extra={"status": 200})

    line = capsys.readouterr().err.splitlines()[-1]
    assert '"event": "served"' in line
    assert '"status": 200' in line


def test_a_server_has_no_rich_text_to_lay_out_when_it_starts() -> None:
    program = "import sys, accord.cli.main, accord.cli.commands.serve; print(*sys.modules)"
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert {"rich", "confluent_kafka", "google.protobuf", "jsonschema_rs", "httpx2"} & set(
        answer.stdout.split()
    ) == set()
