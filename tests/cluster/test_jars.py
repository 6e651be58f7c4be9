import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from accord.cluster.errors import DownloadFailed, JarRefused
from accord.cluster.jars import (
    Fetch,
    Jar,
    JarFolder,
    JarStore,
    locked,
    parse_lock,
    render_lock,
)
from accord.cluster.progress import Silent

CONTENT = {"org.example:one:1.0": b"one", "org.example:two:2.0": b"two", "org.example:three:3.0": b"three"}


def jar(coordinate: str, content: bytes) -> Jar:
    return Jar(coordinate, hashlib.sha256(content).hexdigest(), len(content))


JARS = tuple(jar(coordinate, content) for coordinate, content in CONTENT.items())


class Repository:
    """Hands out what it holds and remembers what was asked for."""

    def __init__(self, content: Mapping[str, bytes]) -> None:
        self.content = content
        self.asked: list[str] = []

    def connect(self) -> AbstractContextManager[Fetch]:
        @contextmanager
        def connection() -> Iterator[Fetch]:
            yield self.fetch

        return connection()

    def fetch(self, jar: Jar, folder: Path, *, received: Callable[[int], None]) -> Path:
        self.asked.append(jar.coordinate)
        if jar.coordinate not in self.content:
            raise DownloadFailed(f"{jar.coordinate} could not be downloaded", hint="bring it with --jars DIR")
        path = folder / jar.file_name
        path.write_bytes(self.content[jar.coordinate])
        received(len(self.content[jar.coordinate]))
        return path


class Listener(Silent):
    """Remembers the last progress."""

    def __init__(self) -> None:
        self.last = (0, 0)

    def loaded(self, done_bytes: int, total_bytes: int) -> None:
        self.last = (done_bytes, total_bytes)


def store(folder: Path, repository: Repository) -> JarStore:
    return JarStore(folder, JARS, connect=repository.connect)


def filled(folder: Path) -> Path:
    for each in JARS:
        (folder / each.file_name).write_bytes(CONTENT[each.coordinate])
    return folder


def test_the_lock_names_everything_that_a_broker_and_its_tools_need() -> None:
    names = {each.coordinate.rpartition(":")[0] for each in locked()}

    assert names >= {
        "org.apache.kafka:kafka_2.13",
        "org.apache.kafka:kafka-tools",
        "org.apache.kafka:connect-mirror",
        "org.apache.logging.log4j:log4j-slf4j-impl",
    }


def test_all_parts_of_kafka_in_the_lock_are_of_one_version() -> None:
    versions = {
        each.coordinate.rpartition(":")[2]
        for each in locked()
        if each.coordinate.startswith("org.apache.kafka:")
    }

    assert versions == {"4.2.0"}


def test_no_two_jars_of_the_lock_share_a_file() -> None:
    names = [each.file_name for each in locked()]

    assert len(names) == len(set(names))


def test_the_lock_holds_full_digests_and_no_address() -> None:
    text = render_lock(locked())

    assert all(len(bytes.fromhex(each.sha256)) == 32 for each in locked())
    assert "://" not in text


def test_a_lock_survives_being_written_and_read() -> None:
    assert parse_lock("# a comment\n\n" + render_lock(JARS)) == JARS


def test_jars_are_fetched_once_and_stand_in_the_order_of_the_lock(tmp_path: Path) -> None:
    repository, listener = Repository(CONTENT), Listener()

    first = store(tmp_path / "jars", repository).classpath(listener)
    second = store(tmp_path / "jars", repository).classpath(listener)

    assert [path.name for path in first] == ["one-1.0.jar", "two-2.0.jar", "three-3.0.jar"]
    assert second == first
    assert sorted(repository.asked) == sorted(CONTENT)
    assert listener.last == (11, 11)


def test_only_what_is_missing_is_fetched(tmp_path: Path) -> None:
    repository = Repository(CONTENT)
    (filled(tmp_path) / "two-2.0.jar").unlink()

    store(tmp_path, repository).classpath(Silent())

    assert repository.asked == ["org.example:two:2.0"]


def test_a_tampered_jar_is_refused_by_name_with_the_remedy(tmp_path: Path) -> None:
    (filled(tmp_path) / "two-2.0.jar").write_bytes(b"TWO")

    with pytest.raises(JarRefused, match=r"two-2\.0\.jar") as refusal:
        store(tmp_path, Repository(CONTENT)).classpath(Silent())

    assert "one-1.0.jar" not in refusal.value.message
    assert "delete it" in refusal.value.hint


def test_after_deleting_a_tampered_jar_all_is_well_again(tmp_path: Path) -> None:
    tampered = filled(tmp_path) / "two-2.0.jar"
    tampered.write_bytes(b"TWO")
    tampered.unlink()

    assert len(store(tmp_path, Repository(CONTENT)).classpath(Silent())) == 3


def test_a_download_that_is_not_the_locked_file_is_refused_and_not_kept(tmp_path: Path) -> None:
    repository = Repository({**CONTENT, "org.example:two:2.0": b"<html>please log in</html>"})

    with pytest.raises(DownloadFailed, match=r"org\.example:two:2\.0") as failure:
        store(tmp_path, repository).classpath(Silent())

    assert "--jars DIR" in failure.value.hint
    assert not (tmp_path / "two-2.0.jar").exists()


def test_a_failed_download_leaves_nothing_half_done_and_the_next_run_goes_on(tmp_path: Path) -> None:
    lacking = {name: content for name, content in CONTENT.items() if "two" not in name}

    with pytest.raises(DownloadFailed, match=r"org\.example:two:2\.0"):
        store(tmp_path, Repository(lacking)).classpath(Silent())

    assert not list(tmp_path.glob("incoming-*"))
    assert len(store(tmp_path, Repository(CONTENT)).classpath(Silent())) == 3


def test_a_folder_of_brought_jars_is_used_as_it_is(tmp_path: Path) -> None:
    assert JarFolder(filled(tmp_path), JARS).classpath() == [tmp_path / each.file_name for each in JARS]


def test_a_brought_folder_that_lacks_jars_names_them(tmp_path: Path) -> None:
    (filled(tmp_path) / "one-1.0.jar").unlink()
    (tmp_path / "three-3.0.jar").unlink()

    with pytest.raises(JarRefused, match=r"one-1\.0\.jar, three-3\.0\.jar missing") as refusal:
        JarFolder(tmp_path, JARS).classpath()

    assert "copy the jars" in refusal.value.hint


def test_a_tampered_jar_in_a_brought_folder_is_refused(tmp_path: Path) -> None:
    (filled(tmp_path) / "one-1.0.jar").write_bytes(b"ONE")

    with pytest.raises(JarRefused, match=r"one-1\.0\.jar"):
        JarFolder(tmp_path, JARS).classpath()


def test_a_long_list_of_missing_jars_is_cut(tmp_path: Path) -> None:
    many = tuple(jar(f"org.example:lib{number}:1", b"") for number in range(20))

    with pytest.raises(JarRefused, match=r"lib0-1\.jar, lib1-1\.jar, lib2-1\.jar and 17 more missing"):
        JarFolder(tmp_path, many).classpath()
