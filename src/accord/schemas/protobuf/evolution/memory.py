"""What was told before of the same two things: versions of a schema have most of what they are made of in common."""

from collections.abc import Callable, Hashable, Iterable
from typing import Final, Generic, ParamSpec, TypeVar

from accord.schemas.protobuf.comparison.difference import ProtobufDifference

_MOST_KNOWN: Final = 10_000

Key = TypeVar("Key", bound=Hashable)
Given = ParamSpec("Given")


class Memory(Generic[Key]):
    """Differences by all that they depend on; it starts afresh when there are too many.

    What is told again is the very same object, so that whoever compares many versions passes over it at once.
    """

    def __init__(self) -> None:
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
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            told = self._known[key] = tuple(tell(*given, **named))
        return told
