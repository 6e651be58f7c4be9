"""The texts of a schema as any validator of the specification takes them."""

from accord.schemas.json_documents import JsonDocuments
from accord.schemas.jsonschema.containment.addresses import addressed_texts
from accord.schemas.jsonschema.containment.library import METASCHEMAS
from accord.schemas.jsonschema.schema import JsonSchema
from accord.schemas.model import ParsedSchema


def documents_of(schema: ParsedSchema) -> JsonDocuments:
    """See ``json_documents``."""
    if not isinstance(schema, JsonSchema):
        raise TypeError(f"not a JSON Schema: {schema!r}")
    library = schema.library
    texts = addressed_texts(library)
    if texts is None:
        texts = {root.text.uri: root.value for root in library.roots}
    return JsonDocuments(library.root.text.uri, METASCHEMAS[library.root.draft], texts)
