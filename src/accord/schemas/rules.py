"""What a rule of compatibility is, and what breaking one looks like. The formats bring the rules themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from accord.findings import Severity
from accord.schemas.model import CompatibilityLevel

NO_FACTS: Final[Mapping[str, str]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Example:
    """Two schemas that break a rule: ``new`` is refused after ``old`` at ``level``, with these ``facts``.

    ``old_reserved`` and ``new_reserved`` are the names of fields that their metadata reserves.
    """

    old: str
    new: str
    facts: Mapping[str, str]
    level: CompatibilityLevel = CompatibilityLevel.BACKWARD
    old_reserved: str = ""
    new_reserved: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can go wrong, as data.

    ``error_type`` is Confluent's word for it ("" where it has none). ``message`` and ``why`` are templates over the
    facts of a difference and over ``{reader}`` and ``{writer}``, the two schemas in words. ``description`` is the
    sentence for Confluent's ``messages``, where the two are called new and old; it knows ``{path}`` as well.
    """

    id: str
    error_type: str
    purpose: str
    remedy: str
    message: str
    why: str
    description: str
    example: Example
    severity: Severity = Severity.ERROR

    @property
    def page(self) -> str:
        """An example with its explanation, in Markdown."""
        words = {"reader": "the new schema", "writer": "version 1", **self.example.facts}
        if not self.example.level.new_reads_old:
            words |= {"reader": "version 1", "writer": "the new schema"}
        verdict = "is refused" if self.severity is Severity.ERROR else "gives a warning"
        return "\n\n".join(
            (
                "Version 1:",
                f"```json\n{self.example.old}\n```",
                f"The new schema, which {verdict} (compatibility {self.example.level}):",
                f"```json\n{self.example.new}\n```",
                f"> {self.message.format(**words)}",
                self.why.format(**words),
            )
        )


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where the reader cannot take what the writer wrote.

    ``path`` is the place in the words of Confluent's checker. ``reader_place`` and ``writer_place`` are JSON pointers
    into the two texts, None where the place lies in a referenced schema. ``error_type`` is set where Confluent reports
    another one than the rule's.
    """

    rule: Rule
    path: str
    reader_place: str | None
    writer_place: str | None
    facts: Mapping[str, str] = field(default_factory=lambda: NO_FACTS)
    additional_info: str = ""
    error_type: str = ""

    @property
    def reported_type(self) -> str:
        """The errorType that Confluent reports, "" where it reports none."""
        return self.error_type or self.rule.error_type


SCHEMA_TYPE_CHANGED: Final = Rule(
    id="SCHEMA_TYPE_CHANGED",
    error_type="",
    purpose="All versions of a subject have one schema type.",
    remedy="Keep the schema type, or register the schema under another subject.",
    message="the new schema is {reader_type}, and {writer} is {writer_type}",
    why=(
        "The three formats have nothing in common on the wire: what was written as {writer_type} cannot be read as "
        "{reader_type}, nor the other way round."
    ),
    description="the new schema is {reader_type} and the old one {writer_type}: no two schema types are compatible",
    example=Example(
        old='{"type": "record", "name": "Order", "fields": []}',
        new='{"type": "object"}',
        facts={"reader_type": "JSON", "writer_type": "AVRO"},
    ),
)

RESERVED_FIELD_REMOVED: Final = Rule(
    id="RESERVED_FIELD_REMOVED",
    error_type="RESERVED_FIELD_REMOVED",
    purpose="A field name that was reserved once stays reserved.",
    remedy="Put the name back into `confluent:reserved` in the metadata of the new schema.",
    message="{writer} reserves the field name `{field}`, and the metadata of {reader} no longer does",
    why=(
        "A name is reserved because records with a field of that name, of another meaning, may still be around, or "
        "applications that know it. Once it is free again, a later version can give it to a new field, and such "
        "records and applications take one for the other."
    ),
    description="the {writer} schema reserves the field {field}, and the metadata of the {reader} schema does not",
    example=Example(
        old='{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}',
        new='{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}',
        facts={"field": "email"},
        old_reserved="email,phone",
        new_reserved="phone",
    ),
)

RESERVED_FIELD_USED: Final = Rule(
    id="RESERVED_FIELD_USED",
    error_type="FIELD_CONFLICTS_WITH_RESERVED_FIELD",
    purpose="No field has a name that is reserved.",
    remedy="Give the field another name.",
    message="{reader} has a field `{field}`, and its metadata reserves that name",
    why=(
        "A name is reserved because records with a field of that name, of another meaning, may still be around, or "
        "applications that know it: they would take the new field for the one that they know."
    ),
    description="the {reader} schema has a field {field}, and its metadata reserves that name",
    example=Example(
        old='{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}]}',
        new=(
            '{"type": "record", "name": "Order", "fields": [{"name": "id", "type": "string"}, '
            '{"name": "email", "type": "string", "default": ""}]}'
        ),
        facts={"field": "email"},
        old_reserved="email",
        new_reserved="email",
    ),
)
