"""JSON Schema: JSON text, validated against the schema on both sides."""

from accord.codecs.jsonschema.codec import json_codec
from accord.codecs.jsonschema.derivation import derive_schema

__all__ = ["derive_schema", "json_codec"]
