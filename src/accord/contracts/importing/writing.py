"""Contract files and accord.toml as text: what loading reads again."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, relpath
from typing import Final

from accord.contracts.importing.topics import RETENTION, FoundTopic
from accord.contracts.loading import durations
from accord.schemas import CompatibilityLevel

_PLAIN: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}|0")
_WORDS: Final = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be written down about a topic; ``events`` are names and schema files, ``key`` a schema file."""

    topic: str
    events: Sequence[tuple[str, str]]
    level: CompatibilityLevel
    naming: str | None
    key: str | None
    key_level: CompatibilityLevel
    found: FoundTopic | None


def contract_text(draft: Draft, path: str) -> str:
    """The contract, as the file ``path``."""
    return "\n".join(_contract(draft, path)) + "\n"


def settings_text(paths: Sequence[str], subjects: Mapping[str, str], environment: Mapping[str, str]) -> str:
    """An accord.toml for the files of ``paths``."""
    return "\n\n".join(_settings(paths, subjects, environment)) + "\n"


def subject_lines(subjects: Mapping[str, str]) -> str:
    """The table of those subjects that do not follow from the names of files."""
    lines = (f"{json.dumps(path)} = {json.dumps(subject)}" for path, subject in sorted(subjects.items()))
    return "\n".join(("[project.subjects]", *lines))


def _settings(
    paths: Sequence[str], subjects: Mapping[str, str], environment: Mapping[str, str]
) -> Iterator[str]:
    yield f"[project]\npaths = {json.dumps(list(paths))}"
    if subjects:
        yield subject_lines(subjects)
    if environment:
        lines = (f"{key} = {json.dumps(value)}" for key, value in environment.items())
        yield "\n".join(("[environments.imported]", *lines))


def _contract(draft: Draft, path: str) -> Iterator[str]:
    yield "apiVersion: v3.2.0"
    yield "kind: DataContract"
    yield f"id: {_scalar(draft.topic)}"
    yield f"name: {_scalar(draft.topic)}"
    yield "version: 1.0.0"
    yield "status: active"
    yield "schema:"
    for name, file in draft.events:
        yield f"  - name: {_scalar(name)}"
        yield f"    physicalName: {_scalar(draft.topic)}"
        yield "    physicalType: topic"
        yield "    authoritativeDefinitions:"
        yield "      - type: implementation"
        yield f"        url: {_scalar(relpath(file, dirname(path)))}"
    yield "customProperties:"
    yield "  - property: kafka"
    yield "    vendor: accord"
    yield "    value:"
    for line in _block(draft, path):
        yield f"      {line}"


def _block(draft: Draft, path: str) -> Iterator[str]:
    found = draft.found
    if found is not None:
        yield f"partitions: {found.partitions}"
        yield f"replicas: {found.replicas}"
        if found.config:
            yield "config:"
            for name, value in sorted(found.config.items()):
                yield f"  {_scalar(name)}: {value if _NUMBER.fullmatch(value) else _scalar(value)}"
    if draft.key is not None or draft.key_level is not CompatibilityLevel.NONE:
        yield "key:"
        if draft.key is not None:
            yield f"  schema: {_scalar(relpath(draft.key, dirname(path)))}"
        yield f"  compatibility: {draft.key_level}"
    yield f"compatibility: {draft.level}"
    if draft.naming is not None:
        yield f"subjectNaming: {draft.naming}"
    if found is not None:
        yield from _beside(found)


def _beside(found: FoundTopic) -> Iterator[str]:
    """The dead letters and the readers."""
    letters = found.dead_letters
    if letters is not None:
        yield "dlq:"
        yield f"  topic: {_scalar(letters.name)}"
        if letters.partitions != found.partitions:
            yield f"  partitions: {letters.partitions}"
        if RETENTION in letters.config:
            yield f"  retention: {durations.in_words(int(letters.config[RETENTION]))}"
    groups = sorted({*found.groups, *found.delays})
    if groups:
        yield "consumers:"
    for group in groups:
        yield f"  {_scalar(group)}:"
        yield f"    groups: [{_scalar(group)}]"
        if group in found.delays:
            yield f"    retry: [{', '.join(found.delays[group])}]"


def _scalar(text: str) -> str:
    """A text as YAML that is read as that text, by a parser of any version."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return json.dumps(text, ensure_ascii=False)
