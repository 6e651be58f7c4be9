"""What was told before of the same two things: versions of a schema have most of what they are made of in common."""

from collections.abc import Callable, Hashable, Iterable
from hashlib import sha256
from sys import intern
from typing import Final, Generic, ParamSpec, TypeVar

from accord.schemas.protobuf.comparison.difference import ProtobufDifference

_MOST_KNOWN: Final = 4_000
_LONGEST: Final = 300

Key = TypeVar("Key", bound=Hashable)
Given = ParamSpec("Given")


def digest(*facts: object) -> str:
    """A string for ``facts`` by which they can be told from others; of the same facts it is one object."""
    said = repr(facts)
    return intern(said if len(said) <= _LONGEST else sha256(said.encode()).hexdigest())


class Memory(Generic[Key]):
    """Differences by all that they depend on; it starts afresh when there are too many.

    What is told again is the very same object, so that whoever compares many versions passes over it at once.
    """

    def __init__(self, *, most: int = _MOST_KNOWN) -> None:
        self._most = most
        self._known: dict[Key, tuple[ProtobufDifference, ...]] = {}

    def of(
        self,
        key: Key,
        tell: Callable[Given, Iterable[ProtobufDifference]],
        *given: Given.args,
        **named: Given.kwargs,
    ) -> tuple[ProtobufDifference, ...]:
        """What was told for ``key``, or else what ``tell`` makes of what is ``given``, which ``key`` stands for."""
        told = self._known.get(key)
        if told is None:
            if len(self._known) >= self._most:
                self._known.clear()
            told = self._known[key] = tuple(tell(*given, **named))
        return told
