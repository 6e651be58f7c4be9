"""``--watch``: a command is run again whenever a file of the project changes, until Ctrl-C."""

from collections.abc import Callable, Iterable
from functools import wraps
from pathlib import Path
from typing import Concatenate, ParamSpec

import click

from accord.cli.output import Output
from accord.errors import AccordError

P = ParamSpec("P")


def watchable(
    command: Callable[Concatenate[Output, P], int],
) -> Callable[Concatenate[Output, P], int]:
    """Give a command the option ``--watch``. Its function takes an Output first and ``project``, a folder, by name.

    Stands directly under ``pass_output``.
    """

    @click.option(
        "--watch", is_flag=True, help="Run again whenever a file of the project changes, until Ctrl-C."
    )
    @wraps(command)
    def watching(output: Output, /, *args: P.args, **kwargs: P.kwargs) -> int:
        watch = kwargs.pop("watch")
        if not watch:
            return command(output, *args, **kwargs)
        folder = kwargs.get("project")
        return again_and_again(
            output,
            lambda: command(output, *args, **kwargs),
            changes_in(folder if isinstance(folder, Path) else Path()),
        )

    return watching


def again_and_again(output: Output, run: Callable[[], int], changes: Iterable[object]) -> int:
    """``run`` now and after each of ``changes``; what goes wrong is told and does not end it."""
    code = _tried(output, run)
    output.say("watching for changes; Ctrl-C ends it")
    for _ in changes:
        output.say("")
        code = _tried(output, run)
    return code


def changes_in(folder: Path) -> Iterable[object]:
    """Something for every change of a file below ``folder``, changes that come together once; it waits for them."""
    from watchfiles import watch  # noqa: PLC0415 -- who does not watch does not wait for it

    return watch(folder, debounce=200)


def _tried(output: Output, run: Callable[[], int]) -> int:
    try:
        return run()
    except AccordError as error:
        output.error(error.message, hint=error.hint)
        return error.exit_code
