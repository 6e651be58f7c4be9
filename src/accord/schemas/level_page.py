"""The pages of the compatibility levels: one of each, and one of all with what they have in common."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from accord.schemas.avro.changes import CHANGES as AVRO_CHANGES
from accord.schemas.changes import Change
from accord.schemas.deploy_order import DeployOrder
from accord.schemas.jsonschema.changes import CHANGES as JSON_CHANGES
from accord.schemas.levels import GUIDES, TRAP, Guide
from accord.schemas.model import CompatibilityLevel
from accord.schemas.pages import Block, Code, Page, Paragraph, Points, Section, Table
from accord.schemas.protobuf.changes import CHANGES as PROTOBUF_CHANGES

_CHANGES: Final[Mapping[str, Sequence[Change]]] = {
    "Avro": AVRO_CHANGES,
    "JSON Schema": JSON_CHANGES,
    "Protobuf": PROTOBUF_CHANGES,
}
"""The changes of each format, by its name."""

_ORDERS: Final = {
    DeployOrder.EITHER_ORDER: "Each schema reads what the other writes: producers and consumers go in any order.",
    DeployOrder.CONSUMERS_FIRST: "The new schema reads old records, and the old one does not read new ones.",
    DeployOrder.PRODUCERS_FIRST: (
        "The old schema reads new records, and the new one does not read old ones: these have to expire, or be "
        "rewritten, before a new consumer meets them."
    ),
    DeployOrder.NO_SAFE_ORDER: (
        "Neither reads what the other writes: the new schema needs a topic of its own, or a new compatibility group in "
        "the subject, and a while in which both are written."
    ),
    DeployOrder.FIRST_VERSION: "There is no earlier version, so nobody has to wait.",
}
_NEW_READS_OLD: Final = frozenset({DeployOrder.EITHER_ORDER, DeployOrder.CONSUMERS_FIRST})
_OLD_READS_NEW: Final = frozenset({DeployOrder.EITHER_ORDER, DeployOrder.PRODUCERS_FIRST})


def level_page(level: CompatibilityLevel) -> Page:
    """The page of one level."""
    guide = GUIDES[level]
    sections = [
        Section("What it asks", tuple(_asked(guide))),
        Section("Beware", (Paragraph(guide.beware),)),
        *(section for name in _CHANGES for section in _sorted_out(name, level)),
    ]
    if level in {TRAP.passes, TRAP.refuses}:
        sections.append(Section("The trap", tuple(_trap())))
    return Page(level.value, guide.reads, sections)


def levels_page() -> Page:
    """The page of all levels."""
    return Page(
        "Compatibility levels",
        "A level says who must be able to read whose records when a subject gets a new version, and with which versions "
        "that is checked. A subject without a level of its own takes the one that is set above it; where none is set, "
        "it is BACKWARD.",
        (
            Section("At a glance", (_overview(),)),
            Section("The newest version, or every one", tuple(_newest_or_every())),
            Section(
                "What each level leaves open", (Points([_left_open(guide) for guide in GUIDES.values()]),)
            ),
            Section("Who may be upgraded first", tuple(_deployment())),
            *(Section(f"Changes in {name}", tuple(_changes(name))) for name in _CHANGES),
        ),
    )


def is_allowed(change: Change, level: CompatibilityLevel) -> bool:
    """Whether ``level`` lets the change in, compared with the version before it."""
    if level.new_reads_old and change.order not in _NEW_READS_OLD:
        return False
    return not level.old_reads_new or change.order in _OLD_READS_NEW


def _sorted_out(name: str, level: CompatibilityLevel) -> Iterator[Section]:
    """What ``level`` makes of the changes of one format."""
    changes = _CHANGES[name]
    yield Section(
        f"Allowed in {name}", (Points([change.what for change in changes if is_allowed(change, level)]),)
    )
    refused = [change.what for change in changes if not is_allowed(change, level)]
    if refused:
        yield Section(f"Refused in {name}", (Points(refused),))


def _asked(guide: Guide) -> Iterator[Block]:
    yield Table(("question", "answer"), (("Compared with", guide.compared), ("Upgraded first", guide.first)))


def _overview() -> Table:
    return Table(
        ("level", "who reads whose records", "compared with", "upgraded first"),
        tuple((guide.level.value, guide.reads, guide.compared, guide.first) for guide in GUIDES.values()),
    )


def _newest_or_every() -> Iterator[Block]:
    yield Paragraph(
        "BACKWARD, FORWARD and FULL compare with the newest version only. BACKWARD_TRANSITIVE, FORWARD_TRANSITIVE and "
        "FULL_TRANSITIVE compare with every one. The difference shows after two steps, each of which is fine:"
    )
    yield from _trap()


def _trap() -> Iterator[Block]:
    for words, text in TRAP.versions:
        yield Paragraph(words)
        yield Code(text)
    yield Paragraph(TRAP.outcome)


def _left_open(guide: Guide) -> str:
    return f"**{guide.level}**: {guide.beware}"


def _deployment() -> Iterator[Block]:
    yield Paragraph(
        "Every verdict comes with advice on the order of deployment. It is worked out from what the new schema and the "
        "newest version before it really read of each other, whatever the level of the subject asks for:"
    )
    yield Points([f"`{order}`: {words}" for order, words in _ORDERS.items()])
    yield Paragraph(
        "Only the newest version is looked at. A topic may hold records of older ones, and a consumer may be several "
        "versions behind: the transitive levels are there for those."
    )


def _changes(name: str) -> Iterator[Block]:
    yield Paragraph(
        "What the levels make of a change (with their transitive forms), and what order it asks for:"
    )
    levels = CompatibilityLevel.BACKWARD, CompatibilityLevel.FORWARD, CompatibilityLevel.FULL
    yield Table(
        ("change", *(level.value for level in levels), "order", "beware"),
        tuple(
            (
                change.what,
                *("yes" if is_allowed(change, level) else "no" for level in levels),
                f"`{change.order}`",
                change.beware,
            )
            for change in _CHANGES[name]
        ),
    )
