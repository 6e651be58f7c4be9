"""The options of commands about deployments: which environment is meant, and where its registry and cluster are."""

from pathlib import Path

from accord.cli.options import Environment, environment
from accord.errors import ConfigurationError


def target(
    name: str | None,
    registry: str | None,
    kafka: str | None = None,
    kafka_config: Path | None = None,
    *,
    project: Path | None = None,
) -> Environment:
    """The environment ``name``, or the only one there. One that accord.toml does not know is what the flags say.

    Raises ConfigurationError where nobody says which registry it has.
    """
    try:
        return environment(name, registry, kafka, kafka_config, project=project)
    except ConfigurationError:
        if registry is None or name is None:
            raise
        return Environment(name, registry, kafka, kafka_config)
