"""What a Confluent registry answered to our pairs of schemas; skipped where the recording is not beside the repository."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from accord.schemas import InvalidSchema, Schema
from accord.schemas.messages import message_of
from accord.schemas.protobuf.comparison.verdict import differences
from accord.schemas.protobuf.schema import ProtobufSchema, parse_protobuf

Pair: TypeAlias = dict[str, Any]
Verdict: TypeAlias = tuple[bool, list[tuple[str, str]]]

RECORDING = Path(__file__).parents[4] / "shared" / "conformance"
pytestmark = pytest.mark.skipif(not RECORDING.is_dir(), reason="no recording in ../shared/conformance")

ERROR = re.compile(r"^\{errorType:[\"']([A-Z_]+)[\"'].*?at path '(.*?)'(?=[ )\"'}.])", re.DOTALL)
LEVELS = ("backward", "forward", "full")


def test_every_verdict_error_type_and_path_is_that_of_the_registry() -> None:
    pairs = [pair for pair in _pairs() if not _has_edition(pair)]
    expected = {
        pair["id"]: pair.get("invalid") or [_verdict(pair[level]) for level in LEVELS] for pair in pairs
    }
    assert len(pairs) > 900
    assert {pair["id"]: _compared(pair) for pair in pairs} == expected


def test_editions_are_taken_where_the_registry_refuses_them() -> None:
    pairs = [pair for pair in _pairs() if _has_edition(pair)]
    assert {pair["invalid"] for pair in pairs} == {"old", "new"}
    assert not [pair["id"] for pair in pairs if not isinstance(_compared(pair), list)]


def _has_edition(pair: Pair) -> bool:
    return any(pair[text].startswith("edition") for text in ("old", "new"))


def _verdict(answer: dict[str, Any]) -> Verdict:
    # The registry tells what it has found in the order of a hash table.
    return answer["compatible"], sorted((error["errorType"], error["path"]) for error in answer["errors"])


def _compared(pair: Pair) -> str | list[Verdict]:
    old = _parsed(pair["old"], pair["references"])
    new = _parsed(pair["new"], pair.get("new_references") or pair["references"])
    if old is None or new is None:
        return "old" if old is None else "new"
    backward, forward = _found(new, old), _found(old, new)
    return [(not found, sorted(found)) for found in (backward, forward, [*backward, *forward])]


def _found(reader: ProtobufSchema, writer: ProtobufSchema) -> list[tuple[str, str]]:
    """Types and paths as clients find them in the messages."""
    matches = [ERROR.match(message_of(one)) for one in differences(reader, writer)]
    return [(match[1], match[2]) if match else ("", "") for match in matches]


def _parsed(text: str, references: list[Pair]) -> ProtobufSchema | None:
    try:
        return parse_protobuf(Schema(text), dict(_flat(references)))
    except InvalidSchema:
        return None


def _flat(references: list[Pair]) -> Iterator[tuple[str, Schema]]:
    for reference in references:
        yield from _flat(reference.get("references", []))
        yield reference["name"], Schema(reference["schema"])


def _pairs() -> Iterator[Pair]:
    text = gzip.decompress((RECORDING / "compat-protobuf.jsonl.gz").read_bytes())
    yield from (json.loads(line) for line in text.decode().split("\n") if line)
