import json
from pathlib import Path

import pytest

from accord.client import Registry
from accord.contracts.importing.pulling import NothingMatches, behind, pull, write
from accord.contracts.loading import load
from accord.contracts.tree import Folder
from accord.errors import ConfigurationError
from accord.schemas import Schema, Subject

USER = '{"type":"record","name":"User","fields":[{"name":"total","type":"com.example.Money"}]}'


def test_a_schema_comes_with_what_it_refers_to(registry: Registry, tmp_path: Path) -> None:
    changed = write(tmp_path, pull(registry, ["orders-value"]))

    assert sorted(changed) == ["com.example.Money.avsc", "orders-value.avsc", "pulled.json"]
    assert json.loads((tmp_path / "pulled.json").read_text(encoding="utf-8")) == {
        "com.example.Money.avsc": {"subject": "com.example.Money", "version": 1},
        "orders-value.avsc": {"subject": "orders-value", "version": 1},
    }


def test_what_was_pulled_can_be_referred_to(registry: Registry, tmp_path: Path) -> None:
    write(tmp_path / "pulled", pull(registry, ["*"]))
    (tmp_path / "user.avsc").write_text(USER, encoding="utf-8")
    (tmp_path / "cargo.proto").write_text(
        'syntax = "proto3";\nimport "common/money.proto";\nmessage Cargo { shop.Money cost = 1; }\n',
        encoding="utf-8",
    )

    project = load(Folder(tmp_path))

    assert project.findings == ()
    assert list(project.schemas) == ["cargo-value", "user-value"]
    assert project.schemas[Subject("user-value")].references[0].subject == "com.example.Money"
    assert project.schemas[Subject("cargo-value")].references[0].subject == "common/money.proto"


def test_pulling_again_changes_nothing(registry: Registry, tmp_path: Path) -> None:
    write(tmp_path, pull(registry, ["orders-*"]))

    assert write(tmp_path, pull(registry, ["orders-*"])) == ()
    assert behind(tmp_path, pull(registry, ["orders-key"])) == ()


def test_a_newer_version_is_behind_until_it_is_pulled(registry: Registry, tmp_path: Path) -> None:
    write(tmp_path, pull(registry, ["com.example.Alone"]))
    registry.register(
        "com.example.Alone",
        Schema(
            '{"type":"record","name":"Alone","namespace":"com.example",'
            '"fields":[{"name":"cents","type":"long"},{"name":"x","type":"int","default":0}]}'
        ),
    )
    pulled = pull(registry, ["com.example.Alone"])

    assert sorted(behind(tmp_path, pulled)) == ["com.example.Alone.avsc", "pulled.json"]
    write(tmp_path, pulled)
    assert behind(tmp_path, pulled) == ()


def test_what_was_pulled_before_stays_in_the_index(registry: Registry, tmp_path: Path) -> None:
    write(tmp_path, pull(registry, ["orders-key"]))
    write(tmp_path, pull(registry, ["com.example.Alone"]))

    assert list(json.loads((tmp_path / "pulled.json").read_text(encoding="utf-8"))) == [
        "com.example.Alone.avsc",
        "orders-key.avsc",
    ]


def test_a_file_of_ones_own_is_never_overwritten(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "orders-key.avsc").write_text("mine", encoding="utf-8")

    with pytest.raises(ConfigurationError, match=r"orders-key.avsc is there and was not pulled"):
        write(tmp_path, pull(registry, ["orders-*"]))

    assert [path.name for path in tmp_path.iterdir()] == ["orders-key.avsc"]


def test_a_pattern_that_matches_nothing_is_refused(registry: Registry) -> None:
    with pytest.raises(NothingMatches, match=r"has no subject 'order-\*'"):
        pull(registry, ["orders-key", "order-*"])
