"""What commands load: how fast they begin follows from it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

# Each command in a process of its own, forked from one that has loaded nothing yet.
PROGRAM: Final = """
import json, os, sys

for command in json.loads(sys.argv[1]):
    child = os.fork()
    if not child:
        from accord.cli.main import run

        out, sys.stdout = sys.stdout, sys.stderr
        code = run(command)
        json.dump([command, code, [*sys.modules]], out)
        print(file=out, flush=True)
        os._exit(0)
    os.waitpid(child, 0)
"""
NETWORK: Final = {"httpx2", "asyncio", "confluent_kafka"}
RARE: Final = {
    "google.protobuf",
    "accord.schemas.jsonschema",
    "sqlite3",
    "rich",
    "accord.streams.app",
    "accord.registry",
}

ORDER: Final = '{"type":"record","name":"Order","namespace":"a.b","fields":[{"name":"id","type":"string"}]}'
COMMANDS: Final = {
    ("lint",): NETWORK | RARE,
    ("format", "--check"): NETWORK | RARE,
    ("check", "--against", "dir:before"): NETWORK | RARE,
    ("diff", "--against", "dir:before"): NETWORK | RARE,
    ("readers", "--help"): NETWORK | RARE,
    ("plan", "--help"): {"httpx2", *RARE},
    ("drift", "--help"): {"httpx2", *RARE},
}


@pytest.mark.soak
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform does not fork")
def test_commands_load_what_they_need(tmp_path: Path) -> None:
    (tmp_path / "before").mkdir()
    for folder in (tmp_path, tmp_path / "before"):
        (folder / "orders-value.avsc").write_text(ORDER)
    (tmp_path / "accord.toml").write_text('[project]\npaths = ["orders-value.avsc"]\n')
    told = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([[*command] for command in COMMANDS])],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    loaded = {
        tuple(command): (code, set(modules))
        for command, code, modules in map(json.loads, told.stdout.splitlines())
    }
    assert loaded.keys() == COMMANDS.keys()
    for command, heavy in COMMANDS.items():
        code, modules = loaded[command]
        assert (command, code in {0, 1}, heavy & modules) == (command, True, set()), told.stderr
