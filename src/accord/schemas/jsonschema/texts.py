"""The texts of a schema as the specification sees them, and drafts in words."""

from accord.schemas.json_text import read_json_exactly
from accord.schemas.jsonschema.containment.library import Library
from accord.schemas.jsonschema.drafts import Draft
from accord.schemas.jsonschema.schema import JsonSchema


def library_of(schema: JsonSchema, *, draft: Draft | None = None) -> Library:
    """The schema with all that it refers to, by the specification; as another ``draft`` than it declares, if given."""
    referenced = {name: read_json_exactly(one.text)[0] for name, one in schema.referenced.items()}
    return Library(schema.document, referenced, draft=draft)


def draft_words(draft: Draft) -> str:
    """The draft in words: "draft 7", "draft 2020-12"."""
    return f"draft {draft.value.removeprefix('draft-0')}"
