"""A dump in a file and the embedded log, as sources and as targets."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from accord.registry.log.port import START, Record
from accord.registry.log.sqlite import SqliteLog
from accord.transfer import sqlite
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
    monkeypatch.setattr(sqlite, "BATCH", 2)
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
    server = SqliteLog(path)

    for use in (
        lambda: list(SqliteSource(path).read(watcher).records),
        lambda: SqliteTarget(path).take(Row([]), watcher),
    ):
        with pytest.raises(PlaceRefused, match="is in use by another registry server") as caught:
            use()
        assert "http://" in caught.value.hint
    server.close()


def test_whoever_watches_is_told_how_far_it_is(tmp_path: Path, record: Any, watcher: Any) -> None:
    SqliteTarget(tmp_path / "registry.db").take(Row([record("k", "v")] * 1200), watcher)

    assert watcher.tasks == [f"writing sqlite:{tmp_path / 'registry.db'}"]
    assert watcher.moves == [500, 1000]


def test_a_log_keeps_what_a_server_can_go_on_with(tmp_path: Path, rows: list[Record], watcher: Any) -> None:
    path = tmp_path / "registry.db"
    SqliteTarget(path).take(Row(rows), watcher)

    log = SqliteLog(path)
    last = log.read(START)[-1].position
    log.append([rows[0]], after=last)
    log.close()

    assert list(SqliteSource(path).read(watcher).records) == [*rows, rows[0]]
