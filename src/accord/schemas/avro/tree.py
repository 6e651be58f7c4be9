"""Going through the nodes of a schema in the order of its text."""

from collections.abc import Iterator

from accord.schemas.avro.model import Array, Field, Map, Primitive, Record, Type, Union


def nodes_in(root: Type) -> Iterator[Type]:
    """``root`` and every node that its text holds; what is used by name is not entered."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, Primitive):
            continue
        if isinstance(node, Record):
            waiting += [field.type for field in reversed(node.fields)]
        elif isinstance(node, Union):
            waiting.extend(reversed(node.branches))
        elif isinstance(node, Array):
            waiting.append(node.items)
        elif isinstance(node, Map):
            waiting.append(node.values)


def fields_in(root: Type) -> Iterator[Field]:
    """Every field of every record in the text."""
    for node in nodes_in(root):
        if isinstance(node, Record):
            yield from node.fields
