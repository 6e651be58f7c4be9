from pathlib import Path

import pytest

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
