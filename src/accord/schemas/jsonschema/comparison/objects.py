"""What changes for objects: properties that come and go, what else may be there, and what depends on what."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from accord.schemas.jsonschema.comparison.contrasts import Compare, Contrast, keyword_place
from accord.schemas.jsonschema.comparison.kinds import Kind
from accord.schemas.jsonschema.comparison.limits import limits
from accord.schemas.jsonschema.comparison.remainders import (
    remainder_of,
    remainders,
    schema_of_rest,
    unevaluated,
)
from accord.schemas.jsonschema.model import ABSENT, EmptyNode, FalseNode, Node, ObjectNode, TrueNode
from accord.schemas.jsonschema.reading.patterns import compiling_effort, matches, matching_effort

_ADDITIONAL: Final = remainder_of("additionalProperties", "ADDITIONAL_PROPERTIES")
_UNEVALUATED: Final = remainder_of("unevaluatedProperties", "UNEVALUATED_PROPERTIES")


def objects(writer: ObjectNode, reader: ObjectNode, path: str, compare: Compare) -> Iterator[Contrast]:
    """The contrasts of two nodes about objects."""
    yield from limits(writer, reader, path)
    yield from _required(writer, reader, path)
    yield from _properties(writer, reader, path, compare)
    yield from _dependencies(writer, reader, path, compare)
    nodes = writer, reader
    yield from remainders(_ADDITIONAL, nodes, (writer.additional, reader.additional), path, compare)
    rest = unevaluated(writer.unevaluated), unevaluated(reader.unevaluated)
    yield from remainders(_UNEVALUATED, nodes, rest, path, compare)


def matching_efforts(writer: ObjectNode, reader: ObjectNode) -> int:
    """What it may take to match patterns with names to compare the two, where most pairs of those take 1."""
    return _efforts(writer, reader) + _efforts(reader, writer)


def _efforts(matching: ObjectNode, named: ObjectNode) -> int:
    names = sum(name not in matching.properties for name in named.properties) if matching.patterns else 0
    if not names:
        return 0
    return sum(compiling_effort(one) + names * matching_effort(one) for one in matching.patterns)


def _is_open(node: ObjectNode) -> bool:
    """Whether any property may be there beside those that are listed."""
    return (
        node.additional is True
        and not node.patterns
        and (node.unevaluated is None or isinstance(node.unevaluated, TrueNode))
    )


def _covered(node: ObjectNode, names: Iterable[str]) -> Mapping[str, Node]:
    """By name what a partially open content model asks of those of ``names``, none of them listed, that may be there."""
    if _is_open(node):
        return {}
    found: dict[str, Node] = {}
    left = dict.fromkeys(names)
    # Each pattern with all names, so that it is compiled once however many there are.
    for pattern, schema in node.patterns.items():
        matched = [name for name in left if matches(pattern, name)]
        for name in matched:
            found[name] = schema
            del left[name]
    rest = schema_of_rest(node.additional, node.unevaluated)
    return found if rest is None else {**dict.fromkeys(left, rest), **found}


def _required(writer: ObjectNode, reader: ObjectNode, path: str) -> Iterator[Contrast]:
    """Properties of both that one side requires; the others are judged by the content models."""
    if writer.required == reader.required:
        return
    for name, mine in reader.properties.items():
        if name not in writer.properties or (name in reader.required) == (name in writer.required):
            continue
        if name in writer.required:
            kind = Kind.REQUIRED_ATTRIBUTE_REMOVED
        elif mine.has_default:
            kind = Kind.REQUIRED_ATTRIBUTE_WITH_DEFAULT_ADDED
        else:
            kind = Kind.REQUIRED_ATTRIBUTE_ADDED
        yield Contrast(
            kind,
            f"{path}/required/{name}",
            writer,
            reader,
            keyword_place(writer, "required", sorted(writer.required) or ABSENT),
            keyword_place(reader, "required", sorted(reader.required) or ABSENT),
            "required",
            name,
        )


def _properties(writer: ObjectNode, reader: ObjectNode, path: str, compare: Compare) -> Iterator[Contrast]:
    removed = _covered(reader, (name for name in writer.properties if name not in reader.properties))
    added = _covered(writer, (name for name in reader.properties if name not in writer.properties))
    for name, theirs in writer.properties.items():
        mine = reader.properties.get(name)
        here = f"{path}/properties/{name}"
        if mine is None:
            yield from _removed((theirs, removed.get(name)), reader, name, here, compare)
        else:
            yield from compare(theirs, mine, here)
    for name, mine in reader.properties.items():
        if name not in writer.properties:
            is_required = name in reader.required
            here = f"{path}/properties/{name}"
            sides = added.get(name), mine
            yield from _added(sides, writer, name, here, compare, is_required=is_required)


def _removed(
    sides: tuple[Node, Node | None], reader: ObjectNode, name: str, path: str, compare: Compare
) -> Iterator[Contrast]:
    """The ``sides`` are what the writer says of the property, and what the reader asks of those that it does not list."""
    theirs, mine = sides
    if _is_open(reader):
        kind = Kind.PROPERTY_REMOVED_FROM_OPEN_CONTENT_MODEL
    elif mine is not None:
        found = compare(theirs, mine, path)
        yield from found
        kind = (
            Kind.PROPERTY_REMOVED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
            if found
            else Kind.PROPERTY_REMOVED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
        )
    elif isinstance(theirs, FalseNode):
        kind = Kind.PROPERTY_WITH_FALSE_REMOVED_FROM_CLOSED_CONTENT_MODEL
    else:
        kind = Kind.PROPERTY_REMOVED_FROM_CLOSED_CONTENT_MODEL
    yield Contrast(kind, path, theirs, mine, theirs.place, reader.place, "properties", name)


def _added(
    sides: tuple[Node | None, Node],
    writer: ObjectNode,
    name: str,
    path: str,
    compare: Compare,
    *,
    is_required: bool,
) -> Iterator[Contrast]:
    """The ``sides`` are what the writer asks of properties that it does not list, and what the reader says of this one."""
    theirs, mine = sides
    if theirs is not None:
        found = compare(theirs, mine, path)
        yield from found
        kind = (
            Kind.PROPERTY_ADDED_NOT_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
            if found
            else Kind.PROPERTY_ADDED_IS_COVERED_BY_PARTIALLY_OPEN_CONTENT_MODEL
        )
        yield Contrast(kind, path, theirs, mine, theirs.place, mine.place, "properties", name)
    if _is_open(writer):
        kind = _added_to_open(mine, is_required=is_required)
    elif not is_required:
        kind = Kind.OPTIONAL_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL
    elif mine.has_default:
        kind = Kind.REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_UNOPEN_CONTENT_MODEL
    else:
        kind = Kind.REQUIRED_PROPERTY_ADDED_TO_UNOPEN_CONTENT_MODEL
    yield Contrast(kind, path, theirs, mine, writer.place, mine.place, "properties", name)


def _added_to_open(mine: Node, *, is_required: bool) -> Kind:
    if isinstance(mine, EmptyNode):
        return Kind.PROPERTY_WITH_EMPTY_SCHEMA_ADDED_TO_OPEN_CONTENT_MODEL
    if not is_required:
        return Kind.OPTIONAL_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL
    if mine.has_default:
        return Kind.REQUIRED_PROPERTY_WITH_DEFAULT_ADDED_TO_OPEN_CONTENT_MODEL
    return Kind.REQUIRED_PROPERTY_ADDED_TO_OPEN_CONTENT_MODEL


def _dependencies(writer: ObjectNode, reader: ObjectNode, path: str, compare: Compare) -> Iterator[Contrast]:
    for name in _all(writer.dependent_required, reader.dependent_required):
        theirs, mine = writer.dependent_required.get(name), reader.dependent_required.get(name)
        if theirs != mine:
            yield _dependency(_kind_of_list(theirs, mine), path, writer, reader, name)
    for name in _all(writer.dependent_schemas, reader.dependent_schemas):
        before, after = writer.dependent_schemas.get(name), reader.dependent_schemas.get(name)
        if before is None:
            yield _dependency(Kind.DEPENDENCY_SCHEMA_ADDED, path, writer, reader, name)
        elif after is None:
            yield _dependency(Kind.DEPENDENCY_SCHEMA_REMOVED, path, writer, reader, name)
        else:
            yield from compare(before, after, f"{path}/dependencies/{name}")


def _dependency(kind: Kind, path: str, writer: ObjectNode, reader: ObjectNode, name: str) -> Contrast:
    values = (
        sorted(writer.dependent_required.get(name, ())) or ABSENT,
        sorted(reader.dependent_required.get(name, ())) or ABSENT,
    )
    # Which keyword it is differs between drafts, so the place is that of the whole schema.
    return Contrast(
        kind,
        f"{path}/dependencies/{name}",
        writer,
        reader,
        writer.place,
        reader.place,
        "dependencies",
        name,
        *values,
    )


def _kind_of_list(theirs: frozenset[str] | None, mine: frozenset[str] | None) -> Kind:
    if theirs is None:
        return Kind.DEPENDENCY_ARRAY_ADDED
    if mine is None:
        return Kind.DEPENDENCY_ARRAY_REMOVED
    if theirs < mine:
        return Kind.DEPENDENCY_ARRAY_EXTENDED
    return Kind.DEPENDENCY_ARRAY_NARROWED if mine < theirs else Kind.DEPENDENCY_ARRAY_CHANGED


def _all(one: Iterable[str], other: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys((*one, *other))
