"""Where a setting comes from: a flag, else the environment, else ``accord.toml``, else its default.

Every option of every command is a setting. ``accord serve --port`` is ``ACCORD_SERVE_PORT`` in the environment and
``port`` under ``[serve]`` in the file; an option of ``accord`` itself stands at the top of the file. click does the
looking up (``auto_envvar_prefix`` and ``default_map``); this module finds, checks and explains.
"""

import difflib
import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

import click
from click.core import ParameterSource

from accord.contracts import project_file
from accord.errors import ConfigurationError

FILE_NAME = "accord.toml"
ENVIRONMENT_PREFIX = "ACCORD"
COMPLETION_VARIABLE = "_ACCORD_COMPLETE"

_PULL_REQUEST_BASES = (
    "GITHUB_BASE_REF",
    "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
    "BITBUCKET_PR_DESTINATION_BRANCH",
    "SYSTEM_PULLREQUEST_TARGETBRANCH",
    "BUILDKITE_PULL_REQUEST_BASE_BRANCH",
    "CHANGE_TARGET",
)


@dataclass(frozen=True, slots=True)
class Origin:
    """One setting as it stands: its name in the file, its value and where that came from."""

    name: str
    value: object
    source: str


def user_cache() -> Path:
    """Where downloads are kept for all projects of this user, as the platform has it."""
    if sys.platform == "win32":
        place = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        place = Path.home() / "Library" / "Caches"
    else:
        place = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return place / "accord"


def java_home() -> Path | None:
    """The Java that this machine's user prefers, as every Java program looks for it."""
    named = os.environ.get("JAVA_HOME")
    return Path(named) if named else None


def completion_wanted() -> str | None:
    """What a shell asks for when it completes a command line (``bash_complete``), None when nobody does."""
    return os.environ.get(COMPLETION_VARIABLE)


def is_coloured(stream: TextIO) -> bool:
    """Whether what is said there may have colours: on a terminal, and where FORCE_COLOR asks for them."""
    return stream.isatty() or bool(os.environ.get("FORCE_COLOR"))


def github_job_summary() -> Path | None:
    """The file for the page of a job, where this process runs in a workflow of GitHub."""
    named = os.environ.get("GITHUB_STEP_SUMMARY")
    return Path(named) if named else None


def pull_request_base() -> str | None:
    """The branch that a pull request is to go to, where this process runs for one (GitHub, GitLab, Jenkins and others)."""
    named = next(filter(None, map(os.environ.get, _PULL_REQUEST_BASES)), None)
    return named.removeprefix("refs/heads/") if named else None


def find_file(start: Path) -> Path | None:
    """The nearest ``accord.toml`` in ``start`` or above, as git finds its folder."""
    return next((path for folder in (start, *start.parents) if (path := folder / FILE_NAME).is_file()), None)


def load_file(path: Path, root: click.Group) -> dict[str, object]:
    """The file as click's ``default_map``, every key and value checked against the options of ``root``.

    Raises ConfigurationError with everything that is wrong, so that the file is mended in one round.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error}", hint="mend it, or name another with --config"
        ) from error
    faults: list[str] = []
    tables = {key: value for key, value in document.items() if key not in project_file.TABLES}
    faults += project_file.faults(document)
    defaults = _checked(tables, root, click.Context(root), (), faults)
    if faults:
        raise ConfigurationError(
            f"{path} holds {len(faults)} setting{'s' * (len(faults) > 1)} that cannot be used: "
            + "; ".join(faults),
            hint="`accord config show` lists every setting",
        )
    return defaults


def origins(root: click.Context, file: Path | None) -> Iterator[Origin]:
    """Every setting of every command that is installed here, in the order of the command tree."""
    yield from _origins(root, root.command, (), file)
    if file is not None:
        for name, value in project_file.load(file).settings():
            yield Origin(name, value, str(file))


def _checked(
    table: Mapping[str, object],
    command: click.Command,
    context: click.Context,
    path: tuple[str, ...],
    faults: list[str],
) -> dict[str, object]:
    options = {option.name: option for option in _options(command)}
    commands = set(command.list_commands(context)) if isinstance(command, click.Group) else set()
    checked: dict[str, object] = {}
    for key, value in table.items():
        name, where = key.replace("-", "_"), ".".join((*path, key))
        if key in commands and isinstance(command, click.Group) and isinstance(value, dict):
            child = command.get_command(context, key)
            if child is not None:
                checked[key] = _checked(value, child, context, (*path, key), faults)
        elif name in options:
            try:
                checked[name] = _cast(options[name], context, value)
            except click.BadParameter as error:
                faults.append(f"'{where}': {error.message}")
        else:
            near = difflib.get_close_matches(name, [*(str(option) for option in options), *commands], n=1)
            faults.append(f"'{where}' is not a setting" + (f" (did you mean '{near[0]}'?)" if near else ""))
    return checked


def _cast(option: click.Option, context: click.Context, value: object) -> object:
    """The value as the flag would have it. Raises BadParameter."""
    if option.is_flag:
        if not isinstance(value, bool):
            raise click.BadParameter(f"{value!r} is neither true nor false")
        return value
    if option.multiple and isinstance(value, list):
        if not all(isinstance(one, str) for one in value):
            raise click.BadParameter(f"{value!r} is no list of texts")
        return option.type_cast_value(context, value)
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise click.BadParameter(f"{value!r} is neither text nor a whole number")
    return option.type_cast_value(context, [str(value)] if option.multiple else str(value))


def _origins(
    context: click.Context, command: click.Command, path: tuple[str, ...], file: Path | None
) -> Iterator[Origin]:
    for option in _options(command):
        name = str(option.name)
        value, source = context.params.get(name), _source(context, option, file)
        if value is None and (given := option.resolve_envvar_value(context)) is not None:
            value, source = given, f"{source} (cannot be used)"
        yield Origin(".".join((*path, name)), value, source)
    if not isinstance(command, click.Group):
        return
    for name in command.list_commands(context):
        child = command.get_command(context, name)
        if child is None:
            continue
        with child.make_context(name, [], parent=context, resilient_parsing=True) as inner:
            yield from _origins(inner, child, (*path, name), file)


def _options(command: click.Command) -> Iterator[click.Option]:
    """What can be set: flags that ask for a page and exit (``--help``, ``--version``) cannot."""
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.expose_value and not parameter.is_eager:
            yield parameter


def _source(context: click.Context, option: click.Option, file: Path | None) -> str:
    source = context.get_parameter_source(str(option.name))
    if source is ParameterSource.COMMANDLINE:
        return "flag"
    if source is ParameterSource.ENVIRONMENT:
        return str(option.envvar or f"{context.auto_envvar_prefix}_{str(option.name).upper()}")
    if source is ParameterSource.DEFAULT_MAP:
        return str(file)
    return "default"
