"""The declarations of a .proto file that hold no fields: enums, services, reserved numbers and options."""

import re
from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from accord.schemas.protobuf.descriptors.field_values import MOST_DIGITS
from accord.schemas.protobuf.model import (
    MAX_TAG,
    Enum,
    EnumConstant,
    Extensions,
    NamedType,
    Option,
    Options,
    Range,
    Reserved,
    Rpc,
    Service,
    Span,
    Visibility,
)
from accord.schemas.protobuf.text.option_reader import read_bracketed, read_option
from accord.schemas.protobuf.text.tokens import Kind, Token, Tokens

MAX_ENUM_NUMBER: Final = 2**31 - 1
"""The greatest number of an enum's constant, written ``max`` where a reserved range ends."""

MAX_NAME: Final = 1000
"""How long a name may be: every place and every use tells it in full, so that long ones make much of a short text."""

_INT32: Final = range(-(2**31), 2**31)
_INTEGER: Final = re.compile(r"-?(?:0[xX][0-9A-Fa-f]+|[0-9]+)")

Declared = TypeVar("Declared")


def of(declared: Iterable[object], kind: type[Declared]) -> tuple[Declared, ...]:
    """Those of that ``kind``, in order."""
    return tuple(one for one in declared if isinstance(one, kind))


class PartReader:
    """Reads such declarations from the tokens of one text; the word that begins one has been read already."""

    def __init__(self, text: str) -> None:
        self.tokens = Tokens(text)
        self.edition: str | None = None

    def enum(
        self, keyword: Token, visibility: Visibility = Visibility.DEFAULT, start: int | None = None
    ) -> Enum:
        """An enum; ``start`` is where its declaration begins if a word stands before ``enum``."""
        name = self.name("the name of the enum")
        declared: list[object] = []
        self.tokens.require("{")
        while not self.tokens.skip("}"):
            if self.tokens.skip(";"):
                continue
            word = self.name("the name of a constant")
            if word.text == "option":
                declared.append(self.option(word))
            elif word.text == "reserved":
                declared.append(self.reserved(word, MAX_ENUM_NUMBER))
            else:
                declared.append(self._constant(word))
        return Enum(
            name.text,
            of(declared, EnumConstant),
            of(declared, Reserved),
            of(declared, Option),
            visibility,
            span=self.since(keyword.start if start is None else start),
            name_span=name.span,
        )

    def _constant(self, name: Token) -> EnumConstant:
        self.check_name(name)
        self.tokens.require("=")
        tag, tag_span = self.integer("the number of the constant")
        options = read_bracketed(self.tokens)
        self.tokens.require(";")
        return EnumConstant(
            name.text, tag, options, span=self.since(name.start), name_span=name.span, tag_span=tag_span
        )

    def service(self, keyword: Token) -> Service:
        """A service."""
        name = self.name("the name of the service")
        declared: list[object] = []
        self.tokens.require("{")
        while not self.tokens.skip("}"):
            if self.tokens.skip(";"):
                continue
            word = self.tokens.word("a method")
            if word.text == "option":
                declared.append(self.option(word))
            elif word.text == "rpc":
                declared.append(self._rpc(word))
            elif word.text == "reserved":
                self.reserved(word)
            else:
                hint = "a service holds rpc and option"
                raise self.tokens.refused(word, f"{word} does not begin a method", hint=hint)
        return Service(
            name.text,
            of(declared, Rpc),
            of(declared, Option),
            span=self.since(keyword.start),
            name_span=name.span,
        )

    def _rpc(self, keyword: Token) -> Rpc:
        name = self.name("the name of the method")
        request, is_request_streamed = self._message_of_rpc()
        returns = self.tokens.word("`returns`")
        if returns.text != "returns":
            raise self.tokens.refused(returns, f"`returns` is expected here, not {returns}")
        response, is_response_streamed = self._message_of_rpc()
        return Rpc(
            name.text,
            request,
            response,
            is_request_streamed,
            is_response_streamed,
            self._options_of_rpc(),
            span=self.since(keyword.start),
            name_span=name.span,
        )

    def _message_of_rpc(self) -> tuple[NamedType, bool]:
        self.tokens.require("(")
        word = self.tokens.word("the name of a message")
        is_streamed = word.text == "stream"
        if is_streamed:
            word = self.tokens.word("the name of a message")
        self.tokens.require(")")
        return NamedType(word.text, word.span), is_streamed

    def _options_of_rpc(self) -> Options:
        options: list[Option] = []
        if not self.tokens.skip("{"):
            self.tokens.require(";")
            return ()
        while not self.tokens.skip("}"):
            if self.tokens.skip(";"):
                continue
            word = self.tokens.word("an option")
            if word.text == "option":
                options.append(self.option(word))
            elif word.text == "reserved":
                self.reserved(word)
            else:
                raise self.tokens.refused(word, f"`option` is expected here, not {word}")
        return tuple(options)

    def option(self, _keyword: Token) -> Option:
        """An option, declared on its own."""
        option = read_option(self.tokens)
        self.tokens.require(";")
        return option

    def reserved(self, keyword: Token, greatest: int = MAX_TAG) -> Reserved:
        """Reserved names and numbers; ``greatest`` is what ``max`` means."""
        values: list[str | Range] = [self._reserved_value(greatest)]
        while self.tokens.skip(","):
            values.append(self._reserved_value(greatest))
        self.tokens.require(";")
        return Reserved(tuple(values), self.since(keyword.start))

    def _reserved_value(self, greatest: int) -> str | Range:
        token = self.tokens.peek()
        if token.kind is Kind.STRING:
            if self.edition is not None:
                hint = "write the name without quotes"
                raise self.tokens.refused(token, "editions reserve names without quotes", hint=hint)
            return self.tokens.string("a name").value
        if self.edition is not None and not _INTEGER.fullmatch(token.text):
            return self.tokens.word("a name or a number").text
        return self._range(greatest)

    def extensions(self, keyword: Token) -> Extensions:
        """Numbers left to extensions."""
        ranges = [self._range(MAX_TAG)]
        while self.tokens.skip(","):
            ranges.append(self._range(MAX_TAG))
        options = read_bracketed(self.tokens)
        self.tokens.require(";")
        return Extensions(tuple(ranges), options, self.since(keyword.start))

    def _range(self, greatest: int) -> Range:
        first, _ = self.integer("a number")
        if self.tokens.peek().text != "to":
            return Range(first, first)
        self.tokens.read()
        if self.tokens.peek().text == "max":
            self.tokens.read()
            return Range(first, greatest)
        last, _ = self.integer("a number or `max`")
        return Range(first, last, is_written_out=True)

    def integer(self, what: str) -> tuple[int, Span]:
        """A number of 32 bits and its place; zeros before a decimal number say nothing, as in the registry's peers."""
        word = self.tokens.word(what)
        if not _INTEGER.fullmatch(word.text):
            raise self.tokens.refused(word, f"{what} is expected here, not {word}")
        base = 16 if "x" in word.text.lower() else 10
        if len(word.text) > MOST_DIGITS or (number := int(word.text, base)) not in _INT32:
            raise self.tokens.refused(word, f"{word} does not fit into 32 bits", hint="use a smaller number")
        return number, word.span

    def name(self, what: str, *, around: Sequence[str] = ()) -> Token:
        """A name that is declared, inside of messages named ``around``; ``what`` says what it is for."""
        name = self.tokens.word(what)
        if len(name.text) + sum(map(len, around)) > MAX_NAME:
            hint = f"let it have at most {MAX_NAME} characters, with the names of the messages around it"
            raise self.tokens.refused(name, f"the name {name} is too long", hint=hint)
        return name

    def check_name(self, name: Token) -> None:
        """Refuse a name that begins with a digit."""
        if name.text[0].isdigit():
            hint = "begin it with a letter"
            raise self.tokens.refused(name, f"the name {name} begins with a digit", hint=hint)

    def since(self, start: int) -> Span:
        """From ``start`` to the end of what was read last."""
        return Span(start, self.tokens.last_end)
