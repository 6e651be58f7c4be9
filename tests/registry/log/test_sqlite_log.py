import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from accord.registry.log import sqlite
from accord.registry.log.address import open_logs
from accord.registry.log.port import START, EventLog, LogFailed, LogInDoubt, LogRefused, Position, Record
from accord.registry.log.sqlite import APPLICATION_ID, FORMAT, CompactedSqliteLog, SqliteLog, open_sqlite

A, B = Record(b"a", b"1", 1), Record(b"b", None, 2)


def connection_of(log: EventLog) -> sqlite3.Connection:
    assert isinstance(log, SqliteLog)
    return log._file._connection


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "log.db"


def test_what_was_written_is_there_after_opening_again(path: Path) -> None:
    log = open_sqlite(path).schemas
    end = log.append([A, B], after=START)
    log.close()

    again = open_sqlite(path).schemas
    assert [logged.record for logged in again.read(START)] == [A, B]
    assert again.append([A], after=end) > end
    again.close()


def test_the_file_says_whose_it_is_and_in_which_format(path: Path) -> None:
    open_sqlite(path).close()

    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert connection.execute("PRAGMA user_version").fetchone() == (FORMAT,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


def test_every_commit_waits_for_the_disk(path: Path) -> None:
    log = open_sqlite(path).schemas

    assert connection_of(log).execute("PRAGMA synchronous").fetchone() == (2,)
    log.close()


def test_a_second_server_on_the_same_file_is_refused(path: Path) -> None:
    first = open_sqlite(path).schemas

    with pytest.raises(LogRefused) as refusal:
        open_sqlite(path)

    assert refusal.value.message == f"{path} is in use by another registry server"
    first.append([A], after=START)
    first.close()
    open_sqlite(path).close()


def test_a_file_of_a_newer_format_is_left_alone(path: Path) -> None:
    open_sqlite(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(LogRefused) as refusal:
        open_sqlite(path)

    assert f"was written by a newer Accord: its format is {FORMAT + 1}" in refusal.value.message
    assert path.read_bytes() == before


def test_a_file_of_another_program_is_left_alone(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE customer (name TEXT)")
    connection.close()
    before = path.read_bytes()

    with pytest.raises(LogRefused) as refusal:
        open_sqlite(path)

    assert refusal.value.message == f"{path} is a SQLite file of another program, not a registry's log"
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(path: Path) -> None:
    path.write_text("my notes\n" * 200)

    with pytest.raises(LogRefused) as refusal:
        open_sqlite(path)

    assert refusal.value.message == f"{path} is not a SQLite file"
    assert path.read_text() == "my notes\n" * 200


def test_a_damaged_file_is_said_to_be_so(path: Path) -> None:
    log = open_sqlite(path).schemas
    log.append([Record(b"key", b"x" * 50_000, 1)], after=START)
    log.close()
    whole = path.read_bytes()

    path.write_bytes(whole[:5000])
    with pytest.raises(LogRefused) as refusal:
        open_sqlite(path)
    assert "is damaged" in refusal.value.message
    assert "put a copy of it" in refusal.value.hint

    path.write_bytes(whole[:4096] + b"\xde" * 100 + whole[4196:])
    log = open_sqlite(path).schemas
    with pytest.raises(LogFailed) as failure:
        log.read(START)
    assert "put a copy of it" in failure.value.hint
    log.close()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LogRefused) as refusal:
        open_sqlite(tmp_path / "nowhere" / "log.db")

    assert "nowhere" in refusal.value.message
    assert "folder exists" in refusal.value.hint


def test_a_write_that_fails_leaves_nothing_behind(path: Path) -> None:
    log = open_sqlite(path).schemas
    connection_of(log).execute("PRAGMA max_page_count = 3")

    with pytest.raises(LogFailed) as failure:
        log.append([A, Record(b"big", b"x" * 100_000, 3)], after=START)

    assert "was not written" in failure.value.message
    assert log.read(START) == []
    connection_of(log).execute("PRAGMA max_page_count = 1000000")
    log.append([A], after=START)
    assert [logged.record for logged in log.read(START)] == [A]
    log.close()


def test_a_commit_that_fails_leaves_the_outcome_open(path: Path) -> None:
    log = open_sqlite(path).schemas
    connection_of(log).execute("PRAGMA foreign_keys = ON")
    connection_of(log).executescript(
        "CREATE TABLE owner (id INTEGER PRIMARY KEY);"
        "CREATE TABLE owned (id INTEGER REFERENCES owner DEFERRABLE INITIALLY DEFERRED);"
        "CREATE TRIGGER orphan AFTER INSERT ON record BEGIN INSERT INTO owned VALUES (1); END;"
    )

    with pytest.raises(LogInDoubt):
        log.append([A], after=START)

    assert log.read(START) == []
    log.close()


def test_a_closed_log_cannot_be_read(path: Path) -> None:
    log = open_sqlite(path).schemas
    log.close()

    with pytest.raises(LogFailed):
        log.read(START)


@pytest.mark.parametrize("address", ["", "sqlite", "sqlite:", "memory", "postgres:x", "registry.db"])
def test_a_word_that_names_no_log_is_refused(address: str) -> None:
    with pytest.raises(LogRefused) as refusal:
        open_logs(address)

    assert refusal.value.message == f"'{address}' names no log"
    assert "sqlite:PATH" in refusal.value.hint


def test_addresses_open_logs(tmp_path: Path) -> None:
    file = open_logs(f"sqlite:{tmp_path / 'a b.db'}")
    file.close()

    assert file.schemas.name == f"sqlite:{tmp_path / 'a b.db'}"
    assert (tmp_path / "a b.db").exists()
    assert open_logs("memory:").schemas.read(Position(0)) == []


def test_reports_that_are_made_again_and_again_do_not_let_the_file_grow(path: Path) -> None:
    log, position = open_sqlite(path).accord, START
    sizes = []
    for number in range(300):
        report = Record(b"key", str(number).encode().rjust(4000), number)
        position = log.append([report], after=position)
        if number % 100 == 99:
            sizes.append(sum(file.stat().st_size for file in path.parent.glob("log.db*")))
    log.close()

    # What is new goes to a file beside it first, which is used again when it has 4 MiB.
    assert max(sizes) < 5 << 20
    assert path.stat().st_size < 64 << 10


def test_keys_that_are_no_more_do_not_let_the_file_grow(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "MOST_NULLS", 10)
    log, position = open_sqlite(path).accord, START
    for number in range(100):
        position = log.append([Record(str(number).encode(), None, number)], after=position)

    held = [logged.record.key for logged in log.read(START)]
    assert len(held) <= 12
    assert held[-1] == b"99"
    log.close()


def test_a_position_is_never_given_again_although_its_record_is_forgotten_at_the_next_start(
    path: Path,
) -> None:
    log = open_sqlite(path).accord
    end = log.append([A, B], after=START)
    log.close()

    again = open_sqlite(path).accord
    (only,) = again.read(START)
    assert only.record == A
    assert again.append([B], after=only.position) > end
    again.close()


def test_long_records_are_read_a_few_at_a_time(path: Path) -> None:
    logs = open_sqlite(path)
    long = [Record(b"%d" % number, b"x" * (1 << 20), 1) for number in range(10)]
    for log in (logs.schemas, logs.accord):
        end = log.append(long, after=START)
        position, rows = START, []
        while read := log.read(position):
            rows.append(len(read))
            position = read[-1].position
        assert (rows, position) == ([4, 4, 2], end)
    logs.close()


def test_a_batch_of_reports_is_written_whole_or_not_at_all(path: Path) -> None:
    log = open_sqlite(path).accord
    assert isinstance(log, CompactedSqliteLog)
    end = log.append([A], after=START)
    log._file._connection.execute("PRAGMA max_page_count = 7")

    with pytest.raises(LogFailed):
        log.append([Record(A.key, b"other", 3), Record(b"big", b"x" * 100_000, 3)], after=end)

    assert [logged.record for logged in log.read(START)] == [A]
    log.close()


def test_both_logs_are_used_at_the_same_time(path: Path) -> None:
    logs = open_sqlite(path)

    def write(log: EventLog) -> None:
        position = START
        for number in range(50):
            position = log.append([Record(str(number).encode(), b"", number)], after=position)

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(write, log) for log in (logs.schemas, logs.accord)]:
            done.result()

    assert len(logs.schemas.read(START)) == len(logs.accord.read(START)) == 50
    logs.close()
