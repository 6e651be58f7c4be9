"""Clients of other languages: each is a program in a folder here, built once and kept in the user's cache."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from accord.cli.settings import user_cache

HERE: Final = Path(__file__).parent
SCHEMAS: Final = HERE / "schemas"
CACHE: Final = user_cache() / "clients"
WHERE_THINGS_ARE_BUILT: Final = shutil.ignore_patterns("node_modules", "target", "Cargo.lock")


@dataclass(frozen=True, slots=True)
class Told:
    """What a program told of its steps, and where the registry is that it spoke to."""

    client: str
    url: str
    steps: Mapping[tuple[str, str], Mapping[str, Any]]

    def step(self, schema_type: str, name: str) -> Mapping[str, Any]:
        """What was told of a step."""
        if (schema_type, name) not in self.steps:
            pytest.fail(f"{self.client} told nothing of the step '{name}' with {schema_type}")
        return self.steps[schema_type, name]

    def rest(self, path: str) -> Any:
        """What the registry itself answers now."""
        return httpx2.get(self.url + path).raise_for_status().json()


@pytest.fixture(scope="session")
def tell() -> Callable[[str, str], Told]:
    """Run the program of a client against the registry under a URL."""

    def run(client: str, url: str) -> Told:
        said = _run([*_program(client), url, str(SCHEMAS)], HERE)
        lines = [json.loads(line) for line in said.splitlines()]
        return Told(client, url, {(line["type"], line["step"]): line for line in lines})

    return run


@pytest.fixture(scope="session")
def parse_asyncapi() -> Callable[[Path], Any]:
    """Parse a document with AsyncAPI's own parser: what it says of it."""
    return lambda document: json.loads(_run([*_program("asyncapi"), str(document)], HERE))


def _program(client: str) -> Sequence[str]:
    """How the program is started; it is built if the cache does not have it."""
    tools, build, command = PROGRAMS[client]
    missing = [tool for tool in tools if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"the client '{client}' needs {' and '.join(missing)}, not found on this machine")
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE, ignore_cleanup_errors=True) as made:
        folder = Path(made) / client
        shutil.copytree(HERE / client, folder, ignore=WHERE_THINGS_ARE_BUILT)
        kept = CACHE / f"{client}-{_digest(folder)}"
        if not kept.exists():
            build(folder)
            with suppress(OSError):  # another run has just put it there
                folder.rename(kept)
    return command(kept)


def _digest(folder: Path) -> str:
    """Stands for the names and contents of all files of a folder."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(folder)}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _run(command: Sequence[str], folder: Path, **environment: str) -> str:
    """Run a command in a folder; what it said, if it did well."""
    done = subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        pytest.fail(
            f"'{' '.join(command)}' in {folder} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return done.stdout


def _install_packages(folder: Path) -> None:
    _run(["npm", "ci", "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"], folder)


def _build_go(folder: Path) -> None:
    _run(["go", "build", "-mod=readonly", "-o", "client", "."], folder, GOTOOLCHAIN="local")


def _build_rust(folder: Path) -> None:
    _lock_crates(folder)
    target = CACHE / "rust-target"
    _run(["cargo", "build", "--locked"], folder, CARGO_TARGET_DIR=str(target))
    shutil.copy2(target / "debug" / "accord-client", folder / "client")


def _lock_crates(folder: Path) -> None:
    """Make ``Cargo.lock`` of ``crates.lock``, which lacks the one line that says where crates come from.

    Cargo writes that line into any lock file that it makes itself; names, versions and checksums are in the others.
    After ``cargo update``, ``grep -v '^source = ' Cargo.lock > crates.lock`` locks anew.
    """
    _run(["cargo", "generate-lockfile"], folder)
    (source,) = set(re.findall("^source = .*\n", (folder / "Cargo.lock").read_text(), re.MULTILINE))
    locked = re.sub("^(?=checksum = )", source, (folder / "crates.lock").read_text(), flags=re.MULTILINE)
    (folder / "Cargo.lock").write_text(locked)


Build = Callable[[Path], None]
Command = Callable[[Path], Sequence[str]]

PROGRAMS: Final[Mapping[str, tuple[Sequence[str], Build, Command]]] = {
    "node": (["node", "npm"], _install_packages, lambda folder: ["node", str(folder / "main.mjs")]),
    "kafkajs": (["node", "npm"], _install_packages, lambda folder: ["node", str(folder / "main.mjs")]),
    "asyncapi": (["node", "npm"], _install_packages, lambda folder: ["node", str(folder / "main.mjs")]),
    "go": (["go"], _build_go, lambda folder: [str(folder / "client")]),
    "rust": (["cargo"], _build_rust, lambda folder: [str(folder / "client")]),
}
