"""Foreign words made safe to show: they may hold anything, and a terminal or a log obeys some of it."""

import re
import unicodedata
from typing import Final

_BETWEEN_LINES: Final = re.compile(r"\s*\n\s*")
_TAB: Final = 4


def visible(text: str) -> str:
    """The text in one line, with whatever steers a terminal or cannot be seen written as an escape."""
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def visible_lines(text: str) -> str:
    """The same, with its line breaks left in place."""
    return "\n".join(map(visible, text.split("\n")))


def in_one_line(text: str) -> str:
    """The text made visible, with each line break and the indentation after it told as one space."""
    return visible(_BETWEEN_LINES.sub(" ", text))


def as_shown(line: str) -> list[tuple[str, int]]:
    """Each character of a line as a terminal shows it, and how many columns it takes there.

    Tabs become spaces up to the next stop, so that what is written below stands below.
    """
    shown: list[tuple[str, int]] = []
    column = 0
    for one in line:
        if one == "\t":
            text, width = " " * (_TAB - column % _TAB), _TAB - column % _TAB
        elif one.isprintable():
            text, width = one, _width(one)
        else:
            text = one.encode("unicode_escape").decode()
            width = len(text)
        shown.append((text, width))
        column += width
    return shown


def _width(one: str) -> int:
    if unicodedata.combining(one):
        return 0
    return 2 if unicodedata.east_asian_width(one) in "WF" else 1
