"""What every format offers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Codec(Generic[V]):
    """The bytes of one record (without prefix) <-> a value.

    ``encode`` raises InvalidEvent with the path of the field that the schema does not allow. ``decode`` raises
    InvalidData if the bytes are not exactly one record.
    """

    encode: Callable[[V], bytes]
    decode: Callable[[bytes], V]
