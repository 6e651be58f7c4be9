"""What lint looks for in a Protobuf schema."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Final

from accord.contracts.lint import schema_rules as rules
from accord.contracts.lint import words
from accord.contracts.lint.problem import Problem
from accord.contracts.lint.style import Style
from accord.contracts.lint.telling import counted, told
from accord.findings import Fix
from accord.schemas import tags_in
from accord.schemas.protobuf.model import Enum, Field, Label, Message, Span
from accord.schemas.protobuf.resolution import types_in, within
from accord.schemas.protobuf.schema import ProtobufSchema
from accord.schemas.protobuf.text.editing import beginning, edited

_NUMBERS: Final = frozenset(
    ("int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64")
)  # fmt: skip
_UNTYPED: Final = frozenset(("string", "double", "float")) | _NUMBERS
_ZERO: Final = re.compile(
    r"(.*_)?(UNSPECIFIED|UNKNOWN|UNDEFINED|INVALID|NONE|UNSET|UNRECOGNIZED)(_.*)?", re.IGNORECASE
)
_WIDEST_GAP: Final = 100
"""A wider one was left on purpose."""


def problems_in(schema: ProtobufSchema, style: Style) -> Iterator[Problem]:
    """Everything about the messages and enums that the text itself defines."""
    tagged = {one.schema_entity.entity_path for one in tags_in(schema)}
    for full, node in types_in(schema.file):
        if not style.record.fullmatch(node.name):
            yield Problem(rules.RECORD_NAME, full, {"name": node.name, "pattern": style.record_names})
        if isinstance(node, Message):
            yield from _message(schema, full, node, style, tagged)
        elif isinstance(node, Enum):
            yield from _enum(full, node, style)


def _message(
    schema: ProtobufSchema, full: str, message: Message, style: Style, tagged: set[str]
) -> Iterator[Problem]:
    is_outermost = any(message is one for one in schema.file.messages)
    if is_outermost and not _has_comment(schema.text, message.span):
        yield Problem(rules.DOC_MISSING, full, {"name": message.name, "what": "a comment above it"})
    fields = sorted(message.all_fields, key=lambda field: field.span.start)
    silent = [field.name for field in fields if not _has_comment(schema.text, field.span)]
    if silent:
        facts = {"name": message.name, "count": counted(len(silent), "field"), "fields": told(silent)}
        yield Problem(rules.FIELD_DOC_MISSING, full, facts)
    yield from _gaps(schema, full, message)
    for field in fields:
        yield from _field(full, field, style, tagged)


def _has_comment(text: str, span: Span) -> bool:
    """Whether one ends on the line before, or stands behind it on the same line."""
    before = text[: span.start].rstrip(" \t")
    line = before.rstrip("\n").rpartition("\n")[2].strip() if before.endswith("\n") else ""
    if line.startswith("//") or line.endswith("*/"):
        return True
    opening = text.find("{", span.start, span.end)
    behind = text[span.end :].partition("\n")[0].lstrip("; \t")
    if opening >= 0:
        behind = text[opening + 1 :].partition("\n")[0].lstrip()
    return behind.startswith(("//", "/*"))


def _field(full: str, field: Field, style: Style, tagged: set[str]) -> Iterator[Problem]:
    at = within(full, field.name)
    type_name = str(field.type)
    facts = {"name": field.name, "type": type_name}
    if not style.field.fullmatch(field.name):
        yield Problem(rules.FIELD_NAME, at, {"name": field.name, "pattern": style.field_names}, at)
    if field.label is Label.REQUIRED:
        yield Problem(rules.FIELD_REQUIRED, at, {"name": field.name}, at)
    if type_name in {"string", "bytes"} and words.is_personal(field.name) and at not in tagged:
        yield Problem(rules.PERSONAL_UNTAGGED, at, facts, at)
    if type_name not in _UNTYPED:
        return
    if words.is_moment(field.name):
        yield Problem(rules.MOMENT_UNTYPED, at, facts, at)
    elif words.is_date(field.name):
        yield Problem(rules.DATE_UNTYPED, at, facts, at)
    elif words.is_money(field.name) and type_name in {"double", "float"}:
        yield Problem(rules.MONEY_AS_FLOAT, at, facts, at)


def _gaps(schema: ProtobufSchema, full: str, message: Message) -> Iterator[Problem]:
    used = {field.tag for field in message.all_fields} | {group.tag for group in message.groups}
    used |= {group.tag for oneof in message.oneofs for group in oneof.groups}
    kept = [one for reserved in message.reserved for one in reserved.ranges]
    kept += [one for extensions in message.extensions for one in extensions.ranges]
    missing: list[int] = []
    for before, after in pairwise(sorted(used)):
        if after - before > _WIDEST_GAP:
            break
        gap = range(before + 1, after)
        missing += [number for number in gap if not any(number in one for one in kept)]
    if missing:
        numbers = _ranges(missing)
        one = len(missing) == 1
        facts = {
            "name": message.name,
            "numbers": f"the number{'' if one else 's'} {numbers}",
            "them": "it" if one else "them",
        }
        remedy = partial(_reserving, schema.text, message, numbers)
        yield Problem(rules.NUMBER_NOT_RESERVED, full, facts, "", (remedy,))


def _ranges(numbers: list[int]) -> str:
    """``2, 4 to 6``; as ``reserved`` has it."""
    rows: list[list[int]] = []
    for number in numbers:
        if rows and number == rows[-1][-1] + 1:
            rows[-1].append(number)
        else:
            rows.append([number])
    return ", ".join(str(row[0]) if len(row) == 1 else f"{row[0]} to {row[-1]}" for row in rows)


def _reserving(text: str, message: Message, numbers: str) -> Fix | None:
    statement = f"reserved {numbers};"
    return Fix(f"reserve {numbers}", "", statement, edited(text, [beginning(text, message, statement)]))


def _enum(full: str, enum: Enum, style: Style) -> Iterator[Problem]:
    odd = [constant.name for constant in enum.constants if not style.symbol.fullmatch(constant.name)]
    if odd:
        facts = {"name": odd[0], "enum": enum.name, "symbols": told(odd), "pattern": style.symbol_names}
        yield Problem(rules.SYMBOL_NAME, within(full, odd[0]), facts)
    zero = next((constant for constant in enum.constants if constant.tag == 0), None)
    if zero is not None and not _ZERO.fullmatch(zero.name):
        yield Problem(
            rules.ZERO_HAS_A_MEANING, within(full, zero.name), {"name": enum.name, "symbol": zero.name}
        )
