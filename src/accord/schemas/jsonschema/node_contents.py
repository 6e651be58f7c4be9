"""What the nodes of a schema say, as digests, as far as the registry's comparison looks at it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from typing import Final

from accord.schemas.jsonschema.contents import Content, Saying, contents_of
from accord.schemas.jsonschema.model import (
    ArrayNode,
    BooleanNode,
    CombinedNode,
    ConditionalNode,
    ConstNode,
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
    TrueNode,
)

# Places and remarks make no difference; of a default only that there is one. What stands in the texts of values is enough.
_PASSED_OVER = frozenset({"place", "document", "id", "title", "description", "default", "written"})
_TOLD_OTHERWISE = frozenset({"values", "value", "uri", "knot", "targets"})


def node_contents(root: Node) -> Mapping[Node, Content]:
    """The digests of ``root`` and of all nodes that it leads to."""
    sayings: dict[Node, Saying[Node]] = {}
    names = Counter[str]()
    waiting = [root]
    while waiting:
        one = waiting.pop()
        if one not in sayings:
            named: list[Node] = []
            words = [
                type(one).__name__,
                *(_words(getattr(one, word), named) for word in _COMPARED[type(one)]),
            ]
            if isinstance(one, ReferenceNode):
                named.append(one.target)
            name = f"{words[0]} {one.document}#{one.place}"
            names[name] += 1
            sayings[one] = Saying(repr((words, one.has_default)), f"{name} {names[name]}", [(named, True)])
            waiting += named
    return contents_of(sayings)


def _words(value: object, named: list[Node]) -> object:
    """``value`` with a sign in place of every node, which go to ``named``."""
    if value is None:
        return None
    if isinstance(value, Node):
        named.append(value)
        return "node"
    if isinstance(value, Mapping):
        return [(name, _words(inner, named)) for name, inner in value.items()]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_words(inner, named) for inner in value]
    return repr(value)


_COMPARED: Final[Mapping[type[Node], tuple[str, ...]]] = {
    kind: tuple(one.name for one in fields(kind) if one.name not in _PASSED_OVER | _TOLD_OTHERWISE)
    for kind in (
        EmptyNode, TrueNode, FalseNode, NullNode, BooleanNode, StringNode, NumberNode, ObjectNode, ArrayNode, EnumNode,
        ConstNode, NotNode, ConditionalNode, CombinedNode, ReferenceNode,
    )
}  # fmt: skip
