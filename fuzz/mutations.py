"""Turning one input into another: as a JSON tree where it is one, as a row of tokens, and as bytes."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Final, TypeAlias

from accord.schemas.json_text import JsonValue

Mutation: TypeAlias = Callable[[bytes, Random, Sequence[bytes]], bytes]
"""Makes another input of one; the other seeds lend parts of themselves."""

LONGEST: Final = 16 * 1024
"""The bytes that an input may have."""

_Path: TypeAlias = tuple[str | int, ...]
_Change: TypeAlias = Callable[[JsonValue, _Path, Random, JsonValue], JsonValue]
_Edit: TypeAlias = Callable[[list[str], Random, list[str]], list[str]]

_TOKEN: Final = re.compile(r"\w+|\s+|[^\w\s]")
_WORDS: Final = (
    *(
        "0",
        "-1",
        "1e400",
        "9" * 400,
        "2147483648",
        "18446744073709551616",
        "0.1",
        "-0.0",
        "NaN",
        "null",
        "true",
    ),
    *(
        '""',
        '"\\u0000"',
        '"\\ud800"',
        "\0",
        "é",
        "\ud800",
        "[]",
        "{}",
        "[[",
        "{{",
        '"',
        "'",
        "\\",
        "//",
        "/*",
        "*/",
    ),
    *(";", "{", "}", "[", "]", "<", ">", ",", ":", "=", ".", "..", "#", "\ufeff", "a" * 2000),
)
_VALUES: Final[Sequence[JsonValue]] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 2**64, 10**300, 0.1, -0.0, 1e308, 5e-324),
    *(
        "",
        "\0",
        "é",
        "\ud800",
        "a" * 2000,
        "(a+)+$",
        "#",
        "/",
        "~",
        ".",
        "$ref",
        [],
        {},
        [[]],
        [None],
        {"": {}},
    ),
)
_WRAPS: Final[Sequence[Callable[[JsonValue], JsonValue]]] = (
    lambda inner: [inner],
    lambda inner: {"type": inner},
    lambda inner: {"type": "array", "items": inner},
    lambda inner: {"type": "record", "name": "R", "fields": [{"name": "f", "type": inner}]},
    lambda inner: {"properties": {"p": inner}},
    lambda inner: {"anyOf": [inner, {"not": inner}]},
)
_MOST_TOKENS: Final = LONGEST
# A tree so deep is one that only the tokens and bytes are changed of.
_DEEPEST_TREE: Final = 150
_DEEPEST_REPEATED: Final = 15
# How often a text within a text is changed as a whole, how often characters are escaped.
_SELDOM: Final = 0.1


def mutated_bytes(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Some bytes removed, repeated, changed or brought in from another seed."""
    start, end = _span(len(data), random)
    part = data[start:end]
    other = random.choice(others)
    brought = other[slice(*_span(len(other), random))]
    new = random.choice(
        (b"", part * random.choice((2, 3, 50)), bytes([random.randrange(256)]), brought, bytes(len(part)))
    )
    return (data[:start] + new + data[end:])[:LONGEST]


