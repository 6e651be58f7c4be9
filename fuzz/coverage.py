"""Telling which branches of Accord's code an input takes, where atheris can be had. Imports nothing of Accord."""

import io
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr

try:
    import atheris
except ImportError:
    IS_THERE = False
else:
    IS_THERE = True


@contextmanager
def observed() -> Iterator[None]:
    """The modules of Accord that are imported within tell which branches are taken."""
    if not IS_THERE:
        yield
        return
    # It tells of every single module.
    with redirect_stderr(io.StringIO()), atheris.instrument_imports(include=["accord"]):
        yield
