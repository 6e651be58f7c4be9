"""The ``messages`` of a compatibility check in the shape that Confluent's clients know."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from accord.schemas.comparison import Failure
from accord.schemas.model import CompatibilityLevel

_LONGEST_SCHEMA = 10 * 1024


def confluent_messages(failures: Sequence[Failure], level: CompatibilityLevel) -> Iterator[str]:
    """One text per difference; after those of a version its number, its text and the level."""
    for _, group in groupby(failures, key=lambda failure: id(failure.earlier)):
        of_version = list(group)
        yield from map(_text, of_version)
        earlier = of_version[0].earlier
        yield f"{{oldSchemaVersion: {earlier.version}}}"
        yield f"{{oldSchema: '{earlier.schema.canonical[:_LONGEST_SCHEMA]}'}}"
        yield f"{{validateFields: 'false', compatibility: '{level}'}}"


def _text(failure: Failure) -> str:
    difference = failure.difference
    words = (
        {"reader": "new", "writer": "old"} if failure.candidate_reads else {"reader": "old", "writer": "new"}
    )
    description = difference.rule.description.format(**words, **difference.facts, path=difference.path)
    if not difference.reported_type:
        return description
    return (
        f"{{errorType:'{difference.reported_type}', description:'{description}', "
        f"additionalInfo:'{difference.additional_info}'}}"
    )
