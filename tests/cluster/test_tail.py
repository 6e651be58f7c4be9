from pathlib import Path

import pytest

from accord.cluster.tail import Tail, follow


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "server.log"
    path.write_text("one\ntwo\n")
    return path


def test_the_first_reading_tells_all_and_the_next_only_what_is_new(log: Path) -> None:
    tail = Tail(log)
    assert tail.read() == ["one", "two"]
    assert tail.read() == []

    log.write_text("one\ntwo\nthree\n")

    assert tail.read() == ["three"]


def test_a_line_is_told_when_it_is_whole(log: Path) -> None:
    tail = Tail(log)
    tail.read()
    log.write_text("one\ntwo\nthr")
    assert tail.read() == []

    log.write_text("one\ntwo\nthree\n")

    assert tail.read() == ["three"]


def test_a_log_that_does_not_exist_yet_is_read_once_it_does(tmp_path: Path) -> None:
    tail = Tail(tmp_path / "server.log")
    assert tail.read() == []

    (tmp_path / "server.log").write_text("one\n")

    assert tail.read() == ["one"]


def test_a_log_that_is_set_aside_is_read_from_its_new_beginning(log: Path) -> None:
    tail = Tail(log)
    tail.read()

    log.rename(log.with_name("server.previous.log"))
    log.write_text("anew\nand longer than before\n")

    assert tail.read() == ["anew", "and longer than before"]


def test_bytes_that_are_no_text_do_not_end_the_reading(log: Path) -> None:
    log.write_bytes(b"caf\xe9\n")

    assert Tail(log).read() == ["caf\N{REPLACEMENT CHARACTER}"]


@pytest.mark.timeout(10)
def test_several_logs_are_followed_under_their_numbers(log: Path, tmp_path: Path) -> None:
    following = follow({1: Tail(log), 2: Tail(tmp_path / "other.log")})
    assert [next(following), next(following)] == [(1, "one"), (1, "two")]

    (tmp_path / "other.log").write_text("first\n")

    assert next(following) == (2, "first")
