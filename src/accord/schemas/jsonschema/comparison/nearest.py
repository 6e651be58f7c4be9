"""What lies behind a difference of combinations: the registry says that two do not fit, and not which part of them."""

from collections.abc import Mapping, Sequence
from typing import Final

from accord.schemas.errors import InvalidSchema
from accord.schemas.jsonschema.comparison.contrasts import ROOT, Contrast
from accord.schemas.jsonschema.comparison.kinds import Kind
from accord.schemas.jsonschema.comparison.walk import contrasts
from accord.schemas.jsonschema.model import CombinedNode, Node, ReferenceNode
from accord.schemas.model import CompatibilityPolicy

# More than that explains nothing, and takes long to find out: of parts next to each other, and of what is in them.
_MOST_PAIRS: Final = 100
_MOST_WITHIN: Final = 1_000


def between_parts(writer: Node, reader: Node, policy: CompatibilityPolicy) -> Sequence[Contrast]:
    """What stands between each part of ``writer`` that nothing reads and the part of ``reader`` that is nearest to it.

    What is no combination is its only part. Empty where that is too much to tell.
    """
    theirs, mine = _parts(writer), _parts(reader)
    if len(theirs) * len(mine) > _MOST_PAIRS:
        return ()
    try:
        found = [
            {other: contrasts(part, mine[other], policy, most=_MOST_WITHIN) for other in _alike(part, mine)}
            for part in theirs
        ]
    except InvalidSchema:
        return ()
    taken = {other for row in found for other, told in row.items() if not told}
    return [told for at, row in enumerate(found) for told in _least(at, row, taken)]


def _least(at: int, row: Mapping[int, list[Contrast]], taken: set[int]) -> Sequence[Contrast]:
    """What stands against the nearest: rather one that reads no other part, and one at the same place."""

    def distance(other: int) -> tuple[bool, bool, int, int]:
        told = row[other]
        is_other = any(one.kind is Kind.TYPE_CHANGED and one.path == ROOT for one in told)
        return other in taken and bool(told), is_other, len(told), abs(other - at)

    return row[min(row, key=distance)] if row else ()


def _alike(part: Node, others: Sequence[Node]) -> Sequence[int]:
    """Which of ``others`` are of the same kind, or else all."""
    alike = [at for at, other in enumerate(others) if _is_alike(part, other)]
    return alike or range(len(others))


def _is_alike(one: Node, other: Node) -> bool:
    if isinstance(one, CombinedNode) and isinstance(other, CombinedNode):
        return one.criterion is other.criterion
    return type(one) is type(other)


def _parts(node: Node) -> Sequence[Node]:
    if not isinstance(node, CombinedNode):
        return (node,)
    return [one.target if isinstance(one, ReferenceNode) else one for one in node.members]
