"""A YAML or JSON text as values, and where each of them stands.

YAML is read as its 1.2 core schema has it: ``true`` and ``false`` are the only truths, so that ``on`` and ``no`` stay
text, and dates stay text as well.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import yaml

from accord.contracts.model import SourceFile
from accord.findings import Location
from accord.schemas import InvalidSchema
from accord.schemas.json_source import JsonSource
from accord.schemas.json_text import read_json
from accord.schemas.pointers import parent, tokens

MAX_NODES: Final = 50_000
MAX_DEPTH: Final = 100
MAX_CHARACTERS: Final = 4_000_000

_TOO_DEEP: Final = f"the file is nested more than {MAX_DEPTH} levels deep, or without end"
_PLAIN: Final = "plain"
_QUOTED: Final = "quoted"
_STANDARD: Final = "tag:yaml.org,2002:"
_INTEGER: Final = re.compile(r"[-+]?[0-9]{1,300}|0o[0-7]{1,300}|0x[0-9a-fA-F]{1,300}")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_SPECIAL: Final = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: Final[dict[str, bool | None]] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class DocumentFault(Exception):
    """The text is not what its name says; ``line`` and ``column`` count from 1. Seen only inside of ``loading``."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class Document(Protocol):
    """A file as values."""

    @property
    def source(self) -> SourceFile:
        """The text."""

    @property
    def value(self) -> Any:  # noqa: ANN401 -- what JSON can say
        """The whole of it, as ``json.loads`` gives it."""

    def locate(self, pointer: str) -> Location:
        """Where a JSON pointer leads, or the nearest place around it."""

    def locate_key(self, pointer: str) -> Location:
        """The same, but where it leads to a member of an object, its key."""


def read_document(source: SourceFile) -> Document:
    """The file as its name says: JSON where it ends in ``.json``, else YAML. Raises DocumentFault."""
    if len(source.text) > MAX_CHARACTERS:
        raise DocumentFault(f"the file has more than {MAX_CHARACTERS:,} characters", 1, 1)
    return _read_json(source) if source.path.endswith(".json") else _read_yaml(source)


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """A YAML file; ``root`` is None where it is empty."""

    source: SourceFile
    value: Any
    root: yaml.Node | None = field(repr=False)

    def locate(self, pointer: str) -> Location:
        """See ``Document``."""
        return self._at(self._find(pointer)[1])

    def locate_key(self, pointer: str) -> Location:
        """See ``Document``."""
        key, value = self._find(pointer)
        return self._at(key or value)

    def _find(self, pointer: str) -> tuple[yaml.Node | None, yaml.Node | None]:
        key, node = None, self.root
        for token in tokens(pointer):
            found = _step(node, token)
            if found is None:
                break
            key, node = found
        return key, node

    def _at(self, node: yaml.Node | None) -> Location:
        if node is None:
            return self.source.at(1, 1)
        start, end = node.start_mark, node.end_mark
        is_on_one_line = isinstance(node, yaml.ScalarNode) and end.line == start.line
        width = max(end.column - start.column, 1) if is_on_one_line else 1
        return self.source.at(start.line + 1, start.column + 1, width)


@dataclass(frozen=True, slots=True)
class JsonDocument:
    """A JSON file."""

    source: SourceFile
    value: Any
    places: JsonSource = field(repr=False)

    def locate(self, pointer: str) -> Location:
        """See ``Document``."""
        while pointer and pointer not in self.places:
            pointer = parent(pointer)
        line, column = self.places.position(pointer)
        value = self.places.value(pointer)
        return self.source.at(line, column, 1 if isinstance(value, dict | list) else len(json.dumps(value)))

    def locate_key(self, pointer: str) -> Location:
        """See ``Document``; of a member its value: keys have no places of their own here."""
        return self.locate(pointer)


