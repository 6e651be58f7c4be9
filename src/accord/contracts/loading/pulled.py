"""The index of a folder of pulled schemas: their subjects by file."""

import json
from collections.abc import Mapping
from typing import Any, Final

INDEX: Final = "pulled.json"


def read_index(text: str) -> dict[str, Mapping[str, Any]]:
    """What an index says of each file; nothing where it is no index."""
    try:
        said = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(said, dict):
        return {}
    return {
        path: entry
        for path, entry in said.items()
        if isinstance(entry, dict) and isinstance(entry.get("subject"), str)
    }
