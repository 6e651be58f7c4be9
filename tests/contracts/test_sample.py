from pathlib import Path

from accord.contracts.loading import load
from accord.contracts.new_files import write_new
from accord.contracts.sample import FILES
from accord.contracts.tree import Folder


def test_nothing_is_wrong_with_the_sample(tmp_path: Path) -> None:
    write_new(tmp_path, FILES)

    project = load(Folder(tmp_path))

    assert project.findings == ()
    assert [contract.id for contract in project.contracts] == ["orders.created"]
    assert [claim.reader.service for claim in project.claims] == ["billing"]
    assert project.contracts[0].events[0].examples


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")

    outcome = write_new(tmp_path, {"mine": "other", "same/new": "text", "link": "text"})
    again = write_new(tmp_path, {"mine": "other", "same/new": "text"})

    assert (outcome.written, outcome.left_alone) == (("same/new",), ("mine", "link"))
    assert (again.written, again.unchanged, again.left_alone) == ((), ("same/new",), ("mine",))
    assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"
