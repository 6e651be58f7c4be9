"""What must hold for any .proto file: the text against the parser, the descriptor against protoc's."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, TypeAlias, TypeVar

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from google.protobuf.message import Message as ProtoMessage
from google.protobuf.message_factory import GetMessageClass
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accord.schemas import (
    CompatibilityLevel,
    Earlier,
    InvalidSchema,
    Schema,
    SchemaType,
    Version,
    check_compatibility,
)
from accord.schemas.protobuf.descriptors.known_files import META_PATH, known_files
from accord.schemas.protobuf.model import (
    Aggregate,
    Enum,
    EnumConstant,
    Extend,
    Extensions,
    Field,
    File,
    Group,
    Import,
    Label,
    MapType,
    Message,
    NamedType,
    NamePart,
    Number,
    OneOf,
    Option,
    OptionValue,
    Range,
    Reserved,
    Rpc,
    Service,
    Text,
    Values,
    Word,
)
from accord.schemas.protobuf.schema import ProtobufSchema, parse_protobuf
from accord.schemas.protobuf.text.parse import parse_file
from accord.schemas.protobuf.text.printer import file_text

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
Item = TypeVar("Item")
Compile: TypeAlias = Callable[..., FileDescriptorProto]

INTEGERS = ["int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "sfixed64"]
KEYS = ["string", "bool", "int32", "uint64", "sfixed32"]
SCALARS = [*INTEGERS, "bool", "string", "bytes", "double", "float"]
FLOATS = ["0", "1.5", "-2", "1e3", "1E-7", "1e22", "0.1", "123456789", ".5", "3.4e38", "inf", "-inf", "nan"]
strings = st.text(alphabet="ab é€\"'\\\n\t\x01😀", max_size=5)


def option(name: str, value: OptionValue) -> Option:
    return Option(tuple(map(NamePart, name.split("."))), value)


def text(value: str) -> Text:
    return Text(value, value.encode())


def meta(kind: str, *path: str, value: OptionValue) -> Option:
    first = NamePart(f"confluent.{kind}_meta", is_extension=True)
    return Option((first, *map(NamePart, path)), value)


class Maker:
    """Draws files that protoc takes: every name is used once, and fields use what has been declared before."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.numbers = count(1)
        self.head: str = draw(st.sampled_from(["proto2", "proto3", "2023"]))
        self.package = draw(st.sampled_from([None, "p", "org.accord"]))
        self.messages: list[str] = []
        self.enums: list[str] = []

    @property
    def is_proto2(self) -> bool:
        return self.head == "proto2"

    def file(self) -> File:
        scope = self.package or ""
        enums = tuple(self.enum(scope) for _ in self.some())
        messages = tuple(self.message(scope) for _ in self.some(3))
        is_edition = self.head.isdigit()
        return File(
            syntax=None if is_edition else self.head,
            edition=self.head if is_edition else None,
            package=self.package,
            imports=(Import(META_PATH),),
            options=tuple(self.file_options()),
            messages=messages,
            enums=enums,
            extends=tuple(self.extend(scope, one) for one in messages if one.extensions),
            services=(self.service(),) if messages and self.maybe() else (),
        )

    def file_options(self) -> Iterator[Option]:
        if self.maybe():
            yield option("java_package", text(self.draw(strings)))
        if self.maybe():
            yield option("optimize_for", Word("CODE_SIZE"))

    def enum(self, scope: str) -> Enum:
        name = self.name("E")
        first = EnumConstant(self.name("C"), 0)
        tags = self.draw(st.lists(st.integers(-5, 50).filter(bool), max_size=3, unique=True))
        constants = [EnumConstant(self.name("C"), tag, self.annotations("enum_value")) for tag in tags]
        self.enums.append(f".{scope}.{name}" if scope else f".{name}")
        reserved = (Reserved((Range(100, 100), Range(200, 2**31 - 1))),) if self.maybe() else ()
        return Enum(name, (first, *constants), reserved, self.annotations("enum"))

    def message(self, scope: str, depth: int = 2) -> Message:
        name = self.name("M")
        full = f"{scope}.{name}" if scope else name
        self.messages.append(f".{full}")
        tags = iter(self.draw(st.permutations(range(1, 40))))
        enums = tuple(self.enum(full) for _ in self.some(1))
        inner = tuple(self.message(full, depth - 1) for _ in self.some(2)) if depth else ()
        fields = tuple(self.field(next(tags)) for _ in self.some(4))
        maps = tuple(self.map(next(tags)) for _ in self.some(1))
        oneofs = tuple(
            OneOf(self.name("o"), tuple(self.member(next(tags)) for _ in range(1 + len(self.some(2)))))
            for _ in self.some(2)
        )
        groups = tuple(self.group(next(tags)) for _ in self.some(1)) if self.is_proto2 else ()
        extensions = (Extensions((Range(500, 600),)),) if self.head != "proto3" and self.maybe() else ()
        return Message(
            name,
            fields=(*fields, *maps),
            oneofs=oneofs,
            groups=groups,
            messages=inner,
            enums=enums,
            extensions=extensions,
            reserved=(Reserved((Range(100, 100), Range(102, 104))),) if self.maybe() else (),
            options=self.annotations("message"),
        )

    def field(self, tag: int) -> Field:
        labels: dict[str, list[Label | None]] = {
            "proto2": [Label.OPTIONAL, Label.REQUIRED, Label.REPEATED],
            "proto3": [None, Label.OPTIONAL, Label.REPEATED],
            "2023": [None, Label.REPEATED],
        }
        label = self.draw(st.sampled_from(labels[self.head]))
        kind = self.type()
        options = list(self.annotations("field"))
        if label is Label.REPEATED and kind.name in INTEGERS and not self.head.isdigit() and self.maybe():
            options.append(option("packed", Word(self.draw(st.sampled_from(["true", "false"])))))
        if self.maybe():
            options.append(option("deprecated", Word("true")))
        default = self.default(kind.name)
        if default is not None and label is not Label.REPEATED and self.head != "proto3" and self.maybe():
            options.append(option("default", default))
        if self.maybe():
            options.append(option("json_name", text(self.name("json"))))
        return Field(self.field_name(), kind, tag, label, tuple(options))

    def member(self, tag: int) -> Field:
        return Field(self.field_name(), self.type(), tag, None, self.annotations("field"))

    def map(self, tag: int) -> Field:
        key = NamedType(self.draw(st.sampled_from(KEYS)))
        return Field(self.field_name(), MapType(key, self.type()), tag)

    def group(self, tag: int) -> Group:
        fields = tuple(Field(self.field_name(), self.type(), one, Label.OPTIONAL) for one in (1, 2))
        return Group(self.name("G"), tag, Label.REPEATED, fields)

    def extend(self, scope: str, message: Message) -> Extend:
        label = Label.OPTIONAL if self.is_proto2 else None
        name = f".{scope}.{message.name}" if scope else message.name
        return Extend(NamedType(name), (Field(self.field_name(), NamedType("int32"), 500, label),))

    def service(self) -> Service:
        message = NamedType(self.draw(st.sampled_from(self.messages)))
        rpc = Rpc(self.name("R"), message, message, self.maybe(), self.maybe())
        return Service(self.name("S"), (rpc,))

    def type(self) -> NamedType:
        return NamedType(self.draw(st.sampled_from([*SCALARS, *self.messages, *self.enums])))

    def default(self, kind: str) -> OptionValue | None:
        match kind:
            case "string":
                return text(self.draw(strings))
            case "bool":
                return Word(self.draw(st.sampled_from(["true", "false"])))
            case "double" | "float":
                written = self.draw(st.sampled_from(FLOATS))
                return Number(written) if written[0].isdigit() or written[0] == "-" else Word(written)
        written = self.draw(st.sampled_from(["0", "7", "0x1F", "017"]))
        return Number(written) if kind in INTEGERS else None

    def annotations(self, kind: str) -> tuple[Option, ...]:
        value = text(self.draw(strings))
        every = [
            (),
            (meta(kind, "doc", value=value), meta(kind, "tags", value=text("PII"))),
            (meta(kind, value=Aggregate((("doc", value), ("tags", Values((text("A"), value)))))),),
        ]
        return self.draw(st.sampled_from(every)) if self.maybe() else ()

    def field_name(self) -> str:
        return self.name(self.draw(st.sampled_from(["a", "home_address", "_x", "camelCase", "a__b_", "Big"])))

    def name(self, letters: str) -> str:
        return f"{letters}{next(self.numbers)}"

    def maybe(self) -> bool:
        return bool(self.draw(st.booleans()))

    def some(self, most: int = 2) -> range:
        return range(self.draw(st.integers(0, most)))


