"""From the text of a .proto file to its declarations.

What the registry's peers take is taken: the language's rules about numbers, names and values are no matter of
grammar, and a file that breaks them is still read. Refused is what cannot be read, and what editions do away with.
"""

from collections.abc import Callable, Iterable
from typing import Final

from accord.schemas.protobuf.model import (
    PARTS_OF_A_FIELD,
    Enum,
    Extend,
    Extensions,
    Field,
    FieldType,
    File,
    Group,
    Import,
    ImportKind,
    Label,
    MapType,
    Message,
    NamedType,
    OneOf,
    Option,
    Options,
    Reserved,
    Service,
    Text,
    Visibility,
    option_in,
)
from accord.schemas.protobuf.text.option_reader import MAX_DEPTH, read_bracketed
from accord.schemas.protobuf.text.parts import PartReader, of
from accord.schemas.protobuf.text.tokens import WORD, Kind, Token, shortened

EDITIONS: Final = ("2023", "2024")
"""The editions that are read."""

MAP_KEYS: Final = frozenset(
    {
        "bool", "string", "int32", "int64", "uint32", "uint64", "sint32", "sint64",
        "fixed32", "fixed64", "sfixed32", "sfixed64",
    }
)  # fmt: skip
"""The types that the keys of a map may have."""

_SYNTAXES: Final = ("proto2", "proto3")
_LABELS: Final = frozenset(map(str, Label))
_VISIBILITIES: Final = frozenset({Visibility.EXPORT.value, Visibility.LOCAL.value})


def parse_file(text: str) -> File:
    """Read the text of a .proto file; raises InvalidSchema, which names line and column."""
    return _Parser(text).file()


