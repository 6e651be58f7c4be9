"""What a change of a schema does to its fields, one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from accord.schemas import ParsedSchema, SchemaType
from accord.schemas.fields import SchemaField, fields_of

Kind: TypeAlias = Literal[
    "added", "removed", "renamed", "type", "default", "optional", "required", "number", "documentation"
]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that became of a field: its dotted name (the old one if it is gone), what was said and what is.

    ``new_reader`` is what a reader with the new schema makes of old records there, ``old_reader`` what one with the old
    schema makes of new records, each in a sentence; ``breaks_new_reader`` and ``breaks_old_reader`` say whether they stop
    or take it for something else.
    """

    kind: Kind
    field: str
    before: str = ""
    after: str = ""
    new_reader: str = ""
    old_reader: str = ""
    breaks_new_reader: bool = False
    breaks_old_reader: bool = False


def changes_between(before: ParsedSchema, after: ParsedSchema) -> Iterator[Change]:
    """What became of each field, those of the new schema in its order, and after them those that are gone."""
    old, new = fields_of(before), fields_of(after)
    renamed = dict(_renamed(old, new))
    # What is within a field of another name is not told again.
    moved = {heir: name for name, heir in renamed.items()}
    for name, field in new.items():
        was = old.get(_former(name, moved))
        if name in moved:
            yield Change("renamed", name, moved[name], name, *_RENAMED[after.type])
        if was is not None:
            yield from _changed(was, field)
        elif not _is_within_new(name, old, new, moved):
            yield Change("added", name, "", _told(field), _without(field, after.type), _PASSED_OVER)
    kept = {_former(name, moved) for name in new}
    for name, field in old.items():
        if name not in kept and not _is_within_gone(name, old, kept):
            yield Change("removed", name, _told(field), "", _PASSED_OVER, _without(field, after.type))


def _renamed(old: Mapping[str, SchemaField], new: Mapping[str, SchemaField]) -> Iterator[tuple[str, str]]:
    """Old and new names of fields that say so by an alias, or have kept their number."""
    for name, field in new.items():
        if name in old:
            continue
        around = name.rpartition(".")[0]
        for other, was in old.items():
            is_beside = other.rpartition(".")[0] == around and other not in new
            if is_beside and (was.own_name in field.aliases or (field.number and field.number == was.number)):
                yield other, name
                break


def _former(name: str, moved: Mapping[str, str]) -> str:
    """What the field was called, if it or one around it has another name now."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        around = ".".join(parts[:length])
        if around in moved:
            return ".".join([moved[around], *parts[length:]])
    return name


def _is_within_new(
    name: str, old: Mapping[str, SchemaField], new: Mapping[str, SchemaField], moved: Mapping[str, str]
) -> bool:
    around = name.rpartition(".")[0]
    return bool(around) and around in new and _former(around, moved) not in old


def _is_within_gone(name: str, old: Mapping[str, SchemaField], kept: set[str]) -> bool:
    around = name.rpartition(".")[0]
    return bool(around) and around in old and around not in kept


def _changed(was: SchemaField, now: SchemaField) -> Iterator[Change]:
    if was.type != now.type:
        yield Change(
            "type",
            now.name,
            was.type,
            now.type,
            "reads old values in the new type",
            "reads new values in the old type",
        )
    if was.number != now.number:
        yield Change("number", now.name, str(was.number), str(now.number))
    if was.optional != now.optional:
        yield Change("optional" if now.optional else "required", now.name)
    if was.default != now.default:
        told = "takes it only where a record does not have the field"
        yield Change("default", now.name, was.default or "none", now.default or "none", told, told)
    if was.doc != now.doc:
        yield Change("documentation", now.name, was.doc, now.doc)


def _told(field: SchemaField) -> str:
    default = f", default {field.default}" if field.default is not None else ""
    return f"{field.type}{default}"


def _without(field: SchemaField, kind: SchemaType) -> str:
    """What a reader that has the field does with a record that does not."""
    if kind is SchemaType.AVRO:
        return (
            f"takes the default {field.default}" if field.default is not None else "has nothing to put there"
        )
    if kind is SchemaType.JSON:
        return "does without it" if field.optional else "refuses the record"
    return "sees it as not set"


_PASSED_OVER: Final = "passes over it"
_RENAMED: Final = {
    SchemaType.AVRO: ("finds old values by the alias", "does not find the value under its old name"),
    SchemaType.JSON: ("", ""),
    SchemaType.PROTOBUF: (
        "finds it by its number, which is the same",
        "finds it by its number, which is the same",
    ),
}
