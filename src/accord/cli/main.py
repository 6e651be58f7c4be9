"""The command tree, and the one place where a failure becomes words and an exit code.

Exit codes: 0 fine · 1 findings · 2 usage or configuration · 3 could not check · 4 a fault in Accord · 130 interrupted.
"""

import importlib
import logging
import os
import sys
import tempfile
import traceback
from pathlib import Path

import click
from click.shell_completion import CompletionItem, shell_complete

from accord.cli import logs, settings
from accord.cli.commands import COMMANDS, SECTIONS, LazyCommand
from accord.cli.output import Output
from accord.errors import AccordError, ConfigurationError

EXIT_BUG = 4
EXIT_INTERRUPTED = 130


class LazyGroup(click.Group):
    """The root: knows its commands by name and loads the one that is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 -- click's signature
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command; one whose extra is missing says so when it is run."""
        lazy = COMMANDS.get(cmd_name)
        if lazy is None:
            return None
        try:
            module = importlib.import_module(f"accord.cli.commands.{lazy.module}")
        except ModuleNotFoundError as error:
            if (error.name or "accord").partition(".")[0] == "accord":
                raise
            return _missing(cmd_name, lazy, error.name or "")
        command: click.Command = module.command
        return command

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """How a command's name may go on, without importing a single one."""
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return [
            CompletionItem(name, help=lazy.summary)
            for name, lazy in COMMANDS.items()
            if name.startswith(incomplete)
        ]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The lists for ``--help``, without importing a single one."""
        for title, commands in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(name, lazy.summary) for name, lazy in commands.items()])


def _missing(name: str, lazy: LazyCommand, module: str) -> click.Command:
    def refuse() -> None:
        raise ConfigurationError(
            f"`accord {name}` needs the Python package that provides '{module}', which is not installed",
            hint=f"pip install 'accord-kafka[{lazy.extra}]'",
        )

    return click.Command(
        name, callback=refuse, context_settings={"ignore_unknown_options": True, "allow_extra_args": True}
    )


@click.group(cls=LazyGroup, context_settings={"auto_envvar_prefix": settings.ENVIRONMENT_PREFIX})
@click.version_option(None, "--version", package_name="accord-kafka", message="accord %(version)s")
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The settings file. [default: the nearest accord.toml, here or above]",
    is_eager=True,
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How logs look.",
)
@click.option("-v", "--verbose", is_flag=True, help="Log everything.")
@click.option("-q", "--quiet", is_flag=True, help="Say only results and errors.")
@click.pass_context
def cli(
    ctx: click.Context, config: Path | None, log_format: logs.LogFormat, *, verbose: bool, quiet: bool
) -> None:
    """Accord: data contracts for Kafka."""
    del config
    logs.configure(log_format=log_format, verbosity=-1 if quiet else int(verbose))
    ctx.obj = Output(quiet=quiet)


def run(arguments: list[str] | None = None) -> int:
    """Run one command line and answer its exit code; ``arguments`` are those of the process unless given."""
    output = Output()
    if (wanted := settings.completion_wanted()) is not None:
        return _complete(wanted)
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        file = _settings_file(arguments)
        defaults = settings.load_file(file, cli) if file else {}
        context = cli.make_context("accord", arguments, default_map=defaults)
        context.meta["accord.settings_file"] = file
        with context:
            answer = cli.invoke(context)
        return answer if isinstance(answer, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except AccordError as error:
        output.error(error.message, hint=error.hint)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        output.say("interrupted")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has left (`accord … | head`); nothing more to say, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        logging.getLogger(__name__).debug("internal error", exc_info=True)
        output.error(
            f"a fault in accord itself: {type(error).__name__}: {error}",
            hint=f"please report it with {_report()}",
        )
        return EXIT_BUG


def _complete(wanted: str) -> int:
    """Say to a shell how a command line may go on; whatever is wrong is no matter for somebody who is still typing."""
    try:
        file = settings.find_file(Path.cwd())
        defaults = settings.load_file(file, cli) if file else {}
    except AccordError:
        defaults = {}
    return shell_complete(cli, {"default_map": defaults}, "accord", settings.COMPLETION_VARIABLE, wanted)


def _settings_file(arguments: list[str]) -> Path | None:
    """The settings file: it must be known before click parses, because it is where click's defaults come from."""
    with cli.make_context("accord", list(arguments), resilient_parsing=True) as context:
        named: Path | None = context.params.get("config")
    return named or settings.find_file(Path.cwd())


def _report() -> str:
    from importlib.metadata import version  # noqa: PLC0415 -- it loads a mail parser, and every command would wait for it

    with tempfile.NamedTemporaryFile("w", prefix="accord-fault-", suffix=".txt", delete=False) as report:
        report.write(f"accord {version('accord-kafka')}, Python {sys.version}\n\n{traceback.format_exc()}")
    return report.name
