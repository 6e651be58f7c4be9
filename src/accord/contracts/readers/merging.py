"""One picture of a reader, where several have spoken of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from accord.contracts.known import KnownReader, Origin
from accord.contracts.model import DeclaredReader
from accord.schemas import Subject

_PRECISION: Final[dict[Origin, int]] = {"observed": 0, "claim": 1, "contract": 2}


def merged(sayings: Iterable[KnownReader]) -> tuple[KnownReader, ...]:
    """Each service once for each subject, in order of subject and service.

    - Who knows it best says it: what runs before what is claimed, and that before what the producer's contract says. Of
      two of one origin the first counts.
    - A service reads the fields that it maps and those that it claims. The contract's count only where neither is known.
    - Consumer groups and examples are all that anybody named.
    - The rest (its schema, its version, the range of versions that it copes with) is from who knows it best and tells it.
    """
    by_reader: dict[tuple[Subject, str], list[KnownReader]] = {}
    for saying in sayings:
        known = by_reader.setdefault((saying.subject, saying.service), [])
        if all(saying.origin != other.origin for other in known):
            known.append(saying)
    return tuple(
        _one(sorted(by_reader[place], key=lambda one: _PRECISION[one.origin])) for place in sorted(by_reader)
    )


def joined(declared: Sequence[DeclaredReader]) -> DeclaredReader:
    """What the same files say of one service in several places, of its consumer groups for example: all of it.

    Its range of versions is the first that is told.
    """
    fields = [one.fields for one in declared]
    return replace(
        declared[0],
        groups=tuple(dict.fromkeys(group for one in declared for group in one.groups)),
        fields=_all_of(fields) if None not in fields else None,
        versions=next((one.versions for one in declared if one.versions is not None), None),
        examples=_examples(declared),
    )


def _one(sayings: list[KnownReader]) -> KnownReader:
    """The picture that sayings of different origins give, the most precise first."""
    best = sayings[0]
    told = next((one for one in sayings if one.schema is not None), best)
    return replace(
        best,
        groups=tuple(dict.fromkeys(group for one in sayings for group in one.groups)),
        fields=_fields(sayings),
        versions=next((one.versions for one in sayings if one.versions is not None), None),
        schema=told.schema,
        referenced=told.referenced,
        version=next((one.version for one in sayings if one.version), ""),
        examples=_examples(sayings),
    )


def _examples(sayings: Sequence[KnownReader] | Sequence[DeclaredReader]) -> tuple[Mapping[str, object], ...]:
    found: list[Mapping[str, object]] = []
    for example in (example for one in sayings for example in one.examples):
        if example not in found:
            found.append(example)
    return tuple(found)


def _fields(sayings: list[KnownReader]) -> tuple[str, ...] | None:
    its_own = [one.fields for one in sayings if one.origin != "contract" and one.fields is not None]
    if its_own:
        return _all_of(its_own)
    return next((one.fields for one in sayings if one.fields is not None), None)


def _all_of(told: Iterable[tuple[str, ...] | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(field for fields in told for field in fields or ()))
