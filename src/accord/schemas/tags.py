"""Tags that a schema holds in its own text: what they are on and what they are, as on the wire."""

from typing import Final, Literal

import msgspec

TAGS_PROPERTY: Final = "confluent:tags"
"""The property of a record or a field that holds its tags, a list of strings."""


class SchemaEntity(msgspec.Struct, frozen=True, rename="camel"):
    """What can carry tags: a record by its full name, or a field by that of its record, a dot and its own name."""

    entity_path: str
    entity_type: Literal["sr_record", "sr_field"]


class SchemaTags(msgspec.Struct, frozen=True, rename="camel"):
    """An entity and tags: those it has, or those that are to be added to it or removed from it."""

    schema_entity: SchemaEntity
    tags: tuple[str, ...]
