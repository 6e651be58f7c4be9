"""The text that is stored and hashed: a .proto file as the registry's peers print it, without comments.

What is of one kind stands together. In a message the reserved numbers come first, then its options, fields, oneofs,
groups, extension numbers, extensions, nested messages and nested enums.
"""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Final

from accord.schemas.protobuf.model import (
    MAX_TAG,
    PARTS_OF_A_FIELD,
    Aggregate,
    Enum,
    EnumConstant,
    Extend,
    Extensions,
    Field,
    File,
    Group,
    ImportKind,
    Message,
    Number,
    OneOf,
    Option,
    Options,
    OptionValue,
    Range,
    Reserved,
    Rpc,
    Service,
    Text,
    Values,
    Visibility,
    Word,
)

_ESCAPES: Final = str.maketrans(
    {
        "\a": r"\a", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t", "\v": r"\v",
        "\\": r"\\", "'": r"\'", '"': r"\"",
    }
)  # fmt: skip
_LAST_OF_ASCII: Final = 0x7F
_PRINTED_IMPORTS: Final = {
    ImportKind.PLAIN: "import",
    ImportKind.PUBLIC: "import public",
    ImportKind.OPTION: "import option",
}


def file_text(file: File) -> str:
    """Print ``file``."""
    return _Printer(file).file()


def quoted(text: Text) -> str:
    """The string in quotes, so that it is read as the same again."""
    if text.value.encode() == text.data:
        return f'"{text.value.translate(_ESCAPES)}"'
    # Some of the bytes are no character of the text: what was written as a number stays one.
    characters = [
        chr(byte).translate(_ESCAPES) if byte <= _LAST_OF_ASCII else f"\\{byte:03o}" for byte in text.data
    ]
    return f'"{"".join(characters)}"'


def _quoted_name(name: str) -> str:
    return f'"{name.translate(_ESCAPES)}"'


class _Printer:
    def __init__(self, file: File) -> None:
        self._file = file

    def file(self) -> str:
        file = self._file
        head = []
        if file.edition is not None:
            head.append(f'edition = "{file.edition}";\n')
        elif file.syntax is not None:
            head.append(f'syntax = "{file.syntax}";\n')
        if file.package is not None:
            head.append(f"package {file.package};\n")
        sections = (
            [
                f"{word} {_quoted_name(path)};\n"
                for kind, word in _PRINTED_IMPORTS.items()
                for path in file.paths(kind)
            ],
            _statements(file.options),
            [*map(self._message, file.messages), *map(self._enum, file.enums)],
            [self._extend(one) for one in file.extends],
            [self._service(one) for one in file.services],
        )
        return "".join(head) + "".join(_section(section) for section in sections)

    def _message(self, message: Message) -> str:
        return f"{_words(message.visibility, 'message', message.name)} " + _block(
            [_reserved(one, is_quoted=self._file.edition is None) for one in message.reserved],
            _statements(message.options),
            map(self._field, message.fields),
            map(self._oneof, message.oneofs),
            map(self._group, message.groups),
            map(_extensions, message.extensions),
            map(self._extend, message.extends),
            [*map(self._message, message.messages), *map(self._enum, message.enums)],
        )

    def _field(self, field: Field) -> str:
        label = "" if field.label is None else field.label.value
        printed = [_option(option, _value_of(option, field)) for option in _last_of_each(field.options)]
        return f"{_words(label, str(field.type), field.name)} = {field.tag}{_bracketed(printed)};\n"

    def _oneof(self, oneof: OneOf) -> str:
        return f"oneof {oneof.name} " + _block(
            _statements(oneof.options), map(self._field, oneof.fields), map(self._group, oneof.groups)
        )

    def _group(self, group: Group) -> str:
        label = "" if group.label is None else group.label.value
        fields = map(self._field, group.fields)
        return f"{_words(label, 'group', group.name)} = {group.tag} " + _block(fields)

    def _enum(self, enum: Enum) -> str:
        reserved = [_reserved(one, is_quoted=self._file.edition is None) for one in enum.reserved]
        rest = [*_statements(enum.options), *map(_constant, enum.constants)]
        return f"{_words(enum.visibility, 'enum', enum.name)} " + _block([*reserved, *rest])

    def _extend(self, extend: Extend) -> str:
        return f"extend {extend.name} " + _block(map(self._field, extend.fields))

    def _service(self, service: Service) -> str:
        return f"service {service.name} " + _block(_statements(service.options), map(_rpc, service.rpcs))


