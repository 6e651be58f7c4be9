"""The page of a rule: what it means, an example with its bytes, who breaks, what to do, what lets it through."""

from collections.abc import Iterator
from typing import Final

from accord.findings import Severity
from accord.schemas.comparison import NEW
from accord.schemas.metadata import RESERVED_PROPERTY
from accord.schemas.model import CompatibilityPolicy, SchemaType
from accord.schemas.pages import Block, Code, Page, Paragraph, Points, Quote, Section, Table
from accord.schemas.rules import Example, Rule, Wire
from accord.schemas.shared_rules import RESERVED_FIELD_REMOVED, RESERVED_FIELD_USED, SHARED_RULES

_OLD: Final = "version 1"
_FORCE: Final = "`POST /subjects/{subject}/versions?force=true`"
_LET_THROUGH: Final = (
    f"Register it with {_FORCE}: that one registration is not compared. The next version is compared with it.",
    (
        "Give the subject another compatibility level, for as long as it takes: every check of the subject is then made at "
        "that level."
    ),
    (
        "Begin a new major line in the same subject: with `compatibilityGroup` in its configuration, versions are compared "
        "only with those that have the same value for that metadata property."
    ),
    "Use another subject, and with it another topic: nothing there is compared with what is here.",
)
_HONEST: Final = "None of these makes a record readable. They let the schema in; the readers named above still meet the records."
_RESERVED: Final = (
    f"Register it with {_FORCE}: that one registration is not checked.",
    "Set `validateFields` to false for the subject: reserved names are then not looked at.",
)
_WARNING: Final = (
    "Nothing is refused: a warning leaves the verdict as it is. Only a strict check (`accord serve --strict`) counts it "
    f"as an error; there, register with {_FORCE} to let it through."
)
_INFO: Final = (
    "Nothing is refused: this is told for information, and no check counts it, a strict one neither."
)
_HEADER: Final = "stand in front: a zero byte and the id of the schema"
_IN_FRONT: Final = {
    SchemaType.AVRO: f"five more {_HEADER}",
    SchemaType.JSON: f"five bytes {_HEADER}",
    SchemaType.PROTOBUF: f"five more {_HEADER}; then the place of the message in the file, a zero byte for the first",
}
_LANGUAGES: Final = {SchemaType.AVRO: "json", SchemaType.JSON: "json", SchemaType.PROTOBUF: "protobuf"}
_VERDICTS: Final = {
    Severity.ERROR: "is refused",
    Severity.WARNING: "is warned of",
    Severity.INFO: "is remarked on",
}


def rule_page(rule: Rule) -> Page:
    """The page of ``rule``."""
    return Page(
        rule.id,
        rule.purpose,
        (
            Section("Example", tuple(_example(rule))),
            Section("What it means", tuple(_meaning(rule))),
            Section("On the wire", tuple(_wire(rule))),
            Section("Who breaks", (Paragraph(rule.who),)),
            Section("What to do", tuple(_remedies(rule))),
            Section("What lets it through", tuple(_ways_through(rule))),
        ),
    )


def message_of_example(rule: Rule) -> str:
    """What a check says of the example."""
    return rule.message.format(**_words(rule))


def _words(rule: Rule) -> dict[str, str]:
    reader, writer = (NEW, _OLD) if rule.example.level.new_reads_old else (_OLD, NEW)
    return {"reader": reader, "writer": writer, **rule.example.facts}


def _example(rule: Rule) -> Iterator[Block]:
    example = rule.example
    verdict = _VERDICTS[rule.severity]
    yield Paragraph(f"Version 1{_reserving(example.old_reserved)}:")
    yield Code(example.old, _LANGUAGES[example.type])
    yield Paragraph(
        f"The new schema{_reserving(example.new_reserved)}, which {verdict} ({_setting(example)}):"
    )
    yield Code(example.new, _LANGUAGES[example.type])
    yield Quote(message_of_example(rule))


def _reserving(names: str) -> str:
    return f', whose metadata says `"{RESERVED_PROPERTY}": "{names}"`' if names else ""


def _setting(example: Example) -> str:
    level = f"compatibility {example.level}"
    if example.policy is not CompatibilityPolicy.STRICT:
        level = f"{level}, compatibilityPolicy {example.policy}"
    return f"{level}, validateFields true" if example.new_reserved else level


def _meaning(rule: Rule) -> Iterator[Block]:
    yield Paragraph(rule.why.format(**_words(rule)))
    if rule.error_types:
        names = ", ".join(f"`{name}`" for name in rule.error_types)
        yield Paragraph(f"Confluent's registry calls it {names}.")


def _wire(rule: Rule) -> Iterator[Block]:
    wire = rule.wire
    writer = NEW if wire.candidate_writes else _OLD
    if wire.pieces:
        yield Paragraph(
            f"With {writer}, `{wire.value}`{_named(wire)} is written as these bytes (on a topic {_IN_FRONT[rule.example.type]}):"
        )
        yield Table(
            ("bytes", "what they are"), tuple((f"`{piece}`", meaning) for piece, meaning in wire.pieces)
        )
    else:
        yield Paragraph(
            f"With {writer}, `{wire.value}` is valid, and written as this very text (on a topic "
            f"{_IN_FRONT[rule.example.type]})."
        )
    yield Paragraph(wire.outcome)


def _named(wire: Wire) -> str:
    return f" of the message `{wire.message}`" if wire.message else ""


def _remedies(rule: Rule) -> Iterator[Block]:
    yield Paragraph(rule.remedy)
    if rule.ways:
        yield Points(rule.ways)
    if rule.severity is Severity.ERROR and rule not in SHARED_RULES:
        yield Paragraph(
            "A check also offers changes to the very schema, each of which it has made and checked again before it "
            "shows them."
        )


def _ways_through(rule: Rule) -> Iterator[Block]:
    if rule.severity is not Severity.ERROR:
        yield Paragraph(_WARNING if rule.severity is Severity.WARNING else _INFO)
        return
    reserved = rule is RESERVED_FIELD_REMOVED or rule is RESERVED_FIELD_USED
    yield Points(_RESERVED if reserved else _LET_THROUGH)
    yield Paragraph(_HONEST)
