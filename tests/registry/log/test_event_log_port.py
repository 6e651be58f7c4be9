"""What every event log must do, run against each of them; and what a compacted one must do beside."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accord.registry.log.memory import CompactedMemoryLog, MemoryLog
from accord.registry.log.port import START, EventLog, Position, PositionTaken, Record
from accord.registry.log.sqlite import open_sqlite

COMPACTED: dict[str, Callable[[Path], EventLog]] = {
    "compacted memory": lambda _folder: CompactedMemoryLog(),
    "compacted sqlite": lambda folder: open_sqlite(folder / "log.db").accord,
}
ADAPTERS: dict[str, Callable[[Path], EventLog]] = {
    "memory": lambda _folder: MemoryLog(),
    "sqlite": lambda folder: open_sqlite(folder / "log.db").schemas,
    **COMPACTED,
}
KEYS = st.sampled_from([b"a", b"b", b"c"])
WRITTEN = st.lists(st.builds(Record, KEYS, st.none() | st.binary(max_size=2), st.integers(0, 9)), max_size=4)


@pytest.fixture(params=ADAPTERS)
def log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    opened = ADAPTERS[request.param](tmp_path)
    yield opened
    opened.close()


@pytest.fixture(params=COMPACTED)
def compacted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[EventLog]:
    opened = COMPACTED[request.param](tmp_path)
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


def test_both_logs_of_a_file_go_on_by_themselves(tmp_path: Path) -> None:
    logs = open_sqlite(tmp_path / "log.db")
    end = logs.schemas.append(records("a", "b"), after=START)
    reported = logs.accord.append(records("a"), after=START)

    assert logs.schemas.append(records("c"), after=end) > end
    assert logs.accord.append(records("c"), after=reported) > reported
    assert [record.key for record in everything(logs.schemas)] == [b"a", b"b", b"c"]
    assert [record.key for record in everything(logs.accord)] == [b"a", b"c"]
    logs.close()


def test_a_compacted_log_keeps_the_last_record_of_a_key_where_it_was_written(compacted: EventLog) -> None:
    first = compacted.append([Record(b"a", b"1", 1), Record(b"b", b"1", 1)], after=START)
    second = compacted.append([Record(b"a", b"2", 2)], after=first)

    assert everything(compacted) == [Record(b"b", b"1", 1), Record(b"a", b"2", 2)]
    assert [logged.position for logged in compacted.read(START)] == [first, second]


def test_a_compacted_log_tells_who_reads_on_that_a_key_is_no_more(compacted: EventLog) -> None:
    known = compacted.append(records("a", "b"), after=START)
    compacted.append([Record(b"a", None, 5)], after=known)

    assert [logged.record for logged in compacted.read(known)] == [Record(b"a", None, 5)]


def test_of_one_batch_a_compacted_log_keeps_the_last_record_of_a_key(compacted: EventLog) -> None:
    same = Record(b"a", b"1", 1)
    compacted.append([same, Record(b"b", b"1", 1), same], after=START)

    assert everything(compacted) == [Record(b"b", b"1", 1), same]


def folded(known: dict[bytes, bytes], rows: Iterable[Record]) -> dict[bytes, bytes]:
    for record in rows:
        known.pop(record.key, None)
        if record.value is not None:
            known[record.key] = record.value
    return known


@pytest.mark.parametrize("name", COMPACTED)
@given(batches=st.lists(WRITTEN, max_size=6), looks=st.sets(st.integers(0, 5)))
def test_a_compacted_log_adds_up_to_what_was_written_whenever_somebody_looks(
    name: str, batches: Sequence[Sequence[Record]], looks: set[int]
) -> None:
    with TemporaryDirectory() as folder:
        log = COMPACTED[name](Path(folder))
        position = known = START
        seen: dict[bytes, bytes] = {}
        for number, batch in enumerate(batches):
            end = log.append(batch, after=position)
            assert end >= position
            position = end
            if number in looks:
                for logged in log.read(known):
                    folded(seen, [logged.record])
                    assert logged.position > known
                    known = logged.position
        folded(seen, (logged.record for logged in log.read(known)))
        log.close()

    assert seen == folded({}, (record for batch in batches for record in batch))
