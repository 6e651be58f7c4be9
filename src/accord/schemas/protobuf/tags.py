"""Tags in the text of a Protobuf schema: what the options of confluent/meta.proto say of a message or a field."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, TypeAlias, TypeVar

from accord.schemas.protobuf.descriptors.known_files import META_PATH
from accord.schemas.protobuf.model import (
    Aggregate,
    Field,
    File,
    Import,
    Message,
    NamePart,
    Option,
    Options,
    OptionValue,
    Text,
    Values,
)
from accord.schemas.protobuf.resolution import Definitions, scope_of, types_in, within
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.protobuf.text.printer import file_text
from accord.schemas.tags import SchemaEntity

Tags: TypeAlias = tuple[str, ...]

_OF_MESSAGES: Final = "confluent.message_meta"
_OF_FIELDS: Final = "confluent.field_meta"
_TAGS: Final = "tags"

_Holder = TypeVar("_Holder", Field, Message)


def entities_of(schema: ProtobufSchema) -> Mapping[SchemaEntity, Tags]:
    """The messages and fields that the text defines, in its order, and their tags."""
    return dict(_entities_in(schema.file, schema.definitions))


def tagged_text(schema: ProtobufSchema, tags: Mapping[SchemaEntity, Tags]) -> str:
    """The canonical text with other tags on the entities that ``tags`` names."""
    tagger = _Tagger(schema.definitions, tags)
    file = schema.files.own
    file = replace(file, messages=tuple(tagger.message(one, scope_of(file)) for one in file.messages))
    has_tags = any(tags.values())
    if has_tags and META_PATH not in {one.path for one in file.imports}:
        file = replace(file, imports=(*file.imports, Import(META_PATH)))
    return file_text(file)


def _entities_in(file: File, definitions: Definitions) -> Iterator[tuple[SchemaEntity, Tags]]:
    for name, node in types_in(file):
        if not isinstance(node, Message):
            continue
        yield SchemaEntity(name, "sr_record"), tuple(_tags_in(node.options, _OF_MESSAGES, definitions, name))
        for field in sorted(node.all_fields, key=lambda field: field.span.start):
            tags = tuple(_tags_in(field.options, _OF_FIELDS, definitions, name))
            yield SchemaEntity(within(name, field.name), "sr_field"), tags


def _tags_in(options: Options, meta: str, definitions: Definitions, scope: str) -> Iterator[str]:
    for option in options:
        if _is(option, meta, definitions, scope):
            for name, value in _entries(option):
                if name == _TAGS:
                    yield from _texts(value)


class _Tagger:
    """Puts other tags on messages and fields."""

    def __init__(self, definitions: Definitions, tags: Mapping[SchemaEntity, Tags]) -> None:
        self._definitions = definitions
        self._tags = tags

    def message(self, message: Message, scope: str) -> Message:
        full = within(scope, message.name)
        oneofs = (replace(one, fields=self._fields(one.fields, full)) for one in message.oneofs)
        changed = replace(
            message,
            fields=self._fields(message.fields, full),
            oneofs=tuple(oneofs),
            messages=tuple(self.message(one, full) for one in message.messages),
        )
        return self._with_tags(changed, SchemaEntity(full, "sr_record"), _OF_MESSAGES, full)

    def _fields(self, fields: Iterable[Field], scope: str) -> tuple[Field, ...]:
        return tuple(
            self._with_tags(field, SchemaEntity(within(scope, field.name), "sr_field"), _OF_FIELDS, scope)
            for field in fields
        )

    def _with_tags(self, holder: _Holder, entity: SchemaEntity, meta: str, scope: str) -> _Holder:
        tags = self._tags.get(entity)
        if tags is None:
            return holder
        options: Options = holder.options
        ours = [option for option in options if _is(option, meta, self._definitions, scope)]
        others: Options = tuple(option for option in options if option not in ours)
        entries = [entry for option in ours for entry in _entries(option) if entry[0] != _TAGS]
        if tags:
            entries.append((_TAGS, Values(tuple(Text(tag, tag.encode()) for tag in tags))))
        if not entries:
            return replace(holder, options=others)
        # One option that says all: the peers of the registry put tags in this way, too.
        merged = Option((NamePart(meta, is_extension=True),), Aggregate(tuple(entries)))
        return replace(holder, options=(*others, merged))


def _is(option: Option, meta: str, definitions: Definitions, scope: str) -> bool:
    """Whether the option is, or sets a part of, the one of that full name."""
    first = option.path[0]
    if not first.is_extension:
        return False
    found = definitions.extension(first.name, scope)
    return found is not None and found.name == meta


def _entries(option: Option) -> tuple[tuple[str, OptionValue], ...]:
    """What a message option sets, by the name of its field."""
    value = option.value
    for part in reversed(option.path[1:]):
        value = Aggregate(((part.name, value),))
    return value.entries if isinstance(value, Aggregate) else ()


def _texts(value: OptionValue) -> Iterator[str]:
    if isinstance(value, Text):
        yield value.value
    elif isinstance(value, Values):
        yield from (item.value for item in value.items if isinstance(item, Text))
