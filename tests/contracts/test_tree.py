import errno
import os
from pathlib import Path

import pytest

from accord.contracts.loading import load
from accord.contracts.model import ProjectSettings
from accord.contracts.tree import Folder
from accord.errors import ConfigurationError


def test_a_folder_lists_its_files_in_order_and_passes_over_what_others_keep(tmp_path: Path) -> None:
    for path in ("b.avsc", "a/c.avsc", "a/b.avsc", ".git/x", "a/node_modules/y.avsc", ".hidden.avsc"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path, encoding="utf-8")

    folder = Folder(tmp_path)

    assert folder.paths() == [".hidden.avsc", "a/b.avsc", "a/c.avsc", "b.avsc"]
    assert folder.read("a/b.avsc") == b"a/b.avsc"
    assert folder.name == f"dir:{tmp_path}"


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read: No such file or directory"):
        Folder(tmp_path).read("gone.avsc")


def test_what_is_no_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.avsc")
    with pytest.raises(ConfigurationError, match=r"pipe\.avsc cannot be read: it is no file"):
        Folder(tmp_path).read("pipe.avsc")


def test_a_folder_that_cannot_be_looked_into_is_listed_and_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret").mkdir()
    (tmp_path / "a.avsc").touch()
    scandir = os.scandir

    def refused(place: Path | str) -> object:
        if str(place).endswith("secret"):
            raise PermissionError(errno.EACCES, "Permission denied", place)
        return scandir(place)

    monkeypatch.setattr("os.scandir", refused)

    assert Folder(tmp_path).paths() == ["a.avsc", "secret/"]
    with pytest.raises(ConfigurationError, match=r"secret cannot be read: Permission denied"):
        Folder(tmp_path).read("secret/")
    [finding] = load(Folder(tmp_path), settings=ProjectSettings(paths=("secret",))).findings
    assert finding.rule == "CONTRACT_FILE_UNREADABLE"
    assert load(Folder(tmp_path), settings=ProjectSettings(paths=("elsewhere",))).findings == ()
