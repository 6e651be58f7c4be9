"""Changing the text of a .proto file where something stands, so that the author's layout stays."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from accord.schemas.protobuf.model import Group, Message, OneOf, Span
from accord.schemas.protobuf.text.tokens import Kind, Tokens

_STEP: Final = "  "
_REST_OF_LINE: Final = re.compile(r"[ \t]*(?://[^\n]*)?(?:\r?\n|$)")


class Edit(NamedTuple):
    """The characters from ``start`` up to ``end`` become ``text``."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with the edits, which do not overlap; of two at one place the first stands first."""
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def replacing(span: Span, text: str) -> Edit:
    """``text`` in place of what is there."""
    return Edit(span.start, span.end, text)


def removing(text: str, span: Span) -> Edit:
    """Nothing in place of what is there: its lines go too where nothing else is on them but a comment."""
    before = text.rfind("\n", 0, span.start) + 1
    rest = _REST_OF_LINE.match(text, span.end)
    if rest is not None and not text[before : span.start].strip():
        return Edit(before, rest.end(), "")
    return Edit(span.start, span.end + (text[span.end : span.end + 1] == " "), "")


def beginning(text: str, around: Message | Group, statement: str) -> Edit:
    """``statement`` as the first that stands in ``around``."""
    at = text.index("{", around.name_span.end) + 1
    if "\n" not in text[at : around.span.end]:
        return Edit(at, at, f" {statement}")
    return Edit(at, at, f"\n{inner_indentation(text, around)}{statement}")


def ending(text: str, around: Message | Group | OneOf, statement: str) -> Edit:
    """``statement`` as the last that stands in ``around``."""
    brace = around.span.end - 1
    line = text.rfind("\n", around.span.start, brace) + 1
    if not line or text[line:brace].strip():
        return Edit(brace, brace, f"{statement} ")
    return Edit(line, line, f"{inner_indentation(text, around)}{statement}\n")


def following(text: str, span: Span, statement: str) -> Edit:
    """``statement`` on a line of its own after what is there."""
    return Edit(span.end, span.end, f"\n{indentation(text, span.start)}{statement}")


def indentation(text: str, at: int) -> str:
    """The blanks that the line of that character begins with."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip())]


def inner_indentation(text: str, around: Message | Group | OneOf) -> str:
    """The blanks that a line inside of ``around`` begins with: as the first one that is there does."""
    body = text[text.index("{", around.name_span.end) + 1 : around.span.end - 1]
    first = next((line for line in body.split("\n")[1:] if line.strip()), None)
    if first is None:
        return indentation(text, around.span.start) + _STEP
    return first[: len(first) - len(first.lstrip())]


def moved(text: str, span: Span, indent: str) -> str:
    """What stands there, as it may stand on a line that begins with ``indent``."""
    own = indentation(text, span.start)
    first, *rest = text[span.start : span.end].split("\n")
    return "\n".join([first, *(indent + line.removeprefix(own) if line.strip() else line for line in rest)])


def package_spans(text: str) -> list[Span]:
    """Where the package is declared; if more than once, the last one counts."""
    tokens, depth, found = Tokens(text), 0, list[Span]()
    while (token := tokens.read()).kind is not Kind.END:
        depth += token.is_sign("{") - token.is_sign("}")
        if depth == 0 and token.text == "package" and tokens.peek(1).is_sign(";"):
            tokens.read()
            found.append(Span(token.start, tokens.read().end))
    return found


def head_end(text: str) -> int:
    """Where the line ends that declares the syntax, or 0."""
    tokens = Tokens(text)
    if tokens.peek().text not in {"syntax", "edition"}:
        return 0
    while not tokens.read().is_sign(";"):
        pass
    return tokens.last_end
