"""The layout of any file of a project.

JSON is laid out anew. YAML and Protobuf are full of layout that people chose, and of comments: there only white space at the
ends of lines and of the file goes, and rows of empty lines become one. What would change more than white space is left alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import yaml

from accord.contracts.formatting.json_layout import json_layout
from accord.contracts.model import SourceFile
from accord.schemas import InvalidSchema, Schema, SchemaType, parse
from accord.schemas.json_text import read_json, without_comments

_TYPES: Final = {"avsc": SchemaType.AVRO, "json": SchemaType.JSON, "proto": SchemaType.PROTOBUF}
_TRAILING: Final = re.compile(r"[ \t]+$", re.MULTILINE)
_EMPTY_LINES: Final = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Layout:
    """A file as it should look. ``reason`` says why it was left alone, "" where it was not."""

    source: SourceFile
    text: str
    reason: str = ""

    @property
    def is_other(self) -> bool:
        """Whether the file does not look so."""
        return self.text != self.source.text


def laid_out(source: SourceFile) -> Layout:
    """The file in its layout; line ends stay what they are in its first line."""
    text = source.text.replace("\r\n", "\n")
    kind = source.path.rpartition(".")[2].lower()
    if kind in {"avsc", "json"}:
        new, reason = _json(text)
    elif kind == "proto":
        new, reason = _tidied(text, _meaning_of_proto)
    else:
        new, reason = _tidied(text, _meaning_of_yaml)
    if reason:
        return Layout(source, source.text, reason)
    first = source.text.partition("\n")[0]
    return Layout(source, new.replace("\n", "\r\n") if first.endswith("\r") else new)


def _json(text: str) -> tuple[str, str]:
    try:
        read_json(text)
    except InvalidSchema as error:
        return text, f"it is no valid JSON: {error.message}"
    if without_comments(text) != text:
        return text, "it has comments, whose places another layout would change"
    return json_layout(text), ""


def _tidied(text: str, meaning: Callable[[str], object]) -> tuple[str, str]:
    tidy = _EMPTY_LINES.sub("\n\n", _TRAILING.sub("", text)).strip("\n") + "\n"
    try:
        if meaning(tidy) != meaning(text):
            return text, "white space in it has a meaning"
    except (yaml.YAMLError, InvalidSchema) as error:
        return text, f"it cannot be read: {str(error).partition(chr(10))[0]}"
    return tidy, ""


def _meaning_of_proto(text: str) -> object:
    return parse(Schema(text, SchemaType.PROTOBUF), strict=False).canonical


def _meaning_of_yaml(text: str) -> list[tuple[Any, ...]]:
    """What a parser sees of it: everything but comments and layout."""
    return [_event(event) for event in yaml.parse(text, Loader=yaml.CSafeLoader)]


def _event(event: yaml.Event) -> tuple[Any, ...]:
    facts = ("anchor", "tag", "value", "style", "flow_style", "implicit")
    return (type(event).__name__, *(getattr(event, name, None) for name in facts))
