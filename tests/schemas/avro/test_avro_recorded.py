"""What a Confluent registry answered to our schemas; skipped where the recording is not beside the repository."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accord.schemas import (
    CompatibilityLevel,
    DeployOrder,
    Earlier,
    InvalidSchema,
    ParsedSchema,
    Schema,
    Version,
    check_compatibility,
    fingerprint,
    guid_of,
    parse,
)

RECORDING = Path(__file__).parents[4] / "shared" / "conformance"
pytestmark = pytest.mark.skipif(not RECORDING.is_dir(), reason="no recording in ../shared/conformance")

LEVELS = ("backward", "forward", "full")
ERROR = re.compile(r"^\{errorType:'([A-Z_]+)'.*?(?:at path |\(at path )'(.*?)'(?=[ )\"'}.])", re.DOTALL)


def test_canonical_and_normalized_text_and_guid_are_those_of_the_registry() -> None:
    cases = [case for case in _lines("canonical.jsonl") if case["type"] == "AVRO"]
    expected = {
        case["id"]: [_recorded(case[mode]) for mode in ("registered", "normalized")] for case in cases
    }
    assert len(cases) > 60
    assert {case["id"]: _stored(case) for case in cases} == expected


def test_every_verdict_error_type_and_path_is_that_of_the_registry() -> None:
    pairs = list(_lines("compat-avro.jsonl.gz"))
    expected = {
        pair["id"]: pair.get("invalid") or [_verdict(pair[level]) for level in LEVELS] for pair in pairs
    }
    assert len(pairs) > 1000
    assert {pair["id"]: _compared(pair) for pair in pairs} == expected


def test_who_may_be_upgraded_first_agrees_with_the_verdicts_in_both_directions() -> None:
    pairs = [pair for pair in _lines("compat-avro.jsonl.gz") if "invalid" not in pair]
    expected = {
        pair["id"]: _ORDERS[pair["backward"]["compatible"], pair["forward"]["compatible"]] for pair in pairs
    }
    assert {pair["id"]: _order(pair) for pair in pairs} == expected


_ORDERS = {
    (True, True): DeployOrder.EITHER_ORDER,
    (True, False): DeployOrder.CONSUMERS_FIRST,
    (False, True): DeployOrder.PRODUCERS_FIRST,
    (False, False): DeployOrder.NO_SAFE_ORDER,
}


def _order(pair: dict[str, Any]) -> DeployOrder:
    old = _parsed(pair["old"], pair["references"])
    new = _parsed(pair["new"], pair.get("new_references", pair["references"]))
    assert old is not None
    assert new is not None
    earlier = [Earlier(Version(1), old)]
    return check_compatibility(new, earlier, level=CompatibilityLevel.NONE).deployment.order


def _recorded(answer: dict[str, Any]) -> tuple[str, str | None] | None:
    return (answer["schema"], answer["guid"]) if "schema" in answer else None


def _stored(case: dict[str, Any]) -> list[tuple[str, str | None] | None]:
    references = case.get("references", [])
    schema = _parsed(case["schema"], references)
    if schema is None:
        return [None, None]
    # A guid covers the subjects referred to, so there is none to compare where there are references.
    return [
        (text, None if references else guid_of(fingerprint(Schema(text))))
        for text in (schema.canonical, schema.normalized)
    ]


def _verdict(answer: dict[str, Any]) -> tuple[bool, list[tuple[str, str]]]:
    return answer["compatible"], [(error["errorType"], error["path"]) for error in answer["errors"]]


def _compared(pair: dict[str, Any]) -> str | list[tuple[bool, list[tuple[str, str]]]]:
    old = _parsed(pair["old"], pair["references"])
    new = _parsed(pair["new"], pair.get("new_references", pair["references"]))
    if old is None:
        return "old"
    return (
        "new" if new is None else [_checked(old, new, CompatibilityLevel(level.upper())) for level in LEVELS]
    )


def _checked(
    old: ParsedSchema, new: ParsedSchema, level: CompatibilityLevel
) -> tuple[bool, list[tuple[str, str]]]:
    report = check_compatibility(new, [Earlier(Version(1), old)], level=level)
    errors = [(match[1], match[2]) for match in map(ERROR.match, report.messages) if match]
    return report.compatible, errors


def _parsed(text: str, references: list[dict[str, Any]]) -> ParsedSchema | None:
    try:
        return parse(Schema(text), referenced=dict(_flat(references)))
    except InvalidSchema:
        return None


def _flat(references: list[dict[str, Any]]) -> Iterator[tuple[str, Schema]]:
    for reference in references:
        yield from _flat(reference.get("references", []))
        yield reference["name"], Schema(reference["schema"])


def _lines(name: str) -> Iterator[dict[str, Any]]:
    raw = (RECORDING / name).read_bytes()
    text = gzip.decompress(raw) if name.endswith(".gz") else raw
    yield from (json.loads(line) for line in text.decode().split("\n") if line)
