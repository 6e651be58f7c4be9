import json
from collections.abc import Callable

import pytest

from accord.registry.log.port import Record

At = 1_700_000_000_000


class Notes:
    """A watcher that writes down what it is told."""

    def __init__(self) -> None:
        self.tasks: list[str] = []
        self.moves: list[int] = []
        self.warnings: list[str] = []
        self.losses: list[str] = []

    def doing(self, text: str, *, total: int | None = None) -> None:
        self.tasks.append(text if total is None else f"{text} ({total})")

    def moved(self, done: int) -> None:
        self.moves.append(done)

    def warn(self, text: str) -> None:
        self.warnings.append(text)

    def left_out(self, text: str) -> None:
        self.losses.append(text)


@pytest.fixture
def watcher() -> Notes:
    return Notes()


MakeRecord = Callable[..., Record]


@pytest.fixture
def record() -> MakeRecord:
    """Make a record of a key and a value, each bytes, text, or what becomes compact JSON."""

    def make(key: object, value: object = None, at_ms: int = At) -> Record:
        return Record(_bytes(key), None if value is None else _bytes(value), at_ms)

    return make


def _bytes(content: object) -> bytes:
    if isinstance(content, bytes):
        return content
    text = (
        content
        if isinstance(content, str)
        else json.dumps(content, separators=(",", ":"), ensure_ascii=False)
    )
    return text.encode()


@pytest.fixture
def rows(record: MakeRecord) -> list[Record]:
    """A small log as a registry writes it, with what a dump must not lose: deletes, times, odd bytes."""
    key = {"keytype": "SCHEMA", "subject": "café-value", "version": 1, "magic": 1}
    value = {"subject": "café-value", "version": 1, "id": 7, "schema": '"int"', "deleted": False}
    return [
        record({"keytype": "CONFIG", "magic": 0}, {"compatibilityLevel": "FULL"}, At),
        record(key, value, At + 1),
        record(key, None, At + 2),
        record(b"\xff\xfe", b"\x00 no text: \xc3", At + 3),
        record('{"keytype" : "NOOP",\n\t"magic":0}', "", At + 4),
        record(key, 'null "quoted" \\ \u2028 \x7f', 0),
    ]
