"""What a schema allows, in a few words: "a string or null", "an object with `id`"."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from accord.schemas.json_text import JsonValue, quote
from accord.schemas.jsonschema.model import (
    ArrayNode,
    BooleanNode,
    CombinedNode,
    ConditionalNode,
    ConstNode,
    Criterion,
    EmptyNode,
    EnumNode,
    FalseNode,
    Node,
    NotNode,
    NullNode,
    NumberNode,
    ObjectNode,
    ReferenceNode,
    StringNode,
)
from accord.schemas.sentences import listed

ANYTHING: Final = "anything"
_CONDITIONAL: Final = "that meets the conditions of `if`, `then` and `else`"

_MOST_LISTED: Final = 5
# Beyond these a description would be longer than what it describes.
_DEEPEST: Final = 3
_MOST_STEPS: Final = 20


def described(node: Node) -> str:
    """The kinds of value that ``node`` allows."""
    return _words(node, detailed=False, depth=0)


def told_apart(one: Node, other: Node) -> tuple[str, str]:
    """Both described, with as much detail as it takes for the words to differ; combinations go without detail."""
    first, second = described(one), described(other)
    if first == second and not isinstance(one, CombinedNode) and not isinstance(other, CombinedNode):
        first, second = (_words(node, detailed=True, depth=0) for node in (one, other))
    return (f"{first} under other rules" if first == second != ANYTHING else first), second


def values_listed(values: Sequence[JsonValue], *, last: str) -> str:
    """Values of a document as a sentence has them, the first few of many."""
    return _few([f"`{quote(value)}`" for value in values], last=last)


def names_listed(names: Sequence[str], *, last: str = "and") -> str:
    """Names of properties as a sentence has them, the first few of many."""
    return _few([f"`{name}`" for name in names], last=last)


def _few(words: Sequence[str], *, last: str) -> str:
    if len(words) <= _MOST_LISTED:
        return listed(words, last=last)
    return listed([*words[: _MOST_LISTED - 1], f"{len(words) - _MOST_LISTED + 1} more"], last=last)


def _words(node: Node, *, detailed: bool, depth: int) -> str:
    if isinstance(node, ReferenceNode):
        return _referred(node, detailed=detailed, depth=depth)
    if isinstance(node, CombinedNode):
        return _combined(node, detailed=detailed, depth=depth)
    if isinstance(node, NotNode):
        return f"anything but {_inner(node.inner, detailed=detailed, depth=depth)}"
    if isinstance(node, EnumNode):
        return values_listed(node.values, last="or") if node.values else "nothing"
    if isinstance(node, ConstNode):
        return values_listed([node.value], last="or")
    if isinstance(node, StringNode | NumberNode | ObjectNode | ArrayNode) and not node.typed:
        return f"anything, with rules for {_PLURALS[type(node)]}"
    if isinstance(node, NumberNode):
        kind = "an integer" if node.integer else "a number"
    else:
        kind = next((words for of, words in _KINDS if isinstance(node, of)), ANYTHING)
    return f"{kind}{_details(node, depth)}" if detailed else kind


def _inner(node: Node, *, detailed: bool, depth: int) -> str:
    return "something" if depth == _DEEPEST else _words(node, detailed=detailed, depth=depth + 1)


def _referred(reference: ReferenceNode, *, detailed: bool, depth: int) -> str:
    node: Node = reference
    for _ in range(_MOST_STEPS):
        if not isinstance(node, ReferenceNode):
            break
        node = node.target
    name = reference.uri.rpartition("/")[2].rpartition("#")[2]
    if isinstance(node, ReferenceNode):
        return ANYTHING
    if isinstance(node, ObjectNode) and name and not detailed:
        return f"`{name}`"
    return _inner(node, detailed=detailed, depth=depth)


def _combined(node: CombinedNode, *, detailed: bool, depth: int) -> str:
    members = node.members
    if node.criterion is Criterion.ALL and not node.written:
        # A type beside an enum says no more than the values do.
        members = tuple(one for one in members if isinstance(one, EnumNode | ConstNode)) or members
    conditional = any(isinstance(one, ConditionalNode) for one in members)
    if conditional and node.criterion is Criterion.ALL:
        members = tuple(one for one in members if not isinstance(one, ConditionalNode))
    told = (_inner(one, detailed=detailed, depth=depth) for one in members[: _MOST_LISTED + 1])
    words = list(dict.fromkeys(told)) or [ANYTHING]
    if node.criterion is not Criterion.ALL:
        return _few(words, last="or")
    first, *others = [one for one in words if not one.startswith(ANYTHING)] or words[:1]
    if others:
        first = f"{first} that is {_few(others, last='and')} as well"
    return f"{first} {_CONDITIONAL}" if conditional else first


def _details(node: Node, depth: int) -> str:
    details = _DETAILS.get(type(node))
    told = list(details(node, depth)) if details else []
    return f" {listed(told)}" if told else ""


def _of_string(node: Node, _: int) -> Iterator[str]:
    if not isinstance(node, StringNode):
        return
    if node.min_length is not None:
        yield f"of at least {counted(node.min_length, 'character')}"
    if node.max_length is not None:
        yield f"of at most {counted(node.max_length, 'character')}"
    if node.pattern is not None:
        yield f"that matches `{node.pattern}`"


def _of_number(node: Node, _: int) -> Iterator[str]:
    if not isinstance(node, NumberNode):
        return
    for words, bound in (
        ("of at least", node.minimum),
        ("of at most", node.maximum),
        ("above", node.exclusive_minimum),
        ("below", node.exclusive_maximum),
        ("in steps of", node.multiple_of),
    ):
        if bound is not None:
            yield f"{words} {bound}"


def _of_object(node: Node, _: int) -> Iterator[str]:
    if not isinstance(node, ObjectNode):
        return
    told = []
    if node.required:
        told.append(names_listed(sorted(node.required)))
    if node.additional is False:
        names = names_listed(list(node.properties)) if node.properties else "what its patterns name"
        told.append(f"nothing but {names}")
    if told:
        yield f"with {listed(told)}"


def _of_list(node: Node, depth: int) -> Iterator[str]:
    if not isinstance(node, ArrayNode):
        return
    if node.items is not None:
        yield f"in which each item is {_inner(node.items, detailed=False, depth=depth)}"
    if node.min_items is not None:
        yield f"of at least {counted(node.min_items, 'item')}"
    if node.max_items is not None:
        yield f"of at most {counted(node.max_items, 'item')}"


def counted(number: int | str, noun: str, plural: str = "") -> str:
    """The number with its noun: "1 item", "2 items"."""
    return f"{number} {noun}" if str(number) == "1" else f"{number} {plural or f'{noun}s'}"


_KINDS: Final[Sequence[tuple[type[Node], str]]] = (
    (EmptyNode, ANYTHING),
    (FalseNode, "nothing"),
    (NullNode, "null"),
    (BooleanNode, "a boolean"),
    (StringNode, "a string"),
    (ObjectNode, "an object"),
    (ArrayNode, "a list"),
    (ConditionalNode, f"{ANYTHING} {_CONDITIONAL}"),
)
_PLURALS: Final[Mapping[type[Node], str]] = {
    StringNode: "strings",
    NumberNode: "numbers",
    ObjectNode: "objects",
    ArrayNode: "lists",
}
_DETAILS: Final[Mapping[type[Node], Callable[[Node, int], Iterator[str]]]] = {
    StringNode: _of_string,
    NumberNode: _of_number,
    ObjectNode: _of_object,
    ArrayNode: _of_list,
}
