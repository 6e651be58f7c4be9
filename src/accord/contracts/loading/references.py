"""What the text of a schema refers to, and what it defines that others can refer to."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from posixpath import dirname, join, normpath
from typing import Any, Final
from urllib.parse import unquote

from accord.schemas import InvalidSchema, SchemaType
from accord.schemas.json_text import read_json_exactly, without_comments
from accord.schemas.pointers import child

PRIMITIVES: Final = frozenset(
    [
        "null",
        "boolean",
        "int",
        "long",
        "float",
        "double",
        "bytes",
        "string",
        "record",
        "error",
        "enum",
        "fixed",
        "array",
        "map",
        "union",
    ]
)
"""The words that Avro has for types."""
_NAMED: Final = frozenset(("record", "error", "enum", "fixed"))
_PARTS: Final = {"array": "items", "map": "values"}
_STRING_OR_COMMENT: Final = re.compile(
    r'"(?:[^"\\\n]|\\.)*"|' r"'(?:[^'\\\n]|\\.)*'|" r"//[^\n]*|/\*.*?\*/", re.DOTALL
)
_IMPORT: Final = re.compile(
    r"""(?:^|(?<=[;}\s]))import\s+(?:public\s+|weak\s+|option\s+)?(["'])([^"']+)\1\s*;"""
)
_BUILT_IN: Final = "google/protobuf/"


@dataclass(frozen=True, slots=True)
class Use:
    """A name that a schema uses and does not define; ``line`` and ``pointer`` say where, as the format has it."""

    name: str
    pointer: str = ""
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Outline:
    """What a schema text defines under its own name, what else it defines, and what it needs from elsewhere."""

    root: str | None
    inner: tuple[str, ...]
    uses: tuple[Use, ...]


EMPTY: Final = Outline(None, (), ())


def outline(text: str, type: SchemaType) -> Outline:
    """The outline of a text; an empty one where it is not valid: parsing it will say why."""
    if type is SchemaType.PROTOBUF:
        return Outline(None, (), tuple(_imports(text)))
    try:
        if type is SchemaType.JSON:
            # What follows the first value says nothing there.
            return _json(read_json_exactly(text)[0])
        return _avro(json.loads(without_comments(text)))
    except (InvalidSchema, ValueError, RecursionError):
        return EMPTY


def beside(path: str, name: str) -> str:
    """The file that ``name`` means as seen from ``path``."""
    return normpath(join(dirname(path), unquote(name)))


def _avro(document: Any) -> Outline:  # noqa: ANN401 -- what JSON can say
    defined: dict[str, None] = {}
    used: dict[str, Use] = {}
    _walk_avro(document, "", "", defined, used)
    kind = document.get("type") if isinstance(document, dict) else None
    root = next(iter(defined), None) if isinstance(kind, str) and kind in _NAMED else None
    return Outline(
        root,
        tuple(name for name in defined if name != root),
        tuple(use for name, use in used.items() if name not in defined),
    )


def _walk_avro(
    node: Any,  # noqa: ANN401 -- what JSON can say
    space: str,
    pointer: str,
    defined: dict[str, None],
    used: dict[str, Use],
) -> None:
    if isinstance(node, str):
        if node not in PRIMITIVES:
            name = node if "." in node or not space else f"{space}.{node}"
            used.setdefault(name, Use(name, pointer))
    elif isinstance(node, list):
        for index, branch in enumerate(node):
            _walk_avro(branch, space, child(pointer, index), defined, used)
    elif isinstance(node, dict):
        kind = node.get("type")
        if isinstance(kind, str) and kind in _NAMED:
            space = _define(node, space, defined)
            fields = node.get("fields")
            for index, field in enumerate(fields if isinstance(fields, list) else ()):
                if isinstance(field, dict) and "type" in field:
                    _walk_avro(field["type"], space, f"{pointer}/fields/{index}/type", defined, used)
        elif isinstance(kind, str) and kind in _PARTS:
            part = _PARTS[kind]
            _walk_avro(node.get(part), space, child(pointer, part), defined, used)
        else:
            _walk_avro(kind, space, f"{pointer}/type", defined, used)


def _define(node: Mapping[str, Any], space: str, defined: dict[str, None]) -> str:
    name, own = node.get("name"), node.get("namespace")
    if not isinstance(name, str):
        return space
    if "." in name:
        space = name.rpartition(".")[0]
    else:
        space = own if isinstance(own, str) else space
        name = f"{space}.{name}" if space else name
    defined[name] = None
    return space


def _json(document: Any) -> Outline:  # noqa: ANN401 -- what JSON can say
    own = document.get("$id") if isinstance(document, dict) else None
    uses: dict[str, Use] = {}
    ids: set[str] = set()
    _walk_json(document, "", uses, ids)
    outside = tuple(use for name, use in uses.items() if name not in ids)
    return Outline(own.removesuffix("#") if isinstance(own, str) else None, (), outside)


def _walk_json(node: Any, pointer: str, uses: dict[str, Use], ids: set[str]) -> None:  # noqa: ANN401
    if isinstance(node, list):
        for index, item in enumerate(node):
            _walk_json(item, child(pointer, index), uses, ids)
    elif isinstance(node, dict):
        reference, own = node.get("$ref"), node.get("$id")
        if isinstance(own, str):
            ids.add(own.removesuffix("#"))
        if isinstance(reference, str) and not reference.startswith("#"):
            name = reference.partition("#")[0]
            if not name.startswith(("http://json-schema.org/", "https://json-schema.org/")):
                uses.setdefault(name, Use(name, child(pointer, "$ref")))
        for key, value in node.items():
            # What these hold are values, not schemas.
            if key not in {"const", "enum", "default", "examples"} and isinstance(value, dict | list):
                _walk_json(value, child(pointer, key), uses, ids)


def _imports(text: str) -> Iterator[Use]:
    plain = _STRING_OR_COMMENT.sub(_without_comment, text)
    for found in _IMPORT.finditer(plain):
        if not found[2].startswith(_BUILT_IN):
            before = plain[: found.start(1)]
            yield Use(found[2], "", before.count("\n") + 1, len(before) - before.rfind("\n"))


def _without_comment(found: re.Match[str]) -> str:
    text = found.group()
    return text if text[0] in "\"'" else re.sub(r"[^\n]", " ", text)
