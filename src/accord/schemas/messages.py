"""The ``messages`` of a compatibility check in the shape that Confluent's clients know."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from accord.schemas.comparison import Failure
from accord.schemas.model import CompatibilityLevel
from accord.schemas.rules import Difference

_LONGEST_SCHEMA: Final = 10 * 1024
_NEW_READS: Final = {"reader": "new", "writer": "old"}
_OLD_READS: Final = {"reader": "old", "writer": "new"}


def confluent_messages(
    failures: Sequence[Failure],
    level: CompatibilityLevel,
    *,
    of_candidate: Sequence[Difference] = (),
    validate_fields: bool = False,
) -> Iterator[str]:
    """One text per difference, those ``of_candidate`` first; after those of a version its number and its text.

    The level follows each version, or ends the list where no version failed.
    """
    asked = f"{{validateFields: '{str(validate_fields).lower()}', compatibility: '{level}'}}"
    for difference in of_candidate:
        yield _text(difference, _NEW_READS)
    for _, group in groupby(failures, key=lambda failure: id(failure.earlier)):
        of_version = list(group)
        for failure in of_version:
            yield _text(failure.difference, _NEW_READS if failure.candidate_reads else _OLD_READS)
        earlier = of_version[0].earlier
        yield f"{{oldSchemaVersion: {earlier.version}}}"
        yield f"{{oldSchema: '{earlier.schema.canonical[:_LONGEST_SCHEMA]}'}}"
        yield asked
    if of_candidate and not failures:
        yield asked


def _text(difference: Difference, words: Mapping[str, str]) -> str:
    description = difference.rule.description.format(**words, **difference.facts, path=difference.path)
    if not difference.reported_type:
        return description
    info = f", additionalInfo:'{difference.additional_info}'" if difference.additional_info else ""
    return f"{{errorType:'{difference.reported_type}', description:'{description}'{info}}}"
