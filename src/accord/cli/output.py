"""Everything the command line says: results on stdout, talk on stderr, and nothing else prints.

Colours only on a terminal (NO_COLOR and FORCE_COLOR are honoured by rich). Rich is loaded when there is something to
colour or to lay out: a server that starts has only one plain line to say.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import click

from accord.cli import settings

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress
    from rich.status import Status

PIPE_WIDTH = 500


class Output:
    """Where a command's words go. ``quiet`` drops the talk, never the result."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet

    def result(self, text: str) -> None:
        """Plain text that somebody asked for."""
        self.line(text)

    def line(self, text: str, *, end: str = "\n") -> None:
        """One of many lines that somebody asked for, at once and as it is; colours are for terminals alone."""
        click.echo(text + end, nl=False)

    def findings(self, text: str) -> None:
        """What a report tells people, in colours on a terminal."""
        if not sys.stdout.isatty():
            self.line(text)
            return
        from accord.cli.highlighting import highlighted  # noqa: PLC0415 -- see above

        self._out.print(highlighted(text))

    def data(self, data: bytes) -> None:
        """Bytes that somebody asked for."""
        click.echo(data, nl=False)

    def json(self, document: Mapping[str, object] | Sequence[object]) -> None:
        """A JSON document that somebody asked for, alone on stdout."""
        self.line(json.dumps(document, indent=2, default=str))

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
        """Rows under headings, as wide as they need to be."""
        from rich.table import Column, Table  # noqa: PLC0415 -- see above

        # Names are there to be copied: they go over several lines rather than end in dots.
        headed = [Column(name, overflow="fold") for name in columns]
        table = Table(*headed, title=title or None, title_justify="left", box=None, pad_edge=False)
        for row in rows:
            table.add_row(*(_escaped(cell) for cell in row))
        self._out.print(table)

    def say(self, text: str) -> None:
        """A line of talk."""
        if not self.quiet:
            click.echo(text, err=True)

    def good(self, text: str) -> None:
        """A line of talk about something that held."""
        if not self.quiet:
            self._tell("✓", "green", f" {text}")

    def bad(self, text: str) -> None:
        """A line about something that did not hold; said even when quiet."""
        self._tell("✗", "bold red", f" {text}")

    def warn(self, text: str) -> None:
        """A line about something that may bite later."""
        self._tell("warning", "yellow", f": {text}")

    def error(self, message: str, *, hint: str = "") -> None:
        """Why the command failed and what to do now; said even when quiet."""
        self._tell("error", "bold red", f": {message}")
        if hint:
            self._tell("  help", "cyan", f": {hint}")

    @contextmanager
    def working(self, text: str) -> "Iterator[Status]":
        """A spinner while something takes time; ``status.update(text)`` changes its words."""
        with self._err.status(_escaped(text)) as status:
            if self.quiet:
                status.stop()
            yield status

    @contextmanager
    def downloading(self) -> "Iterator[Progress]":
        """A progress bar in bytes: ``add_task(description, total=bytes)`` and ``advance(task, bytes)``."""
        from rich import progress  # noqa: PLC0415 -- see above

        columns = (
            progress.TextColumn("{task.description}"),
            progress.BarColumn(),
            progress.DownloadColumn(),
            progress.TimeElapsedColumn(),
        )
        with progress.Progress(*columns, console=self._err, transient=True, disable=self.quiet) as bars:
            yield bars

    def _tell(self, mark: str, style: str, text: str) -> None:
        """A line that begins with a mark, which has a colour where there are any."""
        if settings.is_coloured(sys.stderr):
            self._err.print(f"[{style}]{mark}[/]{_escaped(text)}")
        else:
            click.echo(mark + text, err=True)

    @cached_property
    def _out(self) -> "Console":
        from rich.console import Console  # noqa: PLC0415 -- see above

        # A pipe has no width: a table in it is not folded.
        width = None if sys.stdout.isatty() else PIPE_WIDTH
        return Console(file=sys.stdout, soft_wrap=True, highlight=False, emoji=False, width=width)

    @cached_property
    def _err(self) -> "Console":
        from rich.console import Console  # noqa: PLC0415 -- see above

        return Console(file=sys.stderr, soft_wrap=True, highlight=False, emoji=False)


def _escaped(text: str) -> str:
    from rich.markup import escape  # noqa: PLC0415 -- see above

    return escape(text)


pass_output = click.make_pass_decorator(Output)
"""Hand the root command's Output to a command as its first argument."""

format_option = click.option(
    "--format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How the result is told.",
)
"""For commands whose result a program may want to read."""
