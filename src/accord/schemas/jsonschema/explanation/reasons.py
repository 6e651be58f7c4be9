"""What lies behind a difference of combinations: the registry says that two do not fit, and not which part of them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from accord.schemas.errors import InvalidSchema
from accord.schemas.jsonschema import rules
from accord.schemas.jsonschema.comparison.contrasts import ROOT, Contrast
from accord.schemas.jsonschema.comparison.difference import JsonSchemaDifference, difference_of
from accord.schemas.jsonschema.comparison.kinds import Kind
from accord.schemas.jsonschema.comparison.walk import contrasts
from accord.schemas.jsonschema.model import CombinedNode, Node, ReferenceNode

_EXPLAINED: Final = frozenset({rules.BRANCHES_CHANGED.id, rules.TYPE_CHANGED.id})
# More than that explains nothing, and takes long to find out: of parts next to each other, and of what is in them.
_MOST_PAIRS: Final = 100
_MOST_WITHIN: Final = 1_000
_MOST_REASONS: Final = 3


def reasons_of(difference: JsonSchemaDifference) -> Sequence[JsonSchemaDifference]:
    """What stands between the parts of the writer's combination that nothing reads, and the reader's that is nearest."""
    reader, writer = difference.reader_node, difference.writer_node
    if difference.rule.id not in _EXPLAINED or reader is None or writer is None:
        return ()
    if not isinstance(reader, CombinedNode) and not isinstance(writer, CombinedNode):
        return ()
    theirs, mine = _parts(writer), _parts(reader)
    if len(theirs) * len(mine) > _MOST_PAIRS:
        return ()
    try:
        return tuple(islice(_between(theirs, mine, difference), _MOST_REASONS))
    except InvalidSchema:
        # They lead too far for an explanation.
        return ()


def _between(
    theirs: Sequence[Node], mine: Sequence[Node], difference: JsonSchemaDifference
) -> Iterator[JsonSchemaDifference]:
    path = difference.path.removesuffix("/")
    for part in theirs:
        alike = [other for other in mine if _is_alike(part, other)]
        compared = [contrasts(part, other, difference.policy, most=_MOST_WITHIN) for other in alike or mine]
        nearest = min(compared, key=_distance, default=[])
        for contrast in nearest:
            inner = difference_of(contrast, difference.policy)
            yield replace(inner, path=f"{path}{contrast.path.removeprefix(ROOT)}")


def _is_alike(one: Node, other: Node) -> bool:
    if isinstance(one, CombinedNode) and isinstance(other, CombinedNode):
        return one.criterion is other.criterion
    return type(one) is type(other)


def _distance(found: Sequence[Contrast]) -> tuple[bool, int]:
    is_other = any(one.kind is Kind.TYPE_CHANGED and one.path == ROOT for one in found)
    return is_other, len(found)


def _parts(node: Node) -> Sequence[Node]:
    if not isinstance(node, CombinedNode):
        return (node,)
    return [one.target if isinstance(one, ReferenceNode) else one for one in node.members]
