"""Inputs drawn blindly: mutated seeds, and mutations of those."""

import time
from collections.abc import Iterator
from itertools import chain
from random import Random
from typing import Final

from fuzz.target import Target
from fuzz.watch import Watch

_MOST_KEPT: Final = 2000


def fuzz(target: Target, watch: Watch, *, seconds: float, seed: int) -> None:
    """Feed the seeds, and what is made of them for some time: the same for the same ``seed``."""
    deadline = time.monotonic() + seconds
    for data in chain(target.seeds(), mutants(target, seed=seed)):
        if time.monotonic() > deadline:
            break
        watch.feed(data)
    watch.end()


def mutants(target: Target, *, seed: int) -> Iterator[bytes]:
    """Inputs without an end."""
    random = Random(seed)
    kept = list(target.seeds())
    while True:
        data = target.mutated(random.choice(kept), random.getrandbits(64))
        yield data
        if len(kept) < _MOST_KEPT:
            kept.append(data)
        else:
            kept[random.randrange(_MOST_KEPT)] = data
