"""Schemas made to take for ever: each is answered within its time, and whoever reads meanwhile does not notice."""

import itertools
import json
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import httpx2
import pytest

LIMIT_S: Final = 1
# One worker after the other may have to be waited for, and started.
PATIENCE_S: Final = 20


def record(*, fields: int) -> str:
    listed = ",".join(f'{{"name":"f{n}","type":"int"}}' for n in range(fields))
    return f'{{"type":"record","name":"R","fields":[{listed}]}}'


def tangle(size: int, leaf: str) -> str:
    """Records each of which holds any of those before it."""
    names = [f'"R{n}"' for n in range(size)]
    records = (
        f'{{"type":"record","name":"R{n}","fields":[{{"name":"a","type":[{",".join(names[: n + 1])}]}},'
        f'{{"name":"b","type":"{leaf}"}}]}}'
        for n in range(size)
    )
    return f"[{','.join(records)}]"


def alternatives(size: int, kind: str) -> str:
    one_of = [
        {"properties": {f"p{n}": {"type": kind}, f"p{n + 1}": {}}, "minProperties": n} for n in range(size)
    ]
    return json.dumps({"oneOf": [*one_of, {"oneOf": one_of}]})


def patterns(size: int, ending: str) -> str:
    properties = {
        f"p{n}": {"type": "string", "pattern": f"^((a|a)*|(a+)+){ending}{n}$", "enum": ["a" * 60 + "!"]}
        for n in range(size)
    }
    return json.dumps({"properties": properties, "patternProperties": {"^(a+)+$": {}, "(x+x+)+y": {}}})


def messages(size: int, kind: str) -> str:
    """Messages each of which has a field of every other."""
    listed = " ".join(
        f"message M{n} {{ {kind} a = 1; {' '.join(f'M{m} m{m} = {m + 2};' for m in range(size))} }}"
        for n in range(size)
    )
    return f'syntax = "proto3"; {listed}'


BOMBS: Final = {
    "wide Avro": ("AVRO", record(fields=300_000), record(fields=300_001)),
    "fat Avro": ("AVRO", f'{{"type":"enum","name":"E","symbols":["A"],"doc":"{"x" * 15_000_000}"}}', '"int"'),
    "tangled Avro": ("AVRO", tangle(250, "int"), tangle(250, "string")),
    "JSON alternatives": ("JSON", alternatives(600, "string"), alternatives(600, "integer")),
    "JSON patterns": ("JSON", patterns(20, "b"), patterns(20, "c")),
    "many JSON patterns": ("JSON", patterns(5_000, "b"), patterns(5_000, "c")),
    "tangled Protobuf": ("PROTOBUF", messages(150, "int32"), messages(150, "string")),
}


@pytest.mark.soak
def test_a_bomb_is_answered_in_time_and_readers_do_not_notice(accord_serve: Callable[..., Any]) -> None:
    server = accord_serve("--log", "memory:", "--check-timeout", str(LIMIT_S))
    server.wait_until_it_serves()
    with httpx2.Client(base_url=server.url, timeout=120) as client, ThreadPoolExecutor() as threads:
        client.post("/subjects/s/versions", json={"schema": '"int"'})
        ended = 0
        for name, (kind, *texts) in BOMBS.items():
            throwing = threads.submit(throw, server.url, kind, texts)
            waits = []
            while not throwing.done():
                began = time.perf_counter()
                assert client.get("/schemas/ids/1").status_code == 200
                waits.append(time.perf_counter() - began)
            slowest = statistics.quantiles(waits, n=100)[98] if len(waits) > 1 else waits[0]
            assert slowest < 0.1, (name, slowest, len(waits))
            for line, answer, seconds in throwing.result():
                assert answer.status_code in {200, 404, 409, 422}, (name, line, answer.text[:500])
                assert seconds < LIMIT_S + PATIENCE_S, (name, line, seconds)
                ended += "takes more than 1 s" in answer.text
        assert ended > len(BOMBS)
        assert client.post("/subjects/s/versions", json={"schema": '"long"'}).status_code == 200


def throw(url: str, kind: str, texts: list[str]) -> list[tuple[str, httpx2.Response, float]]:
    """Send each text wherever it is looked at; what was asked, the answer, and how long it took."""
    taken = []
    lines = (
        "POST /subjects/b/versions",
        "POST /compatibility/subjects/b/versions?verbose=true",
        "POST /subjects/b",
    )
    with httpx2.Client(base_url=url, timeout=120) as client:
        for text, line in itertools.product(texts, lines):
            began = time.perf_counter()
            answer = client.post(line.partition(" ")[2], json={"schema": text, "schemaType": kind})
            taken.append((line, answer, time.perf_counter() - began))
        client.delete("/subjects/b")
        client.delete("/subjects/b?permanent=true")
    return taken
