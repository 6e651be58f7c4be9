"""The names that the registry's JSON has, the preferred one first."""

from typing import Final

JSON_TYPES: Final = (
    "application/vnd.schemaregistry.v1+json",
    "application/vnd.schemaregistry+json",
    "application/json",
)
"""What answers go out under."""
BODY_TYPES: Final = (*JSON_TYPES, "application/octet-stream")
"""What bodies are read under."""
