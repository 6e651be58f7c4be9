"""From the characters of a .proto file to words, strings and signs, each with its place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from accord.schemas.errors import InvalidSchema
from accord.schemas.protobuf.model import Span, Text

# A word may begin with a digit and hold dots and dashes: numbers and dotted names are words too.
_TOKEN: Final = re.compile(
    r"""
    (?P<gap>(?:[ \t\r\n\v\f]+ | //[^\n]* | /\*(?s:.*?)\*/)+)
    | (?P<word>-?\.?[0-9][0-9.]*[eE]\+[0-9]+ | [A-Za-z0-9_.\-]+)
    | (?P<string>"(?:[^"\\]++|\\(?s:.))*+" | '(?:[^'\\]++|\\(?s:.))*+')
    | (?P<sign>[{}()\[\]<>=;,:])
    """,
    re.VERBOSE,
)
WORD: Final = re.compile(r"[A-Za-z0-9_.\-]+")
"""What is read as one word."""

_ESCAPE: Final = re.compile(
    r"\\(?:[xX](?P<hex>[0-9A-Fa-f]{1,2})|(?P<octal>[0-7]{1,3})"
    r"|u(?P<short>[0-9A-Fa-f]{4})|U(?P<long>[0-9A-Fa-f]{8})|(?P<other>(?s:.)))"
)
_NAMED_ESCAPES: Final = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_LAST_CHARACTER: Final = 0x10FFFF
_SURROGATES: Final = range(0xD800, 0xE000)
_MOST_SHOWN: Final = 40


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    STRING = auto()
    SIGN = auto()
    END = auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a string with its quotes, a sign, or the end of the text."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the next character is."""
        return self.start + len(self.text)

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.start, self.end)

    def is_sign(self, sign: str) -> bool:
        """Whether it is that sign."""
        return self.kind is Kind.SIGN and self.text == sign

    def __str__(self) -> str:
        if self.kind is Kind.END:
            return "the end of the text"
        return f"`{shortened(self.text, _MOST_SHOWN)}`"


class Tokens:
    """The tokens of one text, one after the other; every ``read`` goes on to the next."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = _tokens_of(text)
        self._ahead: list[Token] = []
        self.last_end = 0
        """Where the token that was read last ends."""

    def peek(self, further: int = 0) -> Token:
        """The next token, or one ``further`` on."""
        while len(self._ahead) <= further:
            self._ahead.append(next(self._tokens))
        return self._ahead[further]

    def read(self) -> Token:
        """The next token."""
        token = self.peek()
        self._ahead.pop(0)
        self.last_end = token.end
        return token

    def skip(self, sign: str) -> bool:
        """Whether the next token is that sign, which is read then."""
        if not self.peek().is_sign(sign):
            return False
        self.read()
        return True

    def require(self, sign: str) -> Token:
        """Read that sign."""
        token = self.read()
        if not token.is_sign(sign):
            raise self.refused(token, f"`{sign}` is expected here, not {token}")
        return token

    def word(self, what: str) -> Token:
        """Read a word; ``what`` says what it is for."""
        token = self.read()
        if token.kind is not Kind.WORD:
            raise self.refused(token, f"{what} is expected here, not {token}")
        return token

    def string(self, what: str) -> Text:
        """Read a string; strings that follow one another make one."""
        token = self.read()
        if token.kind is not Kind.STRING:
            raise self.refused(token, f"{what} in quotes is expected here, not {token}")
        parts = [_unquoted(self.text, token)]
        while self.peek().kind is Kind.STRING:
            parts.append(_unquoted(self.text, self.read()))
        return Text("".join(part.value for part in parts), b"".join(part.data for part in parts))

    def refused(self, token: Token, message: str, *, hint: str = "") -> InvalidSchema:
        """The error that says ``message`` about the place of ``token``."""
        return refusal(self.text, token.start, message, hint=hint)


def shortened(written: str, most: int = 200) -> str:
    """The beginning of what somebody wrote, all of it up to ``most`` characters."""
    return written if len(written) <= most else f"{written[:most]}…"


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of the character at ``offset``."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def refusal(text: str, offset: int, message: str, *, hint: str = "") -> InvalidSchema:
    """The error that says ``message`` about the place at ``offset``."""
    line, column = position(text, offset)
    return InvalidSchema(
        f"line {line}, column {column}: {message}",
        hint=hint or "see the Protocol Buffers language guide for how a .proto file is written",
    )


def _tokens_of(text: str) -> Iterator[Token]:
    at = 0
    if (broken := re.search("[\ud800-\udfff]", text)) is not None:
        raise refusal(text, broken.start(), "half a character stands here", hint="send the text as UTF-8")
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _unreadable(text, at)
        if found.lastgroup != "gap":
            yield Token(Kind[str(found.lastgroup).upper()], found.group(), at)
        at = found.end()
    while True:
        yield Token(Kind.END, "", len(text))


def _unreadable(text: str, at: int) -> InvalidSchema:
    if text.startswith("/*", at):
        return refusal(text, at, "the comment that begins here never ends", hint="close it with */")
    if text[at] in "\"'":
        return refusal(text, at, "the string that begins here never ends", hint="close its quotes")
    message = f"the character {text[at]!r} has no meaning here"
    return refusal(text, at, message, hint="names hold only letters, digits, underscores and dots")


def _unquoted(text: str, token: Token) -> Text:
    inner = token.text[1:-1]
    if "\\" not in inner:
        return Text(inner, inner.encode())
    value, data, at = [], [], 0
    for found in _ESCAPE.finditer(inner):
        plain = inner[at : found.start()]
        if found["other"] in {"x", "X"}:
            place = token.start + 1 + found.start()
            raise refusal(
                text, place, f"no digit follows `{found.group()}`", hint="write a number of base 16"
            )
        character, encoded = _unescaped(found)
        value += [plain, character]
        data += [plain.encode(), encoded]
        at = found.end()
    rest = inner[at:]
    return Text("".join([*value, rest]), b"".join([*data, rest.encode()]))


def _unescaped(found: re.Match[str]) -> tuple[str, bytes]:
    if found["hex"] or found["octal"]:
        number = int(found["hex"], 16) if found["hex"] else int(found["octal"], 8)
        return chr(number), bytes([number & 0xFF])
    if found["short"] or found["long"]:
        number = int(found["short"] or found["long"], 16)
        # Half a character or one beyond Unicode stands for nothing; the sign for that keeps the text readable.
        is_character = number <= _LAST_CHARACTER and number not in _SURROGATES
        character = chr(number) if is_character else "\N{REPLACEMENT CHARACTER}"
        return character, character.encode()
    character = _NAMED_ESCAPES.get(found["other"], found["other"])
    return character, character.encode()
