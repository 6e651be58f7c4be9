"""Which fields a contract classifies, whether or not their schema does."""

from collections.abc import Iterator
from typing import Any

from accord.contracts.loading.documents import JsonDocument, YamlDocument
from accord.contracts.model import DataContract


def classified_fields(contract: DataContract) -> frozenset[str]:
    """The dotted names of the properties with a classification, with tags, or marked as critical, in the standard's part."""
    document = contract.places.value if isinstance(contract.places, YamlDocument | JsonDocument) else None
    events = document.get("schema") if isinstance(document, dict) else None
    return frozenset(name for event in _list(events) for name in _classified(event, ""))


def _classified(node: object, prefix: str) -> Iterator[str]:
    if not isinstance(node, dict):
        return
    for inner in _list(node.get("properties")):
        if not isinstance(inner, dict) or not isinstance(inner.get("name"), str):
            continue
        name = f"{prefix}{inner['name']}"
        if inner.get("classification") or inner.get("tags"):
            yield name
        yield from _classified(inner, f"{name}.")
        yield from _classified(inner.get("items"), f"{name}.")


def _list(value: Any) -> list[Any]:  # noqa: ANN401 -- of a document that anybody wrote
    return value if isinstance(value, list) else []
