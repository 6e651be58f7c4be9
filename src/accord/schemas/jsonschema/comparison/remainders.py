"""What may be there beside what is listed: ``additional…`` and ``unevaluated…``, of properties and of items."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias, TypeGuard

from accord.schemas.jsonschema.comparison.contrasts import Compare, Contrast
from accord.schemas.jsonschema.comparison.kinds import Kind
from accord.schemas.jsonschema.model import ABSENT, ArrayNode, FalseNode, Node, TrueNode
from accord.schemas.pointers import child

Permission: TypeAlias = bool | Node
"""Whether there may be more, or what holds for more."""


@dataclass(frozen=True, slots=True)
class Remainder:
    """A keyword about what is not listed, and the kinds of what can become of it."""

    keyword: str
    added: Kind
    removed: Kind
    extended: Kind
    narrowed: Kind


def remainder_of(keyword: str, name: str) -> Remainder:
    """The remainder whose kinds begin with ``name``."""
    added, removed, extended, narrowed = (
        Kind[f"{name}_{what}"] for what in ("ADDED", "REMOVED", "EXTENDED", "NARROWED")
    )
    return Remainder(keyword, added, removed, extended, narrowed)


def remainders(
    about: Remainder,
    nodes: tuple[Node, Node],
    permissions: tuple[Permission, Permission],
    path: str,
    compare: Compare,
) -> Iterator[Contrast]:
    """What changes in the remainder of the writer's and the reader's node."""
    theirs, mine = permissions
    here = f"{path}/{about.keyword}"
    if _is_schema(theirs) and _is_schema(mine):
        yield from compare(theirs, mine, here)
        return
    kind = _kind(about, theirs, mine)
    if kind is not None:
        writer, reader = nodes
        yield Contrast(
            kind,
            here,
            writer,
            reader,
            _place(writer, theirs, about.keyword),
            _place(reader, mine, about.keyword),
            about.keyword,
            writer_value=theirs if theirs is False else ABSENT,
            reader_value=mine if mine is False else ABSENT,
        )


def unevaluated(node: Node | None) -> Permission:
    """What ``unevaluated…`` permits; unlike with ``additional…``, true counts as less than nothing said."""
    if node is None:
        return True
    return False if isinstance(node, FalseNode) else node


def schema_of_rest(additional: Permission, evaluated_last: Node | None) -> Node | None:
    """What ``additional…``, or ``unevaluated…`` where that says nothing, asks of what is not listed, if it is a schema."""
    if isinstance(additional, Node):
        return additional
    return evaluated_last if additional and not isinstance(evaluated_last, FalseNode) else None


def _kind(about: Remainder, theirs: Permission, mine: Permission) -> Kind | None:
    before, after = _width(theirs), _width(mine)
    if before == after:
        return None
    if not before or not after:
        return about.removed if before else about.added
    return about.extended if before < after else about.narrowed


def _width(permission: Permission) -> int:
    """How much may be there: nothing, what a schema allows, what ``true`` allows, and what is not spoken of."""
    if permission is True:
        return 3
    if isinstance(permission, TrueNode):
        return 2
    return 1 if permission else 0


def _is_schema(permission: Permission) -> TypeGuard[Node]:
    return isinstance(permission, Node) and not isinstance(permission, TrueNode)


def _place(node: Node, permission: Permission, keyword: str) -> str | None:
    if isinstance(permission, Node):
        return permission.place
    if permission or node.place is None:
        return node.place
    # Later drafts say under `items` what earlier ones say under `additionalItems`.
    if isinstance(node, ArrayNode) and keyword == "additionalItems":
        keyword = node.additional_keyword
    return child(node.place, keyword)