def _constant(constant: EnumConstant) -> str:
    printed = [_option(option) for option in constant.options]
    return f"{constant.name} = {constant.tag}{_bracketed(printed)};\n"


def _rpc(rpc: Rpc) -> str:
    request = f"stream {rpc.request}" if rpc.is_request_streamed else f"{rpc.request}"
    response = f"stream {rpc.response}" if rpc.is_response_streamed else f"{rpc.response}"
    body = f" {_block(_statements(rpc.options)).rstrip()}" if rpc.options else ""
    return f"rpc {rpc.name} ({request}) returns ({response}){body};\n"


def _reserved(reserved: Reserved, *, is_quoted: bool) -> str:
    values = (
        (_quoted_name(value) if is_quoted else value) if isinstance(value, str) else _range(value)
        for value in reserved.values
    )
    return f"reserved {', '.join(values)};\n"


def _extensions(extensions: Extensions) -> str:
    printed = [_option(option) for option in extensions.options]
    return f"extensions {', '.join(map(_range, extensions.ranges))}{_bracketed(printed)};\n"


def _range(numbers: Range) -> str:
    if numbers.first == numbers.last and not numbers.is_written_out:
        return f"{numbers.first}"
    return f"{numbers.first} to {'max' if numbers.last >= MAX_TAG else numbers.last}"


def _statements(options: Iterable[Option]) -> list[str]:
    return [f"option {_option(option)};\n" for option in options]


def _option(option: Option, value: str | None = None) -> str:
    return f"{option.name} = {_of_option(option.value) if value is None else value}"


def _bracketed(printed: list[str]) -> str:
    """The options of a field: one on the same line, several on a line each."""
    if not printed:
        return ""
    return f" [{printed[0]}]" if len(printed) == 1 else f" [\n{_listed(printed)}]"


def _last_of_each(options: Options) -> Iterator[Option]:
    """The options, and of several defaults and JSON names the last."""
    for option, following in zip_longest(options, options[1:]):
        if following is None or option.name != following.name or option.name not in PARTS_OF_A_FIELD:
            yield option


def _value_of(option: Option, field: Field) -> str:
    """The value of an option of ``field``; that of ``default`` goes by the type of the field, whatever was written."""
    if option.name not in PARTS_OF_A_FIELD:
        return _of_option(option.value)
    is_text = option.name == "json_name" or str(field.type) == "string"
    return _string(option.value) if is_text else _bare(option.value)


def _string(value: OptionValue) -> str:
    return quoted(value) if isinstance(value, Text) else _quoted_name(_bare(value))


def _bare(value: OptionValue) -> str:
    return value.value if isinstance(value, Text) else _of_option(value)


def _of_option(value: OptionValue) -> str:
    """The value of a whole option; a list of one is on the same line then."""
    if isinstance(value, Values) and len(value.items) == 1:
        return f"[{_value(value.items[0])}]"
    return _value(value)


def _value(value: OptionValue) -> str:
    match value:
        case Text():
            return quoted(value)
        case Number(written):
            return written
        case Word(name):
            return name
        case Values(items):
            return f"[\n{_listed([_value(item) for item in items])}]"
        case Aggregate():
            entries = [f"{name}: {_value(inner)}" for name, inner in _gathered(value)]
            return f"{{\n{_listed(entries)}}}"


def _gathered(aggregate: Aggregate) -> Iterator[tuple[str, OptionValue]]:
    """The entries with those of one name as one list, where the first of them is."""
    values: dict[str, list[OptionValue]] = {}
    lists = set[str]()
    for name, value in aggregate.entries:
        is_list = isinstance(value, Values)
        if is_list or name in values:
            lists.add(name)
        values.setdefault(name, []).extend(value.items if isinstance(value, Values) else [value])
    for name, gathered in values.items():
        yield name, Values(tuple(gathered)) if name in lists else gathered[0]


def _listed(printed: list[str]) -> str:
    return "".join(_indented(f"{one},") for one in printed[:-1]) + "".join(map(_indented, printed[-1:]))


def _words(*words: str | Visibility) -> str:
    return " ".join(word for word in map(str, words) if word)


def _section(printed: Iterable[str]) -> str:
    text = "".join(printed)
    return f"\n{text}" if text else ""


def _block(*sections: Iterable[str]) -> str:
    return "{" + "".join(_section(map(_indented, section)) for section in sections) + "}\n"


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.removesuffix("\n").split("\n"))
