"""Options as a descriptor holds them: set in a message of the library, custom ones as its extensions."""

from collections.abc import Iterator
from typing import Final, Protocol

from google.protobuf import text_format
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message import Message as ProtoMessage
from google.protobuf.message_factory import GetMessageClass

from accord.schemas.protobuf.model import (
    PARTS_OF_A_FIELD,
    Aggregate,
    NamePart,
    Number,
    Option,
    Options,
    OptionValue,
    Text,
    Values,
    Word,
)
from accord.schemas.protobuf.resolution import Definitions

_PRINTABLE: Final = frozenset(range(0x20, 0x7F)) - frozenset(b'"\\')
_ESCAPES: Final = {byte: f"\\{byte:03o}" for byte in range(0x100) if byte not in _PRINTABLE}


class Holder(Protocol):
    """A descriptor that has options."""

    @property
    def options(self) -> ProtoMessage:
        """Its options."""


class OptionSetter:
    """Sets what can be said of options; what nobody defines, or with another type, is left out.

    Custom options are set only with a ``pool`` that has the files that define them.
    """

    def __init__(self, definitions: Definitions, pool: DescriptorPool | None = None) -> None:
        self._definitions = definitions
        self._pool = pool

    def set(self, holder: Holder, options: Options, scope: str) -> None:
        """Set ``options``, which are written inside ``scope``."""
        options = tuple(option for option in options if option.name not in PARTS_OF_A_FIELD)
        if not options:
            return
        target = holder.options
        target.SetInParent()
        message = self._message_like(target) if any(map(is_custom, options)) else target
        if message is None:
            message, options = target, tuple(option for option in options if not is_custom(option))
        for option in options:
            self._set_one(message, option, scope)
        if message is not target:
            target.ParseFromString(message.SerializePartialToString(deterministic=True))

    def _message_like(self, target: ProtoMessage) -> ProtoMessage | None:
        """A message of the same kind that knows the extensions; None without a pool that has it."""
        if self._pool is None:
            return None
        try:
            found = self._pool.FindMessageTypeByName(target.DESCRIPTOR.full_name)
        except KeyError:
            return None
        return GetMessageClass(found)()

    def _set_one(self, message: ProtoMessage, option: Option, scope: str) -> None:
        try:
            text = self._statement(list(option.path), option.value, scope)
            # Another message takes the text first: one that is refused half way leaves its first half behind.
            read = text_format.Merge(text, type(message)(), descriptor_pool=self._pool)
        except (text_format.ParseError, _Unknown):
            return
        message.MergeFrom(read)

    def _statement(self, path: list[NamePart], value: OptionValue, scope: str) -> str:
        first, *rest = path
        name = f"[{self._extension(first.name, scope)}]" if first.is_extension else first.name
        if rest:
            return f"{name} {{ {self._statement(rest, value, scope)} }}"
        return f"{name}: {self._value(value, scope)}"

    def _value(self, value: OptionValue, scope: str) -> str:
        match value:
            case Text():
                return f'"{value.data.decode("latin-1").translate(_ESCAPES)}"'
            case Number(written):
                return written
            case Word(name):
                return name
            case Values(items):
                return f"[{', '.join([self._value(item, scope) for item in items])}]"
            case Aggregate():
                return f"{{ {' '.join(self._entries(value, scope))} }}"

    def _entries(self, aggregate: Aggregate, scope: str) -> Iterator[str]:
        for name, value in aggregate.entries:
            known = f"[{self._extension(name[1:-1], scope)}]" if name.startswith("[") else name
            yield f"{known}: {self._value(value, scope)}"

    def _extension(self, name: str, scope: str) -> str:
        found = self._definitions.extension(name, scope)
        if found is None:
            raise _Unknown
        return found.name


class _Unknown(Exception):
    """An option that nobody defines."""


def is_custom(option: Option) -> bool:
    """Whether the option is, or uses, an extension."""
    return any(part.is_extension for part in option.path) or _uses_extension(option.value)


def _uses_extension(value: OptionValue) -> bool:
    if isinstance(value, Values):
        return any(map(_uses_extension, value.items))
    if isinstance(value, Aggregate):
        return any(name.startswith("[") or _uses_extension(inner) for name, inner in value.entries)
    return False
