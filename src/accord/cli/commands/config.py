"""``accord config show``: every setting, its value, and where it came from."""

from pathlib import Path

import click

from accord.cli import settings
from accord.cli.output import Output, format_option, pass_output


@click.group("config")
def command() -> None:
    """Show every setting and where it comes from."""


@command.command("show")
@format_option
@click.pass_context
@pass_output
def show(output: Output, ctx: click.Context, format: str) -> None:
    """List every setting: name in accord.toml, value, and where that came from.

    A flag wins over the environment, the environment over the file, the file over the default.
    """
    root = ctx.find_root()
    file: Path | None = root.meta["accord.settings_file"]
    rows = list(settings.origins(root, file))
    if format == "json":
        output.json(
            {
                "file": file,
                "settings": [{"name": row.name, "value": row.value, "source": row.source} for row in rows],
            }
        )
        return
    output.say(f"settings file: {file or 'none (no accord.toml here or above)'}")
    output.table(
        ["setting", "value", "from"],
        [[row.name, "" if row.value is None else str(row.value), row.source] for row in rows],
    )
