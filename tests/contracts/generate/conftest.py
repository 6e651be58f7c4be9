"""Modules that were made, to be imported."""

import importlib
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from accord.contracts.generate import Made

ImportMade = Callable[[Made, str], ModuleType]

_numbers = itertools.count()


@pytest.fixture
def import_made(tmp_path: Path) -> Iterator[ImportMade]:
    """Import a module, by its name, of what was made: as a package of its own, gone with the test."""
    packages: list[str] = []
    sys.path.insert(0, str(tmp_path))

    def run(made: Made, module: str) -> ModuleType:
        package = f"made_{next(_numbers)}"
        packages.append(package)
        for file in made.files:
            path = tmp_path / package / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text)
        importlib.invalidate_caches()
        return importlib.import_module(f"{package}.{module}")

    yield run
    sys.path.remove(str(tmp_path))
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]
