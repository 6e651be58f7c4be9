"""The contract files of this project are what another tool for data contracts takes, unchanged."""

import hashlib
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

from accord.cli.main import cli
from accord.cli.settings import user_cache

pytestmark = [pytest.mark.clients, pytest.mark.timeout(900)]

ROOT: Final = Path(__file__).parents[2]
REQUIREMENTS: Final = ROOT / "requirements/datacontract.txt"


def run(*command: str) -> str:
    """What a program said, if it did well."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(f"'{' '.join(command)}' ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


@pytest.fixture(scope="session")
def datacontract() -> Path:
    """The program, in an environment of its own that the cache keeps: what it needs is not what this project needs."""
    told = hashlib.sha256(REQUIREMENTS.read_bytes() + sys.version.encode()).hexdigest()[:16]
    kept = user_cache() / "clients" / f"datacontract-{told}"
    if not (kept / "made").is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        # Scripts name the Python beside them, so it is made where it stays.
        run(sys.executable, "-m", "venv", "--clear", str(kept))
        install = [
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            str(REQUIREMENTS),
        ]
        run(str(kept / "bin/python"), "-m", "pip", *install)
        (kept / "made").touch()
    return kept / "bin/datacontract"


def linted(datacontract: Path, files: Sequence[Path]) -> None:
    assert files
    for file in files:
        assert "Data contract is valid" in run(str(datacontract), "lint", str(file))


def test_it_takes_the_examples(datacontract: Path) -> None:
    linted(datacontract, sorted((ROOT / "examples").rglob("*.odcs.yaml")))


def test_it_takes_what_init_writes(datacontract: Path, tmp_path: Path) -> None:
    assert CliRunner().invoke(cli, ["init", str(tmp_path / "new")]).exit_code == 0

    linted(datacontract, sorted((tmp_path / "new").rglob("*.odcs.yaml")))


def test_it_refuses_what_is_no_contract(datacontract: Path) -> None:
    with tempfile.NamedTemporaryFile("w", suffix=".odcs.yaml") as file:
        file.write("apiVersion: v3.2.0\nkind: DataContract\n")
        file.flush()
        done = subprocess.run([datacontract, "lint", file.name], capture_output=True, text=True, check=False)

    assert done.returncode != 0
