"""What ``accord.toml`` says about a project as a whole, and about the environments that it goes to.

[project]                                    [environments.prod]
paths = ["contracts", "consumers"]           registry = "https://registry.example.com"
replicas = 3                                 kafka = "kafka-1:9092,kafka-2:9092"
                                             kafka-config = "prod.properties"
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from accord.errors import ConfigurationError

TABLES: Final = ("project", "environments")

_NAMINGS: Final = ("TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy")


@dataclass(frozen=True, slots=True)
class EnvironmentTable:
    """Where an environment's registry and cluster are; ``kafka_config`` is a file with properties of Kafka clients."""

    registry: str | None = None
    kafka: str | None = None
    kafka_config: Path | None = None


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """The two tables, checked: ``project`` by the names of ``ProjectSettings``."""

    project: Mapping[str, Any] = field(default_factory=dict)
    environments: Mapping[str, EnvironmentTable] = field(default_factory=dict)

    def settings(self) -> Iterator[tuple[str, object]]:
        """Each setting by its name in the file."""
        for key, value in self.project.items():
            yield f"project.{key}", list(value) if isinstance(value, tuple) else value
        for name, environment in self.environments.items():
            for key in ("registry", "kafka", "kafka_config"):
                if (value := getattr(environment, key)) is not None:
                    yield f"environments.{name}.{key}", value


def load(path: Path) -> ProjectFile:
    """The tables of a file that is checked already; folders and files in it are relative to its own folder."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    project = {
        key.replace("-", "_"): tuple(value) if isinstance(value, list) else value
        for key, value in document.get("project", {}).items()
    }
    environments = {
        name: _environment(table, path.parent) for name, table in document.get("environments", {}).items()
    }
    return ProjectFile(project, environments)


def read(path: Path) -> ProjectFile:
    """The same of a file that nobody has checked. Raises ConfigurationError with all that is wrong with its tables."""
    try:
        wrong = tuple(faults(tomllib.loads(path.read_text(encoding="utf-8"))))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}", hint="mend it") from error
    if wrong:
        raise ConfigurationError(
            f"{path} cannot be used: {'; '.join(wrong)}", hint="docs/contracts.md tells what it may say"
        )
    return load(path)


def faults(document: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with the two tables, a sentence each."""
    yield from _table_faults(document.get("project", {}), "project", _PROJECT)
    environments = document.get("environments", {})
    if not isinstance(environments, dict):
        yield "'environments' is no table: write [environments.NAME]"
        return
    for name, table in environments.items():
        yield from _table_faults(table, f"environments.{name}", _ENVIRONMENT)


def _environment(table: Mapping[str, str], folder: Path) -> EnvironmentTable:
    said = {key.replace("-", "_"): value for key, value in table.items()}
    config = said.get("kafka_config")
    return EnvironmentTable(
        said.get("registry"), said.get("kafka"), None if config is None else folder / config
    )


def _table_faults(table: object, where: str, known: Mapping[str, "_Kind"]) -> Iterator[str]:
    if not isinstance(table, dict):
        yield f"'{where}' is no table: write [{where}]"
        return
    for key, value in table.items():
        kind = known.get(key.replace("-", "_"))
        if kind is None:
            near = difflib.get_close_matches(key.replace("-", "_"), list(known), n=1)
            yield f"'{where}.{key}' is not a setting" + (f" (did you mean '{near[0]}'?)" if near else "")
        elif not kind.takes(value):
            yield f"'{where}.{key}': {value!r} is not {kind.words}"


@dataclass(frozen=True, slots=True)
class _Kind:
    """Which values a setting takes, also in words."""

    words: str
    takes: Callable[[object], bool]


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_pattern(value: object) -> bool:
    try:
        return isinstance(value, str) and re.compile(value) is not None
    except re.error:
        return False


_TEXT: Final = _Kind("text", _is_text)
_LIST: Final = _Kind("a list of texts", _is_list)
_PROJECT: Final = {
    "paths": _LIST,
    "pulled": _LIST,
    "scope": _LIST,
    "subjects": _Kind(
        "a table of subjects by file",
        lambda value: isinstance(value, dict) and all(map(_is_text, (*value, *value.values()))),
    ),
    "subject_naming": _Kind(f"one of {', '.join(_NAMINGS)}", lambda value: value in _NAMINGS),
    "topic_names": _Kind("a regular expression", _is_pattern),
    "replicas": _Kind(
        "a whole number above 0",
        lambda value: isinstance(value, int) and not isinstance(value, bool) and value > 0,
    ),
}
_ENVIRONMENT: Final = {"registry": _TEXT, "kafka": _TEXT, "kafka_config": _TEXT}
PROJECT_KEYS: Final = tuple(_PROJECT)
"""What `[project]` may say, by the names of ``ProjectSettings``."""
