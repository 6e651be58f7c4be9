"""Everything the command line says: results on stdout, talk on stderr, and nothing else prints.

Colours only on a terminal (NO_COLOR and FORCE_COLOR are honoured by rich).
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn
from rich.status import Status
from rich.table import Table

PIPE_WIDTH = 500


class Output:
    """Where a command's words go. ``quiet`` drops the talk, never the result."""

    def __init__(self, *, quiet: bool = False) -> None:
        self.quiet = quiet
        # A pipe has no width: a table in it is not folded.
        width = None if sys.stdout.isatty() else PIPE_WIDTH
        self._out = Console(file=sys.stdout, soft_wrap=True, highlight=False, width=width)
        self._err = Console(file=sys.stderr, soft_wrap=True, highlight=False)

    def result(self, text: str) -> None:
        """Plain text that somebody asked for."""
        self._out.print(text, markup=False)

    def json(self, document: Mapping[str, object] | Sequence[object]) -> None:
        """A JSON document that somebody asked for, alone on stdout."""
        self._out.print(json.dumps(document, indent=2, default=str), markup=False)

    def table(self, columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "") -> None:
        """Rows under headings, as wide as they need to be."""
        table = Table(*columns, title=title or None, title_justify="left", box=None, pad_edge=False)
        for row in rows:
            table.add_row(*(escape(cell) for cell in row))
        self._out.print(table)

    def say(self, text: str) -> None:
        """A line of talk."""
        if not self.quiet:
            self._err.print(text, markup=False)

    def good(self, text: str) -> None:
        """A line of talk about something that held."""
        if not self.quiet:
            self._err.print(f"[green]✓[/] {escape(text)}")

    def bad(self, text: str) -> None:
        """A line about something that did not hold; said even when quiet."""
        self._err.print(f"[bold red]✗[/] {escape(text)}")

    def warn(self, text: str) -> None:
        """A line about something that may bite later."""
        self._err.print(f"[yellow]warning[/]: {escape(text)}")

    def error(self, message: str, *, hint: str = "") -> None:
        """Why the command failed and what to do now; said even when quiet."""
        self._err.print(f"[bold red]error[/]: {escape(message)}")
        if hint:
            self._err.print(f"  [cyan]help[/]: {escape(hint)}")

    @contextmanager
    def working(self, text: str) -> Iterator[Status]:
        """A spinner while something takes time; ``status.update(text)`` changes its words."""
        with self._err.status(escape(text)) as status:
            if self.quiet:
                status.stop()
            yield status

    @contextmanager
    def downloading(self) -> Iterator[Progress]:
        """A progress bar in bytes: ``add_task(description, total=bytes)`` and ``advance(task, bytes)``."""
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self._err, transient=True, disable=self.quiet) as progress:
            yield progress


pass_output = click.make_pass_decorator(Output)
"""Hand the root command's Output to a command as its first argument."""

format_option = click.option(
    "--format", type=click.Choice(["text", "json"]), default="text", show_default=True
)
"""For commands whose result a program may want to read."""
