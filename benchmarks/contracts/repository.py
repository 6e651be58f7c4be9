"""A Git repository with many contracts and their Avro schemas, and changes to it."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

_CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: event{number}
name: Event {number}
version: 1.0.0
status: active
domain: orders
team:
  name: team-orders
support:
  - channel: "#team-orders"
    tool: slack
schema:
  - name: Event{number}
    physicalName: shop.event{number}
    physicalType: topic
    authoritativeDefinitions:
      - type: implementation
        url: ../schemas/Event{number}.avsc
roles:
  - role: order-service
    access: write
  - role: billing
    access: read
slaProperties:
  - property: retention
    value: 7
    unit: d
customProperties:
  - property: kafka
    vendor: accord
    value:
      partitions: 12
      replicas: 3
      config: {{min.insync.replicas: 2, cleanup.policy: delete}}
      key: {{type: string, field: id}}
      compatibility: BACKWARD
      consumers: {{billing: {{groups: [billing-v1], fields: [id, total]}}}}
"""

Schema = dict[str, Any]
Change = Callable[[Schema], object]


def add_field(schema: Schema) -> None:
    """What every reader takes."""
    schema["fields"].append({"name": "added", "type": "string", "doc": "New.", "default": ""})


def change_type(schema: Schema) -> None:
    """What no reader takes."""
    next(field for field in schema["fields"] if field["name"] == "total")["type"] = "string"


@dataclass(frozen=True, slots=True)
class Contracts:
    """``count`` contracts in a repository of their own."""

    folder: Path
    count: int

    def pairs(self, change: Change) -> Iterator[tuple[str, str]]:
        """The text of every schema, and of the same with the change."""
        for number in range(self.count):
            before = _schema(number)
            after = json.loads(json.dumps(before))
            change(after)
            yield json.dumps(before), json.dumps(after)

    @contextmanager
    def changed(self, count: int, change: Change) -> Iterator[None]:
        """The first ``count`` schemas with the change, as long as it lasts."""
        for number in range(count):
            schema = _schema(number)
            change(schema)
            self._write(number, schema)
        try:
            yield
        finally:
            for number in range(count):
                self._write(number, _schema(number))

    def _write(self, number: int, schema: Schema) -> None:
        text = json.dumps(schema, indent=2) + "\n"
        (self.folder / "schemas" / f"Event{number}.avsc").write_text(text, encoding="utf-8")

    def commit(self) -> None:
        """Write and commit everything to the branch main."""
        for name in ("schemas", "contracts"):
            (self.folder / name).mkdir()
        for number in range(self.count):
            self._write(number, _schema(number))
            contract = self.folder / "contracts" / f"event{number}.odcs.yaml"
            contract.write_text(_CONTRACT.format(number=number), encoding="utf-8")
        self._git("init", "--quiet", "--initial-branch", "main")
        self._git("add", ".")
        self._git("commit", "--quiet", "--message", "Contracts")

    def _git(self, *arguments: str) -> None:
        who = (
            "-c",
            "user.name=team-orders",
            "-c",
            "user.email=orders@example.com",
            "-c",
            "commit.gpgsign=false",
        )
        subprocess.run(["git", "-C", str(self.folder), *who, *arguments], check=True, capture_output=True)


@contextmanager
def contracts(count: int) -> Iterator[Contracts]:
    """So many contracts, committed, in a folder that goes away."""
    with TemporaryDirectory() as folder:
        made = Contracts(Path(folder), count)
        made.commit()
        yield made


def _schema(number: int) -> Schema:
    text = {"type": ["null", "string"], "default": None}
    fields: list[Schema] = [{"name": "id", "type": "string", "doc": "Which."}]
    fields += [{"name": f"part{index}", **text, "doc": "One part of it."} for index in range(8)]
    fields.append({"name": "total", "type": "long", "doc": "Cents."})
    moment = {"type": "long", "logicalType": "timestamp-millis"}
    fields.append({"name": "at", "type": moment, "doc": "When."})
    return {
        "type": "record",
        "name": f"Event{number}",
        "namespace": "shop",
        "doc": "An event.",
        "fields": fields,
    }
