"""A dump in a file and the embedded log, as sources and as targets."""

import io
import os
import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from accord.registry.log.port import START, Record
from accord.registry.log.sqlite import open_sqlite
from accord.transfer import sqlite as target_module
from accord.transfer.errors import PlaceRefused, TargetDiffers
from accord.transfer.file import FileSource, FileTarget
from accord.transfer.ports import Row, Taken
from accord.transfer.sqlite import SqliteSource, SqliteTarget

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def file_target(path: Path | None, stdout: io.BytesIO | None = None) -> FileTarget:
    return FileTarget(path, origin="sqlite:registry.db", now=NOW, stdout=stdout or io.BytesIO())


def file_source(path: Path | None, stdin: bytes = b"") -> FileSource:
    return FileSource(path, stdin=io.BytesIO(stdin))


def test_a_dump_goes_to_a_file_and_back(tmp_path: Path, rows: list[Record], watcher: Any) -> None:
    path = tmp_path / "backup.jsonl"

    assert file_target(path).take(Row(rows, exact=False), watcher) == Taken(written=6, found=0)

    row = file_source(path).read(watcher)
    assert list(row.records) == rows
    assert not row.exact
    assert b'"from":"sqlite:registry.db","at":"2026-01-31T12:00:00+00:00"' in path.read_bytes()


def test_a_dump_goes_through_a_pipe(rows: list[Record], watcher: Any) -> None:
    pipe = io.BytesIO()

    file_target(None, pipe).take(Row(rows), watcher)

    assert list(file_source(None, pipe.getvalue()).read(watcher).records) == rows


def test_what_the_console_consumer_printed_is_read_too(tmp_path: Path, watcher: Any) -> None:
    path = tmp_path / "topic.txt"
    path.write_bytes(b'{"keytype":"NOOP","magic":0}\tnull\n')

    assert list(file_source(path).read(watcher).records) == [Record(b'{"keytype":"NOOP","magic":0}', None, 0)]


@pytest.mark.parametrize(
    ("content", "hint"),
    [
        (b"", "accord registry export"),
        (b"SELECT 1;\n", "accord registry export"),
        (b"SQLite format 3\0rest", "write sqlite:"),
    ],
)
def test_another_file_is_refused(content: bytes, hint: str, tmp_path: Path, watcher: Any) -> None:
    path = tmp_path / "other"
    path.write_bytes(content)

    with pytest.raises(PlaceRefused) as caught:
        file_source(path).read(watcher)
    assert hint in caught.value.hint


def test_a_file_that_is_not_there_is_one_sentence(tmp_path: Path, watcher: Any) -> None:
    with pytest.raises(PlaceRefused, match="cannot be read: No such file"):
        file_source(tmp_path / "gone").read(watcher)
    with pytest.raises(PlaceRefused, match="there is no file"):
        SqliteSource(tmp_path / "gone.db").read(watcher)
    assert not list(tmp_path.iterdir()), "looking for a log must not make one"


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path, watcher: Any) -> None:
    with pytest.raises(PlaceRefused, match="cannot be written: No such file") as caught:
        file_target(tmp_path / "gone" / "backup.jsonl").take(Row([]), watcher)
    assert "folder exists" in caught.value.hint


class Interrupted(Exception):
    pass


def interrupted(rows: list[Record], after: int) -> Iterator[Record]:
    yield from rows[:after]
    raise Interrupted


def test_a_dump_that_is_interrupted_leaves_what_was_there_before(
    tmp_path: Path, rows: list[Record], watcher: Any
) -> None:
    path = tmp_path / "backup.jsonl"
    file_target(path).take(Row(rows[:1]), watcher)
    before = path.read_bytes()

    with pytest.raises(Interrupted):
        file_target(path).take(Row(interrupted(rows, 3)), watcher)

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_records_go_to_an_embedded_log_and_back(tmp_path: Path, rows: list[Record], watcher: Any) -> None:
    path = tmp_path / "registry.db"

    assert SqliteTarget(path).take(Row(rows), watcher) == Taken(written=6, found=0)

    assert list(SqliteSource(path).read(watcher).records) == rows


