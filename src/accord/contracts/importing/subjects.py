"""The subjects of a registry: which topic each belongs to, and in which file its schema goes."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from posixpath import normpath
from typing import Final
from urllib.parse import quote

from accord.client import RegisteredSchema
from accord.contracts.formatting import laid_out
from accord.contracts.loading.names import event_name
from accord.contracts.model import SourceFile
from accord.schemas import InvalidSchema, ParsedSchema, Schema, SchemaType, Subject, parse

ENDINGS: Final = {SchemaType.AVRO: ".avsc", SchemaType.JSON: ".json", SchemaType.PROTOBUF: ".proto"}

_CONTEXT: Final = ":."
_TOPIC: Final = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,249}")


@dataclass(frozen=True, slots=True)
class Found:
    """The newest schema of a subject; ``event`` is the name of what it describes, None where it has none."""

    subject: Subject
    schema: Schema
    referenced: Mapping[str, Schema]
    event: str | None

    @property
    def text(self) -> str:
        """The schema, well laid out where that changes nothing."""
        return readable(self.schema, self.referenced)


@dataclass(frozen=True, slots=True)
class Place:
    """What a subject is to a topic; ``naming`` is the strategy that calls it so."""

    topic: str
    part: str
    naming: str


def found_schemas(registered: Iterable[RegisteredSchema]) -> tuple[tuple[Found, ...], tuple[str, ...]]:
    """The schemas of the default context that can be read, each with what it refers to; and the others, in words."""
    known = {one.subject: one for one in registered}
    schemas, notes = [], []
    for subject in sorted(known):
        if subject.startswith(_CONTEXT):
            notes.append(f"{subject} lies in another context and was left out")
            continue
        referenced, trouble = _referenced(known[subject], known)
        try:
            parsed = parse(known[subject].schema, referenced=referenced, strict=False)
        except InvalidSchema as error:
            notes.append(f"{subject} was left out: {error.message}")
            continue
        notes += [f"{subject} {words}" for words in trouble]
        schemas.append(Found(subject, known[subject].schema, referenced, _event(parsed)))
    return tuple(schemas), tuple(notes)


def place_of(found: Found, topics: Collection[str] | None) -> Place | None:
    """The topic that a subject belongs to, by its name; ``topics`` are all there are, None where nobody knows."""
    for part in ("value", "key"):
        topic = found.subject.removesuffix(f"-{part}")
        if topic != found.subject and _is_topic(topic, topics):
            return Place(topic, part, "TopicNameStrategy")
    if found.event and found.subject.endswith(f"-{found.event}"):
        topic = found.subject.removesuffix(f"-{found.event}")
        if _is_topic(topic, topics):
            return Place(topic, "value", "TopicRecordNameStrategy")
    return None


def paths_of(schemas: Iterable[Found], folder: str) -> dict[Subject, str]:
    """For each subject a file below ``folder``; what is imported by a path lies there under that path."""
    schemas = tuple(schemas)
    imported = {
        reference.subject: path
        for found in schemas
        for reference in found.schema.references
        if (path := _import_path(reference.name, found.schema.type)) is not None
    }
    paths: dict[Subject, str] = {}
    for found in schemas:
        usual = quote(found.subject, safe=" !#$&'()+,;=@[]{}^`") + ENDINGS[found.schema.type]
        path = f"{folder}/{imported.get(found.subject, usual)}"
        paths[found.subject] = path if path not in paths.values() else f"{folder}/{usual}"
    return paths


def readable(schema: Schema, referenced: Mapping[str, Schema]) -> str:
    """The text laid out for people if that says the same, else as it is; it ends with a line break."""
    if schema.type is SchemaType.PROTOBUF:
        return schema.text if schema.text.endswith("\n") else schema.text + "\n"
    layout = laid_out(SourceFile(f"schema{ENDINGS[schema.type]}", schema.text))
    text = layout.text or schema.text
    try:
        said = parse(schema, referenced=referenced, strict=False).canonical
        same = parse(Schema(text, schema.type), referenced=referenced, strict=False).canonical == said
    except InvalidSchema:
        same = False
    return text if same else schema.text


def _referenced(
    one: RegisteredSchema, known: Mapping[Subject, RegisteredSchema], around: tuple[Subject, ...] = ()
) -> tuple[dict[str, Schema], list[str]]:
    """What a schema refers to, each after what it needs itself; and what of that is not as it would be in files."""
    referenced: dict[str, Schema] = {}
    trouble = []
    for reference in one.schema.references:
        target = known.get(reference.subject)
        if target is None or reference.subject in around:
            trouble.append(f"refers to {reference.subject}, which is not there any more")
            continue
        if target.version != reference.version:
            trouble.append(
                f"refers to version {reference.version} of {reference.subject}, and the files have the newest, "
                f"{target.version}: a plan registers it anew with that"
            )
        inner, more = _referenced(target, known, (*around, one.subject))
        referenced |= inner
        referenced[reference.name] = target.schema
        trouble += more
    return referenced, trouble


def _event(parsed: ParsedSchema) -> str | None:
    try:
        return event_name(parsed)
    except InvalidSchema:
        return None


def _is_topic(name: str, topics: Collection[str] | None) -> bool:
    return name in topics if topics is not None else _TOPIC.fullmatch(name) is not None


def _import_path(name: str, type: SchemaType) -> str | None:
    """The name of a reference as a path, where it is one and stays inside of the folder."""
    if type is SchemaType.AVRO or "://" in name or not name.endswith(ENDINGS[type]):
        return None
    path = normpath(name)
    return None if path.startswith(("/", "..")) or "\\" in path else path