@st.composite
def files(draw: Draw) -> File:
    return Maker(draw).file()


def parsed(written: str) -> ProtobufSchema:
    return parse_protobuf(Schema(written, SchemaType.PROTOBUF), {})


def understood(schema: ProtobufSchema, proto: FileDescriptorProto) -> ProtoMessage:
    """The descriptor with its custom options as fields: in what order their bytes stand says nothing."""
    pool = schema.files.pool
    assert pool is not None
    kind = GetMessageClass(pool.FindMessageTypeByName("google.protobuf.FileDescriptorProto"))
    return kind.FromString(proto.SerializeToString())


class Shuffler:
    """Puts in another order what stands in no order that matters."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def file(self, file: File) -> File:
        return replace(
            file,
            options=self.mixed(file.options),
            messages=tuple(map(self.message, file.messages)),
            enums=tuple(map(self.enum, file.enums)),
        )

    def message(self, message: Message) -> Message:
        oneofs = [replace(one, fields=self.fields(one.fields)) for one in message.oneofs]
        return replace(
            message,
            fields=self.fields(message.fields),
            oneofs=self.mixed(oneofs),
            groups=self.mixed([replace(one, fields=self.fields(one.fields)) for one in message.groups]),
            messages=tuple(map(self.message, message.messages)),
            enums=tuple(map(self.enum, message.enums)),
            reserved=self.mixed([Reserved((value,)) for one in message.reserved for value in one.values]),
        )

    def fields(self, fields: Sequence[Field]) -> tuple[Field, ...]:
        return self.mixed([replace(one, options=self.mixed(one.options)) for one in fields])

    def enum(self, enum: Enum) -> Enum:
        return replace(enum, constants=self.mixed(enum.constants))

    def mixed(self, items: Sequence[Item]) -> tuple[Item, ...]:
        return tuple(self.random.sample(items, len(items)))


# One run of protoc takes some milliseconds, and drawing a file is slow in itself.
some_files = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@some_files
@given(files())
def test_what_is_printed_is_read_as_the_same_and_printed_the_same(file: File) -> None:
    printed = file_text(file)
    assert parse_file(printed) == file
    assert parsed(printed).canonical == printed


@pytest.mark.soak
@some_files
@given(files(), st.integers())
def test_the_normal_form_is_the_same_in_any_order_and_is_its_own_normal_form(file: File, seed: int) -> None:
    normalized = parsed(file_text(file)).normalized
    assert parsed(file_text(Shuffler(seed).file(file))).normalized == normalized
    assert parsed(normalized).normalized == normalized


@pytest.mark.soak
@some_files
@given(files())
def test_the_descriptor_is_the_one_that_protoc_makes(compile_file: Compile, file: File) -> None:
    schema = parsed(file_text(file))
    expected = compile_file(schema.canonical, {META_PATH: file_text(known_files()[META_PATH])})
    assert understood(schema, schema.files.descriptor) == understood(schema, expected)


@pytest.mark.soak
@some_files
@given(files())
def test_the_serialized_form_is_a_schema_that_says_the_same(file: File) -> None:
    schema = parsed(file_text(file))
    again = parsed(schema.formatted("serialized"))
    assert understood(schema, again.files.descriptor) == understood(schema, schema.files.descriptor)
    for name in schema.message_names():
        assert again.indexes_of(name) == schema.indexes_of(name)


WORDS = [
    "message",
    "enum",
    "oneof",
    "service",
    "rpc",
    "extend",
    "option",
    "reserved",
    "extensions",
    "import",
    "package",
    "syntax",
    "map",
    "group",
    "returns",
    "stream",
    "optional",
    "required",
    "repeated",
    "to",
    "max",
    "public",
    "weak",
    "true",
    "inf",
    "E",
    "F",
    "int32",
    "string",
    "bytes",
    ".E",
    "p.E",
    "0",
    "1",
    "-1",
    "0x1F",
    "012",
    "1.5",
    "default",
    "json_name",
    '"proto3"',
    '"a"',
    "'b\\x41'",
    "{",
    "}",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "=",
    "=",
    ";",
    ";",
    ";",
    ",",
    ":",
    "(o)",
    "(o).p",
    ".",
]


@st.composite
def broken_files(draw: Draw) -> str:
    """Files with some words left out, doubled or replaced."""
    words = re.findall(r'"(?:[^"\\]|\\.)*"|[\w.-]+|\S', file_text(draw(files())))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(words) - 1))
        words[at : at + 1] = draw(st.lists(st.sampled_from([*WORDS, words[at]]), max_size=2))
    return " ".join(words)


@pytest.mark.soak
@settings(some_files, max_examples=200)
@given(broken_files() | st.text(max_size=20))
def test_whatever_is_sent_is_refused_with_a_place_or_can_be_told_in_every_form(written: str) -> None:
    try:
        schema = parsed(written)
    except InvalidSchema as error:
        refused = error
    else:
        assert parsed(schema.canonical).canonical == schema.canonical
        assert parsed(schema.normalized).normalized == schema.normalized
        assert parsed(schema.normalized).normalized == schema.normalized
        assert schema.formatted("serialized")
        schema.formatted("ignore_extensions")
        assert check_compatibility(
            schema, [Earlier(Version(1), schema)], level=CompatibilityLevel.FULL
        ).compatible
        return
    assert re.match(r"line \d+, column \d+: ", refused.message)
    assert refused.hint
