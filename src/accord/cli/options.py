"""The options that commands about a project share: where its files are, and where its registry and cluster are.

@click.command("check")
@project_option
@environment_options
def command(project: Path | None, env: str | None, registry: str | None, kafka: str | None, kafka_config: Path | None): ...
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from accord.cli import settings
from accord.contracts import project_file
from accord.contracts.loading import load
from accord.contracts.model import Project, ProjectSettings
from accord.contracts.project_file import EnvironmentTable, ProjectFile
from accord.contracts.tree import Folder
from accord.errors import AccordError, ConfigurationError

if TYPE_CHECKING:
    from accord.client import Registry
    from accord.kafka import KafkaSettings

Command = TypeVar("Command", bound=Callable[..., Any])


def _environment_names(context: click.Context, _: click.Parameter, incomplete: str) -> list[str]:
    """What a shell may put after ``--env``."""
    try:
        file = _settings_file(context.params.get("project"))
        known = {} if file is None else _project_file(file).environments
    except AccordError:
        return []
    return [name for name in known if name.startswith(incomplete)]


project_option: Final = click.option(
    "--project",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    envvar=f"{settings.ENVIRONMENT_PREFIX}_PROJECT",
    metavar="DIR",
    help="The folder of the project. [default: that of the nearest accord.toml, else this one]",
)
env_option: Final = click.option(
    "--env",
    envvar=f"{settings.ENVIRONMENT_PREFIX}_ENV",
    metavar="NAME",
    shell_complete=_environment_names,
    help="The environment, by its name in accord.toml. [default: the only one there]",
)
registry_option: Final = click.option(
    "--registry",
    envvar=f"{settings.ENVIRONMENT_PREFIX}_REGISTRY",
    metavar="URL",
    help="The schema registry, with credentials in the address if it wants any. [default: the environment's]",
)
_kafka: Final = click.option(
    "--kafka",
    envvar=f"{settings.ENVIRONMENT_PREFIX}_KAFKA",
    metavar="HOST:PORT,...",
    help="Some brokers. [default: the environment's]",
)
_kafka_config: Final = click.option(
    "--kafka-config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    envvar=f"{settings.ENVIRONMENT_PREFIX}_KAFKA_CONFIG",
    metavar="FILE",
    help="A file of Kafka client properties (librdkafka's names): security and the like. [default: the environment's]",
)


def kafka_option(command: Command) -> Command:
    """``--kafka`` and ``--kafka-config``."""
    return _kafka(_kafka_config(command))


def environment_options(command: Command) -> Command:
    """``--env``, ``--registry``, ``--kafka`` and ``--kafka-config``: what ``environment`` takes."""
    return env_option(registry_option(kafka_option(command)))


@dataclass(frozen=True, slots=True)
class Environment:
    """Where things are. ``name`` is "" where no environment was named and there is not just one; ``known`` are all there."""

    name: str
    registry_url: str | None
    kafka_servers: str | None
    kafka_config: Path | None
    known: tuple[str, ...] = ()

    def registry(self) -> "Registry":
        """The registry. Raises ConfigurationError where nobody said which."""
        from accord.client import Registry  # noqa: PLC0415 -- it takes longer to load than a lint of 100 schemas

        if self.registry_url is None:
            raise ConfigurationError("no registry is named", hint=self._hint("--registry URL", "registry"))
        return Registry(self.registry_url)

    def kafka(self) -> "KafkaSettings":
        """How to reach the cluster. Raises ConfigurationError where nobody said which."""
        from accord.kafka import KafkaSettings, read_properties  # noqa: PLC0415 -- see above

        if self.kafka_servers is None:
            raise ConfigurationError(
                "no Kafka cluster is named", hint=self._hint("--kafka HOST:PORT", "kafka")
            )
        properties = {} if self.kafka_config is None else read_properties(self.kafka_config)
        return KafkaSettings(self.kafka_servers, properties=properties)

    def _hint(self, flag: str, key: str) -> str:
        if self.known and not self.name:
            return f"say {flag}, or choose an environment: --env {' or --env '.join(self.known)}"
        table = f"[environments.{self.name or 'NAME'}]"
        return f"say {flag}, or write {key} under {table} of accord.toml and choose it with --env"


@dataclass(frozen=True, slots=True)
class ProjectPlace:
    """The folder of a project, and what its ``accord.toml`` says about it."""

    root: Path
    settings: ProjectSettings

    @property
    def tree(self) -> Folder:
        """Its files as they are now."""
        return Folder(self.root)

    def load(self) -> Project:
        """What its files say now."""
        return load(self.tree, settings=self.settings)


def project_place(project: Path | None) -> ProjectPlace:
    """Where the project is: ``project``, else the folder of the nearest accord.toml, else this one."""
    file = _settings_file(project)
    root = project or (file.parent if file is not None else Path())
    if file is None:
        return ProjectPlace(root, ProjectSettings())
    said = ProjectSettings(**_project_file(file).project)
    if file.parent.resolve() != root.resolve():
        # Its paths are those of another folder.
        said = replace(said, paths=(), subjects={})
    return ProjectPlace(root, said)


def load_project(project: Path | None) -> Project:
    """What the files of the project say; what is wrong with them is in its findings."""
    return project_place(project).load()


def environment(
    env: str | None,
    registry: str | None = None,
    kafka: str | None = None,
    kafka_config: Path | None = None,
    *,
    project: Path | None = None,
) -> Environment:
    """The environment ``env`` of accord.toml, or the only one there, with what flags say instead.

    Raises ConfigurationError where it is not there.
    """
    file = _settings_file(project)
    known = {} if file is None else _project_file(file).environments
    name = env or (next(iter(known)) if len(known) == 1 else "")
    if name and name not in known:
        names = ", ".join(known)
        raise ConfigurationError(
            f"there is no environment '{name}' in {file or 'accord.toml, which is not here or above'}",
            hint=f"choose one of {names}" if names else f"add a table [environments.{name}]",
        )
    table = known[name] if name else EnvironmentTable()
    return Environment(
        name,
        registry or table.registry,
        kafka or table.kafka,
        kafka_config or table.kafka_config,
        known=tuple(known),
    )


def _settings_file(project: Path | None) -> Path | None:
    context = click.get_current_context(silent=True)
    named = None if context is None else context.find_root().params.get("config")
    if isinstance(named, Path):
        return named
    return settings.find_file((project or Path.cwd()).resolve())


def _project_file(path: Path) -> ProjectFile:
    return project_file.load(path)
