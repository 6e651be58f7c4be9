"""How a folder is brought to what is made, and what is told where it is not."""

from pathlib import Path

import pytest

from accord.contracts.generate import MadeFile, Target

MARK = "# Made by `accord generate things` from a.\n"


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target(tmp_path, "generate things", ("**/*.txt",))


def file(path: str, text: str = "one\ntwo\n") -> MadeFile:
    return MadeFile(path, MARK + text)


def rules_of(target: Target, *files: MadeFile) -> list[str]:
    return [finding.rule for finding in target.check(files).findings]


def test_what_is_made_is_written_once(target: Target) -> None:
    assert target.write([file("a/b.txt")]).written == ("a/b.txt",)
    assert target.write([file("a/b.txt")]).unchanged == ("a/b.txt",)
    assert (target.folder / "a/b.txt").read_text() == MARK + "one\ntwo\n"
    assert rules_of(target, file("a/b.txt")) == []


def test_a_file_of_somebody_else_is_never_overwritten(target: Target) -> None:
    (target.folder / "b.txt").write_text("mine\n")

    outcome = target.write([file("a.txt"), file("b.txt")])

    assert [finding.rule for finding in outcome.findings] == ["GENERATED_FILE_FOREIGN"]
    assert (target.folder / "b.txt").read_text() == "mine\n"
    assert not (target.folder / "a.txt").exists()
    assert rules_of(target, file("b.txt")) == ["GENERATED_FILE_FOREIGN"]


def test_what_is_no_longer_made_is_removed_and_the_files_of_others_stay(target: Target) -> None:
    target.write([file("a.txt"), file("sub/b.txt")])
    (target.folder / "c.txt").write_text("mine\n")
    (target.folder / "d.txt").write_text(MARK.replace("things", "other"))

    assert rules_of(target, file("a.txt")) == ["GENERATED_FILE_LEFT_OVER"]
    assert target.write([file("a.txt")]).removed == ("sub/b.txt",)
    assert sorted(path.name for path in target.folder.glob("*.txt")) == ["a.txt", "c.txt", "d.txt"]


def test_nothing_is_removed_while_something_could_not_be_made(target: Target) -> None:
    target.write([file("a.txt"), file("b.txt")])

    assert target.write([file("a.txt")], complete=False).removed == ()
    assert target.check([file("a.txt")], complete=False).findings == ()
    assert (target.folder / "b.txt").exists()


def test_a_check_tells_what_would_change_and_changes_nothing(target: Target) -> None:
    target.write([file("a.txt")])

    [stale, missing] = target.check([file("a.txt", "one\nthree\n"), file("b.txt")]).findings

    assert (stale.rule, missing.rule) == ("GENERATED_FILE_STALE", "GENERATED_FILE_MISSING")
    assert stale.at is not None
    assert (stale.at.line, stale.at.excerpt) == (3, "two")
    [fix] = stale.fixes
    assert (fix.before, fix.after, fix.schema) == ("two", "three", MARK + "one\nthree\n")
    assert (target.folder / "a.txt").read_text() == MARK + "one\ntwo\n"
    assert not (target.folder / "b.txt").exists()
