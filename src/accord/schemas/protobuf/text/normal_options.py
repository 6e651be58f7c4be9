"""The normal form of options: by name, names in full, and what is said of one message option in one place."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from accord.schemas.protobuf.descriptors.field_values import plain_number
from accord.schemas.protobuf.model import (
    Aggregate,
    Enum,
    Field,
    Label,
    MapType,
    Message,
    NamePart,
    Number,
    Option,
    Options,
    OptionValue,
    Values,
)
from accord.schemas.protobuf.resolution import Defined, Definitions

_Entry: TypeAlias = tuple[str, OptionValue]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a field that an option sets: whether it is repeated, and its message; None for no message."""

    is_repeated: bool
    message: Defined | None


class OptionNormalizer:
    """Brings options into their normal form; what nobody defines keeps all that was said of it."""

    def __init__(self, definitions: Definitions) -> None:
        self._definitions = definitions

    def normal(self, options: Options, scope: str) -> Options:
        """The normal form of ``options``, which are written inside ``scope``."""
        normal: list[Option] = []
        custom: dict[str, list[OptionValue]] = {}
        for option in options:
            first, *rest = option.path
            found = self._definitions.extension(first.name, scope) if first.is_extension else None
            if found is None:
                normal.append(replace(option, value=self._value(option.value, None, scope)))
            else:
                value = _nested(self._path(rest, scope), option.value)
                known = self._extension(found.name)
                custom.setdefault(found.name, []).append(self._value(value, known, scope))
        for name, values in custom.items():
            merged = self._merged(values, self._extension(name))
            normal += [Option((NamePart(name, is_extension=True),), value) for value in merged]
        return tuple(sorted(normal, key=_sort_name))

    def _path(self, path: Sequence[NamePart], scope: str) -> list[str]:
        return [f"[{self._qualified(one.name, scope)}]" if one.is_extension else one.name for one in path]

    def _qualified(self, name: str, scope: str) -> str:
        found = self._definitions.extension(name, scope)
        return name.removeprefix(".") if found is None else found.name

    def _extension(self, name: str) -> _Known | None:
        """What is known of the extension with that full name."""
        found = self._definitions.extensions.get(name)
        return None if found is None else self._known(found.field, found.scope)

    def _field(self, name: str, message: Defined | None) -> _Known | None:
        """What is known of the field ``name`` of ``message``; in brackets it is an extension."""
        if name.startswith("["):
            return self._extension(name[1:-1])
        if message is None or isinstance(message.node, Enum):
            return None
        node = message.node
        fields = node.all_fields if isinstance(node, Message) else node.fields
        found = next((field for field in fields if field.name == name), None)
        return None if found is None else self._known(found, message.name)

    def _known(self, field: Field, scope: str) -> _Known:
        if isinstance(field.type, MapType):
            return _Known(is_repeated=True, message=None)
        found = self._definitions.type(field.type.name, scope)
        is_message = found is not None and not isinstance(found.node, Enum)
        return _Known(field.label is Label.REPEATED, found if is_message else None)

    def _value(self, value: OptionValue, known: _Known | None, scope: str) -> OptionValue:
        if isinstance(value, Number):
            return Number(plain_number(value.written))
        if isinstance(value, Values):
            return Values(tuple(self._value(item, known, scope) for item in value.items))
        if isinstance(value, Aggregate):
            message = None if known is None else known.message
            return Aggregate(tuple(self._entries(value, message, scope)))
        return value

    def _entries(self, aggregate: Aggregate, message: Defined | None, scope: str) -> Iterator[_Entry]:
        """The entries by name; those of one name follow one another, as one if there can be but one."""
        values: dict[str, list[OptionValue]] = {}
        for name, value in aggregate.entries:
            full = f"[{self._qualified(name[1:-1], scope)}]" if name.startswith("[") else name
            known = self._field(full, message)
            # A list of one is that one, and an empty one says nothing.
            items = value.items if isinstance(value, Values) else (value,)
            values.setdefault(full, []).extend(self._value(item, known, scope) for item in items)
        for name in sorted(values):
            for value in self._merged(values[name], self._field(name, message)):
                yield name, value

    def _merged(self, values: list[OptionValue], known: _Known | None) -> list[OptionValue]:
        """The values as one if the field is known to have but one: of messages the whole, else the last."""
        if len(values) == 1 or known is None or known.is_repeated:
            return values
        aggregates = [value for value in values if isinstance(value, Aggregate)]
        if len(aggregates) < len(values):
            return values[-1:]
        return [self._merged_messages(aggregates, known.message)]

    def _merged_messages(self, aggregates: Iterable[Aggregate], message: Defined | None) -> Aggregate:
        entries = tuple(entry for aggregate in aggregates for entry in aggregate.entries)
        return Aggregate(tuple(self._entries(Aggregate(entries), message, "")))


def _sort_name(option: Option) -> str:
    """The name by which options are sorted; of a custom option only that in parentheses counts."""
    first = option.path[0]
    return first.name if first.is_extension else option.name


def _nested(path: Sequence[str], value: OptionValue) -> OptionValue:
    """``value`` inside the messages that ``path`` leads through."""
    for name in reversed(path):
        value = Aggregate(((name, value),))
    return value
