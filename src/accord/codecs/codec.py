"""What every format offers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

V = TypeVar("V")
V_co = TypeVar("V_co", covariant=True)


class Decode(Protocol[V_co]):
    """Reads one value from ``data``, of which what lies before ``start`` is somebody else's.

    Raises InvalidData if what follows is not exactly one record.
    """

    def __call__(self, data: bytes, start: int = 0, /) -> V_co:
        """The value."""


@dataclass(frozen=True, slots=True)
class Codec(Generic[V]):
    """The bytes of one record (without prefix) <-> a value.

    ``encode`` raises InvalidEvent with the path of the field that the schema does not allow. ``decode`` raises
    InvalidData if the bytes are not exactly one record.

    Protobuf writes which message of the schema it is between the schema's id and the data: ``indexes`` are these bytes for
    what ``encode`` writes, empty for the other formats, and ``decode_indexed`` reads data that they stand in front of.
    """

    encode: Callable[[V], bytes]
    decode: Decode[V]
    indexes: bytes
    decode_indexed: Decode[V]


def plain_codec(encode: Callable[[V], bytes], decode: Decode[V]) -> Codec[V]:
    """A codec of a format in which nothing stands in front of the data."""
    return Codec(encode, decode, b"", decode)
