"""What the event of a schema is called, where several kinds of events share a topic. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Final, Protocol, cast

from accord.schemas import Schema, SchemaType, parse

FIRST_MESSAGE: Final = (0,)


class HasMessages(Protocol):
    """A parsed Protobuf schema."""

    def message_at(self, indexes: tuple[int, ...]) -> str:
        """The full name of the message that these positions lead to; raises KeyError."""


def event_name(
    schema: Schema, referenced: Mapping[str, Schema] | None = None, indexes: tuple[int, ...] = FIRST_MESSAGE
) -> str | None:
    """An Avro record's full name, a JSON Schema's title, or the full name of the Protobuf message at ``indexes``.

    None where there is none. Raises InvalidSchema.
    """
    parsed = parse(schema, referenced=referenced)
    if schema.type is SchemaType.PROTOBUF:
        try:
            return cast("HasMessages", parsed).message_at(indexes)
        except KeyError:
            return None
    # The canonical text spells full names in one way, and is known to be valid.
    document: Any = json.loads(parsed.canonical)
    if not isinstance(document, dict):
        return None
    if schema.type is SchemaType.JSON:
        title = document.get("title")
        return title if isinstance(title, str) else None
    name, namespace = document.get("name"), document.get("namespace")
    if not isinstance(name, str):
        return None
    return f"{namespace}.{name}" if namespace and "." not in name else name
