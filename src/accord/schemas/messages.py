"""The ``messages`` of a compatibility check in the shape that Confluent's clients know."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from accord.schemas.comparison import Failure
from accord.schemas.model import CompatibilityLevel, SchemaType
from accord.schemas.rules import Difference

_LONGEST_SCHEMA: Final = 10 * 1024
_NEW_READS: Final = {"reader": "new", "writer": "old"}
_OLD_READS: Final = {"reader": "old", "writer": "new"}


def confluent_messages(
    failures: Sequence[Failure],
    level: CompatibilityLevel,
    *,
    ahead: Sequence[str] = (),
    validate_fields: bool = False,
) -> Iterator[str]:
    """The texts ``ahead``, then one per difference; after those of a version its number and its text.

    What was asked ends the list, unless there is none.
    """
    yield from ahead
    for _, group in groupby(failures, key=lambda failure: id(failure.earlier)):
        of_version = list(group)
        for failure in of_version:
            yield message_of(failure.difference, candidate_reads=failure.candidate_reads)
        earlier = of_version[0].earlier
        yield f"{{oldSchemaVersion: {earlier.version}}}"
        yield f"{{oldSchema: '{earlier.schema.canonical[:_LONGEST_SCHEMA]}'}}"
    if ahead or failures:
        yield f"{{validateFields: '{str(validate_fields).lower()}', compatibility: '{level}'}}"


def message_of(difference: Difference, *, candidate_reads: bool = True) -> str:
    """The text of one difference, in which the schemas are called new and old; Avro's stand in single quotes."""
    words = _NEW_READS if candidate_reads else _OLD_READS
    description = difference.rule.description.format(**words, **difference.facts, path=difference.path)
    if not difference.reported_type:
        return description
    info = f", additionalInfo:'{difference.additional_info}'" if difference.additional_info else ""
    quote = "'" if difference.rule.example.type is SchemaType.AVRO else '"'
    return f"{{errorType:{quote}{difference.reported_type}{quote}, description:{quote}{description}{quote}{info}}}"
