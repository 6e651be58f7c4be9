"""What every event log must do, run against each of them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from accord.registry.log.memory import MemoryLog
from accord.registry.log.port import START, EventLog, Position, PositionTaken, Record
from accord.registry.log.sqlite import open_sqlite

ADAPTERS: dict[str, Callable[[Path], EventLog]] = {
    "memory": lambda _folder: MemoryLog(),
    "sqlite": lambda folder: open_sqlite(folder / "log.db").schemas,
}


@pytest.fixture(params=ADAPTERS)
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    opened = ADAPTERS[request.param](tmp_path)
    yield opened
    opened.close()


def records(*keys: str) -> list[Record]:
    return [
        Record(key.encode(), f"value of {key}".encode(), 1_700_000_000_000 + n) for n, key in enumerate(keys)
    ]


def everything(log: EventLog) -> list[Record]:
    return [logged.record for logged in log.read(START)]


def test_a_new_log_is_empty(log: EventLog) -> None:
    assert log.read(START) == []


def test_records_come_back_in_order_as_they_were(log: EventLog) -> None:
    written = [*records("a", "b"), Record(b"gone", None, 5), Record(b"\x00\xff", b"", 0)]
    log.append(written, after=START)

    assert everything(log) == written


def test_positions_grow_and_the_last_one_is_answered(log: EventLog) -> None:
    first = log.append(records("a", "b"), after=START)
    second = log.append(records("c"), after=first)

    positions = [logged.position for logged in log.read(START)]
    assert positions == sorted(set(positions))
    assert (positions[1], positions[-1]) == (first, second)
    assert positions[0] > START


def test_reading_goes_on_after_a_position(log: EventLog) -> None:
    first = log.append(records("a", "b"), after=START)
    log.append(records("c"), after=first)

    assert [logged.record.key for logged in log.read(first)] == [b"c"]


def test_reading_comes_in_portions(log: EventLog) -> None:
    log.append(records("a", "b", "c"), after=START)

    first = log.read(START, limit=2)
    rest = log.read(first[-1].position, limit=2)

    assert [logged.record.key for logged in (*first, *rest)] == [b"a", b"b", b"c"]


def test_who_does_not_know_the_end_cannot_write(log: EventLog) -> None:
    known = log.append(records("a"), after=START)
    end = log.append(records("b"), after=known)

    with pytest.raises(PositionTaken):
        log.append(records("c"), after=known)
    with pytest.raises(PositionTaken):
        log.append(records("c"), after=START)

    assert [record.key for record in everything(log)] == [b"a", b"b"]
    log.append(records("c"), after=end)


def test_writing_after_a_gap_is_writing_at_the_end(log: EventLog) -> None:
    end = log.append(records("a"), after=START)

    later = log.append(records("b"), after=Position(end + 3))

    assert later > end
    assert [record.key for record in everything(log)] == [b"a", b"b"]
