"""Files of a project about orders, as texts."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from accord.contracts.model import Project
from accord.errors import ConfigurationError

Files = Mapping[str, str]
Load = Callable[[Files], Project]
MakeTree = Callable[[Files], "MemoryTree"]


class MemoryTree:
    """Files that are only said."""

    name = "memory"

    def __init__(self, files: Files) -> None:
        self.files = dict(files)

    def paths(self) -> Iterable[str]:
        return sorted(self.files)

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise ConfigurationError(f"{path} is not there", hint="say another")
        return self.files[path].encode()

    def holds(self, path: str, data: bytes) -> bool:
        return path in self.files and self.files[path].encode() == data

    def fetch(self, paths: Iterable[str]) -> None:
        """They are at hand."""


def record(*fields: Any, name: str = "OrderCreated", **more: Any) -> str:
    """An Avro record, a field a line; a field is its name and type, and a default where there is one."""
    lines = []
    for field_name, type_, *default in fields:
        one: dict[str, Any] = {"name": field_name, "type": type_}
        if default:
            one["default"] = default[0]
        lines.append("    " + json.dumps(one))
    extra = "".join(f', "{key}": {json.dumps(value)}' for key, value in more.items())
    return (
        f'{{"type": "record", "name": "{name}", "namespace": "shop"{extra}, "fields": [\n'
        + ",\n".join(lines)
        + "\n]}\n"
    )


ID, TOTAL, CURRENCY = ("order_id", "string"), ("total", "long"), ("currency", "string")


def contract(*lines: str, topic: str = "orders.created", file: str = "OrderCreated.avsc") -> str:
    """A contract, the lines in its `kafka` block."""
    block = "".join(f"      {line}\n" for line in lines)
    return f"""\
apiVersion: v3.2.0
kind: DataContract
id: orders.created
name: Orders created
version: 1.0.0
status: active
schema:
  - name: OrderCreated
    physicalName: {topic}
    physicalType: topic
    authoritativeDefinitions:
      - type: implementation
        url: {file}
customProperties:
  - property: kafka
    vendor: accord
    value:
      partitions: 6
{block}"""
