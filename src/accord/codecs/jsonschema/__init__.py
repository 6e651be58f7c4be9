"""JSON Schema: JSON text, validated against the schema on both sides."""

from accord.codecs.jsonschema.codec import json_codec

__all__ = ["json_codec"]
