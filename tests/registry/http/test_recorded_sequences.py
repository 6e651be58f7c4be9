"""Replays what Confluent Schema Registry 8.1.5 answered to sequences of calls; see ../shared/conformance.

The recording belongs to no release of Accord: where it is absent, this is skipped. Messages are ours; statuses, codes
and bodies must agree.
"""

import asyncio
import importlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from accord.registry.http.server import serve

RECORDING = Path(__file__).parents[4] / "shared" / "conformance"
pytestmark = pytest.mark.skipif(not RECORDING.is_dir(), reason="no recording in ../shared/conformance")

GUID_IN_MESSAGE = (
    "Confluent's message names a GUID of the broken schema, which shifts the numbering of those that follow"
)
EVERY_VERSION = "every failing version is reported, not only the first one"
DIFFERENT = {
    ("register/missing and empty schema", 7): GUID_IN_MESSAGE,
    ("mode/IMPORT invalid schema", 5): GUID_IN_MESSAGE,
    ("references/malformed", 5): GUID_IN_MESSAGE,
    ("references/protobuf missing", 3): GUID_IN_MESSAGE,
    ("references/protobuf missing", 5): GUID_IN_MESSAGE,
    ("references/protobuf missing", 7): GUID_IN_MESSAGE,
    ("transitive/avro FULL_TRANSITIVE", 8): EVERY_VERSION,
    ("transitive/json FORWARD_TRANSITIVE", 7): EVERY_VERSION,
    ("transitive/protobuf BACKWARD_TRANSITIVE", 7): EVERY_VERSION,
    ("transitive/protobuf BACKWARD_TRANSITIVE", 8): EVERY_VERSION,
    ("config/level FULL", 9): "the version that was compared is named in every report",
}
"""Single steps that are meant to differ, or cannot agree. A step that agrees must leave this list."""


def scenarios() -> dict[str, dict[str, Any]]:
    file = RECORDING / "sequences.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    return {row["name"]: row for row in map(json.loads, lines)}


Difference = tuple[str, str, Any]


@pytest.fixture(scope="module")
def differing() -> Iterator[dict[str, dict[int, Difference]]]:
    """Every scenario played, with the steps that differ; the recording's own modules do it.

    They know our HTTP client under its older name.
    """
    with pytest.MonkeyPatch.context() as monkeypatch, serve() as server:
        monkeypatch.setattr(sys, "dont_write_bytecode", True)
        monkeypatch.syspath_prepend(str(RECORDING))
        monkeypatch.setitem(sys.modules, "httpx", httpx2)
        for name in ("common", "sequences"):
            monkeypatch.delitem(sys.modules, name, raising=False)
        yield asyncio.run(play_all(server.url))


async def play_all(url: str) -> dict[str, dict[int, Difference]]:
    common, sequences = map(importlib.import_module, ("common", "sequences"))
    found = {}
    async with common.Registry(url) as client:
        for number, (name, row) in enumerate(scenarios().items()):
            answers = await sequences.play(client, row["steps"], f"t{number:03d}")
            found[name] = dict(differences(sequences, row["steps"], answers))
    return found


def differences(
    sequences: Any, steps: list[dict[str, Any]], answers: list[dict[str, Any]]
) -> Iterator[tuple[int, Difference]]:
    for place, (step, answer) in enumerate(zip(steps, answers, strict=True), 1):
        agrees, _, told = sequences.compare_step(step, answer)
        if not agrees and step["status"] < 500:
            yield place, (step["method"], step["path"], told)


@pytest.mark.parametrize("name", scenarios())
def test_a_recorded_sequence_is_answered_alike(
    name: str, differing: dict[str, dict[int, Difference]]
) -> None:
    found = differing[name]
    expected = {place for scenario, place in DIFFERENT if scenario == name}
    assert {place: told for place, told in found.items() if place not in expected} == {}
    assert expected <= found.keys(), "it agrees now: take it off the list"


def test_every_difference_is_told_of() -> None:
    page = (Path(__file__).parents[3] / "docs" / "compatibility-with-confluent.md").read_text(
        encoding="utf-8"
    )

    missing = [
        (name, step) for name, step in DIFFERENT if f"*{name}*" not in page or f"step {step}" not in page
    ]
    assert missing == []


def test_the_list_names_what_was_recorded() -> None:
    assert scenarios().keys() >= {scenario for scenario, _ in DIFFERENT}
