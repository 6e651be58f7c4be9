"""Marks of handled records: what they are made of, how long they last, and where they are kept."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from accord.errors import ConfigurationError, UnavailableError
from accord.kafka import RawRecord, message_of
from accord.streams.dedupe import Dedupe, Marks, MemoryMarks, digest
from accord.streams.file_marks import SWEEP_AFTER, FileMarks
from accord.streams.reading import Reading
from accord.streams.record import Record, batched

ORIGIN = RawRecord("orders", 1, 7, b"key", b"value", (("event-id", b"e-1"),), 1_700_000_000_000)
A, B = digest("a"), digest("b")


def record(raw: RawRecord, value: object = None) -> Record[Any]:
    return batched(message_of(raw), Reading("key", value, None), attempt=1)


@pytest.fixture(params=["memory", "file"])
def marks(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Marks]:
    made: Marks = MemoryMarks() if request.param == "memory" else FileMarks(tmp_path / "marks.db")
    made.open()
    yield made
    made.close()


def test_a_mark_holds_until_it_expires(marks: Marks) -> None:
    assert not marks.holds(A, now=0)
    marks.add(A, now=0, until=10)
    assert marks.holds(A, now=9.9)
    assert not marks.holds(A, now=10)
    assert not marks.holds(B, now=5)


def test_a_mark_that_is_set_again_lasts_longer(marks: Marks) -> None:
    marks.add(A, now=0, until=10)
    marks.add(A, now=5, until=15)
    marks.add(B, now=11, until=21)
    assert marks.holds(A, now=12)


def test_marks_in_memory_are_bounded_and_expired_ones_go_first() -> None:
    marks = MemoryMarks(most=3)
    for number in range(5):
        marks.add(digest(str(number)), now=0, until=10)
    assert len(marks) == 3
    assert [marks.holds(digest(str(number)), now=1) for number in range(5)] == [
        False,
        False,
        True,
        True,
        True,
    ]
    marks.add(A, now=11, until=20)
    assert len(marks) == 1


def test_marks_in_a_file_outlive_the_process_and_expired_ones_are_dropped(tmp_path: Path) -> None:
    file = tmp_path / "marks.db"
    first = FileMarks(file)
    for number in range(SWEEP_AFTER - 1):
        first.add(digest(str(number)), now=0, until=10)
    first.close()
    second = FileMarks(file)
    assert second.holds(digest("0"), now=5)
    second.add(A, now=20, until=30)
    for number in range(SWEEP_AFTER - 1):
        second.add(digest(f"new {number}"), now=20, until=30)
    second.close()
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT count(*) FROM marks").fetchone() == (SWEEP_AFTER,)
    connection.close()


def test_several_members_may_open_the_same_new_file_at_the_same_time(tmp_path: Path) -> None:
    members = [FileMarks(tmp_path / "marks.db") for _ in range(8)]
    errors: list[BaseException] = []

    def work(member: FileMarks, mark: bytes) -> None:
        try:
            member.add(mark, now=0, until=10)
        except BaseException as error:  # noqa: BLE001 -- the test looks at it
            errors.append(error)

    threads = [
        threading.Thread(target=work, args=(member, digest(str(number))))
        for number, member in enumerate(members)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert all(members[0].holds(digest(str(number)), now=1) for number in range(8))
    for member in members:
        member.close()


def test_a_file_that_cannot_be_is_told_when_it_is_opened(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot keep marks"):
        FileMarks(tmp_path / "nowhere" / "marks.db").open()


def test_a_file_that_is_locked_is_away_for_now(tmp_path: Path) -> None:
    marks = FileMarks(tmp_path / "marks.db")
    marks.open()
    assert marks._connection is not None
    marks._connection.execute("PRAGMA busy_timeout=0")
    other = sqlite3.connect(tmp_path / "marks.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(UnavailableError, match="cannot be reached"):
        marks.add(A, now=0, until=1)
    other.close()
    marks.close()


def test_a_record_is_known_by_its_place_and_its_timestamp() -> None:
    dedupe = Dedupe()
    mark = dedupe.mark("billing", ORIGIN, record(ORIGIN))
    assert mark == dedupe.mark("billing", replace(ORIGIN, headers=(), value=b"x"), record(ORIGIN))
    others = [
        dedupe.mark("shipping", ORIGIN, record(ORIGIN)),
        *(
            dedupe.mark("billing", raw, record(raw))
            for raw in (
                replace(ORIGIN, topic="payments"),
                replace(ORIGIN, partition=2),
                replace(ORIGIN, offset=8),
                replace(ORIGIN, timestamp_ms=1),
            )
        ),
    ]
    assert len({mark, *others}) == 6


@pytest.mark.parametrize(
    "dedupe", [Dedupe(header="event-id"), Dedupe(by=lambda record: dict(record.headers)["event-id"])]
)
def test_an_event_may_be_known_by_its_own_id(dedupe: Dedupe) -> None:
    again = replace(ORIGIN, offset=99)
    assert dedupe.mark("billing", ORIGIN, record(ORIGIN)) == dedupe.mark("billing", again, record(again))
    other = replace(again, headers=(("event-id", b"e-2"),))
    assert dedupe.mark("billing", ORIGIN, record(ORIGIN)) != dedupe.mark("billing", other, record(other))


def test_an_event_without_an_id_is_known_by_its_place() -> None:
    bare = replace(ORIGIN, headers=())
    by: Callable[[Record[Any]], None] = lambda _: None  # noqa: E731 -- it stands for a user's function
    for dedupe in (Dedupe(header="event-id"), Dedupe(by=by)):
        assert dedupe.mark("billing", bare, record(bare)) == Dedupe().mark("billing", bare, record(bare))


def test_a_record_that_was_handled_is_known_for_a_while() -> None:
    dedupe = Dedupe(within="1h")
    mark = dedupe.mark("billing", ORIGIN, record(ORIGIN))
    assert not dedupe.holds(mark)
    dedupe.add(mark)
    assert dedupe.holds(mark)


@pytest.mark.parametrize("choices", [{"within": "soon"}, {"by": print, "header": "x"}])
def test_choices_that_make_no_sense_are_refused_at_once(choices: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        Dedupe(**choices)
    with pytest.raises(ConfigurationError):
        MemoryMarks(most=0)


def test_parts_of_a_mark_do_not_run_together() -> None:
    assert digest("ab", "c") != digest("a", "bc") != digest("abc")


def test_a_record_with_a_timestamp_that_no_calendar_has_has_none() -> None:
    assert record(replace(ORIGIN, timestamp_ms=1_700_000_000_000_000_000)).timestamp is None
