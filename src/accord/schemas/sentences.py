"""Parts of sentences."""

from collections.abc import Sequence


def listed(words: Sequence[str], *, last: str = "and") -> str:
    """The words as a sentence has them: "a", "a and b", "a, b and c"."""
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final
