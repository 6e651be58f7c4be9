"""Asking about many things at once, where every answer takes its way through a network."""

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE: Final = 8


def ask_of_each(ask: Callable[[T], R], things: Collection[T]) -> dict[T, R]:
    """The answers by what was asked about, in its order. ``ask`` runs in several threads; what it raises first is raised."""
    if len(things) <= 1:
        return {thing: ask(thing) for thing in things}
    with ThreadPoolExecutor(min(AT_ONCE, len(things)), "asking") as threads:
        return dict(zip(things, threads.map(ask, things), strict=True))
