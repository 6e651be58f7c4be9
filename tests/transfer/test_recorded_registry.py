"""What a Confluent registry was recorded to answer, read as a source reads it; see ../shared/conformance.

The recording belongs to no release of Accord: where it is absent, this is skipped.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from accord.client.exchanges import Exchange
from accord.client.http import Response
from accord.registry.core.modes import Mode
from accord.schemas import Subject, Version
from accord.transfer.rest.exchanges import Perhaps, TellConfig, TellMode, TellVersion

RECORDING = Path(__file__).parents[3] / "shared" / "conformance" / "sequences.jsonl"
pytestmark = pytest.mark.skipif(not RECORDING.is_file(), reason="no recording in ../shared/conformance")


def recorded(pattern: str) -> Iterator[tuple[Response, Any]]:
    """The answers to GET of paths like ``pattern``, each as it came and as JSON; tokens stand for what differs."""
    with RECORDING.open() as lines:
        steps = [step for line in lines for step in json.loads(line)["steps"]]
    for step in steps:
        if step["method"] == "GET" and re.fullmatch(pattern, step["path"]):
            body = re.sub(r'"\$(id|ts|any)[^"]*"', "7", json.dumps(step["response"]))
            yield Response(step["status"], body.encode()), json.loads(body)


def read(exchange: Exchange[Any], answer: Response) -> Any:
    return Perhaps(exchange).interpret(answer)


def test_recorded_configurations_are_read() -> None:
    found = 0
    for answer, body in recorded(r"/config(/[^?/]+)?"):
        config = read(TellConfig(None), answer)
        assert (config is None) == (answer.status != 200)
        if config is not None:
            found += 1
            assert config.level == body.get("compatibilityLevel")
            assert config.alias == body.get("alias")
            assert config.normalize == body.get("normalize")
            assert (config.default_metadata is None) == ("defaultMetadata" not in body)
    assert found > 10


def test_recorded_modes_are_read() -> None:
    found = [
        (read(TellMode(None), answer), body.get("mode"))
        for answer, body in recorded(r"/mode(/[^?/]+)?")
        if answer.status in {200, 404}
    ]
    assert all(mode == word for mode, word in found)
    assert {mode for mode, _ in found} >= {None, Mode.READWRITE, Mode.READONLY, Mode.IMPORT}


def test_recorded_versions_are_read() -> None:
    found = 0
    for answer, body in recorded(r"/subjects/[^/]+/versions/\d+(\?deleted=true)?"):
        told = read(TellVersion(Subject("s"), Version(1)), answer)
        assert (told is None) == (answer.status != 200)
        if told is not None:
            found += 1
            assert (told.subject, told.version, told.id) == (body["subject"], body["version"], body["id"])
            assert [one["name"] for one in body.get("references", ())] == [
                one.name for one in told.to_schema().references
            ]
            assert (told.metadata is None) == ("metadata" not in body)
    assert found > 20
