"""Numbers and names as a message tells them."""

from typing import Final

FEW: Final = 5
"""So many names are told of many; so many fields, and it is worth a remark that none of them can ever go."""


def counted(number: int, noun: str) -> str:
    """A number with its noun: "1 field", "2 fields"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def told(names: list[str]) -> str:
    """Names in a row, a few of many."""
    more = len(names) - FEW
    return ", ".join(names[:FEW]) + (f" and {more} more" if more > 0 else "")