def test_an_import_that_was_interrupted_goes_on_where_it_was(
    tmp_path: Path, rows: list[Record], watcher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "registry.db"
    monkeypatch.setattr(target_module, "BATCH", 2)
    with pytest.raises(Interrupted):
        SqliteTarget(path).take(Row(interrupted(rows, 5)), watcher)

    assert SqliteTarget(path).take(Row(rows), watcher) == Taken(written=2, found=4)
    assert SqliteTarget(path).take(Row(rows), watcher) == Taken(written=0, found=6)

    assert list(SqliteSource(path).read(watcher).records) == rows


def test_a_log_that_holds_something_else_is_left_alone(
    tmp_path: Path, rows: list[Record], watcher: Any
) -> None:
    path = tmp_path / "registry.db"
    SqliteTarget(path).take(Row(rows), watcher)
    later = Record(rows[0].key, rows[0].value, rows[0].timestamp_ms + 1)

    with pytest.raises(TargetDiffers, match=r"holds something else: its record 0 is .*CONFIG"):
        SqliteTarget(path).take(Row([later, *rows[1:], later]), watcher)
    with pytest.raises(TargetDiffers, match="has more records than the 2"):
        SqliteTarget(path).take(Row(rows[:2]), watcher)

    assert list(SqliteSource(path).read(watcher).records) == rows


def test_a_log_that_a_server_has_open_is_refused(tmp_path: Path, watcher: Any) -> None:
    path = tmp_path / "registry.db"
    server = open_sqlite(path).schemas

    for use in (
        lambda: list(SqliteSource(path).read(watcher).records),
        lambda: SqliteTarget(path).take(Row([]), watcher),
    ):
        with pytest.raises(PlaceRefused, match="is in use by another registry server") as caught:
            use()
        assert "http://" in caught.value.hint
    server.close()


def test_a_log_is_read_without_a_trace(tmp_path: Path, rows: list[Record], watcher: Any) -> None:
    path = tmp_path / "odd ?#% name.db"
    SqliteTarget(path).take(Row(rows), watcher)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 1")
    before = path.read_bytes()

    assert list(SqliteSource(path).read(watcher).records) == rows

    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_server_that_crashed_wrote_last_is_read_too(
    tmp_path: Path, rows: list[Record], watcher: Any
) -> None:
    path, copied = tmp_path / "registry.db", tmp_path / "crashed"
    copied.mkdir()
    SqliteTarget(path).take(Row(rows), watcher)
    server = open_sqlite(path).schemas
    server.append(rows[:1], after=server.read(START)[-1].position)
    for file in tmp_path.glob("registry.db*"):
        shutil.copy(file, copied)
    server.close()

    assert list(SqliteSource(copied / "registry.db").read(watcher).records) == [*rows, rows[0]]


def test_a_log_that_a_server_opened_again_is_in_use(tmp_path: Path, rows: list[Record], watcher: Any) -> None:
    path = tmp_path / "registry.db"
    SqliteTarget(path).take(Row(rows), watcher)
    with (
        closing(open_sqlite(path)),
        pytest.raises(PlaceRefused, match="is in use by another registry server"),
    ):
        list(SqliteSource(path).read(watcher).records)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is no registry's log"),
        (b"SELECT 1;" * 200, "is not a SQLite file"),
        ("PRAGMA user_version = 7", "is no registry's log"),
        (f"PRAGMA application_id = {0x61636364}; PRAGMA user_version = 999", "was written by a newer Accord"),
    ],
)
def test_a_file_that_is_no_log_is_left_as_it_is(
    content: bytes | str, words: str, tmp_path: Path, watcher: Any
) -> None:
    path = tmp_path / "other.db"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(f"CREATE TABLE t (x); {content}")
    before = path.read_bytes()

    with pytest.raises(PlaceRefused, match=words):
        list(SqliteSource(path).read(watcher).records)

    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_has_nothing_to_do_with_servers(tmp_path: Path, watcher: Any) -> None:
    with pytest.raises(PlaceRefused, match="there is no folder") as caught:
        SqliteTarget(tmp_path / "gone" / "registry.db").take(Row([]), watcher)
    assert "server" not in caught.value.hint


