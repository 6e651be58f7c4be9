"""The tests that are made for a service: what they try, that they run, and that they fail when something is broken."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from tests.contracts.generate.making import project_of, schema_file

import accord
import accord.testing
from accord.client import ConfigChange
from accord.contracts.generate import Target
from accord.contracts.generate.consumer_tests import (
    LOOKED_AT,
    Models,
    command_for,
    consumer_tests,
)
from accord.contracts.generate.reading import Readings, readings, samples_of
from accord.contracts.model import Claim, DeclaredReader, Event, Project, SourceFile
from accord.errors import ConfigurationError
from accord.schemas import Schema, SchemaType, Subject, parse

SUBJECT: Final = Subject("orders-value")


def order(*fields: dict[str, Any]) -> str:
    return json.dumps({"type": "record", "name": "Order", "namespace": "shop", "fields": fields})


ID: Final = {"name": "id", "type": "string"}
TOTAL: Final = {
    "name": "total",
    "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
}
NOTE: Final = {"name": "note", "type": ["null", "string", "long"], "default": None}
V1: Final = order(ID, TOTAL)
V2: Final = order(ID, TOTAL, NOTE)
BROKEN: Final = order(ID, NOTE)
FILE: Final = schema_file("schemas/orders.avsc", V2)


def claim(*fields: str, examples: tuple[dict[str, object], ...] = ()) -> Claim:
    reader = DeclaredReader("billing", ("billing-v1",), fields, examples=examples)
    return Claim(SourceFile("consumers/billing.yaml", ""), "orders", "orders", SUBJECT, reader)


def project(*claims: Claim, examples: tuple[dict[str, object], ...] = ()) -> Project:
    found = project_of(topics={"orders": FILE})
    contract = replace(found.contracts[0], events=(Event("Order", FILE, examples),))
    return replace(found, contracts=(contract,), claims=claims)


@pytest.fixture
def registry() -> Iterator[accord.Registry]:
    with accord.testing.registry() as server, accord.Registry(server.url) as client:
        yield client


def made(
    folder: Path, of: Project, registry: accord.Registry | None = None, models: Models | None = None
) -> Readings:
    found = consumer_tests(of, "billing", registry=registry, models=models)
    Target(folder, command_for("billing"), LOOKED_AT).write(found.files)
    return readings(folder / "billing_reads")


def failures(found: Readings) -> dict[str, str]:
    told = {}
    for name, case in found.cases.items():
        try:
            case.check()
        except Exception as error:  # noqa: BLE001 -- as pytest takes whatever a test raises
            told[name] = str(error)
    return told


def test_every_version_and_every_example_is_a_case(registry: accord.Registry, tmp_path: Path) -> None:
    registry.register(SUBJECT, Schema(V1))
    registry.register(SUBJECT, Schema(V2))
    stated: dict[str, object] = {"id": "a", "total": "1.50"}
    needed: dict[str, object] = {"id": "b"}

    found = made(tmp_path, project(claim("id", "total", examples=(needed,)), examples=(stated,)), registry)

    assert list(found.cases) == [
        "orders-value: the fields that billing reads",
        "orders-value: version 1",
        "orders-value: version 2",
        "orders-value: as in schemas/orders.avsc",
        "orders-value: example 1 of the producer",
        "orders-value: example 1 of billing",
    ]
    assert failures(found) == {}


def test_a_version_without_a_field_that_is_read_fails(registry: accord.Registry, tmp_path: Path) -> None:
    registry.set_config(SUBJECT, ConfigChange(compatibility=accord.CompatibilityLevel.NONE))
    registry.register(SUBJECT, Schema(V1))
    registry.register(SUBJECT, Schema(BROKEN))

    told = failures(made(tmp_path, project(claim("id", "total")), registry))

    assert list(told) == ["orders-value: version 2"]
    assert "total" in told["orders-value: version 2"]


def test_a_version_without_a_field_that_nobody_reads_does_not_matter(
    registry: accord.Registry, tmp_path: Path
) -> None:
    registry.set_config(SUBJECT, ConfigChange(compatibility=accord.CompatibilityLevel.NONE))
    registry.register(SUBJECT, Schema(BROKEN))

    assert failures(made(tmp_path, project(claim("id")), registry)) == {}


def test_a_field_that_is_not_there_fails(tmp_path: Path) -> None:
    told = failures(made(tmp_path, project(claim("id", "discount"))))

    assert "there is no field discount to be read" in told["orders-value: the fields that billing reads"]


def test_an_example_that_no_producer_could_write_fails(tmp_path: Path) -> None:
    wrong: dict[str, object] = {"id": 7}

    told = failures(made(tmp_path, project(claim("id", examples=(wrong,)))))

    assert list(told) == ["orders-value: example 1 of billing"]


@pytest.mark.parametrize(
    ("path", "schemas"),
    [
        (
            "s/orders.json",
            (
                '{"type":"object","properties":{"id":{"type":"string"}},"required":["id"],"additionalProperties":false}',
                '{"type":"object","properties":{"id":{"type":"string"},"n":{"type":"integer"}},"required":["id"],"additionalProperties":false}',
                '{"type":"object","properties":{"id":{"type":"integer"}},"required":["id"],"additionalProperties":false}',
            ),
        ),
        (
            "s/orders.proto",
            (
                'syntax = "proto3"; message Order { string id = 1; }',
                'syntax = "proto3"; message Order { string id = 1; int32 n = 2; }',
                'syntax = "proto3"; message Order { int32 n = 2; }',
            ),
        ),
    ],
)
def test_other_formats_are_read_as_well(
    path: str, schemas: tuple[str, str, str], registry: accord.Registry, tmp_path: Path
) -> None:
    old, new, broken = schemas
    file = schema_file(path, new)
    of = replace(project_of(topics={"orders": file}), claims=(claim("id", examples=({"id": "a"},)),))
    registry.set_config(SUBJECT, ConfigChange(compatibility=accord.CompatibilityLevel.NONE))
    registry.register(SUBJECT, Schema(old, file.type))
    assert failures(made(tmp_path, of, registry)) == {}

    registry.register(SUBJECT, Schema(broken, file.type))

    assert "orders-value: version 2" in failures(made(tmp_path, of, registry))


def test_a_service_that_reads_nothing_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="nothing is known of what 'audit' reads"):
        consumer_tests(project(claim("id")), "audit", registry=None)


def test_what_nobody_writes_is_told() -> None:
    nobody = replace(claim("id"), subject=Subject("elsewhere-value"))

    found = consumer_tests(project(nobody), "billing", registry=None)

    assert [finding.rule for finding in found.findings] == ["GENERATE_NOTHING_TO_READ"]


def test_what_is_made_is_always_the_same(registry: accord.Registry) -> None:
    registry.register(SUBJECT, Schema(V1))

    assert consumer_tests(project(claim("id")), "billing", registry=registry) == consumer_tests(
        project(claim("id")), "billing", registry=registry
    )


@pytest.mark.parametrize(
    ("schema", "type_", "expected"),
    [
        (order(NOTE), SchemaType.AVRO, [{"note": None}, {"note": "text"}, {"note": 1}]),
        (
            '{"type":"object","properties":{"a":{"enum":["x","y"]},"b":{"type":"integer","minimum":3}},"required":["a"]}',
            SchemaType.JSON,
            [{"a": "x", "b": 3}, {"a": "y"}],
        ),
        ('syntax = "proto3"; message A { string b = 1; }', SchemaType.PROTOBUF, [{"b": ""}]),
    ],
)
def test_samples_meet_every_branch(schema: str, type_: SchemaType, expected: list[Any]) -> None:
    found = samples_of(parse(Schema(schema, type_)))

    assert list(found) == expected


@pytest.mark.soak
@pytest.mark.timeout(300)
def test_the_file_runs_and_fails_when_a_version_is_broken(registry: accord.Registry, tmp_path: Path) -> None:
    registry.set_config(SUBJECT, ConfigChange(compatibility=accord.CompatibilityLevel.NONE))
    registry.register(SUBJECT, Schema(V1))
    (tmp_path / "billing_events.py").write_text(
        "from dataclasses import dataclass\nfrom decimal import Decimal\n\n\n"
        "@dataclass(frozen=True)\nclass Order:\n    id: str\n    total: Decimal\n"
    )
    models = Models({SUBJECT: "billing_events:Order"})
    made(tmp_path, project(claim("id", "total")), registry, models)
    (tmp_path / "pytest.ini").write_text("[pytest]\npythonpath = .\n")

    ran = pytest_in(tmp_path)
    assert ran.returncode == 0, ran.stdout
    assert "3 passed" in ran.stdout

    registry.register(SUBJECT, Schema(BROKEN))
    made(tmp_path, project(claim("id", "total")), registry, models)
    ran = pytest_in(tmp_path)

    assert ran.returncode == 1, ran.stdout
    assert "1 failed, 3 passed" in ran.stdout
    assert "orders-value: version 2" in ran.stdout
    linted = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "."]
    assert subprocess.run(linted, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def pytest_in(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis", "."]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
