"""The text of a report in colours: what weighs, where it is, and what to change."""

import re
from typing import Final

from rich.text import Text

_STYLES: Final = (
    (re.compile(r"^error(?=\[)", re.MULTILINE), "bold red"),
    (re.compile(r"^warning(?=\[)", re.MULTILINE), "bold yellow"),
    (re.compile(r"^(?:info|accepted)(?=\[)", re.MULTILINE), "bold blue"),
    (re.compile(r"^ *-->", re.MULTILINE), "blue"),
    (re.compile(r"^ +\| +\^+.*$", re.MULTILINE), "red"),
    (re.compile(r"^ +help:", re.MULTILINE), "cyan"),
    (re.compile(r"^ + - .*$", re.MULTILINE), "red"),
    (re.compile(r"^ + \+ .*$", re.MULTILINE), "green"),
    (re.compile(r"^ +note:.*$", re.MULTILINE), "dim"),
)


def highlighted(text: str) -> Text:
    """The same characters; whether a terminal shows the colours is for it to say (NO_COLOR and the like)."""
    told = Text(text)
    for pattern, style in _STYLES:
        for match in pattern.finditer(text):
            told.stylize(style, *match.span())
    return told
