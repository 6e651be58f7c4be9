"""What the recorded registry calls compatible, our codec can read."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from accord.codecs import codec_for
from accord.schemas import Schema

RECORDING = Path(__file__).parents[3] / "shared" / "conformance" / "compat-avro.jsonl.gz"


def pairs() -> list[dict[str, Any]]:
    with gzip.open(RECORDING, "rt") as lines:
        recorded = [json.loads(line) for line in lines]
    return [pair for pair in recorded if not pair["references"] and not pair.get("new_references")]


@pytest.mark.skipif(not RECORDING.is_file(), reason="no recording in ../shared/conformance")
def test_a_reader_that_is_called_compatible_has_a_codec() -> None:
    tried = 0
    for pair in pairs():
        for direction, writer, reader in (("backward", "old", "new"), ("forward", "new", "old")):
            if pair.get(direction, {}).get("compatible"):
                codec_for(Schema(pair[writer]), reader=Schema(pair[reader]))
                tried += 1
    assert tried > 500