def test_composed_records_go_on_where_they_were_whatever_the_time(
    tmp_path: Path, rows: list[Record], watcher: Any
) -> None:
    path = tmp_path / "registry.db"
    SqliteTarget(path).take(Row(rows[:4], exact=False), watcher)
    later = [msgspec.structs.replace(row, timestamp_ms=row.timestamp_ms + 9) for row in rows]

    assert SqliteTarget(path).take(Row(later, exact=False), watcher) == Taken(written=2, found=4)
    with pytest.raises(TargetDiffers):
        SqliteTarget(path).take(Row(later), watcher)


def test_a_record_that_no_server_reads_is_moved_and_told(tmp_path: Path, record: Any, watcher: Any) -> None:
    cut_off = record('{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}', '{"subject":"s","vers')

    SqliteTarget(tmp_path / "registry.db").take(Row([cut_off, record("stray", "{}")]), watcher)

    [warning] = watcher.warnings
    assert warning.startswith("records that no server reads: 2, moved as they are; the first is record 0, {")


def test_a_dump_goes_into_what_is_no_file(tmp_path: Path, rows: list[Record], watcher: Any) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()

    file_target(pipe).take(Row(rows), watcher)

    reader.join()
    assert pipe.is_fifo()
    assert list(file_source(None, read[0]).read(watcher).records) == rows


def test_a_dump_goes_to_what_a_link_stands_for(tmp_path: Path, rows: list[Record], watcher: Any) -> None:
    real, link = tmp_path / "real.jsonl", tmp_path / "link.jsonl"
    real.write_bytes(b"before")
    link.symlink_to(real)

    file_target(link).take(Row(rows), watcher)

    assert link.is_symlink()
    assert list(file_source(real).read(watcher).records) == rows


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_disk_without_room_is_one_sentence(rows: list[Record], watcher: Any) -> None:
    with pytest.raises(PlaceRefused, match="/dev/full cannot be written: No space left"):
        file_target(Path("/dev/full")).take(Row(rows), watcher)


def test_a_dump_that_was_carried_as_text_is_told_so(tmp_path: Path, rows: list[Record], watcher: Any) -> None:
    path = tmp_path / "backup.jsonl"
    file_target(path).take(Row(rows), watcher)
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))

    with pytest.raises(PlaceRefused, match="checksum does not fit") as caught:
        file_source(path).read(watcher)
    assert "CR LF" in caught.value.hint


def test_output_without_times_and_records_without_keys_are_told(tmp_path: Path, watcher: Any) -> None:
    path = tmp_path / "topic.txt"
    path.write_bytes(b'null\t{}\n{"keytype":"NOOP","magic":0}\tnull\n')

    file_source(path).read(watcher)

    assert "does not say when its records were written" in watcher.warnings[0]
    assert watcher.losses == [f"records of {path} without a key, which no registry reads: 1"]


def test_whoever_watches_is_told_how_far_it_is(tmp_path: Path, record: Any, watcher: Any) -> None:
    SqliteTarget(tmp_path / "registry.db").take(Row([record("k", "v")] * 1200), watcher)

    assert watcher.tasks == [f"writing sqlite:{tmp_path / 'registry.db'}"]
    assert watcher.moves == [500, 1000]


def test_a_log_keeps_what_a_server_can_go_on_with(tmp_path: Path, rows: list[Record], watcher: Any) -> None:
    path = tmp_path / "registry.db"
    SqliteTarget(path).take(Row(rows), watcher)

    log = open_sqlite(path).schemas
    last = log.read(START)[-1].position
    log.append([rows[0]], after=last)
    log.close()

    assert list(SqliteSource(path).read(watcher).records) == [*rows, rows[0]]
