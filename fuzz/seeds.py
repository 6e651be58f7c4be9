"""What the fuzzers begin with: the rules' examples, and pairs that were recorded where they are at hand."""

import gzip
import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final

from accord.schemas.catalogue import RULES
from accord.schemas.model import SchemaType
from fuzz.mutations import as_bytes

_RECORDED: Final = Path(__file__).parents[2] / "shared" / "conformance"
_FILES: Final = {SchemaType.AVRO: "avro", SchemaType.JSON: "json", SchemaType.PROTOBUF: "protobuf"}
# Every n-th of the recorded pairs: enough of each kind, and a start within a second.
_STRIDE: Final = 6


@cache
def pairs(type_: SchemaType) -> Sequence[bytes]:
    """Two schemas each, and what both refer to, as JSON."""
    examples = [
        {"old": rule.example.old, "new": rule.example.new, "references": {}}
        for rule in RULES
        if rule.example.type is type_
    ]
    return tuple(as_bytes(json.dumps(pair)) for pair in (*examples, *_recorded(type_)))


@cache
def texts(type_: SchemaType) -> Sequence[bytes]:
    """One schema each."""
    found = (json.loads(pair)[side] for pair in pairs(type_) for side in ("old", "new"))
    return tuple(as_bytes(text) for text in dict.fromkeys(found))


def _recorded(type_: SchemaType) -> list[dict[str, Any]]:
    file = _RECORDED / f"compat-{_FILES[type_]}.jsonl.gz"
    if not file.is_file():
        return []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        recorded = [json.loads(line) for number, line in enumerate(lines) if number % _STRIDE == 0]
    return [
        {
            "old": line["old"],
            "new": line["new"],
            "references": dict(_named(line["references"])),
        }
        for line in recorded
    ]


def _named(references: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """Name and text of each, those that are needed first."""
    return [
        pair
        for one in references
        for pair in (*_named(one.get("references", ())), (one["name"], one["schema"]))
    ]
