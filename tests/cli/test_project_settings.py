import json
from pathlib import Path

import click
import pytest

from accord.cli.main import run
from accord.cli.options import environment, project_place
from accord.errors import ConfigurationError

FILE = """\
[project]
paths = ["contracts"]
replicas = 3
topic-names = "[a-z.]+"
subjects = {"common/Money.avsc" = "Money"}

[environments.dev]
registry = "http://127.0.0.1:8081"

[environments.prod]
registry = "https://registry.example.com"
kafka = "kafka-1:9092,kafka-2:9092"
kafka-config = "prod.properties"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "accord.toml").write_text(FILE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_project_is_where_its_settings_are(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    below = folder / "contracts" / "orders"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    place = project_place(None)

    assert place.root == folder
    assert (place.settings.paths, place.settings.replicas) == (("contracts",), 3)
    assert (place.settings.topic_names, place.settings.subjects) == (
        "[a-z.]+",
        {"common/Money.avsc": "Money"},
    )


def test_paths_of_another_folder_do_not_count_in_a_named_one(folder: Path) -> None:
    (folder / "other").mkdir()

    settings = project_place(folder / "other").settings

    assert (settings.paths, settings.subjects, settings.replicas) == ((), {}, 3)


def test_without_a_file_the_project_is_here(folder: Path) -> None:
    (folder / "accord.toml").unlink()

    assert project_place(None).root.resolve() == folder.resolve()


def test_an_environment_says_where_things_are(folder: Path) -> None:
    prod = environment("prod")

    assert (prod.name, prod.registry_url) == ("prod", "https://registry.example.com")
    assert (prod.kafka_servers, prod.kafka_config) == (
        "kafka-1:9092,kafka-2:9092",
        folder / "prod.properties",
    )


def test_a_flag_wins_over_the_environment() -> None:
    assert environment("prod", "http://127.0.0.1:1").registry_url == "http://127.0.0.1:1"


def test_the_only_environment_needs_no_name(folder: Path) -> None:
    (folder / "accord.toml").write_text(
        '[environments.dev]\nregistry = "http://127.0.0.1:8081"\n', encoding="utf-8"
    )

    assert environment(None).name == "dev"


def test_of_several_environments_none_is_taken_unasked() -> None:
    place = environment(None)

    assert place.name == ""
    with pytest.raises(ConfigurationError, match="no registry is named") as refused:
        place.registry()
    assert "choose an environment: --env " in str(refused.value.hint)
    assert "prod" in str(refused.value.hint)
    with pytest.raises(ConfigurationError, match="no Kafka cluster is named"):
        place.kafka()


def test_an_unknown_environment_is_refused() -> None:
    with pytest.raises(ConfigurationError) as refused:
        environment("staging")

    assert refused.value.hint == "choose one of dev, prod"


def test_what_the_file_says_is_shown(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert run(["config", "show", "--format", "json"]) == 0

    shown = {row["name"]: row for row in json.loads(capsys.readouterr().out)["settings"]}
    assert shown["project.paths"]["value"] == ["contracts"]
    assert shown["environments.prod.kafka"]["value"] == "kafka-1:9092,kafka-2:9092"
    assert shown["environments.prod.kafka"]["source"] == str(folder / "accord.toml")


def test_everything_wrong_with_the_tables_is_told_at_once(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    (folder / "accord.toml").write_text(
        """\
[project]
path = ["contracts"]
paths = "contracts"
replicas = 0
topic-names = "["
[environments]
dev = "http://127.0.0.1:8081"
[environments.prod]
registri = "x"
kafka = 9092
""",
        encoding="utf-8",
    )

    assert run(["config", "show"]) == 2

    told = capsys.readouterr().err
    for sentence in (
        "'project.path' is not a setting (did you mean 'paths'?)",
        "'project.paths': 'contracts' is not a list of texts",
        "'project.replicas': 0 is not a whole number above 0",
        "'project.topic-names': '[' is not a regular expression",
        "'environments.dev' is no table: write [environments.dev]",
        "'environments.prod.registri' is not a setting (did you mean 'registry'?)",
        "'environments.prod.kafka': 9092 is not text",
    ):
        assert sentence in told


def test_a_named_settings_file_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "ci.toml").write_text(
        '[environments.ci]\nregistry = "http://127.0.0.1:7"\n', encoding="utf-8"
    )
    with click.Context(click.Command("accord")) as context:
        context.params["config"] = elsewhere / "ci.toml"

        assert environment("ci").registry_url == "http://127.0.0.1:7"
        assert project_place(None).root == elsewhere
    del capsys
