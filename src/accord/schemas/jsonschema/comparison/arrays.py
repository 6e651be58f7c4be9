"""What changes for arrays: the schema of all items, or those of the first ones and of what comes after them."""

from collections.abc import Iterator
from typing import Final

from accord.schemas.jsonschema.comparison.contrasts import Compare, Contrast, about_keyword
from accord.schemas.jsonschema.comparison.kinds import Kind
from accord.schemas.jsonschema.comparison.limits import limits
from accord.schemas.jsonschema.comparison.remainders import (
    remainder_of,
    remainders,
    schema_of_rest,
    unevaluated,
)
from accord.schemas.jsonschema.model import ABSENT, ArrayNode, EmptyNode, FalseNode, Node, TrueNode

_ADDITIONAL: Final = remainder_of("additionalItems", "ADDITIONAL_ITEMS")
_UNEVALUATED: Final = remainder_of("unevaluatedItems", "UNEVALUATED_ITEMS")


def arrays(writer: ArrayNode, reader: ArrayNode, path: str, compare: Compare) -> Iterator[Contrast]:
    """The contrasts of two nodes about arrays."""
    yield from limits(writer, reader, path)
    if writer.unique != reader.unique:
        kind = Kind.UNIQUE_ITEMS_ADDED if reader.unique else Kind.UNIQUE_ITEMS_REMOVED
        values = (writer.unique or ABSENT, reader.unique or ABSENT)
        yield about_keyword(kind, f"{path}/uniqueItems", (writer, reader), "uniqueItems", values)
    yield from _all_items(writer, reader, path, compare)
    yield from _first_items(writer, reader, path, compare)
    yield from _further_items(writer, reader, path, compare)


def _all_items(writer: ArrayNode, reader: ArrayNode, path: str, compare: Compare) -> Iterator[Contrast]:
    theirs, mine, here = writer.items, reader.items, f"{path}/items"
    if theirs is not None and mine is not None:
        yield from compare(theirs, mine, here)
    elif mine is not None:
        yield Contrast(Kind.SCHEMA_ADDED, here, None, mine, writer.place, mine.place, "items")
    elif theirs is not None:
        yield Contrast(Kind.SCHEMA_REMOVED, here, theirs, None, theirs.place, reader.place, "items")


def _first_items(writer: ArrayNode, reader: ArrayNode, path: str, compare: Compare) -> Iterator[Contrast]:
    before, after = writer.prefix or (), reader.prefix or ()
    for index, theirs in enumerate(before):
        here = f"{path}/items/{index}"
        if index < len(after):
            yield from compare(theirs, after[index], here)
        else:
            yield from _removed(theirs, reader, index, here, compare)
    for index, mine in enumerate(after[len(before) :], start=len(before)):
        yield from _added(mine, writer, index, f"{path}/items/{index}", compare)


def _further_items(writer: ArrayNode, reader: ArrayNode, path: str, compare: Compare) -> Iterator[Contrast]:
    nodes = writer, reader
    yield from remainders(_ADDITIONAL, nodes, (writer.additional, reader.additional), path, compare)
    rest = unevaluated(writer.unevaluated), unevaluated(reader.unevaluated)
    yield from remainders(_UNEVALUATED, nodes, rest, path, compare)


def _is_open(node: ArrayNode) -> bool:
    return node.additional is True and (node.unevaluated is None or isinstance(node.unevaluated, TrueNode))


def _removed(theirs: Node, reader: ArrayNode, index: int, path: str, compare: Compare) -> Iterator[Contrast]:
    mine = None if _is_open(reader) else schema_of_rest(reader.additional, reader.unevaluated)
    if _is_open(reader):
        kind = Kind.ITEM_REMOVED_FROM_OPEN_CONTENT_MODEL
    elif mine is not None:
        found = compare(theirs, mine, path)
        yield from found
        kind = (
            Kind.ITEM_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
            if found
            else Kind.ITEM_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
        )
    elif isinstance(theirs, FalseNode):
        kind = Kind.ITEM_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL
    else:
        kind = Kind.ITEM_REMOVED_FROM_CLOSED_CONTENT_MODEL
    yield Contrast(kind, path, theirs, mine, theirs.place, reader.place, "items", str(index))


def _added(mine: Node, writer: ArrayNode, index: int, path: str, compare: Compare) -> Iterator[Contrast]:
    theirs = None if _is_open(writer) else schema_of_rest(writer.additional, writer.unevaluated)
    if _is_open(writer):
        kind = (
            Kind.ITEM_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL
            if isinstance(mine, EmptyNode)
            else Kind.ITEM_ADDED_TO_OPEN_CONTENT_MODEL
        )
    elif theirs is not None:
        found = compare(theirs, mine, path)
        yield from found
        kind = (
            Kind.ITEM_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
            if found
            else Kind.ITEM_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
        )
    else:
        kind = Kind.ITEM_ADDED_TO_CLOSED_CONTENT_MODEL
    place = writer.place if theirs is None else theirs.place
    yield Contrast(kind, path, theirs, mine, place, mine.place, "items", str(index))