def mutated_text(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Some tokens removed, repeated, nested into themselves, changed or brought in from another seed."""
    tokens, brought = _tokens(data), _tokens(random.choice(others))
    start, end = _span(len(tokens), random)
    edited = random.choice(_EDITS)(tokens[start:end], random, brought)
    return as_bytes("".join([*tokens[:start], *edited, *tokens[end:]]))[:LONGEST]


def mutated_json(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
    """Some values removed, repeated, wrapped, changed or brought in from another seed; what is no JSON, as text."""
    tree = _tree(data)
    if tree is None:
        return mutated_text(data, random, others)
    brought = _tree(random.choice(others)) or [None]
    try:
        text = json.dumps(_changed(tree[0], random, brought), ensure_ascii=random.random() < _SELDOM)
    except RecursionError:
        return data
    return as_bytes(text)[:LONGEST]


def mixed(*mutations: tuple[int, Mutation]) -> Mutation:
    """One to four of ``mutations`` after each other, drawn by their weights."""
    weights, kinds = zip(*mutations, strict=True)

    def mutate(data: bytes, random: Random, others: Sequence[bytes]) -> bytes:
        for kind in random.choices(kinds, weights, k=random.choice((1, 1, 1, 2, 2, 4))):
            data = kind(data, random, others)
        return data

    return mutate


def as_text(data: bytes) -> str:
    """``data`` as text; what is no UTF-8 comes as lone surrogates."""
    return data.decode("utf-8", "surrogateescape")


def as_bytes(text: str) -> bytes:
    """The other way round."""
    return text.encode("utf-8", "surrogatepass")


def _span(length: int, random: Random) -> tuple[int, int]:
    """A stretch of it, short ones more often than long ones."""
    start = random.randrange(length + 1)
    return start, min(length, start + random.choice((0, 1, 1, 2, 5, 20, 100, length)))


def _tokens(data: bytes) -> list[str]:
    return _TOKEN.findall(as_text(data))


def _nested_tokens(part: list[str], random: Random, _brought: list[str]) -> list[str]:
    half, times = len(part) // 2, random.choice((2, 10, 1 + min(300, _MOST_TOKENS // (len(part) + 1))))
    return part[:half] * times + part[half:] * times


_EDITS: Final[Sequence[_Edit]] = (
    lambda _part, _random, _brought: [],
    lambda part, random, _brought: part * random.choice((2, 3, 1 + _MOST_TOKENS // (len(part) + 1))),
    lambda _part, random, _brought: [random.choice(_WORDS)],
    lambda part, random, _brought: [*part, random.choice(_WORDS)],
    lambda _part, random, brought: brought[slice(*_span(len(brought), random))],
    lambda part, random, _brought: random.sample(part, len(part)),
    _nested_tokens,
)


def _tree(data: bytes) -> list[JsonValue] | None:
    """The JSON value in a list, None where it is none or too deep."""
    try:
        tree = [json.loads(data)]
    except (ValueError, RecursionError):
        return None
    return tree if max(map(len, _paths(tree))) <= _DEEPEST_TREE else None


def _paths(tree: JsonValue) -> Iterator[_Path]:
    waiting: list[tuple[_Path, JsonValue]] = [((), tree)]
    while waiting:
        path, node = waiting.pop()
        yield path
        if isinstance(node, dict):
            waiting += [((*path, key), inner) for key, inner in node.items()]
        elif isinstance(node, list):
            waiting += [((*path, index), inner) for index, inner in enumerate(node)]


def _any_path(tree: JsonValue, random: Random) -> _Path:
    return random.choice(list(_paths(tree)))


def _at(tree: JsonValue, path: _Path) -> JsonValue:
    for step in path:
        tree = tree[step]
    return tree


def _put(tree: JsonValue, path: _Path, value: JsonValue) -> JsonValue:
    """``tree`` with another value at ``path``; the old one stays as it is."""
    if not path:
        return value
    copy = tree.copy()
    copy[path[0]] = _put(copy[path[0]], path[1:], value)
    return copy


def _changed(tree: JsonValue, random: Random, brought: JsonValue) -> JsonValue:
    path = _any_path(tree, random)
    node = _at(tree, path)
    inner = _tree(as_bytes(node)) if isinstance(node, str) and node[:1] in {"{", "["} else None
    if inner is not None and random.random() > _SELDOM:
        # A schema within a request: changed as what it is.
        return _put(tree, path, json.dumps(_changed(inner[0], random, brought)))
    return random.choice(_CHANGES)(tree, path, random, brought)


def _remove(tree: JsonValue, path: _Path, _random: Random, _brought: JsonValue) -> JsonValue:
    if not path:
        return {}
    outer = _at(tree, path[:-1]).copy()
    del outer[path[-1]]
    return _put(tree, path[:-1], outer)


def _repeat(tree: JsonValue, path: _Path, random: Random, _brought: JsonValue) -> JsonValue:
    if not path:
        return [tree, tree]
    outer, step, times = _at(tree, path[:-1]), path[-1], random.choice((1, 2, 10, 50))
    if isinstance(step, int):
        again = [*outer, *([outer[step]] * times)]
    else:
        again = outer | {f"{step}{number}": outer[step] for number in range(times)}
    return _put(tree, path[:-1], again)


def _wrap(tree: JsonValue, path: _Path, random: Random, _brought: JsonValue) -> JsonValue:
    inner, wrap = _at(tree, path), random.choice(_WRAPS)
    for _ in range(random.choice((1, 1, 2, 12))):
        inner = wrap(inner)
    return _put(tree, path, inner)


def _nest(tree: JsonValue, path: _Path, random: Random, _brought: JsonValue) -> JsonValue:
    """What stands around ``path`` put into itself there, several times."""
    cut = random.randrange(len(path) + 1)
    outer, inside = _at(tree, path[:cut]), path[cut:]
    grown = outer
    for _ in range(random.choice((1, 2, 10)) if len(path) < _DEEPEST_REPEATED else 1):
        grown = _put(outer, inside, grown)
    return _put(tree, path[:cut], grown)


def _edit(tree: JsonValue, path: _Path, random: Random, _brought: JsonValue) -> JsonValue:
    node = _at(tree, path)
    if not isinstance(node, str):
        return _put(tree, path, random.choice(_VALUES))
    return _put(tree, path, as_text(mutated_text(as_bytes(node), random, [as_bytes(node)])))


_CHANGES: Final[Sequence[_Change]] = (
    _remove,
    _repeat,
    _wrap,
    _nest,
    _edit,
    lambda tree, path, random, brought: _put(tree, path, _at(brought, _any_path(brought, random))),
    lambda tree, path, random, _brought: _put(tree, path, _at(tree, _any_path(tree, random))),
    lambda tree, path, random, _brought: _put(tree, path, random.choice(_VALUES)),
)
