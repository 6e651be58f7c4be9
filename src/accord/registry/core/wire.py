"""From JSON as clients in many languages send it to values of ours."""

from typing import Annotated, Final, TypeAlias, TypeVar

import msgspec

INT32: Final = msgspec.Meta(ge=-(2**31), le=2**31 - 1)
Int32: TypeAlias = Annotated[int, INT32]
"""What other registries and their clients take for a version or an id."""

T = TypeVar("T", bound=msgspec.Struct)


def from_wire(body: bytes, kind: type[T], *, null_is_absent: bool = False) -> T:
    """``body``, which is JSON, as a value of ``kind``, a Struct; text that says a number is one.

    Where a member of a member is null it counts as absent: some clients write out what they do not have. With
    ``null_is_absent`` that holds for the outermost members, too, where null may else mean something. Raises
    msgspec.DecodeError or UnicodeDecodeError.
    """
    try:
        return msgspec.json.decode(body, type=kind, strict=False)
    except msgspec.ValidationError:
        told = msgspec.json.decode(body)
        if not isinstance(told, dict):
            raise
        # What nobody asked for may be of any size, and is not looked at.
        known = {field.encode_name for field in msgspec.structs.fields(kind)}
        cleaned = {
            name: _without_nulls(value)
            for name, value in told.items()
            if name in known and not (null_is_absent and value is None)
        }
        return msgspec.convert(cleaned, kind, strict=False)


def _without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {name: _without_nulls(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_without_nulls(inner) for inner in value]
    return value
