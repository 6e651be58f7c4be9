"""What a Confluent registry answered to our schemas; skipped where the recording is not beside the repository."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    InvalidSchema,
    ParsedSchema,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
    fingerprint,
    guid_of,
    parse,
)
from accord.schemas.comparison import Terms, failures
from accord.schemas.messages import confluent_messages

RECORDING = Path(__file__).parents[4] / "shared" / "conformance"
pytestmark = pytest.mark.skipif(not RECORDING.is_dir(), reason="no recording in ../shared/conformance")

LEVELS = ("backward", "forward", "full")
ERROR = re.compile(r"^\{errorType:[\"']([A-Z_]+)[\"'](?:.*?at path '(.*?)'(?=[ )\"'}.]))?", re.DOTALL)

Errors: TypeAlias = list[tuple[str, str]]


def test_canonical_and_normalized_text_and_guid_are_those_of_the_registry() -> None:
    cases = [case for case in _lines("canonical.jsonl") if case["type"] == "JSON"]
    expected = {
        case["id"]: [_recorded(case[mode]) for mode in ("registered", "normalized")] for case in cases
    }
    assert len(cases) > 90
    assert {case["id"]: _stored(case) for case in cases} == expected


def test_every_verdict_error_type_and_path_is_that_of_the_registry() -> None:
    pairs = list(_lines("compat-json.jsonl.gz"))
    expected = {
        pair["id"]: pair.get("invalid") or [_verdict(pair[level]) for level in LEVELS] for pair in pairs
    }
    assert len(pairs) > 1400
    assert {pair["id"]: _compared(pair) for pair in pairs} == expected


def test_where_the_registry_fails_there_is_a_verdict() -> None:
    pairs = [pair for pair in _lines("compat-json.jsonl.gz") if "invalid" not in pair]
    failed = [(pair, level) for pair in pairs for level in LEVELS[:2] if "compatible" not in pair[level]]
    verdicts = [_checked(*_both(pair), CompatibilityLevel(level.upper())) for pair, level in failed]
    types = {error for _, errors in verdicts for error, _ in errors}
    assert len(verdicts) > 10
    assert types == {"EXCLUSIVE_MAXIMUM_DECREASED", "MULTIPLE_OF_EXPANDED", "ENUM_ARRAY_CHANGED"}


def test_every_difference_can_be_told_with_its_places_and_mended() -> None:
    pairs = [pair for pair in _lines("compat-json.jsonl.gz") if "invalid" not in pair][::40]
    for pair in pairs:
        old, new = _both(pair)
        report = check_compatibility(new, [Earlier(Version(1), old)], level=CompatibilityLevel.FULL)
        assert report.compatible is pair["full"].get("compatible", False)
        for finding in report.objections:
            assert finding.message
            assert finding.why
            for fix in finding.fixes:
                assert _parsed(fix.schema, _new_references(pair)) is not None


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


def _verdict(answer: dict[str, Any]) -> tuple[bool, Errors] | None:
    if "compatible" not in answer:
        return None
    return answer["compatible"], sorted(
        (error["errorType"], error["path"] or "") for error in answer["errors"]
    )


def _compared(pair: dict[str, Any]) -> str | list[tuple[bool, Errors] | None]:
    old, new = _parsed(pair["old"], pair["references"]), _parsed(pair["new"], _new_references(pair))
    if old is None:
        return "old"
    if new is None:
        return "new"
    return [
        _checked(old, new, CompatibilityLevel(level.upper())) if "compatible" in pair[level] else None
        for level in LEVELS
    ]


def _checked(old: ParsedSchema, new: ParsedSchema, level: CompatibilityLevel) -> tuple[bool, Errors]:
    """The verdict and the messages alone: warnings and fixes take far longer."""
    found = tuple(failures(new, [Earlier(Version(1), old)], Terms(level)))
    messages = confluent_messages(found, level)
    errors = [(match[1], match[2] or "") for match in map(ERROR.match, messages) if match]
    return not found, sorted(errors)


def _both(pair: dict[str, Any]) -> tuple[ParsedSchema, ParsedSchema]:
    old, new = _parsed(pair["old"], pair["references"]), _parsed(pair["new"], _new_references(pair))
    assert old is not None
    assert new is not None
    return old, new


def _new_references(pair: dict[str, Any]) -> list[dict[str, Any]]:
    return list(pair.get("new_references", pair["references"]))


def _parsed(text: str, references: list[dict[str, Any]]) -> ParsedSchema | None:
    try:
        return parse(Schema(text, SchemaType.JSON), referenced=dict(_flat(references)))
    except InvalidSchema:
        return None


def _flat(references: list[dict[str, Any]]) -> Iterator[tuple[str, Schema]]:
    for reference in references:
        yield from _flat(reference.get("references", []))
        yield reference["name"], Schema(reference["schema"], SchemaType.JSON)


def _lines(name: str) -> Iterator[dict[str, Any]]:
    raw = (RECORDING / name).read_bytes()
    text = gzip.decompress(raw) if name.endswith(".gz") else raw
    yield from (json.loads(line) for line in text.decode().split("\n") if line)
