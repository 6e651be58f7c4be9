"""What has been shown in a proof, and what that leans on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from accord.schemas.jsonschema.containment.gaps import Gap
from accord.schemas.jsonschema.containment.known import Known
from accord.schemas.jsonschema.containment.library import Subschema

Key: TypeAlias = tuple[Known, Subschema | None]
"""A question: what is known of a value, and what is asked of it."""


@dataclass(slots=True, eq=False)
class _Batch:
    """Questions that were answered with yes on condition that those it ``leans`` on are, which are still open.

    ``joined`` is the larger batch that it has become a part of.
    """

    leans: frozenset[Key]
    joined: "_Batch | None" = None


@dataclass(slots=True, eq=False)
class _Open:
    """A question whose answer is being worked out: ``level`` tells how far inside the first value it is.

    ``batches`` is the number of batches that there were before.
    """

    key: Key
    level: int
    batches: int
    leant: set[Key] = field(default_factory=set)


class Ledger:
    """Answers that are known, and questions that are open, each asked on the way to answer the one before.

    An open question may be taken as answered with yes for a value inside the one that it is about: values have an
    end, so this is how proofs about recursive schemas end. What was shown that way stands and falls with it.
    """

    def __init__(self) -> None:
        self._answers: dict[Key, Sequence[Gap]] = {}
        self._conditional: dict[Key, _Batch] = {}
        self._batches: list[_Batch] = []
        self._proven = _Batch(frozenset())
        self._void = _Batch(frozenset())
        self._stack: list[_Open] = []
        self._levels: dict[Key, int] = {}

    @property
    def level(self) -> int:
        """How far inside the first value the newest open question is."""
        return self._stack[-1].level if self._stack else 0

    def is_circular(self, key: Key, level: int) -> bool:
        """Whether to answer the question at that level would mean to have answered it already."""
        return self._levels.get(key, -1) >= level

    def answer(self, key: Key, level: int) -> Sequence[Gap] | None:
        """The answer as far as it is known at that level, or may be taken as given."""
        if key in self._answers:
            return self._answers[key]
        leans = frozenset({key}) if key in self._levels else self._leans(key)
        if leans is None or any(self._levels[one] >= level for one in leans):
            return None
        if self._stack:
            self._stack[-1].leant |= leans
        return ()

    def open(self, key: Key, level: int) -> None:
        """Begin to work out the answer."""
        self._stack.append(_Open(key, level, len(self._batches)))
        self._levels[key] = level

    def close(self, gaps: Sequence[Gap]) -> bool:
        """Enter the answer to the newest open question; whether it is a yes that leans on nothing."""
        one = self._stack.pop()
        del self._levels[one.key]
        leant = frozenset(one.leant - {one.key})
        if self._stack:
            self._stack[-1].leant |= leant
        if gaps:
            self._answers[one.key] = gaps
            if one.key in one.leant:
                self._join(one.batches, self._void)
        elif leant:
            batch = _Batch(leant)
            self._join(one.batches, batch)
            self._batches.append(batch)
            self._conditional[one.key] = batch
        else:
            self._answers[one.key] = ()
            self._join(one.batches, self._proven)
            return True
        return False

    def _leans(self, key: Key) -> frozenset[Key] | None:
        """What the answer yes leans on, None where it is not known to be yes."""
        batch = self._conditional.get(key)
        while batch is not None and batch.joined is not None:
            batch = self._conditional[key] = batch.joined
        return None if batch is None or batch is self._void else batch.leans

    def _join(self, first: int, whole: _Batch) -> None:
        for batch in self._batches[first:]:
            batch.joined = whole
        del self._batches[first:]