class _Parser(PartReader):
    """Reads one text from its beginning to its end."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._syntax: str | None = None
        self._package: str | None = None
        self._around: list[str] = []

    def file(self) -> File:
        """The whole text."""
        self._read_syntax()
        declared: list[object] = []
        while self.tokens.peek().kind is not Kind.END:
            if not self.tokens.skip(";"):
                declared.append(self._declaration())
        self._check_names((*of(declared, Message), *of(declared, Enum)), "message or enum")
        self._check_names(of(declared, Service), "service")
        file = File(
            syntax=self._syntax,
            edition=self.edition,
            package=self._package,
            imports=of(declared, Import),
            options=of(declared, Option),
            messages=of(declared, Message),
            enums=of(declared, Enum),
            extends=of(declared, Extend),
            services=of(declared, Service),
        )
        if file == File():
            hint = 'write at least syntax = "proto3";'
            raise self.tokens.refused(self.tokens.peek(), "the schema declares nothing", hint=hint)
        return file

    def _read_syntax(self) -> None:
        keyword = self.tokens.peek()
        if keyword.text not in {"syntax", "edition"} or not self.tokens.peek(1).is_sign("="):
            return
        self.tokens.read()
        self.tokens.require("=")
        place = self.tokens.peek()
        value = self.tokens.string(f"the {keyword.text}").value
        self.tokens.require(";")
        known = _SYNTAXES if keyword.text == "syntax" else EDITIONS
        if value not in known:
            message = f'the {keyword.text} "{shortened(value)}" is unknown'
            raise self.tokens.refused(place, message, hint=f"use {' or '.join(known)}")
        if keyword.text == "syntax":
            self._syntax = value
        else:
            self.edition = value

    def _declaration(self) -> object:
        """One declaration of the file."""
        if self.tokens.peek().text in _VISIBILITIES and self.edition == "2024":
            return self._visible()
        keyword = self.tokens.word("a declaration")
        readers: dict[str, Callable[[Token], object]] = {
            "package": self._read_package,
            "import": self._import,
            "option": self.option,
            "message": self._message,
            "enum": self.enum,
            "extend": self._extend,
            "service": self.service,
            "reserved": self.reserved,
        }
        reader = readers.get(keyword.text)
        if reader is not None:
            return reader(keyword)
        if keyword.text in {"syntax", "edition"}:
            message = f"the {keyword.text} must be declared before anything else, and once"
            raise self.tokens.refused(keyword, message, hint="move it to the top of the file")
        raise self.tokens.refused(
            keyword,
            f"{keyword} does not begin a declaration",
            hint="a file holds package, import, option, message, enum, service and extend",
        )

    def _read_package(self, _keyword: Token) -> None:
        """The package; the last one counts."""
        self._package = self.name("the name of the package").text
        self.tokens.require(";")

    def _visible(self) -> Message | Enum:
        """A message or an enum after the word that says who may use it."""
        word = self.tokens.read()
        keyword = self.tokens.word("`message` or `enum`")
        if keyword.text == "message":
            return self._message(keyword, Visibility(word.text), word.start)
        if keyword.text == "enum":
            return self.enum(keyword, Visibility(word.text), word.start)
        raise self.tokens.refused(keyword, f"`message` or `enum` is expected here, not {keyword}")

    def _import(self, keyword: Token) -> Import:
        kind, word = ImportKind.PLAIN, self.tokens.peek()
        if word.kind is Kind.WORD:
            self.tokens.read()
            kinds = [
                ImportKind.PUBLIC,
                *([ImportKind.OPTION] if self.edition == "2024" else [ImportKind.WEAK]),
            ]
            if word.text not in kinds:
                hint = f"write the path in quotes, after {' or '.join(kinds)} or nothing"
                raise self.tokens.refused(word, f"{word} is no kind of import here", hint=hint)
            kind = ImportKind(word.text)
        path = self.tokens.string("the path of a file").value
        self.tokens.require(";")
        return Import(path, kind, self.since(keyword.start))

    def _message(
        self, keyword: Token, visibility: Visibility = Visibility.DEFAULT, start: int | None = None
    ) -> Message:
        name = self.name("the name of the message", around=self._around)
        if len(self._around) == MAX_DEPTH:
            hint = f"nest at most {MAX_DEPTH} levels"
            raise self.tokens.refused(keyword, "the messages nest too deep", hint=hint)
        self._around.append(name.text)
        declared: list[object] = []
        self.tokens.require("{")
        while not self.tokens.skip("}"):
            if not self.tokens.skip(";"):
                declared.append(self._member())
        self._around.pop()
        return Message(
            name.text,
            fields=of(declared, Field),
            oneofs=of(declared, OneOf),
            groups=of(declared, Group),
            messages=of(declared, Message),
            enums=of(declared, Enum),
            extends=of(declared, Extend),
            extensions=of(declared, Extensions),
            reserved=of(declared, Reserved),
            options=of(declared, Option),
            visibility=visibility,
            span=self.since(keyword.start if start is None else start),
            name_span=name.span,
        )

    def _member(self) -> object:
        """One declaration inside a message."""
        token, following = self.tokens.peek(), self.tokens.peek(1)
        if token.text in _VISIBILITIES and self.edition == "2024" and following.text in {"message", "enum"}:
            return self._visible()
        keyword = self.tokens.word("a field or another declaration")
        match keyword.text:
            case "message":
                return self._message(keyword)
            case "enum":
                return self.enum(keyword)
            case "extend":
                return self._extend(keyword)
            case "oneof":
                return self._oneof(keyword)
            case "option":
                return self.option(keyword)
            case "reserved":
                return self.reserved(keyword)
            case "extensions":
                return self.extensions(keyword)
        return self._field_or_group(keyword)

    def _field_or_group(self, first: Token) -> Field | Group:
        """What begins with a label or, where none is needed, with a type."""
        label, word = None, first
        if first.text in _LABELS:
            label, word = Label(first.text), self.tokens.word("the type of the field")
            self._check_label(first, label)
        elif not self._is_labelless and not (word.text == "map" and self.tokens.peek().is_sign("<")):
            raise self.tokens.refused(
                first,
                f"{first} is no label, and a field of proto2 needs one",
                hint='write optional, required or repeated, or declare syntax = "proto3" at the top',
            )
        if word.text == "group":
            return self._group(first.start, label)
        kind = self._field_type(word)
        if isinstance(kind, MapType) and label is not None:
            raise self.tokens.refused(first, "a map has no label", hint=f"remove {label}")
        return self._field(first.start, label, kind)

    @property
    def _is_labelless(self) -> bool:
        return self._syntax == "proto3" or self.edition is not None

    def _check_label(self, token: Token, label: Label) -> None:
        if label is Label.REQUIRED and self._syntax == "proto3":
            hint = "remove the label, or write optional"
            raise self.tokens.refused(token, "proto3 has no required fields", hint=hint)
        if label is not Label.REPEATED and self.edition is not None:
            presence = "LEGACY_REQUIRED" if label is Label.REQUIRED else "EXPLICIT"
            raise self.tokens.refused(
                token,
                f"editions have no label {token}",
                hint=f"remove it; [features.field_presence = {presence}] says the same",
            )

    def _field_type(self, word: Token) -> FieldType:
        if word.text != "map":
            return NamedType(word.text, word.span)
        self.tokens.require("<")
        key = self.tokens.word("the type of the keys")
        if key.text not in MAP_KEYS:
            hint = "use string, bool or one of the integer types"
            raise self.tokens.refused(key, f"a map has no keys of type {key}", hint=hint)
        self.tokens.require(",")
        value = self.tokens.word("the type of the values")
        self.tokens.require(">")
        return MapType(
            NamedType(key.text, key.span), NamedType(value.text, value.span), self.since(word.start)
        )

    def _field(self, start: int, label: Label | None, kind: FieldType) -> Field:
        name = self.name("the name of the field")
        self.check_name(name)
        self.tokens.require("=")
        tag, tag_span = self.integer("the number of the field")
        place, options = self.tokens.peek(), _in_order(read_bracketed(self.tokens))
        self._check_default(place, kind, options)
        self.tokens.require(";")
        return Field(
            name.text,
            kind,
            tag,
            label,
            options,
            span=self.since(start),
            name_span=name.span,
            tag_span=tag_span,
        )

    def _check_default(self, place: Token, kind: FieldType, options: Options) -> None:
        """Stored text has every default without quotes that is no string, and must be read as the same again."""
        value = option_in(options, "default")
        if str(kind) == "string" or not isinstance(value, Text) or WORD.fullmatch(value.value):
            return
        raise self.tokens.refused(
            place,
            f"a field of type {kind} cannot have this default here, as it is stored without quotes",
            hint="leave the default out, or let it be of letters, digits, dots, dashes and underscores alone",
        )

    def _group(self, start: int, label: Label | None) -> Group:
        name = self.name("the name of the group")
        if self.edition is not None:
            hint = "declare a message, and a field with [features.message_encoding = DELIMITED]"
            raise self.tokens.refused(name, "editions have no groups", hint=hint)
        self.tokens.require("=")
        tag, tag_span = self.integer("the number of the group")
        self.tokens.require("{")
        fields: list[Field] = []
        while not self.tokens.skip("}"):
            fields.append(self._field_of_group())
        return Group(
            name.text,
            tag,
            label,
            tuple(fields),
            span=self.since(start),
            name_span=name.span,
            tag_span=tag_span,
        )

    def _field_of_group(self) -> Field:
        first = self.tokens.word("a field")
        word = self.tokens.peek() if first.text in _LABELS else first
        field = None if word.text == "group" else self._field_or_group(first)
        if not isinstance(field, Field):
            hint = "declare the inner one as a message of its own, beside the group"
            raise self.tokens.refused(first, "a group holds only fields", hint=hint)
        return field

    def _oneof(self, keyword: Token) -> OneOf:
        name = self.name("the name of the oneof")
        declared: list[object] = []
        self.tokens.require("{")
        while not self.tokens.skip("}"):
            word = self.tokens.word("a field of the oneof")
            if word.text == "option":
                declared.append(self.option(word))
            elif word.text == "group":
                declared.append(self._group(word.start, None))
            else:
                declared.append(self._field(word.start, None, self._field_type(word)))
        return OneOf(
            name.text,
            of(declared, Field),
            of(declared, Group),
            of(declared, Option),
            span=self.since(keyword.start),
            name_span=name.span,
        )

    def _extend(self, keyword: Token) -> Extend:
        """Added fields. What else may stand between them the stored text does not keep, so it is read past."""
        name = self.tokens.word("the name of the extended message")
        fields: list[Field] = []
        self.tokens.require("{")
        while not self.tokens.skip("}"):
            if self.tokens.skip(";"):
                continue
            word = self.tokens.word("a field")
            if word.text == "option":
                self.option(word)
            elif word.text == "reserved":
                self.reserved(word)
            elif isinstance(field := self._field_or_group(word), Field):
                fields.append(field)
        return Extend(NamedType(name.text, name.span), tuple(fields), self.since(keyword.start))

    def _check_names(self, declared: Iterable[Message | Enum | Service], what: str) -> None:
        names = set[str]()
        for one in sorted(declared, key=lambda one: one.span.start):
            if one.name in names:
                place = Token(Kind.WORD, one.name, one.name_span.start)
                hint = "rename or remove one of them"
                raise self.tokens.refused(place, f"there is already a {what} named {place}", hint=hint)
            names.add(one.name)


def _in_order(options: Options) -> Options:
    """The default and the JSON name behind the options, for they are none."""
    return tuple(sorted(options, key=lambda option: PARTS_OF_A_FIELD.get(option.name, 0)))