class _Composer(yaml.CSafeLoader):
    """Composes nodes whose tags tell only whether a scalar was quoted: what it means is decided afterwards."""

    def resolve(self, kind: type, value: object, implicit: tuple[bool, bool] | bool) -> str:  # noqa: FBT001
        del kind, value
        return _PLAIN if implicit is True or (implicit and implicit[0]) else _QUOTED

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        """Nothing depends on where a node stands."""

    def ascend_resolver(self) -> None:
        """See ``descend_resolver``."""


class _Builder:
    """Makes values of nodes, and counts them: an alias is written once and stands for all that it names."""

    def __init__(self) -> None:
        self._nodes = 0

    def value(self, node: yaml.Node, depth: int = 0) -> Any:  # noqa: ANN401 -- see ``Document``
        self._nodes += 1
        if self._nodes > MAX_NODES:
            raise _fault(
                node, f"the file stands for more than {MAX_NODES:,} values; are its aliases meant so?"
            )
        if depth > MAX_DEPTH:
            raise _fault(node, _TOO_DEEP)
        if isinstance(node, yaml.ScalarNode):
            return _scalar(node)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, depth + 1) for item in node.value]
        return self._mapping(node, depth)

    def _mapping(self, node: yaml.Node, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _fault(key, "a key is a list or a mapping, and keys are text here")
            if key.value in members:
                raise _fault(key, f"the key `{key.value}` stands here for the second time")
            members[key.value] = self.value(value, depth + 1)
        return members


def _read_yaml(source: SourceFile) -> YamlDocument:
    try:
        if _could_be_deep(source.text):
            _refuse_deep(source.text)
        loader = _Composer(source.text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        told = ": ".join(filter(None, (error.context, error.problem)))
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise DocumentFault(told, line, column) from error
    except (yaml.YAMLError, UnicodeEncodeError) as error:
        raise DocumentFault(" ".join(str(error).split()), 1, 1) from error
    return YamlDocument(source, None if root is None else _Builder().value(root), root)


def _could_be_deep(text: str) -> bool:
    """Whether there are brackets, or columns for blocks to begin at, for that many levels."""
    brackets = text.count("[") + text.count("{")
    return brackets > MAX_DEPTH or max(map(len, text.split("\n"))) > MAX_DEPTH


def _refuse_deep(text: str) -> None:
    """The parser's composer calls itself for each level, on a stack that ends the process where it ends."""
    depth = 0
    for event in yaml.parse(text, _Composer):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise _fault(event, _TOO_DEEP)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _read_json(source: SourceFile) -> JsonDocument:
    try:
        value = read_json(source.text)
    except InvalidSchema as error:
        line, column = json_place(error)
        raise DocumentFault(error.message, line, column) from error
    return JsonDocument(source, value, JsonSource(source.text))


def json_place(error: InvalidSchema) -> tuple[int, int]:
    """Where a text stops to be JSON, as far as the error knows."""
    cause = error.__cause__
    return (cause.lineno, cause.colno) if isinstance(cause, json.JSONDecodeError) else (1, 1)


def _step(node: yaml.Node | None, token: str) -> tuple[yaml.Node | None, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == token), None)
    if isinstance(node, yaml.SequenceNode) and token.isdecimal() and int(token) < len(node.value):
        return None, node.value[int(token)]
    return None


def _scalar(node: yaml.ScalarNode) -> str | float | bool | None:
    text: str = node.value
    if node.tag in {_QUOTED, f"{_STANDARD}str", "!"}:
        return text
    if node.tag != _PLAIN and node.tag.removeprefix(_STANDARD) not in {"int", "float", "bool", "null"}:
        raise _fault(node, f"the tag `{node.tag.removeprefix(_STANDARD)}` means nothing here")
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if not (first.isdigit() or first in "+-."):
        return text
    if _INTEGER.fullmatch(text):
        return int(text, 0) if text[:2] in {"0x", "0o"} else int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    return float(text.replace(".", "", 1)) if _SPECIAL.fullmatch(text) else text


def _fault(at: yaml.Node | yaml.Event, message: str) -> DocumentFault:
    mark = at.start_mark
    return (
        DocumentFault(message, 1, 1)
        if mark is None
        else DocumentFault(message, mark.line + 1, mark.column + 1)
    )
