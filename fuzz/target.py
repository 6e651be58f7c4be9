"""What is fuzzed: something that reads bytes, what it is expected to raise, and how its inputs are made."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from fuzz.mutations import Mutation


@dataclass(frozen=True, slots=True)
class Target:
    """``run`` must take every input of ``expected`` errors or none; all else that it raises is a finding."""

    name: str
    run: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]
    mutation: Mutation
    expected: tuple[type[Exception], ...] = ()

    def mutated(self, data: bytes, seed: int) -> bytes:
        """Another input; the same for the same seed."""
        random = Random(seed)
        return self.mutation(data, random, self.seeds())


class Wrong(AssertionError):
    """The answer breaks a rule that holds for every input."""
