"""Avro: records lose the fields that nobody asks for."""

import json
from collections.abc import Mapping
from typing import Any, Final

from accord.contracts.narrowing.paths import Narrowed, Paths
from accord.schemas import ParsedSchema, Schema

Json = Any

_NAMED: Final = frozenset({"record", "error", "enum", "fixed"})
_RECORDS: Final = frozenset({"record", "error"})
_INNER: Final = {"array": "items", "map": "values"}
_TYPES: Final = frozenset({"type", "items", "values"})


def narrowed_avro(schema: ParsedSchema, paths: Paths) -> Narrowed:
    """The schema without references and with these fields alone.

    A record that is used in several places keeps what any of them asks for: it has one name.
    """
    tree = _Tree()
    root = tree.load(json.loads(schema.formatted("resolved")), "")
    tree.mark(root, paths)
    text = json.dumps(tree.written(root), ensure_ascii=False, separators=(",", ":"))
    return Narrowed(Schema(text, schema.type), tuple(paths.unknown()))


class _Tree:
    """Named types by their full names, and which fields of them are wanted."""

    def __init__(self) -> None:
        self._named: dict[str, dict[str, Json]] = {}
        self._wanted: dict[str, set[str]] = {}
        self._whole: set[str] = set()
        self._written: set[str] = set()

    def load(self, node: Json, namespace: str) -> Json:
        """The node with every named type replaced by its full name."""
        if isinstance(node, list):
            return [self.load(branch, namespace) for branch in node]
        if isinstance(node, str):
            return self._full(node, namespace)
        kind = node["type"]
        if isinstance(kind, str) and kind in _NAMED:
            return self._define(node, kind, namespace)
        inner = _INNER.get(kind, "type") if isinstance(kind, str) else "type"
        return {**node, inner: self.load(node[inner], namespace)}

    def mark(self, node: Json, paths: Paths) -> None:
        """Want the fields of ``paths`` of whatever records the node leads to."""
        for name in self._records_in(node):
            for place in paths.below.values():
                field = self._field(name, place)
                if field is None:
                    continue
                place.found()
                self._wanted.setdefault(name, set()).add(field["name"])
                if place.is_whole:
                    self._mark_whole(field["type"])
                self.mark(field["type"], place)

    def written(self, node: Json) -> Json:
        """The node with each named type where it is used first."""
        if isinstance(node, list):
            return [self.written(branch) for branch in node]
        if isinstance(node, str):
            return self._written_name(node)
        return {key: self.written(value) if key in _TYPES else value for key, value in node.items()}

    def _define(self, node: Mapping[str, Json], kind: str, namespace: str) -> str:
        full = self._full(node["name"], str(node.get("namespace", namespace)), defines=True)
        inside = full.rpartition(".")[0]
        definition = {key: value for key, value in node.items() if key != "namespace"}
        definition["name"] = full
        if "aliases" in node:
            definition["aliases"] = [
                alias if "." in alias or not inside else f"{inside}.{alias}" for alias in node["aliases"]
            ]
        self._named[full] = definition
        if kind in _RECORDS:
            definition["fields"] = [
                {**field, "type": self.load(field["type"], inside)} for field in node["fields"]
            ]
        return full

    def _full(self, name: str, namespace: str, *, defines: bool = False) -> str:
        if "." in name:
            return name
        full = f"{namespace}.{name}" if namespace else name
        return full if defines or full in self._named else name

    def _field(self, record: str, place: Paths) -> dict[str, Json] | None:
        name = place.name.rpartition(".")[2]
        fields: list[dict[str, Json]] = self._named[record]["fields"]
        return next((field for field in fields if field["name"] == name), None)

    def _records_in(self, node: Json) -> list[str]:
        if isinstance(node, list):
            return [name for branch in node for name in self._records_in(branch)]
        if isinstance(node, str):
            return [node] if self._named.get(node, {}).get("type") in _RECORDS else []
        return self._records_in(node.get("items", node.get("values", node["type"])))

    def _mark_whole(self, node: Json) -> None:
        for name in self._records_in(node):
            if name not in self._whole:
                self._whole.add(name)
                for field in self._named[name]["fields"]:
                    self._mark_whole(field["type"])

    def _written_name(self, name: str) -> Json:
        if name not in self._named or name in self._written:
            return name
        self._written.add(name)
        definition = self._named[name]
        if definition["type"] not in _RECORDS:
            return definition
        kept = [field for field in definition["fields"] if self._keeps(name, field["name"])]
        return {**definition, "fields": [{**field, "type": self.written(field["type"])} for field in kept]}

    def _keeps(self, record: str, field: str) -> bool:
        return record in self._whole or field in self._wanted.get(record, ())
