"""How the event of a schema is called, and so the subject that is named after it."""

import json
from typing import Any, Protocol, cast

from accord.contracts.model import SubjectNaming
from accord.schemas import ParsedSchema, SchemaType, Subject


class _HasMessages(Protocol):
    def message_at(self, indexes: tuple[int, ...]) -> str: ...


def event_name(parsed: ParsedSchema) -> str | None:
    """An Avro record's full name, the title of a JSON Schema, the full name of a file's first message; None without one."""
    if parsed.type is SchemaType.PROTOBUF:
        try:
            return cast("_HasMessages", parsed).message_at((0,))
        except KeyError:
            return None
    document: Any = json.loads(parsed.canonical)
    if not isinstance(document, dict):
        return None
    if parsed.type is SchemaType.JSON:
        title = document.get("title")
        return title if isinstance(title, str) else None
    name, space = document.get("name"), document.get("namespace")
    if not isinstance(name, str):
        return None
    return f"{space}.{name}" if space and "." not in name else name


def subject_of(topic: str, naming: SubjectNaming, event: str | None) -> Subject | None:
    """Under which subject the values of ``topic`` are kept; None where that takes an event's name and there is none."""
    if naming == "TopicNameStrategy":
        return Subject(f"{topic}-value")
    if event is None:
        return None
    return Subject(event if naming == "RecordNameStrategy" else f"{topic}-{event}")


def subject_of_file(stem: str) -> Subject:
    """The subject of a schema file that no contract names: its name, which stands for a topic's values unless it says."""
    return Subject(stem if stem.endswith(("-value", "-key")) else f"{stem}-value")
