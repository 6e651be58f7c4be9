"""How single records look."""

import json
from typing import Any

import pytest

from accord.cli.output import Output
from accord.cli.showing import Shown
from accord.kafka import RawRecord
from accord.streams.viewing import Part, View


def test_what_is_nested_too_deeply_is_shown_as_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    view = View(RawRecord("orders", 0, 7, None, b"abc"), Part("null", None), Part("avro", deep))

    for shape in ("jsonl", "text"):
        Shown(Output(), shape).show(view)
    as_json, *as_text = capsys.readouterr().out.splitlines()

    told = json.loads(as_json)
    assert (told["valueForm"], told["value"]) == ("bytes", "YWJj")
    assert told["valueFault"] == "it is nested too deeply to be shown"
    assert as_text == [
        "orders[0]@7  key=null",
        "  base64: YWJj",
        "  not decoded: it is nested too deeply to be shown",
    ]
