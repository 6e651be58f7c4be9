"""What is made passes the tools that its users have."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from tests.contracts.generate.making import project_of, schema_file

from accord.contracts.generate import Target
from accord.contracts.generate.python import COMMAND, LOOKED_AT, Kind, python
from accord.contracts.model import Project

pytestmark = [pytest.mark.soak, pytest.mark.timeout(300)]

DAY: Final = {"type": "int", "logicalType": "date"}
STATUS: Final = {"type": "enum", "name": "Status", "symbols": ["NEW", "name", "title"], "doc": "Where it is."}
PLAIN: Final = {"type": "enum", "name": "Plain", "symbols": ["NEW", "OLD"]}
FIELDS: Final[list[dict[str, Any]]] = [
    {"name": "order_id", "type": "string", "doc": 'Said "so".'},
    {"name": "date", "type": ["null", DAY], "default": None},
    {"name": "days", "type": {"type": "array", "items": DAY}, "default": []},
    {"name": "str", "type": ["string", "null"], "default": "x"},
    {"name": "list", "type": {"type": "map", "values": "string"}, "default": {"a": "b"}},
    {"name": "status", "type": STATUS, "default": "NEW"},
    {"name": "plain", "type": PLAIN, "default": "OLD"},
    {"name": "l", "type": "double", "default": 0.5},
    {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}, "default": 1},
    {"name": "total", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
    {"name": "span", "type": {"type": "fixed", "name": "Span", "size": 12, "logicalType": "duration"}},
    {"name": "to", "type": "geo.Address"},
    {"name": "home", "type": "geo.Address", "default": {"city": "Rome"}},
    {"name": "next", "type": ["null", "Order"], "default": None},
    {"name": "one", "type": ["null", "string", "long", "boolean", "geo.Address"], "default": None},
]
PAYMENT: Final = {
    "title": "com.example.pay.Payment",
    "type": "object",
    "properties": {
        "by": {"oneOf": [{"const": "card"}, {"const": "cash"}]},
        "at": {"type": "string", "format": "date-time"},
        "note": {"type": ["string", "null"], "description": "Anything.\nOn two lines."},
        "lines": {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "anything": {},
    },
    "required": ["by", "at"],
}


def project(kind: Kind) -> Project:
    address = schema_file(
        "s/Address.avsc",
        json.dumps(
            {
                "type": "record",
                "name": "Address",
                "namespace": "geo",
                "fields": [{"name": "city", "type": "string"}],
            }
        ),
    )
    # Dataclasses have no names but those of the data.
    odd = [] if kind == "dataclass" else [{"name": "class", "type": "string", "default": "x"}]
    order = schema_file(
        "s/Order.avsc",
        json.dumps(
            {"type": "record", "name": "Order", "namespace": "a_rather_long_company.with_a_long.namespace.shop",
             "doc": "An order.\n\nWith \\ and \"quotes\"\"\".", "fields": [*FIELDS, *odd]}
        ),
        needs={"geo.Address": address},
    )  # fmt: skip
    payment = schema_file("s/payment.json", json.dumps(PAYMENT))
    return project_of(address, topics={"orders": order, "payments.made": payment})


@pytest.mark.parametrize("kind", ["msgspec", "dataclass", "pydantic"])
def test_linter_type_checker_and_import(kind: Kind, tmp_path: Path) -> None:
    made = python(project(kind), kind)
    assert made.findings == ()
    Target(tmp_path / "events", COMMAND, LOOKED_AT).write(made.files)
    modules = [
        file.path.removesuffix(".py").replace("/", ".") for file in made.files if "__" not in file.path
    ]

    run(tmp_path, "-m", "ruff", "check", "--isolated", "--no-cache", "events")
    run(tmp_path, "-m", "ruff", "format", "--isolated", "--no-cache", "--check", "events")
    run(tmp_path, "-m", "mypy", "--strict", "--python-version", "3.11", "--config-file", "", "events")
    run(tmp_path, "-W", "error", "-c", "; ".join(f"import events.{module}" for module in modules))


def run(folder: Path, *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
