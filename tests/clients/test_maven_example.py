"""The example in Java: Maven makes and compiles the classes of schemas that `accord pull` fetched."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest
from click.testing import CliRunner

import accord.testing
from accord.cli.main import cli
from accord.schemas import Reference, Schema, Subject, Version

pytestmark = [pytest.mark.clients, pytest.mark.timeout(900)]

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
BATCH: Final = (
    '{"type": "record", "name": "Batch", "namespace": "com.example.events", '
    '"fields": [{"name": "orders", "type": {"type": "array", "items": "OrderCreated"}}]}'
)


@pytest.fixture
def service(tmp_path: Path) -> Path:
    """The example with the schemas that a registry has, one of which refers to the other."""
    folder = tmp_path / "service"
    shutil.copytree(EXAMPLES / "java", folder, ignore=shutil.ignore_patterns("target", "pulled"))
    order = Schema((EXAMPLES / "orders/contracts/schemas/OrderCreated.avsc").read_text())
    name = "com.example.events.OrderCreated"
    with accord.testing.registry() as server, server.client() as client:
        client.register("orders.created-value", order)
        reference = Reference(name, Subject("orders.created-value"), Version(1))
        client.register("orders.batches-value", Schema(BATCH, references=(reference,)))
        pull = ["pull", "orders.*", "--registry", server.url, "--into", str(folder / "pulled")]
        done = CliRunner().invoke(cli, pull, standalone_mode=False, catch_exceptions=False)
    assert done.return_value == 0, done.output
    return folder


def maven(folder: Path, goal: str) -> None:
    program = shutil.which("mvn")
    if program is None:
        pytest.skip("there is no mvn on this machine")
    done = subprocess.run(
        [program, "--quiet", "--batch-mode", goal], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_maven_makes_the_classes(service: Path) -> None:
    maven(service, "generate-sources")

    made = service / "target/generated-sources/avro/com/example/events"
    assert {path.name for path in made.glob("*.java")} == {"OrderCreated.java", "Batch.java"}
    assert "private java.math.BigDecimal total_amount;" in (made / "OrderCreated.java").read_text()


def test_a_program_uses_them(service: Path) -> None:
    maven(service, "compile")

    assert (service / "target/classes/com/example/billing/Invoice.class").is_file()
