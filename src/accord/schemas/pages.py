"""A page of reference as values, and its two renderings: Markdown for the web, plain text for a terminal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import indent, wrap
from typing import Final, TypeAlias

_WIDTH: Final = 100


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What a program says."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Text in another language."""

    text: str
    language: str = "json"


@dataclass(frozen=True, slots=True)
class Points:
    """A list."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


Block: TypeAlias = Paragraph | Quote | Code | Points | Table


@dataclass(frozen=True, slots=True)
class Section:
    """Blocks under a heading."""

    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True)
class Page:
    """``lead`` is the page in one sentence."""

    title: str
    lead: str
    sections: Sequence[Section]


def to_markdown(page: Page) -> str:
    """The page in Markdown, ending with a line break."""
    parts = [f"# {page.title}", page.lead]
    for section in page.sections:
        parts.append(f"## {section.title}")
        parts.extend(_markdown(block) for block in section.blocks)
    return "\n\n".join(parts) + "\n"


def to_plain(page: Page) -> str:
    """The page as text for a terminal, without colours."""
    return "\n".join(_plain_lines(page)).rstrip("\n")


def _markdown(block: Block) -> str:
    if isinstance(block, Paragraph):
        return block.text
    if isinstance(block, Quote):
        return f"> {block.text}"
    if isinstance(block, Code):
        return f"```{block.language}\n{block.text}\n```"
    if isinstance(block, Points):
        return "\n".join(f"- {item}" for item in block.items)
    lines = [block.headings, ["---"] * len(block.headings), *block.rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in lines)


def _plain_lines(page: Page) -> Iterator[str]:
    yield page.title
    yield ""
    yield from _folded(page.lead)
    yield ""
    for section in page.sections:
        yield section.title.upper()
        for block in section.blocks:
            yield from _plain(block)
            yield ""


def _plain(block: Block) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from _folded(block.text)
    elif isinstance(block, Quote):
        yield from _folded(block.text, first="  > ", rest="  > ")
    elif isinstance(block, Code):
        yield indent(block.text, "    ")
    elif isinstance(block, Points):
        for item in block.items:
            yield from _folded(item, first="  - ", rest="    ")
    else:
        yield from _plain_table(block)


def _plain_table(table: Table) -> Iterator[str]:
    """The columns side by side, the last one folded."""
    widths = [max(len(row[index]) for row in table.rows) for index in range(len(table.headings) - 1)]
    for row in table.rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        first = f"    {'  '.join(cells)}  "
        yield from _folded(row[-1], first=first, rest=" " * len(first))


def _folded(text: str, *, first: str = "", rest: str = "") -> list[str]:
    return wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )
