"""What somebody who validates data needs of a JSON Schema."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accord.schemas.json_text import JsonValue
from accord.schemas.model import ParsedSchema


@dataclass(frozen=True, slots=True)
class JsonDocuments:
    """A JSON Schema and all that it was registered with, by URIs that nobody can fetch.

    References between and within the ``texts`` are absolute: each leads to one of the URIs, and from there by a JSON
    pointer to the schema that is meant. Only where a text has parts of several drafts are they as they were written.
    ``root`` is the URI of the schema itself, ``metaschema`` that of its draft. Numbers with a fraction are Decimals.
    """

    root: str
    metaschema: str
    texts: Mapping[str, JsonValue] = field(repr=False)


def json_documents(schema: ParsedSchema) -> JsonDocuments:
    """The texts of a JSON Schema; TypeError for a schema of another type."""
    # What reads JSON Schemas takes longer to load than all of Avro does.
    from accord.schemas.jsonschema.documents import documents_of  # noqa: PLC0415 -- see above

    return documents_of(schema)
