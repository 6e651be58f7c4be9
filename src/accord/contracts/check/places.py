"""Where in a file a finding about its schema is: line, column, and how much of the line is meant."""

import re
from typing import Final

from accord.contracts.model import SchemaFile
from accord.findings import Location
from accord.schemas import ParsedSchema, SchemaType

_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_KEY_BEFORE: Final = re.compile(r'("(?:[^"\\]|\\.)*")\s*:\s*$')
_PAIRS: Final = {"{": "}", "[": "]"}


def place_of(file: SchemaFile, place: str) -> Location:
    """Where ``place``, as a finding names it, stands in the file; what goes over several lines is pointed at by its name."""
    line, column = file.parsed.position(place)
    excerpt = file.source.at(line, column).excerpt
    if excerpt[column - 1 :].rstrip() == "{":
        if file.type is SchemaType.AVRO:
            line, column = file.parsed.position(f"{place}/name")
            excerpt = file.source.at(line, column).excerpt
        elif key := _KEY_BEFORE.search(excerpt[: column - 1]):
            return file.source.at(line, key.start(1) + 1, len(key[1]))
    return file.source.at(line, column, _width(excerpt, column - 1))


def place_of_reference(file: SchemaFile, earlier: ParsedSchema) -> Location | None:
    """Where the file uses what it refers to and is not what it was; None where that is not so, or its own text is another."""
    if file.parsed.canonical != earlier.canonical:
        return None
    for name, schema in file.referenced.items():
        was = earlier.referenced.get(name)
        if was is not None and was.text == schema.text:
            continue
        for spelled in (f'"{name}"', f'"{name.rpartition(".")[2]}"'):
            start = file.source.text.find(spelled)
            if start >= 0:
                before = file.source.text[:start]
                return file.source.at(before.count("\n") + 1, start - before.rfind("\n"), len(spelled))
    return None


def _width(line: str, start: int) -> int:
    """How many characters from ``start`` belong to what begins there, no further than the line."""
    rest = line[start:].rstrip().removesuffix(",")
    text = _TEXT.match(rest)
    if text is not None:
        return text.end()
    closing = _PAIRS.get(rest[:1])
    if closing is None:
        return max(len(rest), 1)
    return _closed(rest, rest[0], closing) or max(len(rest), 1)


def _closed(text: str, opening: str, closing: str) -> int:
    """Up to where the bracket that ``text`` begins with is closed; 0 where it is not."""
    depth, at = 0, 0
    while at < len(text):
        found = _TEXT.match(text, at)
        if found is not None:
            at = found.end()
            continue
        depth += (text[at] == opening) - (text[at] == closing)
        at += 1
        if depth == 0:
            return at
    return 0
