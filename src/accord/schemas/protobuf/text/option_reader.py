"""Options in the text of a .proto file: their names and values."""

from typing import Final

from accord.schemas.errors import InvalidSchema
from accord.schemas.protobuf.model import (
    Aggregate,
    NamePart,
    Number,
    Option,
    Options,
    OptionValue,
    Span,
    Values,
    Word,
)
from accord.schemas.protobuf.text.tokens import Kind, Token, Tokens

MAX_DEPTH: Final = 32
"""How many levels messages and option values may nest."""

_CLOSING: Final = {"{": "}", "<": ">"}


def read_bracketed(tokens: Tokens) -> Options:
    """The options in brackets that may follow here."""
    if not tokens.skip("["):
        return ()
    options = [read_option(tokens)]
    while not tokens.skip("]"):
        tokens.require(",")
        options.append(read_option(tokens))
    return tuple(options)


def read_option(tokens: Tokens) -> Option:
    """A name, an equals sign and a value."""
    start = tokens.peek().start
    path = _path(tokens)
    tokens.require("=")
    value = _value(tokens, MAX_DEPTH)
    return Option(path, value, Span(start, tokens.last_end))


def read_fields(text: str) -> Aggregate:
    """The fields of a message in the text format."""
    return _aggregate(Tokens(f"{{{text}}}"), MAX_DEPTH)


def _path(tokens: Tokens) -> tuple[NamePart, ...]:
    """A name such as ``deprecated``, ``(my.option).part.of`` or ``(my.option).(my.extension)``."""
    path: list[NamePart] = []
    while True:
        if tokens.skip("("):
            path.append(NamePart(tokens.word("the name of an option").text, is_extension=True))
            tokens.require(")")
        else:
            token = tokens.word("the name of an option")
            path += _parts(tokens, token, is_first=not path)
        if len(path) > MAX_DEPTH:
            raise _too_deep(tokens, tokens.peek())
        following = tokens.peek()
        if following.is_sign("("):
            continue
        if not (path[-1].is_extension and following.kind is Kind.WORD and following.text.startswith(".")):
            return tuple(path)


def _parts(tokens: Tokens, token: Token, *, is_first: bool) -> list[NamePart]:
    """The parts between the dots of a word; beside a name in parentheses it has a dot at that end."""
    inner = token.text if is_first else token.text.removeprefix(".")
    if tokens.peek().is_sign("("):
        if not token.text.endswith("."):
            raise tokens.refused(tokens.peek(), "a dot is expected before this parenthesis")
        inner = inner[:-1]
    names = inner.split(".") if inner else []
    if not all(names) or (is_first and not names):
        raise tokens.refused(token, f"{token} is not the name of an option")
    return [NamePart(name) for name in names]


def _value(tokens: Tokens, depth: int) -> OptionValue:
    if depth == 0:
        raise _too_deep(tokens, tokens.peek())
    token = tokens.peek()
    if token.kind is Kind.STRING:
        return tokens.string("a value")
    if token.text in _CLOSING and token.kind is Kind.SIGN:
        return _aggregate(tokens, depth)
    if token.is_sign("["):
        return _list(tokens, depth)
    word = tokens.word("a value").text
    return Number(word) if word[0].isdigit() or word[0] == "-" else Word(word)


def _too_deep(tokens: Tokens, place: Token) -> InvalidSchema:
    return tokens.refused(
        place, "the value of this option nests too deep", hint=f"nest at most {MAX_DEPTH} levels"
    )


def _list(tokens: Tokens, depth: int) -> Values:
    tokens.require("[")
    items: list[OptionValue] = []
    while not tokens.skip("]"):
        items.append(_value(tokens, depth - 1))
        if not tokens.skip(",") and not tokens.peek().is_sign("]"):
            raise tokens.refused(tokens.peek(), f"`,` or `]` is expected here, not {tokens.peek()}")
    return Values(tuple(items))


def _aggregate(tokens: Tokens, depth: int) -> Aggregate:
    closing = _CLOSING[tokens.read().text]
    entries: list[tuple[str, OptionValue]] = []
    while not tokens.skip(closing):
        name = _entry_name(tokens)
        following = tokens.peek()
        if following.text not in _CLOSING or following.kind is not Kind.SIGN:
            tokens.require(":")
        entries.append((name, _value(tokens, depth - 1)))
        if not tokens.skip(","):
            tokens.skip(";")
    return Aggregate(tuple(entries))


def _entry_name(tokens: Tokens) -> str:
    if not tokens.skip("["):
        return tokens.word("the name of a field").text
    name = tokens.word("the name of an extension").text
    tokens.require("]")
    return f"[{name}]"
