"""Measuring two things against each other on a shared, noisy machine."""

import time
from collections.abc import Callable
from dataclasses import dataclass

ROUNDS = 15


@dataclass(frozen=True, slots=True)
class Ratio:
    """What one call of each side costs, in microseconds of this thread's CPU, best of the rounds."""

    what: str
    ours: str
    ours_us: float
    peer: str
    peer_us: float

    @property
    def times(self) -> float:
        """How many times as fast ours is."""
        return self.peer_us / self.ours_us

    def __str__(self) -> str:
        return (
            f"{self.what}: {self.ours} is {self.times:.2f}x as fast as {self.peer}"
            f" ({self.ours_us:.2f} us against {self.peer_us:.2f} us)"
        )


def pair(
    what: str,
    ours: tuple[str, Callable[[], object]],
    peer: tuple[str, Callable[[], object]],
    *,
    calls: int = 5000,
) -> Ratio:
    """Run both sides in turns, so that a slow moment of the machine hits both."""
    best = [float("inf"), float("inf")]
    for _ in range(ROUNDS):
        for side, (_name, call) in enumerate((ours, peer)):
            best[side] = min(best[side], _cpu_us(call, calls))
    return Ratio(what, ours[0], best[0], peer[0], best[1])


def alone_us(call: Callable[[], object], *, calls: int = 5000) -> float:
    """What one call costs, for orientation beside a comparison."""
    return min(_cpu_us(call, calls) for _ in range(ROUNDS))


def _cpu_us(call: Callable[[], object], calls: int) -> float:
    started = time.thread_time()
    for _ in range(calls):
        call()
    return (time.thread_time() - started) / calls * 1e6
