"""Answers that only depend on the question and on the state: they stay true until something changes."""

from collections.abc import Hashable
from typing import Final, Generic, TypeVar

from accord.registry.core.state import RegistryState

T = TypeVar("T")

_LARGEST_BYTES: Final = 16 << 10
_MOST_BYTES: Final = 16 << 20
# About what one answer takes beside its bytes: objects, and its place here.
_EACH_BYTES: Final = 512


class Recalled(Generic[T]):
    """What was answered to whom, for the next who asks the same.

    Clients read the same few schemas again and again, and producers register what is registered already, all at once,
    whenever they are started anew.
    """

    def __init__(self, state: RegistryState) -> None:
        self._state = state
        self._revision = state.revision
        self._known: dict[Hashable, T] = {}
        self._kept_bytes = 0

    def recall(self, question: Hashable) -> T | None:
        """What was answered to ``question``, if it is still true."""
        if self._revision != self._state.revision:
            self._forget()
        return self._known.get(question)

    def keep(self, question: Hashable, answer: T, *, found_in: int, weight_bytes: int) -> None:
        """Remember ``answer`` if the state is still of the revision that it was ``found_in``.

        ``weight_bytes`` is what is written in question and answer.
        """
        if found_in != self._state.revision or weight_bytes > _LARGEST_BYTES:
            return
        weight_bytes += _EACH_BYTES
        if self._revision != found_in or self._kept_bytes + weight_bytes > _MOST_BYTES:
            self._forget()
        self._known[question] = answer
        self._kept_bytes += weight_bytes

    def _forget(self) -> None:
        self._known.clear()
        self._kept_bytes = 0
        self._revision = self._state.revision
