"""What the page on clients says of versions is what is locked, and lock files name nobody's package server."""

import json
import re
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def locked_versions() -> dict[str, str]:
    """The version of each client by its name."""
    node, kafkajs = "@confluentinc/schemaregistry", "@kafkajs/confluent-schema-registry"
    crates = tomllib.loads((HERE / "rust/crates.lock").read_text())["package"]
    versions = {crate["name"]: str(crate["version"]) for crate in crates}
    return {
        "confluent-kafka": found("^confluent-kafka==([^ ]+)", ROOT / "requirements/dev.txt"),
        node: locked_by_npm("node", node),
        kafkajs: locked_by_npm("kafkajs", kafkajs),
        "franz-go/pkg/sr": found("franz-go/pkg/sr v(.+)$", HERE / "go/go.mod"),
        "schema_registry_converter": versions["schema_registry_converter"],
    }


def locked_by_npm(folder: str, package: str) -> str:
    """The version in the folder's lock file."""
    packages = json.loads((HERE / folder / "package-lock.json").read_text())["packages"]
    return str(packages[f"node_modules/{package}"]["version"])


def found(pattern: str, path: Path) -> str:
    """The first group of the one match in a file."""
    (match,) = re.findall(pattern, path.read_text(), re.MULTILINE)
    return str(match)


def test_the_page_on_clients_names_the_locked_versions() -> None:
    rows = re.findall(
        r"^\| `([^`]+)` \|[^|]+\| ([^ |]+) \|", (ROOT / "docs/clients.md").read_text(), re.MULTILINE
    )

    assert dict(rows) == locked_versions()


@pytest.mark.parametrize(
    ("path", "forbidden"),
    [
        ("node/package-lock.json", '"resolved"'),
        ("kafkajs/package-lock.json", '"resolved"'),
        ("asyncapi/package-lock.json", '"resolved"'),
        ("rust/crates.lock", "source = "),
    ],
)
def test_lock_files_do_not_say_where_packages_come_from(path: str, forbidden: str) -> None:
    assert forbidden not in (HERE / path).read_text()
