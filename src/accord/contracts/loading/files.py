"""The files of a tree, each read once; what cannot be read becomes a finding."""

from collections.abc import Iterable
from typing import Final

from accord.contracts.loading import rules
from accord.contracts.loading.pulled import INDEX
from accord.contracts.model import ProjectSettings, SourceFile
from accord.contracts.tree import Tree
from accord.errors import ConfigurationError
from accord.findings import Finding, Location
from accord.schemas import SchemaType

FORMATS: Final = {".avsc": SchemaType.AVRO, ".json": SchemaType.JSON, ".proto": SchemaType.PROTOBUF}
CONTRACT_ENDINGS: Final = (".odcs.yaml", ".odcs.yml", ".odcs.json")
CLAIM_ENDINGS: Final = (".yaml", ".yml", ".json")
CLAIM_FOLDER: Final = "consumers"


class Files:
    """What there is to read, and ``findings`` about what cannot be."""

    def __init__(self, tree: Tree, settings: ProjectSettings) -> None:
        self._tree = tree
        self._sources: dict[str, SourceFile | None] = {}
        self.findings: list[Finding] = []
        self.all: Final = tuple(tree.paths())
        self.known: Final = frozenset(self.all)
        inside = _within(self.all, settings.paths) if settings.paths else self.all
        pulled = frozenset(_within(self.all, settings.pulled))
        self.pulled: Final = tuple(
            path for path in self.all if path in pulled and format_of(path) and not path.endswith(f"/{INDEX}")
        )
        self.own: Final = tuple(path for path in inside if path not in pulled)
        for path in inside:
            if path.endswith("/"):
                self.source(path)

    @property
    def contracts(self) -> Iterable[str]:
        """Contract files."""
        return (path for path in self.own if path.endswith(CONTRACT_ENDINGS))

    @property
    def claims(self) -> Iterable[str]:
        """Files in which services may say what they read."""
        return (
            path
            for path in self.own
            if path.endswith(CLAIM_ENDINGS)
            and not path.endswith(CONTRACT_ENDINGS)
            and CLAIM_FOLDER in path.split("/")[-2:-1]
        )

    @property
    def schemas(self) -> Iterable[str]:
        """Files that may hold schemas, by their names."""
        claims = frozenset(self.claims)
        return (
            path
            for path in self.own
            if format_of(path) and not path.endswith(CONTRACT_ENDINGS) and path not in claims
        )

    def source(self, path: str) -> SourceFile | None:
        """The text of a file; None where it cannot be read, which is told once."""
        if path not in self._sources:
            self._sources[path] = self._read(path)
        return self._sources[path]

    def _read(self, path: str) -> SourceFile | None:
        at = Location(path, 1, 1)
        try:
            data = self._tree.read(path)
        except ConfigurationError as error:
            self.findings.append(rules.FILE_UNREADABLE.finding(at, {"told": error.message}))
            return None
        try:
            return SourceFile(path, data.decode())
        except UnicodeDecodeError as error:
            before = data[: error.start].decode()
            line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
            facts = {"file": path, "offset": error.start}
            self.findings.append(rules.FILE_NOT_UTF8.finding(Location(path, line, column), facts))
            return None


def format_of(path: str) -> SchemaType | None:
    """The format of a schema file, by the end of its name."""
    return FORMATS.get("." + path.rpartition(".")[2])


def stem_of(path: str) -> str:
    """The name of a schema file without folder and ending."""
    name = path.rpartition("/")[2].rpartition(".")[0]
    return name.removesuffix(".schema") if path.endswith(".json") else name


def _within(paths: Iterable[str], folders: Iterable[str]) -> tuple[str, ...]:
    """Those of ``paths`` that are one of ``folders`` or lie below."""
    tops = [folder.strip("/").removeprefix("./") for folder in folders]
    if "." in tops or "" in tops:
        return tuple(paths)
    return tuple(path for path in paths if any(path == top or path.startswith(f"{top}/") for top in tops))
