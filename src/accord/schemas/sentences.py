"""Parts of sentences."""

from collections.abc import Sequence
from typing import Final

_MOST: Final = 5


def listed(words: Sequence[str], *, last: str = "and") -> str:
    """The words as a sentence has them: "a", "a and b", "a, b and c"."""
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final


def listed_shortly(words: Sequence[str]) -> str:
    """The first few of the words as a sentence has them, and how many more there are."""
    if len(words) <= _MOST:
        return listed(words)
    return listed([*words[: _MOST - 1], f"{len(words) - _MOST + 1} more"])
