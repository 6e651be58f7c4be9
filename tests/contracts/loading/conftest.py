from collections.abc import Callable, Iterable, Mapping

import pytest

from accord.contracts.loading import load
from accord.contracts.model import Project, ProjectSettings

ORDER = """\
{"type": "record", "name": "OrderCreated", "namespace": "com.example", "fields": [
  {"name": "order_id", "type": "string"},
  {"name": "total", "type": "double"}
]}
"""

CONTRACT = """\
apiVersion: v3.2.0
kind: DataContract
id: orders.created
name: Orders created
version: 1.0.0
status: active
schema:
  - name: OrderCreated
    physicalName: orders.created
    physicalType: topic
    authoritativeDefinitions:
      - type: implementation
        url: OrderCreated.avsc
"""


class MemoryTree:
    """A project that is in no folder."""

    name = "memory"

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        self._files = files

    def paths(self) -> Iterable[str]:
        return sorted(self._files)

    def read(self, path: str) -> bytes:
        content = self._files[path]
        return content if isinstance(content, bytes) else content.encode()


LoadFiles = Callable[..., Project]


@pytest.fixture
def load_files() -> LoadFiles:
    """Load a project of these files: content by path."""

    def loaded(files: Mapping[str, str | bytes], **settings: object) -> Project:
        return load(MemoryTree(files), settings=ProjectSettings(**settings))  # type: ignore[arg-type] # any of them

    return loaded


@pytest.fixture
def load_contract(load_files: LoadFiles) -> Callable[..., Project]:
    """Load the contract of orders.created with these lines in its block, and these files beside it."""

    def loaded(
        *block: str, files: Mapping[str, str | bytes] | None = None, contract: str = CONTRACT
    ) -> Project:
        if block:
            lines = "".join(f"      {line}\n" for line in block)
            contract += f"customProperties:\n  - property: kafka\n    vendor: accord\n    value:\n{lines}"
        return load_files({"orders.odcs.yaml": contract, "OrderCreated.avsc": ORDER, **(files or {})})

    return loaded


@pytest.fixture
def order() -> str:
    return ORDER


@pytest.fixture
def contract() -> str:
    return CONTRACT
