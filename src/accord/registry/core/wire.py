"""From JSON as clients in many languages send it to values of ours."""

from typing import TypeVar

import msgspec

T = TypeVar("T")


def from_wire(body: object, kind: type[T]) -> T:
    """``body`` as a value of ``kind``; text that says a number is one, and the other way round.

    Where a member of a member is null it counts as absent: some clients write out what they do not have. Raises
    msgspec.ValidationError.
    """
    if isinstance(body, dict):
        body = {name: _without_nulls(value) for name, value in body.items()}
    return msgspec.convert(body, kind, strict=False)


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_nulls(inner) for inner in value]
    return value
