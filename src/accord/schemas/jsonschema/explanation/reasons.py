"""What lies behind a difference of combinations, as differences of its own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from accord.schemas.jsonschema import rules
from accord.schemas.jsonschema.comparison.contrasts import ROOT
from accord.schemas.jsonschema.comparison.difference import JsonSchemaDifference, difference_of
from accord.schemas.jsonschema.comparison.nearest import between_parts
from accord.schemas.jsonschema.model import CombinedNode

_EXPLAINED: Final = frozenset({rules.BRANCHES_CHANGED.id, rules.TYPE_CHANGED.id})
_MOST_REASONS: Final = 3


def reasons_of(difference: JsonSchemaDifference) -> Sequence[JsonSchemaDifference]:
    """What stands between the parts of the writer's combination that nothing reads, and the reader's that is nearest."""
    reader, writer = difference.reader_node, difference.writer_node
    if difference.rule.id not in _EXPLAINED or reader is None or writer is None:
        return ()
    if not isinstance(reader, CombinedNode) and not isinstance(writer, CombinedNode):
        return ()
    path = difference.path.removesuffix("/")
    return [
        replace(difference_of(contrast, difference.policy), path=f"{path}{contrast.path.removeprefix(ROOT)}")
        for contrast in between_parts(writer, reader, difference.policy)[:_MOST_REASONS]
    ]
